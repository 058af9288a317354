//! One statement a function over mergers, and over the rows that they are about.

mod custodies;
mod families;
mod needs;
mod plans;
mod reserves;
mod restore;
mod rows;
mod ties;
mod visits;

use chrono::{DateTime, Utc};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_types::{Array, Bytea, Integer, Jsonb, Text, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use serde_json::Value;
use uuid::Uuid;

use super::model::{Locked, MergerFilter, MergerRow, MergerStatus, Person};
use super::rules::Pair;
use crate::db::{Conn, walk};
use crate::domain::{BeneficiaryId, DuplicateMergerId, DuplicatePairId, MemberId, Scope};
use crate::error::{Code, Result};
use crate::http::{ByCreation, Limit};
use crate::schema::{duplicate_mergers, duplicate_pairs};

pub(super) use custodies::{carry_custodies, hold_custodies};
pub(super) use families::{carry_ranks, take_back_ranks, take_family};
pub(super) use needs::{carry_needs, withdraw_carried_needs};
pub(super) use plans::{CarriedPlan, carry_plans, hold_plans};
pub(super) use reserves::carry_reserves;
pub(super) use restore::{end_new_ties, give_back_claims, restore_rows, take_back_claims};
pub(super) use rows::{
    Hand, KeptNik, carry_enrollments, change_kept, close_pairs, end_enrollments, keep_families, keep_members,
    move_card_claim, move_nik_claim, overlaps, recount, release_nik_claim, renew_members,
};
pub(super) use ties::{end_ties, keep_ties, move_ties, succeed};
pub(super) use visits::{carry_tasks, carry_visits, open_tasks};

/// The pairs of a merger, locked in the order of their ids.
pub(super) async fn lock_pairs(mut conn: &Conn, scope: &Scope, ids: &[DuplicatePairId]) -> Result<Vec<(i32, Pair)>> {
    let rows: Vec<(i32, DuplicatePairId, MemberId, MemberId, String)> = duplicate_pairs::table
        .filter(duplicate_pairs::area_id.eq_any(&scope.area_ids))
        .filter(duplicate_pairs::id.eq_any(ids))
        .order(duplicate_pairs::id)
        .select((
            duplicate_pairs::area_id,
            duplicate_pairs::id,
            duplicate_pairs::one_member_id,
            duplicate_pairs::other_member_id,
            duplicate_pairs::status,
        ))
        .for_update()
        .load(&mut conn)
        .await?;
    let pair = |(area_id, id, one, other, status): (i32, _, _, _, String)| {
        (area_id, Pair { id, one, other, is_decided_same: status == "same" })
    };
    Ok(rows.into_iter().map(pair).collect())
}

#[derive(QueryableByName)]
struct FamilyId {
    #[diesel(sql_type = SqlUuid)]
    beneficiary_id: BeneficiaryId,
}

/// The families that members live in.
pub(super) async fn families_of(mut conn: &Conn, area_id: i32, members: &[MemberId]) -> Result<Vec<BeneficiaryId>> {
    let rows: Vec<FamilyId> = diesel::sql_query(
        "select distinct beneficiary_id from memberships where area_id = $1 and member_id = any ($2) and ended_on is null",
    )
    .bind::<Integer, _>(area_id)
    .bind::<Array<SqlUuid>, _>(members)
    .load(&mut conn)
    .await?;
    Ok(rows.into_iter().map(|row| row.beneficiary_id).collect())
}

/// Locks families in the order of their ids.
pub(super) async fn lock_families(mut conn: &Conn, area_id: i32, ids: &[BeneficiaryId]) -> Result<Vec<Locked>> {
    let rows = diesel::sql_query(
        "select id, status, card_digest from beneficiaries where area_id = $1 and id = any ($2) order by id for update",
    )
    .bind::<Integer, _>(area_id)
    .bind::<Array<SqlUuid>, _>(ids)
    .load(&mut conn)
    .await?;
    Ok(rows)
}

/// The live members of locked families.
pub(super) async fn live(mut conn: &Conn, area_id: i32, families: &[BeneficiaryId]) -> Result<Vec<Person>> {
    let rows = diesel::sql_query(
        "select m.id, t.beneficiary_id, t.relationship, m.nik_sealed, m.nik_digest, m.sex, m.born_on
        from memberships t join members m on m.area_id = t.area_id and m.id = t.member_id
        where t.area_id = $1 and t.beneficiary_id = any ($2) and t.ended_on is null order by t.id",
    )
    .bind::<Integer, _>(area_id)
    .bind::<Array<SqlUuid>, _>(families)
    .load(&mut conn)
    .await?;
    Ok(rows)
}

/// What a merger is about.
#[derive(Debug, Clone)]
pub(super) struct About {
    pub(super) area_id: i32,
    pub(super) families: Vec<BeneficiaryId>,
    pub(super) members: Vec<MemberId>,
    pub(super) nik_digests: Vec<Vec<u8>>,
    pub(super) carried_enrollments: Vec<Uuid>,
    pub(super) carried_tasks: Vec<Uuid>,
}

#[derive(QueryableByName)]
struct State {
    #[diesel(sql_type = Jsonb)]
    state: Value,
}

/// All rows that a merger is about, as they are.
pub(super) async fn state(mut conn: &Conn, about: &About) -> Result<Value> {
    let found: State = diesel::sql_query(include_str!("state.sql"))
        .bind::<Integer, _>(about.area_id)
        .bind::<Array<SqlUuid>, _>(&about.families)
        .bind::<Array<SqlUuid>, _>(&about.members)
        .bind::<Array<Bytea>, _>(&about.nik_digests)
        .bind::<Array<SqlUuid>, _>(&about.carried_enrollments)
        .bind::<Array<SqlUuid>, _>(&about.carried_tasks)
        .get_result(&mut conn)
        .await?;
    Ok(found.state)
}

/// A merger to record.
#[derive(Debug, Insertable)]
#[diesel(table_name = duplicate_mergers)]
pub(super) struct NewRow {
    pub(super) area_id: i32,
    pub(super) id: DuplicateMergerId,
    pub(super) beneficiary_id: BeneficiaryId,
    pub(super) merged_beneficiary_id: BeneficiaryId,
    pub(super) is_whole: bool,
    pub(super) persons: Value,
    pub(super) moved_enrollment_ids: Vec<Uuid>,
    pub(super) before: Value,
    pub(super) after: Value,
    pub(super) told: Value,
    pub(super) reason: String,
    pub(super) status: MergerStatus,
    pub(super) client_id: String,
    pub(super) created_at: DateTime<Utc>,
}

/// Records a merger.
pub(super) async fn insert(mut conn: &Conn, row: &NewRow) -> Result<MergerRow> {
    let inserted = diesel::insert_into(duplicate_mergers::table).values(row).returning(MergerRow::as_returning());
    Ok(inserted.get_result(&mut conn).await?)
}

/// Finds a merger.
pub(super) async fn find(mut conn: &Conn, scope: &Scope, id: DuplicateMergerId) -> Result<Option<MergerRow>> {
    let of_areas = MergerRow::query().filter(duplicate_mergers::area_id.eq_any(&scope.area_ids));
    Ok(of_areas.filter(duplicate_mergers::id.eq(id)).first(&mut conn).await.optional()?)
}

/// Finds a merger with the rows it keeps, before and after, and holds it until the transaction ends.
pub(super) async fn lock(
    mut conn: &Conn,
    scope: &Scope,
    id: DuplicateMergerId,
) -> Result<Option<(MergerRow, Value, Value)>> {
    let found = duplicate_mergers::table
        .filter(duplicate_mergers::area_id.eq_any(&scope.area_ids))
        .filter(duplicate_mergers::id.eq(id))
        .select((MergerRow::as_select(), duplicate_mergers::before, duplicate_mergers::after))
        .for_update()
        .first(&mut conn)
        .await
        .optional()?;
    Ok(found)
}

/// Says that a merger was undone.
pub(super) async fn set_undone(
    mut conn: &Conn,
    row: &MergerRow,
    (client_id, reason, at): (&str, &str, DateTime<Utc>),
) -> Result<MergerRow> {
    let of_version =
        duplicate_mergers::table.find((row.area_id, row.id)).filter(duplicate_mergers::version.eq(row.version));
    let undone = diesel::update(of_version)
        .set((
            duplicate_mergers::status.eq(MergerStatus::Undone),
            duplicate_mergers::undone_by.eq(client_id),
            duplicate_mergers::undone_at.eq(at),
            duplicate_mergers::undo_reason.eq(reason),
            duplicate_mergers::version.eq(row.version + 1),
        ))
        .returning(MergerRow::as_returning())
        .get_result(&mut conn)
        .await
        .optional()?;
    undone.ok_or_else(|| Code::VersionStale.into())
}

/// Mergers that a filter leaves.
fn filtered<'a>(scope: &'a Scope, filter: &MergerFilter) -> duplicate_mergers::BoxedQuery<'a, Pg> {
    let mut query = duplicate_mergers::table.filter(duplicate_mergers::area_id.eq_any(&scope.area_ids)).into_boxed();
    if let Some(status) = filter.status {
        query = query.filter(duplicate_mergers::status.eq(status));
    }
    if let Some(id) = filter.beneficiary_id {
        let has_part = duplicate_mergers::beneficiary_id.eq(id).or(duplicate_mergers::merged_beneficiary_id.eq(id));
        query = query.filter(has_part);
    }
    query
}

