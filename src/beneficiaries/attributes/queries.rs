//! One statement a function over schemas of attributes.

use chrono::{DateTime, Utc};
use diesel::dsl::max;
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_types::Integer;
use diesel_async::RunQueryDsl;

use super::model::{AttributeSchema, AttributeSchemaFilter, AttributeSubject};
use crate::db::{Conn, walk};
use crate::domain::{AttributeSchemaId, Scope};
use crate::error::Result;
use crate::http::{ByCreation, Limit};
use crate::schema::attribute_schemas;

/// First number of the lock under which the schemas of an area get their versions.
const VERSION_LOCK: i32 = 7_460_030;

/// Place of a schema in the list.
pub(super) type SchemaPlace = (DateTime<Utc>, AttributeSchemaId);

/// Finds a schema.
pub(super) async fn find(mut conn: &Conn, scope: &Scope, id: AttributeSchemaId) -> Result<Option<AttributeSchema>> {
    let row = AttributeSchema::query()
        .filter(attribute_schemas::area_id.eq_any(&scope.area_ids))
        .filter(attribute_schemas::id.eq(id))
        .first(&mut conn)
        .await
        .optional()?;
    Ok(row)
}

/// The schema that checks what is written now.
pub(super) async fn newest(
    mut conn: &Conn,
    area_id: i32,
    subject: AttributeSubject,
) -> Result<Option<AttributeSchema>> {
    let row = AttributeSchema::query()
        .filter(attribute_schemas::area_id.eq(area_id))
        .filter(attribute_schemas::subject.eq(subject))
        .order(attribute_schemas::version.desc())
        .first(&mut conn)
        .await
        .optional()?;
    Ok(row)
}

/// The newest schema of each subject of each area: what attributes may be now.
///
/// # Errors
/// Where the database cannot be read.
pub async fn in_force(mut conn: &Conn, scope: &Scope) -> Result<Vec<AttributeSchema>> {
    let rows = attribute_schemas::table
        .filter(attribute_schemas::area_id.eq_any(&scope.area_ids))
        .distinct_on((attribute_schemas::area_id, attribute_schemas::subject))
        .order((attribute_schemas::area_id, attribute_schemas::subject, attribute_schemas::version.desc()))
        .select(AttributeSchema::as_select())
        .load(&mut conn)
        .await?;
    Ok(rows)
}

/// Waits for others who add schemas to the area; the highest version of a subject, 0 where there is none.
pub(super) async fn last_version(mut conn: &Conn, area_id: i32, subject: AttributeSubject) -> Result<i32> {
    diesel::sql_query("select pg_advisory_xact_lock($1, $2)")
        .bind::<Integer, _>(VERSION_LOCK)
        .bind::<Integer, _>(area_id)
        .execute(&mut conn)
        .await?;
    let of_subject = attribute_schemas::table
        .filter(attribute_schemas::area_id.eq(area_id))
        .filter(attribute_schemas::subject.eq(subject));
    let last: Option<i32> = of_subject.select(max(attribute_schemas::version)).first(&mut conn).await?;
    Ok(last.unwrap_or_default())
}

/// Inserts a schema.
pub(super) async fn insert(mut conn: &Conn, area_id: i32, schema: &AttributeSchema) -> Result<()> {
    diesel::insert_into(attribute_schemas::table)
        .values((attribute_schemas::area_id.eq(area_id), schema))
        .execute(&mut conn)
        .await?;
    Ok(())
}

/// Schemas that a filter leaves.
fn filtered<'a>(scope: &'a Scope, filter: &AttributeSchemaFilter) -> attribute_schemas::BoxedQuery<'a, Pg> {
    let query = attribute_schemas::table.filter(attribute_schemas::area_id.eq_any(&scope.area_ids)).into_boxed();
    match filter.subject {
        Some(subject) => query.filter(attribute_schemas::subject.eq(subject)),
        None => query,
    }
}

/// Counts schemas.
pub(super) async fn count(mut conn: &Conn, scope: &Scope, filter: &AttributeSchemaFilter) -> Result<i64> {
    Ok(filtered(scope, filter).count().get_result(&mut conn).await?)
}

/// Lists schemas by when they were registered, after a place.
pub(super) async fn list(
    mut conn: &Conn,
    scope: &Scope,
    filter: &AttributeSchemaFilter,
    (limit, after): (Limit, Option<SchemaPlace>),
) -> Result<Vec<AttributeSchema>> {
    let query = filtered(scope, filter).select(AttributeSchema::as_select()).limit(limit.rows_to_fetch());
    let is_down = filter.sort != Some(ByCreation::Up);
    Ok(walk!(query, is_down, after, attribute_schemas::{created_at, id}).load(&mut conn).await?)
}
