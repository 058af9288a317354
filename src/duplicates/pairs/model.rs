//! Pairs as rows, requests and answers.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::beneficiaries::{Beneficiary, FieldBits, Finding, Member};
use crate::domain::{BeneficiaryId, DuplicatePairId, DuplicateRunId, Line, MemberId, VillageCode, text_enum};
use crate::schema::{duplicate_decisions, duplicate_pairs};

text_enum! {
    /// Where a pair stands.
    PairStatus {
        /// Nobody has decided; both go on getting what they get.
        Open "open",
        /// They are one person.
        Same "same",
        /// They are two persons.
        Different "different",
        /// They were one person and are one record now.
        Merged "merged",
        /// A later run found them unlike before anybody decided.
        Cleared "cleared",
    }
}

text_enum! {
    /// What somebody decides.
    Decision {
        /// They are one person.
        Same "same",
        /// They are two persons.
        Different "different",
        /// Nobody can tell yet: the pair is open again.
        Undecided "undecided",
    }
}

text_enum! {
    /// Orders of the queue.
    ByBits {
        /// The least sure first.
        Up "bits",
        /// The surest first.
        Down "-bits",
    }
}

/// A pair as the database has it.
#[derive(Debug, Clone, HasQuery)]
#[diesel(table_name = duplicate_pairs)]
pub(super) struct PairRow {
    pub(super) area_id: i32,
    pub(super) id: DuplicatePairId,
    pub(super) one_member_id: MemberId,
    pub(super) other_member_id: MemberId,
    pub(super) one_beneficiary_id: BeneficiaryId,
    pub(super) other_beneficiary_id: BeneficiaryId,
    pub(super) finding: Finding,
    pub(super) is_found: bool,
    pub(super) centibits: i32,
    pub(super) fields: Value,
    pub(super) status: PairStatus,
    pub(super) run_id: DuplicateRunId,
    pub(super) decided_by: Option<String>,
    pub(super) decided_at: Option<DateTime<Utc>>,
    pub(super) decision_reason: Option<String>,
    pub(super) version: i32,
    pub(super) created_at: DateTime<Utc>,
    pub(super) updated_at: DateTime<Utc>,
}

/// Two members who may be one person.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(super) struct DuplicatePair {
    /// Id of the pair
    pub(super) id: DuplicatePairId,
    /// The member registered first
    pub(super) one_member_id: MemberId,
    /// The other one
    pub(super) other_member_id: MemberId,
    /// Family of the one when they were compared
    pub(super) one_beneficiary_id: BeneficiaryId,
    /// Family of the other
    pub(super) other_beneficiary_id: BeneficiaryId,
    /// What comparing them told last
    pub(super) finding: Finding,
    /// Whether the last run over both found them alike
    pub(super) is_found: bool,
    /// How sure it is: binary logarithm of the odds, 0 even, 10 a thousand to one
    #[schema(minimum = -1000, maximum = 1000, example = 12.5)]
    pub(super) bits: f64,
    /// What each field says for it, or against it
    #[schema(max_items = 16)]
    pub(super) fields: Vec<FieldBits>,
    /// Where it stands
    pub(super) status: PairStatus,
    /// Run that last found it, or found that it is alike no longer
    pub(super) run_id: DuplicateRunId,
    /// Client that decided
    #[schema(max_length = 63)]
    pub(super) decided_by: Option<String>,
    /// When
    pub(super) decided_at: Option<DateTime<Utc>>,
    /// Why
    #[schema(max_length = 200)]
    pub(super) decision_reason: Option<String>,
    /// Grows with each change; the `ETag`
    #[schema(minimum = 1, maximum = 2_147_483_647)]
    pub(super) version: i32,
    /// When it was found first
    pub(super) created_at: DateTime<Utc>,
    /// When it last changed
    pub(super) updated_at: DateTime<Utc>,
}

impl From<PairRow> for DuplicatePair {
    fn from(row: PairRow) -> Self {
        Self {
            id: row.id,
            one_member_id: row.one_member_id,
            other_member_id: row.other_member_id,
            one_beneficiary_id: row.one_beneficiary_id,
            other_beneficiary_id: row.other_beneficiary_id,
            finding: row.finding,
            is_found: row.is_found,
            bits: f64::from(row.centibits) / 100.0,
            fields: FieldBits::of_kept(row.fields),
            status: row.status,
            run_id: row.run_id,
            decided_by: row.decided_by,
            decided_at: row.decided_at,
            decision_reason: row.decision_reason,
            version: row.version,
            created_at: row.created_at,
            updated_at: row.updated_at,
        }
    }
}

/// A pair with both records beside each other, numbers masked.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(super) struct ComparedPair {
    /// The pair
    #[serde(flatten)]
    pub(super) pair: DuplicatePair,
    /// The one member, as it is now
    pub(super) one: Member,
    /// The other
    pub(super) other: Member,
    /// Family of the one, as it is now
    pub(super) one_family: Beneficiary,
    /// Family of the other
    pub(super) other_family: Beneficiary,
    /// What was decided so far, the last one last
    #[schema(max_items = 100)]
    pub(super) decisions: Vec<DecisionTaken>,
}

/// A decision that was taken.
#[derive(Debug, Clone, Serialize, ToSchema, HasQuery)]
#[diesel(table_name = duplicate_decisions)]
pub(super) struct DecisionTaken {
    /// What was decided
    pub(super) decision: Decision,
    /// Why
    #[schema(max_length = 200)]
    pub(super) reason: String,
    /// What comparing had told
    pub(super) finding: Finding,
    /// Client that decided
    #[schema(max_length = 63)]
    pub(super) client_id: String,
    /// When
    pub(super) created_at: DateTime<Utc>,
}

/// A decision to record.
#[derive(Debug, Insertable)]
#[diesel(table_name = duplicate_decisions)]
pub(super) struct DecisionRow {
    pub(super) area_id: i32,
    pub(super) id: Uuid,
    pub(super) pair_id: DuplicatePairId,
    pub(super) decision: Decision,
    pub(super) reason: String,
    pub(super) finding: Finding,
    pub(super) centibits: i32,
    pub(super) client_id: String,
    pub(super) created_at: DateTime<Utc>,
}

/// A decision to take.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "decision": "different", "reason": "Mother and daughter of one name, both met at home" }))]
pub(super) struct NewPairDecision {
    /// What you decide
    pub(super) decision: Decision,
    /// Why; no personal data
    pub(super) reason: Line,
}

/// Which pairs, in which order.
#[derive(Debug, Deserialize, Serialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct PairFilter {
    /// Pairs that stand so
    #[param(inline)]
    pub(super) status: Option<PairStatus>,
    /// Pairs that comparing told so
    #[param(inline)]
    pub(super) finding: Option<Finding>,
    /// Pairs of members of this family, of now or when they were compared
    #[param(inline)]
    pub(super) beneficiary_id: Option<BeneficiaryId>,
    /// Pairs with a member in this village now
    #[param(inline)]
    pub(super) village_code: Option<VillageCode>,
    /// Pairs that this run was the last to tell of
    #[param(inline)]
    pub(super) run_id: Option<DuplicateRunId>,
    /// In which order
    #[param(inline, default = "-bits")]
    pub(super) sort: Option<ByBits>,
}
