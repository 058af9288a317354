//! Query parameters where none is known: refused, never ignored. What knows some says so by [`Query`](super::Query).

use std::collections::HashSet;

use actix_web::HttpRequest;
use actix_web::web::Data;
use serde_json::Value;

use super::query::refuse;
use crate::error::{Code, Result};

/// Operations without any query parameter, by method and path template.
#[derive(Debug)]
pub struct Queryless(HashSet<(String, String)>);

impl Queryless {
    /// Reads them from the document.
    #[must_use]
    pub fn of(document: &Value) -> Self {
        let paths = document.get("paths").and_then(Value::as_object).into_iter().flatten();
        let operations = paths.flat_map(|(path, item)| {
            let methods = item.as_object().into_iter().flatten();
            methods.filter(|(_, node)| !reads_query(node)).map(|(method, _)| (method.to_uppercase(), path.clone()))
        });
        Self(operations.collect())
    }
}

fn reads_query(operation: &Value) -> bool {
    let mut parameters = operation.get("parameters").and_then(Value::as_array).into_iter().flatten();
    // One that is only referred to may be anything.
    parameters.any(|parameter| parameter.get("in").is_none_or(|place| place == "query"))
}

/// Refuses a query where the operation of the request knows none.
///
/// # Errors
/// `invalid_parameters`.
pub fn refuse_stray_query(request: &HttpRequest) -> Result<()> {
    let Some((name, _)) = form_urlencoded::parse(request.query_string().as_bytes()).next() else { return Ok(()) };
    let operation = (request.method().to_string(), request.match_pattern().unwrap_or_default());
    let is_stray = request.app_data::<Data<Queryless>>().is_some_and(|queryless| queryless.0.contains(&operation));
    if is_stray { Err(refuse(&name, Code::UnknownField)) } else { Ok(()) }
}
