//! Routes of complaints.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, get, post};

use super::model::{
    Complaint, ComplaintFilter, Desk, NewComplaint, NewComplaintAnswer, NewComplaintAssignment, NewComplaintClosure,
    NewComplaintReferral, NewComplaintReopening, NewComplaintWithdrawal, Sight,
};
use super::{actions, counts, queries, steps};
use crate::audit::{Read, ReadLog};
use crate::auth::{Allowed, AnswerComplaints, ReadComplaints, ReadSensitiveComplaints, WriteComplaints};
use crate::db::Db;
use crate::domain::ComplaintId;
use crate::error::{Code, Result};
use crate::http::{Answer, CursorKey, Id, List, Once, Page, Routes, not_modified};
use crate::keys::Keys;

/// List complaints
///
/// Those of your sub-district, without the names of who complains. What is kept close, an illegal levy or the conduct of
/// staff, is there for those only who may read it, and never for the client complained of.
#[utoipa::path(
    tag = "complaints", params(ComplaintFilter), security(("oauth2" = ["complaints:read"])),
    responses((status = 200, body = Page<Complaint>)),
)]
#[get("/v1/complaints")]
async fn list_complaints(
    caller: Allowed<ReadComplaints>,
    trusted: Option<Allowed<ReadSensitiveComplaints>>,
    (db, keys, reads): (Data<Db>, Data<Keys>, Data<ReadLog>),
    list: List<ComplaintFilter, Complaint>,
) -> Result<Page<Complaint>> {
    let sight = Sight::of(&caller, trusted.is_some());
    let cursors = CursorKey::new(&keys.cursors, "list_complaints", &caller.client_id, &list.filter)?;
    let after = cursors.read(list.cursor.as_ref())?;
    let conn = db.read(&caller.scope).await?;
    let rows = queries::list(&conn, sight, &list.filter, (list.limit, after)).await?;
    let total = list.total(queries::count(&conn, sight, &list.filter)).await?;
    let page = list.page((rows, total), &cursors, |row| (row.area_id, row.id))?;
    reads.record(Read::new(&caller, "list_complaints", "complaints", None).of(page.items.len())).await;
    page.try_map(|row| Ok(row.into()))
}

/// Get a complaint
///
/// With the name of who complains, where one was given. Its `ETag` tells whether it has changed.
#[utoipa::path(
    tag = "complaints", params(("id" = ComplaintId, Path, description = "Id of the complaint")),
    security(("oauth2" = ["complaints:read"])), responses((status = 200, body = Complaint), (status = 304)),
)]
#[get("/v1/complaints/{id}")]
async fn get_complaint(
    caller: Allowed<ReadComplaints>,
    trusted: Option<Allowed<ReadSensitiveComplaints>>,
    request: HttpRequest,
    (db, keys, reads): (Data<Db>, Data<Keys>, Data<ReadLog>),
    id: Id<ComplaintId>,
) -> Result<HttpResponse> {
    let desk = Desk { caller: &caller, vault: &keys.vault, is_trusted: trusted.is_some() };
    let conn = db.read(&caller.scope).await?;
    let row = queries::find(&conn, desk.sight(), id.0).await?.ok_or(Code::NotFound)?;
    let complaint = actions::show(desk, row)?;
    reads.record(Read::new(&caller, "get_complaint", "complaints", Some(id.0.0))).await;
    Ok(not_modified(&request, complaint.version, &complaint))
}

fn answer(complaint: &Complaint) -> Result<Answer> {
    Ok(Answer::ok(complaint)?.with_version(complaint.version))
}

