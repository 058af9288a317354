//! Routes of imports.

use std::sync::atomic::{AtomicBool, Ordering};

use actix_web::web::{Data, Payload};
use actix_web::{HttpRequest, HttpResponse, get, post, rt};
use utoipa_actix_web::service_config::ServiceConfig;

use super::actions::{self, Job, Staged, Upload};
use super::model::{FaultFilter, Import, ImportFault, ImportFilter, ImportTarget};
use super::queries;
use crate::audit::{Read, ReadLog};
use crate::auth::{Allowed, ImportBeneficiaries};
use crate::db::Db;
use crate::domain::{ImportId, Scope};
use crate::error::{Code, Result};
use crate::http::{
    Answer, BodyStream, CursorKey, Id, List, Once, OnceKey, Page, Query, has_media_type, not_modified_content,
    wants_indonesian,
};
use crate::keys::Keys;
use crate::regions;

/// Largest file: about three million rows.
const LIMIT_BYTES: usize = 512 << 20;

/// Import a file of families
///
/// CSV in UTF-8 with a header, one row a member, columns in any order; unknown columns are refused. Needed are
/// `card_number`, `name`, `sex` (`male`, `female`, `L`, `P`), `relationship` and `village_code`; known are `nik`,
/// `born_on`, `birth_place`, `mother_name`, `work`, `is_pregnant`, `has_disability`, `in_school`, `address`, `phone`,
/// `decile`, `decile_source` and `decile_period`. Rows of one family agree on village, address, telephone and rank.
///
/// The file is read and sealed as it arrives; then 202 names the import that decides on its rows in the background.
/// A family is taken whole or not at all; what is wrong is told row by row under `faults`. Rows that are in already
/// change nothing, an empty cell says nothing, and nobody leaves a family because a file does not name them.
#[utoipa::path(
    tag = "imports",
    request_body(content = String, content_type = "text/csv", example = json!(
        "card_number,nik,name,sex,born_on,relationship,village_code,decile,decile_source,decile_period\n\
         6402101001209101,6402104101909101,Contoh Impor,P,1990-01-01,head,64.02.10.2004,2,DTSEN,2026-10-01\n\
         6402101001209101,,Anak Impor,L,2019-05-02,child,64.02.10.2004,2,DTSEN,2026-10-01\n"
    )),
    params(ImportTarget, ("Idempotency-Key" = String, Header)), security(("oauth2" = ["imports:write"])),
    responses((status = 202, body = Import, headers(("Location" = String, description = "Where progress is told")))),
)]
#[post("/v1/imports")]
async fn start_import(
    caller: Allowed<ImportBeneficiaries>,
    request: HttpRequest,
    db: Data<Db>,
    keys: Data<Keys>,
    (key, target): (OnceKey, Query<ImportTarget>),
    payload: Payload,
) -> Result<HttpResponse> {
    if !has_media_type(&request, &["text/csv"]) {
        return Err(Code::MediaTypeUnsupported.into());
    }
    let conn = db.read(&caller.scope).await?;
    let area_id = regions::acting_area(&conn, &caller.scope, target.0.district_code.as_ref()).await?;
    let upload = Upload::start(&db, &conn, keys.clone().into_inner(), area_id).await?;
    let staged = receive(upload, BodyStream::new(payload.into_inner(), LIMIT_BYTES)).await?;
    let scope = Scope { area_ids: vec![area_id], ..caller.scope.clone() };
    let job = Job { caller: crate::domain::Caller { scope, ..(*caller).clone() }, area_id };
    let command = key.command((), staged.digest);
    accept(command, &db, &keys, job, staged).await
}

async fn receive(upload: Upload, mut body: BodyStream) -> Result<Staged> {
    while let Some(part) = body.next().await? {
        if !upload.take(part.to_vec()).await {
            break;
        }
    }
    upload.finish().await
}

