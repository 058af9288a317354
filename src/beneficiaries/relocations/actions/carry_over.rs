//! The move itself: rows made in the one sub-district, closed in the other, in one transaction.

use chrono::{DateTime, Months, NaiveDate, Utc};

use crate::beneficiaries::actions::{revise, tell as tell_family};
use crate::beneficiaries::collectors;
use crate::beneficiaries::history::Why;
use crate::beneficiaries::households::{Ending, Household, end_with_family, leave_trace};
use crate::beneficiaries::member_keys;
use crate::beneficiaries::members::{EndReason, Member, MemberRow, MembershipRow, queries as members};
use crate::beneficiaries::model::{BeneficiaryRow, BeneficiaryStatus};
use crate::beneficiaries::queries as families;
use crate::beneficiaries::relocations::model::Relocation;
use crate::beneficiaries::relocations::queries;
use crate::db::{self, Conn};
use crate::domain::{Caller, MemberId};
use crate::error::{Code, Error, Result};
use crate::keys::{Place, Vault};

/// Carries a family over to the sub-district that it goes to. It and its persons keep their ids and their numbers.
///
/// The versions go on where they stood, so that of the two records of a family the later one has the higher version.
/// What was paid and what is due stays where it is; enrollments end there, and what was due in a program of the state
/// is carried along, so that it is not due twice. Attributes, visits, duties and the ledger of aid come along, as they
/// stand; a list of families to visit is frozen and keeps the family where it was. The receiving sub-district confirms the family itself.
///
/// # Errors
/// `beneficiary_not_live` where it ended or moved meanwhile.
pub(super) async fn carry_over(
    conn: &Conn,
    caller: &Caller,
    vault: &Vault,
    relocation: &Relocation,
    why: Why<'_>,
) -> Result<()> {
    // The offer is the leave of the other sub-district: it reaches as far as this family and this transaction.
    let scope = db::also_see(conn, &caller.scope, relocation.area_id).await?;
    let wide = &Caller { scope, ..caller.clone() };
    let household = Household::lock(conn, wide, relocation.beneficiary_id, None).await?;
    if household.family.area_id != relocation.area_id {
        return Err(Code::BeneficiaryNotLive.into());
    }
    let closed = close(conn, wide, &household, relocation, why).await?;
    let arrived = arrive(conn, wide, vault, (&closed, relocation, household.members.len()), why).await?;
    arrive_persons(conn, wide, vault, (&household, relocation), why).await?;
    queries::carry_claims(conn, &household.family, &household.ids(), relocation.to_area_id).await?;
    queries::carry_series(conn, &closed, relocation.to_area_id, since(relocation.moved_on)).await?;
    queries::carry_visits(conn, &closed, relocation.to_area_id).await?;
    let months = since(relocation.moved_on);
    queries::carry_duties(conn, &closed, &household.ids(), relocation.to_area_id, months).await?;
    let ending = Ending { because: EndReason::Moved, on: relocation.moved_on, into: None };
    let ended = end_with_family(conn, wide, &closed, ending, why).await?;
    // What is reserved is held now, so no handover of it comes in between.
    queries::carry_aid(conn, &closed, relocation, db::now()).await?;
    let by = (caller.client_id.as_str(), db::now());
    queries::carry_needs(conn, &closed, &ended.needs, relocation.to_area_id, by).await?;
    tell_family(conn, wide, vault, (Some(household.family), closed), ("beneficiary.relocated", why)).await?;
    tell_family(conn, wide, vault, (None, arrived), ("beneficiary.relocated", why)).await?;
    for area_id in [relocation.area_id, relocation.to_area_id] {
        member_keys::refresh(conn, vault, area_id, &[relocation.beneficiary_id]).await?;
    }
    Ok(())
}

/// A year back: no period is longer.
fn since(day: NaiveDate) -> NaiveDate {
    day.checked_sub_months(Months::new(13)).unwrap_or(day)
}

