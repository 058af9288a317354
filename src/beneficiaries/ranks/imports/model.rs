//! Imports of ranks and their faults as rows and answers.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::domain::{DistrictCode, RankImportId, text_enum};
use crate::error::Code;
use crate::http::{ByCreation, ByRow};
use crate::schema::{rank_import_faults, rank_imports};

text_enum! {
    /// What became of an import of ranks.
    RankImportStatus {
        /// Rows are being decided on; nothing of them can be seen yet.
        Running "running",
        /// What is good is in.
        Applied "applied",
        /// Nothing is in: send the file again with a fresh key.
        Failed "failed",
    }
}

/// A file of welfare ranks, and what became of it.
#[derive(Debug, Clone, Serialize, ToSchema, HasQuery)]
#[diesel(table_name = rank_imports)]
pub struct RankImport {
    /// Id of the import
    pub id: RankImportId,
    /// How far it is
    pub status: RankImportStatus,
    /// Client that sent it
    #[schema(max_length = 63)]
    pub client_id: String,
    /// Rows of the file
    #[schema(minimum = 0, maximum = 2_147_483_647)]
    pub rows_read: i32,
    /// Rows not taken
    #[schema(minimum = 0, maximum = 2_147_483_647)]
    pub rows_faulty: i32,
    /// New ranks
    #[schema(minimum = 0, maximum = 2_147_483_647)]
    pub ranks_added: i32,
    /// Rows whose rank was there already
    #[schema(minimum = 0, maximum = 2_147_483_647)]
    pub ranks_known: i32,
    /// Families whose latest rank is another now
    #[schema(minimum = 0, maximum = 2_147_483_647)]
    pub families_changed: i32,
    /// When it was sent
    pub created_at: DateTime<Utc>,
    /// When it was applied or failed
    pub finished_at: Option<DateTime<Utc>>,
}

/// A fault of a row as the database has it.
#[derive(Debug, Clone, HasQuery)]
#[diesel(table_name = rank_import_faults)]
pub(super) struct FaultRow {
    pub(super) row_number: i32,
    pub(super) fault_number: i16,
    pub(super) column_name: Option<String>,
    pub(super) code: String,
}

/// What is wrong with a row of a file of ranks; never the value itself.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct RankImportFault {
    /// Line of the file, the header being 1
    #[schema(minimum = 2, maximum = 2_147_483_647)]
    pub row: i32,
    /// Column, where it is one
    #[schema(max_length = 40)]
    pub column: Option<String>,
    /// Code to switch on
    #[schema(max_length = 60, pattern = "^[a-z0-9_]+$", example = "rank_differs")]
    pub code: String,
    /// What is wrong and what to do, in the language of `Accept-Language`
    #[schema(max_length = 500)]
    pub detail: String,
}

impl FaultRow {
    /// The fault in a language.
    pub(super) fn tell(self, is_indonesian: bool) -> RankImportFault {
        let words = |code: Code| format!("{}. {}", code.title(is_indonesian), code.advice(is_indonesian));
        RankImportFault {
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
pub(super) struct RankImportTarget {
    /// Sub-district of the families; needed where you act for several
    #[param(inline)]
    pub(super) district_code: Option<DistrictCode>,
}

/// Which imports of ranks, newest first.
#[derive(Debug, Deserialize, Serialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct RankImportFilter {
    /// Imports with this status
    #[param(inline)]
    pub(super) status: Option<RankImportStatus>,
    /// In which order
    #[param(inline, default = "-created_at")]
    pub(super) sort: Option<ByCreation>,
}

/// Which faults of an import of ranks, in the order of the file.
#[derive(Debug, Deserialize, Serialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct RankFaultFilter {
    /// In which order
    #[param(inline, default = "row")]
    pub(super) sort: Option<ByRow>,
}
