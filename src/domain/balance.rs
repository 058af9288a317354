//! What stands in an account, or moves through it.

use std::ops::{AddAssign, SubAssign};

use bigdecimal::{BigDecimal, Signed};
use diesel::deserialize::{self, FromSql, FromSqlRow};
use diesel::expression::AsExpression;
use diesel::pg::{Pg, PgValue};
use diesel::serialize::{self, Output, ToSql};
use serde::{Serialize, Serializer};
use utoipa::openapi::schema::{ObjectBuilder, Type};
use utoipa::openapi::{RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

use super::Quantity;

/// An exact decimal that may be below zero; in JSON a string, as a [`Quantity`] is.
#[derive(Debug, Clone, Default, PartialEq, Eq, AsExpression, FromSqlRow)]
#[diesel(sql_type = diesel::sql_types::Numeric)]
pub struct Balance(BigDecimal);

impl Balance {
    /// True below zero.
    #[must_use]
    pub fn is_negative(&self) -> bool {
        self.0.is_negative()
    }

    /// The sum.
    #[must_use]
    pub fn plus(&self, other: &Self) -> Self {
        Self(&self.0 + &other.0)
    }

    /// Without its sign.
    #[must_use]
    pub fn size(&self) -> Self {
        Self(self.0.abs())
    }
}

impl AddAssign<&Quantity> for Balance {
    fn add_assign(&mut self, quantity: &Quantity) {
        self.0 += quantity.decimal();
    }
}

impl SubAssign<&Quantity> for Balance {
    fn sub_assign(&mut self, quantity: &Quantity) {
        self.0 -= quantity.decimal();
    }
}

impl std::fmt::Display for Balance {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0.normalized().to_plain_string())
    }
}

impl Serialize for Balance {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl ToSql<diesel::sql_types::Numeric, Pg> for Balance {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
        <BigDecimal as ToSql<diesel::sql_types::Numeric, Pg>>::to_sql(&self.0, out)
    }
}

impl FromSql<diesel::sql_types::Numeric, Pg> for Balance {
    fn from_sql(value: PgValue<'_>) -> deserialize::Result<Self> {
        <BigDecimal as FromSql<diesel::sql_types::Numeric, Pg>>::from_sql(value).map(Self)
    }
}

impl PartialSchema for Balance {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(Type::String)
            .pattern(Some("^-?(0|[1-9][0-9]{0,14})([.][0-9]{1,3})?$"))
            .max_length(Some(20))
            .description(Some("Exact decimal as text, which may be below zero"))
            .examples(["200"])
            .into()
    }
}

impl ToSchema for Balance {}
