//! One statement a function. Each takes the scope, or the area that was found by it.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{Array, Bool, Date, Int4, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::model::{Enrollment, EnrollmentFilter, NewEnrollmentRun, NewState, RunCounts};
use crate::db::{Conn, walk};
use crate::domain::{BeneficiaryId, Caller, EnrollmentId, Scope};
use crate::error::{Code, Result};
use crate::http::{ById, Limit};
use crate::programs::eligibility::Sql;
use crate::programs::{self, RuleSet};
use crate::schema::{beneficiaries, enrollments};

/// Finds an enrollment.
pub(super) async fn find(mut conn: &Conn, scope: &Scope, id: EnrollmentId) -> Result<Option<Enrollment>> {
    let query = Enrollment::query().filter(enrollments::area_id.eq_any(&scope.area_ids)).filter(enrollments::id.eq(id));
    Ok(query.first(&mut conn).await.optional()?)
}

/// Finds an enrollment and keeps others from changing it until the transaction ends.
pub(super) async fn lock(mut conn: &Conn, scope: &Scope, id: EnrollmentId) -> Result<Option<Enrollment>> {
    let query = Enrollment::query()
        .filter(enrollments::area_id.eq_any(&scope.area_ids))
        .filter(enrollments::id.eq(id))
        .for_update();
    Ok(query.first(&mut conn).await.optional()?)
}

/// Enrollments that a filter leaves.
fn filtered<'a>(scope: &'a Scope, filter: &'a EnrollmentFilter) -> enrollments::BoxedQuery<'a, Pg> {
    let mut query = enrollments::table.filter(enrollments::area_id.eq_any(&scope.area_ids)).into_boxed();
    if let Some(program_id) = filter.program_id {
        query = query.filter(enrollments::program_id.eq(program_id));
    }
    if let Some(beneficiary_id) = filter.beneficiary_id {
        query = query.filter(enrollments::beneficiary_id.eq(beneficiary_id));
    }
    if let Some(status) = filter.status {
        query = query.filter(enrollments::status.eq(status));
    }
    if let Some(village_code) = &filter.village_code {
        let living_there = beneficiaries::table
            .filter(beneficiaries::area_id.eq_any(&scope.area_ids))
            .filter(beneficiaries::village_code.eq(village_code))
            .select(beneficiaries::id);
        query = query.filter(enrollments::beneficiary_id.eq_any(living_there));
    }
    query
}

/// Counts enrollments.
pub(super) async fn count(mut conn: &Conn, scope: &Scope, filter: &EnrollmentFilter) -> Result<i64> {
    Ok(filtered(scope, filter).count().get_result(&mut conn).await?)
}

/// Lists enrollments by area and id, after a place.
pub(super) async fn list(
    mut conn: &Conn,
    scope: &Scope,
    filter: &EnrollmentFilter,
    (limit, after): (Limit, Option<(i32, EnrollmentId)>),
) -> Result<Vec<Enrollment>> {
    let query = filtered(scope, filter).select(Enrollment::as_select()).limit(limit.rows_to_fetch());
    let is_down = filter.sort == Some(ById::Down);
    Ok(walk!(query, is_down, after, enrollments::{area_id, id}).load(&mut conn).await?)
}

/// Which of the families are live in the area.
pub(super) async fn live_among(mut conn: &Conn, area_id: i32, ids: &[BeneficiaryId]) -> Result<Vec<BeneficiaryId>> {
    let live = beneficiaries::table
        .filter(beneficiaries::area_id.eq(area_id))
        .filter(beneficiaries::id.eq_any(ids))
        .filter(beneficiaries::status.eq("live"))
        .select(beneficiaries::id);
    Ok(live.load(&mut conn).await?)
}

/// What a run enrols by, besides its request.
pub(super) struct Basis<'a> {
    pub(super) area_id: i32,
    pub(super) rule_set: &'a RuleSet,
    pub(super) rule: &'a Sql,
    pub(super) started_on: NaiveDate,
    /// Id of the run, of which those of its enrollments are made.
    pub(super) run_id: Uuid,
    pub(super) now: DateTime<Utc>,
}

/// Number of the first placeholder that [`enrol`] leaves to the rule.
pub(super) const RUN_PARAMETERS: usize = 12;

