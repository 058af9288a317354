//! Route of outcomes.

use actix_web::get;
use actix_web::web::{Data, Json};

use super::model::{FollowUpOutcomes, OutcomeFilter};
use super::queries;
use crate::auth::{Allowed, ReadOutcomes};
use crate::db::{self, Db};
use crate::error::Result;
use crate::http::{Query, Routes};

/// Add up what follow-ups found
///
/// How many families were met, use what they got, earn, have more than before and need no aid any more, by program or
/// pledge, village and months. A company is told of its own pledges, all villages as one, and of no fewer than five families.
#[utoipa::path(
    tag = "follow-ups", params(OutcomeFilter), security(("oauth2" = ["outcomes:read"])),
    responses((status = 200, body = FollowUpOutcomes)),
)]
#[get("/v1/follow-up-outcomes")]
async fn list_follow_up_outcomes(
    caller: Allowed<ReadOutcomes>,
    db: Data<Db>,
    filter: Query<OutcomeFilter>,
) -> Result<Json<FollowUpOutcomes>> {
    let conn = db.read(&caller.scope).await?;
    let items = queries::list(&conn, &caller.scope, (&filter.0, db::today())).await?;
    Ok(Json(FollowUpOutcomes { items }))
}

/// Registers the route.
pub(in crate::follow_ups) fn routes(config: &mut Routes<'_, '_>) {
    config.service(list_follow_up_outcomes);
}