/// Lodge a complaint
///
/// For a family, a person by name, or somebody who gives no name. It names at most one thing that it is about; the program
/// of a delivery and the pledge of a handover follow. `due_on` follows from the category: 7 days where the record answers,
/// 20 where something is to be looked into, 84 where somebody is accused. Who may not read what is kept close is answered
/// what it lodged, and does not find it again.
#[utoipa::path(
    tag = "complaints", request_body = NewComplaint, security(("oauth2" = ["complaints:write"])),
    responses((status = 201, body = Complaint)),
)]
#[post("/v1/complaints")]
async fn lodge_complaint(
    caller: Allowed<WriteComplaints>,
    trusted: Option<Allowed<ReadSensitiveComplaints>>,
    (db, keys): (Data<Db>, Data<Keys>),
    command: Once<NewComplaint>,
) -> Result<HttpResponse> {
    let desk = Desk { caller: &caller, vault: &keys.vault, is_trusted: trusted.is_some() };
    command
        .run_sealed(&db, &caller, &keys.vault, async |conn, new| {
            let complaint = actions::lodge(conn, desk, new).await?;
            let answer = Answer::created(format!("/v1/complaints/{}", complaint.id), &complaint)?;
            Ok(answer.with_version(complaint.version))
        })
        .await
}

/// Assign a complaint
///
/// To a client that may answer complaints, or to yourself; again where somebody else is to see to it, and where another
/// body does not. What is kept close goes to those only who may read it.
#[utoipa::path(
    tag = "complaints", request_body = NewComplaintAssignment,
    params(("id" = ComplaintId, Path, description = "Id of the complaint")),
    security(("oauth2" = ["complaints:answer"])), responses((status = 200, body = Complaint)),
)]
#[post("/v1/complaints/{id}/assignments")]
async fn assign_complaint(
    caller: Allowed<AnswerComplaints>,
    trusted: Option<Allowed<ReadSensitiveComplaints>>,
    (db, keys): (Data<Db>, Data<Keys>),
    id: Id<ComplaintId>,
    command: Once<NewComplaintAssignment>,
) -> Result<HttpResponse> {
    let desk = Desk { caller: &caller, vault: &keys.vault, is_trusted: trusted.is_some() };
    command
        .run_sealed(&db, &caller, &keys.vault, async |conn, new| answer(&actions::assign(conn, desk, id.0, new).await?))
        .await
}

/// Answer a complaint
///
/// Whoever lodged it may. What was found unfounded, or accuses somebody, is closed by another person.
#[utoipa::path(
    tag = "complaints", request_body = NewComplaintAnswer,
    params(("id" = ComplaintId, Path, description = "Id of the complaint")),
    security(("oauth2" = ["complaints:answer"])), responses((status = 200, body = Complaint)),
)]
#[post("/v1/complaints/{id}/answers")]
async fn answer_complaint(
    caller: Allowed<AnswerComplaints>,
    trusted: Option<Allowed<ReadSensitiveComplaints>>,
    (db, keys): (Data<Db>, Data<Keys>),
    id: Id<ComplaintId>,
    command: Once<NewComplaintAnswer>,
) -> Result<HttpResponse> {
    let desk = Desk { caller: &caller, vault: &keys.vault, is_trusted: trusted.is_some() };
    command
        .run_sealed(&db, &caller, &keys.vault, async |conn, new| answer(&actions::answer(conn, desk, id.0, new).await?))
        .await
}

/// Close a complaint
///
/// Once it is answered, with what came of it. One that was found unfounded, or accuses somebody, is closed by another
/// person than the one who answered (409 `second_person_needed`).
#[utoipa::path(
    tag = "complaints", request_body = NewComplaintClosure,
    params(("id" = ComplaintId, Path, description = "Id of the complaint")),
    security(("oauth2" = ["complaints:answer"])), responses((status = 200, body = Complaint)),
)]
#[post("/v1/complaints/{id}/closures")]
async fn close_complaint(
    caller: Allowed<AnswerComplaints>,
    trusted: Option<Allowed<ReadSensitiveComplaints>>,
    (db, keys): (Data<Db>, Data<Keys>),
    id: Id<ComplaintId>,
    command: Once<NewComplaintClosure>,
) -> Result<HttpResponse> {
    let desk = Desk { caller: &caller, vault: &keys.vault, is_trusted: trusted.is_some() };
    command
        .run_sealed(&db, &caller, &keys.vault, async |conn, new| answer(&actions::close(conn, desk, id.0, new).await?))
        .await
}

