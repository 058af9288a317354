//! One statement a function. Each takes the scope: a program is seen by all where it is of the state, else by its
//! sub-district and the companies there.

use chrono::{DateTime, Utc};
use diesel::dsl::{exists, select};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use super::model::{NewProgram, Program, ProgramChanges, ProgramFilter};
use crate::db::{Conn, walk};
use crate::domain::{DistrictCode, ProgramId, Scope};
use crate::error::{Code, Error, OnConflict, Result};
use crate::http::{ByCreation, Limit};
use crate::regions;
use crate::schema::programs;

/// Finds a program.
///
/// # Errors
/// Where the database cannot be read.
pub async fn find(mut conn: &Conn, scope: &Scope, id: ProgramId) -> Result<Option<Program>> {
    let visible = programs::owner_area_id.is_null().or(programs::owner_area_id.eq_any(&scope.area_ids));
    let program = Program::query().filter(programs::id.eq(id)).filter(visible).first(&mut conn).await;
    Ok(program.optional()?)
}

/// Finds a program and keeps what is decided about it as a whole from changing until the transaction ends.
///
/// Those who draw up its lists share the lock; who stops the program waits for them, and they for it.
///
/// # Errors
/// Where the database cannot be read.
pub async fn share(mut conn: &Conn, scope: &Scope, id: ProgramId) -> Result<Option<Program>> {
    let visible = programs::owner_area_id.is_null().or(programs::owner_area_id.eq_any(&scope.area_ids));
    let query = Program::query().filter(programs::id.eq(id)).filter(visible).for_share();
    Ok(query.first(&mut conn).await.optional()?)
}

/// Finds a program and waits for all who share it; rows that only refer to it are not held up.
///
/// # Errors
/// Where the database cannot be read.
pub async fn lock(mut conn: &Conn, scope: &Scope, id: ProgramId) -> Result<Option<Program>> {
    let visible = programs::owner_area_id.is_null().or(programs::owner_area_id.eq_any(&scope.area_ids));
    let query = Program::query().filter(programs::id.eq(id)).filter(visible).for_no_key_update();
    Ok(query.first(&mut conn).await.optional()?)
}

/// The area that a caller acts in for a program: its only one, or of several the one it names.
///
/// # Errors
/// A fault at `/district_code` where it names none of several, one that is not its own or not the program's.
pub async fn acting_area(conn: &Conn, scope: &Scope, program: &Program, named: Option<&DistrictCode>) -> Result<i32> {
    let area_id = regions::acting_area(conn, scope, named).await?;
    if program.serves(area_id) {
        return Ok(area_id);
    }
    Err(Error::invalid_field("/district_code", Code::ReferenceUnknown))
}

/// Programs that a filter leaves of those that can be seen.
fn filtered<'a>(scope: &'a Scope, filter: &'a ProgramFilter) -> programs::BoxedQuery<'a, Pg> {
    let visible = programs::owner_area_id.is_null().or(programs::owner_area_id.eq_any(&scope.area_ids));
    let mut query = programs::table.filter(visible).into_boxed();
    if let Some(kind) = filter.kind {
        query = query.filter(programs::kind.eq(kind));
    }
    if let Some(is_of_state) = filter.is_of_state {
        query = query.filter(programs::owner_area_id.is_null().eq(is_of_state));
    }
    query
}

/// Counts programs.
pub(super) async fn count(mut conn: &Conn, scope: &Scope, filter: &ProgramFilter) -> Result<i64> {
    Ok(filtered(scope, filter).count().get_result(&mut conn).await?)
}

/// Lists programs by id, after one.
pub(super) async fn list(
    mut conn: &Conn,
    scope: &Scope,
    filter: &ProgramFilter,
    (limit, after): (Limit, Option<ProgramId>),
) -> Result<Vec<Program>> {
    let query = filtered(scope, filter).select(Program::as_select()).limit(limit.rows_to_fetch());
    let is_down = filter.sort == Some(ByCreation::Down);
    Ok(walk!(query, is_down, after, programs::{id}).load(&mut conn).await?)
}

/// Codes of all programs that can be seen: those a rule may name.
pub(super) async fn codes(mut conn: &Conn, scope: &Scope) -> Result<Vec<String>> {
    let visible = programs::owner_area_id.is_null().or(programs::owner_area_id.eq_any(&scope.area_ids));
    Ok(programs::table.filter(visible).select(programs::code).load(&mut conn).await?)
}

/// The program of the state that has a code.
pub(super) async fn of_state(mut conn: &Conn, code: &str) -> Result<Option<Program>> {
    let of_state = Program::query().filter(programs::owner_area_id.is_null()).filter(programs::code.eq(code));
    Ok(of_state.first(&mut conn).await.optional()?)
}

/// True where a sub-district, whichever it is, has a program of that code.
pub(super) async fn is_code_of_area(mut conn: &Conn, code: &str) -> Result<bool> {
    let of_area = programs::table.filter(programs::owner_area_id.is_not_null()).filter(programs::code.eq(code));
    Ok(select(exists(of_area)).get_result(&mut conn).await?)
}

/// True where there is any program.
///
/// # Errors
/// Where the database cannot be read.
pub async fn are_there_any(mut conn: &Conn) -> Result<bool> {
    Ok(select(exists(programs::table.select(programs::id))).get_result(&mut conn).await?)
}

/// Adds a program, of a sub-district or of the state.
pub(super) async fn insert(
    mut conn: &Conn,
    owner_area_id: Option<i32>,
    new: &NewProgram,
    now: DateTime<Utc>,
) -> Result<Program> {
    diesel::insert_into(programs::table)
        .values((
            programs::id.eq(ProgramId::new()),
            programs::code.eq(&new.code),
            programs::name.eq(&new.name),
            programs::kind.eq(new.kind),
            programs::unit.eq(&new.unit),
            programs::description.eq(&new.description),
            programs::owner_area_id.eq(owner_area_id),
            programs::created_at.eq(now),
            programs::updated_at.eq(now),
        ))
        .returning(Program::as_returning())
        .get_result(&mut conn)
        .await
        .on_conflict(Code::ProgramCodeTaken)
}

/// Writes changes over the version that was read.
pub(super) async fn update(
    mut conn: &Conn,
    before: &Program,
    changes: &ProgramChanges,
    now: DateTime<Utc>,
) -> Result<Program> {
    let row = programs::table.filter(programs::id.eq(before.id)).filter(programs::version.eq(before.version));
    let after = diesel::update(row)
        .set((changes, programs::version.eq(before.version + 1), programs::updated_at.eq(now)))
        .returning(Program::as_returning())
        .get_result(&mut conn)
        .await
        .optional()?;
    after.ok_or_else(|| Code::VersionStale.into())
}
