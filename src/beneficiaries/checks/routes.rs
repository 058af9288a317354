//! Route of checks.

use actix_web::web::Data;
use actix_web::{HttpResponse, post};
use tokio::try_join;

use super::model::{Card, Check, NewCheck};
use super::{actions, rules};
use crate::audit::{Read, ReadLog};
use crate::auth::{Allowed, ReadBeneficiaries};
use crate::db::Db;
use crate::error::{Error, Result};
use crate::http::{Body, Routes};
use crate::keys::Keys;
use crate::regions;

/// Check a family card for duplicates
///
/// Compares everybody on it with the live members of your area, as registering the card would, and writes nothing.
/// Candidates are told with how sure it is, in bits, and what each field says: `same` for one person as far as
/// records can tell, `look` for a person to decide. Twins, namesakes and strangers with numbers that differ by a slip
/// are weighed, not ruled out. Nothing is told of members of other areas, not even that there are any.
#[utoipa::path(
    tag = "duplicates", request_body = NewCheck, security(("oauth2" = ["beneficiaries:read"])),
    responses((status = 200, body = Check)),
)]
#[post("/v1/duplicates/checks")]
async fn check_duplicates(
    caller: Allowed<ReadBeneficiaries>,
    db: Data<Db>,
    keys: Data<Keys>,
    reads: Data<ReadLog>,
    new: Body<NewCheck>,
) -> Result<HttpResponse> {
    let new = new.0;
    let conn = db.read(&caller.scope).await?;
    // Looked at together with the village; of a card that is refused anyway, nobody is looked for.
    let members = if rules::has_fitting_members(&new) { new.members.as_slice() } else { &[] };
    let card = Card { members, ..Card::from(&new) };
    let check = actions::check(&conn, &caller.scope, &keys.vault, card);
    // The check goes first on the connection: Postgres looks for the village while what it found is read.
    let (check, village) = try_join!(check, regions::find_village(&conn, &caller.scope, &new.village_code))?;
    let faults = rules::faults_of(&new, village.is_some());
    if !faults.is_empty() {
        return Err(Error::invalid(faults));
    }
    reads.record(Read::new(&caller, "check_duplicates", "members", None).of(check.candidates.len())).await;
    Ok(HttpResponse::Ok().insert_header(("Cache-Control", "no-store")).json(check))
}

/// Registers the route.
pub(in crate::beneficiaries) fn routes(config: &mut Routes<'_, '_>) {
    config.service(check_duplicates);
}
