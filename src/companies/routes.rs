//! Routes of companies.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, get, patch, post};

use super::actions;
use super::model::{Company, CompanyChanges, CompanyFilter, NewCompany};
use super::queries;
use crate::auth::{Allowed, ReadCompanies, WriteCompanies};
use crate::db::Db;
use crate::domain::CompanyId;
use crate::error::{Code, Result};
use crate::http::{Answer, Change, CursorKey, Id, List, Once, Page, Routes, not_modified};
use crate::keys::Keys;

/// List companies
///
/// Companies of your sub-district; a company sees only itself.
#[utoipa::path(
    tag = "companies", params(CompanyFilter), security(("oauth2" = ["companies:read"])),
    responses((status = 200, body = Page<Company>)),
)]
#[get("/v1/companies")]
async fn list_companies(
    caller: Allowed<ReadCompanies>,
    db: Data<Db>,
    keys: Data<Keys>,
    list: List<CompanyFilter, Company>,
) -> Result<Page<Company>> {
    let cursors = CursorKey::new(&keys.cursors, "list_companies", &caller.client_id, &list.filter)?;
    let after = cursors.read(list.cursor.as_ref())?;
    let conn = db.read(&caller.scope).await?;
    let rows = queries::list(&conn, &caller.scope, &list.filter, (list.limit, after)).await?;
    let total = list.total(queries::count(&conn, &caller.scope, &list.filter)).await?;
    list.page((rows, total), &cursors, |company| company.id)
}

/// Get a company
#[utoipa::path(
    tag = "companies", params(("id" = CompanyId, Path, description = "Id of the company")),
    security(("oauth2" = ["companies:read"])),
    responses((status = 200, body = Company, headers(("ETag" = String, description = "Version"))), (status = 304)),
)]
#[get("/v1/companies/{id}")]
async fn get_company(
    caller: Allowed<ReadCompanies>,
    request: HttpRequest,
    db: Data<Db>,
    id: Id<CompanyId>,
) -> Result<HttpResponse> {
    let conn = db.read(&caller.scope).await?;
    let company = queries::find(&conn, &caller.scope, id.0).await?.ok_or(Code::NotFound)?;
    Ok(not_modified(&request, company.version, &company))
}

/// Add a company
///
/// To your sub-district, where it may then pledge.
#[utoipa::path(
    tag = "companies", request_body = NewCompany, security(("oauth2" = ["companies:write"])),
    responses((status = 201, body = Company)),
)]
#[post("/v1/companies")]
async fn add_company(caller: Allowed<WriteCompanies>, db: Data<Db>, command: Once<NewCompany>) -> Result<HttpResponse> {
    command
        .run(&db, &caller, async |conn, new| {
            let company = actions::add(conn, &caller, new).await?;
            Ok(Answer::created(format!("/v1/companies/{}", company.id), &company)?.with_version(company.version))
        })
        .await
}

/// Correct a company
///
/// Its name, its business registration number or its field of work. Evidence packs made before keep what they told.
#[utoipa::path(
    tag = "companies", params(("id" = CompanyId, Path, description = "Id of the company")),
    request_body(content = CompanyChanges, content_type = "application/merge-patch+json"),
    security(("oauth2" = ["companies:write"])), responses((status = 200, body = Company)),
)]
#[patch("/v1/companies/{id}")]
async fn update_company(
    caller: Allowed<WriteCompanies>,
    db: Data<Db>,
    id: Id<CompanyId>,
    change: Change<CompanyChanges>,
) -> Result<HttpResponse> {
    let act = async |conn: &mut _| actions::update(conn, &caller, id.0, (change.version, &change.changes)).await;
    let company = db.transaction(&caller.scope, act).await?;
    Ok(Answer::ok(&company)?.with_version(company.version).respond())
}

/// Registers the routes.
pub fn routes(config: &mut Routes<'_, '_>) {
    config.service(list_companies).service(get_company).service(add_company).service(update_company);
}
