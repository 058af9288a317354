//! Pledges and their lines as rows, requests and answers.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::progress::PledgeProgress;
use crate::domain::{
    CompanyId, Document, Line, Note, PledgeId, PledgeLineId, Quantity, Rupiah, Text, TransferId, VillageCode, text_enum,
};
use crate::http::{ByCreation, Whole, present};
use crate::needs::AidField;
use crate::schema::{pledge_lines, pledges};

text_enum! {
    /// Where a pledge stands.
    PledgeStatus {
        /// Being written by the company.
        Draft "draft",
        /// Waiting for two officers.
        Submitted "submitted",
        /// Accepted: it counts, and is received, allocated and delivered.
        Committed "committed",
        /// The rest was called off or given up.
        Closing "closing",
        /// Nothing is left to do.
        Closed "closed",
        /// Turned down.
        Rejected "rejected",
        /// Taken back by the company.
        Withdrawn "withdrawn",
    }
}

text_enum! {
    /// How a unit value was found. Source: PP 93/2010, art. 6.
    ValuationBasis {
        /// What it cost to acquire, where it is not depreciated.
        AcquisitionValue "acquisition_value",
        /// Fiscal book value, where it is depreciated.
        FiscalBookValue "fiscal_book_value",
        /// Cost of goods sold, for what the company makes itself.
        CostOfGoodsSold "cost_of_goods_sold",
    }
}

/// A pledge as the database has it.
#[derive(Debug, Clone, HasQuery, Insertable, AsChangeset)]
#[diesel(table_name = pledges, treat_none_as_default_value = false, treat_none_as_null = true)]
pub(super) struct PledgeRow {
    pub(super) id: PledgeId,
    pub(super) company_id: CompanyId,
    pub(super) area_id: i32,
    pub(super) title: Line,
    pub(super) year: i16,
    pub(super) status: PledgeStatus,
    pub(super) agreement_number: Option<Text<80>>,
    pub(super) submitted_at: Option<DateTime<Utc>>,
    pub(super) first_accepted_by: Option<String>,
    pub(super) accepted_by: Option<String>,
    pub(super) accepted_at: Option<DateTime<Utc>>,
    pub(super) decision_reason: Option<Note>,
    pub(super) version: i32,
    pub(super) created_at: DateTime<Utc>,
    pub(super) updated_at: DateTime<Utc>,
}

/// What is promised: a kind, a quantity and the villages it is for.
#[derive(Debug, Clone, Serialize, ToSchema, HasQuery, Insertable)]
#[diesel(table_name = pledge_lines)]
pub(super) struct PledgeLine {
    /// Id of the line
    pub id: PledgeLineId,
    /// Pledge it belongs to
    pub pledge_id: PledgeId,
    /// Kind of help
    #[schema(example = "hand_tractor")]
    pub kind: Text<40>,
    /// How much
    pub quantity: Quantity,
    /// Unit that is counted
    #[schema(example = "unit", max_length = 20)]
    pub unit: String,
    /// Value of one unit
    pub unit_value_rupiah: Rupiah,
    /// How the value was found
    pub valuation_basis: ValuationBasis,
    /// Villages whose families may get it
    #[schema(min_items = 1, max_items = 300)]
    pub village_codes: Vec<VillageCode>,
    /// Days by which parts of it are due; none where all of it is due by the end of the year
    #[schema(value_type = Vec<Installment>, max_items = 24)]
    pub installments: Document<Vec<Installment>>,
    /// How it came to be
    pub origin: LineOrigin,
    /// Line that the surplus was received for, or that the stock came from
    pub source_line_id: Option<PledgeLineId>,
    /// Field (bidang) of the regional law that it counts for
    pub field: AidField,
}

/// A part of a line that is due by a day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Installment {
    /// Last day that it is in time
    #[schema(example = "2026-12-15")]
    pub due_on: NaiveDate,
    /// How much
    pub quantity: Quantity,
}

text_enum! {
    /// How a line came to be.
    LineOrigin {
        /// It was in what two officers accepted.
        Pledged "pledged",
        /// An amendment added it.
        Amended "amended",
        /// More was given than was outstanding.
        Surplus "surplus",
        /// Free stock of another line got this earmark.
        Reallocated "reallocated",
    }
}

/// A promise of one company to one sub-district for one year.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(super) struct Pledge {
    /// Id of the pledge
    pub id: PledgeId,
    /// Company that promises
    pub company_id: CompanyId,
    /// What it is about
    #[schema(example = "Alat dan pelatihan 2026")]
    pub title: Line,
    /// Year it is for
    #[schema(minimum = 2020, maximum = 2100)]
    pub year: i16,
    /// Where it stands
    pub status: PledgeStatus,
    /// Number of the agreement
    pub agreement_number: Option<Text<80>>,
    /// When the company submitted it
    pub submitted_at: Option<DateTime<Utc>>,
    /// Client of the officer who accepted it first
    #[schema(max_length = 63)]
    pub first_accepted_by: Option<String>,
    /// Client of the second officer, who committed it
    #[schema(max_length = 63)]
    pub accepted_by: Option<String>,
    /// When it was committed
    pub accepted_at: Option<DateTime<Utc>>,
    /// Why it was returned, rejected or withdrawn
    pub decision_reason: Option<Note>,
    /// What is promised
    #[schema(min_items = 1, max_items = 200)]
    pub lines: Vec<PledgeLine>,
    /// Transfers that this command posted; only in the answer of the acceptance that committed the pledge
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false, max_items = 50)]
    pub transfer_ids: Vec<TransferId>,
    /// How far it is; in lists and in the answer about one pledge, not in those of commands
    #[serde(skip_serializing_if = "Option::is_none")]
    pub progress: Option<PledgeProgress>,
    /// Grows with each change; the `ETag` of a draft, to change it by
    #[schema(minimum = 1, maximum = 2_147_483_647)]
    pub version: i32,
    /// When it was drafted
    pub created_at: DateTime<Utc>,
    /// When it last changed
    pub updated_at: DateTime<Utc>,
}

