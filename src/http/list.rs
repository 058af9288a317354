//! Lists as clients ask for them: which rows, which page of them, what of each row, and how many there are.

use std::future::{Future, Ready, ready};
use std::marker::PhantomData;

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::value::{RawValue, to_raw_value};
use utoipa::ToSchema;
use utoipa::openapi::{RefOr, Schema};

use super::cursor::{Cursor, CursorKey};
use super::page::{Limit, Page};
use super::pairs::Pairs;
use super::query::{parse, refuse};
use crate::domain::text_enum;
use crate::error::{Code, Error, Result};

/// Parameters that every list reads beside those of its own; the document gets them by the same names.
const SHARED: [&str; 4] = ["limit", "cursor", "fields", "count"];

/// A list as it was asked for: its own filter and order `F`, and what all lists read; its rows are `R`.
///
/// `F` must say `deny_unknown_fields`, as for [`Query`](super::Query). Names of fields are checked here, before
/// anything is read for the client.
pub struct List<F, R> {
    /// Which rows, in which order.
    pub filter: F,
    /// Rows on the page.
    pub limit: Limit,
    /// Where to go on.
    pub cursor: Option<Cursor>,
    fields: Option<Fields>,
    count: Option<Count>,
    row: PhantomData<R>,
}

impl<F: DeserializeOwned, R: ToSchema> FromRequest for List<F, R> {
    type Error = Error;
    type Future = Ready<Result<Self>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Self::read(request.query_string()))
    }
}

impl<F: DeserializeOwned, R: ToSchema> List<F, R> {
    fn read(query: &str) -> Result<Self> {
        let is_shared = |pair: &&str| SHARED.contains(&pair.split('=').next().unwrap_or_default());
        let (shared, own): (Vec<&str>, Vec<&str>) = query.split('&').partition(is_shared);
        let filter = parse(&own.join("&"))?;
        let Shared { limit, cursor, fields, count } = parse(&shared.join("&"))?;
        let fields = fields.map(|names| Fields::of::<R>(&names)).transpose()?;
        Ok(Self { filter, limit, cursor, fields, count, row: PhantomData })
    }
}

impl<F, R> List<F, R> {
    /// How many rows the whole list has, where the client asked; `count` is not begun otherwise.
    ///
    /// # Errors
    /// As `count` fails.
    pub async fn total(&self, count: impl Future<Output = Result<i64>>) -> Result<Option<i64>> {
        match self.count {
            Some(Count::Exact) => count.await.map(Some),
            None => Ok(None),
        }
    }

    /// Makes the page of rows fetched with [`Limit::rows_to_fetch`]; `place` says where a row stands in the order.
    ///
    /// # Errors
    /// Where the place cannot be written.
    pub fn page<T, P: Serialize>(
        &self,
        (rows, total): (Vec<T>, Option<i64>),
        key: &CursorKey<'_>,
        place: impl Fn(&T) -> P,
    ) -> Result<Page<T>> {
        let page = Page::new(rows, self.limit, key, place)?;
        Ok(Page { total, fields: self.fields.clone(), ..page })
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Shared {
    #[serde(default)]
    limit: Limit,
    cursor: Option<Cursor>,
    fields: Option<String>,
    count: Option<Count>,
}

text_enum! {
    /// Whether to count the whole list.
    Count {
        /// Every row that the filter leaves, as of this request.
        Exact "exact",
    }
}

/// Names of the fields that a client wants of each row.
#[derive(Debug, Clone)]
pub(super) struct Fields(Vec<String>);

impl Fields {
    /// Reads names between commas; each has to be one of the row's own.
    fn of<R: ToSchema>(names: &str) -> Result<Self> {
        let schema = R::schema();
        let RefOr::T(Schema::Object(row)) = &schema else { return Err(Error::internal("a row is an object")) };
        let names: Vec<String> = names.split(',').map(ToOwned::to_owned).collect();
        let is_known = names.iter().all(|name| row.properties.contains_key(name));
        if is_known { Ok(Self(names)) } else { Err(refuse("fields", Code::RowFieldUnknown)) }
    }

    /// The row with these fields only, in its own order.
    pub(super) fn cut(&self, row: &impl Serialize) -> Result<Box<RawValue>> {
        let whole = serde_json::to_string(row).map_err(Error::internal)?;
        let Pairs::<&str>(mut members) = serde_json::from_str(&whole).map_err(Error::internal)?;
        members.retain(|(name, _)| self.0.iter().any(|wanted| wanted == name));
        to_raw_value(&Pairs(members)).map_err(Error::internal)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Serialize, ToSchema)]
    struct Row {
        village_code: &'static str,
        #[serde(rename = "from")]
        origin: Vec<u8>,
        id: u8,
        #[serde(skip)]
        #[expect(dead_code, reason = "it is there to be left out")]
        area_id: u8,
    }

    const ROW: Row = Row { village_code: "64", origin: Vec::new(), id: 7, area_id: 1 };

    #[test]
    fn a_row_keeps_its_order_and_only_what_was_named() {
        let fields = Fields::of::<Row>("id,from").unwrap();
        assert_eq!(fields.cut(&ROW).unwrap().get(), r#"{"from":[],"id":7}"#);
    }

    #[test]
    fn only_names_of_the_row_are_taken() {
        for names in ["", "ID", "id,", "id,origin", "area_id", "id, from"] {
            assert!(Fields::of::<Row>(names).is_err(), "{names}");
        }
    }
}
