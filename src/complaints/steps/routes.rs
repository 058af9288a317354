//! Route of steps.

use actix_web::get;
use actix_web::web::Data;

use super::model::{ComplaintStep, StepFilter};
use super::queries;
use crate::audit::{Read, ReadLog};
use crate::auth::{Allowed, ReadComplaints, ReadSensitiveComplaints};
use crate::complaints::model::Sight;
use crate::complaints::queries as complaints;
use crate::db::Db;
use crate::domain::ComplaintId;
use crate::error::{Code, Result};
use crate::http::{CursorKey, Id, List, Page, Routes};
use crate::keys::Keys;

/// List what was done about a complaint
///
/// Who took each step, when, and why: the first answer stays there when a complaint is reopened, and a closure tells what
/// came of it.
#[utoipa::path(
    tag = "complaints", params(("id" = ComplaintId, Path, description = "Id of the complaint"), StepFilter),
    security(("oauth2" = ["complaints:read"])), responses((status = 200, body = Page<ComplaintStep>)),
)]
#[get("/v1/complaints/{id}/steps")]
async fn list_complaint_steps(
    caller: Allowed<ReadComplaints>,
    trusted: Option<Allowed<ReadSensitiveComplaints>>,
    (db, keys, reads): (Data<Db>, Data<Keys>, Data<ReadLog>),
    id: Id<ComplaintId>,
    list: List<StepFilter, ComplaintStep>,
) -> Result<Page<ComplaintStep>> {
    let cursors = CursorKey::new(&keys.cursors, "list_complaint_steps", &caller.client_id, &(id.0, &list.filter))?;
    let after = cursors.read(list.cursor.as_ref())?;
    let conn = db.read(&caller.scope).await?;
    let sight = Sight::of(&caller, trusted.is_some());
    let row = complaints::find(&conn, sight, id.0).await?.ok_or(Code::NotFound)?;
    let complaint = (row.area_id, row.id);
    let rows = queries::list(&conn, complaint, &list.filter, (list.limit, after)).await?;
    let total = list.total(queries::count(&conn, complaint)).await?;
    let page = list.page((rows, total), &cursors, |step| step.id)?;
    reads.record(Read::new(&caller, "list_complaint_steps", "complaints", Some(id.0.0)).of(page.items.len())).await;
    Ok(page)
}

/// Registers the route.
pub(in crate::complaints) fn routes(config: &mut Routes<'_, '_>) {
    config.service(list_complaint_steps);
}
