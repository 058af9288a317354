//! Routes of matching runs.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, get, post};
use serde_json::value::RawValue;

use super::model::{
    MatchingCommitment, MatchingFamilyFilter, MatchingLineFilter, MatchingRun, MatchingRunFamily, MatchingRunFilter,
    MatchingRunLine, NewMatchingRun,
};
use super::{actions, queries};
use crate::allotment::Transcript;
use crate::audit::{Read, ReadLog};
use crate::auth::{Allowed, ReadAllocations, ReadPledges, WriteAllocations};
use crate::db::Db;
use crate::domain::{BeneficiaryId, MatchingRunId};
use crate::error::{Code, Error, Result};
use crate::http::{Answer, CursorKey, Id, Ids, List, Once, Page, Routes, not_modified_content};
use crate::keys::Keys;

/// List matching runs
///
/// Previews and committed runs of your sub-district.
#[utoipa::path(
    tag = "matching-runs", params(MatchingRunFilter), security(("oauth2" = ["allocations:read"])),
    responses((status = 200, body = Page<MatchingRun>)),
)]
#[get("/v1/matching-runs")]
async fn list_matching_runs(
    caller: Allowed<ReadAllocations>,
    db: Data<Db>,
    keys: Data<Keys>,
    list: List<MatchingRunFilter, MatchingRun>,
) -> Result<Page<MatchingRun>> {
    let cursors = CursorKey::new(&keys.cursors, "list_matching_runs", &caller.client_id, &list.filter)?;
    let after = cursors.read(list.cursor.as_ref())?;
    let conn = db.read(&caller.scope).await?;
    let rows = queries::list(&conn, &caller.scope, &list.filter, (list.limit, after)).await?;
    let total = list.total(queries::count(&conn, &caller.scope, &list.filter)).await?;
    list.page((rows, total), &cursors, |run| run.id)
}

/// Get a matching run
#[utoipa::path(
    tag = "matching-runs", params(("id" = MatchingRunId, Path, description = "Id of the run")),
    security(("oauth2" = ["allocations:read"])), responses((status = 200, body = MatchingRun), (status = 304)),
)]
#[get("/v1/matching-runs/{id}")]
async fn get_matching_run(
    caller: Allowed<ReadAllocations>,
    request: HttpRequest,
    db: Data<Db>,
    id: Id<MatchingRunId>,
) -> Result<HttpResponse> {
    let conn = db.read(&caller.scope).await?;
    not_modified_content(&request, &queries::find(&conn, &caller.scope, id.0).await?.ok_or(Code::NotFound)?)
}

/// Start a matching run
///
/// Looks at all that is free of the committed pledges and at all open needs of verified families, and tells who would
/// get what: of all ways to give, the one that serves the order best. Nothing is reserved until the run is committed.
/// The order is public: the turn, the criteria of the policy, then a lot that anybody can draw again.
#[utoipa::path(
    tag = "matching-runs", request_body = NewMatchingRun, security(("oauth2" = ["allocations:write"])),
    responses((status = 201, body = MatchingRun)),
)]
#[post("/v1/matching-runs")]
async fn start_matching_run(
    caller: Allowed<WriteAllocations>,
    db: Data<Db>,
    command: Once<NewMatchingRun>,
) -> Result<HttpResponse> {
    command
        .run(&db, &caller, async |conn, new| {
            let run = actions::preview(conn, &caller, new).await?;
            Answer::created(format!("/v1/matching-runs/{}", run.id), &run)
        })
        .await
}

/// Commit a matching run
///
/// Reserves just what the preview told, all of it or nothing. Where stock, needs or families have changed since, it is
/// refused with `matching_run_stale`: preview again. A run that is committed already is answered as it is.
#[utoipa::path(
    tag = "matching-runs", params(("id" = MatchingRunId, Path, description = "Id of the run")),
    request_body = MatchingCommitment, security(("oauth2" = ["allocations:write"])),
    responses((status = 200, body = MatchingRun)),
)]
#[post("/v1/matching-runs/{id}/commits")]
async fn commit_matching_run(
    caller: Allowed<WriteAllocations>,
    db: Data<Db>,
    id: Id<MatchingRunId>,
    command: Once<MatchingCommitment>,
) -> Result<HttpResponse> {
    command
        .run(&db, &caller, async |conn, commitment| {
            Answer::ok(&actions::commit(conn, &caller, id.0, commitment).await?)
        })
        .await
}

/// List what a matching run takes of each line
///
/// Quantities, never for whom. A company sees the lines of its own pledges.
#[utoipa::path(
    tag = "matching-runs", params(("id" = MatchingRunId, Path, description = "Id of the run"), MatchingLineFilter),
    security(("oauth2" = ["pledges:read"])), responses((status = 200, body = Page<MatchingRunLine>)),
)]
#[get("/v1/matching-runs/{id}/lines")]
async fn list_matching_run_lines(
    caller: Allowed<ReadPledges>,
    db: Data<Db>,
    keys: Data<Keys>,
    id: Id<MatchingRunId>,
    list: List<MatchingLineFilter, MatchingRunLine>,
) -> Result<Page<MatchingRunLine>> {
    let operation = format!("list_matching_run_lines {}", id.0);
    let cursors = CursorKey::new(&keys.cursors, &operation, &caller.client_id, &list.filter)?;
    let after = cursors.read(list.cursor.as_ref())?;
    let conn = db.read(&caller.scope).await?;
    // A run without a line of a company does not exist for it.
    let is_known = match caller.scope.company_id {
        Some(_) => queries::count_lines(&conn, &caller.scope, id.0, None).await? > 0,
        None => queries::find(&conn, &caller.scope, id.0).await?.is_some(),
    };
    if !is_known {
        return Err(Code::NotFound.into());
    }
    let rows = queries::list_lines(&conn, &caller.scope, (id.0, &list.filter), (list.limit, after)).await?;
    let total = list.total(queries::count_lines(&conn, &caller.scope, id.0, list.filter.pledge_id)).await?;
    list.page((rows, total), &cursors, |line| line.pledge_line_id)
}

