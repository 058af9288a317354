//! One statement a function, each over all families of a meeting.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{Array, Date, Int4, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::model::{Decided, Standing};
use crate::db::{self, Conn};
use crate::domain::{BeneficiaryId, EnrollmentId, VillageCode};
use crate::enrollments::model::{EnrollmentStatus, ExitReason};
use crate::enrollments::places::Claim;
use crate::error::Result;
use crate::programs::eligibility::Sql;
use crate::programs::{self, RuleSet};
use crate::schema::enrollments;

/// Keeps the live enrollments of held families in the program from changing until the transaction ends.
pub(super) async fn lock(mut conn: &Conn, area_id: i32, rule_set: &RuleSet, families: &[BeneficiaryId]) -> Result<()> {
    let enrolled = enrollments::table
        .filter(enrollments::area_id.eq(area_id))
        .filter(enrollments::program_id.eq(rule_set.program_id))
        .filter(enrollments::beneficiary_id.eq_any(families))
        .filter(enrollments::status.ne("exited"))
        .order(enrollments::id)
        .select(enrollments::id)
        .for_update();
    enrolled.load::<EnrollmentId>(&mut conn).await?;
    Ok(())
}

/// Number of the first placeholder that [`standings`] leaves to the rule.
pub(super) const RULE_FROM: usize = 4;

/// How each held family stands to the program.
pub(super) async fn standings(
    mut conn: &Conn,
    area_id: i32,
    (rule_set, rule): (&RuleSet, &Sql),
    families: &[BeneficiaryId],
) -> Result<Vec<Standing>> {
    let statement = format!(
        "select b.id as beneficiary_id, b.status = 'live' as is_live, {} as is_eligible, l.id as enrollment_id,
             l.status, l.started_on
         from beneficiaries b
         left join enrollments l on l.area_id = b.area_id and l.beneficiary_id = b.id and l.program_id = $3
             and l.status <> 'exited'
         where b.area_id = $1 and b.id = any ($2)
         order by b.id",
        rule.value()
    );
    let query = sql_query(statement)
        .into_boxed::<Pg>()
        .bind::<Int4, _>(area_id)
        .bind::<Array<SqlUuid>, _>(families.to_vec())
        .bind::<SqlUuid, _>(rule_set.program_id);
    Ok(programs::bind(query, &rule.parameters).load(&mut conn).await?)
}

/// A family that is on the program now.
#[derive(Debug, QueryableByName)]
pub(super) struct Enrolled {
    #[diesel(sql_type = SqlUuid)]
    pub(super) id: EnrollmentId,
    #[diesel(sql_type = SqlUuid)]
    pub(super) beneficiary_id: BeneficiaryId,
}

/// Enrols held families, those that were proposed by their proposals; answers those that it did. Where the first day has
/// not come they are confirmed until then.
pub(super) async fn add(
    mut conn: &Conn,
    client_id: &str,
    (decided, rule_set): (&Decided<'_>, &RuleSet),
    claims: &[Claim],
    now: DateTime<Utc>,
) -> Result<Vec<Enrolled>> {
    let query = sql_query(
        "with wanted as (
             select * from unnest($9, $10) as w (family, village_code)
         ), known as (
             select e.* from enrollments e join wanted w on w.family = e.beneficiary_id
             where e.area_id = $1 and e.program_id = $3 and e.status = 'proposed'
         ), kept as (
             insert into enrollments_history (area_id, id, valid_from, valid_to, version, record, client_id)
             select area_id, id, updated_at, greatest($8, updated_at + interval '1 microsecond'), version, to_jsonb(k), $5
             from known k
         ), confirmed as (
             update enrollments e set status = $11, rule_set_id = $4, decided_by = $5, decree_number = $6,
                 started_on = $7, quota_village_code = w.village_code, version = e.version + 1,
                 updated_at = greatest($8, e.updated_at + interval '1 microsecond')
             from known k join wanted w on w.family = k.beneficiary_id
             where e.area_id = $1 and e.id = k.id returning e.id, e.beneficiary_id
         ), added as (
             insert into enrollments (area_id, id, program_id, beneficiary_id, rule_set_id, status, decided_by,
                 decree_number, started_on, quota_village_code, created_at, updated_at)
             select $1, derive_id($2, family), $3, family, $4, $11, $5, $6, $7, village_code, $8, $8
             from wanted where family not in (select beneficiary_id from known)
             on conflict (area_id, beneficiary_id, program_id) where status <> 'exited' do nothing
             returning id, beneficiary_id
         )
         select * from confirmed union all select * from added",
    );
    let families: Vec<BeneficiaryId> = claims.iter().map(|claim| claim.beneficiary_id).collect();
    let villages: Vec<VillageCode> = claims.iter().map(|claim| claim.village_code.clone()).collect();
    let added = query
        .bind::<Int4, _>(decided.area_id)
        .bind::<SqlUuid, _>(Uuid::now_v7())
        .bind::<SqlUuid, _>(rule_set.program_id)
        .bind::<SqlUuid, _>(rule_set.id)
        .bind::<Text, _>(client_id)
        .bind::<Text, _>(decided.decree_number)
        .bind::<Date, _>(decided.effective_on)
        .bind::<Timestamptz, _>(now)
        .bind::<Array<SqlUuid>, _>(families)
        .bind::<Array<Text>, _>(villages)
        .bind::<Text, _>(EnrollmentStatus::beginning(decided.effective_on, db::today()))
        .load(&mut conn)
        .await?;
    Ok(added)
}

/// Keeps the present versions of enrollments in the history, then ends each for its reason.
pub(super) async fn remove(
    mut conn: &Conn,
    client_id: &str,
    (area_id, ended_on): (i32, NaiveDate),
    exits: &[(EnrollmentId, ExitReason)],
    now: DateTime<Utc>,
) -> Result<()> {
    let ids: Vec<EnrollmentId> = exits.iter().map(|(id, _)| *id).collect();
    sql_query(
        "insert into enrollments_history (area_id, id, valid_from, valid_to, version, record, client_id)
         select area_id, id, updated_at, greatest($3, updated_at + interval '1 microsecond'), version, to_jsonb(e), $4
         from enrollments e where area_id = $1 and id = any ($2)",
    )
    .bind::<Int4, _>(area_id)
    .bind::<Array<SqlUuid>, _>(&ids)
    .bind::<Timestamptz, _>(now)
    .bind::<Text, _>(client_id)
    .execute(&mut conn)
    .await?;
    sql_query(
        "update enrollments e set status = 'exited', exit_reason = x.reason, ended_on = $4, suspension_reason = null,
             version = e.version + 1, updated_at = greatest($5, e.updated_at + interval '1 microsecond')
         from unnest($2, $3) as x (id, reason) where e.area_id = $1 and e.id = x.id",
    )
    .bind::<Int4, _>(area_id)
    .bind::<Array<SqlUuid>, _>(&ids)
    .bind::<Array<Text>, _>(exits.iter().map(|(_, reason)| *reason).collect::<Vec<_>>())
    .bind::<Date, _>(ended_on)
    .bind::<Timestamptz, _>(now)
    .execute(&mut conn)
    .await?;
    Ok(())
}
