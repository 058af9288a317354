//! Starting a run, and what it does behind the request that started it.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use diesel_async::{AsyncConnection, TransactionManager};
use serde_json::json;
use tokio_postgres::Client;

use super::compute::{FoundCluster, MOST_PAIRS, Outcome, compute};
use super::model::{DuplicateCluster, DuplicateRun, RunRow, RunStatus, RunStep};
use super::queries::{self, Basis, lock_of};
use crate::audit;
use crate::beneficiaries::read_members;
use crate::db::{self, Conn, Db};
use crate::domain::{
    BeneficiaryId, Caller, DuplicateClusterId, DuplicatePairId, DuplicateRunId, ImportId, MemberId, Scope, VillageCode,
};
use crate::error::{Error, Result};
use crate::events::{self, NewEvent};
use crate::keys::Keys;
use crate::matching::batch::formed;
use crate::matching::names::NORMALISATION_VERSION;
use crate::matching::registry::registry;

type Manager = <Conn as AsyncConnection>::TransactionManager;

/// Pairs that one statement adds.
const PAIRS_AT_ONCE: usize = 5_000;
/// Groups that one statement adds, six values each.
const CLUSTERS_AT_ONCE: usize = 2_000;
/// Time between two words about progress.
const BETWEEN_WORDS: Duration = Duration::from_secs(1);

/// What a run works for.
#[derive(Debug, Clone)]
pub(super) struct Job {
    /// The caller, bound to the area of the run.
    pub(super) caller: Caller,
    pub(super) area_id: i32,
    pub(super) id: DuplicateRunId,
    pub(super) import_id: Option<ImportId>,
    pub(super) villages: Option<Vec<VillageCode>>,
}

impl Job {
    fn scope(&self) -> Scope {
        Scope { area_ids: vec![self.area_id], company_id: None }
    }
}

/// Opens the session of a run: its lock tells others that somebody is at it.
///
/// # Errors
/// `Unavailable` where the database cannot be reached.
pub(super) async fn open_session(db: &Db, job: &Job) -> Result<Client> {
    let session = db.session(&job.scope()).await?;
    session.execute("select pg_advisory_lock($1)", &[&lock_of(job.id)]).await.map_err(Error::internal)?;
    Ok(session)
}

/// Records a run as begun.
///
/// # Errors
/// `duplicate_run_in_progress`.
pub(super) async fn begin(conn: &Conn, job: &Job) -> Result<DuplicateRun> {
    let row = RunRow {
        area_id: job.area_id,
        id: job.id,
        client_id: job.caller.client_id.clone(),
        import_id: job.import_id,
        village_codes: job.villages.clone(),
        status: RunStatus::Running,
        step: RunStep::Reading,
        members_read: 0,
        comparisons: 0,
        pairs_same: 0,
        pairs_look: 0,
        persons_registered_again: 0,
        families_same: 0,
        pairs_cleared: 0,
        pairs_left_out: 0,
        is_learnt: false,
        normalisation: i16::try_from(NORMALISATION_VERSION).unwrap_or(i16::MAX),
        skipped: None,
        created_at: db::now(),
        finished_at: None,
    };
    queries::insert(conn, &row).await?;
    let run = DuplicateRun::from(row);
    let write = audit::Write::of("start_duplicate_run", "duplicate_runs", run.id.0, job.area_id);
    audit::record(conn, &job.caller, write, None, Some(&run)).await?;
    Ok(run)
}

/// Does what a begun run is for, and says so where it fails.
pub(super) async fn run_in_background(db: Db, keys: Arc<Keys>, job: Job, session: Client) {
    let Err(error) = run(&db, keys, &job, session).await else { return };
    log::error!(run_id:% = job.id; "a look for duplicates failed: {error}");
    if let Err(error) = fail(&db, (job.area_id, job.id)).await {
        // The watch finds it: the lock of its session is free.
        log::error!(run_id:% = job.id; "a look for duplicates could not be marked as failed: {error}");
    }
}

/// Says that a run came to nothing, unless it has ended meanwhile.
///
/// # Errors
/// Where the database cannot be reached or refuses.
pub(super) async fn fail(db: &Db, of: (i32, DuplicateRunId)) -> Result<()> {
    let service = Caller::service(of.0);
    let mut conn = db.begin(&service.scope).await?;
    let outcome = mark_failed(&conn, &service, of).await;
    db::end(&mut conn, outcome).await
}

async fn mark_failed(conn: &Conn, service: &Caller, (area_id, id): (i32, DuplicateRunId)) -> Result<()> {
    let Some(row) = queries::set_failed(conn, (area_id, id), db::now()).await? else { return Ok(()) };
    let run = DuplicateRun::from(row);
    let write = audit::Write::of("fail_duplicate_run", "duplicate_runs", id.0, area_id);
    audit::record(conn, service, write, None, Some(&run)).await?;
    events::emit(conn, told(&run, area_id, "duplicate_run.failed")).await
}

