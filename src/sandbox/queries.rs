//! Whether the sandbox is there.

use diesel::dsl::exists;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use super::known;
use crate::db::Conn;
use crate::error::Result;
use crate::schema::companies;

/// Whether the database holds the sandbox: its companies stand for all of it.
///
/// # Errors
/// Where the database cannot be read.
pub async fn is_there(mut conn: &Conn) -> Result<bool> {
    let first = companies::table.find(known::pledges::COMPANY);
    Ok(diesel::select(exists(first)).get_result(&mut conn).await?)
}
