//! Routes of memberships.

use actix_web::get;
use actix_web::web::Data;

use super::model::{Membership, MembershipFilter};
use super::queries;
use crate::audit::{Read, ReadLog};
use crate::auth::{Allowed, ReadBeneficiaries};
use crate::beneficiaries::queries as families;
use crate::db::Db;
use crate::domain::BeneficiaryId;
use crate::error::{Code, Result};
use crate::http::{AsOf, CursorKey, Id, List, Page, Routes};
use crate::keys::Keys;

/// List the memberships of a family
///
/// Who belongs to it and who did, from when to when and why it ended, in the order in which they joined. The persons
/// themselves are at `/v1/members/{id}`, those who left as well. With `as_of`, what was on record then: each with its
/// relationship of then, and as ended only where it had ended.
#[utoipa::path(
    tag = "beneficiaries",
    params(("id" = BeneficiaryId, Path, description = "Id of the family"), MembershipFilter),
    security(("oauth2" = ["beneficiaries:read"])), responses((status = 200, body = Page<Membership>)),
)]
#[get("/v1/beneficiaries/{id}/memberships")]
async fn list_memberships(
    caller: Allowed<ReadBeneficiaries>,
    (db, keys): (Data<Db>, Data<Keys>),
    reads: Data<ReadLog>,
    id: Id<BeneficiaryId>,
    list: List<MembershipFilter, Membership>,
) -> Result<Page<Membership>> {
    let cursors = CursorKey::new(&keys.cursors, "list_memberships", &caller.client_id, &list.filter)?;
    let after = cursors.read(list.cursor.as_ref())?;
    let conn = db.read(&caller.scope).await?;
    let family = match list.filter.as_of {
        None => families::find(&conn, &caller.scope, id.0).await?,
        Some(AsOf(at)) => families::find_as_of(&conn, &caller.scope, id.0, at).await?,
    };
    family.ok_or(Code::NotFound)?;
    let rows = queries::list(&conn, &caller.scope, id.0, &list.filter, (list.limit, after)).await?;
    let total = list.total(queries::count(&conn, &caller.scope, id.0, &list.filter)).await?;
    let page = list.page((rows, total), &cursors, |row| row.id)?;
    reads.record(Read::new(&caller, "list_memberships", "members", Some(id.0.0)).of(page.items.len())).await;
    Ok(page)
}

/// Registers the routes.
pub(in crate::beneficiaries) fn routes(config: &mut Routes<'_, '_>) {
    config.service(list_memberships);
}
