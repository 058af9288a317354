//! Route of simulations.

use actix_web::web::Data;
use actix_web::{HttpResponse, post};

use super::actions;
use super::model::{NewSimulation, Simulation};
use crate::auth::{Allowed, ReadEnrollments};
use crate::db::Db;
use crate::domain::ProgramId;
use crate::error::{Code, Result};
use crate::http::{Body, Id, Routes};
use crate::programs;

/// Simulate rules of a program
///
/// Whom they would reach by village and decile, what they would cost by the members of those families, how many of those families are on other programs,
/// and how many become or stop being eligible against a rule set of the program, the one in force unless you name
/// another. Writes nothing; all numbers are of one moment. Counts only: no family is named.
#[utoipa::path(
    tag = "programs", request_body = NewSimulation,
    params(("id" = ProgramId, Path, description = "Id of the program")),
    security(("oauth2" = ["enrollments:read"])), responses((status = 200, body = Simulation)),
)]
#[post("/v1/programs/{id}/simulations")]
async fn simulate_rules(
    caller: Allowed<ReadEnrollments>,
    db: Data<Db>,
    id: Id<ProgramId>,
    new: Body<NewSimulation>,
) -> Result<HttpResponse> {
    let simulation = db
        .snapshot(&caller.scope, async |conn| {
            let program = programs::find(conn, &caller.scope, id.0).await?.ok_or(Code::NotFound)?;
            actions::simulate(conn, &caller, &program, &new.0).await
        })
        .await?;
    Ok(HttpResponse::Ok().insert_header(("Cache-Control", "no-store")).json(simulation))
}

/// Registers the route.
pub(in crate::programs) fn routes(config: &mut Routes<'_, '_>) {
    config.service(simulate_rules);
}
