//! Statements over the warnings of known members, where a row alone does not tell them.

use chrono::NaiveDate;
use diesel::prelude::*;
use diesel::sql_types::{Array, Bytea, Date, Integer, Nullable, Text, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;

use super::merge::run;
use crate::beneficiaries::model::Sex;
use crate::db::Conn;
use crate::domain::MemberId;
use crate::error::Result;

/// A known member as the record will be, with the NIK that it keeps or gets.
#[derive(Debug, QueryableByName)]
pub(in crate::beneficiaries::imports) struct Unreckoned {
    #[diesel(sql_type = Integer)]
    pub(in crate::beneficiaries::imports) line: i32,
    #[diesel(sql_type = Text)]
    pub(in crate::beneficiaries::imports) sex: Sex,
    #[diesel(sql_type = Nullable<Date>)]
    pub(in crate::beneficiaries::imports) born_on: Option<NaiveDate>,
    /// Whom the NIK is sealed for: the member, or the new one that the row could have been.
    #[diesel(sql_type = SqlUuid)]
    pub(in crate::beneficiaries::imports) sealed_for: MemberId,
    #[diesel(sql_type = Bytea)]
    pub(in crate::beneficiaries::imports) nik_sealed: Vec<u8>,
}

/// Finds the known members whose warnings follow from row and record together.
pub(in crate::beneficiaries::imports) async fn find_unreckoned(conn: &mut Conn) -> Result<()> {
    run(conn, include_str!("find_unreckoned.sql")).await
}

/// Some thousand of those, after a line of the file.
pub(in crate::beneficiaries::imports) async fn unreckoned(conn: &mut Conn, after_line: i32) -> Result<Vec<Unreckoned>> {
    let rows = diesel::sql_query("select * from unreckoned where line > $1 order by line limit 5000")
        .bind::<Integer, _>(after_line)
        .load(conn)
        .await?;
    Ok(rows)
}

/// Puts warnings into their rows, the codes of each between commas.
pub(in crate::beneficiaries::imports) async fn give_warnings(
    conn: &mut Conn,
    lines: Vec<i32>,
    warnings: Vec<String>,
) -> Result<()> {
    run(conn, "create index if not exists person_line_idx on person (line)").await?;
    let statement = "update person set warnings = string_to_array(given.warnings, ',')
        from unnest($1, $2) as given (line, warnings) where person.line = given.line";
    diesel::sql_query(statement)
        .bind::<Array<Integer>, _>(lines)
        .bind::<Array<Text>, _>(warnings)
        .execute(conn)
        .await?;
    Ok(())
}
