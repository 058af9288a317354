//! What all routes share: problems, bodies, parameters, pages, conditions, idempotency. Knows no feature.

mod accept;
mod answer;
mod as_of;
mod body;
mod change;
mod cursor;
mod envelope;
mod file;
mod form;
mod list;
mod metrics;
mod once;
mod operations;
mod order;
mod page;
mod pairs;
mod path;
mod problem;
mod query;
mod receiving;
mod routes;
mod trace;
mod unchanged;
mod unread;
mod whole;

pub use accept::{accepted, accepts_json};
pub use answer::{Answer, etag};
pub use as_of::{AsOf, Moment};
pub use body::{BODY_LIMIT_BYTES, Body, BodyStream, given, has_media_type, present, read_part};
pub use change::{Change, IfMatch};
pub use cursor::{Cursor, CursorKey};
pub use envelope::{Site, envelope, request_id};
pub use file::File;
pub use form::Form;
pub use list::{Count, List};
pub use metrics::Metrics;
pub use once::{Once, OnceKey};
pub use operations::{Operations, has_form, refuse_stray_query};
pub use order::{
    ByCode, ByCreation, ByDueDay, ByFamily, ById, ByNumber, ByParticipant, ByPeriod, ByPlace, ByPledgeLine, ByRow,
    ByTime, ByVersion, ByVillage, ByYear,
};
pub use page::{Limit, Page};
pub(crate) use pairs::Pairs;
pub use path::{Id, Ids};
pub use problem::{FieldProblem, Problem, RelatedRecord, problem_page, status_of, wants_indonesian};
pub use query::Query;
pub use receiving::Receiving;
pub use routes::Routes;
pub use unchanged::{not_modified, not_modified_content, unless_known};
pub use whole::Whole;
