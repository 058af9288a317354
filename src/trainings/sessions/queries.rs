//! One statement a function. Each takes the scope, or the area that was found by it.

use chrono::{DateTime, Utc};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_builder::{BoxedSqlQuery, SqlQuery};
use diesel::sql_query;
use diesel::sql_types::{Array, BigInt, Int4, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;

use super::model::{Attendance, AttendanceFilter, AttendanceMark, NewAttendanceMark, SessionFilter, TrainingSession};
use crate::db::{Conn, Counted, Way, walk};
use crate::domain::{Caller, Scope, TrainingId, TrainingParticipantId, TrainingSessionId};
use crate::error::Result;
use crate::http::{ById, ByParticipant, Limit};
use crate::schema::{training_participants, training_sessions};
use crate::trainings::model::Training;

/// Adds a session.
pub(super) async fn insert(mut conn: &Conn, session: &TrainingSession) -> Result<()> {
    diesel::insert_into(training_sessions::table).values(session).execute(&mut conn).await?;
    Ok(())
}

/// Finds a session.
pub(super) async fn find(mut conn: &Conn, scope: &Scope, id: TrainingSessionId) -> Result<Option<TrainingSession>> {
    let of_area = TrainingSession::query().filter(training_sessions::area_id.eq_any(&scope.area_ids));
    Ok(of_area.filter(training_sessions::id.eq(id)).first(&mut conn).await.optional()?)
}

/// Sessions of a training that a filter leaves.
fn filtered<'a>(
    scope: &'a Scope,
    (training_id, filter): (TrainingId, &'a SessionFilter),
) -> training_sessions::BoxedQuery<'a, Pg> {
    let query = training_sessions::table
        .filter(training_sessions::area_id.eq_any(&scope.area_ids))
        .filter(training_sessions::training_id.eq(training_id))
        .into_boxed();
    match filter.held_on {
        Some(held_on) => query.filter(training_sessions::held_on.eq(held_on)),
        None => query,
    }
}

/// Counts sessions.
pub(super) async fn count(mut conn: &Conn, scope: &Scope, asked: (TrainingId, &SessionFilter)) -> Result<i64> {
    Ok(filtered(scope, asked).count().get_result(&mut conn).await?)
}

/// Lists sessions by id, after one.
pub(super) async fn list(
    mut conn: &Conn,
    scope: &Scope,
    asked: (TrainingId, &SessionFilter),
    (limit, after): (Limit, Option<TrainingSessionId>),
) -> Result<Vec<TrainingSession>> {
    let query = filtered(scope, asked).select(TrainingSession::as_select()).limit(limit.rows_to_fetch());
    let is_down = asked.1.sort == Some(ById::Down);
    Ok(walk!(query, is_down, after, training_sessions::{id}).load(&mut conn).await?)
}

/// Of some participants, those who have a seat in a locked training.
pub(super) async fn seated(
    mut conn: &Conn,
    training: &Training,
    ids: &[TrainingParticipantId],
) -> Result<Vec<TrainingParticipantId>> {
    let seated = training_participants::table
        .filter(training_participants::area_id.eq(training.area_id))
        .filter(training_participants::training_id.eq(training.id))
        .filter(training_participants::withdrawn_at.is_null())
        .filter(training_participants::id.eq_any(ids))
        .select(training_participants::id);
    Ok(seated.load(&mut conn).await?)
}

/// Records the marks of a session of a locked training that are other than those that count; answers how many.
pub(super) async fn mark(
    mut conn: &Conn,
    caller: &Caller,
    session: &TrainingSession,
    (marks, now): (&[NewAttendanceMark], DateTime<Utc>),
) -> Result<usize> {
    let ids: Vec<TrainingParticipantId> = marks.iter().map(|one| one.participant_id).collect();
    let given: Vec<AttendanceMark> = marks.iter().map(|one| one.mark).collect();
    let written = sql_query(
        "insert into attendance_records (area_id, session_id, participant_id, version, mark, recorded_by, created_at)
         select a.area_id, a.session_id, a.participant_id, coalesce(a.version, 0) + 1, g.mark, $5, $6
         from unnest($3, $4) as g (participant_id, mark)
         join training_attendance as a on a.participant_id = g.participant_id
         where a.area_id = $1 and a.session_id = $2 and a.mark is distinct from g.mark",
    );
    let written = written
        .bind::<Int4, _>(session.area_id)
        .bind::<SqlUuid, _>(session.id)
        .bind::<Array<SqlUuid>, _>(ids)
        .bind::<Array<Text>, _>(given)
        .bind::<Text, _>(&caller.client_id)
        .bind::<Timestamptz, _>(now);
    Ok(written.execute(&mut conn).await?)
}

/// Marks of a session; those who left their seat are told where something was recorded of them.
const MARKS: &str = "
    select a.participant_id, p.member_id, a.mark, a.version, a.recorded_by, a.created_at as recorded_at
    from training_attendance as a
    join training_participants as p on p.area_id = a.area_id and p.id = a.participant_id
    where a.area_id = any ($1) and a.session_id = $2 and ($3 is null or a.mark = $3)
        and (p.withdrawn_at is null or a.mark is not null)";

fn bound(
    statement: String,
    scope: &Scope,
    (session_id, mark): (TrainingSessionId, Option<AttendanceMark>),
) -> BoxedSqlQuery<'_, Pg, SqlQuery> {
    sql_query(statement)
        .into_boxed::<Pg>()
        .bind::<Array<Int4>, _>(&scope.area_ids)
        .bind::<SqlUuid, _>(session_id)
        .bind::<Nullable<Text>, _>(mark)
}

/// The marks of some participants, by participant.
pub(super) async fn marks_of(
    mut conn: &Conn,
    scope: &Scope,
    id: TrainingSessionId,
    participants: Vec<TrainingParticipantId>,
) -> Result<Vec<Attendance>> {
    let statement = format!("{MARKS} and a.participant_id = any ($4) order by a.participant_id");
    let query = bound(statement, scope, (id, None)).bind::<Array<SqlUuid>, _>(participants);
    Ok(query.load(&mut conn).await?)
}

/// Counts marks.
pub(super) async fn count_marks(
    mut conn: &Conn,
    scope: &Scope,
    (id, filter): (TrainingSessionId, &AttendanceFilter),
) -> Result<i64> {
    let statement = format!("select count(*) as total from ({MARKS}) as m");
    Ok(bound(statement, scope, (id, filter.mark)).get_result::<Counted>(&mut conn).await?.total)
}

/// Lists marks by participant, after one.
pub(super) async fn list_marks(
    mut conn: &Conn,
    scope: &Scope,
    (id, filter): (TrainingSessionId, &AttendanceFilter),
    (limit, after): (Limit, Option<TrainingParticipantId>),
) -> Result<Vec<Attendance>> {
    let Way { order, beyond } = Way::of(filter.sort == Some(ByParticipant::Down));
    let statement =
        format!("{MARKS} and ($4 is null or a.participant_id {beyond} $4) order by a.participant_id {order} limit $5");
    let query = bound(statement, scope, (id, filter.mark))
        .bind::<Nullable<SqlUuid>, _>(after)
        .bind::<BigInt, _>(limit.rows_to_fetch());
    Ok(query.load(&mut conn).await?)
}
