//! Routes of places.

use actix_web::get;
use actix_web::web::{Data, Json};

use super::model::{PlaceCounts, PlacesDay};
use super::queries;
use crate::auth::{Allowed, ReadEnrollments};
use crate::db::{self, Db};
use crate::domain::ProgramId;
use crate::error::{Code, Result};
use crate::http::{Id, Query, Routes};
use crate::programs;

/// Count places
///
/// Of each quota in force: how many places there are, taken and left, and how many families wait.
#[utoipa::path(
    tag = "enrollments", params(("id" = ProgramId, Path, description = "Id of the program"), PlacesDay),
    security(("oauth2" = ["enrollments:read"])), responses((status = 200, body = PlaceCounts)),
)]
#[get("/v1/programs/{id}/place-counts")]
async fn count_places(
    caller: Allowed<ReadEnrollments>,
    db: Data<Db>,
    id: Id<ProgramId>,
    filter: Query<PlacesDay>,
) -> Result<Json<PlaceCounts>> {
    let conn = db.read(&caller.scope).await?;
    programs::find(&conn, &caller.scope, id.0).await?.ok_or(Code::NotFound)?;
    let on = filter.0.on.unwrap_or_else(db::today);
    Ok(Json(PlaceCounts { items: queries::counts(&conn, &caller.scope, id.0, on).await? }))
}

/// Registers the routes.
pub(in crate::enrollments) fn routes(config: &mut Routes<'_, '_>) {
    config.service(count_places);
}
