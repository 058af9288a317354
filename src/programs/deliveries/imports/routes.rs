//! Routes of files of results.

use std::sync::atomic::{AtomicBool, Ordering};

use actix_web::web::{Data, Payload};
use actix_web::{HttpRequest, HttpResponse, get, post, rt};

use super::actions::{self, Job, Staged, Upload};
use super::model::{DeliveryImport, DeliveryImportFilter, DeliveryImportRow, ImportRowFilter};
use super::queries;
use crate::audit::{Read, ReadLog};
use crate::auth::{Allowed, ReadEnrollments, WriteDeliveries};
use crate::db::Db;
use crate::domain::{Caller, CycleId, DeliveryImportId, Scope};
use crate::error::{Code, Error, Result};
use crate::http::{
    Answer, BodyStream, CursorKey, Id, List, Once, OnceKey, Page, Receiving, Routes, has_media_type,
    not_modified_content, wants_indonesian,
};
use crate::keys::Keys;

/// Largest file: some two million rows.
const LIMIT_BYTES: usize = 256 << 20;

/// Import a file of results
///
/// What a bank, the post or Bulog handed over of a cycle. CSV in UTF-8 with a header, one row a handover, columns in any
/// order: one of `entitlement_id`, `card_number` and `nik`; `quantity`, `on` (2026-01-20), `outcome` (`delivered` or
/// `failed`), `reference` (number of the transaction or of the minutes), `failure_reason`, and `component` of the benefit
/// where it is known. The file is read as it arrives; then 202 names the import that decides on its rows in the background.
///
/// A row that is `delivered` becomes a delivery, taken by the head of the family, under the guards of a single one. Its
/// reference tells it apart: a row whose delivery is there already changes nothing, one that says otherwise of it is a
/// fault. What failed and what is wrong is told row by row under `rows`; the other rows are in.
#[utoipa::path(
    tag = "deliveries",
    request_body(content = String, content_type = "text/csv", example = json!(
        "card_number,quantity,on,outcome,reference,failure_reason\n6402101501249075,10,2026-01-20,delivered,TRX-SINTETIS-0001,\n"
    )),
    params(("id" = CycleId, Path, description = "Id of the cycle"), ("Idempotency-Key" = String, Header)),
    security(("oauth2" = ["deliveries:write"])),
    responses(
        (status = 202, body = DeliveryImport, headers(("Location" = String, description = "Where progress is told"))),
    ),
)]
#[post("/v1/cycles/{id}/delivery-imports")]
async fn import_deliveries(
    caller: Allowed<WriteDeliveries>,
    request: HttpRequest,
    (db, keys): (Data<Db>, Data<Keys>),
    id: Id<CycleId>,
    key: OnceKey,
    payload: Payload,
) -> Result<HttpResponse> {
    if !has_media_type(&request, &["text/csv"]) {
        return Err(Code::MediaTypeUnsupported.into());
    }
    let conn = db.read(&caller.scope).await?;
    let cycle = queries::find_cycle(&conn, &caller.scope, id.0).await?.ok_or(Code::NotFound)?;
    drop(conn);
    if cycle.status != "approved" {
        return Err(Error::from(Code::CycleNotApproved).about(format!("the cycle is {}", cycle.status)));
    }
    let place = Receiving::begin(&caller.client_id)?;
    let upload = actions::receive(&db, keys.clone().into_inner(), cycle.area_id).await?;
    let staged = take(upload, BodyStream::new(payload.into_inner(), LIMIT_BYTES, place)).await?;
    let scope = Scope { area_ids: vec![cycle.area_id], ..caller.scope.clone() };
    let job = Job { caller: Caller { scope, ..(*caller).clone() }, cycle };
    let command = key.command((), staged.digest);
    accept(command, &db, job, staged).await
}

async fn take(upload: Upload, mut body: BodyStream) -> Result<Staged> {
    while let Some(part) = body.next().await? {
        if !upload.take(part.to_vec()).await {
            break;
        }
    }
    upload.finish().await
}

/// Answers for the import; only the first request with a key starts a merge.
async fn accept(command: Once<()>, db: &Data<Db>, job: Job, staged: Staged) -> Result<HttpResponse> {
    let is_new = AtomicBool::new(false);
    let response = command
        .run(db, &job.caller, async |conn, ()| {
            let import = actions::new_import(conn, &job, &staged).await?;
            is_new.store(true, Ordering::Relaxed);
            Answer::accepted(format!("/v1/delivery-imports/{}", import.id), &import)
        })
        .await?;
    if is_new.load(Ordering::Relaxed) {
        rt::spawn(actions::merge_in_background(db.get_ref().clone(), job, staged));
    }
    Ok(response)
}

