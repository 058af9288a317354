//! Money.

use diesel::deserialize::{self, FromSql, FromSqlRow};
use diesel::expression::AsExpression;
use diesel::pg::{Pg, PgValue};
use diesel::serialize::{self, Output, ToSql};
use serde::{Deserialize, Serialize};
use utoipa::openapi::schema::{KnownFormat, ObjectBuilder, SchemaFormat, Type};
use utoipa::openapi::{RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

/// Whole rupiah, from 0 to a thousand million million: checked arithmetic, no fractions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, AsExpression, FromSqlRow)]
#[serde(try_from = "i64")]
#[diesel(sql_type = diesel::sql_types::BigInt)]
pub struct Rupiah(i64);

impl Rupiah {
    /// Largest amount held.
    pub const MAX: i64 = 1_000_000_000_000_000;

    /// Makes an amount; `None` outside 0 to [`Rupiah::MAX`].
    #[must_use]
    pub fn new(amount: i64) -> Option<Self> {
        (0..=Self::MAX).contains(&amount).then_some(Self(amount))
    }

    /// The amount as a plain number.
    #[must_use]
    pub fn amount(self) -> i64 {
        self.0
    }
}

impl TryFrom<i64> for Rupiah {
    type Error = &'static str;

    fn try_from(amount: i64) -> Result<Self, Self::Error> {
        Self::new(amount).ok_or("amount_out_of_range")
    }
}

impl ToSql<diesel::sql_types::BigInt, Pg> for Rupiah {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
        <i64 as ToSql<diesel::sql_types::BigInt, Pg>>::to_sql(&self.0, out)
    }
}

impl FromSql<diesel::sql_types::BigInt, Pg> for Rupiah {
    fn from_sql(value: PgValue<'_>) -> deserialize::Result<Self> {
        let amount = <i64 as FromSql<diesel::sql_types::BigInt, Pg>>::from_sql(value)?;
        Self::new(amount).ok_or_else(|| "amount outside the range of rupiah".into())
    }
}

impl PartialSchema for Rupiah {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(Type::Integer)
            .format(Some(SchemaFormat::KnownFormat(KnownFormat::Int64)))
            .minimum(Some(0))
            .maximum(Some(Self::MAX))
            .description(Some("Whole rupiah"))
            .into()
    }
}

impl ToSchema for Rupiah {}
