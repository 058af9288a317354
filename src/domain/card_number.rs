//! Family card number (nomor KK).

use serde::Deserialize;
use utoipa::openapi::{RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

use super::digits::SixteenDigits;

/// A family card number: region and date of issue, then a serial. Its `Debug` is masked.
///
/// Unlike a NIK it has no day + 40 rule, so its structure says less: sixteen digits, not all the same.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(try_from = "String")]
pub struct CardNumber(SixteenDigits);

impl CardNumber {
    /// Reads a family card number.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        SixteenDigits::parse(text).map(Self)
    }

    /// The full number; every use is a place where personal data leave the domain.
    #[must_use]
    pub fn reveal(&self) -> &str {
        self.0.as_str()
    }

    /// Code of the district of issue, `64.02.10`.
    #[must_use]
    pub fn district_code(&self) -> String {
        self.0.district_code()
    }

    /// The number as shown without permission: `6402********0001`.
    #[must_use]
    pub fn masked(&self) -> String {
        self.0.masked()
    }
}

impl std::fmt::Debug for CardNumber {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.masked())
    }
}

impl TryFrom<String> for CardNumber {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text).ok_or("card_number_malformed")
    }
}

impl PartialSchema for CardNumber {
    fn schema() -> RefOr<Schema> {
        SixteenDigits::schema("Family card number (nomor KK), sixteen digits", "6402101001209001")
    }
}

impl ToSchema for CardNumber {}
