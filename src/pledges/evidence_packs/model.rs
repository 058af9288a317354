//! Evidence packs as rows, documents and answers, and what they are made from.

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Date, Integer, Nullable, Numeric, SmallInt, Text as SqlText, Uuid as SqlUuid};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::domain::{CompanyId, Digest, EvidencePackId, PledgeId, PledgeLineId, Quantity};
use crate::http::{ByVersion, File};
use crate::ledger::AccountKind;
use crate::needs::NeedKind;
use crate::pledges::decisions::PledgeDecision;
use crate::pledges::installments::LineSchedule;
use crate::pledges::model::{PledgeLine, PledgeRow};
use crate::schema::evidence_packs;

/// Name and version of the form of the document.
pub(super) const FORMAT: &str = "sinergi-evidence-pack/1";

/// A version of the evidence of a pledge.
#[derive(Debug, Clone, Serialize, ToSchema, HasQuery)]
#[diesel(table_name = evidence_packs)]
pub(crate) struct EvidencePack {
    /// Id of the pack
    pub(crate) id: EvidencePackId,
    /// Pledge it is about
    pub(crate) pledge_id: PledgeId,
    /// Company that pledged
    pub(crate) company_id: CompanyId,
    /// Year the pledge is for
    #[schema(minimum = 2020, maximum = 2100)]
    pub(crate) year: i16,
    /// Place among the packs of the pledge; the `ETag`
    #[schema(minimum = 1, maximum = 2_147_483_647)]
    pub(crate) version: i32,
    /// SHA-256 of the document as `/file` gives it in JSON
    pub(crate) digest: Digest,
    /// SHA-256 of what the document tells, without its version and time
    pub(crate) inputs_digest: Digest,
    /// Signature of `digest`: a detached JWS (RFC 7515, appendix F), whose payload is the digest's 32 bytes
    #[schema(
        pattern = "^[A-Za-z0-9_-]+[.][.][A-Za-z0-9_-]+$",
        max_length = 400,
        example = "eyJhbGciOiJFZERTQSJ9..c2lnbmF0dXJl"
    )]
    pub(crate) signature: String,
    /// Id of the key that signed it; see `/.well-known/jwks.json`
    #[schema(max_length = 64, example = "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k")]
    pub(crate) key_id: String,
    /// When this version was made
    #[diesel(select_expression = evidence_packs::created_at)]
    pub(crate) created_at: DateTime<Utc>,
}

/// A version of the evidence of a pledge, with the document.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct EvidencePackWhole {
    /// The pack
    #[serde(flatten)]
    pub(crate) pack: EvidencePack,
    /// What is hashed and signed
    #[schema(value_type = PackDocument)]
    pub(crate) document: Box<RawValue>,
}

/// What is hashed and signed. Its canonical form (RFC 8785) is what `/file` gives in JSON.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub(crate) struct PackDocument {
    /// Name and version of this form
    #[schema(max_length = 40, example = "sinergi-evidence-pack/1")]
    pub(crate) format: String,
    /// Id of the pack
    pub(crate) id: EvidencePackId,
    /// Pledge it is about
    pub(crate) pledge_id: PledgeId,
    /// Company that pledged
    pub(crate) company_id: CompanyId,
    /// Year the pledge is for
    #[schema(minimum = 2020, maximum = 2100)]
    pub(crate) year: i16,
    /// Place among the packs of the pledge
    #[schema(minimum = 1, maximum = 2_147_483_647)]
    pub(crate) version: i32,
    /// When this version was made
    pub(crate) generated_at: DateTime<Utc>,
    /// SHA-256 of the groups from the second on, in canonical form
    pub(crate) inputs_digest: Digest,
    /// SHA-256 of the version before this one
    pub(crate) previous_digest: Option<Digest>,
    /// The eighteen groups of fields, by number
    #[schema(max_items = 18)]
    pub(crate) groups: Vec<PackGroup>,
}

/// Fields of one subject.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub(crate) struct PackGroup {
    /// Number of the group, 1 to 18
    #[schema(minimum = 1, maximum = 18)]
    pub(crate) number: u8,
    /// Name for programs
    #[schema(max_length = 40, example = "quantities")]
    pub(crate) code: String,
    /// Name for readers, in English and Indonesian
    #[schema(max_length = 120, example = "Quantities and value · Jumlah dan nilai")]
    pub(crate) title: String,
    /// Single values
    #[schema(max_items = 40)]
    pub(crate) facts: Vec<PackFact>,
    /// Values in rows
    #[schema(max_items = 10)]
    pub(crate) tables: Vec<PackTable>,
}

/// A single value, or why there is none.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub(crate) struct PackFact {
    /// Name for programs
    #[schema(max_length = 40, example = "year")]
    pub(crate) code: String,
    /// Name for readers
    #[schema(max_length = 120, example = "Year of the pledge")]
    pub(crate) label: String,
    /// The value as text; `null` where the system has none
    #[schema(max_length = 2000, example = "2026")]
    pub(crate) value: Option<String>,
    /// Why there is no value
    #[schema(max_length = 300, example = json!(null))]
    pub(crate) missing_reason: Option<String>,
}

/// Rows of values.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub(crate) struct PackTable {
    /// Name for programs
    #[schema(max_length = 40, example = "lines")]
    pub(crate) code: String,
    /// Name for readers
    #[schema(max_length = 120, example = "Quantities of each line")]
    pub(crate) title: String,
    /// What stands in each cell of a row
    #[schema(max_items = 30)]
    pub(crate) columns: Vec<PackColumn>,
    /// The rows
    #[schema(max_items = 100_000)]
    pub(crate) rows: Vec<PackRow>,
}

