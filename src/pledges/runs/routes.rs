//! Route of allocation runs.

use actix_web::web::Data;
use actix_web::{HttpResponse, post};

use super::actions;
use super::model::{AllocationRun, NewRun};
use crate::auth::{Allowed, WriteAllocations};
use crate::db::Db;
use crate::domain::PledgeId;
use crate::error::Result;
use crate::http::{Answer, Id, Once, Routes};

/// Allocate what is free by need
///
/// What is in stock of each line is reserved for open needs of verified families in the villages of the line: the
/// poorest decile first, then who waited longest since the last aid, then by a hash whose seed stands in the
/// answer. A preview tells what would happen now and changes nothing; it answers 200.
#[utoipa::path(
    tag = "pledges", params(("id" = PledgeId, Path, description = "Id of the pledge")), request_body = NewRun,
    security(("oauth2" = ["allocations:write"])),
    responses((status = 201, body = AllocationRun), (status = 200, body = AllocationRun, description = "A preview")),
)]
#[post("/v1/pledges/{id}/allocation-runs")]
async fn run_allocation(
    caller: Allowed<WriteAllocations>,
    db: Data<Db>,
    id: Id<PledgeId>,
    command: Once<NewRun>,
) -> Result<HttpResponse> {
    command
        .run(&db, &caller, async |conn, new| {
            let run = actions::run(conn, &caller, id.0, new).await?;
            match run.id {
                Some(run_id) => Answer::created(format!("/v1/allocations?run_id={run_id}"), &run),
                None => Answer::ok(&run),
            }
        })
        .await
}

/// Registers the route.
pub(in crate::pledges) fn routes(config: &mut Routes<'_, '_>) {
    config.service(run_allocation);
}
