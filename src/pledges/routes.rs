//! Routes of pledges.

use std::collections::HashMap;

use actix_web::web::{Data, Json};
use actix_web::{HttpRequest, HttpResponse, get, patch, post};
use serde::Serialize;
use utoipa::ToSchema;

use super::model::{
    Acceptance, NewPledge, Pledge, PledgeChanges, PledgeFilter, PledgeLine, PledgeRow, PledgeStatus, Reasoned,
    Submission,
};
use super::rules::{Command, TRANSITIONS, Transition};
use super::{
    actions, allocations, decisions, disclosures, evidence_packs, installments, matching_runs, progress, queries,
    realisations, receipts, runs, trail,
};
use crate::auth::{Allowed, DecidePledges, ReadPledges, WritePledges};
use crate::db::Db;
use crate::domain::{Caller, PledgeId};
use crate::error::Result;
use crate::http::{Answer, Change, CursorKey, Id, List, Once, Page, Routes, etag, not_modified, not_modified_content};
use crate::keys::Keys;

/// The state machine of pledges.
#[derive(Debug, Serialize, ToSchema)]
struct StateMachine {
    /// All states
    #[schema(max_items = 20)]
    statuses: &'static [PledgeStatus],
    /// State a new pledge is in
    initial: PledgeStatus,
    /// What leads from where to where; what is not here is refused with 409
    #[schema(max_items = 50)]
    transitions: &'static [Transition],
}

/// Get the state machine of pledges
#[utoipa::path(
    tag = "pledges", security(("oauth2" = ["pledges:read"])), responses((status = 200, body = StateMachine)),
)]
#[get("/v1/pledges/state-machine")]
async fn get_pledge_state_machine(_: Allowed<ReadPledges>) -> Json<StateMachine> {
    Json(StateMachine { statuses: PledgeStatus::ALL, initial: PledgeStatus::Draft, transitions: TRANSITIONS })
}

/// List pledges
///
/// Of your sub-district; a company sees only its own. Each tells how far it is, and which are late can be asked for.
#[utoipa::path(
    tag = "pledges", params(PledgeFilter), security(("oauth2" = ["pledges:read"])),
    responses((status = 200, body = Page<Pledge>)),
)]
#[get("/v1/pledges")]
async fn list_pledges(
    caller: Allowed<ReadPledges>,
    db: Data<Db>,
    keys: Data<Keys>,
    list: List<PledgeFilter, Pledge>,
) -> Result<Page<Pledge>> {
    let cursors = CursorKey::new(&keys.cursors, "list_pledges", &caller.client_id, &list.filter)?;
    let after = cursors.read(list.cursor.as_ref())?;
    let conn = db.read(&caller.scope).await?;
    let rows = queries::list(&conn, &caller.scope, &list.filter, (list.limit, after)).await?;
    let total = list.total(queries::count(&conn, &caller.scope, &list.filter)).await?;
    let page = list.page((rows, total), &cursors, |row| row.id)?;
    let ids: Vec<PledgeId> = page.items.iter().map(|row| row.id).collect();
    let mut lines: HashMap<PledgeId, Vec<PledgeLine>> = HashMap::new();
    for line in queries::lines(&conn, &ids).await? {
        lines.entry(line.pledge_id).or_default().push(line);
    }
    let of = |row: &PledgeRow| lines.get(&row.id).map(Vec::as_slice).unwrap_or_default();
    let rows: Vec<(&PledgeRow, &[PledgeLine])> = page.items.iter().map(|row| (row, of(row))).collect();
    let progress = progress::of(&conn, &rows).await?;
    page.try_map(|row| {
        let own = lines.remove(&row.id).unwrap_or_default();
        let progress = progress.get(&row.id).copied();
        Ok(Pledge { progress, ..Pledge::of(row, own) })
    })
}

/// Get a pledge
///
/// With how far it is. The `ETag` of a draft is its version, which a change names; that of another pledge follows from
/// all that the answer tells.
#[utoipa::path(
    tag = "pledges", params(("id" = PledgeId, Path, description = "Id of the pledge")),
    security(("oauth2" = ["pledges:read"])),
    responses((status = 200, body = Pledge, headers(("ETag" = String, description = "Version"))), (status = 304)),
)]
#[get("/v1/pledges/{id}")]
async fn get_pledge(
    caller: Allowed<ReadPledges>,
    request: HttpRequest,
    db: Data<Db>,
    id: Id<PledgeId>,
) -> Result<HttpResponse> {
    let conn = db.read(&caller.scope).await?;
    let row = queries::find(&conn, &caller.scope, id.0).await?;
    let lines = queries::lines(&conn, &[id.0]).await?;
    let progress = progress::of(&conn, &[(&row, &lines)]).await?.remove(&id.0);
    let pledge = Pledge { progress, ..Pledge::of(row, lines) };
    if pledge.status == PledgeStatus::Draft {
        return Ok(not_modified(&request, pledge.version, &pledge));
    }
    // How far it is changes without a new version.
    not_modified_content(&request, &pledge)
}

/// Draft a pledge
///
/// Of your company, for villages of one sub-district. Nothing counts before it is submitted and accepted.
#[utoipa::path(
    tag = "pledges", request_body = NewPledge, security(("oauth2" = ["pledges:write"])),
    responses((status = 201, body = Pledge)),
)]
#[post("/v1/pledges")]
async fn draft_pledge(caller: Allowed<WritePledges>, db: Data<Db>, command: Once<NewPledge>) -> Result<HttpResponse> {
    command
        .run(&db, &caller, async |conn, new| {
            let pledge = actions::draft(conn, &caller, new).await?;
            Ok(Answer::created(format!("/v1/pledges/{}", pledge.id), &pledge)?.with_version(pledge.version))
        })
        .await
}

