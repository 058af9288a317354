//! Routes of follow-ups.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, get, post};

use super::model::{DueFilter, DueFollowUp, FollowUp, FollowUpFilter, NewFollowUp};
use super::{actions, outcomes, queries};
use crate::audit::{Read, ReadLog};
use crate::auth::{Allowed, ReadAid, WriteFollowUps};
use crate::db::{self, Db};
use crate::domain::FollowUpId;
use crate::error::{Code, Result};
use crate::http::{Answer, CursorKey, Id, List, Once, Page, Routes, not_modified};
use crate::keys::Keys;

/// List due follow-ups
///
/// Families that got tools or a training 3, 6, 12 or 24 months ago, from a program or a company, and were not asked since
/// how they do. Worked out when it is asked; what was recorded is gone from it.
#[utoipa::path(
    tag = "follow-ups", params(DueFilter), security(("oauth2" = ["aid:read"])),
    responses((status = 200, body = Page<DueFollowUp>)),
)]
#[get("/v1/due-follow-ups")]
async fn list_due_follow_ups(
    caller: Allowed<ReadAid>,
    db: Data<Db>,
    keys: Data<Keys>,
    reads: Data<ReadLog>,
    list: List<DueFilter, DueFollowUp>,
) -> Result<Page<DueFollowUp>> {
    let cursors = CursorKey::new(&keys.cursors, "list_due_follow_ups", &caller.client_id, &list.filter)?;
    let after = cursors.read(list.cursor.as_ref())?;
    let conn = db.read(&caller.scope).await?;
    let asked = (&list.filter, list.filter.on.unwrap_or_else(db::today));
    let rows = queries::list_due(&conn, &caller.scope, asked, (list.limit, after)).await?;
    let total = list.total(queries::count_due(&conn, &caller.scope, asked)).await?;
    let page = list.page((rows, total), &cursors, |row| (row.due_on, row.area_id, row.aid_id, row.month_mark))?;
    reads.record(Read::new(&caller, "list_due_follow_ups", "beneficiaries", None).of(page.items.len())).await;
    Ok(page)
}

/// List follow-ups
///
/// Those that count, the newest first; one that was corrected is read by its id.
#[utoipa::path(
    tag = "follow-ups", params(FollowUpFilter), security(("oauth2" = ["aid:read"])),
    responses((status = 200, body = Page<FollowUp>)),
)]
#[get("/v1/follow-ups")]
async fn list_follow_ups(
    caller: Allowed<ReadAid>,
    db: Data<Db>,
    keys: Data<Keys>,
    reads: Data<ReadLog>,
    list: List<FollowUpFilter, FollowUp>,
) -> Result<Page<FollowUp>> {
    let cursors = CursorKey::new(&keys.cursors, "list_follow_ups", &caller.client_id, &list.filter)?;
    let after = cursors.read(list.cursor.as_ref())?;
    let conn = db.read(&caller.scope).await?;
    let rows = queries::list(&conn, &caller.scope, &list.filter, (list.limit, after)).await?;
    let total = list.total(queries::count(&conn, &caller.scope, &list.filter)).await?;
    let page = list.page((rows, total), &cursors, |row| (row.area_id, row.id))?;
    reads.record(Read::new(&caller, "list_follow_ups", "follow_ups", None).of(page.items.len())).await;
    Ok(page)
}

/// Get a follow-up
#[utoipa::path(
    tag = "follow-ups", params(("id" = FollowUpId, Path, description = "Id of the follow-up")),
    security(("oauth2" = ["aid:read"])), responses((status = 200, body = FollowUp), (status = 304)),
)]
#[get("/v1/follow-ups/{id}")]
async fn get_follow_up(
    caller: Allowed<ReadAid>,
    request: HttpRequest,
    db: Data<Db>,
    reads: Data<ReadLog>,
    id: Id<FollowUpId>,
) -> Result<HttpResponse> {
    let conn = db.read(&caller.scope).await?;
    let record = queries::find(&conn, &caller.scope, id.0).await?.ok_or(Code::NotFound)?;
    reads.record(Read::new(&caller, "get_follow_up", "follow_ups", Some(id.0.0))).await;
    Ok(not_modified(&request, 1, &record))
}

/// Record a follow-up
///
/// How a family does 3, 6, 12 or 24 months after it got tools or a training: one record of each. It is never changed; to put
/// one right, record it again and name it in `corrects`. Where the family was not met, nothing else is said.
#[utoipa::path(
    tag = "follow-ups", request_body = NewFollowUp, security(("oauth2" = ["follow_ups:write"])),
    responses((status = 201, body = FollowUp)),
)]
#[post("/v1/follow-ups")]
async fn record_follow_up(
    caller: Allowed<WriteFollowUps>,
    db: Data<Db>,
    command: Once<NewFollowUp>,
) -> Result<HttpResponse> {
    command
        .run(&db, &caller, async |conn, new| {
            let record = actions::record(conn, &caller, new).await?;
            Answer::created(format!("/v1/follow-ups/{}", record.id), &record)
        })
        .await
}

/// Registers the routes.
pub fn routes(config: &mut Routes<'_, '_>) {
    config.service(list_due_follow_ups).service(list_follow_ups).service(get_follow_up).service(record_follow_up);
    outcomes::routes(config);
}
