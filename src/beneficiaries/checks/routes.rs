//! Route of checks.

use actix_web::web::Data;
use actix_web::{HttpResponse, post};
use tokio::try_join;
use utoipa_actix_web::service_config::ServiceConfig;

use super::actions;
use super::model::{Card, Check, NewCheck};
use crate::audit::{Read, ReadLog};
use crate::auth::{Allowed, ReadBeneficiaries};
use crate::beneficiaries::rules::MEMBERS;
use crate::db::Db;
use crate::error::{Code, Error, Result};
use crate::http::Body;
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
    if new.members.is_empty() || new.members.len() > MEMBERS {
        return Err(Error::invalid_field("/members", Code::WrongType));
    }
    let conn = db.read(&caller.scope).await?;
    let (village, check) = try_join!(
        regions::find_village(&conn, &caller.scope, &new.village_code),
        actions::check(&conn, &caller.scope, &keys.vault, Card::from(&new)),
    )?;
    village.ok_or_else(|| Error::invalid_field("/village_code", Code::VillageUnknown))?;
    reads.record(Read::new(&caller, "check_duplicates", "members", None).of(check.candidates.len())).await;
    Ok(HttpResponse::Ok().insert_header(("Cache-Control", "no-store")).json(check))
}

/// Registers the route.
pub(in crate::beneficiaries) fn routes(config: &mut ServiceConfig) {
    config.service(check_duplicates);
}