impl Pledge {
    /// A pledge of its row and its lines.
    pub(super) fn of(row: PledgeRow, lines: Vec<PledgeLine>) -> Self {
        Self {
            id: row.id,
            company_id: row.company_id,
            title: row.title,
            year: row.year,
            status: row.status,
            agreement_number: row.agreement_number,
            submitted_at: row.submitted_at,
            first_accepted_by: row.first_accepted_by,
            accepted_by: row.accepted_by,
            accepted_at: row.accepted_at,
            decision_reason: row.decision_reason,
            lines,
            transfer_ids: Vec::new(),
            progress: None,
            version: row.version,
            created_at: row.created_at,
            updated_at: row.updated_at,
        }
    }
}

/// A pledge to draft.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "title": "Alat dan pelatihan 2026", "year": 2026, "lines": [
        { "kind": "hand_tractor", "quantity": "200", "unit_value_rupiah": 18_500_000,
          "valuation_basis": "acquisition_value", "village_codes": ["64.02.10.2003", "64.02.10.2005"] },
        { "kind": "training_seat", "quantity": "40", "unit_value_rupiah": 2_500_000,
          "valuation_basis": "cost_of_goods_sold", "village_codes": ["64.02.10.2003", "64.02.10.2005"] }
    ]
}))]
pub(super) struct NewPledge {
    /// What it is about
    pub title: Line,
    /// Year it is for
    #[schema(minimum = 2020, maximum = 2100)]
    pub year: i16,
    /// Number of the agreement, where there is one
    pub agreement_number: Option<Text<80>>,
    /// What is promised, all for villages of one sub-district
    #[schema(min_items = 1, max_items = 50)]
    pub lines: Vec<NewLine>,
}

/// A line to promise.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewLine {
    /// Code of the kind; see `/v1/need-kinds`
    #[schema(example = "hand_tractor")]
    pub kind: Text<40>,
    /// How much
    pub quantity: Quantity,
    /// Value of one unit, at most a million million
    pub unit_value_rupiah: Rupiah,
    /// How the value was found
    pub valuation_basis: ValuationBasis,
    /// Villages whose families may get it
    #[schema(min_items = 1, max_items = 300)]
    pub village_codes: Vec<VillageCode>,
    /// Days by which parts of it are due, in their order; they add up to the quantity
    #[serde(default)]
    #[schema(max_items = 24)]
    pub installments: Vec<Installment>,
    /// Field (bidang) that it counts for; that of the kind where it is not said
    #[serde(default)]
    pub field: Option<AidField>,
}

/// What to change of a draft; lines are replaced as a whole.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "title": "Alat dan pelatihan 2026, diperluas" }))]
pub(super) struct PledgeChanges {
    /// What it is about
    pub title: Option<Line>,
    /// Year it is for
    #[schema(minimum = 2020, maximum = 2100)]
    pub year: Option<i16>,
    /// Number of the agreement; `null` clears it
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<Text<80>>)]
    #[expect(clippy::option_option, reason = "absent leaves it, null clears it")]
    pub agreement_number: Option<Option<Text<80>>>,
    /// What is promised, instead of all lines so far
    #[schema(min_items = 1, max_items = 50)]
    pub lines: Option<Vec<NewLine>>,
}

/// A submission; nothing more is to be said.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({}))]
pub(super) struct Submission {}

/// An acceptance by one of two officers.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "agreement_number": "PKS/045/2026" }))]
pub(super) struct Acceptance {
    /// Number of the agreement, where it is known by now
    pub(super) agreement_number: Option<Text<80>>,
}

/// Why a pledge is returned, rejected or withdrawn.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "reason": "Desa tujuan perlu ditinjau bersama" }))]
pub(super) struct Reasoned {
    /// Reason, which the company can read
    pub(super) reason: Note,
}

/// Which pledges.
#[derive(Debug, Deserialize, Serialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct PledgeFilter {
    /// Pledges that stand so
    #[param(inline)]
    pub(super) status: Option<PledgeStatus>,
    /// Pledges for this year
    #[param(inline)]
    pub(super) year: Option<Whole<2020, 2100>>,
    /// Pledges of this company
    #[param(inline)]
    pub(super) company_id: Option<CompanyId>,
    /// Pledges of which something was due by yesterday and is still to come, or the others
    pub(super) is_overdue: Option<bool>,
    /// In which order
    #[param(inline, default = "created_at")]
    pub(super) sort: Option<ByCreation>,
}
