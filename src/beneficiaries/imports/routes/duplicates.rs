//! Route of whom the persons of a file may be.

use actix_web::get;
use actix_web::web::Data;

use crate::audit::{Read, ReadLog};
use crate::auth::{Allowed, ImportBeneficiaries};
use crate::beneficiaries::imports::model::{DuplicateFilter, ImportDuplicate};
use crate::beneficiaries::imports::queries;
use crate::db::Db;
use crate::domain::ImportId;
use crate::error::{Code, Result};
use crate::http::{CursorKey, Id, List, Page, Routes};
use crate::keys::Keys;

/// List whom the new persons of an import may be
///
/// Those of a `checked` or `reviewed` import who would be new, compared with the live members of the sub-district and with
/// each other, as a look for duplicates compares: `same` for one person as far as records can tell, `look` for a person to
/// decide. It is advice, which refuses nothing. Members are told as they are recorded now; of other sub-districts nothing is
/// told. Once the import is applied, the look that follows it puts the pairs into the queue under `/v1/duplicates/pairs`;
/// this list ends with the import, and its counts stay.
///
/// Where the import tells `possible_duplicates.skipped`, nobody was looked for: with more than 200,000 new persons and members the
/// look that follows does it alone.
#[utoipa::path(
    tag = "imports", params(("id" = ImportId, Path, description = "Id of the import"), DuplicateFilter),
    security(("oauth2" = ["imports:write"])), responses((status = 200, body = Page<ImportDuplicate>)),
)]
#[get("/v1/imports/{id}/possible-duplicates")]
async fn list_import_duplicates(
    caller: Allowed<ImportBeneficiaries>,
    (db, keys, reads): (Data<Db>, Data<Keys>, Data<ReadLog>),
    (id, list): (Id<ImportId>, List<DuplicateFilter, ImportDuplicate>),
) -> Result<Page<ImportDuplicate>> {
    let (scope, filter) = (&caller.scope, &list.filter);
    let cursors = CursorKey::new(&keys.cursors, "list_import_duplicates", &caller.client_id, &(id.0, filter))?;
    let after = cursors.read(list.cursor.as_ref())?;
    let conn = db.read(scope).await?;
    queries::find(&conn, scope, id.0).await?.ok_or(Code::NotFound)?;
    let rows = queries::duplicates(&conn, scope, id.0, filter, (list.limit, after)).await?;
    let total = list.total(queries::count_duplicates(&conn, scope, id.0, filter)).await?;
    let page = list.page((rows, total), &cursors, |row| (row.row_number, row.candidate_number))?;
    reads.record(Read::new(&caller, "list_import_duplicates", "imports", Some(id.0.0)).of(page.items.len())).await;
    page.try_map(|row| Ok(row.into()))
}

/// Registers the route.
pub(super) fn routes(config: &mut Routes<'_, '_>) {
    config.service(list_import_duplicates);
}
