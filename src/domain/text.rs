//! Text from outside: of known length, without characters that a page, a log or Postgres would trip over.

use std::str::FromStr;

use diesel::deserialize::{self, FromSql, FromSqlRow};
use diesel::expression::AsExpression;
use diesel::pg::{Pg, PgValue};
use diesel::serialize::{self, Output, ToSql};
use serde::{Deserialize, Serialize};
use utoipa::openapi::schema::{ObjectBuilder, Type};
use utoipa::openapi::{RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

/// Text of 1 to `MAX` characters, not blank, with no control and no invisible direction characters.
///
/// U+0000 is refused here, before Postgres refuses it with an error of its own.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, AsExpression, FromSqlRow)]
#[serde(try_from = "String")]
#[diesel(sql_type = diesel::sql_types::Text)]
pub struct Text<const MAX: usize>(String);

/// A person's or a thing's name.
pub type Name = Text<120>;
/// One line: a title, an address, a number of a decree.
pub type Line = Text<200>;
/// A few sentences.
pub type Note = Text<2000>;

impl<const MAX: usize> Text<MAX> {
    /// What the schema says of the text.
    ///
    /// Both ends are visible; between them anything but control, direction and zero-width characters.
    pub const PATTERN: &'static str = r"^[^\u0000-\u0020\u007f-\u00a0\u1680\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000\ufeff]([^\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]*[^\u0000-\u0020\u007f-\u00a0\u1680\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000\ufeff])?$";

    /// Reads text; surrounding spaces are the sender's mistake and are refused, not cut.
    ///
    /// # Errors
    /// `text_empty`, `text_too_long` or `text_has_hidden_characters`.
    pub fn parse(text: &str) -> Result<Self, &'static str> {
        if text.is_empty() {
            return Err("text_empty");
        }
        if text.chars().count() > MAX {
            return Err("text_too_long");
        }
        if text.chars().any(is_hidden) || text.starts_with(is_blank) || text.ends_with(is_blank) {
            return Err("text_has_hidden_characters");
        }
        Ok(Self(text.to_owned()))
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn is_hidden(character: char) -> bool {
    matches!(
        character,
        '\u{0}'..='\u{1f}' | '\u{7f}'..='\u{9f}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}'
    )
}

fn is_blank(character: char) -> bool {
    matches!(character, ' ' | '\u{a0}' | '\u{1680}' | '\u{2000}'..='\u{200a}' | '\u{202f}' | '\u{205f}' | '\u{3000}')
}

impl<const MAX: usize> FromStr for Text<MAX> {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text)
    }
}

impl<const MAX: usize> TryFrom<String> for Text<MAX> {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text)
    }
}

impl<const MAX: usize> std::fmt::Display for Text<MAX> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl<const MAX: usize> ToSql<diesel::sql_types::Text, Pg> for Text<MAX> {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
        <str as ToSql<diesel::sql_types::Text, Pg>>::to_sql(&self.0, out)
    }
}

impl<const MAX: usize> FromSql<diesel::sql_types::Text, Pg> for Text<MAX> {
    fn from_sql(value: PgValue<'_>) -> deserialize::Result<Self> {
        <String as FromSql<diesel::sql_types::Text, Pg>>::from_sql(value).map(Self)
    }
}

impl<const MAX: usize> PartialSchema for Text<MAX> {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(Type::String)
            .min_length(Some(1))
            .max_length(Some(MAX))
            .pattern(Some(Self::PATTERN))
            .into()
    }
}

impl<const MAX: usize> ToSchema for Text<MAX> {
    fn name() -> std::borrow::Cow<'static, str> {
        std::borrow::Cow::Owned(format!("Text{MAX}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_that_would_trip_somebody_is_refused() {
        for wrong in ["", " ", " a", "a ", "a\u{0}b", "a\nb", "a\u{202e}b", "a\u{200b}b", &"x".repeat(121)] {
            assert!(Name::parse(wrong).is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn letters_of_any_script_and_marks_are_kept() {
        for right in ["Siti Aminah", "O'Brien-Ñu", "李", "Né\u{301}", "🙂", "a b"] {
            assert_eq!(Name::parse(right).unwrap().as_str(), right);
        }
    }
}
