//! Change requests as rows, requests and answers.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Array, Bool, Uuid as SqlUuid};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::openapi::schema::{ObjectBuilder, SchemaType, Type};
use utoipa::openapi::{RefOr, Schema};
use utoipa::{IntoParams, PartialSchema, ToSchema};

use crate::beneficiaries::{BeneficiaryChanges, MemberChanges};
use crate::domain::{BeneficiaryId, ChangeRequestId, Document, Evidence, MemberId, Note, VisitId, text_enum};
use crate::http::ById;
use crate::schema::change_requests;

/// A merge patch (RFC 7396) as it was sent.
pub type Patch = Map<String, Value>;

text_enum! {
    /// Where a request stands.
    ChangeStatus {
        /// It waits for a second person.
        Pending "pending",
        /// The record was changed so.
        Applied "applied",
        /// The record was left as it was.
        Rejected "rejected",
    }
}

/// The record that a request is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    /// The family itself.
    Family(BeneficiaryId),
    /// A live member.
    Member(MemberId),
}

/// What is proposed for a record.
#[derive(Debug)]
pub struct Proposal<'a> {
    /// The record.
    pub target: Target,
    /// Version that it was made against.
    pub version: i32,
    /// What to change.
    pub changes: &'a Patch,
    /// Where `changes` stands in the body, for its faults.
    pub pointer: String,
    /// Why.
    pub reason: Option<&'a Note>,
    /// What proves it.
    pub evidence: &'a [Evidence],
    /// The visit that found it.
    pub visit_id: Option<VisitId>,
}

/// A request as the database has it.
#[derive(Debug, Clone, Insertable, QueryableByName, Queryable, Selectable)]
#[diesel(table_name = change_requests, treat_none_as_default_value = false)]
pub(super) struct ChangeRow {
    pub(super) area_id: i32,
    pub(super) id: ChangeRequestId,
    pub(super) beneficiary_id: BeneficiaryId,
    pub(super) member_id: Option<MemberId>,
    pub(super) visit_id: Option<VisitId>,
    pub(super) status: ChangeStatus,
    pub(super) fields: Vec<String>,
    pub(super) changes: Document<Patch>,
    pub(super) before: Document<Patch>,
    pub(super) nik_sealed: Option<Vec<u8>>,
    pub(super) base_version: i32,
    pub(super) reason: Option<String>,
    pub(super) evidence: Document<Vec<Evidence>>,
    pub(super) requested_by: String,
    pub(super) decided_by: Option<String>,
    pub(super) decided_at: Option<DateTime<Utc>>,
    pub(super) decision_reason: Option<String>,
    pub(super) version: i32,
    pub(super) created_at: DateTime<Utc>,
    pub(super) updated_at: DateTime<Utc>,
}

/// A request with what follows from the record and from other requests.
#[derive(Debug, Clone, QueryableByName)]
pub(super) struct SeenRequest {
    #[diesel(embed)]
    pub(super) request: ChangeRow,
    #[diesel(sql_type = Bool)]
    pub(super) is_stale: bool,
    #[diesel(sql_type = Array<SqlUuid>)]
    pub(super) conflicts_with: Vec<ChangeRequestId>,
}

/// A change that waits for a second person, or was decided.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ChangeRequest {
    /// Id of the request
    pub id: ChangeRequestId,
    /// Sub-district; not shown.
    #[serde(skip)]
    pub area_id: i32,
    /// Family
    pub beneficiary_id: BeneficiaryId,
    /// The member to change; null where the family itself is
    pub member_id: Option<MemberId>,
    /// The visit that found it
    pub visit_id: Option<VisitId>,
    /// Where it stands
    pub status: ChangeStatus,
    /// What it changes, field by field
    #[schema(max_items = 40)]
    pub changes: Vec<FieldChange>,
    /// Version of the record that it was made against
    #[schema(minimum = 1, maximum = 2_147_483_647)]
    pub base_version: i32,
    /// Why
    #[schema(max_length = 2000)]
    pub reason: Option<String>,
    /// What proves it and stays with who asks
    #[schema(value_type = Vec<Evidence>, max_items = 20)]
    pub evidence: Document<Vec<Evidence>>,
    /// The record says something else by now than when it was made; it can only be rejected
    pub is_stale: bool,
    /// Others that are pending and change the same field of the same record
    #[schema(max_items = 200)]
    pub conflicts_with: Vec<ChangeRequestId>,
    /// Client that asks
    #[schema(max_length = 63)]
    pub requested_by: String,
    /// Client that decided
    #[schema(max_length = 63)]
    pub decided_by: Option<String>,
    /// When it was decided
    pub decided_at: Option<DateTime<Utc>>,
    /// Why it was decided so
    #[schema(max_length = 2000)]
    pub decision_reason: Option<String>,
    /// When it was made
    pub created_at: DateTime<Utc>,
    /// When it last changed
    pub updated_at: DateTime<Utc>,
}