/// Answers for the import; only the first request with a key starts a merge.
async fn accept(command: Once<()>, db: &Data<Db>, keys: &Data<Keys>, job: Job, staged: Staged) -> Result<HttpResponse> {
    let is_new = AtomicBool::new(false);
    let response = command
        .run(db, &job.caller, async |conn, ()| {
            let import = actions::new_import(conn, &job, &staged).await?;
            is_new.store(true, Ordering::Relaxed);
            Answer::accepted(format!("/v1/imports/{}", import.id), &import)
        })
        .await?;
    if is_new.load(Ordering::Relaxed) {
        let db = db.get_ref().clone();
        rt::spawn(actions::merge_in_background(db, keys.clone().into_inner(), job, staged));
    }
    Ok(response)
}

/// List imports
///
/// Those of your sub-district, newest first.
#[utoipa::path(
    tag = "imports", params(ImportFilter), security(("oauth2" = ["imports:write"])),
    responses((status = 200, body = Page<Import>)),
)]
#[get("/v1/imports")]
async fn list_imports(
    caller: Allowed<ImportBeneficiaries>,
    db: Data<Db>,
    keys: Data<Keys>,
    list: List<ImportFilter, Import>,
) -> Result<Page<Import>> {
    let cursors = CursorKey::new(&keys.cursors, "list_imports", &caller.client_id, &list.filter)?;
    let after = cursors.read(list.cursor.as_ref())?;
    let conn = db.read(&caller.scope).await?;
    let rows = queries::list(&conn, &caller.scope, &list.filter, (list.limit, after)).await?;
    let total = list.total(queries::count(&conn, &caller.scope, &list.filter)).await?;
    list.page((rows, total), &cursors, |row| (row.created_at, row.id))?.try_map(|row| Ok(row.into()))
}

/// Get an import
///
/// Ask again until `status` is no longer `running`.
#[utoipa::path(
    tag = "imports", params(("id" = ImportId, Path, description = "Id of the import")),
    security(("oauth2" = ["imports:write"])), responses((status = 200, body = Import), (status = 304)),
)]
#[get("/v1/imports/{id}")]
async fn get_import(
    caller: Allowed<ImportBeneficiaries>,
    request: HttpRequest,
    db: Data<Db>,
    id: Id<ImportId>,
) -> Result<HttpResponse> {
    let conn = db.read(&caller.scope).await?;
    let row = queries::find(&conn, &caller.scope, id.0).await?.ok_or(Code::NotFound)?;
    not_modified_content(&request, &Import::from(row))
}

/// List the faults of an import
///
/// Row by row in the order of the file: the column, a code, and what to do in the language of `Accept-Language`.
/// The value itself is never repeated.
#[utoipa::path(
    tag = "imports", params(("id" = ImportId, Path, description = "Id of the import"), FaultFilter),
    security(("oauth2" = ["imports:write"])), responses((status = 200, body = Page<ImportFault>)),
)]
#[get("/v1/imports/{id}/faults")]
async fn list_import_faults(
    caller: Allowed<ImportBeneficiaries>,
    request: HttpRequest,
    db: Data<Db>,
    keys: Data<Keys>,
    reads: Data<ReadLog>,
    (id, list): (Id<ImportId>, List<FaultFilter, ImportFault>),
) -> Result<Page<ImportFault>> {
    let cursors = CursorKey::new(&keys.cursors, "list_import_faults", &caller.client_id, &(id.0, &list.filter))?;
    let after = cursors.read(list.cursor.as_ref())?;
    let conn = db.read(&caller.scope).await?;
    queries::find(&conn, &caller.scope, id.0).await?.ok_or(Code::NotFound)?;
    let rows = queries::faults(&conn, &caller.scope, id.0, &list.filter, (list.limit, after)).await?;
    let total = list.total(queries::count_faults(&conn, &caller.scope, id.0)).await?;
    let page = list.page((rows, total), &cursors, |row| (row.row_number, row.fault_number))?;
    reads.record(Read::new(&caller, "list_import_faults", "imports", Some(id.0.0)).of(page.items.len())).await;
    let is_indonesian = wants_indonesian(request.headers());
    page.try_map(|row| Ok(row.tell(is_indonesian)))
}

/// Registers the routes.
pub(in crate::beneficiaries) fn routes(config: &mut ServiceConfig) {
    config.service(start_import).service(list_imports).service(get_import).service(list_import_faults);
}
