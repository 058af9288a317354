//! Rate limits, shared by all processes of the service.
//!
//! Each process leases requests from the client's minute in the database, a slice at a time: one statement for
//! many requests, and two processes together never grant more than one would.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::Mutex;

use chrono::{DateTime, DurationRound, TimeDelta, Utc};
use diesel::QueryableByName;
use diesel::sql_types::{Integer, Text, Timestamptz};
use diesel_async::RunQueryDsl;

use crate::db::Db;
use crate::error::{Error, Result};

/// Seconds of a window.
pub(super) const WINDOW_SECONDS: i64 = 60;
/// Clients and addresses remembered by a process at once.
const REMEMBERED: usize = 10_000;

/// Counts requests.
#[derive(Debug)]
pub struct Rates {
    quota: i32,
    slice: i32,
    leases: Mutex<HashMap<String, Lease>>,
}

#[derive(Debug, Clone, Copy)]
struct Lease {
    window: DateTime<Utc>,
    left: i32,
    /// Left in the whole window when the slice was taken; what `RateLimit` tells.
    left_elsewhere: i32,
}

/// How a request stands against the limit.
#[derive(Debug, Clone, Copy)]
pub struct Standing {
    /// Requests a window holds.
    pub quota: i32,
    /// Requests left, about.
    pub left: i32,
    /// Seconds until the window ends.
    pub reset_seconds: i64,
    /// False where the request is one too many.
    pub is_within: bool,
}

#[derive(QueryableByName)]
struct Granted {
    #[diesel(sql_type = Integer)]
    used: i32,
}

impl Rates {
    /// Limits each client to `quota` requests a minute, and each address without a token to the same.
    #[must_use]
    pub fn new(quota: i32) -> Self {
        Self { quota, slice: (quota / 20).max(1), leases: Mutex::default() }
    }

    /// The name under which requests without a token are counted.
    #[must_use]
    pub fn anonymous(address: Option<IpAddr>) -> String {
        address.map_or_else(|| "anonymous".to_owned(), |address| format!("anonymous {address}"))
    }

    /// Counts one request of a client.
    ///
    /// # Errors
    /// Where the database cannot be reached for a new slice.
    pub async fn count(&self, db: &Db, client: &str, now: DateTime<Utc>) -> Result<Standing> {
        let window = now.duration_trunc(TimeDelta::seconds(WINDOW_SECONDS)).map_err(Error::internal)?;
        if let Some(lease) = self.take_leased(client, window) {
            return Ok(self.standing(lease, now, true));
        }
        let used = self.lease(db, client, window).await?;
        let over = (used - self.quota).max(0);
        let lease = Lease { window, left: self.slice - over - 1, left_elsewhere: (self.quota - used).max(0) };
        let is_within = lease.left >= 0;
        self.remember(client, Lease { left: lease.left.max(0), ..lease });
        Ok(self.standing(lease, now, is_within))
    }

    fn take_leased(&self, client: &str, window: DateTime<Utc>) -> Option<Lease> {
        let mut leases = self.leases.lock().ok()?;
        let lease = leases.get_mut(client).filter(|lease| lease.window == window && lease.left > 0)?;
        lease.left -= 1;
        Some(*lease)
    }

    async fn lease(&self, db: &Db, client: &str, window: DateTime<Utc>) -> Result<i32> {
        let mut conn = db.unscoped().await?;
        let granted: Granted = diesel::sql_query(
            "insert into rate_windows (client_id, window_start, used) values ($1, $2, $3) \
             on conflict (client_id, window_start) do update set used = least(rate_windows.used + $3, 1000000000) \
             returning used",
        )
        .bind::<Text, _>(client)
        .bind::<Timestamptz, _>(window)
        .bind::<Integer, _>(self.slice)
        .get_result(&mut conn)
        .await?;
        Ok(granted.used)
    }

    fn remember(&self, client: &str, lease: Lease) {
        let Ok(mut leases) = self.leases.lock() else { return };
        if leases.len() >= REMEMBERED {
            leases.retain(|_, kept| kept.window == lease.window);
        }
        // Another request may have leased meanwhile: both slices are this process's to spend.
        let entry = leases.entry(client.to_owned()).or_insert(Lease { left: 0, ..lease });
        let carried = if entry.window == lease.window { entry.left } else { 0 };
        *entry = Lease { left: carried + lease.left, ..lease };
    }

    fn standing(&self, lease: Lease, now: DateTime<Utc>, is_within: bool) -> Standing {
        let reset_seconds = WINDOW_SECONDS - (now - lease.window).num_seconds().clamp(0, WINDOW_SECONDS - 1);
        Standing { quota: self.quota, left: (lease.left + lease.left_elsewhere).max(0), reset_seconds, is_within }
    }
}
