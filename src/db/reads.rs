//! Connections shared by many requests at once, each bound to one scope for life.
//!
//! A single statement needs no transaction, so many requests can pipeline theirs on one connection; that doubles
//! the reads per second against a pool. The scope is a startup option of the session and never changes, so row
//! level security holds here as it does in transactions.

use std::collections::HashMap;
use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use diesel_async::AsyncPgConnection;
use tokio::sync::RwLock;
use tokio_postgres::NoTls;

use super::Conn;
use crate::domain::Scope;
use crate::error::{Error, Result};

/// A connection others use at the same time; derefs to [`Conn`].
pub type SharedConnection = Arc<Conn>;

/// Connections for each scope; two or three keep a core of Postgres busy.
const PER_SCOPE: usize = 4;
/// Scopes kept open by a worker; one of them makes room for a ninth.
const SCOPES: usize = 8;
/// Longest that a statement may run: those of other requests wait behind it.
const STATEMENT_LIMIT: &str = "-c statement_timeout=20s";

pub(super) struct Reads {
    url: String,
    sets: RwLock<HashMap<Vec<i32>, Arc<Set>>>,
}

#[derive(Default)]
struct Set {
    next: AtomicUsize,
    slots: [Slot; PER_SCOPE],
}

type Slot = RwLock<Option<Live>>;

#[derive(Clone)]
struct Live {
    conn: SharedConnection,
    driver: Arc<tokio::task::JoinHandle<()>>,
}

impl Reads {
    pub(super) fn new(url: &str) -> Self {
        Self { url: url.to_owned(), sets: RwLock::default() }
    }

    pub(super) async fn connection(&self, scope: &Scope) -> Result<SharedConnection> {
        let set = self.set(&scope.area_ids).await;
        let turn = set.next.fetch_add(1, Ordering::Relaxed) % PER_SCOPE;
        let slot = set.slots.get(turn).ok_or_else(|| Error::internal("no such slot"))?;
        if let Some(live) = slot.read().await.as_ref().filter(|live| !live.driver.is_finished()) {
            return Ok(Arc::clone(&live.conn));
        }
        let mut slot = slot.write().await;
        if let Some(live) = slot.as_ref().filter(|live| !live.driver.is_finished()) {
            return Ok(Arc::clone(&live.conn));
        }
        let live = self.open(scope).await?;
        *slot = Some(live.clone());
        Ok(live.conn)
    }

    async fn set(&self, area_ids: &[i32]) -> Arc<Set> {
        if let Some(set) = self.sets.read().await.get(area_ids) {
            return Arc::clone(set);
        }
        let mut sets = self.sets.write().await;
        if sets.len() >= SCOPES {
            // Requests that hold a connection of the set keep it until they are done.
            let first = sets.keys().min_by_key(|key| hash_of(key)).cloned();
            first.map(|key| sets.remove(&key));
        }
        Arc::clone(sets.entry(area_ids.to_vec()).or_default())
    }

    async fn open(&self, scope: &Scope) -> Result<Live> {
        let (client, driver) = connect(&self.url, scope, &format!("{STATEMENT_LIMIT} {KEEP_PLANS}")).await?;
        let conn = AsyncPgConnection::try_from(client).await.map_err(Error::unavailable)?;
        Ok(Live { conn: Arc::new(conn), driver: Arc::new(driver) })
    }
}

/// The plan of a statement is made once and kept. By itself Postgres plans each `area_id = any ($1)` anew, because it
/// takes a list it has not seen for a long one; that costs several times what finding a family does.
const KEEP_PLANS: &str = "-c plan_cache_mode=force_generic_plan";

/// Opens a session bound to a scope, with settings of its own, and the task that drives it.
pub(super) async fn connect(
    url: &str,
    scope: &Scope,
    settings: &str,
) -> Result<(tokio_postgres::Client, tokio::task::JoinHandle<()>)> {
    let mut config: tokio_postgres::Config = url.parse().map_err(Error::internal)?;
    let options = config.get_options().unwrap_or_default().to_owned();
    config.options(format!("{options} {settings} -c sinergi.area_ids={}", scope.setting()));
    let (client, connection) = config.connect(NoTls).await.map_err(Error::unavailable)?;
    let driver = tokio::spawn(async move {
        if let Err(error) = connection.await {
            log::warn!("a database connection closed: {error}");
        }
    });
    Ok((client, driver))
}

fn hash_of(key: &[i32]) -> u64 {
    let mut hasher = DefaultHasher::new();
    key.hash(&mut hasher);
    hasher.finish()
}
