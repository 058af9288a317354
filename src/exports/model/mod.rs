//! Exports as rows, requests and answers.

mod filter;

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::domain::{ExportId, Line, Text, text_enum};
use crate::error::{Error, Result};
use crate::http::{AsOf, ByCreation, File};
use crate::schema::exports;

pub use filter::ExportFilter;

text_enum! {
    /// Lists that can be taken out.
    ExportedList {
        /// Families.
        Beneficiaries "beneficiaries",
        /// Live members of families.
        Members "members",
        /// Enrollments in programs.
        Enrollments "enrollments",
        /// What is due, and what of it was delivered, held and withdrawn.
        Entitlements "entitlements",
        /// What was handed over.
        Deliveries "deliveries",
        /// Needs of families, one by one.
        Needs "needs",
        /// What was handed over of what companies pledged, with minutes and proofs.
        AllocationDeliveries "allocation_deliveries",
        /// Places on the reserve lists of programs.
        Reserves "reserves",
        /// Which family took the place of which.
        Replacements "replacements",
        /// What became of pledges, by company, field and village.
        Realisations "realisations",
        /// Equipment, piece by piece.
        Assets "assets",
        /// Who has or had which piece.
        Custodies "custodies",
        /// How pieces were found.
        AssetChecks "asset_checks",
        /// Goods that came in, and where they are by now.
        StockLots "stock_lots",
        /// What moved in and out of stock.
        StockMovements "stock_movements",
        /// Trainings with their figures.
        Trainings "trainings",
        /// Who has a seat, and what of the training was attended.
        TrainingParticipants "training_participants",
        /// Certificates of trainings.
        TrainingCertificates "training_certificates",
        /// What visits found after equipment and trainings.
        FollowUps "follow_ups",
        /// Home visits of verification rounds, and others.
        Visits "visits",
        /// Village meetings with what they decided, in numbers.
        Deliberations "deliberations",
        /// Complaints but those that are kept close, without texts and names.
        Complaints "complaints",
        /// Complaints of illegal levies and of conduct, without texts and names, and those against a client left out.
        SensitiveComplaints "sensitive_complaints",
        /// Welfare ranks of families, as sources gave them.
        WelfareRanks "welfare_ranks",
        /// What looks odd on live families and their members.
        Warnings "warnings",
        /// Families on the lists of verification rounds.
        VerificationTasks "verification_tasks",
        /// Changes that one person proposed and another one decides on; a NIK in them is masked in every file.
        ChangeRequests "change_requests",
        /// Pairs of members who may be one person.
        DuplicatePairs "duplicate_pairs",
    }
}

text_enum! {
    /// Forms of a file.
    ExportFormat {
        /// Text in UTF-8, a header and one line a row.
        Csv "csv",
        /// A workbook; every 1,048,575 rows a sheet.
        Xlsx "xlsx",
        /// One JSON object a line, as the list answers it.
        Ndjson "ndjson",
    }
}

impl ExportFormat {
    /// Media type of the file.
    pub(super) fn media_type(self) -> &'static str {
        match self {
            Self::Csv => "text/csv",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Self::Ndjson => "application/x-ndjson",
        }
    }
}

text_enum! {
    /// How NIK and family card numbers are shown.
    Numbers {
        /// First and last four digits.
        Masked "masked",
        /// All sixteen digits, for a purpose.
        Full "full",
    }
}

text_enum! {
    /// Where an export stands.
    ExportStatus {
        /// Its file can be fetched.
        Ready "ready",
        /// Its file is on its way.
        Running "running",
        /// Its file was handed out whole; it can be fetched again.
        Done "done",
        /// Its file was cut off; it can be fetched again.
        Failed "failed",
        /// No file of it is given out any more.
        Cancelled "cancelled",
    }
}

/// A list to take out.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "list": "beneficiaries", "format": "csv", "filter": { "village_code": "64.02.10.2004", "decile_max": 4 },
    "fields": ["id", "card_number", "head_name", "member_count", "decile", "address"]
}))]
pub struct NewExport {
    /// Which list
    pub list: ExportedList,
    /// Form of the file
    pub format: ExportFormat,
    /// Which rows; all where it is left out
    #[serde(default)]
    pub filter: ExportFilter,
    /// Names of fields of the rows, in the order of the columns; all where it is left out
    #[schema(min_items = 1, max_items = 40)]
    pub fields: Option<Vec<Text<40>>>,
    /// The list as it was then (RFC 3339); entitlements, needs, reserves, meetings, realisations, handovers of pledged
    /// aid, lists of rounds, change requests and pairs are among those that keep no past versions
    #[schema(inline)]
    pub as_of: Option<AsOf>,
    /// `full` needs the permission `nik:read` and a purpose
    #[serde(default = "masked")]
    #[schema(default = "masked")]
    pub numbers: Numbers,
    /// What full numbers are needed for; kept with the record of the read
    pub purpose: Option<Line>,
}

