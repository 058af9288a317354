//! Route of previews.

use actix_web::web::Data;
use actix_web::{HttpResponse, post};

use super::model::{OrderPreview, PreviewPart, PreviewRow, WouldHold};
use super::queries;
use crate::auth::{Allowed, ReadEnrollments};
use crate::db::{self, Db};
use crate::domain::{ProgramId, Quantity};
use crate::error::{Code, Result};
use crate::http::{Body, Id, Routes};
use crate::programs;
use crate::programs::suspension_orders::actions;
use crate::programs::suspension_orders::model::NewOrder;

/// Preview a suspension order
///
/// What it would hold if it were laid now: families, entitlements and their quantity, by cycle and village. The body is
/// that of the order. What other orders hold already is not counted. Writes nothing; no family is named.
#[utoipa::path(
    tag = "suspension-orders", params(("id" = ProgramId, Path, description = "Id of the program")),
    request_body = NewOrder, security(("oauth2" = ["enrollments:read"])),
    responses((status = 200, body = OrderPreview)),
)]
#[post("/v1/programs/{id}/suspension-order-previews")]
async fn preview_suspension_order(
    caller: Allowed<ReadEnrollments>,
    db: Data<Db>,
    id: Id<ProgramId>,
    new: Body<NewOrder>,
) -> Result<HttpResponse> {
    let conn = db.read(&caller.scope).await?;
    let program = programs::find(&conn, &caller.scope, id.0).await?.ok_or(Code::NotFound)?;
    let area_id = actions::check(&conn, &caller, &program, &new.0).await?;
    let taken_at = db::now();
    let rows = queries::would_hold(&conn, (area_id, program.id), &new.0).await?;
    let (total, parts) = told(rows);
    let preview = OrderPreview { program_id: program.id, unit: program.unit, taken_at, total, parts };
    Ok(HttpResponse::Ok().insert_header(("Cache-Control", "no-store")).json(preview))
}

/// All of it, and its parts.
fn told(rows: Vec<PreviewRow>) -> (WouldHold, Vec<PreviewPart>) {
    let mut total = WouldHold { families: 0, entitlements: 0, quantity: Quantity::zero() };
    let mut parts = Vec::new();
    for row in rows {
        let held = WouldHold { families: row.families, entitlements: row.entitlements, quantity: row.quantity };
        match (row.cycle_id, row.period, row.village_code) {
            (Some(cycle_id), Some(period), Some(village_code)) => {
                parts.push(PreviewPart { cycle_id, period, village_code, held });
            }
            _ => total = held,
        }
    }
    (total, parts)
}

/// Registers the route.
pub(in crate::programs::suspension_orders) fn routes(config: &mut Routes<'_, '_>) {
    config.service(preview_suspension_order);
}
