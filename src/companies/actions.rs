//! Changes of companies: each is called inside a transaction and leaves an audit row and an event in it.

use serde_json::json;

use super::model::{Company, NewCompany};
use super::queries;
use crate::audit;
use crate::db::{self, Conn};
use crate::domain::{Caller, CompanyId};
use crate::error::Result;
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
    let area_id = caller.scope.only_area().unwrap_or(audit::NO_AREA);
    let write = audit::Write::of("add_company", "companies", company.id.0, area_id);
    audit::record(conn, caller, audit::Write { company_id: Some(company.id), ..write }, None, Some(&company)).await?;
    let event = NewEvent {
        kind: "company.added",
        subject: "companies",
        subject_id: company.id.0,
        area_id,
        company_id: Some(company.id),
        data: json!({ "sector": company.sector }),
    };
    events::emit(conn, event).await?;
    Ok(company)
}
