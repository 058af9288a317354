//! Needs as rows, requests and answers.

use chrono::{DateTime, Utc};
use diesel::dsl::sql;
use diesel::expression::SqlLiteral;
use diesel::prelude::*;
use diesel::sql_types::Jsonb;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::domain::{BeneficiaryId, Document, Line, NeedId, Quantity, Text, VillageCode, text_enum};
use crate::http::ByVillage;
use crate::schema::{need_kinds, needs};

text_enum! {
    /// What became of a need.
    NeedStatus {
        /// Some of it is unmet.
        Open "open",
        /// All of it is reserved or delivered.
        Met "met",
        /// The family no longer needs the rest.
        Withdrawn "withdrawn",
    }
}

text_enum! {
    /// Field (bidang) of the regional law on what companies give.
    AidField {
        /// Earning for oneself.
        Economy "economy",
        /// Schools and skills.
        Education "education",
        /// Health.
        Health "health",
        /// Soil, water, forest.
        Environment "environment",
        /// Roads, bridges, clean water.
        Infrastructure "infrastructure",
        /// Living, for those who cannot earn.
        Social "social",
        /// Help in a disaster.
        Disaster "disaster",
        /// None of these.
        Other "other",
    }
}

text_enum! {
    /// Families that the anonymous list can be of alone, as the register says now.
    NeedGroup {
        /// The head is a woman.
        FemaleHead "female_head",
        /// Somebody is sixty or older.
        Elderly "elderly",
        /// Somebody has a disability.
        Disability "disability",
        /// Somebody is younger than five.
        UnderFive "under_five",
        /// They are of decile 1 or 2.
        Poorest "poorest",
    }
}

/// Code of a kind of help, such as `hand_tractor`.
pub(crate) type KindCode = Text<40>;

/// A kind of help that a family can need and a company can pledge.
#[derive(Debug, Clone, Serialize, ToSchema, HasQuery)]
#[diesel(table_name = need_kinds)]
pub struct NeedKind {
    /// Code of the kind
    #[schema(example = "hand_tractor")]
    pub code: KindCode,
    /// Name
    #[schema(example = "Hand tractor", max_length = 120)]
    pub name: String,
    /// `money`, `goods`, `equipment`, `training`, `service`, or `package` of several kinds given as one
    #[schema(example = "equipment", max_length = 20)]
    pub category: String,
    /// Unit that is counted
    #[schema(example = "unit", max_length = 20)]
    pub unit: String,
    /// Whether only whole units exist
    pub is_whole: bool,
    /// Most that one family can need
    pub family_quantity_max: Quantity,
    /// Field that pledges of it count for, unless they say otherwise
    pub field: AidField,
    /// What one unit of a package is made of, by kind; nothing for what is not a package
    #[diesel(select_expression = contents())]
    #[diesel(select_expression_type = SqlLiteral<Jsonb>)]
    #[schema(value_type = Vec<PackageContent>, max_items = 20)]
    pub contents: Document<Vec<PackageContent>>,
}

/// One kind of help within a package.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct PackageContent {
    /// Code of the kind
    #[schema(example = "sewing_machine")]
    pub kind: KindCode,
    /// How many units of it
    #[schema(example = 1, minimum = 1, maximum = 1000)]
    pub units: i32,
}

fn contents() -> SqlLiteral<Jsonb> {
    sql("(select coalesce(jsonb_agg(jsonb_build_object('kind', c.kind, 'units', c.units) order by c.kind), '[]')
        from need_kind_contents as c where c.package = need_kinds.code)")
}

/// What a family needs of one kind.
#[derive(Debug, Clone, Serialize, ToSchema, HasQuery)]
#[diesel(table_name = needs)]
pub struct Need {
    /// Id of the need
    pub id: NeedId,
    /// Family that has it
    pub beneficiary_id: BeneficiaryId,
    /// Kind of help
    #[schema(example = "hand_tractor")]
    pub kind: KindCode,
    /// How much the family needs
    pub quantity: Quantity,
    /// How much of it is reserved or delivered
    pub met_quantity: Quantity,
    /// What became of it
    pub status: NeedStatus,
    /// Grows with each change
    #[schema(minimum = 1, maximum = 2_147_483_647)]
    pub version: i32,
    /// When it was recorded
    pub created_at: DateTime<Utc>,
    /// When it last changed
    pub updated_at: DateTime<Utc>,
}