/// List files of results
///
/// Those of your sub-districts, the newest first.
#[utoipa::path(
    tag = "deliveries", params(DeliveryImportFilter), security(("oauth2" = ["enrollments:read"])),
    responses((status = 200, body = Page<DeliveryImport>)),
)]
#[get("/v1/delivery-imports")]
async fn list_delivery_imports(
    caller: Allowed<ReadEnrollments>,
    db: Data<Db>,
    keys: Data<Keys>,
    list: List<DeliveryImportFilter, DeliveryImport>,
) -> Result<Page<DeliveryImport>> {
    let (scope, filter) = (&caller.scope, &list.filter);
    let cursors = CursorKey::new(&keys.cursors, "list_delivery_imports", &caller.client_id, filter)?;
    let after = cursors.read(list.cursor.as_ref())?;
    let conn = db.read(scope).await?;
    let rows = queries::list(&conn, scope, filter, (list.limit, after)).await?;
    let total = list.total(queries::count(&conn, scope, filter)).await?;
    list.page((rows, total), &cursors, |row| (row.created_at, row.id))
}

/// Get a file of results
///
/// Ask again until `status` is no longer `running`. `GET /v1/deliveries?delivery_import_id=…` has what it brought.
#[utoipa::path(
    tag = "deliveries", params(("id" = DeliveryImportId, Path, description = "Id of the import")),
    security(("oauth2" = ["enrollments:read"])), responses((status = 200, body = DeliveryImport), (status = 304)),
)]
#[get("/v1/delivery-imports/{id}")]
async fn get_delivery_import(
    caller: Allowed<ReadEnrollments>,
    request: HttpRequest,
    db: Data<Db>,
    id: Id<DeliveryImportId>,
) -> Result<HttpResponse> {
    let conn = db.read(&caller.scope).await?;
    not_modified_content(&request, &queries::find(&conn, &caller.scope, id.0).await?.ok_or(Code::NotFound)?)
}

/// List the rows of a file of results that are no delivery
///
/// In the order of the file: what failed, with why, and what is wrong: the column, a code, and what to do in the language
/// of `Accept-Language`. A faulty row stands once for each fault; a number of a family or person is never repeated.
#[utoipa::path(
    tag = "deliveries", params(("id" = DeliveryImportId, Path, description = "Id of the import"), ImportRowFilter),
    security(("oauth2" = ["enrollments:read"])), responses((status = 200, body = Page<DeliveryImportRow>)),
)]
#[get("/v1/delivery-imports/{id}/rows")]
async fn list_delivery_import_rows(
    caller: Allowed<ReadEnrollments>,
    request: HttpRequest,
    (db, keys): (Data<Db>, Data<Keys>),
    reads: Data<ReadLog>,
    (id, list): (Id<DeliveryImportId>, List<ImportRowFilter, DeliveryImportRow>),
) -> Result<Page<DeliveryImportRow>> {
    let (scope, filter) = (&caller.scope, &list.filter);
    let cursors = CursorKey::new(&keys.cursors, "list_delivery_import_rows", &caller.client_id, &(id.0, filter))?;
    let after = cursors.read(list.cursor.as_ref())?;
    let conn = db.read(scope).await?;
    queries::find(&conn, scope, id.0).await?.ok_or(Code::NotFound)?;
    let rows = queries::rows(&conn, scope, id.0, filter, (list.limit, after)).await?;
    let total = list.total(queries::count_rows(&conn, scope, id.0, filter)).await?;
    let page = list.page((rows, total), &cursors, |row| (row.row_number, row.fault_number))?;
    let read = Read::new(&caller, "list_delivery_import_rows", "delivery_imports", Some(id.0.0));
    reads.record(read.of(page.items.len())).await;
    let is_indonesian = wants_indonesian(request.headers());
    page.try_map(|row| Ok(row.tell(is_indonesian)))
}

/// Registers the routes.
pub(in crate::programs::deliveries) fn routes(config: &mut Routes<'_, '_>) {
    config
        .service(import_deliveries)
        .service(list_delivery_imports)
        .service(get_delivery_import)
        .service(list_delivery_import_rows);
}
