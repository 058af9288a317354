//! Versions as rows and answers.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Bytea, Integer, Jsonb, Nullable, Text as SqlText, Timestamptz};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};

use crate::domain::Line;
use crate::http::ByVersion;

/// Why a version is replaced: kept beside the version that was.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Why<'a> {
    /// operationId of the API.
    pub(crate) operation: &'static str,
    /// What the client told; no personal data.
    pub(crate) reason: Option<&'a Line>,
}

impl<'a> Why<'a> {
    /// By an operation, without more.
    pub(crate) fn of(operation: &'static str) -> Self {
        Self { operation, reason: None }
    }

    /// With what the client told.
    pub(crate) fn told(self, reason: Option<&'a Line>) -> Self {
        Self { reason, ..self }
    }
}

/// A version of a record, beside the one that it replaced.
#[derive(Debug, QueryableByName)]
pub(super) struct VersionRow {
    #[diesel(sql_type = Integer)]
    pub(super) area_id: i32,
    #[diesel(sql_type = Integer)]
    pub(super) version: i32,
    #[diesel(sql_type = Timestamptz)]
    pub(super) valid_from: DateTime<Utc>,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    pub(super) valid_to: Option<DateTime<Utc>>,
    #[diesel(sql_type = Jsonb)]
    pub(super) record: Value,
    #[diesel(sql_type = Nullable<Bytea>)]
    pub(super) sealed: Option<Vec<u8>>,
    #[diesel(sql_type = Nullable<SqlText>)]
    pub(super) client_id: Option<String>,
    #[diesel(sql_type = Nullable<SqlText>)]
    pub(super) operation: Option<String>,
    #[diesel(sql_type = Nullable<SqlText>)]
    pub(super) reason: Option<String>,
    #[diesel(sql_type = Nullable<Integer>)]
    pub(super) area_before: Option<i32>,
    #[diesel(sql_type = Nullable<Jsonb>)]
    pub(super) before: Option<Value>,
    #[diesel(sql_type = Nullable<Bytea>)]
    pub(super) sealed_before: Option<Vec<u8>>,
}

/// Who made the first version, by the record of writes.
#[derive(Debug, QueryableByName)]
pub(super) struct Origin {
    #[diesel(sql_type = SqlText)]
    pub(super) client_id: String,
    #[diesel(sql_type = SqlText)]
    pub(super) operation: String,
}

/// A version of a record: from when to when it held, who made it and why, and what it changed.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct RecordVersion {
    /// The version, as its `ETag` told it
    #[schema(minimum = 1, maximum = 2_147_483_647)]
    pub(super) version: i32,
    /// From this instant on
    pub(super) valid_from: DateTime<Utc>,
    /// Before this instant; absent while it holds
    pub(super) valid_to: Option<DateTime<Utc>>,
    /// Client that made it; absent where the version came from a file
    #[schema(example = "sandbox-kecamatan", max_length = 63)]
    pub(super) client_id: Option<String>,
    /// `operationId` of this document that made it; absent where no operation did
    #[schema(example = "update_beneficiary", max_length = 60)]
    pub(super) operation: Option<String>,
    /// Why, where the client told
    #[schema(example = "Pindah ke rumah orang tua", max_length = 200)]
    pub(super) reason: Option<String>,
    /// What differs from the version before; empty for the first one that you may see
    #[schema(max_items = 100)]
    pub(super) changes: Vec<FieldDifference>,
}

/// One field that a version changed.
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(super) struct FieldDifference {
    /// Field of the record
    #[schema(example = "address", max_length = 60)]
    pub(super) field: String,
    /// What it was, as text; absent where there was nothing. Numbers of persons and cards are masked
    #[schema(example = "RT 03 Jalan Belayan", max_length = 20_000)]
    pub(super) before: Option<String>,
    /// What it became, as text
    #[schema(example = "RT 04 Jalan Belayan", max_length = 20_000)]
    pub(super) after: Option<String>,
}

/// In which order.
#[derive(Debug, Deserialize, Serialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct VersionFilter {
    /// In which order
    #[param(inline, default = "-version")]
    pub(super) sort: Option<ByVersion>,
}
