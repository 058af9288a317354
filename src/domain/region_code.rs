//! Official region codes (Kemendagri), as far as records carry them.

use diesel::deserialize::{self, FromSql, FromSqlRow};
use diesel::expression::AsExpression;
use diesel::pg::{Pg, PgValue};
use diesel::serialize::{self, Output, ToSql};
use serde::{Deserialize, Serialize};
use utoipa::openapi::schema::{ObjectBuilder, Type};
use utoipa::openapi::{RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

/// True where the text has one of the forms, which `|` parts.
fn has_form(text: &str, forms: &str) -> bool {
    forms.split('|').any(|form| {
        text.len() == form.len()
            && text.bytes().zip(form.bytes()).all(|(byte, place)| match place {
                b'.' => byte == b'.',
                _ => byte.is_ascii_digit(),
            })
    })
}

macro_rules! region_code {
    ($(#[$doc:meta])* $name:ident, $form:literal, $pattern:literal, $length:literal, $fault:literal, $example:literal) => {
        $(#[$doc])*
        #[derive(
            Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, AsExpression, FromSqlRow,
        )]
        #[serde(try_from = "String")]
        #[diesel(sql_type = diesel::sql_types::Text)]
        pub struct $name(String);

        impl $name {
            /// Reads a code of the right form; whether the region exists is for the regions table to say.
            #[must_use]
            pub fn parse(text: &str) -> Option<Self> {
                has_form(text, $form).then(|| Self(text.to_owned()))
            }

            /// The code as text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl std::str::FromStr for $name {
            type Err = &'static str;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Self::parse(text).ok_or($fault)
            }
        }

        impl TryFrom<String> for $name {
            type Error = &'static str;

            fn try_from(text: String) -> Result<Self, Self::Error> {
                Self::parse(&text).ok_or($fault)
            }
        }

        impl ToSql<diesel::sql_types::Text, Pg> for $name {
            fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
                <str as ToSql<diesel::sql_types::Text, Pg>>::to_sql(&self.0, out)
            }
        }

        impl FromSql<diesel::sql_types::Text, Pg> for $name {
            fn from_sql(value: PgValue<'_>) -> deserialize::Result<Self> {
                let text = <String as FromSql<diesel::sql_types::Text, Pg>>::from_sql(value)?;
                Self::parse(&text).ok_or_else(|| "not the form of a region code".into())
            }
        }

        impl PartialSchema for $name {
            fn schema() -> RefOr<Schema> {
                ObjectBuilder::new()
                    .schema_type(Type::String)
                    .pattern(Some($pattern))
                    .max_length(Some($length))
                    .examples([$example])
                    .into()
            }
        }

        impl ToSchema for $name {}
    };
}

region_code! {
    /// Code of a village, `64.02.10.2004`. The fourth part starts 2 for desa, 1 for kelurahan, 3 for desa adat.
    VillageCode, "00.00.00.0000", "^[0-9]{2}[.][0-9]{2}[.][0-9]{2}[.][0-9]{4}$", 13, "village_code_malformed", "64.02.10.2004"
}

region_code! {
    /// Code of a sub-district (kecamatan), `64.02.10`.
    DistrictCode, "00.00.00", "^[0-9]{2}[.][0-9]{2}[.][0-9]{2}$", 8, "district_code_malformed", "64.02.10"
}

region_code! {
    /// Code of a region of any level: `64`, `64.02`, `64.02.10` or `64.02.10.2004`.
    RegionCode, "00|00.00|00.00.00|00.00.00.0000", "^[0-9]{2}([.][0-9]{2}([.][0-9]{2}([.][0-9]{4})?)?)?$", 13,
    "wrong_type", "64.02.10"
}
