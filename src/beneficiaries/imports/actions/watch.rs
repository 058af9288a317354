//! Finds imports that nobody runs any more: their process was killed.

use std::time::Duration;

use crate::beneficiaries::imports::queries;
use crate::db::{self, Db};
use crate::domain::Scope;
use crate::error::Result;

/// Time between two looks.
const PAUSE: Duration = Duration::from_mins(1);

/// Marks lost imports as failed, at once and then every minute, for as long as the service runs.
pub async fn watch(db: Db) {
    loop {
        if let Err(error) = fail_lost(&db).await {
            log::warn!("lost imports could not be looked for: {error}");
        }
        tokio::time::sleep(PAUSE).await;
    }
}

async fn fail_lost(db: &Db) -> Result<()> {
    let area_ids = queries::all_areas(&*db.unscoped().await?).await?;
    if area_ids.is_empty() {
        return Ok(());
    }
    let scope = Scope { area_ids, company_id: None };
    let conn = db.read(&scope).await?;
    for (area_id, id) in queries::running(&conn, &scope).await? {
        // The session of an import holds its lock until it ends, so a free lock stays free.
        if queries::is_abandoned(&conn, id).await? {
            log::warn!(import_id:% = id; "an import was lost with the process that ran it");
            queries::set_failed(&conn, area_id, id, db::now()).await?;
        }
    }
    Ok(())
}
