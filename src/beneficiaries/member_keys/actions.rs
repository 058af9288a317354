//! Making keys anew: with each change of a family, and for all that a change forgot.

use std::sync::Arc;
use std::time::Duration;

use uuid::Uuid;

use super::model::{KeyRow, Stale};
use super::queries;
use crate::db::{Conn, Db};
use crate::domain::{BeneficiaryId, Scope};
use crate::error::{Error, Result};
use crate::keys::{Keys, Vault};
use crate::regions;

/// Members whose keys are made at once: some megabytes.
const AT_ONCE: usize = 5_000;
/// Families that one statement asks for: some thousand members.
const FAMILIES_AT_ONCE: usize = 500;
/// Time between two looks for stale keys.
const PAUSE: Duration = Duration::from_hours(1);

/// Makes the keys of the live members of families anew where they are not those of the present versions.
///
/// Called in the transaction of whatever changed members, memberships, or village and telephone of a family.
///
/// # Errors
/// Where a NIK cannot be opened or the database refuses.
pub async fn refresh(conn: &Conn, vault: &Vault, area_id: i32, families: &[BeneficiaryId]) -> Result<()> {
    for families in families.chunks(FAMILIES_AT_ONCE) {
        queries::drop_departed_of(conn, area_id, families).await?;
        let stale = queries::stale_of(conn, area_id, families).await?;
        make(conn, vault, area_id, &stale).await?;
    }
    Ok(())
}

async fn make(conn: &Conn, vault: &Vault, area_id: i32, stale: &[Stale]) -> Result<()> {
    if stale.is_empty() {
        return Ok(());
    }
    let rows: Vec<KeyRow> = stale.iter().map(|member| member.keyed(vault, area_id)).collect::<Result<_>>()?;
    queries::insert(conn, area_id, &rows).await
}

/// Makes missing and stale keys of all areas anew, at once and then every hour, for as long as the service runs.
pub async fn watch(db: Db, keys: Arc<Keys>) {
    loop {
        if let Err(error) = sweep(&db, &keys.vault).await {
            log::warn!("keys of members could not be made anew: {error}");
        }
        tokio::time::sleep(PAUSE).await;
    }
}

async fn sweep(db: &Db, vault: &Vault) -> Result<()> {
    let area_ids = regions::all_areas(&*db.unscoped().await?).await?.area_ids;
    for area_id in area_ids {
        let session = db.session(&Scope { area_ids: vec![area_id], company_id: None }).await?;
        let conn = Conn::try_from(session).await.map_err(Error::unavailable)?;
        // Whoever finds another process at it leaves it to that one; the lock ends with the session.
        if queries::take_sweep(&conn).await? {
            sweep_area(&conn, vault, area_id).await?;
        }
    }
    Ok(())
}

/// Statement by statement: keys that a change writes meanwhile name its version, and stale ones are found again.
async fn sweep_area(conn: &Conn, vault: &Vault, area_id: i32) -> Result<()> {
    queries::drop_departed(conn, area_id).await?;
    let limit = i64::try_from(AT_ONCE).unwrap_or(i64::MAX);
    let mut after = Some(Uuid::nil());
    while let Some(last) = after {
        let stale = queries::stale(conn, area_id, (last, limit)).await?;
        make(conn, vault, area_id, &stale).await?;
        after = stale.last().filter(|_| stale.len() == AT_ONCE).map(|member| member.member_id.0);
    }
    Ok(())
}
