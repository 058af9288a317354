//! Routes of decisions.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, get, post};
use serde::de::DeserializeOwned;

use super::actions::{self, Proposal};
use super::model::{
    DecisionFilter, NewAgreement, NewAmendment, NewCorrection, NewReallocation, NewRefund, NewStockLoss, PledgeDecision,
};
use super::queries;
use crate::auth::{Allowed, DecideOnPledges, DecidePledges, ReadPledges, WritePledges};
use crate::db::Db;
use crate::domain::{Caller, PledgeDecisionId, PledgeId};
use crate::error::Result;
use crate::http::{Answer, CursorKey, Id, List, Once, Page, Routes, not_modified_content};
use crate::keys::Keys;
use crate::pledges::model::Reasoned;

/// List decisions on pledges
///
/// Those on committed pledges of your sub-district; a company sees those on its own.
#[utoipa::path(
    tag = "pledges", params(DecisionFilter), security(("oauth2" = ["pledges:read"])),
    responses((status = 200, body = Page<PledgeDecision>)),
)]
#[get("/v1/pledge-decisions")]
async fn list_pledge_decisions(
    caller: Allowed<ReadPledges>,
    db: Data<Db>,
    keys: Data<Keys>,
    list: List<DecisionFilter, PledgeDecision>,
) -> Result<Page<PledgeDecision>> {
    let cursors = CursorKey::new(&keys.cursors, "list_pledge_decisions", &caller.client_id, &list.filter)?;
    let after = cursors.read(list.cursor.as_ref())?;
    let conn = db.read(&caller.scope).await?;
    let rows = queries::list(&conn, &caller.scope, &list.filter, (list.limit, after)).await?;
    let total = list.total(queries::count(&conn, &caller.scope, &list.filter)).await?;
    list.page((rows, total), &cursors, |decision| decision.id)
}

/// Get a decision on a pledge
#[utoipa::path(
    tag = "pledges", params(("id" = PledgeDecisionId, Path, description = "Id of the decision")),
    security(("oauth2" = ["pledges:read"])), responses((status = 200, body = PledgeDecision), (status = 304)),
)]
#[get("/v1/pledge-decisions/{id}")]
async fn get_pledge_decision(
    caller: Allowed<ReadPledges>,
    request: HttpRequest,
    db: Data<Db>,
    id: Id<PledgeDecisionId>,
) -> Result<HttpResponse> {
    let conn = db.read(&caller.scope).await?;
    not_modified_content(&request, &queries::find(&conn, &caller.scope, id.0).await?)
}

/// Keeps what is proposed for a pledge.
async fn propose<T: DeserializeOwned>(
    caller: &Caller,
    db: &Db,
    id: PledgeId,
    (command, proposal): (Once<T>, for<'a> fn(&'a T) -> Proposal<'a>),
) -> Result<HttpResponse> {
    command
        .run(db, caller, async |conn, new| {
            let decision = actions::propose(conn, caller, id, &proposal(new)).await?;
            Ok(Answer::created(format!("/v1/pledge-decisions/{}", decision.id), &decision)?.with_content_tag())
        })
        .await
}

/// Amend a pledge
///
/// Proposes another quantity or schedule of lines, or new lines; never less than what is received or called off. An
/// officer agrees to it; the pledge has its next version then, and the decision keeps what was before.
#[utoipa::path(
    tag = "pledges", params(("id" = PledgeId, Path, description = "Id of the pledge")),
    request_body = NewAmendment, security(("oauth2" = ["pledges:write"])), responses((status = 201, body = PledgeDecision)),
)]
#[post("/v1/pledges/{id}/amendments")]
async fn amend_pledge(
    caller: Allowed<WritePledges>,
    db: Data<Db>,
    id: Id<PledgeId>,
    command: Once<NewAmendment>,
) -> Result<HttpResponse> {
    propose(&caller, &db, id.0, (command, |new| Proposal::Amendment(new))).await
}

/// Call off the rest of a pledge
///
/// All that is outstanding, by the company or an officer, at once. What is received stays: it is handed over, given
/// back or lost. What is reserved for families stays theirs; release it first where it is to be given back.
#[utoipa::path(
    tag = "pledges", params(("id" = PledgeId, Path, description = "Id of the pledge")),
    request_body = Reasoned, security(("oauth2" = ["pledge_decisions:write"])), responses((status = 201, body = PledgeDecision)),
)]
#[post("/v1/pledges/{id}/cancellations")]
async fn cancel_pledge(
    caller: Allowed<DecideOnPledges>,
    db: Data<Db>,
    id: Id<PledgeId>,
    command: Once<Reasoned>,
) -> Result<HttpResponse> {
    propose(&caller, &db, id.0, (command, |new| Proposal::Cancellation(new))).await
}

