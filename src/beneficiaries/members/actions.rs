//! Changes of members: each locks the family first, so that two changes in one family come one after the other.

use super::model::{EndReason, Member, MemberChanges, MemberRow, MembershipRow, NewDeparture, NikStatus};
use super::queries;
use crate::beneficiaries::actions::{districts_of, named, seal_nik};
use crate::beneficiaries::attributes::{AttributeSubject, Settled, settle};
use crate::beneficiaries::collectors;
use crate::beneficiaries::history::Why;
use crate::beneficiaries::households::{Ending, Household, leave_trace, succeed};
use crate::beneficiaries::member_keys;
use crate::beneficiaries::model::{BeneficiaryRow, NewMember, Relationship, SealedNik};
use crate::beneficiaries::queries::claims;
use crate::beneficiaries::rules::{self, MEMBERS, is_card_of};
use crate::db::{self, Conn};
use crate::domain::{BeneficiaryId, Caller, MemberId, Nik, Scope};
use crate::error::{Code, Error, Fault, Refusal, Result};
use crate::keys::{Place, Vault};

/// Adds a person to a family.
///
/// # Errors
/// `not_found`, `beneficiary_not_live`, `family_full`, `nik_already_registered`, `invalid_fields`.
pub(super) async fn add(
    conn: &Conn,
    caller: &Caller,
    vault: &Vault,
    id: BeneficiaryId,
    new: &NewMember,
) -> Result<Member> {
    let household = Household::lock(conn, caller, id, None).await?;
    if household.members.len() >= MEMBERS {
        return Err(Code::FamilyFull.into());
    }
    let faults = faults_of(&household, vault, new);
    if !faults.is_empty() {
        return Err(Error::invalid(faults));
    }
    let area_id = household.family.area_id;
    let nik = new.nik.map(|nik| seal_nik(vault, area_id, &nik)).transpose()?;
    if let Some(nik) = &nik {
        claim(conn, &caller.scope, area_id, nik).await?;
    }
    let districts = districts_of(conn, new.nik.iter()).await?;
    let warnings = rules::warnings_of(new.nik.as_ref(), new.born_on, new.sex, &districts);
    let now = db::now();
    let given = Some(new.attributes.clone());
    let attributes = settle(conn, (area_id, AttributeSubject::Members), Settled::default(), Some(&given)).await?;
    let row = MemberRow::new(area_id, new, nik, warnings, now).with_attributes(attributes);
    let tie = MembershipRow::new(id, &row, new.relationship, db::day_of(now));
    queries::insert(conn, std::slice::from_ref(&row), std::slice::from_ref(&tie)).await?;
    let why = Why::of("add_member");
    household.recount(conn, caller, None, why).await?;
    member_keys::refresh(conn, vault, household.family.area_id, &[household.family.id]).await?;
    let member = Member::open((row, tie).into(), vault)?;
    leave_trace(conn, caller, (area_id, "member.added"), (None, &member), why).await?;
    Ok(member)
}

fn faults_of(household: &Household, vault: &Vault, new: &NewMember) -> Vec<Fault> {
    let is_future = new.born_on.is_some_and(|born_on| born_on > db::today());
    let is_second_head = new.relationship == Relationship::Head && household.head().is_some();
    let is_card = new.nik.is_some_and(|nik| is_card_of(&household.family, vault, &nik));
    let cases = [
        (is_future, "/born_on", Code::DateInFuture),
        (is_second_head, "/relationship", Code::HeadTwice),
        (is_card, "/nik", Code::CardNumberIsNik),
    ];
    cases.into_iter().filter(|case| case.0).map(|(_, pointer, code)| Fault::new(pointer, code)).collect()
}

async fn claim(conn: &Conn, scope: &Scope, area_id: i32, nik: &SealedNik) -> Result<()> {
    if claims::take_niks(conn, area_id, vec![nik]).await?.is_empty() {
        let faults = vec![Fault::new("/nik", Code::NikAlreadyRegistered)];
        let refusal = Error::Refused(Box::new(Refusal { faults, ..Code::NikAlreadyRegistered.into() }));
        return Err(named(refusal, claims::holder_of_nik(conn, scope, &nik.digest).await?));
    }
    Ok(())
}