/// One field of a record, as it was and as it is to be.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct FieldChange {
    /// Name of the field
    #[schema(example = "address", max_length = 40)]
    pub field: String,
    /// What it was when the request was made; a NIK masked
    pub before: FieldValue,
    /// What it is to be; a NIK masked
    pub after: FieldValue,
}

/// The value of a field.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(transparent)]
pub struct FieldValue(Value);

impl PartialSchema for FieldValue {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(SchemaType::from_iter([Type::String, Type::Boolean, Type::Object, Type::Null]))
            .max_length(Some(200))
            .examples(["RT 03, Dusun Sirap"])
            .into()
    }
}

impl ToSchema for FieldValue {}

impl From<SeenRequest> for ChangeRequest {
    fn from(seen: SeenRequest) -> Self {
        let SeenRequest { request: row, is_stale, conflicts_with } = seen;
        let (before, changes) = (row.before.0, row.changes.0);
        let value = |of: &Patch, field: &str| FieldValue(of.get(field).cloned().unwrap_or_default());
        let fields = changes.keys().map(|field| FieldChange {
            before: value(&before, field),
            after: value(&changes, field),
            field: field.clone(),
        });
        Self {
            id: row.id,
            area_id: row.area_id,
            beneficiary_id: row.beneficiary_id,
            member_id: row.member_id,
            visit_id: row.visit_id,
            status: row.status,
            changes: fields.collect(),
            base_version: row.base_version,
            reason: row.reason,
            evidence: row.evidence,
            is_stale,
            conflicts_with,
            requested_by: row.requested_by,
            decided_by: row.decided_by,
            decided_at: row.decided_at,
            decision_reason: row.decision_reason,
            created_at: row.created_at,
            updated_at: row.updated_at,
        }
    }
}

/// A change of a family to propose.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "version": 1, "changes": { "address": "RT 07 Jalan Belayan" }, "reason": "Keluarga pindah rumah di desa yang sama"
}))]
pub(super) struct NewFamilyChange {
    /// Version of the family that the change was made against; refused where it has changed since
    #[schema(minimum = 1, maximum = 2_147_483_647)]
    pub(super) version: i32,
    /// What to change; what is left out stays, `null` clears
    #[schema(value_type = BeneficiaryChanges)]
    pub(super) changes: Patch,
    /// Why
    pub(super) reason: Option<Note>,
    /// What proves it and stays with you
    #[serde(default)]
    #[schema(max_items = 20)]
    pub(super) evidence: Vec<Evidence>,
}

/// A change of a member to propose.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "version": 1, "changes": { "work": "oil_palm_smallholder" }, "reason": "Kata kepala keluarga saat kunjungan"
}))]
pub(super) struct NewMemberChange {
    /// Version of the member that the change was made against; refused where it has changed since
    #[schema(minimum = 1, maximum = 2_147_483_647)]
    pub(super) version: i32,
    /// What to change; what is left out stays, `null` clears
    #[schema(value_type = MemberChanges)]
    pub(super) changes: Patch,
    /// Why
    pub(super) reason: Option<Note>,
    /// What proves it and stays with you
    #[serde(default)]
    #[schema(max_items = 20)]
    pub(super) evidence: Vec<Evidence>,
}

/// What a person proposes, whatever the record.
pub(super) trait NewChange {
    /// The proposal for a record.
    fn proposal(&self, target: Target) -> Proposal<'_>;
}

macro_rules! new_change {
    ($($name:ident),+) => {$(
        impl NewChange for $name {
            fn proposal(&self, target: Target) -> Proposal<'_> {
                Proposal {
                    target,
                    version: self.version,
                    changes: &self.changes,
                    pointer: "/changes".to_owned(),
                    reason: self.reason.as_ref(),
                    evidence: &self.evidence,
                    visit_id: None,
                }
            }
        }
    )+};
}

new_change!(NewFamilyChange, NewMemberChange);

/// A second person's yes.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "reason": "Sesuai kartu keluarga" }))]
pub(super) struct NewChangeApproval {
    /// Why
    pub(super) reason: Option<Note>,
    /// Apply it although others that are pending change the same field; those become stale
    #[serde(default)]
    pub(super) despite_conflicts: bool,
}

/// A second person's no.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "reason": "Tidak sesuai kartu keluarga" }))]
pub(super) struct NewChangeRejection {
    /// Why
    pub(super) reason: Note,
}

/// Which requests.
#[derive(Debug, Deserialize, Serialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct ChangeFilter {
    /// Requests that stand so
    #[param(inline)]
    pub(super) status: Option<ChangeStatus>,
    /// Requests about this family or its members
    #[param(inline)]
    pub(super) beneficiary_id: Option<BeneficiaryId>,
    /// Requests about this member
    #[param(inline)]
    pub(super) member_id: Option<MemberId>,
    /// Requests that this visit made
    #[param(inline)]
    pub(super) visit_id: Option<VisitId>,
    /// In which order
    #[param(inline, default = "id")]
    pub(super) sort: Option<ById>,
}
