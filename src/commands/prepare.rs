//! What stands before the first request: tables, partitions, regions and, where wanted, the sandbox.

use std::sync::Arc;

use chrono::{DateTime, Datelike, NaiveDate, Utc};
use diesel_async::{AsyncConnection, AsyncPgConnection};

use super::Failure;
use super::database::Database;
use super::programs::load_shipped;
use crate::config::Config;
use crate::keys::Keys;
use crate::sandbox::{Filled, Filling, SandboxClient};
use crate::{audit, db, regions, sandbox};

/// The sandbox is the same everywhere, unless another one is asked for.
pub const SEED: u64 = 1;

/// The sandbox that an empty database gets.
#[derive(Debug, Clone, Copy)]
pub(super) struct Wanted {
    /// Number of families.
    pub(super) families: u32,
    /// Same seed, same families.
    pub(super) seed: u64,
}

/// What a database was prepared with.
#[derive(Debug)]
pub(super) struct Prepared {
    /// The sandbox, where this start filled it in.
    pub(super) filled: Option<Filled>,
    /// The clients of the sandbox, where there is one.
    pub(super) clients: Vec<SandboxClient>,
}

/// Prepares the database; repeating it changes nothing.
pub(super) async fn prepare(
    config: &Config,
    database: &Database,
    keys: &Arc<Keys>,
    wanted: Option<Wanted>,
    now: DateTime<Utc>,
) -> Result<Prepared, Failure> {
    let owner_url = database.owner_url.reveal();
    let ran = db::migrate(owner_url).await.map_err(|error| {
        format!("cannot reach or migrate the database (of DATABASE_URL, where that is set): {error}")
    })?;
    if !ran.is_empty() {
        log::info!("migrated the database: {}", ran.join(", "));
    }
    let mut owner = AsyncPgConnection::establish(owner_url).await?;
    if audit::continue_numbers(&owner).await? {
        log::info!("audit rows come from another database cluster: their numbers go on from there");
    }
    db::make_months_around(&owner, now.date_naive()).await?;
    // Whoever loaded a newer edition wants that one.
    if regions::current_edition(&owner).await?.is_none() {
        let loaded = regions::load(&mut owner, regions::EDITION, &mut regions::shipped()?, now).await?;
        log::info!("loaded {} regions of {}", loaded.changed, regions::EDITION);
    }
    let Some(Wanted { families, seed }) = wanted else {
        // Whoever has programs has chosen them; the sandbox has its own.
        if let Some(told) = load_shipped(&mut owner).await? {
            log::info!("{told}");
        }
        return Ok(Prepared { filled: None, clients: Vec::new() });
    };
    let filling = Filling { families, seed, as_of: first_of_quarter(db::day_of(now)) };
    let filled = sandbox::fill(owner_url, Arc::clone(keys), filling).await?;
    // A database that holds real families got no sandbox, and so no clients of it.
    let clients = if sandbox::is_there(&owner).await? {
        sandbox::make_clients(&owner, &config.data_dir).await?
    } else {
        Vec::new()
    };
    Ok(Prepared { filled, clients })
}

/// Ranks and cycles of the sandbox are of the present quarter.
fn first_of_quarter(day: NaiveDate) -> NaiveDate {
    NaiveDate::from_ymd_opt(day.year(), day.month0() / 3 * 3 + 1, 1).unwrap_or(day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quarter_begins_every_third_month() {
        for (day, first) in [("2026-01-01", "2026-01-01"), ("2026-03-31", "2026-01-01"), ("2026-12-31", "2026-10-01")] {
            assert_eq!(first_of_quarter(day.parse().unwrap()).to_string(), first);
        }
    }
}
