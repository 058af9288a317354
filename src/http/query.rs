//! Query parameters: unknown ones are refused, never ignored.

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};
use chrono::{DateTime, NaiveDate, Utc};
use serde::de::DeserializeOwned;

use super::body::{is_field_name, read_words};
use crate::domain::has_plain_year;
use crate::error::{Code, Error, Fault, Refusal, Result};

/// Query parameters, parsed. `T` must say `deny_unknown_fields`: a filter that is not known is an error.
pub struct Query<T>(pub T);

impl<T: DeserializeOwned> FromRequest for Query<T> {
    type Error = Error;
    type Future = Ready<Result<Self>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(parse(request.query_string()).map(Self))
    }
}

pub(super) fn parse<T: DeserializeOwned>(query: &str) -> Result<T> {
    let pairs = serde_urlencoded::Deserializer::new(form_pairs(query));
    let parsed = serde_path_to_error::deserialize(pairs).map_err(|error| {
        let words = error.inner().to_string();
        let (code, named) = read_words(&words);
        named.map_or_else(|| refuse(&error.path().to_string(), code), |name| refuse(name, code))
    })?;
    match form_pairs(query).find(|(_, value)| is_of_no_day(value)) {
        Some((name, _)) => Err(refuse(&name, Code::WrongType)),
        None => Ok(parsed),
    }
}

/// True for a day or an instant of a year that chrono reads and the database may not know.
fn is_of_no_day(value: &str) -> bool {
    let instant = |text: &str| text.parse::<DateTime<Utc>>().map(|at| at.date_naive());
    let day = value.parse::<NaiveDate>().or_else(|_| instant(value));
    day.is_ok_and(|day| !has_plain_year(day))
}

/// The refusal of a parameter. The name of an unknown one can hold anything, such as a NIK, and is not told then.
pub(super) fn refuse(name: &str, code: Code) -> Error {
    let name = if is_field_name(name) { name } else { "" };
    let refusal = Refusal { faults: vec![Fault::new(name, code)], ..Refusal::from(of_whole(code)) };
    Error::Refused(Box::new(refusal))
}

/// A moment that has not come yet is well formed: a matter of the clock, as a rule is, and not of the shape.
fn of_whole(code: Code) -> Code {
    if code == Code::DateInFuture { Code::InvalidFields } else { Code::InvalidParameters }
}

fn form_pairs(query: &str) -> form_urlencoded::Parse<'_> {
    form_urlencoded::parse(query.as_bytes())
}
