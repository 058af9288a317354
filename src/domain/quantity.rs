//! Quantities of goods, seats, units and money, exact to a thousandth.

use std::str::FromStr;

use bigdecimal::rounding::RoundingMode;
use bigdecimal::{BigDecimal, Signed, ToPrimitive, Zero};
use diesel::deserialize::{self, FromSql, FromSqlRow};
use diesel::expression::AsExpression;
use diesel::pg::{Pg, PgValue};
use diesel::serialize::{self, Output, ToSql};
use serde::{Deserialize, Serialize};
use utoipa::openapi::schema::{ObjectBuilder, Type};
use utoipa::openapi::{RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

use super::Rupiah;

/// An exact decimal of at most twelve digits before and three after the point, never below zero.
///
/// In JSON a string such as `"10"` or `"2.5"`, because a JSON number may become a float on its way.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, AsExpression, FromSqlRow)]
#[serde(try_from = "String", into = "String")]
#[diesel(sql_type = diesel::sql_types::Numeric)]
pub struct Quantity(BigDecimal);

impl Quantity {
    /// Form of the JSON string.
    pub const PATTERN: &'static str = "^(0|[1-9][0-9]{0,11})([.][0-9]{1,3})?$";

    /// Nothing.
    #[must_use]
    pub fn zero() -> Self {
        Self(BigDecimal::zero())
    }

    /// A whole number of units.
    #[must_use]
    pub fn whole(units: u32) -> Self {
        Self(BigDecimal::from(units))
    }

    /// So many rupiah.
    #[must_use]
    pub fn rupiah(amount: Rupiah) -> Self {
        Self(BigDecimal::from(amount.amount()))
    }

    /// What is left once so many percent are cut; the cut is whole units, rounded down.
    #[must_use]
    pub fn less_percent(&self, percent: i64) -> Self {
        let cut = (&self.0 * BigDecimal::from(percent) / BigDecimal::from(100)).with_scale_round(0, RoundingMode::Down);
        Self(&self.0 - cut)
    }

    /// The part of this that `share` is of `all`, rounded down to so many digits after the point; nothing of nothing.
    #[must_use]
    pub fn part(&self, share: &Self, all: &Self, digits: u8) -> Self {
        if all.is_zero() {
            return Self::zero();
        }
        Self((&self.0 * &share.0 / &all.0).with_scale_round(i64::from(digits), RoundingMode::Down))
    }

    /// True where there is nothing.
    #[must_use]
    pub fn is_zero(&self) -> bool {
        self.0.is_zero()
    }

    /// The sum.
    #[must_use]
    pub fn plus(&self, other: &Self) -> Self {
        Self(&self.0 + &other.0)
    }

    /// What is left after taking `other` away; `None` where that would be below zero.
    #[must_use]
    pub fn minus(&self, other: &Self) -> Option<Self> {
        (self.0 >= other.0).then(|| Self(&self.0 - &other.0))
    }

    /// What of it goes beyond `other`; nothing where that is as much or more.
    #[must_use]
    pub fn beyond(&self, other: &Self) -> Self {
        self.minus(other).unwrap_or_else(Self::zero)
    }

    /// So many times this, as text: it may have more digits than a quantity can.
    #[must_use]
    pub fn times(&self, count: u64) -> String {
        self.many(count).to_string()
    }

    /// So many times this, to add up: it may have more digits than a request can say.
    #[must_use]
    pub fn many(&self, count: u64) -> Self {
        Self(&self.0 * BigDecimal::from(count))
    }

    /// How many portions this holds whole, and how many it takes to hold all of it; none of nothing.
    #[must_use]
    pub fn portions(&self, portion: &Self) -> (u32, u32) {
        let (all, one) = (self.thousandths(), portion.thousandths());
        if one == 0 {
            return (0, 0);
        }
        let narrow = |count: u64| u32::try_from(count).unwrap_or(u32::MAX);
        (narrow(all / one), narrow(all.div_ceil(one)))
    }

    fn thousandths(&self) -> u64 {
        self.0.with_scale(3).into_bigint_and_exponent().0.to_u64().unwrap_or(u64::MAX)
    }

    /// True where there is no part of a unit.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.0.is_integer()
    }

    pub(super) fn decimal(&self) -> &BigDecimal {
        &self.0
    }

    fn has_form(text: &str) -> bool {
        let (whole, part) = text.split_once('.').map_or((text, None), |(whole, part)| (whole, Some(part)));
        let is_number = |digits: &str, most: usize| {
            (1..=most).contains(&digits.len()) && digits.bytes().all(|digit| digit.is_ascii_digit())
        };
        is_number(whole, 12) && (whole == "0" || !whole.starts_with('0')) && part.is_none_or(|part| is_number(part, 3))
    }
}

