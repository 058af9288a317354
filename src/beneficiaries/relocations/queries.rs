//! One statement a function over relocations, and over what follows a family.

use std::collections::HashSet;

use chrono::{DateTime, NaiveDate, Utc};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_types::{Array, Date, Integer, Nullable, Numeric, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::model::{Relocation, RelocationFilter, RelocationStatus};
use crate::beneficiaries::history::Why;
use crate::beneficiaries::households::EndedNeed;
use crate::beneficiaries::members::{MemberRow, MembershipRow};
use crate::beneficiaries::model::BeneficiaryRow;
use crate::db::{Conn, walk};
use crate::domain::{BeneficiaryId, Line, MemberId, RelocationId, Scope};
use crate::error::{Code, OnConflict, Result};
use crate::http::{ById, Limit};
use crate::schema::{beneficiaries, members, memberships, relocations};

/// Relocations that a filter leaves of those out of, into and within the scope.
fn filtered<'a>(scope: &'a Scope, filter: &'a RelocationFilter) -> relocations::BoxedQuery<'a, Pg> {
    let outgoing = relocations::area_id.eq_any(&scope.area_ids);
    let incoming = relocations::to_area_id.eq_any(&scope.area_ids);
    let mut query = match filter.is_incoming {
        Some(true) => {
            relocations::table.filter(incoming).filter(relocations::area_id.ne_all(&scope.area_ids)).into_boxed()
        }
        Some(false) => relocations::table.filter(outgoing).into_boxed(),
        None => relocations::table.filter(outgoing.or(incoming)).into_boxed(),
    };
    if let Some(status) = filter.status {
        query = query.filter(relocations::status.eq(status));
    }
    if let Some(beneficiary_id) = filter.beneficiary_id {
        query = query.filter(relocations::beneficiary_id.eq(beneficiary_id));
    }
    query
}

/// Counts relocations.
pub(super) async fn count(mut conn: &Conn, scope: &Scope, filter: &RelocationFilter) -> Result<i64> {
    Ok(filtered(scope, filter).count().get_result(&mut conn).await?)
}

/// Lists relocations by id, after one.
pub(super) async fn list(
    mut conn: &Conn,
    scope: &Scope,
    filter: &RelocationFilter,
    (limit, after): (Limit, Option<RelocationId>),
) -> Result<Vec<Relocation>> {
    let query = filtered(scope, filter).select(Relocation::as_select()).limit(limit.rows_to_fetch());
    let is_down = filter.sort != Some(ById::Up);
    Ok(walk!(query, is_down, after, relocations::{id}).load(&mut conn).await?)
}

/// Finds a relocation out of or into the scope.
pub(super) async fn find(mut conn: &Conn, scope: &Scope, id: RelocationId) -> Result<Option<Relocation>> {
    let is_seen = relocations::area_id.eq_any(&scope.area_ids).or(relocations::to_area_id.eq_any(&scope.area_ids));
    Ok(Relocation::query().filter(is_seen).filter(relocations::id.eq(id)).first(&mut conn).await.optional()?)
}

/// The same, and keeps others from deciding it until the transaction ends.
pub(super) async fn lock(mut conn: &Conn, scope: &Scope, id: RelocationId) -> Result<Option<Relocation>> {
    let is_seen = relocations::area_id.eq_any(&scope.area_ids).or(relocations::to_area_id.eq_any(&scope.area_ids));
    let query = Relocation::query().filter(is_seen).filter(relocations::id.eq(id)).for_update();
    Ok(query.first(&mut conn).await.optional()?)
}

/// Adds a relocation.
///
/// # Errors
/// `relocation_already_offered`.
pub(super) async fn insert(mut conn: &Conn, row: &Relocation) -> Result<()> {
    let insert = diesel::insert_into(relocations::table).values(row);
    insert.execute(&mut conn).await.on_conflict(Code::RelocationAlreadyOffered)?;
    Ok(())
}

/// Writes what was decided of a locked relocation.
pub(super) async fn decide(
    mut conn: &Conn,
    row: &Relocation,
    status: RelocationStatus,
    (client_id, reason): (&str, Option<&Line>),
    at: DateTime<Utc>,
) -> Result<Relocation> {
    let decided = diesel::update(relocations::table.find((row.area_id, row.id)))
        .set((
            relocations::status.eq(status),
            relocations::decided_by.eq(client_id),
            relocations::decided_at.eq(at),
            relocations::decision_reason.eq(reason),
            relocations::version.eq(row.version + 1),
            relocations::updated_at.eq(at),
        ))
        .returning(Relocation::as_returning())
        .get_result(&mut conn)
        .await?;
    Ok(decided)
}

/// Writes a family in an area that it comes to, over the closed record where it was there before.
pub(super) async fn settle_family(mut conn: &Conn, row: &BeneficiaryRow) -> Result<()> {
    diesel::insert_into(beneficiaries::table)
        .values(row)
        .on_conflict((beneficiaries::area_id, beneficiaries::id))
        .do_update()
        .set(row)
        .execute(&mut conn)
        .await?;
    Ok(())
}

/// The closed record of a family that was in an area before.
pub(super) async fn find_closed(mut conn: &Conn, area_id: i32, id: BeneficiaryId) -> Result<Option<BeneficiaryRow>> {
    let query = BeneficiaryRow::query().filter(beneficiaries::area_id.eq(area_id)).filter(beneficiaries::id.eq(id));
    Ok(query.for_update().first(&mut conn).await.optional()?)
}

/// Which of some persons were in an area before.
pub(super) async fn known_among(mut conn: &Conn, area_id: i32, ids: &[MemberId]) -> Result<HashSet<MemberId>> {
    let known = members::table.filter(members::area_id.eq(area_id)).filter(members::id.eq_any(ids)).select(members::id);
    Ok(known.load::<MemberId>(&mut conn).await?.into_iter().collect())
}

/// Keeps the closed versions of persons who come back to an area, each with its last tie there.
pub(super) async fn keep_closed(
    mut conn: &Conn,
    (area_id, ids): (i32, &[MemberId]),
    until: DateTime<Utc>,
    client_id: &str,
    why: Why<'_>,
) -> Result<()> {
    diesel::sql_query(
        "insert into members_history
            (area_id, id, valid_from, valid_to, version, record, nik_sealed, client_id, operation, reason)
        select m.area_id, m.id, m.valid_from, $3, m.version,
            to_jsonb(m) - '{nik_sealed,nik_digest}'::text []
            || jsonb_build_object('beneficiary_id', s.beneficiary_id, 'relationship', s.relationship,
                'ended_on', s.ended_on, 'end_reason', s.end_reason),
            m.nik_sealed, $4, $5, $6
        from members m cross join lateral (
            select * from memberships t where t.area_id = m.area_id and t.member_id = m.id
            order by t.ended_on desc, t.id desc limit 1
        ) as s
        where m.area_id = $1 and m.id = any ($2)",
    )
    .bind::<Integer, _>(area_id)
    .bind::<Array<SqlUuid>, _>(ids)
    .bind::<Timestamptz, _>(until)
    .bind::<Text, _>(client_id)
    .bind::<Text, _>(why.operation)
    .bind::<Nullable<Text>, _>(why.reason)
    .execute(&mut conn)
    .await?;
    Ok(())
}

/// Writes a person in an area that the family comes to, with the tie.
pub(super) async fn settle_member(mut conn: &Conn, row: &MemberRow, tie: &MembershipRow) -> Result<()> {
    diesel::insert_into(members::table)
        .values(row)
        .on_conflict((members::area_id, members::id))
        .do_update()
        .set(row)
        .execute(&mut conn)
        .await?;
    diesel::insert_into(memberships::table).values(tie).execute(&mut conn).await?;
    Ok(())
}

/// Lets the claims and the locator of a family follow it to another area.
pub(super) async fn carry_claims(
    mut conn: &Conn,
    family: &BeneficiaryRow,
    persons: &[MemberId],
    to_area_id: i32,
) -> Result<()> {
    diesel::sql_query(
        "with niks as (
            update identity_claims set area_id = $3 where area_id = $1 and nik_digest in (
                select m.nik_digest from members m where m.area_id = $1 and m.id = any ($4)
            )
        ), cards as (
            update card_claims set area_id = $3 where beneficiary_id = $2
        )
        update beneficiary_locators set area_id = $3 where beneficiary_id = $2",
    )
    .bind::<Integer, _>(family.area_id)
    .bind::<SqlUuid, _>(family.id)
    .bind::<Integer, _>(to_area_id)
    .bind::<Array<SqlUuid>, _>(persons)
    .execute(&mut conn)
    .await?;
    Ok(())
}

