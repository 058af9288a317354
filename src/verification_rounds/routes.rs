//! Routes of verification rounds.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, get, post};

use super::model::{NewRound, NewRoundClosure, Round, RoundFilter};
use super::{actions, coverage, queries, samples, tasks, visits};
use crate::auth::{Allowed, OpenRounds, ReadVerification};
use crate::db::Db;
use crate::domain::VerificationRoundId;
use crate::error::{Code, Result};
use crate::http::{Answer, CursorKey, Id, List, Once, Page, Routes, not_modified};
use crate::keys::Keys;

/// List verification rounds
///
/// Those of your sub-district, the newest first.
#[utoipa::path(
    tag = "verification", params(RoundFilter), security(("oauth2" = ["verification:read"])),
    responses((status = 200, body = Page<Round>)),
)]
#[get("/v1/verification-rounds")]
async fn list_verification_rounds(
    caller: Allowed<ReadVerification>,
    db: Data<Db>,
    keys: Data<Keys>,
    list: List<RoundFilter, Round>,
) -> Result<Page<Round>> {
    let cursors = CursorKey::new(&keys.cursors, "list_verification_rounds", &caller.client_id, &list.filter)?;
    let after = cursors.read(list.cursor.as_ref())?;
    let conn = db.read(&caller.scope).await?;
    let rows = queries::list(&conn, &caller.scope, &list.filter, (list.limit, after)).await?;
    let total = list.total(queries::count(&conn, &caller.scope, &list.filter)).await?;
    list.page((rows, total), &cursors, |row| row.id)
}

/// Get a verification round
#[utoipa::path(
    tag = "verification", params(("id" = VerificationRoundId, Path, description = "Id of the round")),
    security(("oauth2" = ["verification:read"])),
    responses((status = 200, body = Round, headers(("ETag" = String, description = "Version"))), (status = 304)),
)]
#[get("/v1/verification-rounds/{id}")]
async fn get_verification_round(
    caller: Allowed<ReadVerification>,
    request: HttpRequest,
    db: Data<Db>,
    id: Id<VerificationRoundId>,
) -> Result<HttpResponse> {
    let conn = db.read(&caller.scope).await?;
    let round = queries::find(&conn, &caller.scope, id.0).await?.ok_or(Code::NotFound)?;
    Ok(not_modified(&request, round.version, &round))
}

/// Open a verification round
///
/// Every live family that the rule says yes to is put on the round's list, which freezes then: what changes of a
/// family later moves nobody on or off it. "Not visited for 180 days, or decile at most 4" is
/// `family.decile <= 4 || !has(family.days_since_visit) || family.days_since_visit >= 180`. Where villages are
/// assigned, each family gets its visitor at once; a village with several visitors is shared out evenly.
#[utoipa::path(
    tag = "verification", request_body = NewRound, security(("oauth2" = ["verification_rounds:write"])),
    responses((status = 201, body = Round)),
)]
#[post("/v1/verification-rounds")]
async fn open_verification_round(
    caller: Allowed<OpenRounds>,
    db: Data<Db>,
    command: Once<NewRound>,
) -> Result<HttpResponse> {
    command
        .run(&db, &caller, async |conn, new| {
            let round = actions::open(conn, &caller, new).await?;
            Ok(Answer::created(format!("/v1/verification-rounds/{}", round.id), &round)?.with_version(round.version))
        })
        .await
}

/// Close a verification round
///
/// It takes no more visits; what it found stays. A visit that comes later is recorded without the round.
#[utoipa::path(
    tag = "verification", request_body = NewRoundClosure,
    params(("id" = VerificationRoundId, Path, description = "Id of the round")),
    security(("oauth2" = ["verification_rounds:write"])), responses((status = 200, body = Round)),
)]
#[post("/v1/verification-rounds/{id}/closures")]
async fn close_verification_round(
    caller: Allowed<OpenRounds>,
    db: Data<Db>,
    id: Id<VerificationRoundId>,
    command: Once<NewRoundClosure>,
) -> Result<HttpResponse> {
    command
        .run(&db, &caller, async |conn, _| {
            let round = actions::close(conn, &caller, id.0).await?;
            Ok(Answer::ok(&round)?.with_version(round.version))
        })
        .await
}

/// Registers the routes.
pub fn routes(config: &mut Routes<'_, '_>) {
    config
        .service(list_verification_rounds)
        .service(get_verification_round)
        .service(open_verification_round)
        .service(close_verification_round)
        .configure(tasks::routes)
        .configure(visits::routes)
        .configure(coverage::routes)
        .configure(samples::routes);
}
