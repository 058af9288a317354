//! What a run writes: enrollments, and places on the reserve list.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::sql_query;
use diesel::sql_types::{Array, Date, Int4, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use crate::db::Conn;
use crate::domain::VillageCode;
use crate::enrollments::runs::model::RunOutcome;
use crate::error::Result;
use crate::programs::RuleSet;

/// Who writes what when.
#[derive(Debug, Clone, Copy)]
pub(in crate::enrollments::runs) struct Hand<'a> {
    pub(in crate::enrollments::runs) area_id: i32,
    pub(in crate::enrollments::runs) rule_set: &'a RuleSet,
    /// Id of the run, of which those of its rows are made.
    pub(in crate::enrollments::runs) run_id: Uuid,
    pub(in crate::enrollments::runs) client_id: &'a str,
    pub(in crate::enrollments::runs) started_on: NaiveDate,
    pub(in crate::enrollments::runs) now: DateTime<Utc>,
}

/// Enrols the families that got a place and have no enrollment yet.
pub(in crate::enrollments::runs) async fn enrol(
    mut conn: &Conn,
    hand: Hand<'_>,
    (becomes, decree_number): (RunOutcome, &str),
) -> Result<()> {
    let statement = "
        insert into enrollments (area_id, id, program_id, beneficiary_id, rule_set_id, status, decided_by,
            decree_number, started_on, quota_village_code, created_at, updated_at)
        select $1, derive_id($2, id), $3, id, $4, $5, $6, $7, $8, village_code, $9, $9
        from candidate where verdict = 'placed' and enrollment_id is null order by id";
    sql_query(statement)
        .bind::<Int4, _>(hand.area_id)
        .bind::<SqlUuid, _>(hand.run_id)
        .bind::<SqlUuid, _>(hand.rule_set.program_id)
        .bind::<SqlUuid, _>(hand.rule_set.id)
        .bind::<Text, _>(becomes)
        .bind::<Text, _>(hand.client_id)
        .bind::<Text, _>(decree_number)
        .bind::<Date, _>(hand.started_on)
        .bind::<Timestamptz, _>(hand.now)
        .execute(&mut conn)
        .await?;
    Ok(())
}

/// Confirms the enrollments that were proposed and got a place; each keeps its version before.
pub(in crate::enrollments::runs) async fn confirm_proposed(
    mut conn: &Conn,
    hand: Hand<'_>,
    (becomes, decree_number): (RunOutcome, &str),
) -> Result<()> {
    let statement = "
        with kept as (
            insert into enrollments_history (area_id, id, valid_from, valid_to, version, record, client_id)
            select e.area_id, e.id, e.updated_at, greatest($7, e.updated_at + interval '1 microsecond'), e.version,
                to_jsonb(e), $4
            from candidate c join enrollments e on e.area_id = $1 and e.id = c.enrollment_id
            where c.verdict = 'placed'
        )
        update enrollments e set status = $2, decree_number = $3, decided_by = $4, rule_set_id = $5, started_on = $6,
            quota_village_code = c.village_code, version = e.version + 1,
            updated_at = greatest($7, e.updated_at + interval '1 microsecond')
        from candidate c where c.verdict = 'placed' and e.area_id = $1 and e.id = c.enrollment_id";
    sql_query(statement)
        .bind::<Int4, _>(hand.area_id)
        .bind::<Text, _>(becomes)
        .bind::<Text, _>(decree_number)
        .bind::<Text, _>(hand.client_id)
        .bind::<SqlUuid, _>(hand.rule_set.id)
        .bind::<Date, _>(hand.started_on)
        .bind::<Timestamptz, _>(hand.now)
        .execute(&mut conn)
        .await?;
    Ok(())
}

/// Takes those off the reserve list that got a place.
pub(in crate::enrollments::runs) async fn take_from_reserve(mut conn: &Conn, hand: Hand<'_>) -> Result<()> {
    let statement = "
        update reserves r set status = 'taken', enrollment_id = e.id, version = r.version + 1, updated_at = $3
        from candidate c join enrollments e on e.area_id = $1 and e.program_id = $2 and e.beneficiary_id = c.id
            and e.status <> 'exited'
        where c.verdict = 'placed' and c.place is not null and r.area_id = $1 and r.program_id = $2
            and r.beneficiary_id = c.id and r.status = 'waiting'";
    sql_query(statement)
        .bind::<Int4, _>(hand.area_id)
        .bind::<SqlUuid, _>(hand.rule_set.program_id)
        .bind::<Timestamptz, _>(hand.now)
        .execute(&mut conn)
        .await?;
    Ok(())
}

