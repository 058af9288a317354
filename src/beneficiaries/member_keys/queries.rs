//! Statements over keys of members.

use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::sql_types::{Array, BigInt, Integer, Nullable, SmallInt, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::model::{KeyRow, Stale};
use crate::db::Conn;
use crate::domain::{BeneficiaryId, MemberId};
use crate::error::Result;
use crate::matching::names::NORMALISATION_VERSION;
use crate::matching::registry::StoredKeys;

/// Number of the lock that lets one process look for stale keys at a time.
const SWEEP_LOCK: i64 = 7_460_071;

/// Writes keys of members of one area, over those of an earlier version.
pub(in crate::beneficiaries) async fn insert(mut conn: &Conn, area_id: i32, rows: &[KeyRow]) -> Result<()> {
    let columns = Columns::of(area_id, rows);
    columns.execute(&mut conn).await?;
    Ok(())
}

/// Rows column by column: the statement is one, however many rows there are, and prepared once a connection.
#[derive(Debug, QueryId)]
struct Columns {
    area_id: i32,
    normalisation: i16,
    member_ids: Vec<MemberId>,
    beneficiary_ids: Vec<BeneficiaryId>,
    /// In the order of the columns of the table.
    keys: [Vec<Option<i64>>; 9],
    member_versions: Vec<i32>,
    family_versions: Vec<i32>,
}

impl Columns {
    fn of(area_id: i32, rows: &[KeyRow]) -> Self {
        let key = |of: &dyn Fn(&KeyRow) -> Option<i64>| rows.iter().map(of).collect::<Vec<_>>();
        let stored = |of: fn(&StoredKeys) -> Option<i64>| key(&|row| of(&row.keys));
        Self {
            area_id,
            normalisation: i16::try_from(NORMALISATION_VERSION).unwrap_or(i16::MAX),
            member_ids: rows.iter().map(|row| row.member_id).collect(),
            beneficiary_ids: rows.iter().map(|row| row.beneficiary_id).collect(),
            keys: [
                key(&|row| row.traces.map(|[start, _]| start)),
                key(&|row| row.traces.map(|[_, end]| end)),
                stored(|keys| keys.born_village),
                stored(|keys| keys.born_word),
                stored(|keys| keys.name_village),
                stored(|keys| keys.first_word),
                stored(|keys| keys.second_word),
                stored(|keys| keys.name_mother),
                stored(|keys| keys.phone_sex),
            ],
            member_versions: rows.iter().map(|row| row.member_version).collect(),
            family_versions: rows.iter().map(|row| row.family_version).collect(),
        }
    }
}

impl QueryFragment<Pg> for Columns {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql(
            "insert into member_keys (area_id, normalisation, member_id, beneficiary_id, nik_start, nik_end, \
             born_village, born_word, name_village, first_word, second_word, name_mother, phone_sex, \
             member_version, family_version) select ",
        );
        out.push_bind_param::<Integer, _>(&self.area_id)?;
        out.push_sql(", ");
        out.push_bind_param::<SmallInt, _>(&self.normalisation)?;
        out.push_sql(", k.* from unnest(");
        out.push_bind_param::<Array<SqlUuid>, _>(&self.member_ids)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<SqlUuid>, _>(&self.beneficiary_ids)?;
        for keys in &self.keys {
            out.push_sql(", ");
            out.push_bind_param::<Array<Nullable<BigInt>>, _>(keys)?;
        }
        for versions in [&self.member_versions, &self.family_versions] {
            out.push_sql(", ");
            out.push_bind_param::<Array<Integer>, _>(versions)?;
        }
        out.push_sql(
            ") as k on conflict (area_id, member_id) do update set beneficiary_id = excluded.beneficiary_id, \
             nik_start = excluded.nik_start, nik_end = excluded.nik_end, born_village = excluded.born_village, \
             born_word = excluded.born_word, name_village = excluded.name_village, \
             first_word = excluded.first_word, second_word = excluded.second_word, \
             name_mother = excluded.name_mother, phone_sex = excluded.phone_sex, \
             member_version = excluded.member_version, family_version = excluded.family_version, \
             normalisation = excluded.normalisation",
        );
        Ok(())
    }
}

/// What makes a key stale, of a membership `t`, its member `m`, its family `b` and the key `k`.
const IS_STALE: &str = "(k.member_id is null or k.beneficiary_id <> t.beneficiary_id or k.member_version <> m.version
    or k.family_version <> b.version or k.normalisation <> $2)";

/// What keys are made of.
const OF_STALE: &str = "select t.member_id, t.beneficiary_id, m.nik_sealed, m.name, m.sex, m.born_on, m.mother_name,
    b.village_code, b.phone, m.version as member_version, b.version as family_version";

