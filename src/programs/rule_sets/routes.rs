//! Routes of rule sets and of the facts that they may ask for.

use actix_web::web::{Data, Json};
use actix_web::{HttpRequest, HttpResponse, get, post};
use serde::Serialize;
use utoipa::ToSchema;

use super::model::{NewRuleSet, RuleSet, RuleSetFilter};
use super::{actions, queries};
use crate::auth::{Allowed, ReadPrograms, WritePrograms};
use crate::db::Db;
use crate::domain::{ProgramId, RuleSetId, Scope, Text};
use crate::error::{Code, Result};
use crate::http::{Answer, CursorKey, Id, List, Once, Page, Routes, not_modified, not_modified_content};
use crate::keys::Keys;
use crate::programs;
use crate::programs::eligibility::{Fact, facts, facts_of_schema};

/// List rule sets of a program
///
/// The newest first. On a day, the first of those whose dates cover it is in force.
#[utoipa::path(
    tag = "programs", params(("id" = ProgramId, Path, description = "Id of the program"), RuleSetFilter),
    security(("oauth2" = ["programs:read"])), responses((status = 200, body = Page<RuleSet>)),
)]
#[get("/v1/programs/{id}/rule-sets")]
async fn list_rule_sets(
    caller: Allowed<ReadPrograms>,
    db: Data<Db>,
    keys: Data<Keys>,
    id: Id<ProgramId>,
    list: List<RuleSetFilter, RuleSet>,
) -> Result<Page<RuleSet>> {
    let cursors = CursorKey::new(&keys.cursors, "list_rule_sets", &caller.client_id, &(id.0, &list.filter))?;
    let after = cursors.read(list.cursor.as_ref())?;
    let conn = db.read(&caller.scope).await?;
    programs::find(&conn, &caller.scope, id.0).await?.ok_or(Code::NotFound)?;
    let rows = queries::list(&conn, id.0, &list.filter, (list.limit, after)).await?;
    let total = list.total(queries::count(&conn, id.0, &list.filter)).await?;
    list.page((rows, total), &cursors, |row| row.number)
}

/// Get a rule set
#[utoipa::path(
    tag = "programs", params(("id" = RuleSetId, Path, description = "Id of the rule set")),
    security(("oauth2" = ["programs:read"])), responses((status = 200, body = RuleSet), (status = 304)),
)]
#[get("/v1/rule-sets/{id}")]
async fn get_rule_set(
    caller: Allowed<ReadPrograms>,
    request: HttpRequest,
    db: Data<Db>,
    id: Id<RuleSetId>,
) -> Result<HttpResponse> {
    let conn = db.read(&caller.scope).await?;
    let rule_set = queries::find(&conn, &caller.scope, id.0).await?.ok_or(Code::NotFound)?;
    Ok(not_modified(&request, 1, &rule_set))
}

/// Add a rule set
///
/// To a program that your sub-district defined. The expression is checked as it is saved: each fault names the
/// character it stands at. A rule set is never changed; other rules, amounts or dates are another one.
#[utoipa::path(
    tag = "programs", request_body = NewRuleSet, params(("id" = ProgramId, Path, description = "Id of the program")),
    security(("oauth2" = ["programs:write"])), responses((status = 201, body = RuleSet)),
)]
#[post("/v1/programs/{id}/rule-sets")]
async fn add_rule_set(
    caller: Allowed<WritePrograms>,
    db: Data<Db>,
    id: Id<ProgramId>,
    command: Once<NewRuleSet>,
) -> Result<HttpResponse> {
    command
        .run(&db, &caller, async |conn, new| {
            let rule_set = actions::add(conn, &caller, id.0, new).await?;
            Answer::created(format!("/v1/rule-sets/{}", rule_set.id), &rule_set)
        })
        .await
}

/// All facts: there are few, so they come on one page.
#[derive(Debug, Serialize, ToSchema)]
struct FactList {
    /// The facts, those of the family first
    items: Vec<Fact>,
}

/// All facts that the caller's rules may use: those of the catalogue and the attributes of its sub-districts.
async fn known_facts(db: &Db, scope: &Scope) -> Result<Vec<Fact>> {
    let schemas = actions::schemas(&*db.read(scope).await?, scope).await?;
    let attributes = schemas.iter().flat_map(|(of_members, schema)| facts_of_schema(*of_members, schema));
    let mut all = facts();
    for attribute in attributes {
        if !all.iter().any(|known| known.name == attribute.name) {
            all.push(attribute);
        }
    }
    Ok(all)
}

/// List facts
///
/// What a rule may ask of a family and its members: the meaning of each fact, its values and an example. Attributes
/// that a schema of your sub-district has stand at the end.
#[utoipa::path(
    tag = "programs", security(("oauth2" = ["programs:read"])), responses((status = 200, body = FactList)),
)]
#[get("/v1/facts")]
async fn list_facts(caller: Allowed<ReadPrograms>, db: Data<Db>) -> Result<Json<FactList>> {
    Ok(Json(FactList { items: known_facts(&db, &caller.scope).await? }))
}

/// Get a fact
#[utoipa::path(
    tag = "programs",
    params(
        (
            "name" = String, Path, max_length = 80, pattern = "^[a-z][a-z_.]*$", example = "family.decile",
            description = "How a rule writes it"
        ),
    ),
    security(("oauth2" = ["programs:read"])), responses((status = 200, body = Fact), (status = 304)),
)]
#[get("/v1/facts/{name}")]
async fn get_fact(
    caller: Allowed<ReadPrograms>,
    request: HttpRequest,
    db: Data<Db>,
    name: Id<Text<80>>,
) -> Result<HttpResponse> {
    let known = known_facts(&db, &caller.scope).await?;
    let fact = known.into_iter().find(|fact| fact.name == name.0.as_str());
    not_modified_content(&request, &fact.ok_or(Code::NotFound)?)
}

/// Registers the routes.
pub(in crate::programs) fn routes(config: &mut Routes<'_, '_>) {
    config.service(list_rule_sets).service(get_rule_set).service(add_rule_set).service(list_facts).service(get_fact);
}
