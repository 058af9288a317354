//! Routes of imports.

mod duplicates;
mod faults;
mod stages;

use std::sync::Mutex;

use actix_web::web::{Data, Payload};
use actix_web::{HttpRequest, HttpResponse, get, post, rt};

use super::actions::{self, Staged, Upload, Work};
use super::model::{FileFormat, Import, ImportFilter, ImportTarget, UploadedFile};
use super::{mappings, queries};
use crate::auth::{Allowed, ImportBeneficiaries};
use crate::db::Db;
use crate::domain::{Caller, ImportId, Scope};
use crate::error::{Code, Result};
use crate::http::{
    Answer, BodyStream, CursorKey, File, Id, List, Once, OnceKey, Page, Query, Receiving, Routes, has_media_type,
    not_modified_content,
};
use crate::keys::Keys;
use crate::regions;

/// Largest file: about three million rows.
const LIMIT_BYTES: usize = 512 << 20;
/// A file of a spreadsheet program.
type Workbook = File<LIMIT_BYTES>;
/// Formats by their media type.
const FORMATS: [(&str, FileFormat); 3] = [
    ("text/csv", FileFormat::Csv),
    ("application/x-ndjson", FileFormat::Ndjson),
    ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", FileFormat::Xlsx),
];

/// Import a file of families
///
/// One row a member, in one of three formats: CSV in UTF-8 with a header, its cells between commas, semicolons or tabs;
/// NDJSON, an object on each line; XLSX, of which the first sheet is read. Columns stand in any order; unknown ones are
/// refused. Needed are `card_number`, `name`, `sex` (`male`, `female`, `L`, `P`), `relationship` and `village_code`; known
/// are `nik`, `born_on`, `birth_place`, `mother_name`, `work`, `is_pregnant`, `has_disability`, `in_school`, `address`,
/// `phone`, `decile`, `decile_source` and `decile_period`. Files that name them otherwise are read by a mapping. A village
/// is named by its official code, with or without points, or by that of the statistics office. Rows of one family agree on
/// village, address, telephone and rank. In a workbook NIK and card number are text: what a spreadsheet holds as a number
/// has lost digits, and is told so. At most 1,048,575 rows.
///
/// The file is read and sealed as it arrives; then 202 names the import that decides on its rows in the background. A
/// family is taken whole or not at all; what is wrong is told row by row under `faults`. A row is matched by card and NIK:
/// where the two speak of two families, or a name of two members, it is at fault; so it is where its source gave the family
/// another decile for the period. Rows that are in already change nothing,
/// an empty cell says nothing, and nobody leaves a family because a file does not name them. Only where `full_list_of`
/// says that the file lists a village or the sub-district whole are those it leaves out shown, under `leavers`; they leave
/// when the import is applied with their number.
///
/// `apply=after_review` stops at `checked`, with what would be created, changed and left alone, and whom the new persons
/// may be, under `possible-duplicates`; it then takes a review and an application.
#[utoipa::path(
    tag = "imports",
    request_body(content(
        (String = "text/csv", example = json!(
            "card_number,nik,name,sex,born_on,relationship,village_code,decile,decile_source,decile_period\n\
             6402101001209101,6402104101909101,Contoh Impor,P,1990-01-01,head,64.02.10.2004,2,DTSEN,2026-10-01\n\
             6402101001209101,,Anak Impor,L,2019-05-02,child,64.02.10.2004,2,DTSEN,2026-10-01\n"
        )),
        (String = "application/x-ndjson", example = json!(
            "{\"card_number\":\"6402101001209102\",\"name\":\"Contoh Baris\",\"sex\":\"P\",\
             \"relationship\":\"head\",\"village_code\":\"64.02.10.2004\"}\n"
        )),
        (inline(Workbook) = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
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
    let format = FORMATS.iter().find(|(media_type, _)| has_media_type(&request, &[media_type]));
    let (_, format) = *format.ok_or(Code::MediaTypeUnsupported)?;
    let conn = db.read(&caller.scope).await?;
    let area_id = regions::acting_area(&conn, &caller.scope, target.0.district_code.as_ref()).await?;
    let scope = Scope { area_ids: vec![area_id], ..caller.scope.clone() };
    let caller = Caller { scope, ..(*caller).clone() };
    let place = Receiving::begin(&caller.client_id)?;
    let sealing = keys.clone().into_inner();
    let upload = Upload::start((&db, &conn), sealing, (&caller, area_id), format, &target.0).await?;
    let (file, staged) = receive(upload, BodyStream::new(payload.into_inner(), LIMIT_BYTES, place)).await?;
    let command = key.command((), staged.digest());
    accept(command, (&db, &keys), (caller, area_id), file, staged).await
}

async fn receive(mut upload: Upload, mut body: BodyStream) -> Result<(UploadedFile, Staged)> {
    while let Some(part) = body.next().await? {
        if !upload.take(part.to_vec()).await? {
            break;
        }
    }
    upload.finish().await
}

/// Answers for the import; only the first request with a key starts the work.
async fn accept(
    command: Once<()>,
    (db, keys): (&Data<Db>, &Data<Keys>),
    (caller, area_id): (Caller, i32),
    file: UploadedFile,
    staged: Staged,
) -> Result<HttpResponse> {
    let made = Mutex::new(None);
    let id = file.id;
    let response = command
        .run(db, &caller, async |conn, ()| {
            let row = actions::new_import(conn, &caller, area_id, file.clone()).await?;
            let answer = Answer::accepted(format!("/v1/imports/{id}"), &Import::from(row.clone()));
            keep(&made, row);
            answer
        })
        .await;
    let import = made.into_inner().unwrap_or_default().filter(|_| response.is_ok());
    match import {
        Some(import) => work(db, keys, caller, import, Some(staged)),
        None => actions::forget(db, &caller, area_id, id).await?,
    }
    response
}

/// Keeps what the transaction made, for after its commit.
fn keep<T>(place: &Mutex<Option<T>>, made: T) {
    if let Ok(mut place) = place.lock() {
        *place = Some(made);
    }
}

/// Starts the work on an import behind the request.
fn work(db: &Data<Db>, keys: &Data<Keys>, caller: Caller, import: super::model::ImportRow, staged: Option<Staged>) {
    let work = Work { db: db.get_ref().clone(), keys: keys.clone().into_inner(), caller, import };
    rt::spawn(actions::work_in_background(work, staged));
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
/// Ask again until `status` is no longer `uploaded` or `running`. Of a `checked` import the counts tell what it would do,
/// of an `applied` one what it did.
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

/// Registers the routes.
pub(in crate::beneficiaries) fn routes(config: &mut Routes<'_, '_>) {
    config
        .configure(mappings::routes)
        .service(start_import)
        .service(list_imports)
        .service(get_import)
        .configure(faults::routes)
        .configure(duplicates::routes)
        .configure(stages::routes);
}
