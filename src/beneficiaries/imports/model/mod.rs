//! Imports as rows and answers.

mod duplicates;
mod faults;
mod leavers;
mod stages;

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};

use crate::domain::{DistrictCode, ImportId, MappingId, RegionCode, text_enum};
use crate::http::ByCreation;
use crate::schema::imports;

pub(super) use duplicates::{DuplicateFilter, DuplicateRow, NewDuplicate};
pub use duplicates::{ImportDuplicate, LookSkipped, PossibleDuplicates};
pub use faults::ImportFault;
pub(super) use faults::{FaultFilter, FaultRow, FaultsFile, FileKind};
pub use leavers::ImportLeaver;
pub(super) use leavers::{LeaverFilter, LeaverRow};
pub(super) use stages::{NewImportApplication, NewImportCancellation, NewReview};

text_enum! {
    /// What became of an import.
    ImportStatus {
        /// The file is here; its rows are being checked, and nothing of them can be seen.
        Uploaded "uploaded",
        /// Every row is checked: what it would do is told, and nothing of it is done. So again where it was reviewed and
        /// could not be applied, which `failure_code` tells: its file is kept.
        Checked "checked",
        /// Somebody has looked at what it would do.
        Reviewed "reviewed",
        /// Rows are being written; nothing of them can be seen yet.
        Running "running",
        /// What is good is in.
        Applied "applied",
        /// Somebody called it off; nothing is in.
        Cancelled "cancelled",
        /// Nothing is in: send the file again with a fresh key.
        Failed "failed",
    }
}

text_enum! {
    /// How a file is written.
    FileFormat {
        /// Cells between commas, semicolons or tabs.
        Csv "csv",
        /// A JSON object on each line.
        Ndjson "ndjson",
        /// The first sheet of an Excel workbook.
        Xlsx "xlsx",
    }
}

