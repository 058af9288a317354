//! Routes of changes of card numbers.

use actix_web::web::Data;
use actix_web::{HttpResponse, get, post};

use super::model::{CardChange, CardChangeFilter, NewCardChange};
use super::{actions, queries};
use crate::audit::{Read, ReadLog};
use crate::auth::{Allowed, ReadBeneficiaries, WriteBeneficiaries};
use crate::beneficiaries::model::Beneficiary;
use crate::beneficiaries::queries as families;
use crate::db::Db;
use crate::domain::BeneficiaryId;
use crate::error::{Code, Result};
use crate::http::{Answer, CursorKey, Id, List, Once, Page, Routes};
use crate::keys::Keys;

/// Change the card number of a family
///
/// `reissued` where the family card was issued again, as after a move or a birth: files, look-ups and registrations by the
/// earlier number find this family still. `corrected` where the number was mistyped: the wrong one is free again. The
/// number is checked as at registration: one that leads to another live family is refused, one that is a member's NIK as
/// well, and an unknown district is a warning. Name the version you looked at, and it is refused where the family has
/// changed since.
#[utoipa::path(
    tag = "beneficiaries", request_body = NewCardChange,
    params(("id" = BeneficiaryId, Path, description = "Id of the family"), ("Idempotency-Key" = String, Header)),
    security(("oauth2" = ["beneficiaries:write"])), responses((status = 201, body = Beneficiary)),
)]
#[post("/v1/beneficiaries/{id}/card-changes")]
async fn change_card(
    caller: Allowed<WriteBeneficiaries>,
    db: Data<Db>,
    keys: Data<Keys>,
    id: Id<BeneficiaryId>,
    command: Once<NewCardChange>,
) -> Result<HttpResponse> {
    command
        .run(&db, &caller, async |conn, new| {
            let family = actions::change(conn, &caller, &keys.vault, id.0, new).await?;
            Ok(Answer::created(format!("/v1/beneficiaries/{}", family.id), &family)?.with_version(family.version))
        })
        .await
}

/// List the changes of a family's card number
///
/// When and why, the newest first. The numbers stand masked in the history of the family, at the version that is named.
#[utoipa::path(
    tag = "beneficiaries", params(("id" = BeneficiaryId, Path, description = "Id of the family"), CardChangeFilter),
    security(("oauth2" = ["beneficiaries:read"])), responses((status = 200, body = Page<CardChange>)),
)]
#[get("/v1/beneficiaries/{id}/card-changes")]
async fn list_card_changes(
    caller: Allowed<ReadBeneficiaries>,
    (db, keys): (Data<Db>, Data<Keys>),
    reads: Data<ReadLog>,
    (id, list): (Id<BeneficiaryId>, List<CardChangeFilter, CardChange>),
) -> Result<Page<CardChange>> {
    let (scope, filter) = (&caller.scope, &list.filter);
    let cursors = CursorKey::new(&keys.cursors, "list_card_changes", &caller.client_id, &(id.0, filter))?;
    let after = cursors.read(list.cursor.as_ref())?;
    let conn = db.read(scope).await?;
    families::find(&conn, scope, id.0).await?.ok_or(Code::NotFound)?;
    let rows = queries::list(&conn, scope, id.0, filter, (list.limit, after)).await?;
    let total = list.total(queries::count(&conn, scope, id.0, filter)).await?;
    let page = list.page((rows, total), &cursors, |change| (change.created_at, change.id))?;
    reads.record(Read::new(&caller, "list_card_changes", "beneficiaries", Some(id.0.0)).of(page.items.len())).await;
    Ok(page)
}

/// Registers the routes.
pub(in crate::beneficiaries) fn routes(config: &mut Routes<'_, '_>) {
    config.service(change_card).service(list_card_changes);
}
