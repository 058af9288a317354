//! Changes of programs: each is called inside a transaction and leaves an audit row and an event in it.

use serde_json::json;

use super::model::{NewProgram, Program, ProgramChanges};
use super::{queries, rules};
use crate::audit::{self, NO_AREA};
use crate::db::{self, Conn};
use crate::domain::{Caller, ProgramId};
use crate::error::{Code, Error, Result};
use crate::events::{self, NewEvent};
use crate::regions;

/// Defines a program of a sub-district.
///
/// # Errors
/// `invalid_fields`, `program_code_taken`.
pub(super) async fn define(conn: &Conn, caller: &Caller, new: &NewProgram) -> Result<Program> {
    let faults = rules::faults_of(new);
    if !faults.is_empty() {
        return Err(Error::invalid(faults));
    }
    let area_id = regions::acting_area(conn, &caller.scope, new.district_code.as_ref()).await?;
    let program = append(conn, caller, Some(area_id), new).await?;
    // Only now: whoever loads those of the state keeps rows from being added until all of them are seen.
    if queries::of_state(conn, new.code.as_str()).await?.is_some() {
        return Err(Code::ProgramCodeTaken.into());
    }
    Ok(program)
}

/// Adds a program without faults, of a sub-district or of the state.
///
/// # Errors
/// `program_code_taken`.
pub(super) async fn append(
    conn: &Conn,
    caller: &Caller,
    owner_area_id: Option<i32>,
    new: &NewProgram,
) -> Result<Program> {
    let program = queries::insert(conn, owner_area_id, new, db::now()).await?;
    tell(conn, caller, ("define_program", "program.defined"), None, &program).await?;
    Ok(program)
}

/// Changes a program's name or description.
///
/// # Errors
/// `not_found`, `program_not_yours`, `version_stale`.
pub(super) async fn update(
    conn: &Conn,
    caller: &Caller,
    id: ProgramId,
    version: i32,
    changes: &ProgramChanges,
) -> Result<Program> {
    let before = queries::lock(conn, &caller.scope, id).await?.ok_or(Code::NotFound)?;
    before.owned_by(caller)?;
    if before.version != version {
        return Err(Code::VersionStale.into());
    }
    if changes.name.is_none() && changes.description.is_none() {
        return Ok(before);
    }
    revise(conn, caller, &before, changes).await
}

/// Writes changes over the version that was read.
///
/// # Errors
/// `version_stale`.
pub(super) async fn revise(
    conn: &Conn,
    caller: &Caller,
    before: &Program,
    changes: &ProgramChanges,
) -> Result<Program> {
    let program = queries::update(conn, before, changes, db::now()).await?;
    tell(conn, caller, ("update_program", "program.updated"), Some(before), &program).await?;
    Ok(program)
}

async fn tell(
    conn: &Conn,
    caller: &Caller,
    (operation, kind): (&str, &str),
    before: Option<&Program>,
    program: &Program,
) -> Result<()> {
    let area_id = program.owner_area_id.unwrap_or(NO_AREA);
    let write = audit::Write::of(operation, "programs", program.id.0, area_id);
    audit::record(conn, caller, write, before, Some(program)).await?;
    let event = NewEvent {
        kind,
        subject: "programs",
        subject_id: program.id.0,
        area_id,
        company_id: None,
        data: json!({ "code": program.code, "version": program.version }),
    };
    events::emit(conn, event).await
}
