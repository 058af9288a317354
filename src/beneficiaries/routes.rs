//! Routes of families.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, get, patch, post};
use utoipa_actix_web::service_config::ServiceConfig;

use super::actions;
use super::model::{Beneficiary, BeneficiaryChanges, BeneficiaryFilter, ListPlace, NewBeneficiary, NewVerification};
use super::{imports, members, numbers, queries};
use crate::audit::{Read, ReadLog};
use crate::auth::{Allowed, ReadBeneficiaries, VerifyBeneficiaries, WriteBeneficiaries};
use crate::db::Db;
use crate::domain::BeneficiaryId;
use crate::error::{Code, Result};
use crate::http::{Answer, AsOf, Change, CursorKey, Id, List, Moment, Once, Page, Query, not_modified};
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
    list: List<BeneficiaryFilter, Beneficiary>,
) -> Result<Page<Beneficiary>> {
    let cursors = CursorKey::new(&keys.cursors, "list_beneficiaries", &caller.client_id, &list.filter)?;
    let after = cursors.read(list.cursor.as_ref())?;
    let conn = db.read(&caller.scope).await?;
    let rows = match list.filter.as_of {
        None => queries::list(&conn, &caller.scope, &list.filter, (list.limit, after)).await?,
        Some(AsOf(at)) => queries::list_as_of(&conn, &caller.scope, &list.filter, (list.limit, after), at).await?,
    };
    let total = list.total(queries::count(&conn, &caller.scope, &list.filter)).await?;
    let page = list.page((rows, total), &cursors, |row| ListPlace::from(row))?;
    reads.record(Read::new(&caller, "list_beneficiaries", "beneficiaries", None).of(page.items.len())).await;
    page.try_map(|row| Beneficiary::open(row, &keys.vault))
}

/// Get a family
#[utoipa::path(
    tag = "beneficiaries", params(("id" = BeneficiaryId, Path, description = "Id of the family"), Moment),
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
    (id, moment): (Id<BeneficiaryId>, Query<Moment>),
) -> Result<HttpResponse> {
    let conn = db.read(&caller.scope).await?;
    let row = match moment.0.as_of {
        None => queries::find(&conn, &caller.scope, id.0).await?,
        Some(AsOf(at)) => queries::find_as_of(&conn, &caller.scope, id.0, at).await?,
    };
    let row = row.ok_or(Code::NotFound)?;
    reads.record(Read::new(&caller, "get_beneficiary", "beneficiaries", Some(id.0.0))).await;
    let family = Beneficiary::open(row, &keys.vault)?;
    Ok(not_modified(&request, family.version, &family))
}

/// Register a family
///
/// With everybody on its card. A NIK or card number that belongs to a live record elsewhere is refused; what only
/// looks odd, such as a NIK that tells another birth date, is kept as a warning on the member.
#[utoipa::path(
    tag = "beneficiaries", request_body = NewBeneficiary, params(("Idempotency-Key" = String, Header)),
    security(("oauth2" = ["beneficiaries:write"])), responses((status = 201, body = Beneficiary)),
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

/// Correct a family
///
/// Under the condition that nobody changed it since you read it. A change that changes nothing keeps the version.
#[utoipa::path(
    tag = "beneficiaries",
    request_body(content = BeneficiaryChanges, content_type = "application/merge-patch+json"),
    params(("id" = BeneficiaryId, Path, description = "Id of the family"), ("If-Match" = String, Header)),
    security(("oauth2" = ["beneficiaries:write"])),
    responses((status = 200, body = Beneficiary, headers(("ETag" = String, description = "Version")))),
)]
#[patch("/v1/beneficiaries/{id}")]
async fn update_beneficiary(
    caller: Allowed<WriteBeneficiaries>,
    db: Data<Db>,
    keys: Data<Keys>,
    id: Id<BeneficiaryId>,
    change: Change<BeneficiaryChanges>,
) -> Result<HttpResponse> {
    let family = db
        .transaction(&caller.scope, async |conn| {
            actions::update(conn, &caller, &keys.vault, id.0, (&change.changes, change.version)).await
        })
        .await?;
    Ok(Answer::ok(&family)?.with_version(family.version).respond())
}

/// Confirm a family
///
/// An officer's word that the family is as recorded: only confirmed families count as needs. Name the version you
/// looked at, and it is refused where the record has changed since.
#[utoipa::path(
    tag = "beneficiaries", request_body = NewVerification,
    params(
        ("id" = BeneficiaryId, Path, description = "Id of the family"),
        ("Idempotency-Key" = String, Header),
    ),
    security(("oauth2" = ["beneficiaries:verify"])), responses((status = 201, body = Beneficiary)),
)]
#[post("/v1/beneficiaries/{id}/verifications")]
async fn verify_beneficiary(
    caller: Allowed<VerifyBeneficiaries>,
    db: Data<Db>,
    keys: Data<Keys>,
    id: Id<BeneficiaryId>,
    command: Once<NewVerification>,
) -> Result<HttpResponse> {
    command
        .run(&db, &caller, async |conn, new| {
            let family = actions::verify(conn, &caller, &keys.vault, id.0, new).await?;
            let address = format!("/v1/beneficiaries/{}", family.id);
            Ok(Answer::created(address, &family)?.with_version(family.version))
        })
        .await
}

/// Registers the routes.
pub fn routes(config: &mut ServiceConfig) {
    config
        .service(list_beneficiaries)
        .service(get_beneficiary)
        .service(register_beneficiary)
        .service(update_beneficiary)
        .service(verify_beneficiary)
        .configure(imports::routes)
        .configure(members::routes)
        .configure(numbers::routes);
}
