//! Making and changing mappings: each inside a transaction, with audit row and event.

use serde_json::json;

use super::model::{ImportMapping, Layout, MappingChanges, MappingRow, NewMapping};
use super::queries;
use crate::audit;
use crate::beneficiaries::imports::rules::Reading;
use crate::db::{self, Conn};
use crate::domain::{Caller, MappingId};
use crate::error::{Code, Error, Fault, Result};
use crate::events::{self, NewEvent};
use crate::regions;

/// Most entries of each list of a layout.
const LISTS: [(&str, usize); 5] =
    [("/columns", 20), ("/attributes", 50), ("/values", 300), ("/constants", 20), ("/ignored_columns", 100)];
/// Most values of an attribute that are called otherwise.
const VALUES: usize = 100;

/// Makes a mapping.
///
/// # Errors
/// `invalid_fields`, `mapping_name_taken`.
pub(super) async fn add(conn: &Conn, caller: &Caller, new: &NewMapping) -> Result<ImportMapping> {
    check(&new.layout)?;
    let area_id = regions::acting_area(conn, &caller.scope, new.district_code.as_ref()).await?;
    let now = db::now();
    let row = MappingRow {
        area_id,
        id: MappingId::new(),
        name: new.name.to_string(),
        layout: serde_json::to_value(&new.layout).map_err(Error::internal)?,
        version: 1,
        created_by: caller.client_id.clone(),
        created_at: now,
        updated_at: now,
    };
    queries::insert(conn, &row).await?;
    let mapping = ImportMapping::open(row)?;
    leave_trace(conn, caller, area_id, ("add_import_mapping", "import_mapping.added"), (None, &mapping)).await?;
    Ok(mapping)
}

/// Changes a mapping for the files to come.
///
/// # Errors
/// `not_found`, `version_stale`, `invalid_fields`, `mapping_name_taken`.
pub(super) async fn update(
    conn: &Conn,
    caller: &Caller,
    id: MappingId,
    (changes, version): (&MappingChanges, i32),
) -> Result<ImportMapping> {
    let row = queries::lock(conn, &caller.scope, id).await?.ok_or(Code::NotFound)?;
    if row.version != version {
        return Err(Code::VersionStale.into());
    }
    let area_id = row.area_id;
    let before = ImportMapping::open(row.clone())?;
    let mut after = row;
    if let Some(name) = &changes.name {
        after.name = name.to_string();
    }
    if let Some(layout) = &changes.layout {
        check(layout)?;
        after.layout = serde_json::to_value(layout).map_err(Error::internal)?;
    }
    after.version += 1;
    after.updated_at = db::now();
    queries::replace(conn, &after).await?;
    let after = ImportMapping::open(after)?;
    let names = ("update_import_mapping", "import_mapping.updated");
    leave_trace(conn, caller, area_id, names, (Some(&before), &after)).await?;
    Ok(after)
}

/// All faults of a layout together, below `/layout`.
fn check(layout: &Layout) -> Result<()> {
    let lengths = [
        layout.columns.len(),
        layout.attributes.len(),
        layout.values.len(),
        layout.constants.len(),
        layout.ignored_columns.len(),
    ];
    let too_long = LISTS.iter().zip(lengths).filter(|((_, most), length)| length > most);
    let mut faults: Vec<Fault> = too_long.map(|((pointer, _), _)| Fault::new(*pointer, Code::WrongType)).collect();
    let wordy = layout.attributes.iter().enumerate().filter(|(_, column)| column.values.len() > VALUES);
    faults.extend(wordy.map(|(place, _)| Fault::new(format!("/attributes/{place}/values"), Code::WrongType)));
    if layout.columns.is_empty() {
        faults.push(Fault::new("/columns", Code::Required));
    }
    faults.extend(Reading::of(layout).err().into_iter().flatten());
    if faults.is_empty() {
        return Ok(());
    }
    let below = |fault: Fault| Fault { pointer: format!("/layout{}", fault.pointer), ..fault };
    Err(Error::invalid(faults.into_iter().map(below).collect()))
}

async fn leave_trace(
    conn: &Conn,
    caller: &Caller,
    area_id: i32,
    (operation, kind): (&str, &str),
    (before, after): (Option<&ImportMapping>, &ImportMapping),
) -> Result<()> {
    let write = audit::Write::of(operation, "import_mappings", after.id.0, area_id);
    audit::record(conn, caller, write, before, Some(after)).await?;
    let event = NewEvent {
        kind,
        subject: "import_mappings",
        subject_id: after.id.0,
        area_id,
        company_id: None,
        data: json!({ "version": after.version }),
    };
    events::emit(conn, event).await
}
