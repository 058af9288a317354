//! Orders and holds as rows, requests and answers.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Numeric, Text as SqlText, Uuid as SqlUuid};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::domain::{
    BeneficiaryId, CycleId, Digest, DistrictCode, EntitlementId, HoldId, Line, Note, OrderId, Period, ProgramId,
    Quantity, Text, VillageCode, text_enum,
};
use crate::http::{ByCreation, ById};
use crate::schema::{holds, suspension_orders};

text_enum! {
    /// Whether an order stops anything.
    OrderStatus {
        /// It does.
        InForce "in_force",
        /// No longer.
        Released "released",
    }
}

text_enum! {
    /// What becomes of what an order holds.
    Outcome {
        /// All of it may be delivered.
        Released "released",
        /// A part of each may be delivered, the rest is withdrawn.
        Reduced "reduced",
        /// None of it is delivered.
        Voided "voided",
    }
}

text_enum! {
    /// State of a hold.
    HoldStatus {
        /// Kept back.
        Held "held",
        /// Let go.
        Released "released",
        /// Let go in part.
        Reduced "reduced",
        /// Withdrawn.
        Voided "voided",
        /// Held on by other holds: a part of the entitlement passed to another family.
        Passed "passed",
    }
}

/// The directive that an order carries out.
#[derive(Debug, Clone, Serialize, ToSchema, Queryable, Selectable)]
#[diesel(table_name = suspension_orders)]
pub struct Directive {
    /// Title
    #[diesel(column_name = directive_title)]
    #[schema(max_length = 200)]
    pub title: String,
    /// Number
    #[diesel(column_name = directive_number)]
    #[schema(max_length = 80)]
    pub number: String,
    /// Article, where it is one
    #[diesel(column_name = directive_article)]
    #[schema(max_length = 40)]
    pub article: Option<String>,
    /// Date it bears
    #[diesel(column_name = directive_dated_on)]
    pub dated_on: NaiveDate,
    /// Where the document is found: its address or its number in the archive
    #[diesel(column_name = directive_document_reference)]
    #[schema(max_length = 300)]
    pub document_reference: Option<String>,
    /// SHA-256 of the document
    #[diesel(column_name = directive_document_digest)]
    pub document_digest: Option<Digest>,
}

/// The part of a program that an order stops in its sub-district.
#[derive(Debug, Clone, Serialize, ToSchema, Queryable, Selectable)]
#[diesel(table_name = suspension_orders)]
pub struct OrderScope {
    /// Villages where families lived when a list froze; empty for all
    #[schema(max_items = 300)]
    pub village_codes: Vec<VillageCode>,
    /// Cycles, of those that have a day in its dates; empty for all of them
    #[schema(max_items = 100)]
    pub cycle_ids: Vec<CycleId>,
    /// Component of the benefit; null for all that is due
    #[schema(max_length = 40, example = "pregnancy")]
    pub component: Option<String>,
}

/// An order as the database has it.
#[derive(Debug, Clone, Serialize, ToSchema, HasQuery)]
#[diesel(table_name = suspension_orders)]
pub struct SuspensionOrder {
    /// Id of the order
    pub id: OrderId,
    /// Sub-district it is laid in; not shown.
    #[serde(skip)]
    pub area_id: i32,
    /// Program it stops
    pub program_id: ProgramId,
    /// Whether it stops anything
    pub status: OrderStatus,
    /// Directive it carries out
    #[diesel(embed)]
    pub directive: Directive,
    /// What of the program it stops
    #[diesel(embed)]
    pub scope: OrderScope,
    /// Why
    #[schema(max_length = 2000)]
    pub reason: String,
    /// First day that it stops: cycles with a day in its dates are held
    pub effective_from: NaiveDate,
    /// Last such day; null while the directive names none
    pub effective_to: Option<NaiveDate>,
    /// Client that laid it
    #[schema(max_length = 64)]
    pub laid_by: String,
    /// What became of what it held; null while it is in force
    pub outcome: Option<Outcome>,
    /// Client that released it
    #[schema(max_length = 64)]
    pub released_by: Option<String>,
    /// When it was released
    pub released_at: Option<DateTime<Utc>>,
    /// Why it was released
    #[schema(max_length = 2000)]
    pub release_reason: Option<String>,
    /// Whether what it held for the time that it stopped is paid; null while it is in force, and where it was voided
    pub pays_arrears: Option<bool>,
    /// Without arrears: the day from which the program is paid again; what was held for earlier months lapsed
    pub resumes_on: Option<NaiveDate>,
    /// Grows with each change; the `ETag`
    #[schema(minimum = 1, maximum = 2_147_483_647)]
    pub version: i32,
    /// When it was laid
    pub created_at: DateTime<Utc>,
    /// When it last changed
    pub updated_at: DateTime<Utc>,
}

