//! Imports and their faults as rows and answers.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::domain::{DistrictCode, ImportId, text_enum};
use crate::error::Code;
use crate::http::{ByCreation, ByRow};
use crate::schema::{import_faults, imports};

text_enum! {
    /// What became of an import.
    ImportStatus {
        /// Rows are being decided on; nothing of them can be seen yet.
        Running "running",
        /// What is good is in.
        Applied "applied",
        /// Nothing is in: send the file again with a fresh key.
        Failed "failed",
    }
}

/// An import as the database has it.
#[derive(Debug, Clone, HasQuery, Insertable)]
#[diesel(table_name = imports, treat_none_as_default_value = false)]
pub(super) struct ImportRow {
    pub(super) area_id: i32,
    pub(super) id: ImportId,
    pub(super) client_id: String,
    pub(super) status: ImportStatus,
    pub(super) file_digest: Vec<u8>,
    pub(super) rows_read: i32,
    pub(super) rows_done: i32,
    pub(super) rows_faulty: i32,
    pub(super) families_created: i32,
    pub(super) families_changed: i32,
    pub(super) families_unchanged: i32,
    pub(super) members_created: i32,
    pub(super) members_changed: i32,
    pub(super) members_unchanged: i32,
    pub(super) created_at: DateTime<Utc>,
    pub(super) finished_at: Option<DateTime<Utc>>,
}

/// A file of families, and what became of it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Import {
    /// Id of the import
    pub id: ImportId,
    /// How far it is
    pub status: ImportStatus,
    /// Client that sent it
    #[schema(max_length = 63)]
    pub client_id: String,
    /// Rows of the file
    #[schema(minimum = 0, maximum = 2_147_483_647)]
    pub rows_read: i32,
    /// Rows decided on so far
    #[schema(minimum = 0, maximum = 2_147_483_647)]
    pub rows_done: i32,
    /// Rows not taken
    #[schema(minimum = 0, maximum = 2_147_483_647)]
    pub rows_faulty: i32,
    /// New families
    #[schema(minimum = 0, maximum = 2_147_483_647)]
    pub families_created: i32,
    /// Known families of which something changed
    #[schema(minimum = 0, maximum = 2_147_483_647)]
    pub families_changed: i32,
    /// Known families that are as the file has them
    #[schema(minimum = 0, maximum = 2_147_483_647)]
    pub families_unchanged: i32,
    /// New members
    #[schema(minimum = 0, maximum = 2_147_483_647)]
    pub members_created: i32,
    /// Known members of whom something changed
    #[schema(minimum = 0, maximum = 2_147_483_647)]
    pub members_changed: i32,
    /// Known members who are as the file has them
    #[schema(minimum = 0, maximum = 2_147_483_647)]
    pub members_unchanged: i32,
    /// When it was sent
    pub created_at: DateTime<Utc>,
    /// When it was applied or failed
    pub finished_at: Option<DateTime<Utc>>,
}

impl From<ImportRow> for Import {
    fn from(row: ImportRow) -> Self {
        Self {
            id: row.id,
            status: row.status,
            client_id: row.client_id,
            rows_read: row.rows_read,
            rows_done: row.rows_done,
            rows_faulty: row.rows_faulty,
            families_created: row.families_created,
            families_changed: row.families_changed,
            families_unchanged: row.families_unchanged,
            members_created: row.members_created,
            members_changed: row.members_changed,
            members_unchanged: row.members_unchanged,
            created_at: row.created_at,
            finished_at: row.finished_at,
        }
    }
}

/// A fault of a row as the database has it.
#[derive(Debug, Clone, HasQuery)]
#[diesel(table_name = import_faults)]
pub(super) struct FaultRow {
    pub(super) row_number: i32,
    pub(super) fault_number: i16,
    pub(super) column_name: Option<String>,
    pub(super) code: String,
}

/// What is wrong with a row; never the value itself.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ImportFault {
    /// Line of the file, the header being 1
    #[schema(minimum = 2, maximum = 2_147_483_647)]
    pub row: i32,
    /// Column, where it is one
    #[schema(max_length = 40)]
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
    pub(super) fn tell(self, is_indonesian: bool) -> ImportFault {
        let words = |code: Code| format!("{}. {}", code.title(is_indonesian), code.advice(is_indonesian));
        ImportFault {
            row: self.row_number,
            detail: Code::parse(&self.code).map(words).unwrap_or_default(),
            column: self.column_name,
            code: self.code,
        }
    }
}

/// Where the families of a file live.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct ImportTarget {
    /// Sub-district of the families; needed where you act for several
    #[param(inline)]
    pub(super) district_code: Option<DistrictCode>,
}

/// Which imports, newest first.
#[derive(Debug, Deserialize, Serialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct ImportFilter {
    /// Imports with this status
    #[param(inline)]
    pub(super) status: Option<ImportStatus>,
    /// In which order
    #[param(inline, default = "-created_at")]
    pub(super) sort: Option<ByCreation>,
}

/// Which faults of an import, in the order of the file.
#[derive(Debug, Deserialize, Serialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct FaultFilter {
    /// In which order
    #[param(inline, default = "row")]
    pub(super) sort: Option<ByRow>,
}