/// Counts mergers.
pub(super) async fn count(mut conn: &Conn, scope: &Scope, filter: &MergerFilter) -> Result<i64> {
    Ok(filtered(scope, filter).count().get_result(&mut conn).await?)
}

/// Lists mergers by when they were made, after a place.
pub(super) async fn list(
    mut conn: &Conn,
    scope: &Scope,
    filter: &MergerFilter,
    (limit, after): (Limit, Option<(DateTime<Utc>, DuplicateMergerId)>),
) -> Result<Vec<MergerRow>> {
    let query = filtered(scope, filter).select(MergerRow::as_select()).limit(limit.rows_to_fetch());
    let is_down = filter.sort != Some(ByCreation::Up);
    Ok(walk!(query, is_down, after, duplicate_mergers::{created_at, id}).load(&mut conn).await?)
}

/// Opens the pairs of a merger that was undone: they were decided to be the same before it.
pub(super) async fn reopen_pairs(
    mut conn: &Conn,
    area_id: i32,
    ids: &[DuplicatePairId],
    at: DateTime<Utc>,
) -> Result<()> {
    diesel::sql_query(
        "update duplicate_pairs set status = 'same', version = version + 1, updated_at = $3
        where area_id = $1 and id = any ($2) and status = 'merged'",
    )
    .bind::<Integer, _>(area_id)
    .bind::<Array<SqlUuid>, _>(ids)
    .bind::<diesel::sql_types::Timestamptz, _>(at)
    .execute(&mut conn)
    .await?;
    Ok(())
}

/// The columns of a table but some, as `column = r.column`: what restores a row whatever columns were added to it.
pub(super) async fn assignments(mut conn: &Conn, table: &str, but: &[&str]) -> Result<String> {
    #[derive(QueryableByName)]
    struct Assignments {
        #[diesel(sql_type = Text)]
        found: String,
    }
    let found: Assignments = diesel::sql_query(
        "select string_agg(format('%1$I = r.%1$I', attname), ', ') as found from pg_attribute
        where attrelid = $1::regclass and attnum > 0 and not attisdropped and attname <> all ($2)",
    )
    .bind::<Text, _>(table)
    .bind::<Array<Text>, _>(but)
    .get_result(&mut conn)
    .await?;
    Ok(found.found)
}
