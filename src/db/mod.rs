//! The database: a pool for transactions, shared connections for single reads, migrations and partitions.
//!
//! Two locks hold a caller to its rows. Every query names `area_id = any ($scope)`, and every connection that a
//! query runs on carries the same areas in `sinergi.area_ids`, which row level security compares with each row.

mod copy;
pub mod embedded;
mod kept;
mod migrations;
mod partitions;
mod reads;
mod session;
mod walk;

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, NaiveDate, SubsecRound, TimeDelta, Utc};
use diesel::sql_types::{Integer, Text};
use diesel_async::pooled_connection::deadpool::{Object, Pool};
use diesel_async::pooled_connection::{AsyncDieselConnectionManager, ManagerConfig, RecyclingMethod};
use diesel_async::{AsyncConnection, AsyncPgConnection, RunQueryDsl, TransactionManager};

use crate::domain::Scope;
use crate::error::{Error, Result};

pub use copy::CopyRows;
pub(crate) use kept::kept;
pub use migrations::migrate;
pub use partitions::{KEPT_BY_MONTH, make_month, make_months_around};
pub use reads::SharedConnection;
pub use session::ReadingSession;
pub(crate) use walk::walk;
pub use walk::{Counted, Way};

/// A connection inside a transaction, or one shared for reading: what every query function takes.
pub type Conn = AsyncPgConnection;

/// Now, to the microsecond that Postgres keeps: what is answered at once equals what is read later.
#[must_use]
pub fn now() -> DateTime<Utc> {
    Utc::now().trunc_subsecs(6)
}

/// Now, and after the version before began: clocks of two processes differ, and a command that waited for the row read
/// its own before it did.
#[must_use]
pub fn next_instant(since: DateTime<Utc>) -> DateTime<Utc> {
    now().max(since + TimeDelta::microseconds(1))
}

/// Today where the sub-districts are: Asia/Makassar (WITA), eight hours ahead of UTC, without summer time.
#[must_use]
pub fn today() -> NaiveDate {
    day_of(Utc::now())
}

/// The day of an instant where the sub-districts are.
#[must_use]
pub fn day_of(at: DateTime<Utc>) -> NaiveDate {
    (at + TimeDelta::hours(8)).date_naive()
}

/// How often a transaction that lost a deadlock is tried in all.
const TRIES: u32 = 4;

/// Handles on the database; cheap to clone.
#[derive(Clone)]
pub struct Db {
    pool: Pool<Conn>,
    reads: Arc<reads::Reads>,
    url: Arc<str>,
}

impl Db {
    /// Makes the handles; connections are opened when first needed.
    ///
    /// `url` is a connection string of the service's role, `connections` the most that transactions use.
    ///
    /// # Errors
    /// Where the pool cannot be built.
    pub fn new(url: &str, connections: usize) -> Result<Self> {
        let mut config = ManagerConfig::default();
        config.recycling_method = RecyclingMethod::Fast;
        let manager = AsyncDieselConnectionManager::new_with_config(url, config);
        let pool = Pool::builder(manager)
            .max_size(connections)
            .wait_timeout(Some(Duration::from_secs(2)))
            .create_timeout(Some(Duration::from_secs(5)))
            .recycle_timeout(Some(Duration::from_secs(5)))
            .runtime(deadpool::Runtime::Tokio1)
            .build()
            .map_err(Error::internal)?;
        Ok(Self { pool, reads: Arc::new(reads::Reads::new(url)), url: url.into() })
    }

    /// The same pool with shared connections of its own: one for each worker, so that reads stay on its thread.
    #[must_use]
    pub fn for_worker(&self) -> Self {
        Self { reads: Arc::new(reads::Reads::new(&self.url)), ..self.clone() }
    }

    /// A shared connection that sees the rows of a scope; for single statements, never for transactions.
    ///
    /// # Errors
    /// `Unavailable` where Postgres cannot be reached.
    pub async fn read(&self, scope: &Scope) -> Result<SharedConnection> {
        self.reads.connection(scope).await
    }

    /// A session of its own that sees the rows of a scope, for `COPY` and temporary tables.
    ///
    /// # Errors
    /// `Unavailable` where Postgres cannot be reached.
    pub async fn session(&self, scope: &Scope) -> Result<tokio_postgres::Client> {
        let (client, _driver) = reads::connect(&self.url, scope, "").await?;
        Ok(client)
    }

    /// A session of its own for one long read of the rows of a scope, all of one moment.
    ///
    /// # Errors
    /// `Unavailable` where Postgres cannot be reached.
    pub async fn reading_session(&self, scope: &Scope, longest: Duration) -> Result<ReadingSession> {
        ReadingSession::open(&self.url, scope, longest).await
    }

    /// Runs one transaction that sees the rows of a scope; tried again where it lost a deadlock.
    ///
    /// # Errors
    /// What `act` answers, or `Unavailable`; nothing is kept then.
    pub async fn transaction<T>(&self, scope: &Scope, act: impl AsyncFn(&mut Conn) -> Result<T>) -> Result<T> {
        let mut tries = 1;
        loop {
            match self.try_transaction(scope, &act).await {
                Err(error) if error.is_deadlock() && tries < TRIES => tries += 1,
                outcome => return outcome,
            }
        }
    }

