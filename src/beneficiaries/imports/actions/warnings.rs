//! Warnings of known members, from what their records will be.
//!
//! A row that names the NIK and the birth date tells them by itself, and so does one of a new member. Else they follow
//! from the row and the record together, and the number has to be opened.

use super::work::Work;
use crate::beneficiaries::actions::districts_of;
use crate::beneficiaries::imports::queries::{self, Unreckoned};
use crate::beneficiaries::rules::warnings_of;
use crate::db::Conn;
use crate::error::Result;

/// Gives each row of a known member the warnings that the record will have.
///
/// # Errors
/// Where a NIK cannot be opened or the database refuses.
pub(super) async fn reckon_warnings(conn: &mut Conn, work: &Work) -> Result<()> {
    queries::find_unreckoned(conn).await?;
    let mut line = 0;
    loop {
        let found = queries::unreckoned(conn, line).await?;
        let Some(last) = found.last() else { return Ok(()) };
        line = last.line;
        let warnings = warnings_by_row(conn, work, &found).await?;
        queries::give_warnings(conn, found.iter().map(|row| row.line).collect(), warnings).await?;
    }
}

async fn warnings_by_row(conn: &Conn, work: &Work, found: &[Unreckoned]) -> Result<Vec<String>> {
    let open = |row: &Unreckoned| work.keys.vault.open_nik(work.import.area_id, row.sealed_for, &row.nik_sealed);
    let niks = found.iter().map(open).collect::<Result<Vec<_>>>()?;
    let districts = districts_of(conn, niks.iter()).await?;
    let rows = found.iter().zip(&niks);
    Ok(rows.map(|(row, nik)| warnings_of(Some(nik), row.born_on, row.sex, &districts).join(",")).collect())
}
