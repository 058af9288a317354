//! Runs, their lines and families as rows, requests and answers.

mod looked;

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

pub(super) use self::looked::{FreeLine, OpenNeed};
use crate::domain::{
    BeneficiaryId, CompanyId, Digest, DistrictCode, Document, MatchingRunId, NeedId, PledgeId, PledgeLineId, ProgramId,
    Quantity, Text, TransferId, VillageCode, text_enum,
};
use crate::http::{ByCreation, ByFamily, ByPledgeLine};
use crate::pledges::caps::Round;
use crate::schema::{matching_run_families, matching_run_lines, matching_runs};

text_enum! {
    /// How far a run is.
    MatchingStatus {
        /// It tells what it would do; nothing is reserved.
        Previewed "previewed",
        /// What it told is reserved.
        Committed "committed",
    }
}

text_enum! {
    /// What decides who goes first.
    MatchingCriterion {
        /// The poorest decile first, families without one last.
        Decile "decile",
        /// Who waited longest since the last aid first; twelve months and more count the same.
        MonthsSinceAid "months_since_aid",
    }
}

text_enum! {
    /// Why a family got no more.
    MatchingVerdict {
        /// It got all it needs, as far as the kinds of the run go.
        Satisfied "satisfied",
        /// It got the last of a line, less than it lacks.
        GotRest "got_rest",
        /// It has all the portions of the round of aid, here or elsewhere.
        CapReached "cap_reached",
        /// No line has anything of what it needs for its village.
        NoLine "no_line",
        /// Those who hold what it could get go before it; `refusal` is the proof.
        Outranked "outranked",
        /// Nobody had verified it.
        NotVerified "not_verified",
        /// It had no open need of the kinds of the run.
        NoNeed "no_need",
    }
}

/// What one family gets of a kind at a turn.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Portion {
    /// Kind of help
    #[schema(example = "rice")]
    pub(super) kind: Text<40>,
    /// How much at most; a family that lacks less gets what it lacks
    pub(super) quantity: Quantity,
}

/// The rules of a run, as they are kept with it.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub(in crate::pledges) struct MatchingPolicy {
    /// Most portions of a family in the round of aid, across companies and programs
    #[schema(minimum = 1, maximum = 20)]
    pub(super) cap: u32,
    /// Day the round of aid began, the first of a quarter: what a family got since then, or is to get, counts
    pub(super) round_started_on: NaiveDate,
    /// Whether everybody has a turn before anybody has another one
    pub(super) is_turn_by_turn: bool,
    /// What decides who goes first, the first of them most; between equals the lot does
    #[schema(max_items = 2)]
    pub(super) criteria: Vec<MatchingCriterion>,
    /// Portion of each kind of the run
    #[schema(max_items = 200)]
    pub(super) portions: Vec<Portion>,
    /// Programs that count, each as one portion; null for all
    #[schema(max_items = 100)]
    pub(super) program_ids: Option<Vec<ProgramId>>,
    /// Seed of the lots, the sub-district and the first day of the quarter in which the run was previewed: nobody
    /// chooses it. The key of a family is the first sixteen bytes of `sha256(the sixteen bytes of its id)`, its lot the
    /// first four bytes of `sha256(seed || key)`, the lower first
    #[schema(max_length = 40, example = "64.02.10/2026-01-01")]
    pub(super) seed: String,
}

impl MatchingPolicy {
    /// Kinds that the run is about.
    pub(super) fn kinds(&self) -> Vec<&str> {
        self.portions.iter().map(|portion| portion.kind.as_str()).collect()
    }

    /// The round of aid that it is of.
    pub(super) fn round(&self) -> Round {
        Round {
            cap: self.cap,
            started_on: self.round_started_on,
            kinds: self.portions.iter().map(|portion| portion.kind.clone()).collect(),
            portions: self.portions.iter().map(|portion| portion.quantity.clone()).collect(),
            program_ids: self.program_ids.clone(),
        }
    }

    /// The order in which families are served, in words.
    pub(in crate::pledges) fn order(&self) -> String {
        let turns = if self.is_turn_by_turn { "everybody once before anybody again" } else { "no turns" };
        let criteria = self.criteria.iter().map(|criterion| match criterion {
            MatchingCriterion::Decile => "decile ascending, none last",
            MatchingCriterion::MonthsSinceAid => "months since the last aid descending, twelve at most",
        });
        let lot = format!("lots by sha256(seed || first 16 bytes of sha256(family id)), seed {}", self.seed);
        let cap = format!("at most {} portions a family since {}", self.cap, self.round_started_on);
        std::iter::once(turns).chain(criteria).chain([lot.as_str(), cap.as_str()]).collect::<Vec<_>>().join("; ")
    }
}

