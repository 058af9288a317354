//! Faults of an import: told one by one, and as a file to mend.

use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::domain::{Line, text_enum};
use crate::error::Code;
use crate::http::ByRow;
use crate::schema::import_faults;

/// A fault of a row as the database has it.
#[derive(Debug, Clone, HasQuery)]
#[diesel(table_name = import_faults)]
pub(in crate::beneficiaries::imports) struct FaultRow {
    pub(in crate::beneficiaries::imports) row_number: i32,
    pub(in crate::beneficiaries::imports) fault_number: i16,
    pub(in crate::beneficiaries::imports) column_name: Option<String>,
    pub(in crate::beneficiaries::imports) code: String,
}

/// What is wrong with a row; never the value itself.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ImportFault {
    /// Line of the file, or row of the sheet; a header is 1
    #[schema(minimum = 1, maximum = 2_147_483_647)]
    pub row: i32,
    /// Column, where it is one; an attribute with whose it is, `members.vaccinated`
    #[schema(max_length = 60)]
    pub column: Option<String>,
    /// Code to switch on
    #[schema(max_length = 60, pattern = "^[a-z0-9_]+$", example = "nik_malformed")]
    pub code: String,
    /// What is wrong and what to do, in the language of `Accept-Language`
    #[schema(max_length = 500)]
    pub detail: String,
}

impl FaultRow {
    /// The fault in a language.
    pub(in crate::beneficiaries::imports) fn tell(self, is_indonesian: bool) -> ImportFault {
        let words = |code: Code| format!("{}. {}", code.title(is_indonesian), code.advice(is_indonesian));
        ImportFault {
            row: self.row_number,
            detail: Code::parse(&self.code).map(words).unwrap_or_default(),
            column: self.column_name,
            code: self.code,
        }
    }
}

/// Which faults of an import, in the order of the file.
#[derive(Debug, Deserialize, Serialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(in crate::beneficiaries::imports) struct FaultFilter {
    /// In which order
    #[param(inline, default = "row")]
    pub(in crate::beneficiaries::imports) sort: Option<ByRow>,
}

text_enum! {
    /// How the faulty rows are written out.
    FileKind {
        /// Cells between commas, with a byte order mark, as spreadsheets want it.
        Csv "csv",
        /// A JSON object on each line.
        Ndjson "ndjson",
    }
}

/// Why somebody fetches the faulty rows, and in which form.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "format": "csv", "purpose": "Mending the rows with the village" }))]
pub(in crate::beneficiaries::imports) struct FaultsFile {
    /// CSV, or a JSON object on each line
    pub(in crate::beneficiaries::imports) format: FileKind,
    /// Why the numbers in it are needed
    pub(in crate::beneficiaries::imports) purpose: Line,
}
