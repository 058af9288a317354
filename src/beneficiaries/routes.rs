//! Routes of families.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, get, post};
use utoipa_actix_web::service_config::ServiceConfig;

use super::actions;
use super::model::{Beneficiary, BeneficiaryFilter, NewBeneficiary};
use super::queries;
use crate::audit::{Read, ReadLog};
use crate::auth::{Allowed, ReadBeneficiaries, WriteBeneficiaries};
use crate::db::Db;
use crate::domain::BeneficiaryId;
use crate::error::{Code, Result};
use crate::http::{Answer, CursorKey, Id, Once, Page, Query, not_modified};
use crate::keys::Keys;

/// List families
///
/// Families of your sub-district by village, then in the order they were registered.
#[utoipa::path(
    tag = "beneficiaries", params(BeneficiaryFilter), security(("oauth2" = ["beneficiaries:read"])),
    responses((status = 200, body = Page<Beneficiary>)),
)]
#[get("/v1/beneficiaries")]
async fn list_beneficiaries(
    caller: Allowed<ReadBeneficiaries>,
    db: Data<Db>,
    keys: Data<Keys>,
    reads: Data<ReadLog>,
    filter: Query<BeneficiaryFilter>,
) -> Result<Page<Beneficiary>> {
    let filter = filter.0;
    let cursors = CursorKey::new(&keys.cursors, "list_beneficiaries", &caller.client_id, &filter)?;
    let after = cursors.read(filter.cursor.as_ref())?;
    let conn = db.read(&caller.scope).await?;
    let rows = queries::list(&conn, &caller.scope, &filter, after).await?;
    let page = Page::new(rows, filter.limit, &cursors, |row| (row.area_id, row.village_code.clone(), row.id))?;
    reads.record(Read::new(&caller, "list_beneficiaries", "beneficiaries", None).of(page.items.len())).await;
    page.try_map(|row| Beneficiary::open(row, &keys.vault))
}

/// Get a family
#[utoipa::path(
    tag = "beneficiaries", params(("id" = BeneficiaryId, Path, description = "Id of the family")),
    security(("oauth2" = ["beneficiaries:read"])),
    responses((status = 200, body = Beneficiary, headers(("ETag" = String, description = "Version"))), (status = 304)),
)]
#[get("/v1/beneficiaries/{id}")]
async fn get_beneficiary(
    caller: Allowed<ReadBeneficiaries>,
    request: HttpRequest,
    db: Data<Db>,
    keys: Data<Keys>,
    reads: Data<ReadLog>,
    id: Id<BeneficiaryId>,
) -> Result<HttpResponse> {
    let conn = db.read(&caller.scope).await?;
    let row = queries::find(&conn, &caller.scope, id.0).await?.ok_or(Code::NotFound)?;
    reads.record(Read::new(&caller, "get_beneficiary", "beneficiaries", Some(id.0.0))).await;
    let family = Beneficiary::open(row, &keys.vault)?;
    Ok(not_modified(&request, family.version, &family))
}

/// Register a family
///
/// With everybody on its card. A NIK or card number that belongs to a live record elsewhere is refused; what only
/// looks odd, such as a NIK that tells another birth date, is kept as a warning on the member.
#[utoipa::path(
    tag = "beneficiaries", request_body = NewBeneficiary, security(("oauth2" = ["beneficiaries:write"])),
    responses((status = 201, body = Beneficiary)),
)]
#[post("/v1/beneficiaries")]
async fn register_beneficiary(
    caller: Allowed<WriteBeneficiaries>,
    db: Data<Db>,
    keys: Data<Keys>,
    command: Once<NewBeneficiary>,
) -> Result<HttpResponse> {
    command
        .run(&db, &caller, async |conn, new| {
            let family = actions::register(conn, &caller, &keys.vault, new, "form").await?;
            let address = format!("/v1/beneficiaries/{}", family.id);
            Ok(Answer::created(address, &family)?.with_version(family.version))
        })
        .await
}

/// Registers the routes.
pub fn routes(config: &mut ServiceConfig) {
    config.service(list_beneficiaries).service(get_beneficiary).service(register_beneficiary);
}
