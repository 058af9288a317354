//! A person goes over to another family.

use super::endings::Ending;
use super::household::{Household, family_of, succeed};
use super::passage::{Passage, pass};
use crate::beneficiaries::actions::tell;
use crate::beneficiaries::history::Why;
use crate::beneficiaries::households::model::NewMove;
use crate::beneficiaries::members::{EndReason, Member, queries as members};
use crate::beneficiaries::model::Relationship;
use crate::beneficiaries::rules::{MEMBERS, is_card_of};
use crate::db::{self, Conn};
use crate::domain::{Caller, MemberId};
use crate::error::{Code, Error, Fault, Result};
use crate::keys::Vault;

/// Moves a person to another family, such as by marriage.
///
/// # Errors
/// `not_found`, `member_not_live`, `version_stale`, `beneficiary_not_live`, `family_full`, `invalid_fields`.
pub(in crate::beneficiaries::households) async fn move_member(
    conn: &Conn,
    caller: &Caller,
    vault: &Vault,
    id: MemberId,
    new: &NewMove,
) -> Result<Member> {
    let from = family_of(conn, caller, id).await?;
    let to = (new.beneficiary_id, None, "/beneficiary_id");
    let (old, joined) = Household::lock_both(conn, caller, (from, None), to).await?;
    let (person, _) = old.member(id).ok_or(Code::MemberNotLive)?;
    if new.version.is_some_and(|version| version != person.version) {
        return Err(Code::VersionStale.into());
    }
    check(&joined, new)?;
    if person.open_nik(vault)?.is_some_and(|nik| is_card_of(&joined.family, vault, &nik)) {
        return Err(Error::invalid_field("/beneficiary_id", Code::CardNumberIsNik));
    }
    let why = Why::of("move_member").told(new.change_reason.as_ref());
    let persons = [(id, new.relationship)];
    let passage =
        Passage { from: &old, to: joined.family.id, persons: &persons, because: EndReason::Moved, on: new.on };
    pass(conn, caller, vault, &passage, why).await?;
    succeed(conn, caller, &old, (&[id], new.successor_id), why).await?;
    let ending = Ending { because: EndReason::Moved, on: new.on, into: None };
    for household in [old, joined] {
        let after = household.recount(conn, caller, Some(ending), why).await?;
        tell(conn, caller, vault, (Some(household.family), after), ("beneficiary.updated", why)).await?;
    }
    let moved = members::find(conn, &caller.scope, id).await?;
    Member::open(moved.ok_or_else(|| Error::internal("a person who moved is not there"))?, vault)
}

fn check(joined: &Household, new: &NewMove) -> Result<()> {
    let cases = [
        (new.on > db::today(), "/on", Code::DateInFuture),
        (new.relationship == Relationship::Head, "/relationship", Code::HeadTwice),
    ];
    let faults: Vec<_> =
        cases.into_iter().filter(|case| case.0).map(|(_, pointer, code)| Fault::new(pointer, code)).collect();
    if !faults.is_empty() {
        return Err(Error::invalid(faults));
    }
    if joined.members.len() >= MEMBERS { Err(Code::FamilyFull.into()) } else { Ok(()) }
}
