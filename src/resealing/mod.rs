//! Sealed values under a new key, while the service runs.
//!
//! The first byte of a value names its key, so what is left to do can be seen from the values alone: a run that is
//! killed is followed by another one, and two at once share the work. History is append-only for the service; here
//! the owner of the tables replaces the seal of a past number, never the number.

mod columns;

use futures_util::future::try_join_all;
use tokio_postgres::{Client, NoTls};
use uuid::Uuid;

use self::columns::{COLUMNS, Column};
use crate::error::{Error, Result};
use crate::keys::Vault;

/// How many values of a column are sealed under a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holding {
    /// The key.
    pub key_id: u8,
    /// Table and column.
    pub column: String,
    /// Values.
    pub values: i64,
}

/// Table and column of every place that holds sealed values for good.
#[must_use]
pub fn columns() -> Vec<String> {
    COLUMNS.iter().map(|Column { table, name, .. }| format!("{table}.{name}")).collect()
}

/// Tells how many values are sealed under which key, column by column.
///
/// # Errors
/// Where the database cannot be read.
pub async fn holdings(owner_url: &str) -> Result<Vec<Holding>> {
    let client = &connect(owner_url).await?;
    let counts = COLUMNS.iter().map(|Column { table, name, .. }| async move {
        let asked =
            format!("select get_byte({name}, 0), count(*) from {table} where {name} is not null group by 1 order by 1");
        let rows = client.query(&asked, &[]).await.map_err(Error::internal)?;
        rows.iter().map(|row| holding(row, format!("{table}.{name}"))).collect::<Result<Vec<_>>>()
    });
    let answers = "select get_byte(body, 0), count(*) from idempotency_keys where length(body) > 0
        and get_byte(body, 0) < 32 group by 1 order by 1";
    let kept = client.query(answers, &[]).await.map_err(Error::internal)?;
    let kept = kept.iter().map(|row| holding(row, "idempotency_keys.body".to_owned())).collect::<Result<Vec<_>>>()?;
    Ok(try_join_all(counts).await?.into_iter().flatten().chain(kept).collect())
}

fn holding(row: &tokio_postgres::Row, column: String) -> Result<Holding> {
    let key_id: i32 = row.try_get(0).map_err(Error::internal)?;
    let values = row.try_get(1).map_err(Error::internal)?;
    Ok(Holding { key_id: u8::try_from(key_id).map_err(Error::internal)?, column, values })
}

/// Seals every value under the newest key of the vault; `tell` hears how many are done, batch by batch.
///
/// Rows that somebody else holds are passed over and met again in the next pass.
///
/// # Errors
/// Where the database refuses, or a value cannot be opened; what was done stays done.
pub async fn reseal(owner_url: &str, vault: &Vault, tell: impl Fn(&str, u64)) -> Result<u64> {
    let mut client = connect(owner_url).await?;
    let mut done = 0;
    for column in COLUMNS {
        loop {
            let passed = pass(&mut client, vault, column, |more| {
                done += more;
                tell(column.table, done);
            });
            passed.await?;
            if !is_left(&client, vault, column).await? {
                break;
            }
            tokio::time::sleep(std::time::Duration::from_millis(200)).await;
        }
    }
    Ok(done)
}

async fn connect(owner_url: &str) -> Result<Client> {
    let (client, connection) = tokio_postgres::connect(owner_url, NoTls).await.map_err(Error::unavailable)?;
    tokio::spawn(connection);
    Ok(client)
}

async fn is_left(client: &Client, vault: &Vault, Column { table, name, .. }: &Column) -> Result<bool> {
    let asked = format!("select exists (select from {table} where get_byte({name}, 0) <> $1)");
    let row = client.query_one(&asked, &[&i32::from(vault.current_key())]).await.map_err(Error::internal)?;
    row.try_get(0).map_err(Error::internal)
}

/// Goes once through a column, in the order of area and id.
async fn pass(client: &mut Client, vault: &Vault, column: &Column, mut tell: impl FnMut(u64)) -> Result<()> {
    let mut after = (i32::MIN, Uuid::nil());
    while let Some((last, count)) = batch(client, vault, column, after).await? {
        tell(count);
        after = last;
    }
    Ok(())
}

/// Seals the next values anew; answers the last place and how many they were, nothing where there are no more.
///
/// Values of one id that do not fit into the batch are met again in the next pass.
async fn batch(
    client: &mut Client,
    vault: &Vault,
    column: &Column,
    (area_after, id_after): (i32, Uuid),
) -> Result<Option<((i32, Uuid), u64)>> {
    let Column { table, name, area, id, part, batch, .. } = column;
    let transaction = client.transaction().await.map_err(Error::internal)?;
    let wanted = format!(
        "select ctid::text, {area}, {id}::text, {part}, {name} from {table}
        where ({area}, {id}) > ($1::int, $2::text::uuid) and get_byte({name}, 0) <> $3
        order by {area}, {id} limit $4 for update skip locked"
    );
    let (id_after, key) = (id_after.to_string(), i32::from(vault.current_key()));
    let rows = transaction.query(&wanted, &[&area_after, &id_after, &key, batch]).await.map_err(Error::internal)?;
    let (mut rows_at, mut sealed, mut last) = (Vec::new(), Vec::new(), None);
    for row in &rows {
        let (at, value, place) = sealed_anew(vault, column, row)?;
        rows_at.push(at);
        sealed.push(value);
        last = Some(place);
    }
    let Some(last) = last else { return Ok(None) };
    let write = format!(
        "update {table} t set {name} = n.sealed
        from unnest($1::text[]::tid[], $2::bytea[]) as n (at, sealed) where t.ctid = n.at"
    );
    let count = transaction.execute(&write, &[&rows_at, &sealed]).await.map_err(Error::internal)?;
    transaction.commit().await.map_err(Error::internal)?;
    Ok(Some((last, count)))
}

/// Where the row is, its value under the newest key, and its place in the order.
fn sealed_anew(vault: &Vault, column: &Column, row: &tokio_postgres::Row) -> Result<(String, Vec<u8>, (i32, Uuid))> {
    let at = row.try_get(0).map_err(Error::internal)?;
    let (area_id, id): (i32, String) =
        (row.try_get(1).map_err(Error::internal)?, row.try_get(2).map_err(Error::internal)?);
    let (part, old): (i32, Vec<u8>) =
        (row.try_get(3).map_err(Error::internal)?, row.try_get(4).map_err(Error::internal)?);
    let id: Uuid = id.parse().map_err(Error::internal)?;
    let place = (column.place)(area_id, id, u32::try_from(part).map_err(Error::internal)?);
    Ok((at, vault.seal_bytes(place, &vault.open_bytes(place, &old)?)?, (area_id, id)))
}
