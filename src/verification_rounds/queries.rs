//! One statement a function. Each takes the scope, or the area that was found by it.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_types::{Array, Int4, Nullable, Text, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;

use super::model::{NewRound, Round, RoundFilter, RoundStatus};
use super::samples::Drawn;
use crate::db::{Conn, walk};
use crate::domain::{Caller, Document, Scope, VerificationRoundId};
use crate::error::{Code, Result};
use crate::http::{ByCreation, Limit};
use crate::programs::{self, eligibility::Sql};
use crate::schema::verification_rounds;

/// Finds a round.
pub(super) async fn find(mut conn: &Conn, scope: &Scope, id: VerificationRoundId) -> Result<Option<Round>> {
    let query = Round::query()
        .filter(verification_rounds::area_id.eq_any(&scope.area_ids))
        .filter(verification_rounds::id.eq(id));
    Ok(query.first(&mut conn).await.optional()?)
}

/// Finds a round and keeps others from changing it until the transaction ends.
pub(super) async fn lock(mut conn: &Conn, scope: &Scope, id: VerificationRoundId) -> Result<Option<Round>> {
    let query = Round::query()
        .filter(verification_rounds::area_id.eq_any(&scope.area_ids))
        .filter(verification_rounds::id.eq(id))
        .for_no_key_update();
    Ok(query.first(&mut conn).await.optional()?)
}

/// Finds a round and keeps it from closing until the transaction ends; visits share the lock.
pub(super) async fn share(mut conn: &Conn, area_id: i32, id: VerificationRoundId) -> Result<Option<Round>> {
    let query = Round::query()
        .filter(verification_rounds::area_id.eq(area_id))
        .filter(verification_rounds::id.eq(id))
        .for_share();
    Ok(query.first(&mut conn).await.optional()?)
}

/// Rounds that a filter leaves.
fn filtered<'a>(scope: &'a Scope, filter: &RoundFilter) -> verification_rounds::BoxedQuery<'a, Pg> {
    let query = verification_rounds::table.filter(verification_rounds::area_id.eq_any(&scope.area_ids)).into_boxed();
    match filter.status {
        Some(status) => query.filter(verification_rounds::status.eq(status)),
        None => query,
    }
}

/// Counts rounds.
pub(super) async fn count(mut conn: &Conn, scope: &Scope, filter: &RoundFilter) -> Result<i64> {
    Ok(filtered(scope, filter).count().get_result(&mut conn).await?)
}

/// Lists rounds by id, after one.
pub(super) async fn list(
    mut conn: &Conn,
    scope: &Scope,
    filter: &RoundFilter,
    (limit, after): (Limit, Option<VerificationRoundId>),
) -> Result<Vec<Round>> {
    let query = filtered(scope, filter).select(Round::as_select()).limit(limit.rows_to_fetch());
    let is_down = filter.sort != Some(ByCreation::Up);
    Ok(walk!(query, is_down, after, verification_rounds::{id}).load(&mut conn).await?)
}

/// Adds an open round, its list still empty.
pub(super) async fn insert(
    mut conn: &Conn,
    caller: &Caller,
    area_id: i32,
    (new, drawn): (&NewRound, Option<&Drawn>),
    (reference_on, now): (NaiveDate, DateTime<Utc>),
) -> Result<Round> {
    let row = (
        verification_rounds::program_id.eq(drawn.map(|drawn| drawn.program_id)),
        verification_rounds::seed.eq(drawn.map(|drawn| drawn.seed)),
        verification_rounds::strata.eq(drawn.map(|drawn| Document(drawn.strata.clone()))),
        verification_rounds::area_id.eq(area_id),
        verification_rounds::id.eq(VerificationRoundId::new()),
        verification_rounds::title.eq(&new.title),
        verification_rounds::rule.eq(&new.rule),
        verification_rounds::reference_on.eq(reference_on),
        verification_rounds::village_codes.eq(&new.village_codes),
        verification_rounds::due_on.eq(new.due_on),
        verification_rounds::status.eq(RoundStatus::Open),
        verification_rounds::opened_by.eq(&caller.client_id),
        verification_rounds::created_at.eq(now),
        verification_rounds::updated_at.eq(now),
    );
    let insert = diesel::insert_into(verification_rounds::table).values(row);
    Ok(insert.returning(Round::as_returning()).get_result(&mut conn).await?)
}

