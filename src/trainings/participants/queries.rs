//! One statement a function. Each takes the scope, or the area that was found by it.

use chrono::{DateTime, Utc};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_builder::{BoxedSqlQuery, SqlQuery};
use diesel::sql_query;
use diesel::sql_types::{Array, BigInt, Bool, Int2, Int4, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;

use super::model::{
    AssessmentResult, Candidate, NewAssessment, NewTrainingParticipant, ParticipantFilter, TrainingParticipant,
};
use crate::db::{Conn, Counted, Way};
use crate::domain::{AidId, BeneficiaryId, Caller, MemberId, Note, Scope, TrainingId, TrainingParticipantId};
use crate::error::{Code, OnConflict, Result};
use crate::http::{ById, Limit};
use crate::schema::training_participants;
use crate::trainings::model::Training;

/// Whether a participant `p` has a seat in an open training and is in no family of the area any more. A record that was
/// merged away has no seat in an open training.
macro_rules! has_left {
    () => {
        "(p.withdrawn_at is null
        and exists (
            select from trainings as t where t.area_id = p.area_id and t.id = p.training_id and t.status = 'open')
        and not exists (
            select from memberships as m
            where m.area_id = p.area_id and m.member_id = p.member_id and m.ended_on is null))"
    };
}

/// A participant with what it attended; sessions without a mark count as missed.
const ROWS: &str = concat!(
    "
    select p.area_id, p.id, p.training_id, p.beneficiary_id, p.member_id, p.aid_id, h.held_hours, h.attended_hours,
        case when h.held_hours > 0 then h.attended_hours * 100 / h.held_hours end as attended_percent, p.assessment,
        p.assessed_by, p.assessed_at, ",
    has_left!(),
    " as has_left, p.withdrawn_at, p.withdrawn_by, p.withdrawal_reason, p.registered_by, p.version,
        p.created_at, p.updated_at
    from training_participants as p
    cross join lateral (
        select coalesce(sum(a.lesson_hours), 0) as held_hours,
            coalesce(sum(a.lesson_hours) filter (where a.mark = 'present'), 0) as attended_hours
        from training_attendance as a
        where a.area_id = p.area_id and a.training_id = p.training_id and a.participant_id = p.id
    ) as h"
);

/// The live member of a live family of the area, held so that it does not end or move meanwhile.
pub(super) async fn hold_candidate(mut conn: &Conn, area_id: i32, id: MemberId) -> Result<Option<Candidate>> {
    let found = sql_query(
        "select b.id as beneficiary_id, b.verified_at is not null as is_verified, p.born_on
         from memberships as m
         join members as p on p.area_id = m.area_id and p.id = m.member_id
         join beneficiaries as b on b.area_id = m.area_id and b.id = m.beneficiary_id
         where m.area_id = $1 and m.member_id = $2 and m.ended_on is null and b.status = 'live' for share of b, m",
    );
    let found = found.bind::<Int4, _>(area_id).bind::<SqlUuid, _>(id);
    Ok(found.get_result(&mut conn).await.optional()?)
}

/// How many seats an entitlement of the training's program, or an allocation of its line, gives the family; nothing where
/// it is not the family's. Its row is held, so that its seats are counted once.
pub(super) async fn hold_aid(
    mut conn: &Conn,
    training: &Training,
    (aid_id, family): (AidId, BeneficiaryId),
) -> Result<Option<i64>> {
    let due = "with held as (
            select * from entitlements where area_id = $1 and id = $2 and beneficiary_id = $3 and program_id = $4
            for no key update
        )
        select floor(e.quantity
            - coalesce((select sum(g.withdrawn) from aid_given g
                where g.area_id = e.area_id and g.period = e.period and g.entitlement_id = e.id), 0)
            - coalesce((select sum(h.withdrawn_quantity) from holds h
                where h.area_id = e.area_id and h.entitlement_id = e.id), 0))::bigint as total
        from held e";
    let reserved = "with held as (
            select * from allocations where area_id = $1 and id = $2 and beneficiary_id = $3 and pledge_line_id = $4
                and status <> 'released' and (status = 'reserved' or delivered_quantity > returned_quantity)
            for no key update
        )
        select floor(a.quantity - a.returned_quantity)::bigint as total from held a";
    let sources = [training.program_id.map(|id| id.0), training.pledge_line_id.map(|id| id.0)];
    for (statement, source) in [due, reserved].into_iter().zip(sources) {
        let held = sql_query(statement)
            .bind::<Int4, _>(training.area_id)
            .bind::<SqlUuid, _>(aid_id)
            .bind::<SqlUuid, _>(family)
            .bind::<Nullable<SqlUuid>, _>(source);
        if let Some(seats) = held.get_result::<Counted>(&mut conn).await.optional()? {
            return Ok(Some(seats.total));
        }
    }
    Ok(None)
}

/// How many have a seat of an entitlement or allocation that is held.
pub(super) async fn seats_of_aid(mut conn: &Conn, area_id: i32, aid_id: AidId) -> Result<i64> {
    let of_aid = training_participants::table
        .filter(training_participants::area_id.eq(area_id))
        .filter(training_participants::aid_id.eq(aid_id))
        .filter(training_participants::withdrawn_at.is_null());
    Ok(of_aid.count().get_result(&mut conn).await?)
}

