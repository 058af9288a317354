//! A file from a client: staged and kept at the same time.

use std::sync::Arc;

use super::file::Keeper;
use super::staging::{Staged, Staging};
use crate::beneficiaries::attributes;
use crate::beneficiaries::imports::mappings::{self, Layout};
use crate::beneficiaries::imports::model::{Apply, FileFormat, ImportTarget, UploadedFile};
use crate::beneficiaries::imports::queries;
use crate::beneficiaries::imports::rules::{Reading, unknown_attributes};
use crate::db::{Conn, Db};
use crate::domain::{Caller, ImportId, MappingId, Scope};
use crate::error::{Code, Error, Result};
use crate::keys::Keys;
use crate::regions;

/// A file that is being received.
pub(in crate::beneficiaries::imports) struct Upload {
    staging: Staging,
    keeper: Keeper,
    file: UploadedFile,
}

impl Upload {
    /// Opens sessions for a file of an area. `conn` reads the regions and the mapping.
    ///
    /// # Errors
    /// `invalid_fields` for a mapping or a region that is not there, an attribute that no schema in force has, or a full
    /// list that nobody would review.
    pub(in crate::beneficiaries::imports) async fn start(
        (db, conn): (&Db, &Conn),
        keys: Arc<Keys>,
        (caller, area_id): (&Caller, i32),
        format: FileFormat,
        target: &ImportTarget,
    ) -> Result<Self> {
        let layout = match target.mapping_id {
            Some(id) => Some(layout_of(conn, caller, id).await?),
            None => None,
        };
        if let Some(region) = &target.full_list_of {
            let is_here = regions::lies_in(conn, area_id, region).await?;
            is_here.then_some(()).ok_or_else(|| Error::invalid_field("/full_list_of", Code::ReferenceUnknown))?;
            if target.apply == Some(Apply::Automatically) {
                return Err(Error::invalid_field("/apply", Code::FullListUnreviewed));
            }
        }
        let reading = layout.as_ref().map(Reading::of).transpose().map_err(Error::invalid)?.unwrap_or_default();
        if reading.has_attributes() {
            let schemas = attributes::in_force(conn, &Scope { area_ids: vec![area_id], company_id: None }).await?;
            let faults = unknown_attributes(&reading, &schemas);
            if !faults.is_empty() {
                return Err(Error::invalid(faults));
            }
        }
        let id = ImportId::new();
        let staging = Staging::start((db, conn), Arc::clone(&keys), (area_id, id), format, reading).await?;
        let file = UploadedFile {
            id,
            format,
            rows: 0,
            digest: [0; 32],
            is_automatic: target.full_list_of.is_none() && target.apply != Some(Apply::AfterReview),
            full_list_of: target.full_list_of.clone(),
            mapping_id: target.mapping_id,
            layout: layout.map(serde_json::to_value).transpose().map_err(Error::internal)?,
        };
        let staging = staging.ok_or_else(|| Error::internal("the lock of a new import is taken"))?;
        Ok(Self { staging, keeper: Keeper::start(db, keys, (area_id, id)).await?, file })
    }

    /// Takes the next part; false where nothing more is wanted, as the file is at fault.
    ///
    /// # Errors
    /// Where the part cannot be kept.
    pub(in crate::beneficiaries::imports) async fn take(&mut self, part: Vec<u8>) -> Result<bool> {
        self.keeper.take(&part).await?;
        Ok(self.staging.take(part).await)
    }

    /// Waits until every row is staged.
    ///
    /// # Errors
    /// `invalid_fields` for a header with faults, a row that has no end, or a workbook that is not read.
    pub(in crate::beneficiaries::imports) async fn finish(self) -> Result<(UploadedFile, Staged)> {
        let staged = self.staging.finish().await?;
        self.keeper.finish().await?;
        Ok((UploadedFile { rows: staged.rows, digest: staged.digest, ..self.file }, staged))
    }
}

async fn layout_of(conn: &Conn, caller: &Caller, id: MappingId) -> Result<Layout> {
    let mapping = mappings::find(conn, &caller.scope, id).await?;
    mapping.map(|mapping| mapping.layout).ok_or_else(|| Error::invalid_field("/mapping_id", Code::ReferenceUnknown))
}

/// Forgets the file of a command that was answered before.
///
/// # Errors
/// Where the database refuses.
pub(in crate::beneficiaries::imports) async fn forget(
    db: &Db,
    caller: &Caller,
    area_id: i32,
    id: ImportId,
) -> Result<()> {
    db.transaction(&caller.scope, async |conn| queries::forget_file(conn, area_id, id).await).await
}
