//! Aid as rows and filters.

use chrono::NaiveDate;
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Bool, Date, Int4, Nullable, Numeric, Text as SqlText, Uuid as SqlUuid};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::domain::{
    AidId, BeneficiaryId, CycleId, DistrictCode, PledgeId, PledgeLineId, ProgramId, Quantity, VillageCode, text_enum,
};
use crate::http::{AsOf, ByFamily, ById};
use crate::programs::ProgramKind;

text_enum! {
    /// Who gives.
    AidSource {
        /// A program: an entitlement.
        Program "program",
        /// A company: an allocation of its pledge.
        Company "company",
    }
}

/// What one source owes one family at one time, and what became of it.
#[derive(Debug, Serialize, ToSchema, QueryableByName)]
pub(super) struct Aid {
    /// Id of the entitlement of a program, or of the allocation of a pledge
    #[diesel(sql_type = SqlUuid)]
    pub(super) id: AidId,
    /// Who gives
    #[diesel(sql_type = SqlText)]
    source: AidSource,
    /// Family: that of the record it was given to, which may since have become one with the family asked for
    #[diesel(sql_type = SqlUuid)]
    beneficiary_id: BeneficiaryId,
    /// Village where the family lived when it became due
    #[diesel(sql_type = SqlText)]
    village_code: VillageCode,
    /// Program; null for aid of a company
    #[diesel(sql_type = Nullable<SqlUuid>)]
    program_id: Option<ProgramId>,
    /// Cycle; null for aid of a company
    #[diesel(sql_type = Nullable<SqlUuid>)]
    cycle_id: Option<CycleId>,
    /// Pledge; null for aid of a program
    #[diesel(sql_type = Nullable<SqlUuid>)]
    pledge_id: Option<PledgeId>,
    /// Line of the pledge; null for aid of a program
    #[diesel(sql_type = Nullable<SqlUuid>)]
    pledge_line_id: Option<PledgeLineId>,
    /// Name of the program, or of the kind of help
    #[diesel(sql_type = SqlText)]
    #[schema(max_length = 120, example = "Bantuan beras")]
    title: String,
    /// What it is
    #[diesel(sql_type = SqlText)]
    kind: ProgramKind,
    /// What is counted
    #[diesel(sql_type = SqlText)]
    #[schema(max_length = 20, example = "kg")]
    unit: String,
    /// First day of the cycle's period, or day of the allocation
    #[diesel(sql_type = Date)]
    due_on: NaiveDate,
    /// Due
    #[diesel(sql_type = Numeric)]
    quantity: Quantity,
    /// Handed over, less what came back
    #[diesel(sql_type = Numeric)]
    delivered: Quantity,
    /// Day of the last handover of which something is still with the family
    #[diesel(sql_type = Nullable<Date>)]
    last_delivered_on: Option<NaiveDate>,
    /// Kept back by a suspension order in force
    #[diesel(sql_type = Numeric)]
    held: Quantity,
    /// Never delivered: reduced or voided by suspension orders, returned and not due again, or released for others
    #[diesel(sql_type = Numeric)]
    withdrawn: Quantity,
    /// Due and neither delivered nor withdrawn
    #[diesel(sql_type = Numeric)]
    #[serde(rename = "left")]
    left_over: Quantity,
    /// Sub-district that it was due in before the family came from there, as it stood then; what is left of it is collected
    /// there. Null for aid of this sub-district
    #[diesel(sql_type = Nullable<SqlText>)]
    from_district_code: Option<DistrictCode>,
    #[diesel(sql_type = Int4)]
    #[serde(skip)]
    pub(super) area_id: i32,
}

/// Which aid.
#[derive(Debug, Deserialize, Serialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct AidFilter {
    /// Aid of this family, of records that mergers made one with it, and from where it lived before
    #[param(inline)]
    pub(super) beneficiary_id: Option<BeneficiaryId>,
    /// Aid of families that lived in this village when it became due
    #[param(inline)]
    pub(super) village_code: Option<VillageCode>,
    /// Aid of programs alone, or of companies alone
    #[param(inline)]
    pub(super) source: Option<AidSource>,
    /// Aid of this kind
    #[param(inline)]
    pub(super) kind: Option<ProgramKind>,
    /// Aid of this program
    #[param(inline)]
    pub(super) program_id: Option<ProgramId>,
    /// Aid of this pledge
    #[param(inline)]
    pub(super) pledge_id: Option<PledgeId>,
    /// Due on this day or later
    pub(super) from: Option<NaiveDate>,
    /// Due on this day or earlier
    pub(super) to: Option<NaiveDate>,
    /// What was known then (RFC 3339), not what is known now
    #[param(inline)]
    pub(super) as_of: Option<AsOf>,
    /// In which order, sub-district by sub-district
    #[param(inline, default = "id")]
    pub(super) sort: Option<ById>,
}