/// Gives a seat.
///
/// # Errors
/// `participant_already_registered`.
pub(super) async fn insert(
    mut conn: &Conn,
    caller: &Caller,
    (training, family): (&Training, BeneficiaryId),
    new: &NewTrainingParticipant,
    now: DateTime<Utc>,
) -> Result<TrainingParticipantId> {
    let id = TrainingParticipantId::new();
    let row = (
        training_participants::area_id.eq(training.area_id),
        training_participants::id.eq(id),
        training_participants::training_id.eq(training.id),
        training_participants::beneficiary_id.eq(family),
        training_participants::member_id.eq(new.member_id),
        training_participants::aid_id.eq(new.aid_id),
        training_participants::registered_by.eq(&caller.client_id),
        training_participants::created_at.eq(now),
        training_participants::updated_at.eq(now),
    );
    let insert = diesel::insert_into(training_participants::table).values(row).execute(&mut conn).await;
    insert.on_conflict(Code::ParticipantAlreadyRegistered)?;
    Ok(id)
}

/// Finds a participant.
pub(super) async fn find(
    mut conn: &Conn,
    scope: &Scope,
    id: TrainingParticipantId,
) -> Result<Option<TrainingParticipant>> {
    let found = sql_query(format!("{ROWS} where p.area_id = any ($1) and p.id = $2"));
    let found = found.bind::<Array<Int4>, _>(&scope.area_ids).bind::<SqlUuid, _>(id);
    Ok(found.get_result(&mut conn).await.optional()?)
}

/// Frees a seat of a locked training.
pub(super) async fn withdraw(
    mut conn: &Conn,
    caller: &Caller,
    before: &TrainingParticipant,
    (reason, now): (&Note, DateTime<Utc>),
) -> Result<()> {
    let row = training_participants::table.find((before.area_id, before.id));
    diesel::update(row)
        .set((
            training_participants::withdrawn_at.eq(now),
            training_participants::withdrawn_by.eq(&caller.client_id),
            training_participants::withdrawal_reason.eq(reason),
            training_participants::version.eq(before.version + 1),
            training_participants::updated_at.eq(now),
        ))
        .execute(&mut conn)
        .await?;
    Ok(())
}

/// Participants of a locked training who have a seat and are in no family of the area any more, by id.
pub(super) async fn of_leavers(mut conn: &Conn, training: &Training) -> Result<Vec<TrainingParticipant>> {
    let found = format!(
        "select r.* from ({ROWS} where p.area_id = $1 and p.training_id = $2) as r where r.has_left order by r.id"
    );
    let found = sql_query(found).bind::<Int4, _>(training.area_id).bind::<SqlUuid, _>(training.id);
    Ok(found.load(&mut conn).await?)
}

/// Frees seats of a locked training.
pub(super) async fn release(
    mut conn: &Conn,
    caller: &Caller,
    (training, ids): (&Training, &[TrainingParticipantId]),
    (reason, now): (&Note, DateTime<Utc>),
) -> Result<()> {
    let freed = sql_query(
        "update training_participants
         set withdrawn_at = greatest($4, updated_at + interval '1 microsecond'), withdrawn_by = $5,
             withdrawal_reason = $6, version = version + 1,
             updated_at = greatest($4, updated_at + interval '1 microsecond')
         where area_id = $1 and training_id = $2 and id = any ($3)",
    );
    let freed = freed
        .bind::<Int4, _>(training.area_id)
        .bind::<SqlUuid, _>(training.id)
        .bind::<Array<SqlUuid>, _>(ids)
        .bind::<Timestamptz, _>(now)
        .bind::<Text, _>(&caller.client_id)
        .bind::<Text, _>(reason);
    freed.execute(&mut conn).await?;
    Ok(())
}

/// Records what an assessor found, of participants of a locked training who have a seat; answers whom.
pub(super) async fn assess(
    mut conn: &Conn,
    caller: &Caller,
    training: &Training,
    (results, now): (&[NewAssessment], DateTime<Utc>),
) -> Result<Vec<TrainingParticipantId>> {
    let ids: Vec<TrainingParticipantId> = results.iter().map(|one| one.participant_id).collect();
    let found: Vec<AssessmentResult> = results.iter().map(|one| one.result).collect();
    let written = sql_query(
        "update training_participants as p
         set assessment = g.result, assessed_by = $5, assessed_at = $6, version = p.version + 1, updated_at = $6
         from unnest($3, $4) as g (id, result)
         where p.area_id = $1 and p.training_id = $2 and p.id = g.id and p.withdrawn_at is null returning p.id",
    );
    let written = written
        .bind::<Int4, _>(training.area_id)
        .bind::<SqlUuid, _>(training.id)
        .bind::<Array<SqlUuid>, _>(ids)
        .bind::<Array<Text>, _>(found)
        .bind::<Text, _>(&caller.client_id)
        .bind::<Timestamptz, _>(now);
    let rows: Vec<Written> = written.load(&mut conn).await?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}