/// Copies the ranks of a family and the changes of its card into the area that it comes to, and of programs of the state the months that are due to it
/// and what was given to it once, so that neither is due there once more.
pub(super) async fn carry_series(
    mut conn: &Conn,
    family: &BeneficiaryRow,
    to_area_id: i32,
    since: NaiveDate,
) -> Result<()> {
    diesel::sql_query(
        "with same as materialized (select id from records_of(array[$1], $2)), ranks as (
            insert into welfare_ranks (area_id, beneficiary_id, source, period, decile, recorded_at)
            select $3, beneficiary_id, source, period, decile, recorded_at from welfare_ranks
            where area_id = $1 and beneficiary_id = $2
            on conflict (area_id, beneficiary_id, source, period) do nothing
        ), cards as (
            insert into card_changes
                (area_id, id, beneficiary_id, reason, changed_on, family_version, client_id, created_at)
            select $3, id, beneficiary_id, reason, changed_on, family_version, client_id, created_at from card_changes
            where area_id = $1 and beneficiary_id = $2
            on conflict (area_id, id) do nothing
        ), once as (
            insert into once_entitlements (area_id, beneficiary_id, rule_set_id, period, created_at)
            select $3, $2, o.rule_set_id, o.period, o.created_at from once_entitlements o
            join rule_sets r on r.id = o.rule_set_id
            join programs p on p.id = r.program_id and p.owner_area_id is null
            where o.area_id = $1 and o.beneficiary_id in (select id from same)
            on conflict (area_id, beneficiary_id, rule_set_id) do nothing
        )
        insert into carried_entitlements (area_id, beneficiary_id, program_id, period)
        select $3, $2, due.program_id, due.period from (
            select e.program_id, coalesce(m.month, e.period) as period from entitlements e
            left join cycle_months m on m.area_id = e.area_id and m.cycle_id = e.cycle_id
            where e.area_id = $1 and e.beneficiary_id in (select id from same) and e.period >= $4 and not exists (
                select from passed_entitlements t
                where t.area_id = $1 and t.entitlement_id = e.id and t.quantity = e.quantity
            )
            union
            select k.program_id, k.period from carried_entitlements k
            where k.area_id = $1 and k.beneficiary_id in (select id from same) and k.period >= $4
        ) as due join programs p on p.id = due.program_id and p.owner_area_id is null
        on conflict (area_id, beneficiary_id, program_id, period) do nothing",
    )
    .bind::<Integer, _>(family.area_id)
    .bind::<SqlUuid, _>(family.id)
    .bind::<Integer, _>(to_area_id)
    .bind::<Date, _>(since)
    .execute(&mut conn)
    .await?;
    Ok(())
}