/// An order with the sums of its holds, in the unit of the program.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct OrderWithHolds {
    /// The order
    #[serde(flatten)]
    pub(super) order: SuspensionOrder,
    /// What it keeps or kept back
    pub(super) holds: HoldTotals,
}

/// Sums over the holds of an order: held + released + withdrawn = quantity.
#[derive(Debug, Serialize, ToSchema, QueryableByName)]
pub(super) struct HoldTotals {
    /// Entitlements that it reached
    #[diesel(sql_type = BigInt)]
    #[schema(minimum = 0, maximum = 9_007_199_254_740_991_i64)]
    pub(super) count: i64,
    /// What it kept back of them
    #[diesel(sql_type = Numeric)]
    pub(super) quantity: Quantity,
    /// Entitlements still held
    #[diesel(sql_type = BigInt)]
    #[schema(minimum = 0, maximum = 9_007_199_254_740_991_i64)]
    pub(super) held_count: i64,
    /// Still held
    #[diesel(sql_type = Numeric)]
    pub(super) held_quantity: Quantity,
    /// May be delivered again
    #[diesel(sql_type = Numeric)]
    pub(super) released_quantity: Quantity,
    /// Lapsed, reduced away or voided: never delivered
    #[diesel(sql_type = Numeric)]
    pub(super) withdrawn_quantity: Quantity,
    /// Of what is withdrawn, what lapsed because no arrears are paid
    #[diesel(sql_type = Numeric)]
    pub(super) lapsed_quantity: Quantity,
}

/// What is kept back of one entitlement; what comes to be held of it later is another hold.
#[derive(Debug, Serialize, ToSchema, HasQuery)]
#[diesel(table_name = holds)]
pub(super) struct Hold {
    /// Id of the hold
    pub(super) id: HoldId,
    /// Period of the entitlement
    pub(super) period: Period,
    /// The entitlement
    pub(super) entitlement_id: EntitlementId,
    /// Family it is due to
    pub(super) beneficiary_id: BeneficiaryId,
    /// What of it was due, not yet delivered and not yet held when the hold began
    pub(super) quantity: Quantity,
    /// State
    pub(super) status: HoldStatus,
    /// Of it, what may be delivered again
    pub(super) released_quantity: Quantity,
    /// Of it, what is never delivered
    pub(super) withdrawn_quantity: Quantity,
    /// Of what is withdrawn, what lapsed because no arrears are paid
    pub(super) lapsed_quantity: Quantity,
    /// Of it, what passed with the entitlement to the family that took the place: another hold holds it there, and another
    /// one the rest here
    pub(super) passed_quantity: Quantity,
    /// When it began
    pub(super) created_at: DateTime<Utc>,
    /// When it ended
    pub(super) ended_at: Option<DateTime<Utc>>,
}

/// The order that stops what is due, or a part of it.
#[derive(Debug, Clone, QueryableByName)]
pub struct InForce {
    /// Its id.
    #[diesel(sql_type = SqlUuid)]
    pub id: OrderId,
    /// Title of its directive.
    #[diesel(sql_type = SqlText)]
    pub directive_title: String,
    /// Number of its directive.
    #[diesel(sql_type = SqlText)]
    pub directive_number: String,
    /// Whether it stops all that is due, and not one component.
    #[diesel(sql_type = Bool)]
    pub is_whole: bool,
}

/// Where holds are looked for.
#[derive(Debug, Clone, Copy)]
pub enum Within {
    /// In all approved cycles of the program.
    Program,
    /// In one of them.
    Cycle(CycleId),
    /// At one entitlement.
    Entitlement(Period, EntitlementId),
}

