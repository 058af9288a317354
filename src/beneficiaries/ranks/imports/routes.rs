//! Routes of imports of ranks.

use std::sync::atomic::{AtomicBool, Ordering};

use actix_web::web::{Data, Payload};
use actix_web::{HttpRequest, HttpResponse, get, post, rt};

use super::actions::{self, Job, Staged, Upload};
use super::model::{RankFaultFilter, RankImport, RankImportFault, RankImportFilter, RankImportTarget};
use super::queries;
use crate::audit::{Read, ReadLog};
use crate::auth::{Allowed, ImportBeneficiaries};
use crate::db::Db;
use crate::domain::{Caller, RankImportId, Scope};
use crate::error::{Code, Result};
use crate::http::{
    Answer, BodyStream, CursorKey, Id, List, Once, OnceKey, Page, Query, Receiving, Routes, has_media_type,
    not_modified_content, wants_indonesian,
};
use crate::keys::Keys;
use crate::regions;

/// Largest file: some three million rows.
const LIMIT_BYTES: usize = 256 << 20;

/// Import a file of welfare ranks
///
/// CSV in UTF-8 with a header, one row a rank, columns in any order: `card_number` or `beneficiary_id`, `source`,
/// `period` (first day, `2026-10-01`) and `decile` (1 to 10). The file is read as it arrives; then 202 names the
/// import that decides on its rows in the background.
///
/// A rank is never overwritten: a row that is there already changes nothing, one whose source gave another decile for
/// the period is a fault, and so are two rows that give one rank two deciles. What is wrong is told row by row under
/// `faults`; the other rows are in. The latest rank becomes the `decile` of its family.
#[utoipa::path(
    tag = "welfare-ranks",
    request_body(content = String, content_type = "text/csv", example = json!(
        "card_number,source,period,decile\n6402101501249033,SYNTHETIC,2026-10-01,3\n"
    )),
    params(RankImportTarget, ("Idempotency-Key" = String, Header)), security(("oauth2" = ["imports:write"])),
    responses(
        (status = 202, body = RankImport, headers(("Location" = String, description = "Where progress is told"))),
    ),
)]
#[post("/v1/rank-imports")]
async fn import_ranks(
    caller: Allowed<ImportBeneficiaries>,
    request: HttpRequest,
    db: Data<Db>,
    keys: Data<Keys>,
    (key, target): (OnceKey, Query<RankImportTarget>),
    payload: Payload,
) -> Result<HttpResponse> {
    if !has_media_type(&request, &["text/csv"]) {
        return Err(Code::MediaTypeUnsupported.into());
    }
    let conn = db.read(&caller.scope).await?;
    let area_id = regions::acting_area(&conn, &caller.scope, target.0.district_code.as_ref()).await?;
    let place = Receiving::begin(&caller.client_id)?;
    let upload = actions::receive(&db, keys.clone().into_inner(), area_id).await?;
    let staged = take(upload, BodyStream::new(payload.into_inner(), LIMIT_BYTES, place)).await?;
    let scope = Scope { area_ids: vec![area_id], ..caller.scope.clone() };
    let job = Job { caller: Caller { scope, ..(*caller).clone() }, area_id };
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
            Answer::accepted(format!("/v1/rank-imports/{}", import.id), &import)
        })
        .await?;
    if is_new.load(Ordering::Relaxed) {
        rt::spawn(actions::merge_in_background(db.get_ref().clone(), job, staged));
    }
    Ok(response)
}

/// List imports of welfare ranks
///
/// Those of your sub-district, newest first.
#[utoipa::path(
    tag = "welfare-ranks", params(RankImportFilter), security(("oauth2" = ["imports:write"])),
    responses((status = 200, body = Page<RankImport>)),
)]
#[get("/v1/rank-imports")]
async fn list_rank_imports(
    caller: Allowed<ImportBeneficiaries>,
    db: Data<Db>,
    keys: Data<Keys>,
    list: List<RankImportFilter, RankImport>,
) -> Result<Page<RankImport>> {
    let (scope, filter) = (&caller.scope, &list.filter);
    let cursors = CursorKey::new(&keys.cursors, "list_rank_imports", &caller.client_id, filter)?;
    let after = cursors.read(list.cursor.as_ref())?;
    let conn = db.read(scope).await?;
    let rows = queries::list(&conn, scope, filter, (list.limit, after)).await?;
    let total = list.total(queries::count(&conn, scope, filter)).await?;
    list.page((rows, total), &cursors, |row| (row.created_at, row.id))
}

/// Get an import of welfare ranks
///
/// Ask again until `status` is no longer `running`.
#[utoipa::path(
    tag = "welfare-ranks", params(("id" = RankImportId, Path, description = "Id of the import")),
    security(("oauth2" = ["imports:write"])), responses((status = 200, body = RankImport), (status = 304)),
)]
#[get("/v1/rank-imports/{id}")]
async fn get_rank_import(
    caller: Allowed<ImportBeneficiaries>,
    request: HttpRequest,
    db: Data<Db>,
    id: Id<RankImportId>,
) -> Result<HttpResponse> {
    let conn = db.read(&caller.scope).await?;
    not_modified_content(&request, &queries::find(&conn, &caller.scope, id.0).await?.ok_or(Code::NotFound)?)
}

/// List the faults of an import of welfare ranks
///
/// Row by row in the order of the file: the column, a code, and what to do in the language of `Accept-Language`.
/// The value itself is never repeated.
#[utoipa::path(
    tag = "welfare-ranks", params(("id" = RankImportId, Path, description = "Id of the import"), RankFaultFilter),
    security(("oauth2" = ["imports:write"])), responses((status = 200, body = Page<RankImportFault>)),
)]
#[get("/v1/rank-imports/{id}/faults")]
async fn list_rank_import_faults(
    caller: Allowed<ImportBeneficiaries>,
    request: HttpRequest,
    (db, keys): (Data<Db>, Data<Keys>),
    reads: Data<ReadLog>,
    (id, list): (Id<RankImportId>, List<RankFaultFilter, RankImportFault>),
) -> Result<Page<RankImportFault>> {
    let (scope, filter) = (&caller.scope, &list.filter);
    let cursors = CursorKey::new(&keys.cursors, "list_rank_import_faults", &caller.client_id, &(id.0, filter))?;
    let after = cursors.read(list.cursor.as_ref())?;
    let conn = db.read(scope).await?;
    queries::find(&conn, scope, id.0).await?.ok_or(Code::NotFound)?;
    let rows = queries::faults(&conn, scope, id.0, filter, (list.limit, after)).await?;
    let total = list.total(queries::count_faults(&conn, scope, id.0)).await?;
    let page = list.page((rows, total), &cursors, |row| (row.row_number, row.fault_number))?;
    reads
        .record(Read::new(&caller, "list_rank_import_faults", "rank_imports", Some(id.0.0)).of(page.items.len()))
        .await;
    let is_indonesian = wants_indonesian(request.headers());
    page.try_map(|row| Ok(row.tell(is_indonesian)))
}

/// Registers the routes.
pub(in crate::beneficiaries::ranks) fn routes(config: &mut Routes<'_, '_>) {
    config.service(import_ranks).service(list_rank_imports).service(get_rank_import).service(list_rank_import_faults);
}
