//! Month partitions of the tables that grow by cycles and by use.

use chrono::{Months, NaiveDate};
use diesel::sql_types::{Date, Text};
use diesel_async::RunQueryDsl;

use super::Conn;
use crate::error::Result;

/// Tables kept by month; the migration that made the partition function names the same four.
pub const KEPT_BY_MONTH: [&str; 4] = ["audit_records", "events", "entitlements", "deliveries"];

/// Makes the partitions from the month before `day` to three months after it, where they are missing.
///
/// # Errors
/// Where the database refuses.
pub async fn make_months_around(conn: &Conn, day: NaiveDate) -> Result<()> {
    let start = day - Months::new(1);
    for table in KEPT_BY_MONTH {
        for offset in 0..5 {
            make_month(conn, table, start + Months::new(offset)).await?;
        }
    }
    Ok(())
}

/// Makes one partition where it is missing.
///
/// # Errors
/// Where the database refuses.
pub async fn make_month(mut conn: &Conn, table: &str, day: NaiveDate) -> Result<()> {
    diesel::sql_query("select make_month_partition($1, $2)")
        .bind::<Text, _>(table)
        .bind::<Date, _>(day)
        .execute(&mut conn)
        .await?;
    Ok(())
}
