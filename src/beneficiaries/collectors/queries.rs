//! One statement a function over collectors.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Date, Integer, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;

use super::model::{Collector, CollectorEnd, Handover, Standing};
use crate::beneficiaries::queries::read_as_of;
use crate::db::Conn;
use crate::domain::{BeneficiaryId, CollectorId, MemberId, Scope};
use crate::error::{Code, OnConflict, Result};
use crate::schema::collectors;

/// Finds a collector.
pub(super) async fn find(mut conn: &Conn, scope: &Scope, id: CollectorId) -> Result<Option<Collector>> {
    let query = Collector::query().filter(collectors::area_id.eq_any(&scope.area_ids)).filter(collectors::id.eq(id));
    Ok(query.first(&mut conn).await.optional()?)
}

/// Versions of collectors that held at `$2` in the areas `$1`, under a condition on rows and one on past versions.
macro_rules! versions {
    ($of_current:literal, $of_past:literal) => {
        concat!(
            "select c.* from collectors c where c.area_id = any ($1) and c.updated_at <= $2 and ",
            $of_current,
            " union all select p.* from collectors_history h
            cross join lateral jsonb_populate_record(null::collectors, h.record) as p
            where h.area_id = any ($1) and h.valid_from <= $2 and h.valid_to > $2 and ",
            $of_past
        )
    };
}

/// Finds a collector as it was at an instant.
pub(super) async fn find_as_of(
    conn: &Conn,
    scope: &Scope,
    id: CollectorId,
    at: DateTime<Utc>,
) -> Result<Option<Collector>> {
    let statement = versions!("c.id = $3", "h.id = $3").to_owned();
    Ok(read_as_of(conn, statement, scope, at, id.0).await?.into_iter().next())
}

/// The collectors of a family as they were at an instant, the newest first.
pub(super) async fn list_as_of(
    conn: &Conn,
    scope: &Scope,
    family: BeneficiaryId,
    at: DateTime<Utc>,
) -> Result<Vec<Collector>> {
    // A collector is never of another family: the rows that there are now lead to all versions.
    const VERSIONS: &str = versions!(
        "c.beneficiary_id = $3",
        "(h.area_id, h.id) in (select area_id, id from collectors where area_id = any ($1) and beneficiary_id = $3)"
    );
    let statement = format!("select * from ({VERSIONS}) as version order by id desc limit 200");
    read_as_of(conn, statement, scope, at, family.0).await
}

/// Finds a collector and keeps others from changing it until the transaction ends.
pub(super) async fn lock(mut conn: &Conn, scope: &Scope, id: CollectorId) -> Result<Option<Collector>> {
    let query = Collector::query().filter(collectors::area_id.eq_any(&scope.area_ids)).filter(collectors::id.eq(id));
    Ok(query.for_update().first(&mut conn).await.optional()?)
}

/// The collectors of a family, the newest first.
pub(super) async fn list(mut conn: &Conn, scope: &Scope, family: BeneficiaryId) -> Result<Vec<Collector>> {
    let collectors = Collector::query()
        .filter(collectors::area_id.eq_any(&scope.area_ids))
        .filter(collectors::beneficiary_id.eq(family))
        .order(collectors::id.desc())
        .limit(200)
        .load(&mut conn)
        .await?;
    Ok(collectors)
}

/// Adds a collector of a family that is locked.
///
/// # Errors
/// `power_of_attorney_registered` where the paper is on record and has not ended.
pub(super) async fn insert(mut conn: &Conn, row: &Collector) -> Result<()> {
    let insert = diesel::insert_into(collectors::table).values(row);
    insert.execute(&mut conn).await.on_conflict(Code::PowerOfAttorneyRegistered)?;
    Ok(())
}

/// Keeps the version of a collector that is in force, before another one replaces it at `until`.
async fn keep(mut conn: &Conn, row: &Collector, (until, client_id): (DateTime<Utc>, &str)) -> Result<()> {
    diesel::sql_query(
        "insert into collectors_history (area_id, id, valid_from, valid_to, version, record, client_id)
        select area_id, id, updated_at, $3, version, to_jsonb(c), $4 from collectors c where area_id = $1 and id = $2",
    )
    .bind::<Integer, _>(row.area_id)
    .bind::<SqlUuid, _>(row.id)
    .bind::<Timestamptz, _>(until)
    .bind::<Text, _>(client_id)
    .execute(&mut conn)
    .await?;
    Ok(())
}

