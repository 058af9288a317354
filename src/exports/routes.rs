//! Routes of exports.

use actix_web::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION};
use actix_web::web::{Bytes, Data};
use actix_web::{HttpRequest, HttpResponse, get, post};
use futures_util::Stream;
use futures_util::stream::unfold;
use tokio::sync::mpsc;

use super::actions::{self, Granted, Part, Writing};
use super::model::{Export, ExportFile, ExportFormat, NewExport, NewExportCancellation, OwnExports};
use super::queries;
use crate::audit::ReadLog;
use crate::auth::{
    Allowed, ExportLists, Permission, ReadAid, ReadAllocations, ReadAssets, ReadBeneficiaries, ReadComplaints,
    ReadDuplicates, ReadEnrollments, ReadPledges, ReadSensitiveComplaints, ReadStock, ReadTrainingParticipants,
    ReadTrainings, ReadVerification, RevealNumbers,
};
use crate::db::{self, Db};
use crate::domain::ExportId;
use crate::error::{Code, Error, Result};
use crate::http::{Answer, CursorKey, Id, List, Once, Page, Routes, accepted, not_modified_content};
use crate::keys::Keys;

/// Parts of a file that may wait for the client.
const WAITING: usize = 2;

/// What else the caller may do, besides to export: what reads each list, and what shows full numbers.
type Besides = (
    Option<Allowed<ReadBeneficiaries>>,
    Option<Allowed<ReadEnrollments>>,
    Option<Allowed<ReadPledges>>,
    Option<Allowed<ReadAllocations>>,
    Option<Allowed<ReadAssets>>,
    Option<Allowed<ReadStock>>,
    Option<Allowed<ReadTrainings>>,
    Option<Allowed<ReadTrainingParticipants>>,
    Option<Allowed<ReadAid>>,
    Option<Allowed<ReadVerification>>,
    Option<Allowed<ReadDuplicates>>,
    Option<Allowed<ReadComplaints>>,
    Option<Allowed<ReadSensitiveComplaints>>,
    Option<Allowed<RevealNumbers>>,
);

fn granted(
    (
        families,
        enrollments,
        pledges,
        allocations,
        assets,
        stock,
        trainings,
        participants,
        aid,
        verification,
        duplicates,
        complaints,
        sensitive_complaints,
        numbers,
    ): &Besides,
) -> Granted {
    fn of<P: Permission>(allowed: Option<&Allowed<P>>) -> Option<&'static str> {
        allowed.map(|_| P::SCOPE)
    }
    let all = [
        of(families.as_ref()),
        of(enrollments.as_ref()),
        of(pledges.as_ref()),
        of(allocations.as_ref()),
        of(assets.as_ref()),
        of(stock.as_ref()),
        of(trainings.as_ref()),
        of(participants.as_ref()),
        of(aid.as_ref()),
        of(verification.as_ref()),
        of(duplicates.as_ref()),
        of(complaints.as_ref()),
        of(sensitive_complaints.as_ref()),
        of(numbers.as_ref()),
    ];
    Granted(all.into_iter().flatten().collect())
}

/// Ask for a list as a file
///
/// Families, live members, welfare ranks, warnings, enrollments, entitlements, deliveries, needs, places, meetings, visits, lists
/// of verification rounds, change requests, pairs that may be one person, realisations, equipment, stock, trainings,
/// follow-ups or complaints of your sub-districts, as CSV, XLSX or NDJSON: those that `filter` leaves, with the `fields` you
/// name, as of an instant where the list keeps past versions. You need the permission that reads the list. A filter that
/// the list does not take is refused, never ignored.
///
/// Numbers are masked. In full they need the permission `nik:read` and a `purpose`, which is recorded with the count of
/// rows before the first of them goes out. In CSV and XLSX a text that a spreadsheet would compute (it begins with
/// `=`, `+`, `-`, `@`, a tab or a line break) gets an apostrophe in front.
///
/// The answer names the export; its file is written when you fetch it and never kept.
#[utoipa::path(
    tag = "exports", request_body = NewExport, security(("oauth2" = ["exports:write"])),
    responses((status = 202, body = Export, headers(("Location" = String, description = "Where progress is told")))),
)]
#[post("/v1/exports")]
async fn start_export(
    caller: Allowed<ExportLists>,
    besides: Besides,
    db: Data<Db>,
    command: Once<NewExport>,
) -> Result<HttpResponse> {
    let new = command.command();
    granted(&besides).check(new.list, new.numbers, RevealNumbers::SCOPE)?;
    command
        .run(&db, &caller, async |conn, new| {
            let export = actions::start(conn, &caller, new).await?;
            Answer::accepted(format!("/v1/exports/{}", export.id), &export)
        })
        .await
}

/// List your exports
///
/// Those whose file can still be fetched, newest first. Nobody else sees them.
#[utoipa::path(
    tag = "exports", params(OwnExports), security(("oauth2" = ["exports:write"])),
    responses((status = 200, body = Page<Export>)),
)]
#[get("/v1/exports")]
async fn list_exports(
    caller: Allowed<ExportLists>,
    db: Data<Db>,
    keys: Data<Keys>,
    list: List<OwnExports, Export>,
) -> Result<Page<Export>> {
    let (client_id, now) = (&caller.client_id, db::now());
    let cursors = CursorKey::new(&keys.cursors, "list_exports", client_id, &list.filter)?;
    let after = cursors.read(list.cursor.as_ref())?;
    let conn = db.read(&caller.scope).await?;
    let rows = queries::list(&conn, client_id, &list.filter, now, (list.limit, after)).await?;
    let total = list.total(queries::count(&conn, client_id, now)).await?;
    list.page((rows, total), &cursors, |row| (row.created_at, row.id))?.try_map(Export::try_from)
}