/// Puts those at the end of the reserve list that a full quota left without a place, in the order of the run.
pub(in crate::enrollments::runs) async fn put_on_reserve(
    mut conn: &Conn,
    hand: Hand<'_>,
    (ordered_by, decree_number): (&str, &str),
) -> Result<()> {
    let statement = "
        with ordered as (
            select c.*, row_number() over (order by c.number) as nth from candidate c
            where c.verdict like '%quota' and c.place is null
        ), added as (
            insert into reserves (area_id, id, program_id, beneficiary_id, rule_set_id, village_code, place, status,
                reason, ordered_by, decile, decree_number, placed_by, created_at, updated_at)
            select $1, derive_id($2, o.id), $3, o.id, $4, o.village_code, p.last_place + o.nth, 'waiting', o.verdict, $5,
                o.decile, $6, $7, $8, $8
            from ordered o join program_places p on p.area_id = $1 and p.program_id = $3
            order by o.nth
            returning place
        )
        update program_places p set last_place = greatest(p.last_place, (select max(place) from added))
        where p.area_id = $1 and p.program_id = $3 and exists (select from added)";
    sql_query(statement)
        .bind::<Int4, _>(hand.area_id)
        .bind::<SqlUuid, _>(hand.run_id)
        .bind::<SqlUuid, _>(hand.rule_set.program_id)
        .bind::<SqlUuid, _>(hand.rule_set.id)
        .bind::<Text, _>(ordered_by)
        .bind::<Text, _>(decree_number)
        .bind::<Text, _>(hand.client_id)
        .bind::<Timestamptz, _>(hand.now)
        .execute(&mut conn)
        .await?;
    Ok(())
}

/// Proposes the gathered families; answers how many. The live key decides between two at once.
pub(in crate::enrollments::runs) async fn propose(mut conn: &Conn, hand: Hand<'_>) -> Result<usize> {
    let statement = "
        insert into enrollments (area_id, id, program_id, beneficiary_id, rule_set_id, status, decided_by, started_on,
            quota_village_code, created_at, updated_at)
        select $1, derive_id($2, id), $3, id, $4, 'proposed', $5, $6, village_code, $7, $7
        from candidate where verdict = 'open' and enrollment_id is null order by id
        on conflict (area_id, beneficiary_id, program_id) where status <> 'exited' do nothing";
    let proposed = sql_query(statement)
        .bind::<Int4, _>(hand.area_id)
        .bind::<SqlUuid, _>(hand.run_id)
        .bind::<SqlUuid, _>(hand.rule_set.program_id)
        .bind::<SqlUuid, _>(hand.rule_set.id)
        .bind::<Text, _>(hand.client_id)
        .bind::<Date, _>(hand.started_on)
        .bind::<Timestamptz, _>(hand.now)
        .execute(&mut conn)
        .await?;
    Ok(proposed)
}

/// Activates confirmed enrollments whose first day has come; each keeps its version before. Answers how many.
pub(in crate::enrollments::runs) async fn activate(
    mut conn: &Conn,
    hand: Hand<'_>,
    village_codes: Option<&[VillageCode]>,
) -> Result<usize> {
    let statement = "
        with held as materialized (
            select e.* from enrollments e
            where e.area_id = $1 and e.program_id = $2 and e.status = 'confirmed' and e.started_on <= $3
                and ($4::text [] is null or e.quota_village_code = any ($4))
            order by e.id for update
        ), kept as (
            insert into enrollments_history (area_id, id, valid_from, valid_to, version, record, client_id)
            select area_id, id, updated_at, greatest($5, updated_at + interval '1 microsecond'), version,
                to_jsonb(h), $6
            from held h
        )
        update enrollments e set status = 'active', version = e.version + 1,
            updated_at = greatest($5, e.updated_at + interval '1 microsecond')
        from held h where e.area_id = $1 and e.id = h.id";
    let activated = sql_query(statement)
        .bind::<Int4, _>(hand.area_id)
        .bind::<SqlUuid, _>(hand.rule_set.program_id)
        .bind::<Date, _>(hand.started_on)
        .bind::<Nullable<Array<Text>>, _>(village_codes)
        .bind::<Timestamptz, _>(hand.now)
        .bind::<Text, _>(hand.client_id)
        .execute(&mut conn)
        .await?;
    Ok(activated)
}
