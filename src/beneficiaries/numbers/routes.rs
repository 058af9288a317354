//! Routes that take or show personal numbers.

use actix_web::web::Data;
use actix_web::{HttpResponse, post};

use super::model::{DisclosedMember, Disclosure, Found, NewDisclosure, Search};
use super::queries;
use crate::audit::{Read, ReadLog};
use crate::auth::{Allowed, ReadBeneficiaries, RevealNumbers};
use crate::beneficiaries::members;
use crate::beneficiaries::model::Beneficiary;
use crate::beneficiaries::queries::{self as families, claims};
use crate::db::{self, Conn, Db};
use crate::domain::{BeneficiaryId, MemberId, Scope};
use crate::error::{Code, Error, Result};
use crate::http::{Body, Id, Routes};
use crate::keys::{Keys, Vault};

/// Look a family up by a number
///
/// By the NIK of a member or the family card number, in the body: neither belongs into an address. An earlier number of a
/// card that was issued again finds the family as well. Only live
/// families of your sub-district are found, numbers masked. A number that is unknown and one that belongs to
/// another sub-district are answered alike, by an empty list. More than 60 look-ups a minute that find nothing are
/// refused with 429; each look-up is in the record of reads.
#[utoipa::path(
    tag = "beneficiaries", request_body = Search, security(("oauth2" = ["beneficiaries:read"])),
    responses((status = 200, body = Found)),
)]
#[post("/v1/beneficiaries/search")]
async fn search_beneficiaries(
    caller: Allowed<ReadBeneficiaries>,
    db: Data<Db>,
    keys: Data<Keys>,
    reads: Data<ReadLog>,
    search: Body<Search>,
) -> Result<HttpResponse> {
    let now = db::now();
    let conn = db.read(&caller.scope).await?;
    let outcome = match queries::check_misses(&conn, &caller.client_id, now).await {
        Ok(()) => look_up(&conn, &caller.scope, &keys.vault, &search.0).await,
        Err(refusal) => Err(refusal),
    };
    let (id, count) = match &outcome {
        Ok(found) => (found.items.first().map(|family| family.id.0), found.items.len()),
        Err(_) => (None, 0),
    };
    reads.record(Read::new(&caller, "search_beneficiaries", "beneficiaries", id).of(count)).await;
    let found = outcome?;
    if found.items.is_empty() {
        queries::count_miss(&conn, &caller.client_id, now).await?;
    }
    Ok(HttpResponse::Ok().insert_header(("Cache-Control", "no-store")).json(found))
}

async fn look_up(conn: &Conn, scope: &Scope, vault: &Vault, search: &Search) -> Result<Found> {
    let (member_id, family) = match (&search.nik, &search.card_number) {
        (Some(nik), None) => {
            let holder = claims::holder_of_nik(conn, scope, &vault.nik_digest(nik)).await?;
            (holder, family_of(conn, scope, holder).await?)
        }
        (None, Some(card)) => (None, claims::holder_of_card(conn, scope, &vault.card_digest(card)).await?),
        (None, None) => return Err(Error::invalid_field("/nik", Code::Required)),
        (Some(_), Some(_)) => return Err(Error::invalid_field("/card_number", Code::UnknownField)),
    };
    let Some(family) = family else { return Ok(Found { items: Vec::new(), member_id: None }) };
    let row = families::find(conn, scope, family).await?.ok_or_else(claim_without_record)?;
    Ok(Found { items: vec![Beneficiary::open(row, vault)?], member_id })
}

async fn family_of(conn: &Conn, scope: &Scope, holder: Option<MemberId>) -> Result<Option<BeneficiaryId>> {
    let Some(holder) = holder else { return Ok(None) };
    let family = members::queries::family_of(conn, scope, holder).await?;
    family.map(Some).ok_or_else(claim_without_record)
}

/// A claim whose person is not there must never read as "free".
fn claim_without_record() -> Error {
    Error::unavailable("a number is claimed by a record that is not here")
}

/// Read the numbers of a family in full
///
/// For clients that may, and only for a purpose they name; the purpose is recorded before anything is shown.
#[utoipa::path(
    tag = "beneficiaries", request_body = NewDisclosure,
    params(("id" = BeneficiaryId, Path, description = "Id of the family")),
    security(("oauth2" = ["nik:read"])), responses((status = 200, body = Disclosure)),
)]
#[post("/v1/beneficiaries/{id}/number-disclosures")]
async fn disclose_numbers(
    caller: Allowed<RevealNumbers>,
    db: Data<Db>,
    keys: Data<Keys>,
    id: Id<BeneficiaryId>,
    new: Body<NewDisclosure>,
) -> Result<HttpResponse> {
    let disclosure = db
        .transaction(&caller.scope, async |conn| {
            let disclosure = disclose(conn, &caller.scope, &keys.vault, id.0).await?;
            let read = Read::new(&caller, "disclose_numbers", "beneficiaries", Some(id.0.0));
            let read = read.of(disclosure.members.len() + 1).with_purpose(new.0.purpose.to_string());
            read.write(conn).await?;
            Ok(disclosure)
        })
        .await?;
    Ok(HttpResponse::Ok().insert_header(("Cache-Control", "no-store")).json(disclosure))
}

async fn disclose(conn: &Conn, scope: &Scope, vault: &Vault, id: BeneficiaryId) -> Result<Disclosure> {
    let family = families::find(conn, scope, id).await?.ok_or(Code::NotFound)?;
    let card = vault.open_card(family.area_id, family.id, &family.card_sealed)?;
    let mut disclosed = Vec::new();
    for (row, _) in members::queries::list(conn, scope, id).await? {
        if let Some(nik) = row.open_nik(vault)? {
            disclosed.push(DisclosedMember { id: row.id, nik: nik.reveal().to_owned() });
        }
    }
    Ok(Disclosure { beneficiary_id: id, card_number: card.reveal().to_owned(), members: disclosed })
}

/// Registers the routes.
pub(in crate::beneficiaries) fn routes(config: &mut Routes<'_, '_>) {
    config.service(search_beneficiaries).service(disclose_numbers);
}
