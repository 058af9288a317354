//! Proposing and deciding write-offs: each inside a transaction, with audit rows and events.

use serde_json::json;

use super::model::{AssetWriteOff, AssetWriteOffKind, AssetWriteOffStatus, NewAssetWriteOff};
use super::queries;
use crate::assets::actions as assets;
use crate::assets::custodies::{self, CustodyEnd, CustodyEndReason};
use crate::assets::model::{Asset, AssetState, AssetStatus, told};
use crate::assets::rules::{self, AssetStep};
use crate::audit::{self, Write};
use crate::db::{self, Conn};
use crate::domain::{AssetId, AssetWriteOffId, Caller, Note};
use crate::error::{Code, Error, Result};
use crate::events::{self, NewEvent};

/// What a write-off needs of its piece.
fn step(kind: AssetWriteOffKind) -> AssetStep {
    match kind {
        AssetWriteOffKind::Lost => AssetStep::Lose,
        AssetWriteOffKind::Retired => AssetStep::Retire,
    }
}

/// Proposes that a piece is lost or retired.
///
/// # Errors
/// `not_found`, `command_not_possible`, `asset_write_off_proposed`, `invalid_fields`.
pub(super) async fn propose(
    conn: &Conn,
    caller: &Caller,
    id: AssetId,
    new: &NewAssetWriteOff,
) -> Result<AssetWriteOff> {
    let asset = assets::lock(conn, caller, id).await?;
    if let Some(open) = queries::open(conn, asset.area_id, asset.id).await? {
        return Err(Error::from(Code::AssetWriteOffProposed).related("asset_write_offs", open.0));
    }
    rules::check(step(new.kind), &asset)?;
    let happened_on = new.happened_on.unwrap_or_else(db::today);
    rules::check_day("/happened_on", (asset.status_since, happened_on), db::today())?;
    let now = db::now();
    let write_off = AssetWriteOff {
        id: AssetWriteOffId::new(),
        area_id: asset.area_id,
        asset_id: asset.id,
        kind: new.kind,
        happened_on,
        reason: new.reason.clone(),
        minutes_number: new.minutes_number.clone(),
        proposed_by: caller.client_id.clone(),
        status: AssetWriteOffStatus::Proposed,
        decided_by: None,
        decided_at: None,
        refusal_reason: None,
        version: 1,
        created_at: now,
        updated_at: now,
    };
    queries::insert(conn, &write_off).await?;
    tell(conn, caller, ("propose_asset_write_off", "asset_write_off.proposed"), None, &write_off).await?;
    Ok(write_off)
}

/// Agrees to a write-off that somebody else proposed: the piece is off the list, and its custody ends.
///
/// # Errors
/// `not_found`, `second_person_needed`, `command_not_possible` where it is decided or the piece was found or mended.
pub(super) async fn agree(conn: &Conn, caller: &Caller, id: AssetWriteOffId) -> Result<AssetWriteOff> {
    let operation = "agree_to_asset_write_off";
    let (before, asset) = hold(conn, caller, id).await?;
    if before.proposed_by == caller.client_id && before.status == AssetWriteOffStatus::Proposed {
        return Err(Code::SecondPersonNeeded.into());
    }
    let after = decide(conn, caller, &before, (AssetWriteOffStatus::Agreed, None)).await?;
    rules::check(step(before.kind), &asset)?;
    let (status, reason) = match after.kind {
        AssetWriteOffKind::Lost => (AssetStatus::Lost, CustodyEndReason::Lost),
        AssetWriteOffKind::Retired => (AssetStatus::Retired, CustodyEndReason::Retired),
    };
    let on = after.happened_on.max(asset.status_since);
    let how = CustodyEnd { on, reason, condition: asset.condition, note: None };
    custodies::end(conn, caller, (&asset, operation), &how).await?;
    let (status_reason, status_minutes_number) = told(&after.reason, &after.minutes_number);
    let moved = AssetState::moved(&asset, status, on);
    let state = AssetState { status_reason, status_minutes_number, custody_id: None, ..moved };
    assets::put(conn, caller, (operation, "asset.written_off"), &asset, &state).await?;
    tell(conn, caller, (operation, "asset_write_off.agreed"), Some(&before), &after).await?;
    Ok(after)
}

/// Refuses a write-off, or takes an own one back.
///
/// # Errors
/// `not_found`, `command_not_possible`.
pub(super) async fn refuse(conn: &Conn, caller: &Caller, id: AssetWriteOffId, reason: &Note) -> Result<AssetWriteOff> {
    let (before, _) = hold(conn, caller, id).await?;
    let after = decide(conn, caller, &before, (AssetWriteOffStatus::Refused, Some(reason))).await?;
    tell(conn, caller, ("refuse_asset_write_off", "asset_write_off.refused"), Some(&before), &after).await?;
    Ok(after)
}

/// The write-off and its piece, which nobody else changes until the transaction ends.
async fn hold(conn: &Conn, caller: &Caller, id: AssetWriteOffId) -> Result<(AssetWriteOff, Asset)> {
    let write_off = queries::find(conn, &caller.scope, id).await?.ok_or(Code::NotFound)?;
    let asset = assets::lock(conn, caller, write_off.asset_id).await?;
    Ok((write_off, asset))
}

async fn decide(
    conn: &Conn,
    caller: &Caller,
    before: &AssetWriteOff,
    decision: (AssetWriteOffStatus, Option<&Note>),
) -> Result<AssetWriteOff> {
    let after = queries::decide(conn, before, decision, (&caller.client_id, db::now())).await?;
    after.ok_or_else(|| Error::from(Code::CommandNotPossible).possible(Vec::new()))
}

async fn tell(
    conn: &Conn,
    caller: &Caller,
    (operation, kind): (&str, &'static str),
    before: Option<&AssetWriteOff>,
    after: &AssetWriteOff,
) -> Result<()> {
    let write = Write::of(operation, "asset_write_offs", after.id.0, after.area_id);
    audit::record(conn, caller, write, before, Some(after)).await?;
    let event = NewEvent {
        kind,
        subject: "asset_write_offs",
        subject_id: after.id.0,
        area_id: after.area_id,
        company_id: None,
        data: json!({ "asset_id": after.asset_id, "kind": after.kind, "status": after.status }),
    };
    events::emit(conn, event).await
}
