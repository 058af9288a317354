//! One statement a function. Each takes the scope, or the area that was found by it.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{Int4, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;

use super::model::{Confirmed, Enrollment, EnrollmentFilter, EnrollmentStatus, NewState};
use crate::db::{self, Conn, Counted, walk};
use crate::domain::{BeneficiaryId, DeliberationId, EnrollmentId, ProgramId, Scope};
use crate::error::{Code, OnConflict, Result};
use crate::http::{ById, Limit};
use crate::programs::{self, RuleSet};
use crate::schema::{beneficiaries, deliberations, enrollments};

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

/// Whether a rule set says yes to a family on a day.
pub(super) async fn is_eligible(
    mut conn: &Conn,
    (area_id, family): (i32, BeneficiaryId),
    rule_set: &RuleSet,
    on: NaiveDate,
) -> Result<bool> {
    let rule = rule_set.expression()?.sql(on, 3);
    let statement = format!(
        "select count(*) as total from beneficiaries b where b.area_id = $1 and b.id = $2 and {}",
        rule.condition()
    );
    let query = sql_query(statement).into_boxed::<Pg>().bind::<Int4, _>(area_id).bind::<SqlUuid, _>(family);
    Ok(programs::bind(query, &rule.parameters).get_result::<Counted>(&mut conn).await?.total > 0)
}

/// Number of the decree of a village meeting about a program, or else of its minutes.
pub(super) async fn paper_of_meeting(
    mut conn: &Conn,
    area_id: i32,
    program_id: ProgramId,
    id: DeliberationId,
) -> Result<Option<String>> {
    let meeting = deliberations::table
        .filter(deliberations::area_id.eq(area_id))
        .filter(deliberations::program_id.eq(program_id))
        .filter(deliberations::id.eq(id));
    let paper = meeting.select((deliberations::decree_number, deliberations::minutes_number));
    let found: Option<(Option<String>, String)> = paper.first(&mut conn).await.optional()?;
    Ok(found.map(|(decree, minutes)| decree.unwrap_or(minutes)))
}

/// Writes what a confirmation says over the version that was locked.
pub(super) async fn confirm(
    mut conn: &Conn,
    before: &Enrollment,
    confirmed: &Confirmed<'_>,
    now: DateTime<Utc>,
) -> Result<Enrollment> {
    let row = enrollments::table.find((before.area_id, before.id)).filter(enrollments::version.eq(before.version));
    let after = diesel::update(row)
        .set((confirmed, enrollments::version.eq(before.version + 1), enrollments::updated_at.eq(now)))
        .returning(Enrollment::as_returning())
        .get_result(&mut conn)
        .await
        .optional()?;
    after.ok_or_else(|| Code::VersionStale.into())
}

/// Enrols a family that was given a place. The live key decides against whoever proposes it at the same moment.
pub(super) async fn insert(
    mut conn: &Conn,
    (area_id, program_id, family): (i32, ProgramId, BeneficiaryId),
    confirmed: &Confirmed<'_>,
    now: DateTime<Utc>,
) -> Result<Enrollment> {
    diesel::insert_into(enrollments::table)
        .values((
            enrollments::area_id.eq(area_id),
            enrollments::id.eq(EnrollmentId::new()),
            enrollments::program_id.eq(program_id),
            enrollments::beneficiary_id.eq(family),
            enrollments::rule_set_id.eq(confirmed.rule_set_id),
            enrollments::status.eq(confirmed.status),
            enrollments::decided_by.eq(confirmed.decided_by),
            enrollments::decree_number.eq(confirmed.decree_number),
            enrollments::started_on.eq(confirmed.started_on),
            enrollments::quota_village_code.eq(&confirmed.quota_village_code),
            enrollments::created_at.eq(now),
            enrollments::updated_at.eq(now),
        ))
        .returning(Enrollment::as_returning())
        .get_result(&mut conn)
        .await
        .on_conflict(Code::VersionStale)
}

/// The live enrollment of a family in a program, locked.
pub(super) async fn lock_live(
    mut conn: &Conn,
    (area_id, program_id, family): (i32, ProgramId, BeneficiaryId),
) -> Result<Option<Enrollment>> {
    let query = Enrollment::query()
        .filter(enrollments::area_id.eq(area_id))
        .filter(enrollments::program_id.eq(program_id))
        .filter(enrollments::beneficiary_id.eq(family))
        .filter(enrollments::status.ne(EnrollmentStatus::Exited))
        .for_update();
    Ok(query.first(&mut conn).await.optional()?)
}

/// Ids of all that a family has in programs, in their order.
pub(super) async fn live_ids(mut conn: &Conn, (area_id, family): (i32, BeneficiaryId)) -> Result<Vec<EnrollmentId>> {
    let live = enrollments::table
        .filter(enrollments::area_id.eq(area_id))
        .filter(enrollments::beneficiary_id.eq(family))
        .filter(enrollments::status.ne(EnrollmentStatus::Exited))
        .order(enrollments::id)
        .select(enrollments::id);
    Ok(live.load(&mut conn).await?)
}

/// Keeps the present version, as it is, in the history; answers when the next one begins.
pub(super) async fn keep_version(mut conn: &Conn, before: &Enrollment, client_id: &str) -> Result<DateTime<Utc>> {
    let now = db::next_instant(before.updated_at);
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
    Ok(now)
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