/// The rules to run by.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewMatchingPolicy {
    /// Most portions of a family in the round of aid, across companies and programs
    #[schema(minimum = 1, maximum = 20)]
    pub(super) cap: u32,
    /// Day the round of aid began: the first of January, April, July or October
    pub(super) round_started_on: NaiveDate,
    /// Whether everybody has a turn before anybody has another one
    #[serde(default = "yes")]
    #[schema(default = true)]
    pub(super) is_turn_by_turn: bool,
    /// What decides who goes first; decile, then months since aid where it is left out
    #[schema(min_items = 1, max_items = 2)]
    pub(super) criteria: Option<Vec<MatchingCriterion>>,
    /// Portions that differ from the usual: one unit of equipment, training and services, of goods and money the most
    /// that a family can need
    #[serde(default)]
    #[schema(max_items = 200)]
    pub(super) portions: Vec<Portion>,
    /// Programs that count, each as one portion, with what they delivered since or still owe of periods since; all of
    /// them where it is left out
    #[schema(max_items = 100)]
    pub(super) program_ids: Option<Vec<ProgramId>>,
}

fn yes() -> bool {
    true
}

/// A run to preview.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "kinds": ["hand_tractor"], "policy": { "cap": 2, "round_started_on": "2026-01-01" }
}))]
pub(super) struct NewMatchingRun {
    /// Sub-district, where you act in several
    pub(super) district_code: Option<DistrictCode>,
    /// Kinds to match; all of them where it is left out
    #[schema(min_items = 1, max_items = 200)]
    pub(super) kinds: Option<Vec<Text<40>>>,
    /// Rules to run by
    pub(super) policy: NewMatchingPolicy,
}

/// A commitment.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({}))]
pub(super) struct MatchingCommitment {
    /// Last day that it is kept for the families, at most a year ahead; ninety days where it is not said
    pub(super) expires_on: Option<NaiveDate>,
}

/// A run that matches what is free with who needs it.
#[derive(Debug, Clone, Serialize, ToSchema, HasQuery)]
#[diesel(table_name = matching_runs)]
pub(super) struct MatchingRun {
    /// Id of the run
    pub(super) id: MatchingRunId,
    /// Sub-district; not shown.
    #[serde(skip)]
    pub(super) area_id: i32,
    /// How far it is
    pub(super) status: MatchingStatus,
    /// Rules it went by
    #[schema(value_type = MatchingPolicy)]
    pub(super) policy: Document<MatchingPolicy>,
    /// SHA-256 of all that it looked at; it can be committed while that is the same
    pub(super) input_digest: Digest,
    /// Lines with something free
    #[schema(minimum = 0, maximum = 2_147_483_647)]
    pub(super) line_count: i32,
    /// Verified families with an open need of the kinds
    #[schema(minimum = 0, maximum = 2_147_483_647)]
    pub(super) family_count: i32,
    /// Of them, those that get something
    #[schema(minimum = 0, maximum = 2_147_483_647)]
    pub(super) served_family_count: i32,
    /// Portions that they get
    #[schema(minimum = 0, maximum = 2_147_483_647)]
    pub(super) portion_count: i32,
    /// Client that previewed it
    #[schema(max_length = 63)]
    pub(super) created_by: String,
    /// When it looked
    pub(super) created_at: DateTime<Utc>,
    /// Client that committed it
    #[schema(max_length = 63)]
    pub(super) committed_by: Option<String>,
    /// When it was committed
    pub(super) committed_at: Option<DateTime<Utc>>,
}

/// What a run takes of one line, or would take; never for whom.
#[derive(Debug, Clone, Serialize, ToSchema, HasQuery, Insertable)]
#[diesel(table_name = matching_run_lines)]
pub(super) struct MatchingRunLine {
    /// Run
    pub(super) run_id: MatchingRunId,
    /// Line
    pub(super) pledge_line_id: PledgeLineId,
    /// Sub-district; not shown.
    #[serde(skip)]
    pub(super) area_id: i32,
    /// Pledge of the line
    pub(super) pledge_id: PledgeId,
    /// Company that gives it
    pub(super) company_id: CompanyId,
    /// Kind of help
    #[schema(example = "hand_tractor")]
    pub(super) kind: Text<40>,
    /// Unit that is counted
    #[schema(example = "unit", max_length = 20)]
    pub(super) unit: String,
    /// What one family gets at a turn at most
    pub(super) portion: Quantity,
    /// What was free when the run looked
    pub(super) free_quantity: Quantity,
    /// What the run reserves of it
    pub(super) allocated_quantity: Quantity,
    /// Transfer that reserves it, once the run is committed and where it is more than nothing
    pub(super) transfer_id: TransferId,
}

/// What a family gets of a line.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub(super) struct MatchingGrant {
    /// Line; its earmark holds the village
    pub(super) pledge_line_id: PledgeLineId,
    /// Need
    pub(super) need_id: NeedId,
    /// Kind of help
    #[schema(example = "hand_tractor")]
    pub(super) kind: Text<40>,
    /// How much
    pub(super) quantity: Quantity,
}

/// Aid that counts to the cap.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub(super) struct MatchingAid {
    /// Program that gave it or owes it
    pub(super) program_id: Option<ProgramId>,
    /// Pledge that it is of
    pub(super) pledge_id: Option<PledgeId>,
    /// Portions that it is
    #[schema(minimum = 1, maximum = 2_147_483_647)]
    pub(super) portions: i32,
    /// Last day of it: handed over or due by a program, reserved of a pledge
    pub(super) last_on: NaiveDate,
}

