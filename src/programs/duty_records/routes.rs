//! Routes of duty records.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, get, post};

use super::model::{DutyRecord, DutyRecordFilter, NewDutyRecord};
use super::{actions, queries};
use crate::audit::{Read, ReadLog};
use crate::auth::{Allowed, ReadEnrollments, WriteDutyRecords};
use crate::db::Db;
use crate::domain::DutyRecordId;
use crate::error::{Code, Result};
use crate::http::{Answer, CursorKey, Id, List, Once, Page, Routes, not_modified};
use crate::keys::Keys;

/// List duty records
///
/// Those that count, the newest first; one that was corrected is read by its id. With `as_of`, those that counted then.
#[utoipa::path(
    tag = "duties", params(DutyRecordFilter), security(("oauth2" = ["enrollments:read"])),
    responses((status = 200, body = Page<DutyRecord>)),
)]
#[get("/v1/duty-records")]
async fn list_duty_records(
    caller: Allowed<ReadEnrollments>,
    db: Data<Db>,
    keys: Data<Keys>,
    reads: Data<ReadLog>,
    list: List<DutyRecordFilter, DutyRecord>,
) -> Result<Page<DutyRecord>> {
    let cursors = CursorKey::new(&keys.cursors, "list_duty_records", &caller.client_id, &list.filter)?;
    let after = cursors.read(list.cursor.as_ref())?;
    let conn = db.read(&caller.scope).await?;
    let rows = queries::list(&conn, &caller.scope, &list.filter, (list.limit, after)).await?;
    let total = list.total(queries::count(&conn, &caller.scope, &list.filter)).await?;
    let page = list.page((rows, total), &cursors, |row| row.id)?;
    reads.record(Read::new(&caller, "list_duty_records", "duty_records", None).of(page.items.len())).await;
    Ok(page)
}

/// Get a duty record
#[utoipa::path(
    tag = "duties", params(("id" = DutyRecordId, Path, description = "Id of the record")),
    security(("oauth2" = ["enrollments:read"])), responses((status = 200, body = DutyRecord), (status = 304)),
)]
#[get("/v1/duty-records/{id}")]
async fn get_duty_record(
    caller: Allowed<ReadEnrollments>,
    request: HttpRequest,
    db: Data<Db>,
    reads: Data<ReadLog>,
    id: Id<DutyRecordId>,
) -> Result<HttpResponse> {
    let conn = db.read(&caller.scope).await?;
    let record = queries::find(&conn, &caller.scope, id.0).await?.ok_or(Code::NotFound)?;
    reads.record(Read::new(&caller, "get_duty_record", "duty_records", Some(id.0.0))).await;
    Ok(not_modified(&request, 1, &record))
}

/// Record a duty
///
/// What a member did in a month: school days, visits or sessions that were due, and those that were kept. A record is
/// never changed; to put one right, record it again and name it in `corrects`. It counts for the lists that are drawn up
/// from now on: one that is frozen stays as it is.
#[utoipa::path(
    tag = "duties", request_body = NewDutyRecord, security(("oauth2" = ["duty_records:write"])),
    responses((status = 201, body = DutyRecord)),
)]
#[post("/v1/duty-records")]
async fn record_duty(
    caller: Allowed<WriteDutyRecords>,
    db: Data<Db>,
    command: Once<NewDutyRecord>,
) -> Result<HttpResponse> {
    command
        .run(&db, &caller, async |conn, new| {
            let record = actions::record(conn, &caller, new).await?;
            Answer::created(format!("/v1/duty-records/{}", record.id), &record)
        })
        .await
}

/// Registers the routes.
pub(in crate::programs) fn routes(config: &mut Routes<'_, '_>) {
    config.service(list_duty_records).service(get_duty_record).service(record_duty);
}
