//! Recording a check: one transaction with its audit rows and events.

use chrono::NaiveDate;
use serde_json::json;

use super::model::{AssetCheck, NewAssetCheck};
use super::queries;
use crate::assets::actions as assets;
use crate::assets::model::{Asset, AssetCondition, AssetState};
use crate::assets::rules::{self, AssetStep};
use crate::audit::{self, Write};
use crate::db::{self, Conn};
use crate::domain::{AssetCheckId, AssetId, Caller, Document, Evidence};
use crate::error::{Code, Error, Fault, Result};
use crate::events::{self, NewEvent};

/// Most hours that a meter tells.
const MOST_HOURS: i32 = 1_000_000;

/// Records how a piece is. The newest check says how it is and when it is looked at next; an older one that comes late is
/// kept beside it.
///
/// # Errors
/// `not_found`, `command_not_possible`, `invalid_fields`.
pub(super) async fn record(conn: &Conn, caller: &Caller, id: AssetId, new: &NewAssetCheck) -> Result<AssetCheck> {
    let asset = assets::lock(conn, caller, id).await?;
    rules::check(AssetStep::Check, &asset)?;
    let checked_on = new.checked_on.unwrap_or_else(db::today);
    rules::check_day("/checked_on", (asset.acquired_on, checked_on), db::today())?;
    let next_check_on =
        new.next_check_on.unwrap_or_else(|| rules::months_after(checked_on, rules::MONTHS_BETWEEN_CHECKS));
    let faults = faults_of(new, (checked_on, next_check_on));
    if !faults.is_empty() {
        return Err(Error::invalid(faults));
    }
    let check = row(conn, caller, &asset, (new, checked_on, next_check_on)).await?;
    queries::insert(conn, &check).await?;
    if asset.last_checked_on.is_none_or(|last| last <= checked_on) {
        let last_checked_on = Some(checked_on);
        let state = AssetState { condition: new.condition, last_checked_on, next_check_on, ..AssetState::of(&asset) };
        assets::put(conn, caller, ("record_asset_check", "asset.checked"), &asset, &state).await?;
    }
    tell(conn, caller, &check).await?;
    Ok(check)
}

async fn row(
    conn: &Conn,
    caller: &Caller,
    asset: &Asset,
    (new, checked_on, next_check_on): (&NewAssetCheck, NaiveDate, NaiveDate),
) -> Result<AssetCheck> {
    let village_code = match asset.custody_id {
        Some(custody_id) => Some(queries::village_of(conn, asset.area_id, custody_id).await?),
        None => None,
    };
    Ok(AssetCheck {
        id: AssetCheckId::new(),
        area_id: asset.area_id,
        asset_id: asset.id,
        custody_id: asset.custody_id,
        village_code,
        checked_on,
        condition: new.condition,
        is_in_use: new.is_in_use,
        meter_hours: new.meter_hours,
        note: new.note.clone(),
        evidence: Document(new.evidence.clone()),
        next_check_on,
        checked_by: caller.client_id.clone(),
        created_at: db::now(),
    })
}

fn faults_of(new: &NewAssetCheck, (checked_on, next_check_on): (NaiveDate, NaiveDate)) -> Vec<Fault> {
    let mut faults = Vec::new();
    if new.is_in_use && new.condition == AssetCondition::Missing {
        faults.push(Fault::new("/is_in_use", Code::ValueUnknown));
    }
    if new.meter_hours.is_some_and(|hours| !(0..=MOST_HOURS).contains(&hours)) {
        faults.push(Fault::new("/meter_hours", Code::WrongType));
    }
    if next_check_on <= checked_on {
        faults.push(Fault::new("/next_check_on", Code::DatesOutOfOrder));
    }
    if new.evidence.len() > Evidence::MOST {
        faults.push(Fault::new("/evidence", Code::WrongType));
        return faults;
    }
    let twice = Evidence::twice(&new.evidence);
    faults.extend(twice.map(|at| Fault::new(format!("/evidence/{at}/digest"), Code::ValueTwice)));
    faults
}

async fn tell(conn: &Conn, caller: &Caller, check: &AssetCheck) -> Result<()> {
    let write = Write::of("record_asset_check", "asset_checks", check.id.0, check.area_id);
    audit::record(conn, caller, write, None, Some(check)).await?;
    let event = NewEvent {
        kind: "asset_check.recorded",
        subject: "asset_checks",
        subject_id: check.id.0,
        area_id: check.area_id,
        company_id: None,
        data: json!({
            "asset_id": check.asset_id, "condition": check.condition, "is_in_use": check.is_in_use,
            "next_check_on": check.next_check_on,
        }),
    };
    events::emit(conn, event).await
}