/// Get an export
///
/// While its file is on its way, `rows_written` grows about once a second.
#[utoipa::path(
    tag = "exports", params(("id" = ExportId, Path, description = "Id of the export")),
    security(("oauth2" = ["exports:write"])), responses((status = 200, body = Export), (status = 304)),
)]
#[get("/v1/exports/{id}")]
async fn get_export(
    caller: Allowed<ExportLists>,
    request: HttpRequest,
    db: Data<Db>,
    id: Id<ExportId>,
) -> Result<HttpResponse> {
    let conn = db.read(&caller.scope).await?;
    let row = queries::find(&conn, &caller.client_id, id.0, db::now()).await?.ok_or(Code::NotFound)?;
    not_modified_content(&request, &Export::try_from(row)?)
}

/// Fetch the file of an export
///
/// Written as it goes out, from one moment of the database, sub-district by sub-district in the order of ids. A file
/// that cannot be finished breaks off without the end of its transfer: a client that reads to that end has it whole,
/// and the export is `done`. It can be fetched again within 24 hours, and is then read anew; name `as_of` to get the
/// same rows. Two files of a client may be on their way at once, each for fifteen minutes; one that is on its way
/// already or was cancelled is refused with 409.
#[utoipa::path(
    tag = "exports", params(("id" = ExportId, Path, description = "Id of the export")),
    security(("oauth2" = ["exports:write"])),
    responses((status = 200, description = "The file, in the form that was asked for", content(
        (inline(ExportFile) = "text/csv", example = json!("id,head_name,member_count\r\n\
            0198f0c2-7b1e-7a40-9c55-2f6f4b1d8e01,Contoh Sintetis,4\r\n")),
        (inline(ExportFile) = "application/x-ndjson", example = json!("{\"id\":\"0198f0c2-7b1e-7a40-9c55-2f6f4b1d8e01\",\
            \"head_name\":\"Contoh Sintetis\",\"member_count\":4}\n")),
        (inline(ExportFile) = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", example = json!("PK")),
    ))),
)]
#[get("/v1/exports/{id}/file")]
async fn get_export_file(
    caller: Allowed<ExportLists>,
    besides: Besides,
    request: HttpRequest,
    (db, keys, reads): (Data<Db>, Data<Keys>, Data<ReadLog>),
    id: Id<ExportId>,
) -> Result<HttpResponse> {
    let conn = db.read(&caller.scope).await?;
    let row = queries::find(&conn, &caller.client_id, id.0, db::now()).await?.ok_or(Code::NotFound)?;
    drop(conn);
    granted(&besides).check(row.list, row.numbers, RevealNumbers::SCOPE)?;
    // The form was chosen with the export; who reads any of them gets that one.
    let media_types: Vec<_> = ExportFormat::ALL.iter().map(|format| format.media_type()).collect();
    accepted(request.headers(), &media_types)?;
    let session = Writing::session(&db, &caller.scope).await?;
    let export = db.transaction(&caller.scope, async |conn| actions::begin(conn, &caller, id.0).await).await?;
    let disposition = format!("attachment; filename=\"{}\"", export.file_name());
    let means = (db.get_ref().clone(), keys.into_inner(), reads.get_ref().clone());
    let writing = Writing::new(means, caller.clone(), export)?;
    let (body, parts) = mpsc::channel(WAITING);
    tokio::spawn(writing.run(session, body));
    Ok(HttpResponse::Ok()
        .content_type(row.format.media_type())
        .insert_header((CONTENT_DISPOSITION, disposition))
        .insert_header((CACHE_CONTROL, "no-store"))
        .streaming(whole(parts)))
}

/// The parts as a body that fails where the end is missing, so that nobody takes half a file for a whole one.
fn whole(parts: mpsc::Receiver<Part>) -> impl Stream<Item = Result<Bytes>> {
    unfold(Some(parts), async |parts| {
        let mut parts = parts?;
        match parts.recv().await {
            Some(Part::Bytes(bytes)) => Some((Ok(bytes.into()), Some(parts))),
            Some(Part::End) => None,
            None => Some((Err(Error::unavailable("a file was cut off")), None)),
        }
    })
}

/// Cancel an export
///
/// A file that is on its way breaks off within a second or two, and no file of it is given out any more.
#[utoipa::path(
    tag = "exports", params(("id" = ExportId, Path, description = "Id of the export")),
    request_body = NewExportCancellation, security(("oauth2" = ["exports:write"])),
    responses((status = 200, body = Export)),
)]
#[post("/v1/exports/{id}/cancellations")]
async fn cancel_export(
    caller: Allowed<ExportLists>,
    db: Data<Db>,
    id: Id<ExportId>,
    command: Once<NewExportCancellation>,
) -> Result<HttpResponse> {
    command
        .run(&db, &caller, async |conn, _| {
            Ok(Answer::ok(&actions::cancel(conn, &caller, id.0).await?)?.with_content_tag())
        })
        .await
}

/// Registers the routes.
pub fn routes(config: &mut Routes<'_, '_>) {
    config
        .service(start_export)
        .service(list_exports)
        .service(get_export)
        .service(get_export_file)
        .service(cancel_export);
}
