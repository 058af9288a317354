//! Seals rows for as long as the service runs.

use std::sync::Arc;
use std::time::Duration;

use diesel_async::{AsyncConnection, TransactionManager};

use super::block::{Block, Last};
use super::merkle::Hash;
use super::queries;
use crate::audit::list::Row;
use crate::db::{self, Conn, Db};
use crate::error::Result;
use crate::keys::{Keys, SigningKey};

/// Rows of one block at most: a proof of one is twelve hashes.
pub const MOST_ROWS: i32 = 4_096;
/// Between two blocks while fewer rows than that come in; a proof is there after as long.
pub(super) const PAUSE: Duration = Duration::from_secs(10);
/// Lock that one sealer of all processes holds at a time.
const LOCK: i64 = 7_460_003;

/// Seals rows for as long as the service runs; any number of processes may.
pub async fn keep_sealing(db: Db, keys: Arc<Keys>) {
    let full = usize::try_from(MOST_ROWS).unwrap_or(usize::MAX);
    loop {
        match seal(&db, &keys.signing).await {
            Ok(sealed) if sealed == full => {}
            Ok(_) => tokio::time::sleep(PAUSE).await,
            Err(error) => {
                log::warn!("audit rows will be sealed later: {error}");
                tokio::time::sleep(PAUSE).await;
            }
        }
    }
}

/// Seals the next block, where there are rows for one and nobody else does it now; answers how many rows it has.
///
/// # Errors
/// Where the database cannot be reached or refuses; no row is sealed then.
pub async fn seal(db: &Db, key: &SigningKey) -> Result<usize> {
    type Manager = <Conn as AsyncConnection>::TransactionManager;
    let mut conn = db.unscoped().await?;
    Manager::begin_transaction(&mut *conn).await?;
    match seal_block(&conn, key).await {
        Ok(sealed) => Ok(Manager::commit_transaction(&mut *conn).await.map(|()| sealed)?),
        Err(error) => {
            // Why it failed is what is told, even where the connection broke with it.
            Manager::rollback_transaction(&mut *conn).await.ok();
            Err(error)
        }
    }
}

async fn seal_block(conn: &Conn, key: &SigningKey) -> Result<usize> {
    // Statements after this one see the block of whoever held the lock before: it is let go after the commit.
    let is_mine = db::try_lock(conn, LOCK).await?;
    if !is_mine {
        return Ok(0);
    }
    let rows = queries::unsealed(conn, MOST_ROWS).await?;
    let Some(last) = rows.last().map(|row| Last { transaction_number: row.transaction_number, id: row.id }) else {
        return Ok(0);
    };
    let mut buffer = Vec::new();
    let leaves: Vec<Hash> = rows.iter().map(|row: &Row| row.leaf().hash(&mut buffer)).collect::<Result<_>>()?;
    let block = Block::seal(queries::last(conn).await?, &leaves, db::now(), key)?;
    queries::add(conn, &block, last, &leaves).await?;
    Ok(leaves.len())
}
