//! Handing over and taking back: each inside a transaction, with audit rows and events.
//!
//! Locks are taken in one order: the piece, the family, the custody.

use serde_json::json;

use super::model::{Custody, CustodyEnd, CustodyEndReason, NewHandBack, NewHandOver, NewTransfer};
use super::queries;
use crate::assets::actions as assets;
use crate::assets::model::{Asset, AssetState, AssetStatus};
use crate::assets::rules::{self, AssetStep};
use crate::audit::{self, Write};
use crate::db::{self, Conn};
use crate::domain::{AssetId, BeneficiaryId, Caller, CustodyId};
use crate::error::{Code, Error, Result};
use crate::events::{self, NewEvent};

/// Hands a piece in store over to a family.
///
/// # Errors
/// `not_found`, `asset_in_custody`, `command_not_possible`, `invalid_fields`, `beneficiary_not_live`,
/// `asset_of_another_family`.
pub(super) async fn hand_over(conn: &Conn, caller: &Caller, id: AssetId, new: &NewHandOver) -> Result<Custody> {
    let before = assets::lock(conn, caller, id).await?;
    if let Some(custody_id) = before.custody_id {
        return Err(Error::from(Code::AssetInCustody).related("custodies", custody_id.0));
    }
    rules::check(AssetStep::HandOver, &before)?;
    let how = HandOver { operation: "hand_over_asset", at: "", follows: None };
    begin(conn, caller, &before, (new, how)).await
}

/// Takes a piece back into store.
///
/// # Errors
/// `not_found`, `command_not_possible`, `invalid_fields`.
pub(super) async fn hand_back(conn: &Conn, caller: &Caller, id: AssetId, new: &NewHandBack) -> Result<Custody> {
    let before = assets::lock(conn, caller, id).await?;
    rules::check(AssetStep::HandBack, &before)?;
    let (custody, _) = take_back(conn, caller, &before, (new, ("hand_back_asset", ""))).await?;
    Ok(custody)
}

/// Takes a piece back from one family and hands it over to another: both or nothing.
///
/// # Errors
/// `not_found`, `command_not_possible`, `invalid_fields`, `beneficiary_not_live`.
pub(super) async fn transfer(conn: &Conn, caller: &Caller, id: AssetId, new: &NewTransfer) -> Result<Custody> {
    let before = assets::lock(conn, caller, id).await?;
    rules::check(AssetStep::Transfer, &before)?;
    let operation = "transfer_asset";
    let (ended, in_store) = take_back(conn, caller, &before, (&new.hand_back, (operation, "/hand_back"))).await?;
    rules::check(AssetStep::HandOver, &in_store)?;
    let how = HandOver { operation, at: "/hand_over", follows: Some(ended.id) };
    begin(conn, caller, &in_store, (&new.hand_over, how)).await
}

/// How a custody begins: by which command, where in its body, and after which other custody.
#[derive(Debug, Clone, Copy)]
struct HandOver {
    operation: &'static str,
    at: &'static str,
    follows: Option<CustodyId>,
}

async fn begin(conn: &Conn, caller: &Caller, asset: &Asset, (new, how): (&NewHandOver, HandOver)) -> Result<Custody> {
    let started_on = new.started_on.unwrap_or_else(db::today);
    let HandOver { operation, at, follows } = how;
    rules::check_day(&format!("{at}/started_on"), (asset.status_since, started_on), db::today())?;
    let family = queries::hold_family(conn, asset.area_id, new.beneficiary_id).await?;
    let unknown = || Error::invalid_field(&format!("{at}/beneficiary_id"), Code::ReferenceUnknown);
    let family = family.ok_or_else(unknown)?;
    if !family.is_live {
        return Err(Code::BeneficiaryNotLive.into());
    }
    be_for(conn, asset, new.beneficiary_id).await?;
    let now = db::now();
    let custody = Custody {
        id: CustodyId::new(),
        area_id: asset.area_id,
        asset_id: asset.id,
        beneficiary_id: new.beneficiary_id,
        group_name: new.group_name.clone(),
        village_code: family.village_code,
        place: new.place.clone(),
        handover_number: new.handover_number.clone(),
        terms: new.terms.clone(),
        started_on,
        handed_over_by: caller.client_id.clone(),
        follows_id: follows,
        ended_on: None,
        end_reason: None,
        return_condition: None,
        return_note: None,
        ended_by: None,
        version: 1,
        created_at: now,
        updated_at: now,
    };
    queries::insert(conn, &custody).await?;
    let moved = AssetState::moved(asset, AssetStatus::InCustody, started_on);
    let next_check_on = rules::months_after(started_on, rules::MONTHS_TO_FIRST_CHECK);
    let state = AssetState { custody_id: Some(custody.id), next_check_on, ..moved };
    assets::put(conn, caller, (operation, "asset.handed_over"), asset, &state).await?;
    tell(conn, caller, (operation, "custody.begun"), None, &custody).await?;
    Ok(custody)
}