/// Write off the rest of a pledge
///
/// Proposes to give up all that is outstanding, once an installment is a month overdue. Another officer agrees to it.
/// It is told apart from what was called off.
#[utoipa::path(
    tag = "pledges", params(("id" = PledgeId, Path, description = "Id of the pledge")),
    request_body = Reasoned, security(("oauth2" = ["pledges:decide"])), responses((status = 201, body = PledgeDecision)),
)]
#[post("/v1/pledges/{id}/write-offs")]
async fn write_off_pledge(
    caller: Allowed<DecidePledges>,
    db: Data<Db>,
    id: Id<PledgeId>,
    command: Once<Reasoned>,
) -> Result<HttpResponse> {
    propose(&caller, &db, id.0, (command, |new| Proposal::WriteOff(new))).await
}

/// Give stock of a pledge back
///
/// Proposes to give free stock of a line back to the company that gave it. Another officer agrees to it.
#[utoipa::path(
    tag = "pledges", params(("id" = PledgeId, Path, description = "Id of the pledge")),
    request_body = NewRefund, security(("oauth2" = ["pledges:decide"])), responses((status = 201, body = PledgeDecision)),
)]
#[post("/v1/pledges/{id}/refunds")]
async fn refund_pledge(
    caller: Allowed<DecidePledges>,
    db: Data<Db>,
    id: Id<PledgeId>,
    command: Once<NewRefund>,
) -> Result<HttpResponse> {
    propose(&caller, &db, id.0, (command, |new| Proposal::Refund(new))).await
}

/// Give stock of a pledge another earmark
///
/// Proposes that free stock of a line goes to other villages. The company consents by agreeing to it. The stock is a
/// line of its own then; the old line keeps its earmark, and what was allocated of it.
#[utoipa::path(
    tag = "pledges", params(("id" = PledgeId, Path, description = "Id of the pledge")),
    request_body = NewReallocation, security(("oauth2" = ["pledges:decide"])), responses((status = 201, body = PledgeDecision)),
)]
#[post("/v1/pledges/{id}/reallocations")]
async fn reallocate_pledge(
    caller: Allowed<DecidePledges>,
    db: Data<Db>,
    id: Id<PledgeId>,
    command: Once<NewReallocation>,
) -> Result<HttpResponse> {
    propose(&caller, &db, id.0, (command, |new| Proposal::Reallocation(new))).await
}

/// Record a loss of a pledge
///
/// Proposes to record that free stock of a line is gone. Another officer agrees that it is.
#[utoipa::path(
    tag = "pledges", params(("id" = PledgeId, Path, description = "Id of the pledge")),
    request_body = NewStockLoss, security(("oauth2" = ["pledges:decide"])), responses((status = 201, body = PledgeDecision)),
)]
#[post("/v1/pledges/{id}/losses")]
async fn record_pledge_loss(
    caller: Allowed<DecidePledges>,
    db: Data<Db>,
    id: Id<PledgeId>,
    command: Once<NewStockLoss>,
) -> Result<HttpResponse> {
    propose(&caller, &db, id.0, (command, |new| Proposal::Loss(new))).await
}

/// Correct a movement of a pledge
///
/// Proposes to take back a receipt, refund, loss, cancellation or write-off by an opposite transfer that names it.
/// Another officer agrees to it. Nothing that was posted is changed, and each transfer is taken back once. With the receipt
/// of a surplus its acceptance is taken back as well, so that nothing of it is outstanding.
#[utoipa::path(
    tag = "pledges", params(("id" = PledgeId, Path, description = "Id of the pledge")),
    request_body = NewCorrection, security(("oauth2" = ["pledges:decide"])), responses((status = 201, body = PledgeDecision)),
)]
#[post("/v1/pledges/{id}/corrections")]
async fn correct_pledge(
    caller: Allowed<DecidePledges>,
    db: Data<Db>,
    id: Id<PledgeId>,
    command: Once<NewCorrection>,
) -> Result<HttpResponse> {
    propose(&caller, &db, id.0, (command, |new| Proposal::Correction(new))).await
}

