//! Statements over the members whom a full list no longer names.

use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Integer, Nullable, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;

use super::super::model::{LeaverFilter, LeaverRow};
use crate::db::{Conn, Way};
use crate::domain::{ImportId, MemberId, Scope};
use crate::error::Result;
use crate::http::{ById, Limit};
use crate::schema::import_leavers;

/// Counts the leavers of an import.
pub(in crate::beneficiaries::imports) async fn count(mut conn: &Conn, scope: &Scope, id: ImportId) -> Result<i64> {
    let leavers = import_leavers::table.filter(import_leavers::area_id.eq_any(&scope.area_ids));
    Ok(leavers.filter(import_leavers::import_id.eq(id)).count().get_result(&mut conn).await?)
}

/// Lists the leavers of an import by id of the person, after one, as they are recorded now.
pub(in crate::beneficiaries::imports) async fn list(
    mut conn: &Conn,
    scope: &Scope,
    id: ImportId,
    filter: &LeaverFilter,
    (limit, after): (Limit, Option<MemberId>),
) -> Result<Vec<LeaverRow>> {
    let Way { order, beyond } = Way::of(filter.sort == Some(ById::Down));
    let statement = format!(
        "select l.member_id, l.beneficiary_id, b.village_code, m.name, m.born_on, t.relationship,
            array(
                select a.id from allocations as a
                where a.area_id = l.area_id and a.beneficiary_id = l.beneficiary_id and a.status = 'reserved'
                order by a.id limit 100
            ) as reserved_allocation_ids
        from import_leavers as l
        inner join members as m on m.area_id = l.area_id and m.id = l.member_id
        inner join beneficiaries as b on b.area_id = l.area_id and b.id = l.beneficiary_id
        cross join lateral (
            select relationship from memberships as t
            where t.area_id = l.area_id and t.member_id = l.member_id and t.beneficiary_id = l.beneficiary_id
            order by t.ended_on desc nulls first limit 1
        ) as t
        where l.area_id = any ($1) and l.import_id = $2 and ($3 is null or l.member_id {beyond} $3)
        order by l.member_id {order} limit $4"
    );
    let rows = diesel::sql_query(statement)
        .bind::<Array<Integer>, _>(&scope.area_ids)
        .bind::<SqlUuid, _>(id)
        .bind::<Nullable<SqlUuid>, _>(after)
        .bind::<BigInt, _>(limit.rows_to_fetch())
        .load(&mut conn)
        .await?;
    Ok(rows)
}