/// Refer a complaint
///
/// To another body, whose answer is recorded as any other. It is not late meanwhile.
#[utoipa::path(
    tag = "complaints", request_body = NewComplaintReferral,
    params(("id" = ComplaintId, Path, description = "Id of the complaint")),
    security(("oauth2" = ["complaints:answer"])), responses((status = 200, body = Complaint)),
)]
#[post("/v1/complaints/{id}/referrals")]
async fn refer_complaint(
    caller: Allowed<AnswerComplaints>,
    trusted: Option<Allowed<ReadSensitiveComplaints>>,
    (db, keys): (Data<Db>, Data<Keys>),
    id: Id<ComplaintId>,
    command: Once<NewComplaintReferral>,
) -> Result<HttpResponse> {
    let desk = Desk { caller: &caller, vault: &keys.vault, is_trusted: trusted.is_some() };
    command
        .run_sealed(&db, &caller, &keys.vault, async |conn, new| answer(&actions::refer(conn, desk, id.0, new).await?))
        .await
}

/// Withdraw a complaint
///
/// Recorded for the complainant, until it is answered.
#[utoipa::path(
    tag = "complaints", request_body = NewComplaintWithdrawal,
    params(("id" = ComplaintId, Path, description = "Id of the complaint")),
    security(("oauth2" = ["complaints:write"])), responses((status = 200, body = Complaint)),
)]
#[post("/v1/complaints/{id}/withdrawals")]
async fn withdraw_complaint(
    caller: Allowed<WriteComplaints>,
    trusted: Option<Allowed<ReadSensitiveComplaints>>,
    (db, keys): (Data<Db>, Data<Keys>),
    id: Id<ComplaintId>,
    command: Once<NewComplaintWithdrawal>,
) -> Result<HttpResponse> {
    let desk = Desk { caller: &caller, vault: &keys.vault, is_trusted: trusted.is_some() };
    command
        .run_sealed(&db, &caller, &keys.vault, async |conn, new| {
            answer(&actions::withdraw(conn, desk, id.0, &new.reason).await?)
        })
        .await
}

/// Reopen a complaint
///
/// Recorded for a complainant who is not content with the answer, once. The answer stays among the steps, and the days to the
/// next one count from today.
#[utoipa::path(
    tag = "complaints", request_body = NewComplaintReopening,
    params(("id" = ComplaintId, Path, description = "Id of the complaint")),
    security(("oauth2" = ["complaints:write"])), responses((status = 200, body = Complaint)),
)]
#[post("/v1/complaints/{id}/reopenings")]
async fn reopen_complaint(
    caller: Allowed<WriteComplaints>,
    trusted: Option<Allowed<ReadSensitiveComplaints>>,
    (db, keys): (Data<Db>, Data<Keys>),
    id: Id<ComplaintId>,
    command: Once<NewComplaintReopening>,
) -> Result<HttpResponse> {
    let desk = Desk { caller: &caller, vault: &keys.vault, is_trusted: trusted.is_some() };
    command
        .run_sealed(&db, &caller, &keys.vault, async |conn, new| {
            answer(&actions::reopen(conn, desk, id.0, &new.reason).await?)
        })
        .await
}

/// Registers the routes.
pub fn routes(config: &mut Routes<'_, '_>) {
    config
        .service(list_complaints)
        .service(get_complaint)
        .service(lodge_complaint)
        .service(assign_complaint)
        .service(answer_complaint)
        .service(close_complaint)
        .service(refer_complaint)
        .service(withdraw_complaint)
        .service(reopen_complaint);
    steps::routes(config);
    counts::routes(config);
}
