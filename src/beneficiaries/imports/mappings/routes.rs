//! Routes of mappings.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, get, patch, post};

use super::model::{ImportMapping, MappingChanges, MappingFilter, NewMapping};
use super::{actions, queries};
use crate::auth::{Allowed, ImportBeneficiaries};
use crate::db::Db;
use crate::domain::MappingId;
use crate::error::{Code, Result};
use crate::http::{Answer, Change, CursorKey, Id, List, Once, Page, Routes, not_modified};
use crate::keys::Keys;

/// List import mappings
///
/// Those of your sub-district. The sandbox has one for each of SIKS-NG, PKH and DTSEN.
#[utoipa::path(
    tag = "imports", params(MappingFilter), security(("oauth2" = ["imports:write"])),
    responses((status = 200, body = Page<ImportMapping>)),
)]
#[get("/v1/import-mappings")]
async fn list_import_mappings(
    caller: Allowed<ImportBeneficiaries>,
    db: Data<Db>,
    keys: Data<Keys>,
    list: List<MappingFilter, ImportMapping>,
) -> Result<Page<ImportMapping>> {
    let cursors = CursorKey::new(&keys.cursors, "list_import_mappings", &caller.client_id, &list.filter)?;
    let after = cursors.read(list.cursor.as_ref())?;
    let conn = db.read(&caller.scope).await?;
    let rows = queries::list(&conn, &caller.scope, &list.filter, (list.limit, after)).await?;
    let total = list.total(queries::count(&conn, &caller.scope)).await?;
    list.page((rows, total), &cursors, |row| row.id)?.try_map(ImportMapping::open)
}

/// Get an import mapping
///
/// How the files of another system are read: columns, values and dates.
#[utoipa::path(
    tag = "imports", params(("id" = MappingId, Path, description = "Id of the mapping")),
    security(("oauth2" = ["imports:write"])), responses((status = 200, body = ImportMapping)),
)]
#[get("/v1/import-mappings/{id}")]
async fn get_import_mapping(
    caller: Allowed<ImportBeneficiaries>,
    request: HttpRequest,
    db: Data<Db>,
    id: Id<MappingId>,
) -> Result<HttpResponse> {
    let conn = db.read(&caller.scope).await?;
    let mapping = queries::find(&conn, &caller.scope, id.0).await?.ok_or(Code::NotFound)?;
    Ok(not_modified(&request, mapping.version, &mapping))
}

/// Add an import mapping
///
/// Name each column of the file that is read, and each that is read past: a file with any other column is refused. Give
/// the values that are called otherwise here, such as `KEPALA KELUARGA` for `head`. Layouts for SIKS-NG, PKH and DTSEN
/// stand under `examples/imports` of the project.
#[utoipa::path(
    tag = "imports", request_body = NewMapping, security(("oauth2" = ["imports:write"])),
    responses((status = 201, body = ImportMapping)),
)]
#[post("/v1/import-mappings")]
async fn add_import_mapping(
    caller: Allowed<ImportBeneficiaries>,
    db: Data<Db>,
    command: Once<NewMapping>,
) -> Result<HttpResponse> {
    command
        .run(&db, &caller, async |conn, new| {
            let mapping = actions::add(conn, &caller, new).await?;
            let address = format!("/v1/import-mappings/{}", mapping.id);
            Ok(Answer::created(address, &mapping)?.with_version(mapping.version))
        })
        .await
}

/// Change an import mapping
///
/// For files to come: an import keeps the layout that it was read with.
#[utoipa::path(
    tag = "imports", request_body = MappingChanges,
    params(("id" = MappingId, Path, description = "Id of the mapping")),
    security(("oauth2" = ["imports:write"])), responses((status = 200, body = ImportMapping)),
)]
#[patch("/v1/import-mappings/{id}")]
async fn update_import_mapping(
    caller: Allowed<ImportBeneficiaries>,
    db: Data<Db>,
    id: Id<MappingId>,
    change: Change<MappingChanges>,
) -> Result<HttpResponse> {
    let mapping = db
        .transaction(&caller.scope, async |conn| {
            actions::update(conn, &caller, id.0, (&change.changes, change.version)).await
        })
        .await?;
    Ok(Answer::ok(&mapping)?.with_version(mapping.version).respond())
}

/// Registers the routes.
pub(in crate::beneficiaries::imports) fn routes(config: &mut Routes<'_, '_>) {
    config
        .service(list_import_mappings)
        .service(get_import_mapping)
        .service(add_import_mapping)
        .service(update_import_mapping);
}
