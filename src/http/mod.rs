//! What all routes share: problems, bodies, parameters, pages, conditions, idempotency. Knows no feature.

mod answer;
mod as_of;
mod body;
mod change;
mod cursor;
mod envelope;
mod methods;
mod once;
mod page;
mod path;
mod problem;
mod query;

pub use answer::{Answer, etag};
pub use as_of::{AsOf, Moment};
pub use body::{BODY_LIMIT_BYTES, Body, BodyStream, present};
pub use change::Change;
pub use cursor::{Cursor, CursorKey};
pub use envelope::{Site, envelope, request_id};
pub use methods::methods_of;
pub use once::Once;
pub use page::{Limit, Page, not_modified};
pub use path::{Id, Ids};
pub use problem::{FieldProblem, Problem, RelatedRecord, problem_page, status_of};
pub use query::Query;