async fn run(db: &Db, keys: Arc<Keys>, job: &Job, session: Client) -> Result<()> {
    let registry = registry().map_err(|fault| Error::internal(fault.to_string()))?;
    let members_read = Arc::new(AtomicU32::new(0));
    let of = (job.area_id, job.villages.as_deref());
    let reading = read_members(&session, keys, registry, of, Arc::clone(&members_read));
    let read = telling(db, job, (RunStep::Reading, &members_read), reading).await?;
    let compute = move || compute(registry, &formed(read), MOST_PAIRS);
    let weighing = async { tokio::task::spawn_blocking(compute).await.map_err(Error::internal)? };
    let outcome = telling(db, job, (RunStep::Weighing, &members_read), weighing).await?;
    tell(db, job, RunStep::Writing, &members_read).await;
    let mut conn = Conn::try_from(session).await.map_err(Error::unavailable)?;
    Manager::begin_transaction(&mut conn).await?;
    match write(&conn, job, &outcome).await {
        Ok(()) => Ok(Manager::commit_transaction(&mut conn).await?),
        Err(error) => {
            // Why it failed is what is told, even where the connection broke with it.
            Manager::rollback_transaction(&mut conn).await.ok();
            Err(error)
        }
    }
}

/// Waits for a part of a run, and tells every second how far it is.
async fn telling<T>(
    db: &Db,
    job: &Job,
    (step, members_read): (RunStep, &AtomicU32),
    part: impl Future<Output = Result<T>>,
) -> Result<T> {
    let mut part = std::pin::pin!(part);
    let mut between = tokio::time::interval(BETWEEN_WORDS);
    between.tick().await;
    loop {
        tokio::select! {
            done = &mut part => return done,
            _ = between.tick() => tell(db, job, step, members_read).await,
        }
    }
}

/// A word that is lost does no harm.
async fn tell(db: &Db, job: &Job, step: RunStep, members_read: &AtomicU32) {
    let read = i32::try_from(members_read.load(Ordering::Relaxed)).unwrap_or(i32::MAX);
    let told = match db.read(&job.scope()).await {
        Ok(conn) => queries::set_step(&conn, (job.area_id, job.id), step, read).await,
        Err(error) => Err(error),
    };
    if let Err(error) = told {
        log::warn!(run_id:% = job.id; "the progress of a look for duplicates could not be told: {error}");
    }
}

/// Merges what was found into the queue.
async fn write(conn: &Conn, job: &Job, outcome: &Outcome) -> Result<()> {
    let basis = Basis { area_id: job.area_id, id: job.id, now: db::now() };
    queries::stage(conn).await?;
    for pairs in outcome.pairs.chunks(PAIRS_AT_ONCE) {
        queries::add(conn, pairs).await?;
    }
    let renewed = queries::renew(conn, basis).await?;
    let opened = queries::open(conn, basis).await?;
    let unfound = queries::unfound(conn, job.area_id).await?;
    let unlike = unfound.iter().filter(|pair| outcome.is_unlike(pair)).map(|pair| pair.id);
    let cleared = queries::clear(conn, basis, &unlike.collect::<Vec<DuplicatePairId>>()).await?;
    for clusters in outcome.clusters.chunks(CLUSTERS_AT_ONCE) {
        let rows: Vec<_> = clusters.iter().map(|cluster| row_of(job, cluster)).collect();
        queries::insert_clusters(conn, &rows).await?;
    }
    queries::finish(conn, basis, (outcome, cleared)).await?;
    leave_trace(conn, job, renewed + opened + cleared).await
}

fn row_of(job: &Job, cluster: &FoundCluster) -> DuplicateCluster {
    DuplicateCluster {
        area_id: job.area_id,
        id: DuplicateClusterId::new(),
        run_id: job.id,
        member_ids: cluster.member_ids.iter().copied().map(MemberId).collect(),
        beneficiary_ids: cluster.beneficiary_ids.iter().copied().map(BeneficiaryId).collect(),
        member_count: i32::try_from(cluster.member_ids.len()).unwrap_or(i32::MAX),
    }
}

async fn leave_trace(conn: &Conn, job: &Job, written: usize) -> Result<()> {
    let row = queries::find(conn, &job.scope(), job.id).await?;
    let run = DuplicateRun::from(row.ok_or_else(|| Error::internal("a run is gone"))?);
    let write = audit::Write {
        record_count: i32::try_from(written).unwrap_or(i32::MAX),
        ..audit::Write::of("start_duplicate_run", "duplicate_pairs", job.id.0, job.area_id)
    };
    audit::record(conn, &job.caller, write, None, Some(&run)).await?;
    events::emit(conn, told(&run, job.area_id, "duplicate_run.finished")).await
}

/// What others are told of a run: counts, and nobody's data.
fn told<'a>(run: &DuplicateRun, area_id: i32, kind: &'a str) -> NewEvent<'a> {
    NewEvent {
        kind,
        subject: "duplicate_runs",
        subject_id: run.id.0,
        area_id,
        company_id: None,
        data: json!({
            "pairs_same": run.pairs_same, "pairs_look": run.pairs_look, "pairs_cleared": run.pairs_cleared,
        }),
    }
}