/// Ends the collecting of one that is locked.
pub(super) async fn end(
    mut conn: &Conn,
    row: &Collector,
    (on, reason): (NaiveDate, CollectorEnd),
    (at, client_id): (DateTime<Utc>, &str),
) -> Result<Collector> {
    keep(conn, row, (at, client_id)).await?;
    let ended = diesel::update(collectors::table.find((row.area_id, row.id)))
        .set((
            collectors::ended_on.eq(on.max(row.valid_from)),
            collectors::end_reason.eq(reason),
            collectors::version.eq(row.version + 1),
            collectors::updated_at.eq(at),
        ))
        .returning(Collector::as_returning())
        .get_result(&mut conn)
        .await?;
    Ok(ended)
}

/// The member who is the collector of a family and has not ended, locked.
pub(super) async fn lock_member_of(
    mut conn: &Conn,
    (area_id, family): (i32, BeneficiaryId),
) -> Result<Option<Collector>> {
    let query = Collector::query()
        .filter(collectors::area_id.eq(area_id))
        .filter(collectors::beneficiary_id.eq(family))
        .filter(collectors::kind.eq("member"))
        .filter(collectors::ended_on.is_null());
    Ok(query.for_update().first(&mut conn).await.optional()?)
}

/// The collectors that end with some members: those who are such, and those who were empowered by such. Locked.
pub(super) async fn lock_with(
    mut conn: &Conn,
    (area_id, family): (i32, BeneficiaryId),
    leaving: &[MemberId],
) -> Result<Vec<Collector>> {
    let rows = Collector::query()
        .filter(collectors::area_id.eq(area_id))
        .filter(collectors::beneficiary_id.eq(family))
        .filter(collectors::ended_on.is_null())
        .filter(collectors::member_id.eq_any(leaving).or(collectors::granted_by_id.eq_any(leaving)))
        .order(collectors::id)
        .for_update()
        .load(&mut conn)
        .await?;
    Ok(rows)
}

/// What is on record of who may collect. The member's tie is held, so that it does not end meanwhile.
///
/// What was due to a family that was merged is collected by the family that goes on for it, and what stays due to one that
/// moved away or ended by those who were of it when the list froze, unless they had died by the day.
pub(super) async fn standing(mut conn: &Conn, handover: &Handover<'_>) -> Result<Standing> {
    let standing = diesel::sql_query(
        "with recursive line as (
            select id, continued_in_id, status, 0 as depth from beneficiaries where area_id = $1 and id = $2
            union all
            select b.id, b.continued_in_id, b.status, line.depth + 1
            from line join beneficiaries b on b.area_id = $1 and b.id = line.continued_in_id where line.depth < 50
        ), family as (
            select id, status from line order by depth desc limit 1
        ), listed as (
            select from memberships s
            where s.area_id = $1 and s.beneficiary_id = $2 and s.member_id = $3
                and (select status from family) <> 'live'
                and case when s.valid_from <= $6 then s.ended_on is null else exists (
                    select from memberships_history h
                    where h.area_id = $1 and h.id = s.id and h.valid_from <= $6 and h.valid_to > $6
                        and h.record ->> 'ended_on' is null) end
                and not exists (select from members m where m.area_id = $1 and m.id = $3 and m.died_on <= $5)
        ), tie as (
            select s.relationship from memberships s
            where s.area_id = $1 and s.member_id = $3 and s.ended_on is null
                and s.beneficiary_id = (select id from family)
            for share
        ), registered as (
            select c.*, c.valid_from <= $5 and (c.valid_to is null or $5 <= c.valid_to)
                and (c.ended_on is null or $5 < c.ended_on) as is_in_force
            from collectors c where c.area_id = $1 and c.beneficiary_id = (select id from family)
        ), alternate as (
            select power_of_attorney = $4 as is_named, is_in_force from registered where kind = 'alternate'
        )
        select
            exists (select from tie) or exists (select from listed) as is_member,
            exists (select from tie where relationship = 'head') as is_head,
            (select member_id from registered where kind = 'member' and is_in_force order by id desc limit 1)
                as collector_id,
            exists (select from alternate where is_named) as is_paper_known,
            exists (select from alternate where is_named and is_in_force) as is_paper_in_force,
            exists (select from alternate where is_in_force) as has_alternate",
    )
    .bind::<Integer, _>(handover.area_id)
    .bind::<SqlUuid, _>(handover.beneficiary_id)
    .bind::<Nullable<SqlUuid>, _>(handover.member_id)
    .bind::<Nullable<Text>, _>(handover.power_of_attorney)
    .bind::<Date, _>(handover.on)
    .bind::<Timestamptz, _>(handover.listed_at)
    .get_result(&mut conn)
    .await?;
    Ok(standing)
}
