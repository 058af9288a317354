//! Changes of members: each locks the family first, so that two changes in one family come one after the other.

use serde_json::json;

use super::model::{EndReason, Member, MemberChanges, MemberRow, MembershipRow, NewDeparture};
use super::queries;
use crate::audit;
use crate::beneficiaries::actions::{districts_of, hold as hold_family, next_instant, revise, seal_nik};
use crate::beneficiaries::model::{BeneficiaryRow, BeneficiaryStatus, NewMember, Relationship, SealedNik};
use crate::beneficiaries::queries::claims;
use crate::beneficiaries::rules::{self, MEMBERS};
use crate::db::{self, Conn};
use crate::domain::{BeneficiaryId, Caller, CardNumber, MemberId, Nik};
use crate::error::{Code, Error, Fault, Refusal, Result};
use crate::events::{self, NewEvent};
use crate::keys::{Place, Vault};

/// A locked family with its live members.
struct Household {
    family: BeneficiaryRow,
    members: Vec<(MemberRow, MembershipRow)>,
}

impl Household {
    async fn lock(conn: &Conn, caller: &Caller, id: BeneficiaryId) -> Result<Self> {
        let family = hold_family(conn, caller, id, None).await?;
        let members = queries::list(conn, &caller.scope, id).await?;
        Ok(Self { family, members })
    }

    /// The family of a live member.
    async fn of(conn: &Conn, caller: &Caller, id: MemberId) -> Result<Self> {
        let Some(found) = queries::find(conn, &caller.scope, id).await? else {
            let former = queries::find_former(conn, &caller.scope, id).await?;
            return Err(former.map_or(Code::NotFound, |_| Code::MemberNotLive).into());
        };
        Self::lock(conn, caller, found.tie.beneficiary_id).await
    }

    fn member(&self, id: MemberId) -> Option<&(MemberRow, MembershipRow)> {
        self.members.iter().find(|(row, _)| row.id == id)
    }

    fn head(&self) -> Option<&(MemberRow, MembershipRow)> {
        self.members.iter().find(|(_, tie)| tie.relationship == Relationship::Head)
    }

    /// Counts the members and names the head again, where that changed.
    async fn recount(&self, conn: &Conn, caller: &Caller) -> Result<()> {
        let members = queries::list(conn, &caller.scope, self.family.id).await?;
        let mut after = self.family.clone();
        after.member_count = i32::try_from(members.len()).map_err(Error::internal)?;
        if let Some((head, _)) = members.iter().find(|(_, tie)| tie.relationship == Relationship::Head) {
            after.head_name.clone_from(&head.name);
        }
        if members.is_empty() {
            after.status = BeneficiaryStatus::Ended;
            claims::release_card(conn, &self.family).await?;
        }
        if after != self.family {
            revise(conn, caller, &self.family, after).await?;
        }
        Ok(())
    }
}

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
    let household = Household::lock(conn, caller, id).await?;
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
        claim(conn, area_id, nik).await?;
    }
    let districts = districts_of(conn, new.nik.iter()).await?;
    let warnings = rules::warnings_of(new.nik.as_ref(), new.born_on, new.sex, &districts);
    let now = db::now();
    let row = MemberRow::new(area_id, new, nik, warnings, now);
    let tie = MembershipRow::new(id, &row, new.relationship, rules::local_day(now));
    queries::insert(conn, std::slice::from_ref(&row), std::slice::from_ref(&tie)).await?;
    household.recount(conn, caller).await?;
    let member = Member::open((row, tie).into(), vault)?;
    let operation = Operation { id: "add_member", event: "member.added", area_id };
    operation.leave_trace(conn, caller, None, &member).await?;
    Ok(member)
}

fn faults_of(household: &Household, vault: &Vault, new: &NewMember) -> Vec<Fault> {
    let is_future = new.born_on.is_some_and(|born_on| born_on > rules::local_day(db::now()));
    let is_second_head = new.relationship == Relationship::Head && household.head().is_some();
    let is_card = new.nik.is_some_and(|nik| is_card_of(&household.family, vault, &nik));
    let cases = [
        (is_future, "/born_on", Code::DateInFuture),
        (is_second_head, "/relationship", Code::HeadTwice),
        (is_card, "/nik", Code::CardNumberIsNik),
    ];
    cases.into_iter().filter(|case| case.0).map(|(_, pointer, code)| Fault::new(pointer, code)).collect()
}

fn is_card_of(family: &BeneficiaryRow, vault: &Vault, nik: &Nik) -> bool {
    CardNumber::parse(nik.reveal()).is_some_and(|card| vault.card_digest(&card) == family.card_digest)
}

async fn claim(conn: &Conn, area_id: i32, nik: &SealedNik) -> Result<()> {
    if claims::take_niks(conn, area_id, vec![nik]).await?.is_empty() {
        let faults = vec![Fault::new("/nik", Code::NikAlreadyRegistered)];
        return Err(Error::Refused(Box::new(Refusal { faults, ..Code::NikAlreadyRegistered.into() })));
    }
    Ok(())
}