/// Copies what a family was due and got into the area that it comes to, of programs and of companies, as it stands: that of
/// its own record, of those that mergers made one with it, and what it brought along itself. What was due where it goes to
/// is there already.
pub(super) async fn carry_aid(
    mut conn: &Conn,
    family: &BeneficiaryRow,
    relocation: &Relocation,
    at: DateTime<Utc>,
) -> Result<()> {
    diesel::sql_query(include_str!("carry_aid.sql"))
        .bind::<Integer, _>(family.area_id)
        .bind::<SqlUuid, _>(family.id)
        .bind::<Integer, _>(relocation.to_area_id)
        .bind::<Text, _>(&relocation.from_village_code)
        .bind::<Timestamptz, _>(at)
        .execute(&mut conn)
        .await?;
    Ok(())
}

/// Copies what was recorded of the duties of a family and its persons since a month into the area that it comes to, each
/// with its versions, so that what failed there is not forgotten here.
pub(super) async fn carry_duties(
    mut conn: &Conn,
    family: &BeneficiaryRow,
    persons: &[MemberId],
    to_area_id: i32,
    since: NaiveDate,
) -> Result<()> {
    diesel::sql_query(
        "insert into duty_records (area_id, id, beneficiary_id, member_id, kind, period, due_count, done_count, version,
            corrects, recorded_by, created_at)
        select $3, r.id, $2, r.member_id, r.kind, r.period, r.due_count, r.done_count, r.version, r.corrects,
            r.recorded_by, r.created_at
        from duty_records r where r.area_id = $1 and r.member_id = any ($4) and r.period >= $5
        order by r.version
        on conflict do nothing",
    )
    .bind::<Integer, _>(family.area_id)
    .bind::<SqlUuid, _>(family.id)
    .bind::<Integer, _>(to_area_id)
    .bind::<Array<SqlUuid>, _>(persons)
    .bind::<Date, _>(since)
    .execute(&mut conn)
    .await?;
    Ok(())
}