text_enum! {
    /// When a checked file is applied.
    Apply {
        /// As soon as it is checked.
        Automatically "automatically",
        /// When somebody has reviewed it and says so.
        AfterReview "after_review",
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
    pub(super) format: FileFormat,
    pub(super) is_automatic: bool,
    pub(super) full_list_of: Option<RegionCode>,
    pub(super) mapping_id: Option<MappingId>,
    pub(super) layout: Option<Value>,
    pub(super) families_leaving: i32,
    pub(super) members_leaving: i32,
    pub(super) attempts: i32,
    pub(super) failure_code: Option<String>,
    pub(super) checked_at: Option<DateTime<Utc>>,
    pub(super) reviewed_at: Option<DateTime<Utc>>,
    pub(super) reviewed_by: Option<String>,
    pub(super) review_note: Option<String>,
    pub(super) decided_by: Option<String>,
    pub(super) allocations_reserved: i32,
    pub(super) possible_duplicates: Option<Value>,
}

impl ImportRow {
    /// An import of which nothing is decided yet.
    pub(super) fn new(area_id: i32, client_id: String, file: UploadedFile, now: DateTime<Utc>) -> Self {
        Self {
            area_id,
            id: file.id,
            client_id,
            status: if file.is_automatic { ImportStatus::Running } else { ImportStatus::Uploaded },
            file_digest: file.digest.to_vec(),
            rows_read: file.rows,
            rows_done: 0,
            rows_faulty: 0,
            families_created: 0,
            families_changed: 0,
            families_unchanged: 0,
            members_created: 0,
            members_changed: 0,
            members_unchanged: 0,
            created_at: now,
            finished_at: None,
            format: file.format,
            is_automatic: file.is_automatic,
            full_list_of: file.full_list_of,
            mapping_id: file.mapping_id,
            layout: file.layout,
            families_leaving: 0,
            members_leaving: 0,
            attempts: 0,
            failure_code: None,
            checked_at: None,
            reviewed_at: None,
            reviewed_by: None,
            review_note: None,
            decided_by: None,
            allocations_reserved: 0,
            possible_duplicates: file
                .is_automatic
                .then(|| PossibleDuplicates::skipped(LookSkipped::NotReviewed).kept()),
        }
    }
}

/// A file that has arrived, and what its sender wants of it.
#[derive(Debug, Clone)]
pub(super) struct UploadedFile {
    pub(super) id: ImportId,
    pub(super) format: FileFormat,
    pub(super) rows: i32,
    pub(super) digest: [u8; 32],
    pub(super) is_automatic: bool,
    pub(super) full_list_of: Option<RegionCode>,
    pub(super) mapping_id: Option<MappingId>,
    pub(super) layout: Option<Value>,
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
    /// How far the check, or the application, is in rows of the file: each begins at 0 and ends at all of them
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
    /// When it was applied, cancelled, or failed
    pub finished_at: Option<DateTime<Utc>>,
    /// How the file is written
    pub format: FileFormat,
    /// Whether it is applied as soon as it is checked
    pub is_automatic: bool,
    /// Village or sub-district that the file lists whole; absent where it says nothing about those it does not name
    pub full_list_of: Option<RegionCode>,
    /// Mapping that its columns were read by
    pub mapping_id: Option<MappingId>,
    /// Families that a full list no longer names
    #[schema(minimum = 0, maximum = 2_147_483_647)]
    pub families_leaving: i32,
    /// Members whom a full list no longer names
    #[schema(minimum = 0, maximum = 2_147_483_647)]
    pub members_leaving: i32,
    /// Allocations of pledged aid that wait for families who leave whole: the list of leavers names them
    #[schema(minimum = 0, maximum = 2_147_483_647)]
    pub allocations_reserved: i32,
    /// What looking for its new persons came to, when it was checked; `null` before
    pub possible_duplicates: Option<PossibleDuplicates>,
    /// Why it failed, or why one that was reviewed is `checked` again
    #[schema(max_length = 60, pattern = "^[a-z0-9_]+$", example = "file_lost")]
    pub failure_code: Option<String>,
    /// When the check of its rows ended, where it waits for a review
    pub checked_at: Option<DateTime<Utc>>,
    /// When somebody reviewed what it would do
    pub reviewed_at: Option<DateTime<Utc>>,
    /// Client that reviewed it
    #[schema(max_length = 63)]
    pub reviewed_by: Option<String>,
    /// What the reviewer wrote
    #[schema(max_length = 2000)]
    pub review_note: Option<String>,
    /// Client that applied or cancelled it
    #[schema(max_length = 63)]
    pub decided_by: Option<String>,
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
            format: row.format,
            is_automatic: row.is_automatic,
            full_list_of: row.full_list_of,
            mapping_id: row.mapping_id,
            families_leaving: row.families_leaving,
            members_leaving: row.members_leaving,
            allocations_reserved: row.allocations_reserved,
            possible_duplicates: row.possible_duplicates.and_then(PossibleDuplicates::of_kept),
            failure_code: row.failure_code,
            checked_at: row.checked_at,
            reviewed_at: row.reviewed_at,
            reviewed_by: row.reviewed_by,
            review_note: row.review_note,
            decided_by: row.decided_by,
        }
    }
}

/// What a file is for.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct ImportTarget {
    /// Sub-district of the families; needed where you act for several
    #[param(inline)]
    pub(super) district_code: Option<DistrictCode>,
    /// When the file is applied: by itself, or once somebody has reviewed what it would do. A full list is always
    /// reviewed
    #[param(inline, default = "automatically")]
    pub(super) apply: Option<Apply>,
    /// Mapping of `/v1/import-mappings` by which its columns and values are read; without one they are named as here
    #[param(inline)]
    pub(super) mapping_id: Option<MappingId>,
    /// Village or sub-district that the file lists whole: whoever lives there and is not named is shown as leaving
    #[param(inline)]
    pub(super) full_list_of: Option<RegionCode>,
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
