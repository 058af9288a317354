//! Persons who pass from one family to another, all at once.

use chrono::NaiveDate;
use serde_json::json;

use super::household::Household;
use crate::audit;
use crate::beneficiaries::collectors;
use crate::beneficiaries::history::Why;
use crate::beneficiaries::member_keys;
use crate::beneficiaries::members::{EndReason, Member, MemberRow, MembershipRow, queries as members};
use crate::beneficiaries::model::Relationship;
use crate::db::{self, Conn};
use crate::domain::{BeneficiaryId, Caller, MemberId};
use crate::error::{Code, Result};
use crate::events::{self, NewEvent};
use crate::keys::Vault;

/// Who passes from a locked family to another one of the same sub-district, which is locked or new.
pub(crate) struct Passage<'a> {
    /// The family they leave.
    pub(crate) from: &'a Household,
    /// The family they join.
    pub(crate) to: BeneficiaryId,
    /// Live members of the first, with what they are to the head of the second.
    pub(crate) persons: &'a [(MemberId, Relationship)],
    /// Why their memberships end.
    pub(crate) because: EndReason,
    /// The day; no membership ends before it began.
    pub(crate) on: NaiveDate,
}

/// Ends the memberships and begins the others, with the next version of each person. NIK and id stay.
///
/// Whoever calls counts both families again, and sees to it that each has a head.
///
/// # Errors
/// `member_not_live` where one is no live member of the first family.
pub(crate) async fn pass(
    conn: &Conn,
    caller: &Caller,
    vault: &Vault,
    passage: &Passage<'_>,
    why: Why<'_>,
) -> Result<()> {
    let mut before = Vec::with_capacity(passage.persons.len());
    for (id, _) in passage.persons {
        before.push(passage.from.member(*id).ok_or(Code::MemberNotLive)?);
    }
    let Some(latest) = before.iter().map(|(row, _)| row.valid_from).max() else { return Ok(()) };
    let (area_id, now) = (passage.from.family.area_id, db::next_instant(latest));
    let ids: Vec<_> = before.iter().map(|(row, _)| row.id).collect();
    let ties: Vec<_> = before.iter().map(|(_, tie)| tie.id).collect();
    let after: Vec<_> =
        before.iter().zip(passage.persons).map(|(one, (_, to))| placed(one, *to, passage, now)).collect();
    members::keep(conn, (area_id, &ties), now, &caller.client_id, why).await?;
    members::renew(conn, (area_id, &ids), now).await?;
    let at = (now, caller.client_id.as_str());
    members::end_ties(conn, (area_id, &ties), (passage.on, passage.because), at).await?;
    let new_ties: Vec<_> = after.iter().map(|(_, tie)| tie.clone()).collect();
    members::insert_ties(conn, &new_ties).await?;
    collectors::end_with(conn, caller, (area_id, passage.from.family.id), (&ids, passage.on), why).await?;
    for (before, after) in before.into_iter().zip(after) {
        let before = Member::open(before.clone().into(), vault)?;
        let after = Member::open(after.into(), vault)?;
        leave_trace(conn, caller, (area_id, "member.moved"), (Some(&before), &after), why).await?;
    }
    member_keys::refresh(conn, vault, area_id, &[passage.from.family.id, passage.to]).await
}

/// A person as the next version has it.
fn placed(
    (row, tie): &(MemberRow, MembershipRow),
    relationship: Relationship,
    passage: &Passage<'_>,
    now: chrono::DateTime<chrono::Utc>,
) -> (MemberRow, MembershipRow) {
    let row = MemberRow { version: row.version + 1, valid_from: now, updated_at: now, ..row.clone() };
    let tie = MembershipRow::new(passage.to, &row, relationship, passage.on.max(tie.started_on));
    (row, tie)
}

/// Leaves the audit row and the event of a person that was written.
pub(in crate::beneficiaries) async fn leave_trace(
    conn: &Conn,
    caller: &Caller,
    (area_id, kind): (i32, &str),
    (before, after): (Option<&Member>, &Member),
    why: Why<'_>,
) -> Result<()> {
    let write = audit::Write::of(why.operation, "members", after.id.0, area_id);
    audit::record(conn, caller, write, before, Some(after)).await?;
    let event = NewEvent {
        kind,
        subject: "members",
        subject_id: after.id.0,
        area_id,
        company_id: None,
        data: json!({ "beneficiary_id": after.beneficiary_id, "version": after.version }),
    };
    events::emit(conn, event).await
}
