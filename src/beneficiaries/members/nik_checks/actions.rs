//! Recording what the civil registry said, inside a transaction, with audit row and event.

use super::model::NewNikCheck;
use crate::beneficiaries::history::Why;
use crate::beneficiaries::households::{Household, leave_trace};
use crate::beneficiaries::members::actions::next_version;
use crate::beneficiaries::members::model::{Member, MemberRow};
use crate::db::{self, Conn};
use crate::domain::{Caller, MemberId};
use crate::error::{Code, Result};
use crate::keys::Vault;

/// Records the outcome with when and by whom.
///
/// # Errors
/// `not_found`, `member_not_live`, `version_stale`, `nik_missing`.
pub(super) async fn record(
    conn: &Conn,
    caller: &Caller,
    vault: &Vault,
    id: MemberId,
    new: &NewNikCheck,
) -> Result<Member> {
    let household = Household::of(conn, caller, id).await?;
    let (before, tie) = household.member(id).ok_or(Code::MemberNotLive)?;
    if new.version.is_some_and(|version| version != before.version) {
        return Err(Code::VersionStale.into());
    }
    if before.nik_digest.is_none() {
        return Err(Code::NikMissing.into());
    }
    let after = MemberRow {
        nik_status: new.outcome.into(),
        nik_checked_at: Some(db::now()),
        nik_checked_by: Some(caller.client_id.clone()),
        ..before.clone()
    };
    let why = Why::of("record_nik_check");
    let after = next_version(conn, caller, (before, tie), after, why).await?;
    let opened = Member::open((before.clone(), tie.clone()).into(), vault)?;
    let member = Member::open((after, tie.clone()).into(), vault)?;
    leave_trace(conn, caller, (before.area_id, "member.nik_checked"), (Some(&opened), &member), why).await?;
    Ok(member)
}
