//! Statements over the attributes that records will have by a file.

use diesel::prelude::*;
use diesel::sql_types::{Array, Integer, Jsonb, Nullable, Text};
use diesel_async::RunQueryDsl;
use serde_json::Value;

use super::merge::run;
use crate::beneficiaries::attributes::AttributeSubject;
use crate::db::Conn;
use crate::error::Result;

/// Attributes that a record will have, by the line that tells them.
#[derive(Debug, QueryableByName)]
pub(in crate::beneficiaries::imports) struct Told {
    #[diesel(sql_type = Integer)]
    pub(in crate::beneficiaries::imports) line: i32,
    #[diesel(sql_type = Jsonb)]
    pub(in crate::beneficiaries::imports) attributes: Value,
}

/// Lays the attributes of the file over those of the records.
pub(in crate::beneficiaries::imports) async fn settle_attributes(conn: &mut Conn) -> Result<()> {
    run(conn, include_str!("settle_attributes.sql")).await
}

/// Some hundred records of a subject of which attributes are new, after a line of the file.
pub(in crate::beneficiaries::imports) async fn settled(
    conn: &mut Conn,
    subject: AttributeSubject,
    after_line: i32,
) -> Result<Vec<Told>> {
    let rows = diesel::sql_query(
        "select line, attributes from settled where subject = $1 and line > $2 order by line limit 500",
    )
    .bind::<Text, _>(subject)
    .bind::<Integer, _>(after_line)
    .load(conn)
    .await?;
    Ok(rows)
}

/// Adds faults of lines, each with its column, where it is one, and its code.
pub(in crate::beneficiaries::imports) async fn add_faults(
    conn: &mut Conn,
    lines: Vec<i32>,
    columns: Vec<Option<String>>,
    codes: Vec<&'static str>,
) -> Result<()> {
    diesel::sql_query("insert into fault (line, column_name, code) select * from unnest($1, $2, $3)")
        .bind::<Array<Integer>, _>(lines)
        .bind::<Array<Nullable<Text>>, _>(columns)
        .bind::<Array<Text>, _>(codes)
        .execute(conn)
        .await?;
    Ok(())
}