#[derive(QueryableByName)]
struct Written {
    #[diesel(sql_type = SqlUuid)]
    id: TrainingParticipantId,
}

/// Participants by their ids, in the order of these.
pub(super) async fn of_ids(
    mut conn: &Conn,
    area_id: i32,
    ids: &[TrainingParticipantId],
) -> Result<Vec<TrainingParticipant>> {
    let found = sql_query(format!("{ROWS} where p.area_id = $1 and p.id = any ($2) order by p.id"));
    Ok(found.bind::<Int4, _>(area_id).bind::<Array<SqlUuid>, _>(ids).load(&mut conn).await?)
}

/// A participant who has a seat, as a certificate asks for it.
#[derive(Debug, QueryableByName)]
pub(in crate::trainings) struct Standing {
    /// Participant.
    #[diesel(sql_type = SqlUuid)]
    pub(in crate::trainings) id: TrainingParticipantId,
    /// Lesson hours attended, in percent, rounded down.
    #[diesel(sql_type = Int2)]
    pub(in crate::trainings) attended_percent: i16,
    /// What an assessor found.
    #[diesel(sql_type = Nullable<Text>)]
    pub(in crate::trainings) assessment: Option<AssessmentResult>,
    /// Whether a certificate was issued that was not revoked.
    #[diesel(sql_type = Bool)]
    pub(in crate::trainings) is_certified: bool,
}

/// How the participants of a locked training stand, by id.
pub(in crate::trainings) async fn standings(mut conn: &Conn, training: &Training) -> Result<Vec<Standing>> {
    let statement = format!(
        "select r.id, coalesce(r.attended_percent, 0)::smallint as attended_percent, r.assessment, exists (
            select from training_certificates as c
            where c.area_id = r.area_id and c.participant_id = r.id and c.revoked_at is null) as is_certified
         from ({ROWS} where p.area_id = $1 and p.training_id = $2 and p.withdrawn_at is null) as r order by r.id"
    );
    let rows = sql_query(statement).bind::<Int4, _>(training.area_id).bind::<SqlUuid, _>(training.id);
    Ok(rows.load(&mut conn).await?)
}

/// Of some members, one who has a seat in a training that is not held yet.
///
/// # Errors
/// Where the database cannot be read.
pub async fn in_unfinished(mut conn: &Conn, area_id: i32, members: &[MemberId]) -> Result<Option<TrainingId>> {
    let found = sql_query(
        "select t.id from training_participants as p
         join trainings as t on t.area_id = p.area_id and t.id = p.training_id
         where p.area_id = $1 and p.member_id = any ($2) and p.withdrawn_at is null
             and t.status in ('planned', 'open') limit 1",
    );
    let found = found.bind::<Int4, _>(area_id).bind::<Array<SqlUuid>, _>(members);
    Ok(found.get_result::<Unfinished>(&mut conn).await.optional()?.map(|row| row.id))
}

#[derive(QueryableByName)]
struct Unfinished {
    #[diesel(sql_type = SqlUuid)]
    id: TrainingId,
}

/// Participants of a training that a filter leaves; five placeholders are those of [`bound`].
const FILTERED: &str = concat!(
    "
    where p.area_id = any ($1) and p.training_id = $2 and ($3 is null or p.beneficiary_id = $3)
        and ($4 is null or (p.withdrawn_at is not null) = $4) and ($5 is null or ",
    has_left!(),
    " = $5)"
);

fn bound<'a>(
    statement: String,
    scope: &'a Scope,
    (training_id, filter): (TrainingId, &ParticipantFilter),
) -> BoxedSqlQuery<'a, Pg, SqlQuery> {
    sql_query(statement)
        .into_boxed::<Pg>()
        .bind::<Array<Int4>, _>(&scope.area_ids)
        .bind::<SqlUuid, _>(training_id)
        .bind::<Nullable<SqlUuid>, _>(filter.beneficiary_id)
        .bind::<Nullable<Bool>, _>(filter.is_withdrawn)
        .bind::<Nullable<Bool>, _>(filter.has_left)
}

/// Counts participants.
pub(super) async fn count(mut conn: &Conn, scope: &Scope, asked: (TrainingId, &ParticipantFilter)) -> Result<i64> {
    let statement = format!("select count(*) as total from training_participants as p {FILTERED}");
    Ok(bound(statement, scope, asked).get_result::<Counted>(&mut conn).await?.total)
}

/// Lists participants by id, after one.
pub(super) async fn list(
    mut conn: &Conn,
    scope: &Scope,
    asked: (TrainingId, &ParticipantFilter),
    (limit, after): (Limit, Option<TrainingParticipantId>),
) -> Result<Vec<TrainingParticipant>> {
    let Way { order, beyond } = Way::of(asked.1.sort == Some(ById::Down));
    let statement = format!("{ROWS} {FILTERED} and ($6 is null or p.id {beyond} $6) order by p.id {order} limit $7");
    let query =
        bound(statement, scope, asked).bind::<Nullable<SqlUuid>, _>(after).bind::<BigInt, _>(limit.rows_to_fetch());
    Ok(query.load(&mut conn).await?)
}
