//! Routes of schemas of attributes.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, get, post};

use super::model::{AttributeSchema, AttributeSchemaFilter, NewAttributeSchema};
use super::{actions, queries};
use crate::auth::{Allowed, ReadBeneficiaries, WriteAttributeSchemas};
use crate::db::Db;
use crate::domain::AttributeSchemaId;
use crate::error::{Code, Result};
use crate::http::{Answer, AsOf, CursorKey, Id, List, Moment, Once, Page, Query, Routes, not_modified};
use crate::keys::Keys;

/// List schemas of attributes
///
/// Those of your sub-district, newest first; the newest of each subject checks what is written. With `as_of`, those that
/// were registered by then: the first one of a subject was in force.
#[utoipa::path(
    tag = "attributes", params(AttributeSchemaFilter), security(("oauth2" = ["beneficiaries:read"])),
    responses((status = 200, body = Page<AttributeSchema>)),
)]
#[get("/v1/attribute-schemas")]
async fn list_attribute_schemas(
    caller: Allowed<ReadBeneficiaries>,
    db: Data<Db>,
    keys: Data<Keys>,
    list: List<AttributeSchemaFilter, AttributeSchema>,
) -> Result<Page<AttributeSchema>> {
    let (scope, filter) = (&caller.scope, &list.filter);
    let cursors = CursorKey::new(&keys.cursors, "list_attribute_schemas", &caller.client_id, filter)?;
    let after = cursors.read(list.cursor.as_ref())?;
    let conn = db.read(scope).await?;
    let rows = queries::list(&conn, scope, filter, (list.limit, after)).await?;
    let total = list.total(queries::count(&conn, scope, filter)).await?;
    list.page((rows, total), &cursors, |schema| (schema.created_at, schema.id))
}

/// Get a schema of attributes
///
/// A schema never changes; with `as_of` one that was registered later is not found.
#[utoipa::path(
    tag = "attributes", params(("id" = AttributeSchemaId, Path, description = "Id of the schema"), Moment),
    security(("oauth2" = ["beneficiaries:read"])),
    responses(
        (status = 200, body = AttributeSchema, headers(("ETag" = String, description = "Version"))),
        (status = 304),
    ),
)]
#[get("/v1/attribute-schemas/{id}")]
async fn get_attribute_schema(
    caller: Allowed<ReadBeneficiaries>,
    request: HttpRequest,
    db: Data<Db>,
    (id, moment): (Id<AttributeSchemaId>, Query<Moment>),
) -> Result<HttpResponse> {
    let conn = db.read(&caller.scope).await?;
    let found = queries::find(&conn, &caller.scope, id.0).await?;
    let is_there = |schema: &AttributeSchema| moment.0.as_of.is_none_or(|AsOf(at)| schema.created_at <= at);
    let schema = found.filter(is_there).ok_or(Code::NotFound)?;
    Ok(not_modified(&request, schema.version, &schema))
}

/// Register a schema of attributes
///
/// The next version for families or for members of your sub-district. It says, by JSON Schema 2020-12, what the
/// values of attributes may be: `type` is `object`, and each of its `properties` has one `type` (`string`, `integer`,
/// `number`, `boolean`, or `array` of one of these) and its bounds: `maxLength` up to 500 or `enum` for a text,
/// `minimum` and `maximum` for a number, `maxItems` up to 50 for a list. It stands alone: `$ref` and `$id` are
/// refused. At most 16 KiB, 8 levels and 50 attributes. Records that were checked by an earlier version stay as
/// they are; whatever changes attributes from now on is checked by this one.
#[utoipa::path(
    tag = "attributes", request_body = NewAttributeSchema, params(("Idempotency-Key" = String, Header)),
    security(("oauth2" = ["attribute_schemas:write"])), responses((status = 201, body = AttributeSchema)),
)]
#[post("/v1/attribute-schemas")]
async fn register_attribute_schema(
    caller: Allowed<WriteAttributeSchemas>,
    db: Data<Db>,
    command: Once<NewAttributeSchema>,
) -> Result<HttpResponse> {
    command
        .run(&db, &caller, async |conn, new| {
            let schema = actions::add(conn, &caller, new).await?;
            let address = format!("/v1/attribute-schemas/{}", schema.id);
            Ok(Answer::created(address, &schema)?.with_version(schema.version))
        })
        .await
}

/// Registers the routes.
pub(in crate::beneficiaries) fn routes(config: &mut Routes<'_, '_>) {
    config.service(list_attribute_schemas).service(get_attribute_schema).service(register_attribute_schema);
}
