//! What is done with equipment as such: each inside a transaction, with audit row and event.

use serde_json::json;

use super::model::{
    Asset, AssetCondition, AssetSource, AssetState, AssetStatus, NewAsset, NewAssetRecovery, NewAssetRepair,
    NewAssetRepairEnd, Origin, told,
};
use super::queries;
use super::rules::{self, AssetStep};
use crate::audit::{self, Write};
use crate::db::{self, Conn};
use crate::domain::{AssetId, Caller, Scope};
use crate::error::{Code, Error, Result};
use crate::events::{self, NewEvent};
use crate::{needs, regions};

/// Puts a piece of equipment on the list.
///
/// # Errors
/// `invalid_fields`, `asset_number_taken`, `asset_source_used_up`.
pub(super) async fn register(conn: &Conn, caller: &Caller, new: &NewAsset) -> Result<Asset> {
    let acquired_on = new.acquired_on.unwrap_or_else(db::today);
    rules::check_day("/acquired_on", (acquired_on, acquired_on), db::today())?;
    let condition = new.condition.unwrap_or(AssetCondition::Good);
    rules::check_present("/condition", condition)?;
    let kind = needs::find_kind(conn, &new.kind).await?;
    if kind.is_none_or(|kind| kind.category != "equipment") {
        return Err(Error::invalid_field("/kind", Code::ReferenceUnknown));
    }
    let (source, origin) = hold_origin(conn, &caller.scope, new).await?;
    let area_id = match &origin {
        Some(origin) => origin.area_id,
        None => regions::acting_area(conn, &caller.scope, new.district_code.as_ref()).await?,
    };
    let now = db::now();
    let asset = Asset {
        id: AssetId::new(),
        area_id,
        asset_number: new.asset_number.clone(),
        kind: new.kind.clone(),
        serial_number: new.serial_number.clone(),
        source,
        delivery_id: new.delivery_id,
        delivery_period: origin.as_ref().and_then(|origin| origin.period),
        allocation_delivery_id: new.allocation_delivery_id,
        aid_id: origin.as_ref().map(|origin| origin.aid_id),
        program_id: origin.as_ref().and_then(|origin| origin.program_id),
        pledge_id: origin.as_ref().and_then(|origin| origin.pledge_id),
        value_rupiah: new.value_rupiah,
        acquired_on,
        status: AssetStatus::InStore,
        status_since: acquired_on,
        status_reason: None,
        status_minutes_number: None,
        condition,
        custody_id: None,
        last_checked_on: None,
        next_check_on: rules::months_after(acquired_on, rules::MONTHS_BETWEEN_CHECKS),
        registered_by: caller.client_id.clone(),
        version: 1,
        created_at: now,
        updated_at: now,
    };
    queries::insert(conn, &asset).await?;
    tell(conn, caller, ("register_asset", "asset.registered"), None, &asset).await?;
    Ok(asset)
}

/// What a piece came by, where it was not bought; no more pieces than came.
async fn hold_origin(conn: &Conn, scope: &Scope, new: &NewAsset) -> Result<(AssetSource, Option<Origin>)> {
    let (source, id, pointer) = match (new.delivery_id, new.allocation_delivery_id) {
        (None, None) => return Ok((AssetSource::Bought, None)),
        (Some(_), Some(_)) => return Err(Error::invalid_field("/allocation_delivery_id", Code::UnknownField)),
        (Some(id), None) => (AssetSource::Program, id, "/delivery_id"),
        (None, Some(id)) => (AssetSource::Company, id, "/allocation_delivery_id"),
    };
    let origin = match source {
        AssetSource::Program => queries::hold_delivery(conn, scope, id).await?,
        _ => queries::hold_handover(conn, scope, (id, &new.kind)).await?,
    };
    let origin = origin.ok_or_else(|| Error::invalid_field(pointer, Code::ReferenceUnknown))?;
    if origin.kind.as_ref().is_some_and(|kind| kind != new.kind.as_str()) {
        return Err(Error::invalid_field("/kind", Code::ValueUnknown));
    }
    if queries::unregistered(conn, (id, &new.kind), &origin).await? < 1 {
        return Err(Code::AssetSourceUsedUp.into());
    }
    Ok((source, Some(origin)))
}