fn masked() -> Numbers {
    Numbers::Masked
}

/// An export as the database has it.
#[derive(Debug, Clone, HasQuery, Insertable)]
#[diesel(table_name = exports, treat_none_as_default_value = false)]
pub(super) struct ExportRow {
    pub(super) id: ExportId,
    pub(super) client_id: String,
    pub(super) list: ExportedList,
    pub(super) format: ExportFormat,
    pub(super) filter: serde_json::Value,
    pub(super) fields: Vec<String>,
    pub(super) as_of: Option<DateTime<Utc>>,
    pub(super) numbers: Numbers,
    pub(super) purpose: Option<String>,
    pub(super) status: ExportStatus,
    pub(super) rows_written: i32,
    pub(super) created_at: DateTime<Utc>,
    pub(super) started_at: Option<DateTime<Utc>>,
    pub(super) progress_at: Option<DateTime<Utc>>,
    pub(super) finished_at: Option<DateTime<Utc>>,
    pub(super) expires_at: DateTime<Utc>,
}

impl ExportRow {
    /// Which rows were asked for.
    pub(super) fn filter(&self) -> Result<ExportFilter> {
        serde_json::from_value(self.filter.clone()).map_err(Error::internal)
    }

    /// Name of the file: `beneficiaries-20261128.csv`.
    pub(super) fn file_name(&self) -> String {
        format!("{}-{}.{}", self.list.as_str(), self.created_at.format("%Y%m%d"), self.format.as_str())
    }
}

/// A list that a client takes out as a file.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Export {
    /// Id of the export
    pub id: ExportId,
    /// Which list
    pub list: ExportedList,
    /// Form of the file
    pub format: ExportFormat,
    /// Which rows
    pub filter: ExportFilter,
    /// Which fields of them, in the order of the columns
    #[schema(max_items = 40, example = json!(["id", "card_number", "head_name"]))]
    pub fields: Vec<String>,
    /// The instant that the list is read as of; absent where it is read as it is when the file is fetched
    #[serde(skip_serializing_if = "Option::is_none")]
    pub as_of: Option<DateTime<Utc>>,
    /// How numbers are shown
    pub numbers: Numbers,
    /// What full numbers are needed for
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 200)]
    pub purpose: Option<String>,
    /// Where it stands
    pub status: ExportStatus,
    /// Rows that the last fetch has handed out so far; all of them once it is done
    #[schema(minimum = 0, maximum = 2_147_483_647)]
    pub rows_written: i32,
    /// When it was asked for
    pub created_at: DateTime<Utc>,
    /// When its file was last fetched
    pub started_at: Option<DateTime<Utc>>,
    /// When the last fetch ended
    pub finished_at: Option<DateTime<Utc>>,
    /// Until when its file can be fetched
    pub expires_at: DateTime<Utc>,
}

impl TryFrom<ExportRow> for Export {
    type Error = Error;

    fn try_from(row: ExportRow) -> Result<Self> {
        Ok(Self {
            id: row.id,
            filter: row.filter()?,
            list: row.list,
            format: row.format,
            fields: row.fields,
            as_of: row.as_of,
            numbers: row.numbers,
            purpose: row.purpose,
            status: row.status,
            rows_written: row.rows_written,
            created_at: row.created_at,
            started_at: row.started_at,
            finished_at: row.finished_at,
            expires_at: row.expires_at,
        })
    }
}

/// The end of an export.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({}))]
pub(super) struct NewExportCancellation {}

/// Which of your exports, newest first.
#[derive(Debug, Deserialize, Serialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct OwnExports {
    /// In which order
    #[param(inline, default = "-created_at")]
    pub(super) sort: Option<ByCreation>,
}

/// The file of an export, in the form that was asked for.
pub(super) type ExportFile = File<{ 1 << 40 }>;
