//! Routes of overlap rules.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, get, post};

use super::model::{NewEnding, NewOverlapRule, OverlapRule, OverlapRuleFilter};
use super::{actions, queries};
use crate::auth::{Allowed, ReadPrograms, WritePrograms};
use crate::db::Db;
use crate::domain::OverlapRuleId;
use crate::error::{Code, Result};
use crate::http::{Answer, CursorKey, Id, List, Once, Page, Routes, not_modified};
use crate::keys::Keys;

/// List overlap rules
///
/// Those of the state and those of your sub-districts, in the order they were made.
#[utoipa::path(
    tag = "programs", params(OverlapRuleFilter), security(("oauth2" = ["programs:read"])),
    responses((status = 200, body = Page<OverlapRule>)),
)]
#[get("/v1/overlap-rules")]
async fn list_overlap_rules(
    caller: Allowed<ReadPrograms>,
    db: Data<Db>,
    keys: Data<Keys>,
    list: List<OverlapRuleFilter, OverlapRule>,
) -> Result<Page<OverlapRule>> {
    let cursors = CursorKey::new(&keys.cursors, "list_overlap_rules", &caller.client_id, &list.filter)?;
    let after = cursors.read(list.cursor.as_ref())?;
    let conn = db.read(&caller.scope).await?;
    let rows = queries::list(&conn, &caller.scope, &list.filter, (list.limit, after)).await?;
    let total = list.total(queries::count(&conn, &caller.scope, &list.filter)).await?;
    list.page((rows, total), &cursors, |row| row.id)
}

/// Get an overlap rule
#[utoipa::path(
    tag = "programs", params(("id" = OverlapRuleId, Path, description = "Id of the rule")),
    security(("oauth2" = ["programs:read"])),
    responses((status = 200, body = OverlapRule, headers(("ETag" = String, description = "Version"))), (status = 304)),
)]
#[get("/v1/overlap-rules/{id}")]
async fn get_overlap_rule(
    caller: Allowed<ReadPrograms>,
    request: HttpRequest,
    db: Data<Db>,
    id: Id<OverlapRuleId>,
) -> Result<HttpResponse> {
    let conn = db.read(&caller.scope).await?;
    let rule = queries::find(&conn, &caller.scope, id.0).await?.ok_or(Code::NotFound)?;
    Ok(not_modified(&request, rule.version, &rule))
}

/// Add an overlap rule
///
/// Between programs of the state or of your sub-district, for families there. It is enforced whenever a place is given:
/// a run, a confirmation, a replacement, a meeting. Who has two of the programs already keeps them. A rule is never
/// changed; end it and add another one.
#[utoipa::path(
    tag = "programs", request_body = NewOverlapRule,
    security(("oauth2" = ["programs:write"])), responses((status = 201, body = OverlapRule)),
)]
#[post("/v1/overlap-rules")]
async fn add_overlap_rule(
    caller: Allowed<WritePrograms>,
    db: Data<Db>,
    command: Once<NewOverlapRule>,
) -> Result<HttpResponse> {
    command
        .run(&db, &caller, async |conn, new| {
            let rule = actions::add(conn, &caller, new).await?;
            Ok(Answer::created(format!("/v1/overlap-rules/{}", rule.id), &rule)?.with_version(rule.version))
        })
        .await
}

/// End an overlap rule
///
/// Sets its last day, once and for all.
#[utoipa::path(
    tag = "programs", request_body = NewEnding, params(("id" = OverlapRuleId, Path, description = "Id of the rule")),
    security(("oauth2" = ["programs:write"])), responses((status = 200, body = OverlapRule)),
)]
#[post("/v1/overlap-rules/{id}/endings")]
async fn end_overlap_rule(
    caller: Allowed<WritePrograms>,
    db: Data<Db>,
    id: Id<OverlapRuleId>,
    command: Once<NewEnding>,
) -> Result<HttpResponse> {
    command
        .run(&db, &caller, async |conn, new| {
            let rule = actions::end(conn, &caller, id.0, new).await?;
            Ok(Answer::ok(&rule)?.with_version(rule.version))
        })
        .await
}

/// Registers the routes.
pub(in crate::programs) fn routes(config: &mut Routes<'_, '_>) {
    config.service(list_overlap_rules).service(get_overlap_rule).service(add_overlap_rule).service(end_overlap_rule);
}