/// A live member as it is now, with its area.
///
/// # Errors
/// `not_found`, `member_not_live`.
pub async fn current(conn: &Conn, scope: &Scope, vault: &Vault, id: MemberId) -> Result<(i32, Member)> {
    let Some(found) = queries::find(conn, scope, id).await? else {
        let former = queries::find_former(conn, scope, id).await?;
        return Err(former.map_or(Code::NotFound, |_| Code::MemberNotLive).into());
    };
    Ok((found.person.area_id, Member::open(found, vault)?))
}

/// Corrects a member.
///
/// # Errors
/// `not_found`, `version_stale`, `member_not_live`, `nik_already_registered`, `invalid_fields`.
pub async fn update(
    conn: &Conn,
    caller: &Caller,
    vault: &Vault,
    id: MemberId,
    (changes, version): (&MemberChanges, i32),
) -> Result<Member> {
    let household = Household::of(conn, caller, id).await?;
    let (before, tie) = household.member(id).ok_or(Code::MemberNotLive)?;
    if before.version != version {
        return Err(Code::VersionStale.into());
    }
    let mut after = before.clone();
    changes.apply(&mut after);
    if after.born_on.is_some_and(|born_on| born_on > db::today()) {
        return Err(Error::invalid_field("/born_on", Code::DateInFuture));
    }
    let kept = Settled { attributes: before.attributes.clone(), schema_id: before.attribute_schema_id };
    let subject = (before.area_id, AttributeSubject::Members);
    after = after.with_attributes(settle(conn, subject, kept, changes.attributes.as_ref()).await?);
    if let Some(nik) = &changes.nik {
        change_nik(conn, (vault, &caller.scope), &household.family, &mut after, nik.as_ref()).await?;
    }
    let nik = after.open_nik(vault)?;
    let districts = districts_of(conn, nik.iter()).await?;
    after.warnings = rules::warnings_of(nik.as_ref(), after.born_on, after.sex, &districts);
    let why = Why::of("update_member").told(changes.change_reason.as_ref());
    let tie_after = change_relationship(conn, caller, (&household, tie), changes, why).await?;
    let opened = Member::open((before.clone(), tie.clone()).into(), vault)?;
    if after == *before && tie_after == *tie {
        return Ok(opened);
    }
    let after = next_version(conn, caller, (before, tie), after, why).await?;
    let tie_after = if tie_after == *tie {
        tie_after
    } else {
        let next = MembershipRow { valid_from: after.valid_from, ..tie_after };
        queries::replace_tie(conn, &next, &caller.client_id).await?;
        next
    };
    household.recount(conn, caller, None, why).await?;
    member_keys::refresh(conn, vault, household.family.area_id, &[household.family.id]).await?;
    let member = Member::open((after, tie_after).into(), vault)?;
    leave_trace(conn, caller, (before.area_id, "member.updated"), (Some(&opened), &member), why).await?;
    Ok(member)
}

/// Claims the new NIK before it lets go of the old one.
async fn change_nik(
    conn: &Conn,
    (vault, scope): (&Vault, &Scope),
    family: &BeneficiaryRow,
    row: &mut MemberRow,
    nik: Option<&Nik>,
) -> Result<()> {
    let digest = nik.map(|nik| vault.nik_digest(nik));
    if digest == row.nik_digest {
        return Ok(());
    }
    if nik.is_some_and(|nik| is_card_of(family, vault, nik)) {
        return Err(Error::invalid_field("/nik", Code::CardNumberIsNik));
    }
    let sealed = nik.map(|nik| vault.seal(Place::nik(row.area_id, row.id), nik.reveal())).transpose()?;
    if let (Some(digest), Some(sealed)) = (&digest, &sealed) {
        let nik = SealedNik { member_id: row.id, sealed: sealed.clone(), digest: digest.clone() };
        claim(conn, scope, row.area_id, &nik).await?;
    }
    if let Some(old) = &row.nik_digest {
        claims::release_nik(conn, old, row.id).await?;
    }
    row.nik_status = if nik.is_some() { NikStatus::StructureOk } else { NikStatus::None };
    // What the civil registry said was said of the other number.
    (row.nik_checked_at, row.nik_checked_by) = (None, None);
    (row.nik_sealed, row.nik_digest) = (sealed, digest);
    Ok(())
}