/// Change a draft
///
/// Lines, where they are sent, replace all lines so far.
#[utoipa::path(
    tag = "pledges",
    params(
        ("id" = PledgeId, Path, description = "Id of the pledge"),
        ("If-Match" = String, Header),
    ),
    request_body(content = PledgeChanges, content_type = "application/merge-patch+json"),
    security(("oauth2" = ["pledges:write"])),
    responses((status = 200, body = Pledge, headers(("ETag" = String, description = "Version")))),
)]
#[patch("/v1/pledges/{id}")]
async fn update_pledge(
    caller: Allowed<WritePledges>,
    db: Data<Db>,
    id: Id<PledgeId>,
    change: Change<PledgeChanges>,
) -> Result<HttpResponse> {
    let Change { changes, version } = change;
    let edit = async |conn: &mut _| actions::edit(conn, &caller, id.0, &changes, version).await;
    let pledge = db.transaction(&caller.scope, edit).await?;
    Ok(HttpResponse::Ok().insert_header(("ETag", etag(pledge.version))).json(pledge))
}

fn answer(pledge: &Pledge) -> Result<Answer> {
    Ok(Answer::ok(pledge)?.with_version(pledge.version))
}

/// The three commands that need a reason and move nothing.
async fn end(caller: &Caller, db: &Db, id: PledgeId, kind: Command, command: Once<Reasoned>) -> Result<HttpResponse> {
    command
        .run(db, caller, async |conn, reasoned| answer(&actions::end(conn, caller, id, (kind, reasoned)).await?))
        .await
}

/// Submit a pledge
#[utoipa::path(
    tag = "pledges",
    params(("id" = PledgeId, Path, description = "Id of the pledge")),
    request_body = Submission, security(("oauth2" = ["pledges:write"])), responses((status = 200, body = Pledge)),
)]
#[post("/v1/pledges/{id}/submissions")]
async fn submit_pledge(
    caller: Allowed<WritePledges>,
    db: Data<Db>,
    id: Id<PledgeId>,
    command: Once<Submission>,
) -> Result<HttpResponse> {
    command.run(&db, &caller, async |conn, Submission {}| answer(&actions::submit(conn, &caller, id.0).await?)).await
}

/// Withdraw a pledge
///
/// As long as it is not accepted by two officers.
#[utoipa::path(
    tag = "pledges",
    params(("id" = PledgeId, Path, description = "Id of the pledge")),
    request_body = Reasoned, security(("oauth2" = ["pledges:write"])), responses((status = 200, body = Pledge)),
)]
#[post("/v1/pledges/{id}/withdrawals")]
async fn withdraw_pledge(
    caller: Allowed<WritePledges>,
    db: Data<Db>,
    id: Id<PledgeId>,
    command: Once<Reasoned>,
) -> Result<HttpResponse> {
    end(&caller, &db, id.0, Command::Withdraw, command).await
}

/// Return a pledge to be changed
#[utoipa::path(
    tag = "pledges",
    params(("id" = PledgeId, Path, description = "Id of the pledge")),
    request_body = Reasoned, security(("oauth2" = ["pledges:decide"])), responses((status = 200, body = Pledge)),
)]
#[post("/v1/pledges/{id}/returns")]
async fn return_pledge(
    caller: Allowed<DecidePledges>,
    db: Data<Db>,
    id: Id<PledgeId>,
    command: Once<Reasoned>,
) -> Result<HttpResponse> {
    end(&caller, &db, id.0, Command::Return, command).await
}

/// Reject a pledge
#[utoipa::path(
    tag = "pledges",
    params(("id" = PledgeId, Path, description = "Id of the pledge")),
    request_body = Reasoned, security(("oauth2" = ["pledges:decide"])), responses((status = 200, body = Pledge)),
)]
#[post("/v1/pledges/{id}/rejections")]
async fn reject_pledge(
    caller: Allowed<DecidePledges>,
    db: Data<Db>,
    id: Id<PledgeId>,
    command: Once<Reasoned>,
) -> Result<HttpResponse> {
    end(&caller, &db, id.0, Command::Reject, command).await
}

/// Accept a pledge
///
/// Two officers accept it, one after the other. The second acceptance commits the pledge: what is promised enters
/// the ledger as commitment.
#[utoipa::path(
    tag = "pledges",
    params(("id" = PledgeId, Path, description = "Id of the pledge")),
    request_body = Acceptance, security(("oauth2" = ["pledges:decide"])), responses((status = 200, body = Pledge)),
)]
#[post("/v1/pledges/{id}/acceptances")]
async fn accept_pledge(
    caller: Allowed<DecidePledges>,
    db: Data<Db>,
    id: Id<PledgeId>,
    command: Once<Acceptance>,
) -> Result<HttpResponse> {
    command
        .run(&db, &caller, async |conn, acceptance| answer(&actions::accept(conn, &caller, id.0, acceptance).await?))
        .await
}

/// Registers the routes.
pub fn routes(config: &mut Routes<'_, '_>) {
    config
        .service(get_pledge_state_machine)
        .service(list_pledges)
        .service(get_pledge)
        .service(draft_pledge)
        .service(update_pledge)
        .service(submit_pledge)
        .service(withdraw_pledge)
        .service(return_pledge)
        .service(reject_pledge)
        .service(accept_pledge);
    config
        .configure(receipts::routes)
        .configure(installments::routes)
        .configure(decisions::routes)
        .configure(disclosures::routes)
        .configure(runs::routes)
        .configure(matching_runs::routes)
        .configure(allocations::routes)
        .configure(trail::routes)
        .configure(realisations::routes)
        .configure(evidence_packs::routes);
}