impl FromStr for Quantity {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if !Self::has_form(text) {
            return Err("quantity_malformed");
        }
        BigDecimal::from_str(text).map(Self).map_err(|_| "quantity_malformed")
    }
}

impl TryFrom<String> for Quantity {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<Quantity> for String {
    fn from(quantity: Quantity) -> Self {
        quantity.to_string()
    }
}

impl std::fmt::Display for Quantity {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0.normalized().to_plain_string())
    }
}

impl ToSql<diesel::sql_types::Numeric, Pg> for Quantity {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
        <BigDecimal as ToSql<diesel::sql_types::Numeric, Pg>>::to_sql(&self.0, out)
    }
}

impl FromSql<diesel::sql_types::Numeric, Pg> for Quantity {
    fn from_sql(value: PgValue<'_>) -> deserialize::Result<Self> {
        let number = <BigDecimal as FromSql<diesel::sql_types::Numeric, Pg>>::from_sql(value)?;
        if number.is_negative() { Err("quantity below zero".into()) } else { Ok(Self(number)) }
    }
}

impl PartialSchema for Quantity {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(Type::String)
            .pattern(Some(Self::PATTERN))
            .max_length(Some(16))
            .description(Some("Exact decimal as text, at most three digits after the point"))
            .examples(["10"])
            .into()
    }
}

impl ToSchema for Quantity {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_comes_back_as_the_shortest_form() {
        for (written, shown) in [("10", "10"), ("2.50", "2.5"), ("0.001", "0.001"), ("100.000", "100"), ("0", "0")] {
            assert_eq!(written.parse::<Quantity>().unwrap().to_string(), shown);
        }
    }

    #[test]
    fn many_times_a_quantity_is_exact() {
        let half = "2.500".parse::<Quantity>().unwrap();
        assert_eq!((half.times(3), half.times(0)), ("7.5".to_owned(), "0".to_owned()));
        assert_eq!("999999999999.999".parse::<Quantity>().unwrap().times(93_000_000), "92999999999999907000");
    }

    #[test]
    fn portions_are_counted_whole_and_rounded_up() {
        let portions = |all: &str, one: &str| all.parse::<Quantity>().unwrap().portions(&one.parse().unwrap());
        assert_eq!(portions("7", "1"), (7, 7));
        assert_eq!(portions("250", "100"), (2, 3));
        assert_eq!(portions("0.3", "0.1"), (3, 3));
        assert_eq!(portions("0.001", "12"), (0, 1));
        assert_eq!(portions("5", "0"), (0, 0));
        assert_eq!(portions("999999999999.999", "0.001"), (u32::MAX, u32::MAX));
    }

    #[test]
    fn what_is_no_plain_decimal_is_refused() {
        for wrong in ["", "-1", "01", "1e3", "1.", ".5", "1.0001", "1234567890123", "١", "+1", " 1", "NaN"] {
            assert!(wrong.parse::<Quantity>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn nothing_goes_below_zero() {
        let (two, three) = (Quantity::whole(2), Quantity::whole(3));
        assert_eq!(three.minus(&two), Some(Quantity::whole(1)));
        assert_eq!(two.minus(&three), None);
    }
}
