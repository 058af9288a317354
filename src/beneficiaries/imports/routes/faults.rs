//! Routes of the faults of an import, and of whom it would have leave.

use std::task::Poll;

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, get, post};
use futures_util::stream::poll_fn;
use tokio::sync::mpsc;

use crate::audit::{Read, ReadLog};
use crate::auth::{Allowed, ImportBeneficiaries, RevealNumbers};
use crate::beneficiaries::imports::actions::{self, FaultyRows};
use crate::beneficiaries::imports::model::{
    FaultFilter, FaultsFile, FileKind, ImportFault, ImportLeaver, LeaverFilter,
};
use crate::beneficiaries::imports::queries;
use crate::db::Db;
use crate::domain::ImportId;
use crate::error::{Code, Result};
use crate::http::{Body, CursorKey, Id, List, Page, Routes, accepted, wants_indonesian};
use crate::keys::Keys;

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

/// Fetch the faulty rows of an import
///
/// As they were sent, each with the columns `fault_line`, `fault_codes` and `fault_advice`, as CSV or NDJSON. Mend them
/// and send the file again as it is: the added columns are read past, and so is the apostrophe before long numbers and
/// before what a spreadsheet would take for a formula. It holds numbers in full, so the purpose is recorded before
/// anything is shown. The file is kept for thirty days.
#[utoipa::path(
    tag = "imports", request_body = FaultsFile,
    params(("id" = ImportId, Path, description = "Id of the import")),
    security(("oauth2" = ["nik:read"])),
    responses((status = 200, description = "The faulty rows", content(
        (String = "text/csv", example = json!(
            "card_number,nik,name,fault_line,fault_codes,fault_advice\n\
             '6402101001209101,123,Contoh Impor,2,nik:nik_malformed,nik: Not a NIK.\n"
        )),
        (String = "application/x-ndjson", example = json!(
            "{\"card_number\":\"6402101001209101\",\"nik\":\"123\",\"fault_line\":\"2\",\
             \"fault_codes\":\"nik:nik_malformed\",\"fault_advice\":\"nik: Not a NIK.\"}\n"
        )),
    ))),
)]
#[post("/v1/imports/{id}/faults/file")]
async fn disclose_faulty_rows(
    caller: Allowed<RevealNumbers>,
    request: HttpRequest,
    db: Data<Db>,
    keys: Data<Keys>,
    id: Id<ImportId>,
    wanted: Body<FaultsFile>,
) -> Result<HttpResponse> {
    // The form is chosen in the body; who reads none of them is told before anything is shown.
    accepted(request.headers(), &["text/csv", "application/x-ndjson"])?;
    let FaultsFile { format, purpose } = wanted.0;
    let import = db
        .transaction(&caller.scope, async |conn| {
            let import = queries::find(conn, &caller.scope, id.0).await?.ok_or(Code::NotFound)?;
            if !queries::has_file(conn, &caller.scope, id.0).await? {
                return Err(Code::FileGone.into());
            }
            let read = Read::new(&caller, "disclose_faulty_rows", "imports", Some(id.0.0));
            let rows = usize::try_from(import.rows_faulty).unwrap_or_default();
            read.of(rows).with_purpose(purpose.to_string()).write(conn).await?;
            Ok(import)
        })
        .await?;
    let (out, mut blocks) = mpsc::channel(4);
    let rows = FaultyRows { import, kind: format, is_indonesian: wants_indonesian(request.headers()), out };
    actix_web::rt::spawn(actions::write_faulty_rows(db.get_ref().clone(), keys.into_inner(), rows));
    // A file that was given up this moment is told before the answer begins.
    let mut first = blocks.recv().await.transpose()?;
    let (media_type, name) = match format {
        FileKind::Csv => ("text/csv; charset=utf-8", "csv"),
        FileKind::Ndjson => ("application/x-ndjson", "ndjson"),
    };
    let stream = poll_fn(move |context| match first.take() {
        Some(block) => Poll::Ready(Some(Ok(block.into()))),
        None => blocks.poll_recv(context).map(|block| block.map(|block| block.map(Into::into))),
    });
    Ok(HttpResponse::Ok()
        .content_type(media_type)
        .insert_header(("Cache-Control", "no-store"))
        .insert_header(("Content-Disposition", format!("attachment; filename=\"faults.{name}\"")))
        .streaming::<_, crate::error::Error>(stream))
}

/// List whom an import would have leave
///
/// Live members of the village or sub-district that the file lists whole, whom it does not name: neither by their NIK nor
/// in their family. Nobody leaves until the import is applied with their number. They leave with the reason `unlisted`; of
/// a family that nobody is left in, enrollments and needs end. What is reserved for the family is named here, before it is
/// applied and after: it stays reserved until somebody releases it.
#[utoipa::path(
    tag = "imports", params(("id" = ImportId, Path, description = "Id of the import"), LeaverFilter),
    security(("oauth2" = ["imports:write"])), responses((status = 200, body = Page<ImportLeaver>)),
)]
#[get("/v1/imports/{id}/leavers")]
async fn list_import_leavers(
    caller: Allowed<ImportBeneficiaries>,
    db: Data<Db>,
    keys: Data<Keys>,
    reads: Data<ReadLog>,
    (id, list): (Id<ImportId>, List<LeaverFilter, ImportLeaver>),
) -> Result<Page<ImportLeaver>> {
    let cursors = CursorKey::new(&keys.cursors, "list_import_leavers", &caller.client_id, &(id.0, &list.filter))?;
    let after = cursors.read(list.cursor.as_ref())?;
    let conn = db.read(&caller.scope).await?;
    queries::find(&conn, &caller.scope, id.0).await?.ok_or(Code::NotFound)?;
    let rows = queries::leavers(&conn, &caller.scope, id.0, &list.filter, (list.limit, after)).await?;
    let total = list.total(queries::count_leavers(&conn, &caller.scope, id.0)).await?;
    let page = list.page((rows, total), &cursors, |row| row.member_id)?;
    reads.record(Read::new(&caller, "list_import_leavers", "imports", Some(id.0.0)).of(page.items.len())).await;
    page.try_map(|row| Ok(row.into()))
}

/// Registers the routes.
pub(super) fn routes(config: &mut Routes<'_, '_>) {
    config.service(list_import_faults).service(disclose_faulty_rows).service(list_import_leavers);
}