/// The membership with its new relationship; the head until now steps back first: a family has one.
async fn change_relationship(
    conn: &Conn,
    caller: &Caller,
    (household, tie): (&Household, &MembershipRow),
    changes: &MemberChanges,
    why: Why<'_>,
) -> Result<MembershipRow> {
    let relationship = changes.relationship.unwrap_or(tie.relationship);
    let is_changed = relationship != tie.relationship;
    if is_changed && tie.relationship == Relationship::Head {
        return Err(Error::invalid_field("/relationship", Code::HeadMissing));
    }
    if is_changed && relationship == Relationship::Head {
        let becomes = changes.former_head_becomes.filter(|becomes| *becomes != Relationship::Head);
        let becomes = becomes.ok_or_else(|| Error::invalid_field("/former_head_becomes", Code::HeadTwice))?;
        if let Some(head) = household.head() {
            retie(conn, caller, head, becomes, why).await?;
        }
    }
    Ok(MembershipRow { relationship, ..tie.clone() })
}

/// Gives a member another relationship.
pub(in crate::beneficiaries) async fn retie(
    conn: &Conn,
    caller: &Caller,
    (row, tie): &(MemberRow, MembershipRow),
    relationship: Relationship,
    why: Why<'_>,
) -> Result<()> {
    let after = next_version(conn, caller, (row, tie), row.clone(), why).await?;
    let tie = MembershipRow { relationship, valid_from: after.valid_from, ..tie.clone() };
    queries::replace_tie(conn, &tie, &caller.client_id).await
}

/// Keeps the version of a member with its tie, then writes the next one.
pub(super) async fn next_version(
    conn: &Conn,
    caller: &Caller,
    (before, tie): (&MemberRow, &MembershipRow),
    after: MemberRow,
    why: Why<'_>,
) -> Result<MemberRow> {
    let now = db::next_instant(before.valid_from);
    queries::keep(conn, (before.area_id, &[tie.id]), now, &caller.client_id, why).await?;
    let after = MemberRow { version: before.version + 1, valid_from: now, updated_at: now, ..after };
    queries::replace(conn, &after).await?;
    Ok(after)
}

/// Ends a membership and lets go of the NIK, so that the person can be registered elsewhere.
///
/// # Errors
/// `not_found`, `member_not_live`, `invalid_fields`: a day in the future, a death before the birth, a head without a
/// successor.
pub(super) async fn depart(
    conn: &Conn,
    caller: &Caller,
    vault: &Vault,
    id: MemberId,
    new: &NewDeparture,
) -> Result<Member> {
    let household = Household::of(conn, caller, id).await?;
    let (before, tie) = household.member(id).ok_or(Code::MemberNotLive)?;
    if new.on > db::today() {
        return Err(Error::invalid_field("/on", Code::DateInFuture));
    }
    if new.reason == EndReason::Died && before.born_on.is_some_and(|born_on| born_on > new.on) {
        return Err(Error::invalid_field("/on", Code::DatesOutOfOrder));
    }
    let mut after = before.clone();
    if new.reason == EndReason::Died {
        after.died_on = Some(new.on);
    }
    let why = Why::of("end_membership").told(new.change_reason.as_ref());
    let after = next_version(conn, caller, (before, tie), after, why).await?;
    // Somebody can have left before the family was registered here.
    let ended_on = new.on.max(tie.started_on);
    let tie_after = MembershipRow {
        ended_on: Some(ended_on),
        end_reason: Some(new.reason),
        valid_from: after.valid_from,
        ..tie.clone()
    };
    queries::replace_tie(conn, &tie_after, &caller.client_id).await?;
    if let Some(digest) = &before.nik_digest {
        claims::release_nik(conn, digest, id).await?;
    }
    let family = (before.area_id, household.family.id);
    collectors::end_with(conn, caller, family, (&[id], new.on), why).await?;
    succeed(conn, caller, &household, (&[id], new.successor_id), why).await?;
    let ending = Ending { because: new.reason, on: ended_on, into: None };
    household.recount(conn, caller, Some(ending), why).await?;
    member_keys::refresh(conn, vault, household.family.area_id, &[household.family.id]).await?;
    let opened = Member::open((before.clone(), tie.clone()).into(), vault)?;
    let member = Member::open((after, tie_after).into(), vault)?;
    leave_trace(conn, caller, (before.area_id, "member.departed"), (Some(&opened), &member), why).await?;
    Ok(member)
}
