//! Routes of runs.

use actix_web::web::Data;
use actix_web::{HttpResponse, post};

use super::actions;
use super::model::{ActivationRun, EnrollmentRun, NewActivationRun, NewEnrollmentRun, NewProposalRun, ProposalRun};
use crate::auth::{Allowed, WriteEnrollments};
use crate::db::Db;
use crate::domain::ProgramId;
use crate::error::Result;
use crate::http::{Answer, Id, Once, Routes};

/// Enrol eligible families
///
/// All that the rule set in force says yes to, or of them those of the villages or with the ids you name, of those that
/// were proposed or of the reserve list. Overlap rules keep a family off that has another program; where a quota is full
/// the poorest come first, and the rest get their place on the reserve list. A family that rests goes on resting, and one
/// that left stays out unless `include_exited` says otherwise; doing it again adds nobody twice.
#[utoipa::path(
    tag = "enrollments", request_body = NewEnrollmentRun,
    params(("id" = ProgramId, Path, description = "Id of the program")),
    security(("oauth2" = ["enrollments:write"])), responses((status = 200, body = EnrollmentRun)),
)]
#[post("/v1/programs/{id}/enrollment-runs")]
async fn enrol_eligible_beneficiaries(
    caller: Allowed<WriteEnrollments>,
    db: Data<Db>,
    id: Id<ProgramId>,
    command: Once<NewEnrollmentRun>,
) -> Result<HttpResponse> {
    let act = async |conn: &mut _, new: &_| Answer::ok(&actions::run(conn, &caller, id.0, new).await?);
    command.run(&db, &caller, act).await
}

/// Propose eligible families
///
/// Nobody gets a place by it: a run with `source` `proposed`, a confirmation or a meeting gives that.
#[utoipa::path(
    tag = "enrollments", request_body = NewProposalRun,
    params(("id" = ProgramId, Path, description = "Id of the program")),
    security(("oauth2" = ["enrollments:write"])), responses((status = 200, body = ProposalRun)),
)]
#[post("/v1/programs/{id}/enrollment-proposals")]
async fn propose_enrollments(
    caller: Allowed<WriteEnrollments>,
    db: Data<Db>,
    id: Id<ProgramId>,
    command: Once<NewProposalRun>,
) -> Result<HttpResponse> {
    let act = async |conn: &mut _, new: &_| Answer::ok(&actions::propose(conn, &caller, id.0, new).await?);
    command.run(&db, &caller, act).await
}

/// Activate confirmed enrollments
///
/// Those whose first day has come. They have their places already, so no rule is asked again.
#[utoipa::path(
    tag = "enrollments", request_body = NewActivationRun,
    params(("id" = ProgramId, Path, description = "Id of the program")),
    security(("oauth2" = ["enrollments:write"])), responses((status = 200, body = ActivationRun)),
)]
#[post("/v1/programs/{id}/enrollment-activations")]
async fn activate_enrollments(
    caller: Allowed<WriteEnrollments>,
    db: Data<Db>,
    id: Id<ProgramId>,
    command: Once<NewActivationRun>,
) -> Result<HttpResponse> {
    let act = async |conn: &mut _, new: &_| Answer::ok(&actions::activate(conn, &caller, id.0, new).await?);
    command.run(&db, &caller, act).await
}

/// Registers the routes.
pub(in crate::enrollments) fn routes(config: &mut Routes<'_, '_>) {
    config.service(enrol_eligible_beneficiaries).service(propose_enrollments).service(activate_enrollments);
}