/// What was delivered to a family goes to it first: the ledger of aid says that the family has it.
async fn be_for(conn: &Conn, asset: &Asset, id: BeneficiaryId) -> Result<()> {
    match queries::find_first_keeper(conn, asset).await? {
        Some(keeper) if keeper != id => Err(Error::from(Code::AssetOfAnotherFamily).related("beneficiaries", keeper.0)),
        _ => Ok(()),
    }
}

/// Ends the custody of a piece that is locked, and puts the piece into store unless it is in a workshop.
async fn take_back(
    conn: &Conn,
    caller: &Caller,
    asset: &Asset,
    (new, (operation, at)): (&NewHandBack, (&'static str, &str)),
) -> Result<(Custody, Asset)> {
    if matches!(new.reason, CustodyEndReason::Lost | CustodyEndReason::Retired) {
        return Err(Error::invalid_field(&format!("{at}/reason"), Code::ValueUnknown));
    }
    rules::check_present(&format!("{at}/condition"), new.condition)?;
    let on = new.ended_on.unwrap_or_else(db::today);
    rules::check_day(&format!("{at}/ended_on"), (asset.status_since, on), db::today())?;
    let how = CustodyEnd { on, reason: new.reason, condition: new.condition, note: new.note.clone() };
    let custody = end(conn, caller, (asset, operation), &how).await?;
    let custody = custody.ok_or(Code::VersionStale)?;
    let state = if asset.status == AssetStatus::UnderRepair {
        AssetState::of(asset)
    } else {
        AssetState::moved(asset, AssetStatus::InStore, on)
    };
    let state = AssetState { condition: new.condition, custody_id: None, ..state };
    let asset = assets::put(conn, caller, (operation, "asset.handed_back"), asset, &state).await?;
    Ok((custody, asset))
}

/// Ends the custody of a piece that is locked, where there is one; its last day is not before its first.
pub(in crate::assets) async fn end(
    conn: &Conn,
    caller: &Caller,
    (asset, operation): (&Asset, &'static str),
    how: &CustodyEnd,
) -> Result<Option<Custody>> {
    let Some(id) = asset.custody_id else { return Ok(None) };
    let before = queries::lock(conn, asset.area_id, id).await?.ok_or(Code::VersionStale)?;
    let how = CustodyEnd { on: how.on.max(before.started_on), ..how.clone() };
    let after = queries::end(conn, &before, &how, (&caller.client_id, db::next_instant(before.updated_at))).await?;
    tell(conn, caller, (operation, "custody.ended"), Some(&before), &after).await?;
    Ok(Some(after))
}

async fn tell(
    conn: &Conn,
    caller: &Caller,
    (operation, kind): (&str, &'static str),
    before: Option<&Custody>,
    after: &Custody,
) -> Result<()> {
    let write = Write::of(operation, "custodies", after.id.0, after.area_id);
    audit::record(conn, caller, write, before, Some(after)).await?;
    let event = NewEvent {
        kind,
        subject: "custodies",
        subject_id: after.id.0,
        area_id: after.area_id,
        company_id: None,
        data: json!({
            "asset_id": after.asset_id, "beneficiary_id": after.beneficiary_id, "end_reason": after.end_reason,
        }),
    };
    events::emit(conn, event).await
}
