//! A file of ranks on its way into the staging table.

use std::sync::Arc;

use crate::beneficiaries::imports::{CsvUpload, StagedFile, StagingTable};
use crate::beneficiaries::ranks::imports::queries::{STAGE, lock_of};
use crate::beneficiaries::ranks::imports::rules::{Header, RankRow};
use crate::db::{self, CopyRows, Db};
use crate::domain::{Period, RankImportId, Text};
use crate::error::{Error, Result};
use crate::keys::{Keys, Vault};

/// A file that is being received.
pub(in crate::beneficiaries::ranks::imports) type Upload = CsvUpload<RankImportId>;

/// A file that is in the staging table of its session.
pub(in crate::beneficiaries::ranks::imports) type Staged = StagedFile<RankImportId>;

const TABLE: StagingTable =
    StagingTable { create: STAGE, copy: "copy staged_ranks from stdin (format binary)", columns: 7 };

/// Opens a session for a file of an area.
///
/// # Errors
/// `Unavailable` where the database cannot be reached.
pub(in crate::beneficiaries::ranks::imports) async fn receive(
    db: &Db,
    keys: Arc<Keys>,
    area_id: i32,
) -> Result<Upload> {
    let id = RankImportId::new();
    let today = db::today();
    Upload::start(db, (area_id, id, lock_of(id)), &TABLE, move |first| {
        let header = Header::read(first).map_err(Error::invalid)?;
        Ok(Box::new(move |rows, line, record| stage(rows, line, &RankRow::read(&header, record, today), &keys.vault)))
    })
    .await
}

/// Adds a row to the staging table; a card number leaves memory as its digest only.
fn stage(rows: &mut CopyRows, line: i32, row: &RankRow, vault: &Vault) {
    let digest = row.card_number.as_ref().map(|card| vault.card_digest(card));
    rows.row().int4(line).or_null(digest.as_deref(), CopyRows::bytes);
    rows.or_null(row.beneficiary_id.map(|id| id.0), CopyRows::uuid);
    rows.or_null(row.source.as_ref().map(Text::as_str), CopyRows::text);
    rows.or_null(row.period.map(Period::first_day), CopyRows::date).or_null(row.decile, CopyRows::int2);
    rows.or_null(row.told().as_deref(), CopyRows::text);
}