/// List what a matching run does for each family
///
/// Served or not, each with the reason, and with the proof where others go before it.
#[utoipa::path(
    tag = "matching-runs", params(("id" = MatchingRunId, Path, description = "Id of the run"), MatchingFamilyFilter),
    security(("oauth2" = ["allocations:read"])), responses((status = 200, body = Page<MatchingRunFamily>)),
)]
#[get("/v1/matching-runs/{id}/families")]
async fn list_matching_run_families(
    caller: Allowed<ReadAllocations>,
    db: Data<Db>,
    keys: Data<Keys>,
    reads: Data<ReadLog>,
    id: Id<MatchingRunId>,
    list: List<MatchingFamilyFilter, MatchingRunFamily>,
) -> Result<Page<MatchingRunFamily>> {
    let operation = format!("list_matching_run_families {}", id.0);
    let cursors = CursorKey::new(&keys.cursors, &operation, &caller.client_id, &list.filter)?;
    let after = cursors.read(list.cursor.as_ref())?;
    let conn = db.read(&caller.scope).await?;
    let run = queries::find(&conn, &caller.scope, id.0).await?.ok_or(Code::NotFound)?;
    let rows = queries::list_families(&conn, &run, &list.filter, (list.limit, after)).await?;
    let total = list.total(queries::count_families(&conn, &run, &list.filter)).await?;
    let page = list.page((rows, total), &cursors, |family| family.beneficiary_id)?;
    let read = Read::new(&caller, "list_matching_run_families", "matching_runs", Some(id.0.0));
    reads.record(read.of(page.items.len())).await;
    Ok(page)
}

/// Explain what a matching run does for a family
///
/// What it gets and of which line, what its place is made of, and which aid counts to its cap; or why not: nobody had verified it, it had no open need, nothing is offered there,
/// it has its portions, or those who hold what it could get go before it. Others are told of by place and count alone.
#[utoipa::path(
    tag = "matching-runs",
    params(
        ("id" = MatchingRunId, Path, description = "Id of the run"),
        ("beneficiary_id" = BeneficiaryId, Path, description = "Id of the family"),
    ),
    security(("oauth2" = ["allocations:read"])),
    responses((status = 200, body = MatchingRunFamily), (status = 304)),
)]
#[get("/v1/matching-runs/{id}/families/{beneficiary_id}")]
async fn get_matching_run_family(
    caller: Allowed<ReadAllocations>,
    request: HttpRequest,
    db: Data<Db>,
    reads: Data<ReadLog>,
    ids: Ids<MatchingRunId, BeneficiaryId>,
) -> Result<HttpResponse> {
    let Ids(id, beneficiary_id) = ids;
    let conn = db.read(&caller.scope).await?;
    let run = queries::find(&conn, &caller.scope, id).await?.ok_or(Code::NotFound)?;
    let family = actions::explain(&conn, &run, beneficiary_id).await?;
    reads.record(Read::new(&caller, "get_matching_run_family", "beneficiaries", Some(beneficiary_id.0))).await;
    not_modified_content(&request, &family)
}

/// Get the transcript of a matching run
///
/// The whole run with families known by their place in the order alone: enough for a program that knows nothing of
/// this service to check lots, order and every refusal; one of a hundred lines of Python comes with the source of this service.
#[utoipa::path(
    tag = "matching-runs", params(("id" = MatchingRunId, Path, description = "Id of the run")),
    security(("oauth2" = ["allocations:read"])), responses((status = 200, body = Transcript), (status = 304)),
)]
#[get("/v1/matching-runs/{id}/transcript")]
async fn get_matching_run_transcript(
    caller: Allowed<ReadAllocations>,
    request: HttpRequest,
    db: Data<Db>,
    reads: Data<ReadLog>,
    id: Id<MatchingRunId>,
) -> Result<HttpResponse> {
    let conn = db.read(&caller.scope).await?;
    let run = queries::find(&conn, &caller.scope, id.0).await?.ok_or(Code::NotFound)?;
    let transcript = queries::transcript(&conn, &run).await?;
    reads.record(Read::new(&caller, "get_matching_run_transcript", "matching_runs", Some(id.0.0))).await;
    not_modified_content(&request, &RawValue::from_string(transcript).map_err(Error::internal)?)
}

/// Registers the routes.
pub(in crate::pledges) fn routes(config: &mut Routes<'_, '_>) {
    config
        .service(list_matching_runs)
        .service(get_matching_run)
        .service(start_matching_run)
        .service(commit_matching_run)
        .service(list_matching_run_lines)
        .service(list_matching_run_families)
        .service(get_matching_run_family)
        .service(get_matching_run_transcript);
}
