//! Routes of decisions.

use actix_web::get;
use actix_web::web::{Data, Json};

use super::model::{DecidedFamily, DecisionFilter, DeliberationReport};
use super::queries;
use crate::audit::{Read, ReadLog};
use crate::auth::{Allowed, ReadEnrollments};
use crate::db::Db;
use crate::deliberations::queries as meetings;
use crate::deliberations::rules::MOST_DECISIONS;
use crate::domain::DeliberationId;
use crate::error::{Code, Result};
use crate::http::{CursorKey, Id, List, Page, Routes};
use crate::keys::Keys;
use crate::{programs, regions};

/// List the decisions of a meeting
///
/// In the order of its list, each family as it is now.
#[utoipa::path(
    tag = "deliberations", params(("id" = DeliberationId, Path, description = "Id of the meeting"), DecisionFilter),
    security(("oauth2" = ["enrollments:read"])), responses((status = 200, body = Page<DecidedFamily>)),
)]
#[get("/v1/deliberations/{id}/decisions")]
async fn list_deliberation_decisions(
    caller: Allowed<ReadEnrollments>,
    (db, keys): (Data<Db>, Data<Keys>),
    reads: Data<ReadLog>,
    id: Id<DeliberationId>,
    list: List<DecisionFilter, DecidedFamily>,
) -> Result<Page<DecidedFamily>> {
    let bound_to = (id.0, &list.filter);
    let cursors = CursorKey::new(&keys.cursors, "list_deliberation_decisions", &caller.client_id, &bound_to)?;
    let after = cursors.read(list.cursor.as_ref())?;
    let conn = db.read(&caller.scope).await?;
    let meeting = meetings::find(&conn, &caller.scope, id.0).await?.ok_or(Code::NotFound)?;
    let rows = queries::list(&conn, &meeting, &list.filter, (list.limit.rows_to_fetch(), after)).await?;
    let total = list.total(queries::count(&conn, &meeting, &list.filter)).await?;
    let page = list.page((rows, total), &cursors, |row| row.number)?;
    let read = Read::new(&caller, "list_deliberation_decisions", "deliberations", Some(id.0.0));
    reads.record(read.of(page.items.len())).await;
    Ok(page)
}

/// Get the report of a meeting
///
/// What a letter to the camat or the regent encloses: the meeting, its counts and every family with what was decided
/// and why, to be printed as it is. It names heads of families and no NIK.
#[utoipa::path(
    tag = "deliberations", params(("id" = DeliberationId, Path, description = "Id of the meeting")),
    security(("oauth2" = ["enrollments:read"])), responses((status = 200, body = DeliberationReport)),
)]
#[get("/v1/deliberations/{id}/report")]
async fn get_deliberation_report(
    caller: Allowed<ReadEnrollments>,
    db: Data<Db>,
    reads: Data<ReadLog>,
    id: Id<DeliberationId>,
) -> Result<Json<DeliberationReport>> {
    let (conn, scope) = (db.read(&caller.scope).await?, &caller.scope);
    let deliberation = meetings::find(&conn, scope, id.0).await?.ok_or(Code::NotFound)?;
    let every = DecisionFilter { decision: None, sort: None };
    let families = queries::list(&conn, &deliberation, &every, (i64::from(MOST_DECISIONS), None)).await?;
    let program = programs::find(&conn, scope, deliberation.program_id).await?;
    let village_name = regions::name_of(&conn, &deliberation.village_code).await?;
    let read = Read::new(&caller, "get_deliberation_report", "deliberations", Some(id.0.0));
    reads.record(read.of(families.len())).await;
    let program_name = program.map(|program| program.name).unwrap_or_default();
    Ok(Json(DeliberationReport { deliberation, village_name, program_name, families }))
}

/// Registers the routes.
pub(in crate::deliberations) fn routes(config: &mut Routes<'_, '_>) {
    config.service(list_deliberation_decisions).service(get_deliberation_report);
}