/// Copies the visits of a family into the area that it comes to, without the rounds, which stay where they were.
pub(super) async fn carry_visits(mut conn: &Conn, family: &BeneficiaryRow, to_area_id: i32) -> Result<()> {
    diesel::sql_query(
        "insert into visits (area_id, id, beneficiary_id, round_id, visited_at, finding, note, evidence, has_confirmed,
            recorded_by, created_at, is_poor)
        select $3, v.id, f.beneficiary_id, null, v.visited_at, v.finding, v.note, v.evidence, v.has_confirmed,
            v.recorded_by, v.created_at, v.is_poor
        from family_visits f join visits v on v.area_id = f.area_id and v.id = f.id
        where f.area_id = $1 and f.beneficiary_id = $2
        on conflict do nothing",
    )
    .bind::<Integer, _>(family.area_id)
    .bind::<SqlUuid, _>(family.id)
    .bind::<Integer, _>(to_area_id)
    .execute(&mut conn)
    .await?;
    Ok(())
}

/// Records in the area that a family comes to what it needed and did not get where it was, reserved or not.
pub(super) async fn carry_needs(
    mut conn: &Conn,
    family: &BeneficiaryRow,
    needs: &[EndedNeed],
    to_area_id: i32,
    (client_id, at): (&str, DateTime<Utc>),
) -> Result<()> {
    diesel::sql_query(
        "insert into needs (area_id, id, beneficiary_id, kind, quantity, status, recorded_by, created_at, updated_at)
        select $1, derive_id($5, e.id), $2, e.kind, least(e.lacking, k.family_quantity_max), 'open', $6, $7, $7
        from (
            select kind, (array_agg(id order by id))[1] as id, sum(lacking) as lacking
            from unnest($3, $4, $8) as one (id, kind, lacking) group by kind
        ) as e join need_kinds k on k.code = e.kind
        on conflict (area_id, beneficiary_id, kind) where status = 'open' do nothing",
    )
    .bind::<Integer, _>(to_area_id)
    .bind::<SqlUuid, _>(family.id)
    .bind::<Array<SqlUuid>, _>(needs.iter().map(|need| need.need_id).collect::<Vec<_>>())
    .bind::<Array<Text>, _>(needs.iter().map(|need| need.kind.as_str()).collect::<Vec<_>>())
    .bind::<SqlUuid, _>(Uuid::now_v7())
    .bind::<Text, _>(client_id)
    .bind::<Timestamptz, _>(at)
    .bind::<Array<Numeric>, _>(needs.iter().map(|need| need.lacking.clone()).collect::<Vec<_>>())
    .execute(&mut conn)
    .await?;
    Ok(())
}
