//! Collectors as rows, requests and answers.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Bool, Nullable, Uuid as SqlUuid};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::domain::{BeneficiaryId, CollectorId, CollectorKind, Line, MemberId, Name, Text, text_enum};
use crate::schema::collectors;

text_enum! {
    /// Why somebody collects no longer.
    CollectorEnd {
        /// Another collector took the place.
        Replaced "replaced",
        /// The family took it back.
        Revoked "revoked",
        /// The collector, or who gave the power of attorney, left the family or died.
        Left "left",
    }
}

/// Who receives aid for a family, from when to when.
#[derive(Debug, Clone, Serialize, ToSchema, HasQuery, QueryableByName, Insertable)]
#[diesel(table_name = collectors, treat_none_as_default_value = false)]
pub(super) struct Collector {
    /// Sub-district; not shown.
    #[serde(skip)]
    pub(super) area_id: i32,
    /// Id of the collector
    pub(super) id: CollectorId,
    /// Family
    pub(super) beneficiary_id: BeneficiaryId,
    /// A member of the family, or an alternate
    pub(super) kind: CollectorKind,
    /// The member
    pub(super) member_id: Option<MemberId>,
    /// Name of the alternate
    pub(super) name: Option<Name>,
    /// Number of the paper that lets the alternate collect
    pub(super) power_of_attorney: Option<Text<80>>,
    /// Member who gave the power of attorney
    pub(super) granted_by_id: Option<MemberId>,
    /// First day
    pub(super) valid_from: NaiveDate,
    /// Last day, inclusive; absent while open
    pub(super) valid_to: Option<NaiveDate>,
    /// Day from which it no longer holds, whatever `valid_to` says
    pub(super) ended_on: Option<NaiveDate>,
    /// Why it no longer holds
    pub(super) end_reason: Option<CollectorEnd>,
    /// Client that recorded it
    #[schema(max_length = 63)]
    pub(super) recorded_by: String,
    /// Grows with each change; the `ETag`
    #[schema(minimum = 1, maximum = 2_147_483_647)]
    pub(super) version: i32,
    /// When it was recorded
    pub(super) created_at: DateTime<Utc>,
    /// When it last changed
    pub(super) updated_at: DateTime<Utc>,
}

/// A collector to register: either a member or an alternate.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "alternate": {
        "name": "Contoh Kerabat", "power_of_attorney": "SKU/SINTETIS/2026/007",
        "granted_by_id": "019b7542-7400-7000-8000-00000000a11b", "valid_to": "2026-12-31"
    },
    "valid_from": "2026-11-01"
}))]
pub(super) struct NewCollector {
    /// Member of the family who collects from now on, beside its head; the one until now is replaced
    pub(super) member_id: Option<MemberId>,
    /// Somebody else, with power of attorney; a family may have several
    pub(super) alternate: Option<NewAlternate>,
    /// First day
    pub(super) valid_from: NaiveDate,
}

/// Somebody who collects for a family without being of it.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewAlternate {
    /// Name
    pub(super) name: Name,
    /// Number of the paper
    pub(super) power_of_attorney: Text<80>,
    /// Member who gave the power; the head where nobody is named
    pub(super) granted_by_id: Option<MemberId>,
    /// Last day that the paper names
    pub(super) valid_to: NaiveDate,
}

/// The end of somebody's collecting.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "on": "2026-11-20" }))]
pub(super) struct NewRevocation {
    /// Day from which it no longer holds
    pub(super) on: NaiveDate,
    /// Version that was looked at; refused where it has changed since
    #[schema(minimum = 1, maximum = 2_147_483_647)]
    pub(super) version: Option<i32>,
    /// Why, kept in the record of writes; no names and numbers of persons
    pub(super) change_reason: Option<Line>,
}

/// Something that is handed over for a family, and who takes it.
#[derive(Debug, Clone, Copy)]
pub struct Handover<'a> {
    /// Sub-district of the family.
    pub area_id: i32,
    /// The family.
    pub beneficiary_id: BeneficiaryId,
    /// Member who takes it.
    pub member_id: Option<MemberId>,
    /// Number of the paper of an alternate who takes it.
    pub power_of_attorney: Option<&'a Text<80>>,
    /// Name of that alternate, where it is told.
    pub receiver_name: Option<&'a Name>,
    /// The day.
    pub on: NaiveDate,
    /// When it was decided that it is the family's: who was of it then may collect once nobody of it lives here.
    pub listed_at: DateTime<Utc>,
}

/// What is on record of who may collect for a family on a day.
#[derive(Debug, Clone, Copy, QueryableByName)]
#[expect(clippy::struct_excessive_bools, reason = "each is one answer of one statement")]
pub(super) struct Standing {
    /// The member named is live in the family, or in the one that goes on for it; or was of it when the list froze, and
    /// it lives here no more.
    #[diesel(sql_type = Bool)]
    pub(super) is_member: bool,
    /// That member is the head.
    #[diesel(sql_type = Bool)]
    pub(super) is_head: bool,
    /// The member who is registered for the day.
    #[diesel(sql_type = Nullable<SqlUuid>)]
    pub(super) collector_id: Option<MemberId>,
    /// The paper named is on record, whatever its dates.
    #[diesel(sql_type = Bool)]
    pub(super) is_paper_known: bool,
    /// It holds on the day.
    #[diesel(sql_type = Bool)]
    pub(super) is_paper_in_force: bool,
    /// Some paper is on record that holds on the day.
    #[diesel(sql_type = Bool)]
    pub(super) has_alternate: bool,
}
