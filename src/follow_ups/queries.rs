//! One statement a function. Each takes the scope, or the area that was found by it.

use chrono::NaiveDate;
use diesel::dsl::sql;
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_builder::{BoxedSqlQuery, SqlQuery};
use diesel::sql_query;
use diesel::sql_types::{Array, BigInt, Bool, Date, Int4, Nullable, SmallInt, Text, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;

use super::model::{DueFilter, DueFollowUp, DuePlace, FollowUp, FollowUpFilter, FollowedAid, NewFollowUp, Newest};
use crate::db::{Conn, Counted, Way, walk};
use crate::domain::{AidId, FollowUpId, Scope};
use crate::error::{Code, OnConflict, Result};
use crate::http::{ByDueDay, ById, Limit, Whole};
use crate::schema::follow_ups;

/// Tools or a training that a live family of the scope got; the family is held until the transaction ends.
pub(super) async fn find_aid(mut conn: &Conn, scope: &Scope, id: AidId) -> Result<Option<FollowedAid>> {
    let found = sql_query(
        "select f.area_id, f.source, f.beneficiary_id, f.village_code, f.program_id, f.pledge_id, f.kind, f.delivered_on
         from beneficiaries b
         join (select * from followed_aid where area_id = any ($1) and aid_id = $2) as f
             on f.area_id = b.area_id and f.beneficiary_id = b.id
         where b.area_id = any ($1) and b.status = 'live' for share of b",
    );
    let found = found.bind::<Array<Int4>, _>(&scope.area_ids).bind::<SqlUuid, _>(id);
    Ok(found.get_result(&mut conn).await.optional()?)
}

/// The newest record of the same aid and month.
pub(super) async fn find_newest(mut conn: &Conn, area_id: i32, new: &NewFollowUp) -> Result<Option<Newest>> {
    let newest = follow_ups::table
        .filter(follow_ups::area_id.eq(area_id))
        .filter(follow_ups::aid_id.eq(new.aid_id))
        .filter(follow_ups::month_mark.eq(new.month_mark))
        .order(follow_ups::version.desc())
        .select((follow_ups::id, follow_ups::version));
    Ok(newest.first(&mut conn).await.optional()?)
}

/// Adds a record. The constraint lets one of two that were sent at once be the version.
pub(super) async fn insert(mut conn: &Conn, record: &FollowUp) -> Result<()> {
    let code = if record.version == 1 { Code::FollowUpRecorded } else { Code::FollowUpCorrected };
    diesel::insert_into(follow_ups::table).values(record).execute(&mut conn).await.on_conflict(code)?;
    Ok(())
}

/// Finds a record.
pub(super) async fn find(mut conn: &Conn, scope: &Scope, id: FollowUpId) -> Result<Option<FollowUp>> {
    let of_area = FollowUp::query().filter(follow_ups::area_id.eq_any(&scope.area_ids));
    Ok(of_area.filter(follow_ups::id.eq(id)).first(&mut conn).await.optional()?)
}

/// No newer version takes its place.
const NOT_CORRECTED: &str = "not exists (
    select from follow_ups n where n.area_id = follow_ups.area_id and n.corrects = follow_ups.id)";

/// Records that count, of those that a filter leaves.
fn filtered<'a>(scope: &'a Scope, filter: &'a FollowUpFilter) -> follow_ups::BoxedQuery<'a, Pg> {
    let mut query = follow_ups::table
        .filter(follow_ups::area_id.eq_any(&scope.area_ids))
        .filter(sql::<Bool>(NOT_CORRECTED))
        .into_boxed();
    if let Some(beneficiary_id) = filter.beneficiary_id {
        query = query.filter(follow_ups::beneficiary_id.eq(beneficiary_id));
    }
    if let Some(village_code) = &filter.village_code {
        query = query.filter(follow_ups::village_code.eq(village_code));
    }
    if let Some(program_id) = filter.program_id {
        query = query.filter(follow_ups::program_id.eq(program_id));
    }
    if let Some(pledge_id) = filter.pledge_id {
        query = query.filter(follow_ups::pledge_id.eq(pledge_id));
    }
    if let Some(month_mark) = filter.month_mark {
        query = query.filter(follow_ups::month_mark.eq(month_mark.small()));
    }
    query
}

