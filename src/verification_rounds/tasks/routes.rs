//! Routes of the list of a round.

use actix_web::get;
use actix_web::web::{Data, Json};

use super::model::{RoundProgress, Task, TaskFilter};
use super::queries;
use crate::audit::{Read, ReadLog};
use crate::auth::{Allowed, ReadVerification};
use crate::db::Db;
use crate::domain::VerificationRoundId;
use crate::error::{Code, Result};
use crate::http::{CursorKey, Id, List, Page, Routes};
use crate::keys::Keys;
use crate::verification_rounds::queries as rounds;

/// List the families of a round
///
/// The frozen work list, by village. `assigned_to` with your own client id leaves those that you are to visit,
/// `is_visited=false` those that are still to be visited.
#[utoipa::path(
    tag = "verification",
    params(("id" = VerificationRoundId, Path, description = "Id of the round"), TaskFilter),
    security(("oauth2" = ["verification:read"])), responses((status = 200, body = Page<Task>)),
)]
#[get("/v1/verification-rounds/{id}/tasks")]
async fn list_verification_tasks(
    caller: Allowed<ReadVerification>,
    (db, keys): (Data<Db>, Data<Keys>),
    reads: Data<ReadLog>,
    id: Id<VerificationRoundId>,
    list: List<TaskFilter, Task>,
) -> Result<Page<Task>> {
    let filter = &list.filter;
    let cursors = CursorKey::new(&keys.cursors, "list_verification_tasks", &caller.client_id, &(id.0, filter))?;
    let after = cursors.read(list.cursor.as_ref())?;
    let conn = db.read(&caller.scope).await?;
    let round = rounds::find(&conn, &caller.scope, id.0).await?.ok_or(Code::NotFound)?;
    let rows = queries::list(&conn, &round, filter, (list.limit, after)).await?;
    let total = list.total(queries::count(&conn, &round, filter)).await?;
    let page = list.page((rows, total), &cursors, |row| (row.village_code.clone(), row.id))?;
    let read = Read::new(&caller, "list_verification_tasks", "verification_rounds", Some(id.0.0));
    reads.record(read.of(page.items.len())).await;
    Ok(page)
}

/// Get the progress of a round
///
/// How many families were visited and what the last visit of each found, in all and by village and visitor.
#[utoipa::path(
    tag = "verification", params(("id" = VerificationRoundId, Path, description = "Id of the round")),
    security(("oauth2" = ["verification:read"])), responses((status = 200, body = RoundProgress)),
)]
#[get("/v1/verification-rounds/{id}/progress")]
async fn get_round_progress(
    caller: Allowed<ReadVerification>,
    db: Data<Db>,
    id: Id<VerificationRoundId>,
) -> Result<Json<RoundProgress>> {
    let conn = db.read(&caller.scope).await?;
    let round = rounds::find(&conn, &caller.scope, id.0).await?.ok_or(Code::NotFound)?;
    Ok(Json(RoundProgress::of(round.id, queries::progress(&conn, &round).await?)))
}

/// Registers the routes.
pub(in crate::verification_rounds) fn routes(config: &mut Routes<'_, '_>) {
    config.service(list_verification_tasks).service(get_round_progress);
}
