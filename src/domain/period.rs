//! Periods of cycles and welfare ranks.

use chrono::{Datelike, NaiveDate};
use diesel::deserialize::{self, FromSql, FromSqlRow};
use diesel::expression::AsExpression;
use diesel::pg::{Pg, PgValue};
use diesel::serialize::{self, Output, ToSql};
use serde::{Deserialize, Serialize};
use utoipa::openapi::schema::{KnownFormat, ObjectBuilder, SchemaFormat, Type};
use utoipa::openapi::{RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

/// A period, named by its first day: `2026-11-01` is November 2026. Years 2000 to 2199.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, AsExpression, FromSqlRow,
)]
#[serde(try_from = "NaiveDate")]
#[diesel(sql_type = diesel::sql_types::Date)]
pub struct Period(NaiveDate);

impl Period {
    /// The period that begins on a day; `None` unless it is the first of a month.
    #[must_use]
    pub fn starting(day: NaiveDate) -> Option<Self> {
        (day.day() == 1 && (2000..2200).contains(&day.year())).then_some(Self(day))
    }

    /// First day.
    #[must_use]
    pub fn first_day(self) -> NaiveDate {
        self.0
    }
}

impl TryFrom<NaiveDate> for Period {
    type Error = &'static str;

    fn try_from(day: NaiveDate) -> Result<Self, Self::Error> {
        Self::starting(day).ok_or("period_not_first_day")
    }
}

impl ToSql<diesel::sql_types::Date, Pg> for Period {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
        <NaiveDate as ToSql<diesel::sql_types::Date, Pg>>::to_sql(&self.0, out)
    }
}

impl FromSql<diesel::sql_types::Date, Pg> for Period {
    fn from_sql(value: PgValue<'_>) -> deserialize::Result<Self> {
        let day = <NaiveDate as FromSql<diesel::sql_types::Date, Pg>>::from_sql(value)?;
        Self::starting(day).ok_or_else(|| "a period starts on the first of a month".into())
    }
}

impl PartialSchema for Period {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(Type::String)
            .format(Some(SchemaFormat::KnownFormat(KnownFormat::Date)))
            .pattern(Some("^2[01][0-9]{2}-(0[1-9]|1[0-2])-01$"))
            .max_length(Some(10))
            .description(Some("First day of the period"))
            .examples(["2026-11-01"])
            .into()
    }
}

impl ToSchema for Period {}
