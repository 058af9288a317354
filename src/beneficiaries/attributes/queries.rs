//! One statement a function over schemas of attributes.

use chrono::{DateTime, Utc};
use diesel::dsl::{exists, max};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_types::{Integer, Jsonb, Nullable, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::model::{AttributeSchema, AttributeSchemaFilter, AttributeSubject, Settled};
use crate::db::{Conn, walk};
use crate::domain::{AttributeSchemaId, Scope};
use crate::error::Result;
use crate::http::{AsOf, ByCreation, Limit};
use crate::schema::{attribute_schemas, relocations};

/// First number of the lock under which the schemas of an area get their versions.
const VERSION_LOCK: i32 = 7_460_030;

/// Place of a schema in the list.
pub(super) type SchemaPlace = (DateTime<Utc>, AttributeSchemaId);

/// Finds a schema of the scope, or of a sub-district that a family came from: its attributes came along.
pub(super) async fn find(mut conn: &Conn, scope: &Scope, id: AttributeSchemaId) -> Result<Option<AttributeSchema>> {
    let brought = relocations::table
        .filter(relocations::area_id.eq(attribute_schemas::area_id))
        .filter(relocations::to_area_id.eq_any(&scope.area_ids))
        .filter(relocations::status.eq("accepted"));
    let row = AttributeSchema::query()
        .filter(attribute_schemas::area_id.eq_any(&scope.area_ids).or(exists(brought)))
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
    let mut query = attribute_schemas::table.filter(attribute_schemas::area_id.eq_any(&scope.area_ids)).into_boxed();
    if let Some(subject) = filter.subject {
        query = query.filter(attribute_schemas::subject.eq(subject));
    }
    // A schema never changes: what was there then is what had been registered.
    if let Some(AsOf(at)) = filter.as_of {
        query = query.filter(attribute_schemas::created_at.le(at));
    }
    query
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

/// The attributes of a record.
pub(super) async fn settled(mut conn: &Conn, (area_id, subject): (i32, AttributeSubject), id: Uuid) -> Result<Settled> {
    let table = subject.as_str();
    let statement = format!("select attributes, attribute_schema_id from {table} where area_id = $1 and id = $2");
    let found = diesel::sql_query(statement).bind::<Integer, _>(area_id).bind::<SqlUuid, _>(id);
    Ok(found.get_result(&mut conn).await?)
}

/// Writes the attributes of a record whose version is kept and whose next one is written with it.
pub(super) async fn settle(
    mut conn: &Conn,
    (area_id, subject): (i32, AttributeSubject),
    id: Uuid,
    settled: &Settled,
) -> Result<()> {
    let table = subject.as_str();
    let statement =
        format!("update {table} set attributes = $3, attribute_schema_id = $4 where area_id = $1 and id = $2");
    diesel::sql_query(statement)
        .bind::<Integer, _>(area_id)
        .bind::<SqlUuid, _>(id)
        .bind::<Nullable<Jsonb>, _>(&settled.attributes)
        .bind::<Nullable<SqlUuid>, _>(settled.schema_id)
        .execute(&mut conn)
        .await?;
    Ok(())
}