/// Close a pledge
///
/// At once, where nothing is outstanding, free or reserved, and an evidence pack tells of the last movement; of a pledge
/// that was opened again, one made since.
#[utoipa::path(
    tag = "pledges", params(("id" = PledgeId, Path, description = "Id of the pledge")),
    request_body = Reasoned, security(("oauth2" = ["pledges:decide"])), responses((status = 201, body = PledgeDecision)),
)]
#[post("/v1/pledges/{id}/closures")]
async fn close_pledge(
    caller: Allowed<DecidePledges>,
    db: Data<Db>,
    id: Id<PledgeId>,
    command: Once<Reasoned>,
) -> Result<HttpResponse> {
    propose(&caller, &db, id.0, (command, |new| Proposal::Closure(new))).await
}

/// Open a closed pledge again
///
/// Proposes it, to post a correction. Another officer agrees to it.
#[utoipa::path(
    tag = "pledges", params(("id" = PledgeId, Path, description = "Id of the pledge")),
    request_body = Reasoned, security(("oauth2" = ["pledges:decide"])), responses((status = 201, body = PledgeDecision)),
)]
#[post("/v1/pledges/{id}/reopenings")]
async fn reopen_pledge(
    caller: Allowed<DecidePledges>,
    db: Data<Db>,
    id: Id<PledgeId>,
    command: Once<Reasoned>,
) -> Result<HttpResponse> {
    propose(&caller, &db, id.0, (command, |new| Proposal::Reopening(new))).await
}

/// Agree to a decision on a pledge
///
/// As the second person: the company for a reallocation, otherwise an officer who did not propose it. It takes effect
/// with this, by what the ledger holds now.
#[utoipa::path(
    tag = "pledges", params(("id" = PledgeDecisionId, Path, description = "Id of the decision")),
    request_body = NewAgreement, security(("oauth2" = ["pledge_decisions:write"])),
    responses((status = 200, body = PledgeDecision)),
)]
#[post("/v1/pledge-decisions/{id}/agreements")]
async fn agree_to_pledge_decision(
    caller: Allowed<DecideOnPledges>,
    db: Data<Db>,
    id: Id<PledgeDecisionId>,
    command: Once<NewAgreement>,
) -> Result<HttpResponse> {
    command
        .run(&db, &caller, async |conn, NewAgreement {}| {
            Ok(Answer::ok(&actions::agree(conn, &caller, id.0).await?)?.with_content_tag())
        })
        .await
}

/// Refuse a decision on a pledge
///
/// As the second person. It never takes effect; another one may be proposed.
#[utoipa::path(
    tag = "pledges", params(("id" = PledgeDecisionId, Path, description = "Id of the decision")),
    request_body = Reasoned, security(("oauth2" = ["pledge_decisions:write"])),
    responses((status = 200, body = PledgeDecision)),
)]
#[post("/v1/pledge-decisions/{id}/refusals")]
async fn refuse_pledge_decision(
    caller: Allowed<DecideOnPledges>,
    db: Data<Db>,
    id: Id<PledgeDecisionId>,
    command: Once<Reasoned>,
) -> Result<HttpResponse> {
    command
        .run(&db, &caller, async |conn, refusal| {
            Ok(Answer::ok(&actions::refuse(conn, &caller, id.0, refusal).await?)?.with_content_tag())
        })
        .await
}

/// Take a proposed decision on a pledge back
///
/// By the side that proposed it: the company of an amendment, an officer of the others. It never takes effect; another one
/// may be proposed. What still waits when a pledge is closed is taken back with it.
#[utoipa::path(
    tag = "pledges", params(("id" = PledgeDecisionId, Path, description = "Id of the decision")),
    request_body = Reasoned, security(("oauth2" = ["pledge_decisions:write"])),
    responses((status = 200, body = PledgeDecision)),
)]
#[post("/v1/pledge-decisions/{id}/withdrawals")]
async fn withdraw_pledge_decision(
    caller: Allowed<DecideOnPledges>,
    db: Data<Db>,
    id: Id<PledgeDecisionId>,
    command: Once<Reasoned>,
) -> Result<HttpResponse> {
    command
        .run(&db, &caller, async |conn, withdrawal| {
            Ok(Answer::ok(&actions::withdraw(conn, &caller, id.0, withdrawal).await?)?.with_content_tag())
        })
        .await
}

/// Registers the routes.
pub(in crate::pledges) fn routes(config: &mut Routes<'_, '_>) {
    config
        .service(list_pledge_decisions)
        .service(get_pledge_decision)
        .service(amend_pledge)
        .service(cancel_pledge)
        .service(write_off_pledge)
        .service(refund_pledge)
        .service(reallocate_pledge)
        .service(record_pledge_loss)
        .service(correct_pledge)
        .service(close_pledge)
        .service(reopen_pledge)
        .service(agree_to_pledge_decision)
        .service(refuse_pledge_decision)
        .service(withdraw_pledge_decision);
}