/// Corrects a member.
///
/// # Errors
/// `not_found`, `version_stale`, `member_not_live`, `nik_already_registered`, `invalid_fields`.
pub(super) async fn update(
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
    if after.born_on.is_some_and(|born_on| born_on > rules::local_day(db::now())) {
        return Err(Error::invalid_field("/born_on", Code::DateInFuture));
    }
    if let Some(nik) = &changes.nik {
        change_nik(conn, vault, &household.family, &mut after, nik.as_ref()).await?;
    }
    let nik = after.open_nik(vault)?;
    let districts = districts_of(conn, nik.iter()).await?;
    after.warnings = rules::warnings_of(nik.as_ref(), after.born_on, after.sex, &districts);
    let tie_after = change_relationship(conn, caller, &household, tie, changes).await?;
    let opened = Member::open((before.clone(), tie.clone()).into(), vault)?;
    if after == *before && tie_after == *tie {
        return Ok(opened);
    }
    let after = next_version(conn, caller, (before, tie), after).await?;
    queries::replace_tie(conn, &tie_after).await?;
    household.recount(conn, caller).await?;
    let member = Member::open((after, tie_after).into(), vault)?;
    let operation = Operation { id: "update_member", event: "member.updated", area_id: before.area_id };
    operation.leave_trace(conn, caller, Some(&opened), &member).await?;
    Ok(member)
}

/// Claims the new NIK before it lets go of the old one.
async fn change_nik(
    conn: &Conn,
    vault: &Vault,
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
        claim(conn, row.area_id, &nik).await?;
    }
    if let Some(old) = &row.nik_digest {
        claims::release_nik(conn, old, row.id).await?;
    }
    row.nik_status = if nik.is_some() { super::model::NikStatus::StructureOk } else { super::model::NikStatus::None };
    (row.nik_sealed, row.nik_digest) = (sealed, digest);
    Ok(())
}

/// The membership with its new relationship; the head until now steps back first: a family has one.
async fn change_relationship(
    conn: &Conn,
    caller: &Caller,
    household: &Household,
    tie: &MembershipRow,
    changes: &MemberChanges,
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
            retie(conn, caller, head, becomes).await?;
        }
    }
    Ok(MembershipRow { relationship, ..tie.clone() })
}

/// Gives a member another relationship.
async fn retie(
    conn: &Conn,
    caller: &Caller,
    (row, tie): &(MemberRow, MembershipRow),
    relationship: Relationship,
) -> Result<()> {
    next_version(conn, caller, (row, tie), row.clone()).await?;
    queries::replace_tie(conn, &MembershipRow { relationship, ..tie.clone() }).await
}

/// Keeps the version of a member with its tie, then writes the next one.
async fn next_version(
    conn: &Conn,
    caller: &Caller,
    (before, tie): (&MemberRow, &MembershipRow),
    after: MemberRow,
) -> Result<MemberRow> {
    let now = next_instant(before.valid_from);
    queries::keep(conn, before, tie, now, &caller.client_id).await?;
    let after = MemberRow { version: before.version + 1, valid_from: now, updated_at: now, ..after };
    queries::replace(conn, &after).await?;
    Ok(after)
}

/// Ends a membership and lets go of the NIK, so that the person can be registered elsewhere.
///
/// # Errors
/// `not_found`, `member_not_live`, `invalid_fields`: a day in the future, a head without a successor.
pub(super) async fn depart(
    conn: &Conn,
    caller: &Caller,
    vault: &Vault,
    id: MemberId,
    new: &NewDeparture,
) -> Result<Member> {
    let household = Household::of(conn, caller, id).await?;
    let (before, tie) = household.member(id).ok_or(Code::MemberNotLive)?;
    if new.on > rules::local_day(db::now()) {
        return Err(Error::invalid_field("/on", Code::DateInFuture));
    }
    let mut after = before.clone();
    if new.reason == EndReason::Died {
        after.died_on = Some(new.on);
    }
    let after = next_version(conn, caller, (before, tie), after).await?;
    // Somebody can have left before the family was registered here.
    let ended_on = new.on.max(tie.started_on);
    let tie_after = MembershipRow { ended_on: Some(ended_on), end_reason: Some(new.reason), ..tie.clone() };
    queries::replace_tie(conn, &tie_after).await?;
    if let Some(digest) = &before.nik_digest {
        claims::release_nik(conn, digest, id).await?;
    }
    if tie.relationship == Relationship::Head && household.members.len() > 1 {
        succeed(conn, caller, &household, (id, new.successor_id)).await?;
    }
    household.recount(conn, caller).await?;
    let opened = Member::open((before.clone(), tie.clone()).into(), vault)?;
    let member = Member::open((after, tie_after).into(), vault)?;
    let operation = Operation { id: "end_membership", event: "member.departed", area_id: before.area_id };
    operation.leave_trace(conn, caller, Some(&opened), &member).await?;
    Ok(member)
}

async fn succeed(
    conn: &Conn,
    caller: &Caller,
    household: &Household,
    (leaving, successor): (MemberId, Option<MemberId>),
) -> Result<()> {
    let successor = successor.ok_or_else(|| Error::invalid_field("/successor_id", Code::HeadMissing))?;
    let found = household.member(successor).filter(|(row, _)| row.id != leaving);
    let found = found.ok_or_else(|| Error::invalid_field("/successor_id", Code::ReferenceUnknown))?;
    retie(conn, caller, found, Relationship::Head).await
}

struct Operation {
    id: &'static str,
    event: &'static str,
    area_id: i32,
}

impl Operation {
    async fn leave_trace(&self, conn: &Conn, caller: &Caller, before: Option<&Member>, after: &Member) -> Result<()> {
        let write = audit::Write::of(self.id, "members", after.id.0, self.area_id);
        audit::record(conn, caller, write, before, Some(after)).await?;
        let event = NewEvent {
            kind: self.event,
            subject: "members",
            subject_id: after.id.0,
            area_id: self.area_id,
            company_id: None,
            data: json!({ "beneficiary_id": after.beneficiary_id, "version": after.version }),
        };
        events::emit(conn, event).await
    }
}
