//! Adding, correcting and closing sites: each in one transaction with its audit row and its event.

use serde_json::json;

use super::model::{NewStockSite, NewStockSiteClosure, StockSite, StockSiteChanges};
use super::queries;
use crate::audit;
use crate::db::{self, Conn};
use crate::domain::{Caller, StockSiteId};
use crate::error::{Code, Error, Result};
use crate::events::{self, NewEvent};
use crate::regions;

/// Adds a site to the sub-district of its village.
///
/// # Errors
/// `invalid_fields`, `stock_site_name_taken`.
pub(super) async fn add(conn: &Conn, caller: &Caller, new: &NewStockSite) -> Result<StockSite> {
    let village = regions::find_village(conn, &caller.scope, &new.village_code).await?;
    let village = village.ok_or_else(|| Error::invalid_field("/village_code", Code::VillageUnknown))?;
    let now = db::now();
    let site = StockSite {
        id: StockSiteId::new(),
        name: new.name.clone(),
        kind: new.kind,
        village_code: new.village_code.clone(),
        keeper: new.keeper.clone(),
        closed_on: None,
        version: 1,
        created_at: now,
        updated_at: now,
        area_id: village.area_id,
    };
    queries::insert(conn, &site).await?;
    tell(conn, caller, ("add_stock_site", "stock_site.added"), None, &site).await?;
    Ok(site)
}

/// Corrects a site.
///
/// # Errors
/// `not_found`, `version_stale`, `stock_site_name_taken`.
pub(super) async fn update(
    conn: &Conn,
    caller: &Caller,
    id: StockSiteId,
    (version, changes): (i32, &StockSiteChanges),
) -> Result<StockSite> {
    let before = queries::lock(conn, &caller.scope, id).await?.ok_or(Code::NotFound)?;
    if before.version != version {
        return Err(Code::VersionStale.into());
    }
    if changes.is_empty() {
        return Ok(before);
    }
    let site = queries::update(conn, &before, changes, db::now()).await?;
    tell(conn, caller, ("update_stock_site", "stock_site.updated"), Some(&before), &site).await?;
    Ok(site)
}

/// Closes a site that is empty. Goods that move at the same time wait, or are met.
///
/// # Errors
/// `not_found`, `stock_site_closed`, `invalid_fields`, `stock_site_not_empty`.
pub(super) async fn close(
    conn: &Conn,
    caller: &Caller,
    id: StockSiteId,
    new: &NewStockSiteClosure,
) -> Result<StockSite> {
    let before = queries::lock(conn, &caller.scope, id).await?.ok_or(Code::NotFound)?;
    if let Some(day) = before.closed_on {
        return Err(Error::from(Code::StockSiteClosed).about(format!("since {day}")));
    }
    if new.closed_on > db::today() {
        return Err(Error::invalid_field("/closed_on", Code::DateInFuture));
    }
    if let Some(left) = queries::first_left(conn, &before).await? {
        return Err(Error::from(Code::StockSiteNotEmpty).about(left));
    }
    let site = queries::close(conn, &before, new.closed_on, db::now()).await?;
    tell(conn, caller, ("close_stock_site", "stock_site.closed"), Some(&before), &site).await?;
    Ok(site)
}

async fn tell(
    conn: &Conn,
    caller: &Caller,
    (operation, kind): (&str, &str),
    before: Option<&StockSite>,
    site: &StockSite,
) -> Result<()> {
    let write = audit::Write::of(operation, "stock_sites", site.id.0, site.area_id);
    audit::record(conn, caller, write, before, Some(site)).await?;
    let event = NewEvent {
        kind,
        subject: "stock_sites",
        subject_id: site.id.0,
        area_id: site.area_id,
        company_id: None,
        data: json!({ "village_code": site.village_code, "version": site.version }),
    };
    events::emit(conn, event).await
}
