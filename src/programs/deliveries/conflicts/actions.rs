//! Settling conflicts: each in one transaction with its audit row and its event.

use serde_json::json;

use super::model::{ConflictStatus, DeliveryConflict, NewConflictDismissal};
use super::queries;
use crate::audit;
use crate::db::{self, Conn};
use crate::domain::{Caller, DeliveryId, Scope};
use crate::error::{Code, Error, Result};
use crate::events::{self, NewEvent};
use crate::programs::deliveries::actions as deliveries;

/// Puts a conflict aside.
///
/// # Errors
/// `not_found`, `conflict_settled`.
pub(super) async fn dismiss(
    conn: &Conn,
    caller: &Caller,
    id: DeliveryId,
    new: &NewConflictDismissal,
) -> Result<DeliveryConflict> {
    let before = lock_open(conn, caller, id).await?;
    let settlement = (ConflictStatus::Dismissed, caller.client_id.as_str(), Some(new.reason.as_str()));
    let conflict = queries::settle(conn, &before, settlement, db::now()).await?;
    tell(conn, caller, "dismiss_delivery_conflict", (&before, &conflict)).await?;
    Ok(conflict)
}

/// Records what the device said, now that it is possible.
///
/// # Errors
/// `not_found`, `conflict_settled`, and as for a delivery that is recorded with a signal.
pub(super) async fn apply(conn: &Conn, caller: &Caller, id: DeliveryId) -> Result<DeliveryConflict> {
    let before = lock_open(conn, caller, id).await?;
    let scope = Scope { area_ids: vec![before.area_id], ..caller.scope.clone() };
    let within = Caller { scope, ..caller.clone() };
    deliveries::record_as(conn, &within, id, &before.said.0.as_new()).await?;
    let settlement = (ConflictStatus::Applied, caller.client_id.as_str(), None);
    let conflict = queries::settle(conn, &before, settlement, db::now()).await?;
    tell(conn, caller, "apply_delivery_conflict", (&before, &conflict)).await?;
    Ok(conflict)
}

async fn lock_open(conn: &Conn, caller: &Caller, id: DeliveryId) -> Result<DeliveryConflict> {
    let conflict = queries::lock(conn, &caller.scope, id).await?.ok_or(Code::NotFound)?;
    match conflict.status {
        ConflictStatus::Open => Ok(conflict),
        settled => Err(Error::from(Code::ConflictSettled).about(format!("it is {}", settled.as_str()))),
    }
}

async fn tell(
    conn: &Conn,
    caller: &Caller,
    operation: &str,
    (before, after): (&DeliveryConflict, &DeliveryConflict),
) -> Result<()> {
    let write = audit::Write::of(operation, "delivery_conflicts", after.id.0, after.area_id);
    audit::record(conn, caller, write, Some(before), Some(after)).await?;
    let event = NewEvent {
        kind: "delivery_conflict.settled",
        subject: "delivery_conflicts",
        subject_id: after.id.0,
        area_id: after.area_id,
        company_id: None,
        data: json!({ "status": after.status, "entitlement_id": after.entitlement_id }),
    };
    events::emit(conn, event).await
}
