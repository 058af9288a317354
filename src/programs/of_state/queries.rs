//! One statement a function.

use diesel_async::RunQueryDsl;

use crate::db::Conn;
use crate::error::Result;

/// Keeps everybody else from adding programs and overlap rules until the transaction ends: a code of the state is nobody
/// else's.
pub(super) async fn hold(mut conn: &Conn) -> Result<()> {
    diesel::sql_query("lock table programs, overlap_rules in share row exclusive mode").execute(&mut conn).await?;
    Ok(())
}