/// Enrols all eligible families that are not on the program, in one statement.
///
/// The live key decides between two runs at once: who comes second finds the family enrolled already.
pub(super) async fn enrol(
    mut conn: &Conn,
    caller: &Caller,
    basis: &Basis<'_>,
    new: &NewEnrollmentRun,
) -> Result<RunCounts> {
    let query = sql_query(run_statement(basis.rule))
        .into_boxed::<Pg>()
        .bind::<Int4, _>(basis.area_id)
        .bind::<Nullable<Array<Text>>, _>(new.village_codes.as_ref())
        .bind::<Nullable<Array<SqlUuid>>, _>(new.beneficiary_ids.as_ref())
        .bind::<SqlUuid, _>(basis.rule_set.program_id)
        .bind::<Bool, _>(new.include_exited)
        .bind::<SqlUuid, _>(basis.run_id)
        .bind::<SqlUuid, _>(basis.rule_set.id)
        .bind::<Text, _>(&caller.client_id)
        .bind::<Text, _>(&new.decree_number)
        .bind::<Date, _>(basis.started_on)
        .bind::<Timestamptz, _>(basis.now);
    Ok(programs::bind(query, basis.rule).get_result(&mut conn).await?)
}

fn run_statement(rule: &Sql) -> String {
    format!(
        "with considered as (
             select b.id, {} as is_eligible,
                 exists (select from enrollments l where l.area_id = b.area_id and l.beneficiary_id = b.id
                     and l.program_id = $4 and l.status <> 'exited') as is_enrolled,
                 not $5 and exists (select from enrollments l where l.area_id = b.area_id
                     and l.beneficiary_id = b.id and l.program_id = $4 and l.status = 'exited') as stays_out
             from beneficiaries b
             where b.area_id = $1 and b.status = 'live' and ($2 is null or b.village_code = any ($2))
                 and ($3 is null or b.id = any ($3))
         ), added as (
             insert into enrollments (area_id, id, program_id, beneficiary_id, rule_set_id, status, decided_by,
                 decree_number, started_on, created_at, updated_at)
             select $1, derive_id($6, c.id), $4, c.id, $7, 'active', $8, $9, $10, $11, $11
             from considered c
             -- One that moves or ends at this moment is waited for, and then is not enrolled.
             join beneficiaries b on b.area_id = $1 and b.id = c.id and b.status = 'live'
             where c.is_eligible and not c.is_enrolled and not c.stays_out
             order by b.id for share of b
             on conflict (area_id, beneficiary_id, program_id) where status <> 'exited' do nothing
             returning beneficiary_id
         )
         select count(*) as considered, count(a.beneficiary_id) as enrolled,
             count(*) filter (where is_enrolled or is_eligible and not stays_out and a.beneficiary_id is null)
                 as already_enrolled,
             count(*) filter (where not is_enrolled and is_eligible and stays_out) as exited_before,
             count(*) filter (where not is_enrolled and not is_eligible) as not_eligible
         from considered c left join added a on a.beneficiary_id = c.id",
        rule.value()
    )
}

/// Keeps the present version, as it is, in the history.
pub(super) async fn keep_version(
    mut conn: &Conn,
    before: &Enrollment,
    client_id: &str,
    now: DateTime<Utc>,
) -> Result<()> {
    sql_query(
        "insert into enrollments_history (area_id, id, valid_from, valid_to, version, record, client_id)
         select area_id, id, updated_at, $3, version, to_jsonb(e), $4
         from enrollments e where area_id = $1 and id = $2",
    )
    .bind::<Int4, _>(before.area_id)
    .bind::<SqlUuid, _>(before.id)
    .bind::<Timestamptz, _>(now)
    .bind::<Text, _>(client_id)
    .execute(&mut conn)
    .await?;
    Ok(())
}

/// Writes a new state over the version that was locked.
pub(super) async fn update(
    mut conn: &Conn,
    before: &Enrollment,
    state: &NewState,
    now: DateTime<Utc>,
) -> Result<Enrollment> {
    let row = enrollments::table
        .filter(enrollments::area_id.eq(before.area_id))
        .filter(enrollments::id.eq(before.id))
        .filter(enrollments::version.eq(before.version));
    let after = diesel::update(row)
        .set((state, enrollments::version.eq(before.version + 1), enrollments::updated_at.eq(now)))
        .returning(Enrollment::as_returning())
        .get_result(&mut conn)
        .await
        .optional()?;
    after.ok_or_else(|| Code::VersionStale.into())
}
