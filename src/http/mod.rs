//! What all routes share: problems, bodies, parameters, pages, conditions, idempotency. Knows no feature.

mod answer;
mod as_of;
mod body;
mod change;
mod cursor;
mod envelope;
mod form;
mod methods;
mod metrics;
mod once;
mod page;
mod path;
mod problem;
mod query;
mod stray;
mod trace;
mod unread;
mod whole;

pub use answer::{Answer, etag};
pub use as_of::{AsOf, Moment};
pub use body::{BODY_LIMIT_BYTES, Body, BodyStream, given, has_media_type, present};
pub use change::{Change, IfMatch};
pub use cursor::{Cursor, CursorKey};
pub use envelope::{Site, envelope, request_id};
pub use form::Form;
pub use methods::{has_form, methods_instead, methods_of};
pub use metrics::Metrics;
pub use once::{Once, OnceKey};
pub use page::{Limit, Page, not_modified};
pub use path::{Id, Ids};
pub use problem::{FieldProblem, Problem, RelatedRecord, problem_page, status_of, wants_indonesian};
pub use query::Query;
pub use stray::{Queryless, refuse_stray_query};
pub use whole::Whole;