/// Number of the first placeholder that [`draw_up`] leaves to the rule.
pub(super) const RULE_FROM: usize = 10;

/// Puts the live families that the rule says yes to on the list of a round, all or of each village as many as its
/// sample draws, in one statement; answers how many.
///
/// A village with several visitors is shared out by turns in the order of the families' ids.
pub(super) async fn draw_up(mut conn: &Conn, round: &Round, new: &NewRound, rule: &Sql) -> Result<usize> {
    let statement = format!(
        "with asked as (
             select b.area_id, b.id, b.village_code, b.decile,
                 row_number() over (
                     partition by b.village_code order by sha256(convert_to($6::text || ':' || b.id::text, 'UTF8')), b.id
                 ) as place,
                 case when $7 is not null then exists (
                     select from enrollments e where e.area_id = b.area_id and e.beneficiary_id = b.id
                         and e.program_id = $7 and e.status <> 'exited'
                 ) end as is_aided
             from beneficiaries b
             where b.area_id = $1 and b.status = 'live' and ($2 is null or b.village_code = any ($2)) and {}
         ), chosen as (
             select a.*, row_number() over (partition by a.village_code order by a.id) as turn
             from asked a left join unnest($8, $9) as s (village_code, drawn) on s.village_code = a.village_code
             where $6 is null or a.place <= s.drawn
         ), visitor as (
             select village_code, client_id, row_number() over (partition by village_code order by place) as turn,
                 count(*) over (partition by village_code) as visitors
             from unnest($3, $4) with ordinality as given (village_code, client_id, place)
         )
         insert into verification_tasks
             (area_id, id, round_id, beneficiary_id, village_code, decile, assigned_to, is_aided)
         select c.area_id, derive_id($5, c.id), $5, c.id, c.village_code, c.decile, v.client_id, c.is_aided
         from chosen c
         left join visitor v on v.village_code = c.village_code and v.turn = 1 + (c.turn - 1) % v.visitors",
        rule.condition()
    );
    let pairs = new.assignments.iter().map(|one| (&one.village_code, &one.client_id));
    let (villages, clients): (Vec<_>, Vec<_>) = pairs.unzip();
    let strata = round.strata.iter().flat_map(|strata| &strata.0).map(|one| (&one.village_code, one.drawn));
    let (sampled, drawn): (Vec<_>, Vec<_>) = strata.unzip();
    let query = diesel::sql_query(statement)
        .into_boxed::<Pg>()
        .bind::<Int4, _>(round.area_id)
        .bind::<Nullable<Array<Text>>, _>(new.village_codes.as_ref())
        .bind::<Array<Text>, _>(villages)
        .bind::<Array<Text>, _>(clients)
        .bind::<SqlUuid, _>(round.id)
        .bind::<Nullable<Int4>, _>(round.seed)
        .bind::<Nullable<SqlUuid>, _>(round.program_id)
        .bind::<Array<Text>, _>(sampled)
        .bind::<Array<Int4>, _>(drawn);
    Ok(programs::bind(query, &rule.parameters).execute(&mut conn).await?)
}

/// Notes on a round that was just made how many families its list has.
pub(super) async fn note_count(mut conn: &Conn, round: &Round, task_count: i32) -> Result<()> {
    diesel::update(verification_rounds::table.find((round.area_id, round.id)))
        .set(verification_rounds::task_count.eq(task_count))
        .execute(&mut conn)
        .await?;
    Ok(())
}

/// Closes a locked round.
pub(super) async fn close(mut conn: &Conn, caller: &Caller, before: &Round, now: DateTime<Utc>) -> Result<Round> {
    let row = verification_rounds::table
        .find((before.area_id, before.id))
        .filter(verification_rounds::version.eq(before.version));
    let after = diesel::update(row)
        .set((
            verification_rounds::status.eq(RoundStatus::Closed),
            verification_rounds::closed_by.eq(&caller.client_id),
            verification_rounds::closed_at.eq(now),
            verification_rounds::version.eq(before.version + 1),
            verification_rounds::updated_at.eq(now),
        ))
        .returning(Round::as_returning())
        .get_result(&mut conn)
        .await
        .optional()?;
    after.ok_or_else(|| Code::VersionStale.into())
}