/// Closes the record where the family was, and ends the memberships there.
async fn close(
    conn: &Conn,
    caller: &Caller,
    household: &Household,
    relocation: &Relocation,
    why: Why<'_>,
) -> Result<BeneficiaryRow> {
    let family = &household.family;
    let after = BeneficiaryRow { status: BeneficiaryStatus::Moved, member_count: 0, ..family.clone() };
    let closed = revise(conn, caller, family, after, why).await?;
    let ties: Vec<_> = household.members.iter().map(|(_, tie)| tie.id).collect();
    let ids = household.ids();
    let now = instant_after(household);
    members::keep(conn, (family.area_id, &ties), now, &caller.client_id, why).await?;
    members::renew(conn, (family.area_id, &ids), now).await?;
    let (ending, at) = ((relocation.moved_on, EndReason::Moved), (now, caller.client_id.as_str()));
    members::end_ties(conn, (family.area_id, &ties), ending, at).await?;
    let of = (family.area_id, family.id);
    collectors::end_with(conn, caller, of, (&ids, relocation.moved_on), why).await?;
    Ok(closed)
}

fn instant_after(household: &Household) -> DateTime<Utc> {
    let latest = household.members.iter().map(|(row, _)| row.valid_from).max();
    latest.map_or_else(db::now, db::next_instant)
}

/// Makes the record where the family goes to.
async fn arrive(
    conn: &Conn,
    caller: &Caller,
    vault: &Vault,
    (closed, relocation, members): (&BeneficiaryRow, &Relocation, usize),
    why: Why<'_>,
) -> Result<BeneficiaryRow> {
    let area_id = relocation.to_area_id;
    let card = vault.open_card(closed.area_id, closed.id, &closed.card_sealed)?;
    let now = db::next_instant(closed.valid_from);
    let row = BeneficiaryRow {
        area_id,
        village_code: relocation.village_code.clone(),
        address: relocation.address.as_ref().map(ToString::to_string),
        card_sealed: vault.seal(Place::card(area_id, closed.id), card.reveal())?,
        status: BeneficiaryStatus::Live,
        member_count: i32::try_from(members).map_err(Error::internal)?,
        verified_at: None,
        verified_by: None,
        version: closed.version + 1,
        valid_from: now,
        updated_at: now,
        ..closed.clone()
    };
    if let Some(before) = queries::find_closed(conn, area_id, closed.id).await? {
        families::keep(conn, &before, now, &caller.client_id, why).await?;
    }
    queries::settle_family(conn, &row).await?;
    Ok(row)
}

async fn arrive_persons(
    conn: &Conn,
    caller: &Caller,
    vault: &Vault,
    (household, relocation): (&Household, &Relocation),
    why: Why<'_>,
) -> Result<()> {
    let area_id = relocation.to_area_id;
    let ids = household.ids();
    let known = queries::known_among(conn, area_id, &ids).await?;
    let known: Vec<MemberId> = known.into_iter().collect();
    let now = db::next_instant(instant_after(household));
    queries::keep_closed(conn, (area_id, &known), now, &caller.client_id, why).await?;
    for (before, tie) in &household.members {
        let (row, tie) = arriving(vault, (before, tie), relocation, now)?;
        queries::settle_member(conn, &row, &tie).await?;
        let member = Member::open((row, tie).into(), vault)?;
        leave_trace(conn, caller, (area_id, "member.moved"), (None, &member), why).await?;
    }
    Ok(())
}

/// A person as the sub-district that it comes to has it: two versions on, the NIK sealed for its place there.
fn arriving(
    vault: &Vault,
    (before, tie): (&MemberRow, &MembershipRow),
    relocation: &Relocation,
    now: DateTime<Utc>,
) -> Result<(MemberRow, MembershipRow)> {
    let area_id = relocation.to_area_id;
    let nik = before.open_nik(vault)?;
    let nik_sealed = nik.map(|nik| vault.seal(Place::nik(area_id, before.id), nik.reveal())).transpose()?;
    let row = MemberRow {
        area_id,
        nik_sealed,
        version: before.version + 2,
        valid_from: now,
        updated_at: now,
        ..before.clone()
    };
    let started_on = relocation.moved_on.max(tie.started_on);
    let tie = MembershipRow::new(relocation.beneficiary_id, &row, tie.relationship, started_on);
    if tie.area_id == area_id { Ok((row, tie)) } else { Err(Error::internal("a tie of another area")) }
}
