//! Pages of lists.

use actix_web::body::BoxBody;
use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder, Responder};
use serde::{Deserialize, Serialize};
use utoipa::openapi::schema::{ObjectBuilder, Type};
use utoipa::openapi::{RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

use super::cursor::CursorKey;
use super::list::Fields;
use crate::error::Result;

/// How many rows a page holds: 1 to 200, 50 where nothing is said.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(try_from = "u16")]
pub struct Limit(u16);

impl Limit {
    /// Rows to fetch: one more than are shown, to know whether there is a next page.
    #[must_use]
    pub fn rows_to_fetch(self) -> i64 {
        i64::from(self.0) + 1
    }
}

impl Default for Limit {
    fn default() -> Self {
        Self(50)
    }
}

impl TryFrom<u16> for Limit {
    type Error = &'static str;

    fn try_from(rows: u16) -> Result<Self, Self::Error> {
        (1..=200).contains(&rows).then_some(Self(rows)).ok_or("wrong_type")
    }
}

impl PartialSchema for Limit {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(Type::Integer)
            .minimum(Some(1))
            .maximum(Some(200))
            .default(Some(50.into()))
            .into()
    }
}

impl ToSchema for Limit {}

/// A page of a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct Page<T> {
    /// Rows, in the order asked for
    pub items: Vec<T>,
    /// Cursor of the next page; absent on the last
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(pattern = "^[A-Za-z0-9_-]{23,600}$", max_length = 600)]
    pub next: Option<String>,
    /// Rows of the whole list as of this request; only where `count=exact` asked for it
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 0)]
    pub total: Option<i64>,
    #[serde(skip)]
    pub(super) fields: Option<Fields>,
}

impl<T> Page<T> {
    /// Makes a page of rows fetched with [`Limit::rows_to_fetch`]; `place` says where a row stands in the order.
    ///
    /// # Errors
    /// Where the place cannot be written.
    pub fn new<P: Serialize>(
        mut rows: Vec<T>,
        limit: Limit,
        key: &CursorKey<'_>,
        place: impl Fn(&T) -> P,
    ) -> Result<Self> {
        let has_more = rows.len() > usize::from(limit.0);
        rows.truncate(usize::from(limit.0));
        let next = match rows.last() {
            Some(last) if has_more => Some(key.write(&place(last))?),
            _ => None,
        };
        Ok(Self { items: rows, next, total: None, fields: None })
    }
}

impl<T> Page<T> {
    /// The same page of other items.
    ///
    /// # Errors
    /// The first that `map` answers.
    pub fn try_map<U>(self, map: impl FnMut(T) -> Result<U>) -> Result<Page<U>> {
        let items = self.items.into_iter().map(map).collect::<Result<_>>()?;
        Ok(Page { items, next: self.next, total: self.total, fields: self.fields })
    }
}

impl<T> Page<T> {
    /// The same page with other items in the place of its own.
    #[must_use]
    pub fn with<U>(self, items: Vec<U>) -> Page<U> {
        Page { items, next: self.next, total: self.total, fields: self.fields }
    }
}

impl<T: Serialize> Page<T> {
    /// Writes the rows whole, or cut down to the fields that were asked for.
    fn write(mut self, response: &mut HttpResponseBuilder) -> Result<HttpResponse> {
        match self.fields.take() {
            None => Ok(response.json(self)),
            Some(fields) => Ok(response.json(self.try_map(|row| fields.cut(&row))?)),
        }
    }
}

impl<T: Serialize> Responder for Page<T> {
    type Body = BoxBody;

    fn respond_to(self, request: &HttpRequest) -> HttpResponse<BoxBody> {
        let mut response = HttpResponse::Ok();
        if let Some(next) = &self.next {
            response.insert_header(("Link", format!("<{}>; rel=\"next\"", next_address(request, next))));
        }
        self.write(&mut response).unwrap_or_else(HttpResponse::from_error)
    }
}

fn next_address(request: &HttpRequest, cursor: &str) -> String {
    let kept = request.query_string().split('&').filter(|pair| !pair.is_empty() && !pair.starts_with("cursor="));
    let pairs: Vec<&str> = kept.collect();
    let filter = if pairs.is_empty() { String::new() } else { format!("{}&", pairs.join("&")) };
    format!("{}?{filter}cursor={cursor}", request.path())
}
