//! Route of counts.

use actix_web::get;
use actix_web::web::{Data, Json};

use super::model::{ComplaintCountFilter, ComplaintCounts};
use super::queries;
use crate::auth::{Allowed, ReadComplaints, ReadSensitiveComplaints};
use crate::complaints::model::Sight;
use crate::db::Db;
use crate::error::Result;
use crate::http::{Query, Routes};

/// Count complaints
///
/// By village and category: how many came, were answered, were answered in time, are late, and in how many days half of
/// them were answered. What is kept close is counted for those only who may read it.
#[utoipa::path(
    tag = "complaints", params(ComplaintCountFilter), security(("oauth2" = ["complaints:read"])),
    responses((status = 200, body = ComplaintCounts)),
)]
#[get("/v1/complaint-counts")]
async fn count_complaints(
    caller: Allowed<ReadComplaints>,
    trusted: Option<Allowed<ReadSensitiveComplaints>>,
    db: Data<Db>,
    filter: Query<ComplaintCountFilter>,
) -> Result<Json<ComplaintCounts>> {
    let conn = db.read(&caller.scope).await?;
    let sight = Sight::of(&caller, trusted.is_some());
    Ok(Json(ComplaintCounts { items: queries::list(&conn, sight, &filter.0).await? }))
}

/// Registers the route.
pub(in crate::complaints) fn routes(config: &mut Routes<'_, '_>) {
    config.service(count_complaints);
}