/// Counts records.
pub(super) async fn count(mut conn: &Conn, scope: &Scope, filter: &FollowUpFilter) -> Result<i64> {
    Ok(filtered(scope, filter).count().get_result(&mut conn).await?)
}

/// Lists records by area and id, after one.
pub(super) async fn list(
    mut conn: &Conn,
    scope: &Scope,
    filter: &FollowUpFilter,
    (limit, after): (Limit, Option<(i32, FollowUpId)>),
) -> Result<Vec<FollowUp>> {
    let query = filtered(scope, filter).select(FollowUp::as_select()).limit(limit.rows_to_fetch());
    let is_down = filter.sort != Some(ById::Up);
    Ok(walk!(query, is_down, after, follow_ups::{area_id, id}).load(&mut conn).await?)
}

/// What is due and not recorded; the placeholders are those of [`due_bound`].
const DUE: &str = "
    select f.area_id, f.aid_id, m.month_mark, m.due_on, f.source, f.beneficiary_id, b.village_code, f.program_id,
        f.pledge_id, f.title, f.kind, f.delivered_on
    from followed_aid f
    join beneficiaries b on b.area_id = f.area_id and b.id = f.beneficiary_id
    cross join lateral (
        select n::smallint as month_mark, (f.delivered_on + make_interval(months => n))::date as due_on
        from unnest(array[3, 6, 12, 24]) as n
    ) as m
    where f.area_id = any ($1) and b.area_id = any ($1) and b.status = 'live' and m.due_on <= $2
        and ($3 is null or b.village_code = $3) and ($4 is null or f.program_id = $4)
        and ($5 is null or f.pledge_id = $5) and ($6 is null or m.month_mark = $6)
        and not exists (
            select from follow_ups r
            where r.area_id = f.area_id and r.aid_id = f.aid_id and r.month_mark = m.month_mark
        )";

fn due_bound<'a>(
    statement: String,
    scope: &'a Scope,
    (filter, on): (&'a DueFilter, NaiveDate),
) -> BoxedSqlQuery<'a, Pg, SqlQuery> {
    sql_query(statement)
        .into_boxed::<Pg>()
        .bind::<Array<Int4>, _>(&scope.area_ids)
        .bind::<Date, _>(on)
        .bind::<Nullable<Text>, _>(filter.village_code.as_ref())
        .bind::<Nullable<SqlUuid>, _>(filter.program_id)
        .bind::<Nullable<SqlUuid>, _>(filter.pledge_id)
        .bind::<Nullable<SmallInt>, _>(filter.month_mark.map(Whole::small))
}

/// Counts what is due on a day.
pub(super) async fn count_due(mut conn: &Conn, scope: &Scope, asked: (&DueFilter, NaiveDate)) -> Result<i64> {
    let statement = format!("select count(*) as total from ({DUE}) as due");
    Ok(due_bound(statement, scope, asked).get_result::<Counted>(&mut conn).await?.total)
}

/// Lists what is due on a day by since when, area, aid and months, after a place.
pub(super) async fn list_due(
    mut conn: &Conn,
    scope: &Scope,
    asked: (&DueFilter, NaiveDate),
    (limit, after): (Limit, Option<DuePlace>),
) -> Result<Vec<DueFollowUp>> {
    let Way { order, beyond } = Way::of(asked.0.sort == Some(ByDueDay::Down));
    let place = if after.is_some() {
        format!("where (due_on, area_id, aid_id, month_mark) {beyond} ($7, $8, $9, $10)")
    } else {
        String::new()
    };
    let statement = format!(
        "select * from ({DUE}) as due {place}
         order by due_on {order}, area_id {order}, aid_id {order}, month_mark {order} limit $11"
    );
    let (due_on, area_id, aid_id, month_mark) = match after {
        Some((due_on, area_id, aid_id, month_mark)) => (Some(due_on), Some(area_id), Some(aid_id), Some(month_mark)),
        None => (None, None, None, None),
    };
    let query = due_bound(statement, scope, asked)
        .bind::<Nullable<Date>, _>(due_on)
        .bind::<Nullable<Int4>, _>(area_id)
        .bind::<Nullable<SqlUuid>, _>(aid_id)
        .bind::<Nullable<SmallInt>, _>(month_mark)
        .bind::<BigInt, _>(limit.rows_to_fetch());
    Ok(query.load(&mut conn).await?)
}
