//! Changing the card number of a family, inside a transaction, with audit row and event.

use super::model::{CardChange, CardChangeReason, NewCardChange};
use super::queries;
use crate::beneficiaries::actions::{districts_among, revise, tell};
use crate::beneficiaries::history::Why;
use crate::beneficiaries::households::Household;
use crate::beneficiaries::member_keys;
use crate::beneficiaries::model::{Beneficiary, BeneficiaryRow};
use crate::beneficiaries::queries::claims;
use crate::beneficiaries::rules::{card_warnings_of, is_card_of};
use crate::db::{self, Conn};
use crate::domain::{BeneficiaryId, Caller, CardChangeId};
use crate::error::{Code, Error, Fault, Result};
use crate::keys::{Place, Vault};

/// Gives a family another card number: the one until now leads to it still, or is free, as the reason says.
///
/// # Errors
/// `not_found`, `version_stale`, `beneficiary_not_live`, `invalid_fields`, `card_already_registered`.
pub(super) async fn change(
    conn: &Conn,
    caller: &Caller,
    vault: &Vault,
    id: BeneficiaryId,
    new: &NewCardChange,
) -> Result<Beneficiary> {
    let household = Household::lock(conn, caller, id, new.version).await?;
    let after = recarded(conn, vault, &household.family, new).await?;
    check(vault, &household, &after, new)?;
    let before = household.family;
    // Taken before the other one is let go: two families that swap their numbers cannot wait for each other.
    claims::take_card(conn, &caller.scope, &after).await?;
    if new.reason == CardChangeReason::Corrected {
        claims::release_card(conn, &before.card_digest, id).await?;
    }
    let why = Why::of("change_card").told(new.change_reason.as_ref());
    let after = revise(conn, caller, &before, after, why).await?;
    queries::insert(conn, &row_of(caller, &after, new)).await?;
    member_keys::refresh(conn, vault, after.area_id, &[id]).await?;
    tell(conn, caller, vault, (Some(before), after), ("beneficiary.card_changed", why)).await
}

/// The family with the number, and with what looks odd about it.
async fn recarded(conn: &Conn, vault: &Vault, family: &BeneficiaryRow, new: &NewCardChange) -> Result<BeneficiaryRow> {
    let districts = districts_among(conn, vec![new.card_number.district_code()]).await?;
    Ok(BeneficiaryRow {
        card_sealed: vault.seal(Place::card(family.area_id, family.id), new.card_number.reveal())?,
        card_digest: vault.card_digest(&new.card_number),
        warnings: card_warnings_of(&new.card_number, &districts),
        ..family.clone()
    })
}

fn check(vault: &Vault, household: &Household, after: &BeneficiaryRow, new: &NewCardChange) -> Result<()> {
    let mut faults = Vec::new();
    if new.on > db::today() {
        faults.push(Fault::new("/on", Code::DateInFuture));
    }
    if after.card_digest == household.family.card_digest {
        faults.push(Fault::new("/card_number", Code::NothingChanges));
    }
    for (person, _) in &household.members {
        if person.open_nik(vault)?.is_some_and(|nik| is_card_of(after, vault, &nik)) {
            faults.push(Fault::new("/card_number", Code::CardNumberIsNik));
        }
    }
    if faults.is_empty() { Ok(()) } else { Err(Error::invalid(faults)) }
}

fn row_of(caller: &Caller, after: &BeneficiaryRow, new: &NewCardChange) -> CardChange {
    CardChange {
        area_id: after.area_id,
        id: CardChangeId::new(),
        beneficiary_id: after.id,
        reason: new.reason,
        changed_on: new.on,
        family_version: after.version,
        client_id: caller.client_id.clone(),
        created_at: after.valid_from,
    }
}
