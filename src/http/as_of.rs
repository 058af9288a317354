//! Reading back: the instant a client asks about.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::openapi::schema::{KnownFormat, ObjectBuilder, SchemaFormat, Type};
use utoipa::openapi::{RefOr, Schema};
use utoipa::{IntoParams, PartialSchema, ToSchema};

/// An instant that has passed: what is read is the record as it was then.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(try_from = "DateTime<Utc>")]
pub struct AsOf(pub DateTime<Utc>);

impl TryFrom<DateTime<Utc>> for AsOf {
    type Error = &'static str;

    fn try_from(at: DateTime<Utc>) -> Result<Self, Self::Error> {
        if at <= Utc::now() { Ok(Self(at)) } else { Err("date_in_future") }
    }
}

impl PartialSchema for AsOf {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(Type::String)
            .format(Some(SchemaFormat::KnownFormat(KnownFormat::DateTime)))
            .max_length(Some(40))
            .into()
    }
}

impl ToSchema for AsOf {}

/// When a single record is read as of.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Moment {
    /// The record as it was then (RFC 3339), not as it is now
    #[param(inline)]
    pub as_of: Option<AsOf>,
}