impl AidFilter {
    /// True where aid of a source can be among what is asked for.
    pub(super) fn asks_for(&self, source: AidSource) -> bool {
        let named = match source {
            AidSource::Program => self.pledge_id.is_none(),
            AidSource::Company => self.program_id.is_none(),
        };
        named && self.source.is_none_or(|asked| asked == source)
    }
}

/// Aid of one kind and unit from one source to the families of one village.
#[derive(Debug, Serialize, ToSchema, QueryableByName)]
pub(super) struct AidTotal {
    /// Village
    #[diesel(sql_type = SqlText)]
    village_code: VillageCode,
    /// Who gives
    #[diesel(sql_type = SqlText)]
    source: AidSource,
    /// What it is
    #[diesel(sql_type = SqlText)]
    kind: ProgramKind,
    /// What is counted
    #[diesel(sql_type = SqlText)]
    #[schema(max_length = 20, example = "kg")]
    unit: String,
    /// Families that it was due to
    #[diesel(sql_type = BigInt)]
    #[schema(minimum = 0)]
    families: i64,
    /// Due
    #[diesel(sql_type = Numeric)]
    quantity: Quantity,
    /// Handed over
    #[diesel(sql_type = Numeric)]
    delivered: Quantity,
    /// Kept back by suspension orders in force
    #[diesel(sql_type = Numeric)]
    held: Quantity,
    /// Never delivered
    #[diesel(sql_type = Numeric)]
    withdrawn: Quantity,
    /// Due and neither delivered nor withdrawn
    #[diesel(sql_type = Numeric)]
    #[serde(rename = "left")]
    left_over: Quantity,
}

/// All totals: there are few, so they come on one page.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct AidTotals {
    /// By village, source, kind and unit
    pub(super) items: Vec<AidTotal>,
}

/// Aid of one kind and unit that one family has from several sources.
#[derive(Debug, Serialize, ToSchema, QueryableByName)]
pub(super) struct DoubleAid {
    /// Family
    #[diesel(sql_type = SqlUuid)]
    pub(super) beneficiary_id: BeneficiaryId,
    /// Village where it lives
    #[diesel(sql_type = SqlText)]
    village_code: VillageCode,
    /// What it has from several
    #[diesel(sql_type = SqlText)]
    pub(super) kind: ProgramKind,
    /// What is counted
    #[diesel(sql_type = SqlText)]
    #[schema(max_length = 20, example = "kg")]
    pub(super) unit: String,
    /// Names of the programs and kinds of help, in the order of the alphabet
    #[diesel(sql_type = Array<SqlText>)]
    #[schema(max_items = 100, example = json!(["Bantuan beras", "Beras perusahaan"]))]
    titles: Vec<String>,
    /// Programs that give it
    #[diesel(sql_type = Array<SqlUuid>)]
    #[schema(max_items = 100)]
    program_ids: Vec<ProgramId>,
    /// Pledges that give it; two or more with the programs
    #[diesel(sql_type = Array<SqlUuid>)]
    #[schema(max_items = 100)]
    pledge_ids: Vec<PledgeId>,
    /// Handed over
    #[diesel(sql_type = Numeric)]
    delivered: Quantity,
    /// Due and neither delivered nor withdrawn
    #[diesel(sql_type = Numeric)]
    #[serde(rename = "left")]
    left_over: Quantity,
    /// Some of it is still due: whoever decides can still prevent it
    #[diesel(sql_type = Bool)]
    is_ahead: bool,
    #[diesel(sql_type = Int4)]
    #[serde(skip)]
    pub(super) area_id: i32,
}

/// Place of a family's double aid in the list.
pub(super) type DoublePlace = (i32, BeneficiaryId, ProgramKind, String);

/// Which double aid.
#[derive(Debug, Deserialize, Serialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct DoubleAidFilter {
    /// Double aid of this family
    #[param(inline)]
    pub(super) beneficiary_id: Option<BeneficiaryId>,
    /// Families of this village
    #[param(inline)]
    pub(super) village_code: Option<VillageCode>,
    /// Double aid of this kind
    #[param(inline)]
    pub(super) kind: Option<ProgramKind>,
    /// Where some is still due, or where all is handed over
    pub(super) is_ahead: Option<bool>,
    /// Aid due on this day or later counts; from the first day of the year, in the sub-district's time, where left out
    pub(super) from: Option<NaiveDate>,
    /// In which order, sub-district by sub-district
    #[param(inline, default = "beneficiary_id")]
    pub(super) sort: Option<ByFamily>,
}
