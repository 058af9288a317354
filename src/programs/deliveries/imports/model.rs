//! Files of results, and their rows that are no delivery, as rows and answers.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::domain::{CycleId, DeliveryImportId, EntitlementId, Period, ProgramId, Quantity, text_enum};
use crate::error::Code;
use crate::http::{ByCreation, ByRow};
use crate::schema::{cycles, delivery_import_rows, delivery_imports};

text_enum! {
    /// What became of a file of results.
    DeliveryImportStatus {
        /// Rows are being decided on; nothing of them can be seen yet.
        Running "running",
        /// What is good is in.
        Applied "applied",
        /// Nothing is in: send the file again with a fresh key.
        Failed "failed",
    }
}

text_enum! {
    /// Why a row is no delivery.
    RowOutcome {
        /// Something is wrong with it.
        Faulty "faulty",
        /// It says that nothing was handed over.
        Failed "failed",
    }
}

/// A file of results, and what became of it. Its rows are faulty, failed, added or known.
#[derive(Debug, Clone, Serialize, ToSchema, HasQuery)]
#[diesel(table_name = delivery_imports)]
pub(super) struct DeliveryImport {
    /// Id of the import
    pub(super) id: DeliveryImportId,
    /// Cycle whose results it has
    pub(super) cycle_id: CycleId,
    /// Program
    pub(super) program_id: ProgramId,
    /// How far it is
    pub(super) status: DeliveryImportStatus,
    /// Client that sent it
    #[schema(max_length = 63)]
    pub(super) client_id: String,
    /// Rows of the file
    #[schema(minimum = 0, maximum = 2_147_483_647)]
    pub(super) rows_read: i32,
    /// Rows not taken
    #[schema(minimum = 0, maximum = 2_147_483_647)]
    pub(super) rows_faulty: i32,
    /// Rows that say that nothing was handed over
    #[schema(minimum = 0, maximum = 2_147_483_647)]
    pub(super) rows_failed: i32,
    /// New deliveries
    #[schema(minimum = 0, maximum = 2_147_483_647)]
    pub(super) deliveries_added: i32,
    /// Rows whose delivery was there already
    #[schema(minimum = 0, maximum = 2_147_483_647)]
    pub(super) deliveries_known: i32,
    /// What the new deliveries come to, in the unit of the program
    pub(super) quantity_added: Quantity,
    /// When it was sent
    pub(super) created_at: DateTime<Utc>,
    /// When it was applied or failed
    pub(super) finished_at: Option<DateTime<Utc>>,
}

/// A cycle as the database has it.
#[derive(Debug, HasQuery)]
#[diesel(table_name = cycles)]
pub(super) struct FoundCycle {
    pub(super) area_id: i32,
    pub(super) program_id: ProgramId,
    pub(super) period: Period,
    pub(super) status: String,
}

/// The cycle whose results a file has.
#[derive(Debug, Clone)]
pub(super) struct ImportCycle {
    pub(super) area_id: i32,
    pub(super) id: CycleId,
    pub(super) program_id: ProgramId,
    pub(super) period: Period,
    pub(super) status: String,
    /// What the program gives has no parts.
    pub(super) is_whole: bool,
}

/// A row that is no delivery, as the database has it.
#[derive(Debug, Clone, HasQuery)]
#[diesel(table_name = delivery_import_rows)]
pub(super) struct ImportRow {
    pub(super) row_number: i32,
    pub(super) fault_number: i16,
    outcome: RowOutcome,
    entitlement_id: Option<EntitlementId>,
    failed_on: Option<NaiveDate>,
    failure_reason: Option<String>,
    column_name: Option<String>,
    code: Option<String>,
}

/// A row that is no delivery: one of its faults, or that nothing was handed over. Never a number of a family or person.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(super) struct DeliveryImportRow {
    /// Line of the file, the header being 1
    #[schema(minimum = 2, maximum = 2_147_483_647)]
    row: i32,
    /// Why it is no delivery
    outcome: RowOutcome,
    /// Entitlement that it is of, where that was found
    entitlement_id: Option<EntitlementId>,
    /// Day that it was tried, where nothing was handed over
    failed_on: Option<NaiveDate>,
    /// Why nothing was handed over, as the file says
    #[schema(max_length = 200, example = "Rekening tidak aktif")]
    failure_reason: Option<String>,
    /// Column at fault, where it is one
    #[schema(max_length = 40, example = "quantity")]
    column: Option<String>,
    /// Code of the fault, to switch on
    #[schema(max_length = 60, pattern = "^[a-z0-9_]+$", example = "entitlement_used_up")]
    code: Option<String>,
    /// What is wrong and what to do, in the language of `Accept-Language`
    #[schema(
        max_length = 500,
        example = "More than is left of the entitlement. Hand over at most what is left of it."
    )]
    detail: Option<String>,
}

impl ImportRow {
    /// The row in a language.
    pub(super) fn tell(self, is_indonesian: bool) -> DeliveryImportRow {
        let words = |code: Code| format!("{}. {}", code.title(is_indonesian), code.advice(is_indonesian));
        DeliveryImportRow {
            row: self.row_number,
            outcome: self.outcome,
            entitlement_id: self.entitlement_id,
            failed_on: self.failed_on,
            failure_reason: self.failure_reason,
            detail: self.code.as_deref().and_then(Code::parse).map(words),
            column: self.column_name,
            code: self.code,
        }
    }
}

/// Which files of results, newest first.
#[derive(Debug, Deserialize, Serialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct DeliveryImportFilter {
    /// Files of this cycle
    #[param(inline)]
    pub(super) cycle_id: Option<CycleId>,
    /// Files with this status
    #[param(inline)]
    pub(super) status: Option<DeliveryImportStatus>,
    /// In which order
    #[param(inline, default = "-created_at")]
    pub(super) sort: Option<ByCreation>,
}

/// Which rows of a file, in its order.
#[derive(Debug, Deserialize, Serialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct ImportRowFilter {
    /// Faulty rows, or those that say that nothing was handed over
    #[param(inline)]
    pub(super) outcome: Option<RowOutcome>,
    /// In which order
    #[param(inline, default = "row")]
    pub(super) sort: Option<ByRow>,
}
