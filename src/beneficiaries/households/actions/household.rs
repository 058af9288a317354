//! A family that nobody else changes meanwhile, with its live members.

use super::endings::{self, Ended, Ending};
use crate::beneficiaries::actions::{hold, revise};
use crate::beneficiaries::history::Why;
use crate::beneficiaries::households::queries;
use crate::beneficiaries::members::{MemberRow, MembershipRow, actions as persons, queries as members};
use crate::beneficiaries::model::{BeneficiaryRow, BeneficiaryStatus, Relationship};
use crate::beneficiaries::queries::claims;
use crate::db::Conn;
use crate::domain::{BeneficiaryId, Caller, MemberId};
use crate::error::{Code, Error, Result};

/// A locked live family with its live members.
pub(crate) struct Household {
    pub(in crate::beneficiaries) family: BeneficiaryRow,
    pub(in crate::beneficiaries) members: Vec<(MemberRow, MembershipRow)>,
}

impl Household {
    /// Locks a family, at a version where one is named.
    pub(in crate::beneficiaries) async fn lock(
        conn: &Conn,
        caller: &Caller,
        id: BeneficiaryId,
        version: Option<i32>,
    ) -> Result<Self> {
        let family = hold(conn, caller, id, version).await?;
        let members = members::list(conn, &caller.scope, id).await?;
        Ok(Self { family, members })
    }

    /// Locks the family of a live member.
    pub(in crate::beneficiaries) async fn of(conn: &Conn, caller: &Caller, id: MemberId) -> Result<Self> {
        let family = family_of(conn, caller, id).await?;
        Self::lock(conn, caller, family, None).await
    }

    /// Locks a family and another one that some of it go to; the other has to be of the same sub-district.
    ///
    /// # Errors
    /// As [`Self::lock`] of the first; a fault at `pointer` where the other is unknown, elsewhere or the same.
    pub(in crate::beneficiaries) async fn lock_both(
        conn: &Conn,
        caller: &Caller,
        (id, version): (BeneficiaryId, Option<i32>),
        (other, other_version, pointer): (BeneficiaryId, Option<i32>, &str),
    ) -> Result<(Self, Self)> {
        queries::lock_all(conn, &caller.scope, [id, other]).await?;
        let one = Self::lock(conn, caller, id, version).await?;
        let unknown = || Error::invalid_field(pointer, Code::ReferenceUnknown);
        let other = match Self::lock(conn, caller, other, other_version).await {
            Ok(other) if other.family.area_id == one.family.area_id && other.family.id != id => other,
            Ok(_) => return Err(unknown()),
            Err(error) if error.code() == Some(Code::NotFound) => return Err(unknown()),
            Err(error) => return Err(error),
        };
        Ok((one, other))
    }

    pub(in crate::beneficiaries) fn member(&self, id: MemberId) -> Option<&(MemberRow, MembershipRow)> {
        self.members.iter().find(|(row, _)| row.id == id)
    }

    pub(in crate::beneficiaries) fn head(&self) -> Option<&(MemberRow, MembershipRow)> {
        self.members.iter().find(|(_, tie)| tie.relationship == Relationship::Head)
    }

    /// Ids of the live members.
    pub(in crate::beneficiaries) fn ids(&self) -> Vec<MemberId> {
        self.members.iter().map(|(row, _)| row.id).collect()
    }

    /// Counts the members and names the head again, where that changed; a family that nobody is left in ends.
    pub(in crate::beneficiaries) async fn recount(
        &self,
        conn: &Conn,
        caller: &Caller,
        ending: Option<Ending>,
        why: Why<'_>,
    ) -> Result<BeneficiaryRow> {
        let members = members::list(conn, &caller.scope, self.family.id).await?;
        if members.is_empty() {
            let ending = ending.ok_or_else(|| Error::internal("a family is empty that nobody left"))?;
            let (family, _) = self.end(conn, caller, ending, why).await?;
            return Ok(family);
        }
        let mut after = self.family.clone();
        after.member_count = i32::try_from(members.len()).map_err(Error::internal)?;
        if let Some((head, _)) = members.iter().find(|(_, tie)| tie.relationship == Relationship::Head) {
            after.head_name.clone_from(&head.name);
        }
        if after == self.family { Ok(after) } else { revise(conn, caller, &self.family, after, why).await }
    }

    /// Ends a family that nobody is left in: its card numbers are free, and what rests on it ends.
    pub(in crate::beneficiaries) async fn end(
        &self,
        conn: &Conn,
        caller: &Caller,
        ending: Ending,
        why: Why<'_>,
    ) -> Result<(BeneficiaryRow, Ended)> {
        let status = match ending.into {
            Some(_) => BeneficiaryStatus::Merged,
            None => BeneficiaryStatus::Ended,
        };
        let after = BeneficiaryRow { status, member_count: 0, continued_in_id: ending.into, ..self.family.clone() };
        claims::release_cards(conn, self.family.id).await?;
        let after = revise(conn, caller, &self.family, after, why).await?;
        let ended = endings::end(conn, caller, &after, ending, why).await?;
        Ok((after, ended))
    }
}

/// The family of a live member.
///
/// # Errors
/// `not_found`, `member_not_live`.
pub(super) async fn family_of(conn: &Conn, caller: &Caller, id: MemberId) -> Result<BeneficiaryId> {
    if let Some(found) = members::find(conn, &caller.scope, id).await? {
        return Ok(found.tie.beneficiary_id);
    }
    let former = members::find_former(conn, &caller.scope, id).await?;
    Err(former.map_or(Code::NotFound, |_| Code::MemberNotLive).into())
}

/// Makes one of those who stay the head, where some who leave took the head along.
///
/// # Errors
/// A fault at `/successor_id` where nobody is named, or somebody who does not stay.
pub(in crate::beneficiaries) async fn succeed(
    conn: &Conn,
    caller: &Caller,
    household: &Household,
    (leaving, successor): (&[MemberId], Option<MemberId>),
    why: Why<'_>,
) -> Result<()> {
    let head = household.head().map(|(head, _)| head.id);
    let stay = household.members.len() - leaving.len().min(household.members.len());
    if stay == 0 || head.is_none_or(|head| !leaving.contains(&head)) {
        return Ok(());
    }
    let successor = successor.ok_or_else(|| Error::invalid_field("/successor_id", Code::HeadMissing))?;
    let found = household.member(successor).filter(|(row, _)| !leaving.contains(&row.id));
    let found = found.ok_or_else(|| Error::invalid_field("/successor_id", Code::ReferenceUnknown))?;
    persons::retie(conn, caller, found, Relationship::Head, why).await
}
