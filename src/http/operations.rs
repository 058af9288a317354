//! What the document says of the paths: which methods each knows, and which operations read no query.

use std::collections::{BTreeMap, HashSet};

use actix_web::HttpRequest;
use actix_web::web::Data;
use serde::Deserialize;

use super::query::refuse;
use super::routes::template_of;
use crate::error::{Code, Result};

/// The operations of the document, kept small: the document itself is many times their size.
#[derive(Debug)]
pub struct Operations {
    /// Methods in upper case by path template.
    methods: BTreeMap<String, Vec<String>>,
    /// Operations without any query parameter, by method and path template.
    queryless: HashSet<(String, String)>,
}

impl Operations {
    /// Reads them from the document as it is written, or from its outline.
    ///
    /// # Errors
    /// Where the text is not a document.
    pub fn of(document: &[u8]) -> serde_json::Result<Self> {
        let (mut methods, mut queryless) = (BTreeMap::<String, Vec<String>>::new(), HashSet::new());
        let outline: Outline = serde_json::from_slice(document)?;
        for (path, item) in outline.paths {
            for (method, operation) in item.operations() {
                methods.entry(path.clone()).or_default().push(method.to_owned());
                if !operation.reads_query() {
                    queryless.insert((method.to_owned(), path.clone()));
                }
            }
        }
        Ok(Self { methods, queryless })
    }

    /// Methods of the path, upper case; empty where no operation has such a path.
    #[must_use]
    pub fn methods_of(&self, path: &str) -> &[String] {
        let matching = self.methods.iter().filter(|(template, _)| has_form(template, path));
        // Where one path is written out and another has a parameter in its place, the first is meant.
        let closest = matching.min_by_key(|(template, _)| template.matches('{').count());
        closest.map(|(_, methods)| methods.as_slice()).unwrap_or_default()
    }

    /// The methods of a path that is written out in the document, where the request's method is none of them.
    ///
    /// Without this the request would be read as one of the path with a parameter in that place.
    #[must_use]
    pub fn methods_instead(&self, method: &str, path: &str) -> Option<&[String]> {
        let methods = self.methods.get(path)?;
        (!methods.iter().any(|known| known == method)).then_some(methods)
    }
}

/// What is read of the document.
#[derive(Deserialize)]
struct Outline {
    paths: BTreeMap<String, Item>,
}

/// A path's node; what it says besides its operations is not read.
#[derive(Deserialize)]
struct Item {
    get: Option<Operation>,
    put: Option<Operation>,
    post: Option<Operation>,
    delete: Option<Operation>,
    patch: Option<Operation>,
}

impl Item {
    fn operations(self) -> impl Iterator<Item = (&'static str, Operation)> {
        let Self { get, put, post, delete, patch } = self;
        let all = [("GET", get), ("PUT", put), ("POST", post), ("DELETE", delete), ("PATCH", patch)];
        all.into_iter().filter_map(|(method, operation)| Some((method, operation?)))
    }
}

#[derive(Deserialize)]
struct Operation {
    #[serde(default)]
    parameters: Vec<Parameter>,
}

impl Operation {
    /// One that is only referred to may be anything.
    fn reads_query(&self) -> bool {
        self.parameters.iter().any(|parameter| parameter.place.as_ref().is_none_or(|place| place == "query"))
    }
}

#[derive(Deserialize)]
struct Parameter {
    #[serde(rename = "in")]
    place: Option<String>,
}

/// The longest path that an operation has: none needs half of it, and taking its ids out costs by its length.
const LONGEST_PATH: usize = 2_048;

/// True where the path is one that the template stands for; none stands for one of over 2,048 bytes.
#[must_use]
pub fn has_form(template: &str, path: &str) -> bool {
    if path.len() > LONGEST_PATH {
        return false;
    }
    let (mut expected, mut sent) = (template.split('/'), path.split('/'));
    loop {
        match (expected.next(), sent.next()) {
            (None, None) => return true,
            (Some(expected), Some(sent)) if expected == sent || (expected.starts_with('{') && !sent.is_empty()) => {}
            _ => return false,
        }
    }
}

/// Refuses a query where the operation of the request knows none: never ignored. What knows some parameters says so
/// by [`Query`](super::Query).
///
/// # Errors
/// `invalid_parameters`.
pub fn refuse_stray_query(request: &HttpRequest) -> Result<()> {
    let Some((name, _)) = form_urlencoded::parse(request.query_string().as_bytes()).next() else { return Ok(()) };
    let Some(template) = template_of(request) else { return Ok(()) };
    let operation = (request.method().to_string(), template.to_string());
    let operations = request.app_data::<Data<Operations>>();
    let is_stray = operations.is_some_and(|operations| operations.queryless.contains(&operation));
    if is_stray { Err(refuse(&name, Code::UnknownField)) } else { Ok(()) }
}
