//! What becomes of an offered family.

use super::carry_over::carry_over;
use super::offer::tell;
use crate::beneficiaries::history::Why;
use crate::beneficiaries::relocations::model::{Relocation, RelocationStatus};
use crate::beneficiaries::relocations::queries;
use crate::db::{self, Conn};
use crate::domain::{Caller, Line, RelocationId};
use crate::error::{Code, Error, Result};
use crate::keys::Vault;

/// Takes in a family that another sub-district offers.
///
/// # Errors
/// `not_found`, `command_not_possible`, `beneficiary_not_live` where it ended meanwhile.
pub(in crate::beneficiaries::relocations) async fn accept(
    conn: &Conn,
    caller: &Caller,
    vault: &Vault,
    id: RelocationId,
    reason: Option<&Line>,
) -> Result<Relocation> {
    let before = lock(conn, caller, id, Side::Receiver).await?;
    let why = Why::of("accept_relocation").told(reason);
    let after = decide(conn, caller, &before, (RelocationStatus::Accepted, reason)).await?;
    carry_over(conn, caller, vault, &after, why).await?;
    tell(conn, caller, (Some(&before), &after), ("relocation.accepted", why)).await?;
    Ok(after)
}

/// Refuses a family that another sub-district offers.
///
/// # Errors
/// `not_found`, `command_not_possible`.
pub(in crate::beneficiaries::relocations) async fn refuse(
    conn: &Conn,
    caller: &Caller,
    id: RelocationId,
    reason: &Line,
) -> Result<Relocation> {
    let before = lock(conn, caller, id, Side::Receiver).await?;
    let after = decide(conn, caller, &before, (RelocationStatus::Refused, Some(reason))).await?;
    let why = Why::of("refuse_relocation").told(Some(reason));
    tell(conn, caller, (Some(&before), &after), ("relocation.refused", why)).await?;
    Ok(after)
}

/// Takes an offer back.
///
/// # Errors
/// `not_found`, `command_not_possible`.
pub(in crate::beneficiaries::relocations) async fn withdraw(
    conn: &Conn,
    caller: &Caller,
    id: RelocationId,
    reason: &Line,
) -> Result<Relocation> {
    let before = lock(conn, caller, id, Side::Sender).await?;
    let after = decide(conn, caller, &before, (RelocationStatus::Withdrawn, Some(reason))).await?;
    let why = Why::of("withdraw_relocation").told(Some(reason));
    tell(conn, caller, (Some(&before), &after), ("relocation.withdrawn", why)).await?;
    Ok(after)
}

async fn decide(
    conn: &Conn,
    caller: &Caller,
    before: &Relocation,
    (status, reason): (RelocationStatus, Option<&Line>),
) -> Result<Relocation> {
    queries::decide(conn, before, status, (&caller.client_id, reason), db::now()).await
}

/// Whose command it is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Sender,
    Receiver,
}

/// Locks an offer that this side may decide now.
async fn lock(conn: &Conn, caller: &Caller, id: RelocationId, side: Side) -> Result<Relocation> {
    let offer = queries::lock(conn, &caller.scope, id).await?.ok_or(Code::NotFound)?;
    let is_open = offer.status == RelocationStatus::Offered;
    let (sends, receives) = (caller.scope.has_area(offer.area_id), caller.scope.has_area(offer.to_area_id));
    let is_its_turn = if side == Side::Sender { sends } else { receives };
    if is_open && is_its_turn {
        return Ok(offer);
    }
    let mut possible = Vec::new();
    if is_open && receives {
        possible.extend(["acceptances", "refusals"]);
    }
    if is_open && sends {
        possible.push("withdrawals");
    }
    Err(Error::from(Code::CommandNotPossible).possible(possible))
}
