//! Disclosing: inside a transaction, with an audit row and an event.

use serde_json::json;

use super::model::{NewPledgeDisclosure, PledgeDisclosure};
use super::{queries, rules};
use crate::audit;
use crate::db::{self, Conn};
use crate::domain::{Caller, Document, PledgeDisclosureId, PledgeId};
use crate::error::{Error, Result};
use crate::events;
use crate::http::Whole;
use crate::pledges::{actions, queries as pledges};

/// Keeps what a company says of its pledge, as the next version.
///
/// # Errors
/// `not_found`, `invalid_fields`.
pub(super) async fn disclose(
    conn: &Conn,
    caller: &Caller,
    id: PledgeId,
    new: &NewPledgeDisclosure,
) -> Result<PledgeDisclosure> {
    let pledge = pledges::lock(conn, &caller.scope, id).await?;
    let own = pledges::lines(conn, &[id]).await?.iter().map(|line| line.id).collect();
    let faults = rules::faults(&new.lines, &own);
    if !faults.is_empty() {
        return Err(Error::invalid(faults));
    }
    let disclosure = PledgeDisclosure {
        id: PledgeDisclosureId::new(),
        pledge_id: id,
        version: queries::last_version(conn, id).await? + 1,
        operation_site: new.operation_site.clone(),
        site_ring: new.site_ring.map(Whole::small),
        ppm_field: new.ppm_field,
        late_reason: new.late_reason,
        overhead_rupiah: new.overhead_rupiah,
        transport_rupiah: new.transport_rupiah,
        lines: Document(new.lines.clone()),
        disclosed_by: caller.client_id.clone(),
        created_at: db::now(),
    };
    queries::insert(conn, &disclosure).await?;
    let write = audit::Write::of("add_pledge_disclosure", "pledge_disclosures", disclosure.id.0, pledge.area_id);
    let write = audit::Write { company_id: Some(pledge.company_id), ..write };
    audit::record(conn, caller, write, None, Some(&disclosure)).await?;
    let data = json!({ "disclosure_id": disclosure.id, "version": disclosure.version });
    let about = (pledge.area_id, pledge.company_id);
    events::emit(conn, actions::event("pledge.disclosed", id, about, data)).await?;
    Ok(disclosure)
}
