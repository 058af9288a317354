//! Changes of companies: each is called inside a transaction and leaves an audit row and an event in it.

use serde_json::json;

use super::model::{Company, CompanyChanges, NewCompany};
use super::queries;
use crate::audit;
use crate::db::{self, Conn};
use crate::domain::{Caller, CompanyId};
use crate::error::{Code, Result};
use crate::events::{self, NewEvent};

/// Adds a company to the caller's areas.
///
/// # Errors
/// `company_name_taken`.
pub(super) async fn add(conn: &Conn, caller: &Caller, new: &NewCompany) -> Result<Company> {
    let now = db::now();
    let company = Company {
        id: CompanyId::new(),
        name: new.name.clone(),
        registration_number: new.registration_number.clone(),
        sector: new.sector.clone(),
        version: 1,
        created_at: now,
        updated_at: now,
    };
    queries::insert(conn, &company, &caller.scope.area_ids).await?;
    tell(conn, caller, ("add_company", "company.added"), None, &company).await?;
    Ok(company)
}

/// Corrects a company.
///
/// # Errors
/// `not_found`, `version_stale`, `company_name_taken`.
pub(super) async fn update(
    conn: &Conn,
    caller: &Caller,
    id: CompanyId,
    (version, changes): (i32, &CompanyChanges),
) -> Result<Company> {
    let before = queries::lock(conn, &caller.scope, id).await?.ok_or(Code::NotFound)?;
    if before.version != version {
        return Err(Code::VersionStale.into());
    }
    if changes.is_empty() {
        return Ok(before);
    }
    let company = queries::update(conn, &before, changes, db::now()).await?;
    tell(conn, caller, ("update_company", "company.changed"), Some(&before), &company).await?;
    Ok(company)
}

async fn tell(
    conn: &Conn,
    caller: &Caller,
    (operation, kind): (&str, &str),
    before: Option<&Company>,
    company: &Company,
) -> Result<()> {
    // Each of its sub-districts is told; the company itself once.
    let mut company_id = Some(company.id);
    for area_id in queries::areas_of(conn, company.id).await? {
        let write = audit::Write::of(operation, "companies", company.id.0, area_id);
        let write = audit::Write { company_id: Some(company.id), ..write };
        audit::record(conn, caller, write, before, Some(company)).await?;
        let event = NewEvent {
            kind,
            subject: "companies",
            subject_id: company.id.0,
            area_id,
            company_id: company_id.take(),
            data: json!({ "sector": company.sector }),
        };
        events::emit(conn, event).await?;
    }
    Ok(())
}