/// A need to record.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "kind": "sewing_machine", "quantity": "1" }))]
pub struct NewNeed {
    /// Code of the kind; see `/v1/need-kinds`
    pub kind: KindCode,
    /// How much the family needs
    pub quantity: Quantity,
}

/// Why a need is withdrawn.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "reason": "Bought one from own savings" }))]
pub(super) struct NeedWithdrawal {
    /// Reason, without names or numbers of persons
    pub(super) reason: Line,
}

/// Unmet need of one kind in one village, counted too coarsely to tell of one family.
#[derive(Debug, Clone, Serialize, ToSchema, QueryableByName)]
pub struct NeedCell {
    /// Village
    #[diesel(sql_type = diesel::sql_types::Text)]
    pub village_code: VillageCode,
    /// Kind of help
    #[diesel(sql_type = diesel::sql_types::Text)]
    #[schema(example = "hand_tractor")]
    pub kind: KindCode,
    /// Unit that is counted
    #[diesel(sql_type = diesel::sql_types::Text)]
    #[schema(example = "unit", max_length = 20)]
    pub unit: String,
    /// Verified families at least, in steps of five
    #[diesel(sql_type = diesel::sql_types::BigInt)]
    #[schema(example = 25, minimum = 5, maximum = 1_000_000_000)]
    pub families_at_least: i64,
    /// Quantity they lack, rounded up to a multiple of `step`
    #[diesel(sql_type = diesel::sql_types::Numeric)]
    pub unmet_quantity: Quantity,
    /// Step of the quantity: the most that one family can need
    #[diesel(sql_type = diesel::sql_types::Numeric)]
    pub step: Quantity,
}

/// Which part of the anonymous list.
#[derive(Debug, Deserialize, Serialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct NeedFilter {
    /// Needs of this kind
    #[param(inline, example = "hand_tractor")]
    pub(super) kind: Option<KindCode>,
    /// Needs in this village
    #[param(inline)]
    pub(super) village_code: Option<VillageCode>,
    /// Needs of families of this group; cells of which fewer than five families are in it, or are not, are not shown
    #[param(inline)]
    pub(super) group: Option<NeedGroup>,
    /// In which order
    #[param(inline, default = "village_code")]
    pub(super) sort: Option<ByVillage>,
}

/// How far a pledge would go.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct ReachFilter {
    /// Kind of help that would be pledged
    #[param(inline, example = "hand_tractor")]
    pub(super) kind: KindCode,
    /// How much of it
    #[param(inline, example = "40")]
    pub(super) quantity: Quantity,
    /// What one family gets of it at most; the usual portion where it is left out
    #[param(inline)]
    pub(super) portion: Option<Quantity>,
    /// In this village; in all of them where it is left out
    #[param(inline)]
    pub(super) village_code: Option<VillageCode>,
    /// For families of this group
    #[param(inline)]
    pub(super) group: Option<NeedGroup>,
}

/// How far a pledge would go, by what the anonymous list tells and nothing else.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(super) struct NeedReach {
    /// Kind of help
    #[schema(example = "hand_tractor")]
    pub kind: KindCode,
    /// Unit that is counted
    #[schema(example = "unit", max_length = 20)]
    pub unit: String,
    /// What would be pledged
    pub quantity: Quantity,
    /// What one family gets at most
    pub portion: Quantity,
    /// Verified families of the cells that the list shows, at least
    #[schema(example = 25, minimum = 0, maximum = 1_000_000_000)]
    pub families_at_least: i64,
    /// Quantity they lack, as the list shows it
    pub unmet_quantity: Quantity,
    /// Families of them that it would reach, in steps of five; none stands for fewer than five as well
    #[schema(example = 20, minimum = 0, maximum = 1_000_000_000)]
    pub families_reached: i64,
    /// What would be left over once nobody of them lacks anything
    pub unused_quantity: Quantity,
}

/// Sums of the cells that the list shows, with how far a quantity goes.
#[derive(Debug, QueryableByName)]
pub(super) struct Reach {
    #[diesel(sql_type = diesel::sql_types::BigInt)]
    pub(super) families: i64,
    #[diesel(sql_type = diesel::sql_types::Numeric)]
    pub(super) unmet: Quantity,
    #[diesel(sql_type = diesel::sql_types::BigInt)]
    pub(super) reached: i64,
    #[diesel(sql_type = diesel::sql_types::Numeric)]
    pub(super) unused: Quantity,
}

/// Place of a cell in the list.
pub(super) type CellPlace = (VillageCode, KindCode);