    /// Runs one transaction that changes nothing, all of whose statements see the rows of a scope as of one moment.
    ///
    /// # Errors
    /// What `act` answers, or `Unavailable`.
    pub async fn snapshot<T>(&self, scope: &Scope, act: impl AsyncFn(&Conn) -> Result<T>) -> Result<T> {
        self.transaction(scope, async |conn| {
            let isolation = "set transaction isolation level repeatable read, read only";
            diesel::sql_query(isolation).execute(conn).await?;
            act(conn).await
        })
        .await
    }

    async fn try_transaction<T>(&self, scope: &Scope, act: &impl AsyncFn(&mut Conn) -> Result<T>) -> Result<T> {
        let mut conn = self.pool.get().await.map_err(Error::unavailable)?;
        let outcome = within_transaction(&mut conn, scope, act).await;
        if matches!(outcome, Err(Error::Unavailable(_))) {
            // A connection that Postgres has closed never goes back to the pool.
            drop(Object::take(conn));
        }
        outcome
    }

    /// Begins a transaction that sees the rows of a scope, for [`end`]: for work of the service itself, which moves from
    /// thread to thread. Requests have [`Self::transaction`].
    ///
    /// # Errors
    /// `Unavailable` where Postgres cannot be reached.
    pub async fn begin(&self, scope: &Scope) -> Result<Object<Conn>> {
        let mut conn = self.pool.get().await.map_err(Error::unavailable)?;
        begin_scoped(&mut conn, scope).await?;
        Ok(conn)
    }

    /// A pooled connection outside any scope: it sees no family-side row at all.
    ///
    /// # Errors
    /// `Unavailable` where Postgres cannot be reached.
    pub async fn unscoped(&self) -> Result<Object<Conn>> {
        self.pool.get().await.map_err(Error::unavailable)
    }

    /// Answers whether Postgres does.
    ///
    /// # Errors
    /// `Unavailable` where it does not.
    pub async fn ping(&self) -> Result<()> {
        let mut conn = self.unscoped().await?;
        let alive = diesel::select(diesel::dsl::sql::<Integer>("1")).get_result::<i32>(&mut conn).await;
        match alive {
            Ok(_) => Ok(()),
            Err(error) => {
                drop(Object::take(conn));
                Err(Error::unavailable(error))
            }
        }
    }
}

/// A request that is dropped half-way leaves its transaction open; the pool throws such a connection away.
async fn within_transaction<T>(
    conn: &mut Conn,
    scope: &Scope,
    act: &impl AsyncFn(&mut Conn) -> Result<T>,
) -> Result<T> {
    begin_scoped(conn, scope).await?;
    let outcome = act(conn).await;
    end(conn, outcome).await
}

type Manager = <Conn as AsyncConnection>::TransactionManager;

async fn begin_scoped(conn: &mut Conn, scope: &Scope) -> Result<()> {
    // Both in one message; areas are numbers, so there is nothing to quote.
    let begin = format!("begin; set local sinergi.area_ids = '{}'", scope.setting());
    Ok(Manager::begin_transaction_sql(conn, &begin).await?)
}

/// Ends a transaction by its outcome: what failed is undone.
///
/// # Errors
/// The outcome's, or where it cannot be committed.
pub async fn end<T>(conn: &mut Conn, outcome: Result<T>) -> Result<T> {
    match outcome {
        Ok(value) => Manager::commit_transaction(conn).await.map(|()| value).map_err(Error::from),
        Err(error) => {
            // The refusal is what the caller needs to hear, even where the connection broke on the way back.
            Manager::rollback_transaction(conn).await.ok();
            Err(error)
        }
    }
}

/// Lets the rest of a transaction see the rows of another area as well.
///
/// Only for a record that the other area itself has offered to the caller, such as a family that moves.
///
/// # Errors
/// Where the database refuses.
pub async fn also_see(mut conn: &Conn, scope: &Scope, area_id: i32) -> Result<Scope> {
    let mut area_ids = scope.area_ids.clone();
    if let Err(place) = area_ids.binary_search(&area_id) {
        area_ids.insert(place, area_id);
    }
    let wider = Scope { area_ids, ..scope.clone() };
    let limit = diesel::sql_query("select set_config('sinergi.area_ids', $1, true)").bind::<Text, _>(wider.setting());
    kept(limit).execute(&mut conn).await?;
    Ok(wider)
}

/// Takes an advisory lock until the end of the transaction; false where another has it.
///
/// # Errors
/// Where the statement fails.
pub async fn try_lock(mut conn: &Conn, key: i64) -> Result<bool> {
    Ok(diesel::select(pg_try_advisory_xact_lock(key)).get_result(&mut conn).await?)
}

diesel::define_sql_function! {
    /// As Postgres has it.
    fn pg_try_advisory_xact_lock(key: diesel::sql_types::BigInt) -> diesel::sql_types::Bool;
}