/// A turn in the order of a run.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
pub(super) struct MatchingTurn {
    /// Turn, 1 first; portions that the family had elsewhere count
    #[schema(minimum = 1, maximum = 2_147_483_647)]
    pub(super) turn: u32,
    /// Place in the order of families, 1 first
    #[schema(minimum = 1, maximum = 2_147_483_647)]
    pub(super) place: u32,
}

/// The proof that a family is outranked: a closed set of lines, all used up, by those alone who go before it.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub(super) struct MatchingRefusal {
    /// Turn that was refused
    pub(super) own: MatchingTurn,
    /// Latest turn that holds what the family could get; it goes before its own
    pub(super) cut_off: MatchingTurn,
    /// Kind that came nearest
    #[schema(example = "hand_tractor")]
    pub(super) kind: Text<40>,
    /// Lines of the closed set, all used up
    #[schema(minimum = 0, maximum = 2_147_483_647)]
    pub(super) line_count: u32,
    /// Kinds by village in it
    #[schema(minimum = 0, maximum = 2_147_483_647)]
    pub(super) class_count: u32,
    /// Portions they hold
    #[schema(minimum = 0, maximum = 2_147_483_647)]
    pub(super) portion_count: u32,
    /// So many more portions of the kind for the village are enough for it, whoever else waits; null for a family that
    /// gets something already
    #[schema(minimum = 1, maximum = 2_147_483_647)]
    pub(super) portions_enough: Option<u32>,
    /// A line with enough left, were it for the village too
    pub(super) wider_pledge_line_id: Option<PledgeLineId>,
}

/// What a run does for one family, and why no more.
#[derive(Debug, Clone, Serialize, ToSchema, HasQuery, Insertable)]
#[diesel(table_name = matching_run_families, treat_none_as_default_value = false)]
pub(super) struct MatchingRunFamily {
    /// Run
    pub(super) run_id: MatchingRunId,
    /// Sub-district; not shown.
    #[serde(skip)]
    pub(super) area_id: i32,
    /// Family
    pub(super) beneficiary_id: BeneficiaryId,
    /// Village it lived in when the run looked
    pub(super) village_code: VillageCode,
    /// Why it got no more
    pub(super) verdict: MatchingVerdict,
    /// Place in the order of families, 1 first; null where it was not in the run
    #[schema(minimum = 1, maximum = 2_147_483_647)]
    pub(super) place: Option<i32>,
    /// Portions it gets
    #[schema(minimum = 0, maximum = 2_147_483_647)]
    pub(super) granted_portions: i32,
    /// Portions it had elsewhere in the round of aid
    #[schema(minimum = 0, maximum = 2_147_483_647)]
    pub(super) aided_portions: i32,
    /// What it gets of which lines
    #[schema(value_type = Vec<MatchingGrant>, max_items = 50)]
    pub(super) grants: Document<Vec<MatchingGrant>>,
    /// The proof, where it is outranked
    #[schema(value_type = Option<MatchingRefusal>)]
    pub(super) refusal: Option<Document<MatchingRefusal>>,
    /// Decile that its place is made of; null where none was known
    #[schema(minimum = 1, maximum = 10)]
    pub(super) decile: Option<i32>,
    /// Whole months since its last aid, twelve and more as twelve, that its place is made of
    #[schema(minimum = 0, maximum = 12)]
    pub(super) months_since_aid: Option<i32>,
    /// Lot that decides between families that stand alike, the lower first; null where it was not in the run
    #[schema(minimum = 0, maximum = 4_294_967_295_i64)]
    pub(super) lot: Option<i64>,
    /// Aid of the round of aid that it had elsewhere
    #[schema(value_type = Vec<MatchingAid>, max_items = 1_000)]
    pub(super) aids: Document<Vec<MatchingAid>>,
}

/// Which runs.
#[derive(Debug, Deserialize, Serialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct MatchingRunFilter {
    /// Runs that are so far
    #[param(inline)]
    pub(super) status: Option<MatchingStatus>,
    /// In which order
    #[param(inline, default = "created_at")]
    pub(super) sort: Option<ByCreation>,
}

/// Which lines of a run.
#[derive(Debug, Deserialize, Serialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct MatchingLineFilter {
    /// Lines of this pledge
    #[param(inline)]
    pub(super) pledge_id: Option<PledgeId>,
    /// In which order
    #[param(inline, default = "pledge_line_id")]
    pub(super) sort: Option<ByPledgeLine>,
}

/// Which families of a run.
#[derive(Debug, Deserialize, Serialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct MatchingFamilyFilter {
    /// Families with this verdict
    #[param(inline)]
    pub(super) verdict: Option<MatchingVerdict>,
    /// In which order
    #[param(inline, default = "beneficiary_id")]
    pub(super) sort: Option<ByFamily>,
}
