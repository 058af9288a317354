//! Routes of runs.

use std::sync::atomic::{AtomicBool, Ordering};

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, get, post, rt};

use super::actions::{self, Job};
use super::model::{
    ClusterFilter, DuplicateCluster, DuplicateRun, FieldWeights, NewDuplicateRun, RunFilter, WeighedDuplicateRun,
};
use super::queries;
use crate::auth::{Allowed, DecideDuplicates, ReadDuplicates};
use crate::db::{Conn, Db};
use crate::domain::{Caller, DuplicateRunId, Scope, VillageCode};
use crate::error::{Code, Error, Fault, Result};
use crate::http::{Answer, CursorKey, Id, List, Once, Page, Routes, not_modified_content};
use crate::keys::Keys;
use crate::matching::registry::registry;
use crate::regions;

/// Most villages that one run names.
const MOST_VILLAGES: usize = 300;

/// Look for duplicates
///
/// Compares the live members of your sub-district, or of some of its villages, with each other; 202 names the run that
/// does it in the background. Its pairs come into the queue under `/v1/duplicates/pairs`. Pairs of earlier runs that
/// are unlike by now are cleared, as far as it read both members; what people decided stays. One run at a time goes on in a sub-district.
#[utoipa::path(
    tag = "duplicates", request_body = NewDuplicateRun, params(("Idempotency-Key" = String, Header)),
    security(("oauth2" = ["duplicates:write"])),
    responses((status = 202, body = DuplicateRun, headers(("Location" = String, description = "Where progress is told")))),
)]
#[post("/v1/duplicates/runs")]
async fn start_duplicate_run(
    caller: Allowed<DecideDuplicates>,
    db: Data<Db>,
    keys: Data<Keys>,
    command: Once<NewDuplicateRun>,
) -> Result<HttpResponse> {
    let job = job(&*db.read(&caller.scope).await?, &caller, command.command()).await?;
    let session = actions::open_session(&db, &job).await?;
    let is_new = AtomicBool::new(false);
    let response = command
        .run(&db, &job.caller, async |conn, _| {
            let run = actions::begin(conn, &job).await?;
            is_new.store(true, Ordering::Relaxed);
            Answer::accepted(format!("/v1/duplicates/runs/{}", run.id), &run)
        })
        .await?;
    if is_new.load(Ordering::Relaxed) {
        rt::spawn(actions::run_in_background(db.get_ref().clone(), keys.into_inner(), job, session));
    }
    Ok(response)
}

async fn job(conn: &Conn, caller: &Caller, new: &NewDuplicateRun) -> Result<Job> {
    let area_id = regions::acting_area(conn, &caller.scope, new.district_code.as_ref()).await?;
    if let Some(named) = &new.village_codes {
        let known = regions::villages_of(conn, area_id).await?;
        let faults = faults_of(named, &known);
        if !faults.is_empty() {
            return Err(Error::invalid(faults));
        }
    }
    let scope = Scope { area_ids: vec![area_id], ..caller.scope.clone() };
    let caller = Caller { scope, ..caller.clone() };
    let villages = new.village_codes.clone();
    Ok(Job { caller, area_id, id: DuplicateRunId::new(), import_id: None, villages })
}

fn faults_of(named: &[VillageCode], known: &[VillageCode]) -> Vec<Fault> {
    if named.is_empty() || named.len() > MOST_VILLAGES {
        return vec![Fault::new("/village_codes", Code::WrongType)];
    }
    Fault::of_unknown("/village_codes/*", named, |village| known.contains(village), Code::VillageUnknown)
}

/// List looks for duplicates
///
/// Those of your sub-district, newest first.
#[utoipa::path(
    tag = "duplicates", params(RunFilter), security(("oauth2" = ["duplicates:read"])),
    responses((status = 200, body = Page<DuplicateRun>)),
)]
#[get("/v1/duplicates/runs")]
async fn list_duplicate_runs(
    caller: Allowed<ReadDuplicates>,
    db: Data<Db>,
    keys: Data<Keys>,
    list: List<RunFilter, DuplicateRun>,
) -> Result<Page<DuplicateRun>> {
    let cursors = CursorKey::new(&keys.cursors, "list_duplicate_runs", &caller.client_id, &list.filter)?;
    let after = cursors.read(list.cursor.as_ref())?;
    let conn = db.read(&caller.scope).await?;
    let rows = queries::list(&conn, &caller.scope, &list.filter, (list.limit, after)).await?;
    let total = list.total(queries::count(&conn, &caller.scope, &list.filter)).await?;
    list.page((rows, total), &cursors, |row| (row.created_at, row.id))?.try_map(|row| Ok(row.into()))
}

/// Get a look for duplicates
///
/// Ask again until `status` is no longer `running`. Once it is done, `weights` tells what each level of likeness of each
/// field said to it.
#[utoipa::path(
    tag = "duplicates", params(("id" = DuplicateRunId, Path, description = "Id of the run")),
    security(("oauth2" = ["duplicates:read"])), responses((status = 200, body = WeighedDuplicateRun), (status = 304)),
)]
#[get("/v1/duplicates/runs/{id}")]
async fn get_duplicate_run(
    caller: Allowed<ReadDuplicates>,
    request: HttpRequest,
    db: Data<Db>,
    id: Id<DuplicateRunId>,
) -> Result<HttpResponse> {
    let conn = db.read(&caller.scope).await?;
    let row = queries::find(&conn, &caller.scope, id.0).await?.ok_or(Code::NotFound)?;
    let registry = registry().map_err(|fault| Error::internal(fault.to_string()))?;
    let weights = FieldWeights::of(registry, queries::find_weights(&conn, &caller.scope, id.0).await?);
    not_modified_content(&request, &WeighedDuplicateRun { run: DuplicateRun::from(row), weights })
}

/// List the groups of records that a look for duplicates took for one person
///
/// The largest first. Each two records of a group were a pair of the queue; what people decided since stands with the
/// pair. Records and families are told by their ids, as they were then.
#[utoipa::path(
    tag = "duplicates", params(("id" = DuplicateRunId, Path, description = "Id of the run"), ClusterFilter),
    security(("oauth2" = ["duplicates:read"])), responses((status = 200, body = Page<DuplicateCluster>)),
)]
#[get("/v1/duplicates/runs/{id}/clusters")]
async fn list_duplicate_clusters(
    caller: Allowed<ReadDuplicates>,
    (db, keys): (Data<Db>, Data<Keys>),
    (id, list): (Id<DuplicateRunId>, List<ClusterFilter, DuplicateCluster>),
) -> Result<Page<DuplicateCluster>> {
    let (scope, filter) = (&caller.scope, &list.filter);
    let cursors = CursorKey::new(&keys.cursors, "list_duplicate_clusters", &caller.client_id, &(id.0, filter))?;
    let after = cursors.read(list.cursor.as_ref())?;
    let conn = db.read(scope).await?;
    queries::find(&conn, scope, id.0).await?.ok_or(Code::NotFound)?;
    let rows = queries::list_clusters(&conn, scope, id.0, filter, (list.limit, after)).await?;
    let total = list.total(queries::count_clusters(&conn, scope, id.0)).await?;
    list.page((rows, total), &cursors, |cluster| (cluster.member_count, cluster.id))
}

/// Registers the routes.
pub(in crate::duplicates) fn routes(config: &mut Routes<'_, '_>) {
    config
        .service(start_duplicate_run)
        .service(list_duplicate_runs)
        .service(get_duplicate_run)
        .service(list_duplicate_clusters);
}