/// What stands in a cell of each row.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub(crate) struct PackColumn {
    /// Name for programs
    #[schema(max_length = 40, example = "delivered")]
    pub(crate) code: String,
    /// Name for readers
    #[schema(max_length = 120, example = "Delivered")]
    pub(crate) label: String,
}

/// One value for each column.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub(crate) struct PackRow {
    /// The values as text
    #[schema(max_items = 30)]
    pub(crate) cells: Vec<PackCell>,
}

/// A value as text; empty where there is none
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[schema(max_length = 2000, example = "14")]
pub(crate) struct PackCell(pub(crate) String);

/// A pack to make; nothing more is to be said.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({}))]
pub(crate) struct NewEvidencePack {}

/// A pack as bytes, in the form that was asked for.
pub(super) type EvidencePackFile = File<100_000_000>;

/// Which packs of a pledge.
#[derive(Debug, Deserialize, Serialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct EvidencePackFilter {
    /// In which order
    #[param(inline, default = "version")]
    pub(super) sort: Option<ByVersion>,
}

/// Everything that a pack tells of, read once.
#[derive(Debug)]
pub(super) struct Inputs {
    pub(super) pledge: PledgeRow,
    pub(super) lines: Vec<PledgeLine>,
    pub(super) balances: HashMap<Uuid, HashMap<AccountKind, Quantity>>,
    pub(super) parties: Parties,
    pub(super) receipts: Vec<ReceiptFact>,
    pub(super) deliveries: Vec<HandoverDay>,
    pub(super) reached: Vec<Reached>,
    pub(super) runs: Vec<Selection>,
    pub(super) corrections: Vec<Correction>,
    pub(super) decisions: Vec<PledgeDecision>,
    pub(super) schedules: Vec<LineSchedule>,
    pub(super) villages: BTreeMap<String, String>,
    pub(super) kinds: Vec<NeedKind>,
    pub(super) outcomes: Vec<Outcome>,
}

/// Who promised, and to which sub-district.
#[derive(Debug, QueryableByName)]
pub(super) struct Parties {
    #[diesel(sql_type = SqlText)]
    pub(super) company_name: String,
    #[diesel(sql_type = Nullable<SqlText>)]
    pub(super) registration_number: Option<String>,
    #[diesel(sql_type = SqlText)]
    pub(super) sector: String,
    #[diesel(sql_type = SqlText)]
    pub(super) area_name: String,
}

/// One receipt.
#[derive(Debug, QueryableByName)]
pub(super) struct ReceiptFact {
    #[diesel(sql_type = SqlUuid)]
    pub(super) pledge_line_id: PledgeLineId,
    #[diesel(sql_type = Numeric)]
    pub(super) quantity: Quantity,
    #[diesel(sql_type = SqlText)]
    pub(super) handover_number: String,
    #[diesel(sql_type = Date)]
    pub(super) received_on: NaiveDate,
}

/// Handovers of one line on one day with one kind of proof.
#[derive(Debug, QueryableByName)]
pub(super) struct HandoverDay {
    #[diesel(sql_type = SqlUuid)]
    pub(super) pledge_line_id: PledgeLineId,
    #[diesel(sql_type = Date)]
    pub(super) delivered_on: NaiveDate,
    #[diesel(sql_type = SqlText)]
    pub(super) proof_media_type: String,
    #[diesel(sql_type = BigInt)]
    pub(super) handovers: i64,
    #[diesel(sql_type = Numeric)]
    pub(super) quantity: Quantity,
    #[diesel(sql_type = SqlText)]
    pub(super) proofs_digest: String,
}

/// Families of one kind that got something.
#[derive(Debug, Clone, QueryableByName)]
pub(super) struct Reached {
    #[diesel(sql_type = SqlText)]
    pub(super) split: String,
    #[diesel(sql_type = SqlText)]
    pub(super) cell: String,
    #[diesel(sql_type = BigInt)]
    pub(super) families: i64,
    #[diesel(sql_type = BigInt)]
    pub(super) people: i64,
}

/// What one run of the allocation chose.
#[derive(Debug, QueryableByName)]
pub(super) struct Selection {
    #[diesel(sql_type = Nullable<SqlUuid>)]
    pub(super) run_id: Option<Uuid>,
    #[diesel(sql_type = Date)]
    pub(super) run_on: NaiveDate,
    #[diesel(sql_type = BigInt)]
    pub(super) allocations: i64,
    #[diesel(sql_type = Nullable<Integer>)]
    pub(super) last_rank: Option<i32>,
}

/// A transfer that took back another one.
#[derive(Debug, QueryableByName)]
pub(super) struct Correction {
    #[diesel(sql_type = SqlUuid)]
    pub(super) id: Uuid,
    #[diesel(sql_type = Date)]
    pub(super) corrected_on: NaiveDate,
    #[diesel(sql_type = Numeric)]
    pub(super) quantity: Quantity,
    #[diesel(sql_type = SqlText)]
    pub(super) unit: String,
}

/// What follow-ups found after some months.
#[derive(Debug, QueryableByName)]
pub(super) struct Outcome {
    #[diesel(sql_type = SmallInt)]
    pub(super) month_mark: i16,
    #[diesel(sql_type = BigInt)]
    pub(super) visited: i64,
    #[diesel(sql_type = BigInt)]
    pub(super) met: i64,
    #[diesel(sql_type = BigInt)]
    pub(super) assets: i64,
    #[diesel(sql_type = BigInt)]
    pub(super) in_use: i64,
    #[diesel(sql_type = BigInt)]
    pub(super) earning: i64,
    #[diesel(sql_type = BigInt)]
    pub(super) higher_income: i64,
    #[diesel(sql_type = BigInt)]
    pub(super) off_aid: i64,
}
