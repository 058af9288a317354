//! Routes of disclosures.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, get, post};

use super::model::{NewPledgeDisclosure, PledgeDisclosure, PledgeDisclosureFilter};
use super::{actions, queries};
use crate::auth::{Allowed, ReadPledges, WritePledges};
use crate::db::Db;
use crate::domain::{PledgeDisclosureId, PledgeId};
use crate::error::{Code, Result};
use crate::http::{Answer, CursorKey, Id, List, Once, Page, Routes, not_modified};
use crate::keys::Keys;
use crate::pledges::queries as pledges;

/// List what a company disclosed
///
/// Of one pledge, all versions; the newest is in its evidence packs.
#[utoipa::path(
    tag = "pledges", params(("id" = PledgeId, Path, description = "Id of the pledge"), PledgeDisclosureFilter),
    security(("oauth2" = ["pledges:read"])), responses((status = 200, body = Page<PledgeDisclosure>)),
)]
#[get("/v1/pledges/{id}/disclosures")]
async fn list_pledge_disclosures(
    caller: Allowed<ReadPledges>,
    db: Data<Db>,
    keys: Data<Keys>,
    id: Id<PledgeId>,
    list: List<PledgeDisclosureFilter, PledgeDisclosure>,
) -> Result<Page<PledgeDisclosure>> {
    let operation = format!("list_pledge_disclosures {}", id.0);
    let cursors = CursorKey::new(&keys.cursors, &operation, &caller.client_id, &list.filter)?;
    let after = cursors.read(list.cursor.as_ref())?;
    let conn = db.read(&caller.scope).await?;
    pledges::find(&conn, &caller.scope, id.0).await?;
    let rows = queries::list(&conn, (id.0, &list.filter), (list.limit, after)).await?;
    let total = list.total(queries::count(&conn, id.0)).await?;
    list.page((rows, total), &cursors, |disclosure| disclosure.version)
}

/// Get what a company disclosed
#[utoipa::path(
    tag = "pledges", params(("id" = PledgeDisclosureId, Path, description = "Id of the disclosure")),
    security(("oauth2" = ["pledges:read"])), responses((status = 200, body = PledgeDisclosure), (status = 304)),
)]
#[get("/v1/pledge-disclosures/{id}")]
async fn get_pledge_disclosure(
    caller: Allowed<ReadPledges>,
    request: HttpRequest,
    db: Data<Db>,
    id: Id<PledgeDisclosureId>,
) -> Result<HttpResponse> {
    let conn = db.read(&caller.scope).await?;
    let disclosure = queries::find(&conn, id.0).await?.ok_or(Code::NotFound)?;
    pledges::find(&conn, &caller.scope, disclosure.pledge_id).await?;
    Ok(not_modified(&request, disclosure.version, &disclosure))
}

/// Disclose what reports ask for
///
/// By which standards the lines count, the site they belong to, why something was late, and what running and bringing
/// it cost. It binds nobody and moves nothing; the next evidence pack tells it.
#[utoipa::path(
    tag = "pledges", params(("id" = PledgeId, Path, description = "Id of the pledge")),
    request_body = NewPledgeDisclosure, security(("oauth2" = ["pledges:write"])),
    responses((status = 201, body = PledgeDisclosure)),
)]
#[post("/v1/pledges/{id}/disclosures")]
async fn add_pledge_disclosure(
    caller: Allowed<WritePledges>,
    db: Data<Db>,
    id: Id<PledgeId>,
    command: Once<NewPledgeDisclosure>,
) -> Result<HttpResponse> {
    command
        .run(&db, &caller, async |conn, new| {
            let disclosure = actions::disclose(conn, &caller, id.0, new).await?;
            Answer::created(format!("/v1/pledge-disclosures/{}", disclosure.id), &disclosure)
        })
        .await
}

/// Registers the routes.
pub(in crate::pledges) fn routes(config: &mut Routes<'_, '_>) {
    config.service(list_pledge_disclosures).service(get_pledge_disclosure).service(add_pledge_disclosure);
}
