//! A file of results on its way into the staging table.

use std::sync::Arc;

use crate::beneficiaries::{CsvUpload, StagedFile, StagingTable};
use crate::db::{self, CopyRows, Db};
use crate::domain::{DeliveryImportId, Text};
use crate::error::{Error, Result};
use crate::keys::{Keys, Vault};
use crate::programs::deliveries::imports::queries::{STAGE, lock_of};
use crate::programs::deliveries::imports::rules::{Header, ResultRow};

/// A file that is being received.
pub(in crate::programs::deliveries::imports) type Upload = CsvUpload<DeliveryImportId>;

/// A file that is in the staging table of its session.
pub(in crate::programs::deliveries::imports) type Staged = StagedFile<DeliveryImportId>;

const TABLE: StagingTable =
    StagingTable { create: STAGE, copy: "copy staged_results from stdin (format binary)", columns: 11 };

/// Opens a session for a file of an area.
///
/// # Errors
/// `Unavailable` where the database cannot be reached.
pub(in crate::programs::deliveries::imports) async fn receive(
    db: &Db,
    keys: Arc<Keys>,
    area_id: i32,
) -> Result<Upload> {
    let (id, today) = (DeliveryImportId::new(), db::today());
    Upload::start(db, (area_id, id, lock_of(id)), &TABLE, move |first| {
        let header = Header::read(first).map_err(Error::invalid)?;
        Ok(Box::new(move |rows, line, record| {
            stage(rows, line, &ResultRow::read(&header, record, today), &keys.vault);
        }))
    })
    .await
}

/// Adds a row to the staging table; numbers leave memory as their digests only.
fn stage(rows: &mut CopyRows, line: i32, row: &ResultRow, vault: &Vault) {
    let card_digest = row.card_number.as_ref().map(|card| vault.card_digest(card));
    let nik_digest = row.nik.as_ref().map(|nik| vault.nik_digest(nik));
    rows.row().int4(line).or_null(row.entitlement_id.map(|id| id.0), CopyRows::uuid);
    rows.or_null(card_digest.as_deref(), CopyRows::bytes).or_null(nik_digest.as_deref(), CopyRows::bytes);
    rows.or_null(row.quantity.as_ref().map(ToString::to_string).as_deref(), CopyRows::text);
    rows.or_null(row.on, CopyRows::date).bool(row.is_failed);
    rows.or_null(row.reference.as_ref().map(Text::as_str), CopyRows::text);
    rows.or_null(row.failure_reason.as_ref().map(Text::as_str), CopyRows::text);
    rows.or_null(row.component.as_ref().map(Text::as_str), CopyRows::text);
    rows.or_null(row.told().as_deref(), CopyRows::text);
}