/// Live members of the area whose keys are missing or of another version; by id, after one.
pub(super) async fn stale(mut conn: &Conn, area_id: i32, (after, limit): (Uuid, i64)) -> Result<Vec<Stale>> {
    let statement = format!(
        "{OF_STALE} from memberships t
        join members m on m.area_id = t.area_id and m.id = t.member_id
        join beneficiaries b on b.area_id = t.area_id and b.id = t.beneficiary_id
        left join member_keys k on k.area_id = t.area_id and k.member_id = t.member_id
        where t.area_id = $1 and t.ended_on is null and b.status = 'live' and t.member_id > $3 and {IS_STALE}
        order by t.member_id limit $4"
    );
    let rows = diesel::sql_query(statement)
        .bind::<Integer, _>(area_id)
        .bind::<SmallInt, _>(i16::try_from(NORMALISATION_VERSION).unwrap_or(i16::MAX))
        .bind::<SqlUuid, _>(after)
        .bind::<BigInt, _>(limit)
        .load(&mut conn)
        .await?;
    Ok(rows)
}

/// The same of some families.
///
/// Each row is looked up by its key (`offset 0` keeps the planner from joining otherwise): right after an import it
/// knows nothing of the tables, and what it makes up then takes a time that grows with the square of their size.
pub(super) async fn stale_of(mut conn: &Conn, area_id: i32, families: &[BeneficiaryId]) -> Result<Vec<Stale>> {
    let statement = format!(
        "{OF_STALE} from (select distinct unnest($3)) as f (id)
        cross join lateral (select t.member_id, t.beneficiary_id from memberships t
            where t.area_id = $1 and t.beneficiary_id = f.id and t.ended_on is null offset 0) as t
        cross join lateral (select * from members where area_id = $1 and id = t.member_id offset 0) as m
        cross join lateral (select * from beneficiaries where area_id = $1 and id = f.id offset 0) as b
        left join lateral (select * from member_keys where area_id = $1 and member_id = t.member_id offset 0) as k on true
        where b.status = 'live' and {IS_STALE}"
    );
    let rows = diesel::sql_query(statement)
        .bind::<Integer, _>(area_id)
        .bind::<SmallInt, _>(i16::try_from(NORMALISATION_VERSION).unwrap_or(i16::MAX))
        .bind::<Array<SqlUuid>, _>(families)
        .load(&mut conn)
        .await?;
    Ok(rows)
}

/// A membership `t` that ended, its member not back in the family, whose key `k` is still there.
const IS_DEPARTED: &str = "t.ended_on is not null and not exists (select from memberships l where l.area_id = $1
    and l.member_id = t.member_id and l.beneficiary_id = t.beneficiary_id and l.ended_on is null)";

/// Drops the keys of members who have left their families.
pub(super) async fn drop_departed(mut conn: &Conn, area_id: i32) -> Result<()> {
    let statement = format!(
        "delete from member_keys k using memberships t
        where k.area_id = $1 and t.area_id = $1 and k.member_id = t.member_id
            and k.beneficiary_id = t.beneficiary_id and {IS_DEPARTED}"
    );
    diesel::sql_query(statement).bind::<Integer, _>(area_id).execute(&mut conn).await?;
    Ok(())
}

/// The same of some families; each row is looked up by its key.
pub(super) async fn drop_departed_of(mut conn: &Conn, area_id: i32, families: &[BeneficiaryId]) -> Result<()> {
    let statement = format!(
        "delete from member_keys where area_id = $1 and member_id = any (array(
            select k.member_id from (select distinct unnest($2)) as f (id)
            cross join lateral (select t.member_id from memberships t
                where t.area_id = $1 and t.beneficiary_id = f.id and {IS_DEPARTED} offset 0) as t
            cross join lateral (select member_id from member_keys where area_id = $1 and member_id = t.member_id
                and beneficiary_id = f.id offset 0) as k))"
    );
    diesel::sql_query(statement)
        .bind::<Integer, _>(area_id)
        .bind::<Array<SqlUuid>, _>(families)
        .execute(&mut conn)
        .await?;
    Ok(())
}

#[derive(QueryableByName)]
struct Taken {
    #[diesel(sql_type = diesel::sql_types::Bool)]
    is_mine: bool,
}

/// Takes the look for stale keys until the session ends; false where another process has it.
///
/// Its statements join whole areas, by hash and in order only: after a filling the planner believes that there are no
/// keys yet, and would look through all that were made meanwhile for each member.
pub(super) async fn take_sweep(mut conn: &Conn) -> Result<bool> {
    let taken: Taken = diesel::sql_query(
        "select pg_try_advisory_lock($1) and set_config('enable_nestloop', 'off', false) = 'off' as is_mine",
    )
    .bind::<BigInt, _>(SWEEP_LOCK)
    .get_result(&mut conn)
    .await?;
    Ok(taken.is_mine)
}