/// A directive to cite.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewDirective {
    /// Title
    pub(super) title: Line,
    /// Number
    pub(super) number: Text<80>,
    /// Article, where it is one
    pub(super) article: Option<Text<40>>,
    /// Date it bears
    pub(super) dated_on: NaiveDate,
    /// Where the document is found: its address or its number in the archive
    #[schema(example = "https://jdih.example.go.id/pmk-81-2025.pdf")]
    pub(super) document_reference: Option<Text<300>>,
    /// SHA-256 of the document
    pub(super) document_digest: Option<Digest>,
}

/// The part of a program to stop.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewOrderScope {
    /// Villages where families lived when a list froze; all where left out or empty
    #[serde(default)]
    #[schema(max_items = 300)]
    pub(super) village_codes: Vec<VillageCode>,
    /// Cycles of the program, of those that have a day in the dates; all of them where left out or empty
    #[serde(default)]
    #[schema(max_items = 100)]
    pub(super) cycle_ids: Vec<CycleId>,
    /// Component of a benefit of the program: only what is due for it is held
    #[schema(example = "pregnancy")]
    pub(super) component: Option<Text<40>>,
}

/// An order to lay.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "directive": {
        "title": "Perubahan PMK 108/2024 tentang Dana Desa", "number": "PMK 81/2025", "article": "29B",
        "dated_on": "2025-11-19", "document_reference": "https://jdih.example.go.id/pmk-81-2025.pdf"
    },
    "scope": { "village_codes": ["64.02.10.2004"] },
    "reason": "Penyaluran tahap II menunggu arahan", "effective_from": "2026-01-01"
}))]
pub(super) struct NewOrder {
    /// Directive it carries out
    pub(super) directive: NewDirective,
    /// What of the program it stops; all of it where left out
    #[serde(default)]
    pub(super) scope: NewOrderScope,
    /// Why
    pub(super) reason: Note,
    /// First day that it stops: cycles with a day in its dates are held
    pub(super) effective_from: NaiveDate,
    /// Last such day; left out where the directive names none
    pub(super) effective_to: Option<NaiveDate>,
    /// Sub-district, where you have several
    pub(super) district_code: Option<DistrictCode>,
}

/// How an order ends.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "outcome": "released", "reason": "Arahan sudah diterima" }))]
pub(super) struct NewRelease {
    /// What becomes of what is held
    pub(super) outcome: Outcome,
    /// For `reduced`: the most that may still be delivered of what is held of each entitlement, in the unit of the
    /// program
    pub(super) released_quantity_each: Option<Quantity>,
    /// For `reduced`, instead: the part of it that may still be delivered, 0.001 to 0.999; rounded down to whole units
    /// where the program counts in them
    #[schema(example = "0.5")]
    pub(super) factor: Option<Quantity>,
    /// Whether what was held for the time that the order stopped is paid, which is so where left out. If not, it lapses
    /// month by month: of a quarter with one month under the order a third. `voided` pays nothing: leave it out
    pub(super) pays_arrears: Option<bool>,
    /// Without arrears: the day from which the program is paid again, today where left out. What was held for months
    /// of the order before the month of this day lapses
    pub(super) resumes_on: Option<NaiveDate>,
    /// Why
    pub(super) reason: Note,
}

/// How much of what is held of each entitlement may still be delivered.
#[derive(Debug, Default)]
pub(super) struct Part {
    /// At most this much.
    pub(super) each: Option<Quantity>,
    /// Or this part of it.
    pub(super) factor: Option<Quantity>,
    /// Digits after the point that a part is rounded down to.
    pub(super) digits: i32,
    /// What was held for months of the order before the month of this day lapses first.
    pub(super) resumes_on: Option<NaiveDate>,
}

/// Which orders of a program.
#[derive(Debug, Deserialize, Serialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct OrderFilter {
    /// Orders in this state
    #[param(inline)]
    pub(super) status: Option<OrderStatus>,
    /// In which order
    #[param(inline, default = "-created_at")]
    pub(super) sort: Option<ByCreation>,
}

/// Which holds of an order.
#[derive(Debug, Deserialize, Serialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct HoldFilter {
    /// Holds in this state
    #[param(inline)]
    pub(super) status: Option<HoldStatus>,
    /// In which order
    #[param(inline, default = "id")]
    pub(super) sort: Option<ById>,
}
