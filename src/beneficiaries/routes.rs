//! Routes of families.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, get, patch, post};

use super::actions;
use super::checks::{Card, Registered, check_if_possible};
use super::model::{Beneficiary, BeneficiaryChanges, BeneficiaryFilter, ListPlace, NewBeneficiary, NewVerification};
use super::queries::Finder;
use super::shown::{Shown, Written};
use super::{
    attributes, card_changes, checks, collectors, history, households, imports, members, memberships, numbers, queries,
    ranks, relocations, warnings,
};
use crate::audit::{Read, ReadLog};
use crate::auth::{Allowed, ReadBeneficiaries, VerifyBeneficiaries, WriteBeneficiaries};
use crate::db::Db;
use crate::domain::BeneficiaryId;
use crate::error::{Code, Error, Result};
use crate::http::{Answer, AsOf, Change, CursorKey, Id, List, Moment, Once, Page, Query, Routes, not_modified};
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
    (db, keys): (Data<Db>, Data<Keys>),
    (shown, reads): (Data<Shown>, Data<ReadLog>),
    list: List<BeneficiaryFilter, Beneficiary>,
) -> Result<Page<Written>> {
    let (scope, filter) = (&caller.scope, &list.filter);
    let cursors = CursorKey::new(&keys.cursors, "list_beneficiaries", &caller.client_id, filter)?;
    let after = cursors.read(list.cursor.as_ref())?;
    let conn = db.read(scope).await?;
    let total = list.total(queries::count(&conn, scope, filter)).await?;
    let page = match filter.as_of {
        None => {
            let listed = queries::list(&conn, scope, filter, (list.limit, after)).await?;
            let page = list.page((listed, total), &cursors, |family| family.place.clone())?;
            let written = shown.all(&db, scope, &keys.vault, &page.items).await?;
            page.with(written)
        }
        Some(AsOf(at)) => {
            let rows = queries::list_as_of(&conn, scope, filter, (list.limit, after), at).await?;
            let page = list.page((rows, total), &cursors, |row| ListPlace::from(row))?;
            page.try_map(|row| Written::of(row, &keys.vault))?
        }
    };
    reads.record(Read::new(&caller, "list_beneficiaries", "beneficiaries", None).of(page.items.len())).await;
    Ok(page)
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
    (db, keys): (Data<Db>, Data<Keys>),
    (finder, shown, reads): (Data<Finder>, Data<Shown>, Data<ReadLog>),
    (id, moment): (Id<BeneficiaryId>, Query<Moment>),
) -> Result<HttpResponse> {
    let scope = &caller.scope;
    let found = match moment.0.as_of {
        None => match finder.find(&db, scope, id.0).await? {
            Some(version) => shown.one(&db, scope, &keys.vault, (id.0, version)).await?,
            None => None,
        },
        Some(AsOf(at)) => {
            let row = queries::find_as_of(&*db.read(scope).await?, scope, id.0, at).await?;
            row.map(|row| Ok::<_, Error>((row.version, Written::of(row, &keys.vault)?))).transpose()?
        }
    };
    let (version, family) = found.ok_or(Code::NotFound)?;
    reads.record(Read::new(&caller, "get_beneficiary", "beneficiaries", Some(id.0.0))).await;
    Ok(not_modified(&request, version, &family))
}

/// Register a family
///
/// With everybody on its card. A NIK or card number that belongs to a live record elsewhere is refused; what only
/// looks odd, such as a NIK that tells another birth date, is kept as a warning on the member. Members of your area who
/// may be persons of the card are told beside it; they refuse nothing.
#[utoipa::path(
    tag = "beneficiaries", request_body = NewBeneficiary, params(("Idempotency-Key" = String, Header)),
    security(("oauth2" = ["beneficiaries:write"])), responses((status = 201, body = Registered)),
)]
#[post("/v1/beneficiaries")]
async fn register_beneficiary(
    caller: Allowed<WriteBeneficiaries>,
    db: Data<Db>,
    (keys, reads): (Data<Keys>, Data<ReadLog>),
    command: Once<NewBeneficiary>,
) -> Result<HttpResponse> {
    command
        .run(&db, &caller, async |conn, new| {
            // On a connection of its own, beside the write.
            let (family, possible_duplicates) = tokio::join!(
                actions::register(conn, &caller, &keys.vault, new, "form"),
                check_if_possible(&db, &caller.scope, &keys.vault, Card::from(new)),
            );
            let family = Registered { family: family?, possible_duplicates };
            if let Some(check) = &family.possible_duplicates {
                let read = Read::new(&caller, "register_beneficiary", "members", None);
                reads.record(read.of(check.candidates.len())).await;
            }
            let address = format!("/v1/beneficiaries/{}", family.family.id);
            Ok(Answer::created(address, &family)?.with_version(family.family.version))
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
pub fn routes(config: &mut Routes<'_, '_>) {
    config
        .service(list_beneficiaries)
        .service(get_beneficiary)
        .service(register_beneficiary)
        .service(update_beneficiary)
        .service(verify_beneficiary)
        .configure(attributes::routes)
        .configure(card_changes::routes)
        .configure(collectors::routes)
        .configure(households::routes)
        .configure(history::routes)
        .configure(checks::routes)
        .configure(imports::routes)
        .configure(members::routes)
        .configure(memberships::routes)
        .configure(numbers::routes)
        .configure(ranks::routes)
        .configure(relocations::routes)
        .configure(warnings::routes);
}
