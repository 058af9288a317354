//! Evidence packs as rows, documents and answers, and what they are made from.

mod inputs;

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use utoipa::{IntoParams, ToSchema};

use crate::domain::{CompanyId, Digest, EvidencePackId, PledgeId};
use crate::http::{ByCreation, ByVersion, File, Whole};
use crate::schema::evidence_packs;

pub(super) use inputs::{
    Complaints, Correction, HandoverDay, Inputs, Outcome, Parties, Reached, ReceiptFact, ReturnDay, Selection,
    TrainingFact,
};

/// Name and version of the form of the document.
pub(super) const FORMAT: &str = "sinergi-evidence-pack/1";

/// A version of the evidence of a pledge, or of all pledges of a company for a year.
#[derive(Debug, Clone, Serialize, ToSchema, HasQuery)]
#[diesel(table_name = evidence_packs)]
pub(crate) struct EvidencePack {
    /// Id of the pack
    pub(crate) id: EvidencePackId,
    /// Pledge it is about; `null` where it is about all pledges of the company for the year
    pub(crate) pledge_id: Option<PledgeId>,
    /// Company that pledged
    pub(crate) company_id: CompanyId,
    /// Year the pledge is for
    #[schema(minimum = 2020, maximum = 2100)]
    pub(crate) year: i16,
    /// Place among the packs of the pledge, or of the company's year; the `ETag`
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

/// A version of the evidence, with the document.
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
    /// Pledge it is about; `null` where it is about all pledges of the company for the year
    pub(crate) pledge_id: Option<PledgeId>,
    /// Company that pledged
    pub(crate) company_id: CompanyId,
    /// Year the pledge is for
    #[schema(minimum = 2020, maximum = 2100)]
    pub(crate) year: i16,
    /// Place among the packs of the pledge, or of the company's year
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

impl PackDocument {
    fn group(&self, number: u8) -> Option<&PackGroup> {
        self.groups.iter().find(|group| group.number == number)
    }

    /// The value of a fact, where it has one.
    pub(super) fn fact(&self, number: u8, code: &str) -> Option<&str> {
        self.group(number)?.facts.iter().find(|fact| fact.code == code)?.value.as_deref()
    }

    /// The rows of a table.
    pub(super) fn rows(&self, number: u8, code: &'static str) -> impl Iterator<Item = NamedRow<'_>> {
        let tables = self.group(number).into_iter().flat_map(|group| &group.tables);
        tables.filter(move |table| table.code == code).flat_map(PackTable::named)
    }
}

impl PackTable {
    /// Its rows, each with the names of its cells.
    pub(super) fn named(&self) -> impl Iterator<Item = NamedRow<'_>> {
        self.rows.iter().map(|row| NamedRow { columns: &self.columns, cells: &row.cells })
    }
}

/// A row whose cells are found by name.
#[derive(Debug, Clone, Copy)]
pub(super) struct NamedRow<'a> {
    columns: &'a [PackColumn],
    cells: &'a [PackCell],
}

impl<'a> NamedRow<'a> {
    /// The value of a cell; empty where there is none.
    pub(super) fn cell(&self, code: &str) -> &'a str {
        let at = self.columns.iter().position(|column| column.code == code);
        at.and_then(|at| self.cells.get(at)).map(|cell| cell.0.as_str()).unwrap_or_default()
    }

    /// The name of a cell for readers.
    pub(super) fn label(&self, code: &str) -> &'a str {
        self.columns.iter().find(|column| column.code == code).map(|column| column.label.as_str()).unwrap_or_default()
    }
}

/// A pack to make; nothing more is to be said.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({}))]
pub(crate) struct NewEvidencePack {}

/// A pack of a company's year to make.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "company_id": "019b7542-7400-7000-8000-0000000000c1", "year": 2026 }))]
pub(crate) struct NewAnnualEvidencePack {
    /// Company that pledged; a company names itself
    pub(crate) company_id: CompanyId,
    /// Year that the pledges are for
    pub(crate) year: Whole<2020, 2100>,
}

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

/// Which packs of companies' years.
#[derive(Debug, Deserialize, Serialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct AnnualEvidencePackFilter {
    /// Of this company
    #[param(inline)]
    pub(super) company_id: Option<CompanyId>,
    /// Of pledges for this year
    #[param(inline)]
    pub(super) year: Option<Whole<2020, 2100>>,
    /// In which order
    #[param(inline, default = "created_at")]
    pub(super) sort: Option<ByCreation>,
}
