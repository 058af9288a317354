//! The sixteen digits that a NIK and a family card number both are.

use std::ops::Range;

use utoipa::openapi::schema::{ObjectBuilder, Type};
use utoipa::openapi::{RefOr, Schema};

/// Sixteen ASCII digits, kept as text: numbers would lose leading zeros and, as floats, the last digits.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct SixteenDigits([u8; 16]);

impl SixteenDigits {
    /// Reads exactly sixteen digits that are not all the same.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let digits: [u8; 16] = text.as_bytes().try_into().ok()?;
        let first = digits.first()?;
        let is_plain = digits.iter().all(u8::is_ascii_digit);
        let is_varied = digits.iter().any(|digit| digit != first);
        (is_plain && is_varied).then_some(Self(digits))
    }

    /// The digits as text.
    pub(super) fn as_str(&self) -> &str {
        // Only ASCII digits get past `parse`, so the text is never empty here.
        std::str::from_utf8(&self.0).unwrap_or_default()
    }

    /// The number that the digits in `range` write; 0 for an empty range.
    pub(super) fn number(&self, range: Range<usize>) -> u32 {
        let digits = self.0.get(range).unwrap_or_default();
        digits.iter().fold(0, |number, digit| number * 10 + u32::from(digit - b'0'))
    }

    /// Code of the district that the first six digits name, `64.02.10`.
    pub(super) fn district_code(&self) -> String {
        let (province, regency, district) = (self.number(0..2), self.number(2..4), self.number(4..6));
        format!("{province:02}.{regency:02}.{district:02}")
    }

    /// First four and last four digits, the rest starred.
    pub(super) fn masked(&self) -> String {
        let text = self.as_str();
        let (head, tail) = (text.get(..4).unwrap_or_default(), text.get(12..).unwrap_or_default());
        format!("{head}********{tail}")
    }

    /// The schema of a number of sixteen digits.
    pub(super) fn schema(description: &str, example: &str) -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(Type::String)
            .pattern(Some("^[0-9]{16}$"))
            .min_length(Some(16))
            .max_length(Some(16))
            .description(Some(description))
            .examples([example])
            .into()
    }
}