/// Sends a piece that is worn or broken to a workshop.
///
/// # Errors
/// `not_found`, `command_not_possible`, `invalid_fields`.
pub(super) async fn repair(conn: &Conn, caller: &Caller, id: AssetId, new: &NewAssetRepair) -> Result<Asset> {
    let before = lock(conn, caller, id).await?;
    rules::check(AssetStep::Repair, &before)?;
    let started_on = new.started_on.unwrap_or_else(db::today);
    rules::check_day("/started_on", (before.status_since, started_on), db::today())?;
    let (status_reason, status_minutes_number) = told(&new.reason, &new.minutes_number);
    let moved = AssetState::moved(&before, AssetStatus::UnderRepair, started_on);
    let state = AssetState { status_reason, status_minutes_number, ..moved };
    put(conn, caller, ("start_asset_repair", "asset.repair_started"), &before, &state).await
}

/// Takes a piece back from the workshop: to the family that has it, or into store.
///
/// # Errors
/// `not_found`, `command_not_possible`, `invalid_fields`.
pub(super) async fn end_repair(conn: &Conn, caller: &Caller, id: AssetId, new: &NewAssetRepairEnd) -> Result<Asset> {
    let before = lock(conn, caller, id).await?;
    rules::check(AssetStep::EndRepair, &before)?;
    rules::check_present("/condition", new.condition)?;
    let ended_on = new.ended_on.unwrap_or_else(db::today);
    rules::check_day("/ended_on", (before.status_since, ended_on), db::today())?;
    let status = if before.custody_id.is_some() { AssetStatus::InCustody } else { AssetStatus::InStore };
    let state = AssetState { condition: new.condition, ..AssetState::moved(&before, status, ended_on) };
    put(conn, caller, ("end_asset_repair", "asset.repair_ended"), &before, &state).await
}

/// Puts a lost piece that was found into store.
///
/// # Errors
/// `not_found`, `command_not_possible`, `invalid_fields`.
pub(super) async fn recover(conn: &Conn, caller: &Caller, id: AssetId, new: &NewAssetRecovery) -> Result<Asset> {
    let before = lock(conn, caller, id).await?;
    rules::check(AssetStep::Recover, &before)?;
    rules::check_present("/condition", new.condition)?;
    let recovered_on = new.recovered_on.unwrap_or_else(db::today);
    rules::check_day("/recovered_on", (before.status_since, recovered_on), db::today())?;
    let next_check_on = rules::months_after(recovered_on, rules::MONTHS_BETWEEN_CHECKS);
    let moved = AssetState::moved(&before, AssetStatus::InStore, recovered_on);
    let state = AssetState { condition: new.condition, next_check_on, ..moved };
    put(conn, caller, ("recover_asset", "asset.recovered"), &before, &state).await
}

/// Finds a piece that nobody else changes until the transaction ends.
///
/// # Errors
/// `not_found`.
pub(super) async fn lock(conn: &Conn, caller: &Caller, id: AssetId) -> Result<Asset> {
    queries::lock(conn, &caller.scope, id).await?.ok_or_else(|| Code::NotFound.into())
}

/// Writes what changed of a locked piece, and tells it.
pub(super) async fn put(
    conn: &Conn,
    caller: &Caller,
    names: (&str, &'static str),
    before: &Asset,
    state: &AssetState,
) -> Result<Asset> {
    let after = queries::put(conn, before, state, db::now()).await?;
    tell(conn, caller, names, Some(before), &after).await?;
    Ok(after)
}

async fn tell(
    conn: &Conn,
    caller: &Caller,
    (operation, kind): (&str, &'static str),
    before: Option<&Asset>,
    after: &Asset,
) -> Result<()> {
    let write = Write::of(operation, "assets", after.id.0, after.area_id);
    audit::record(conn, caller, write, before, Some(after)).await?;
    let event = NewEvent {
        kind,
        subject: "assets",
        subject_id: after.id.0,
        area_id: after.area_id,
        company_id: None,
        data: json!({
            "kind": after.kind, "status": after.status, "condition": after.condition, "custody_id": after.custody_id,
        }),
    };
    events::emit(conn, event).await
}
