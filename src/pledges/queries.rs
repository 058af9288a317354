//! One statement a function. A company reaches its own pledges, the others those of their areas.

use std::collections::HashMap;

use diesel::dsl::{not, sql};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_types::{Bool, Timestamptz};
use diesel_async::RunQueryDsl;

use super::model::{Installment, LineOrigin, PledgeFilter, PledgeLine, PledgeRow};
use crate::db::{self, Conn, walk};
use crate::domain::{Document, PledgeId, PledgeLineId, Quantity, Scope, VillageCode};
use crate::error::{Code, Result};
use crate::http::{ByCreation, Limit};
use crate::schema::{pledge_line_plans, pledge_lines, pledges, region_editions, regions};

/// Pledges that a caller may see.
fn visible(scope: &Scope) -> pledges::BoxedQuery<'_, Pg> {
    let query = pledges::table.into_boxed();
    match scope.company_id {
        Some(company_id) => query.filter(pledges::company_id.eq(company_id)),
        None => query.filter(pledges::area_id.eq_any(&scope.area_ids)),
    }
}

/// Finds a pledge.
///
/// # Errors
/// `not_found`.
pub(super) async fn find(mut conn: &Conn, scope: &Scope, id: PledgeId) -> Result<PledgeRow> {
    let query = visible(scope).filter(pledges::id.eq(id)).select(PledgeRow::as_select());
    let row = query.first(&mut conn).await.optional()?;
    row.ok_or_else(|| Code::NotFound.into())
}

/// Holds a pledge until the transaction ends: nobody else decides on it meanwhile.
///
/// # Errors
/// `not_found`.
pub(super) async fn lock(mut conn: &Conn, scope: &Scope, id: PledgeId) -> Result<PledgeRow> {
    find(conn, scope, id).await?;
    let locked = pledges::table.select(PledgeRow::as_select()).filter(pledges::id.eq(id)).for_no_key_update();
    Ok(locked.first(&mut conn).await?)
}

/// Holds a pledge in its state until the transaction ends, together with others who do the same.
///
/// # Errors
/// `not_found`.
pub(super) async fn share(mut conn: &Conn, scope: &Scope, id: PledgeId) -> Result<PledgeRow> {
    find(conn, scope, id).await?;
    let held = pledges::table.select(PledgeRow::as_select()).filter(pledges::id.eq(id)).for_share();
    Ok(held.first(&mut conn).await?)
}

/// Pledges that a filter leaves.
fn filtered<'a>(scope: &'a Scope, filter: &'a PledgeFilter) -> pledges::BoxedQuery<'a, Pg> {
    let mut query = visible(scope);
    if let Some(status) = filter.status {
        query = query.filter(pledges::status.eq(status));
    }
    if let Some(year) = filter.year {
        query = query.filter(pledges::year.eq(year.small()));
    }
    if let Some(company_id) = filter.company_id {
        query = query.filter(pledges::company_id.eq(company_id));
    }
    match filter.is_overdue {
        Some(true) => query.filter(sql::<Bool>(OVERDUE)),
        Some(false) => query.filter(not(sql::<Bool>(OVERDUE))),
        None => query,
    }
}

/// Something of a line was due before today (WITA) and is still to come: what came covers the earliest first, and a line
/// without installments is due by the end of the year. The same as `installments::is_late` tells of each line, where a page is
/// made of them; a test holds the two together.
const OVERDUE: &str = "
    exists (
        select from pledge_lines l
        join ledger_accounts a on a.owner_id = l.id and a.kind = 'commitment'
        join ledger_balances b on b.account_id = a.id and b.posted > 0
        where l.pledge_id = pledges.id and l.quantity - b.posted < (
            select coalesce(sum((i ->> 'quantity')::numeric), 0)
            from jsonb_array_elements(
                case jsonb_array_length(l.installments)
                    when 0 then jsonb_build_array(jsonb_build_object(
                        'due_on', make_date(pledges.year, 12, 31), 'quantity', l.quantity
                    ))
                    else l.installments
                end
            ) as i
            where (i ->> 'due_on')::date < (now() at time zone 'Asia/Makassar')::date
        )
    )";

/// Counts pledges.
pub(super) async fn count(mut conn: &Conn, scope: &Scope, filter: &PledgeFilter) -> Result<i64> {
    Ok(filtered(scope, filter).count().get_result(&mut conn).await?)
}

/// Lists pledges by id, after an id.
pub(super) async fn list(
    mut conn: &Conn,
    scope: &Scope,
    filter: &PledgeFilter,
    (limit, after): (Limit, Option<PledgeId>),
) -> Result<Vec<PledgeRow>> {
    let query = filtered(scope, filter).select(PledgeRow::as_select()).limit(limit.rows_to_fetch());
    let is_down = filter.sort == Some(ByCreation::Down);
    Ok(walk!(query, is_down, after, pledges::{id}).load(&mut conn).await?)
}

/// Lines of pledges, in the order they were written.
pub(super) async fn lines(mut conn: &Conn, pledge_ids: &[PledgeId]) -> Result<Vec<PledgeLine>> {
    let query = PledgeLine::query().filter(pledge_lines::pledge_id.eq_any(pledge_ids));
    Ok(query.order((pledge_lines::pledge_id, pledge_lines::id)).load(&mut conn).await?)
}

/// Finds a line of a pledge.
pub(super) async fn find_line(mut conn: &Conn, pledge_id: PledgeId, id: PledgeLineId) -> Result<Option<PledgeLine>> {
    let query = PledgeLine::query().filter(pledge_lines::pledge_id.eq(pledge_id)).filter(pledge_lines::id.eq(id));
    Ok(query.first(&mut conn).await.optional()?)
}

/// Writes a new pledge.
pub(super) async fn insert(mut conn: &Conn, row: &PledgeRow) -> Result<()> {
    diesel::insert_into(pledges::table).values(row).execute(&mut conn).await?;
    Ok(())
}

/// Writes what became of a locked pledge.
pub(super) async fn update(mut conn: &Conn, row: &PledgeRow) -> Result<()> {
    diesel::update(pledges::table.find(row.id)).set(row).execute(&mut conn).await?;
    Ok(())
}

/// Writes lines. Of one that comes to a pledge later it is kept that nothing was promised of it until now.
pub(super) async fn insert_lines(mut conn: &Conn, lines: &[PledgeLine]) -> Result<()> {
    diesel::insert_into(pledge_lines::table).values(lines).execute(&mut conn).await?;
    let (now, nothing) = (db::now(), Document(Vec::<Installment>::new()));
    let later = lines.iter().filter(|line| line.origin != LineOrigin::Pledged);
    let plans = later.map(|line| {
        (
            pledge_line_plans::pledge_line_id.eq(line.id),
            pledge_line_plans::ended_at.eq(now),
            pledge_line_plans::quantity.eq(Quantity::zero()),
            pledge_line_plans::installments.eq(nothing.clone()),
        )
    });
    diesel::insert_into(pledge_line_plans::table).values(plans.collect::<Vec<_>>()).execute(&mut conn).await?;
    Ok(())
}

/// Changes how much of a line is promised, by when, and what it counts for; what was planned until now is kept.
pub(super) async fn update_line(mut conn: &Conn, line: &PledgeLine) -> Result<()> {
    let until_now =
        (pledge_lines::id, db::now().into_sql::<Timestamptz>(), pledge_lines::quantity, pledge_lines::installments);
    diesel::insert_into(pledge_line_plans::table)
        .values(pledge_lines::table.find(line.id).select(until_now))
        .into_columns((
            pledge_line_plans::pledge_line_id,
            pledge_line_plans::ended_at,
            pledge_line_plans::quantity,
            pledge_line_plans::installments,
        ))
        .execute(&mut conn)
        .await?;
    let changes = (
        pledge_lines::quantity.eq(&line.quantity),
        pledge_lines::installments.eq(&line.installments),
        pledge_lines::field.eq(line.field),
    );
    diesel::update(pledge_lines::table.find(line.id)).set(changes).execute(&mut conn).await?;
    Ok(())
}

/// Removes the lines of a draft.
pub(super) async fn delete_lines(mut conn: &Conn, pledge_id: PledgeId) -> Result<()> {
    diesel::delete(pledge_lines::table.filter(pledge_lines::pledge_id.eq(pledge_id))).execute(&mut conn).await?;
    Ok(())
}

/// Areas of villages of the current edition that lie in the scope.
pub(super) async fn areas_of(
    mut conn: &Conn,
    scope: &Scope,
    codes: &[&VillageCode],
) -> Result<HashMap<VillageCode, i32>> {
    let areas: Vec<(VillageCode, i32)> = regions::table
        .inner_join(region_editions::table)
        .filter(region_editions::is_current)
        .filter(regions::level.eq("village"))
        .filter(regions::area_id.eq_any(&scope.area_ids))
        .filter(regions::code.eq_any(codes))
        .select((regions::code, regions::area_id.assume_not_null()))
        .load(&mut conn)
        .await?;
    Ok(areas.into_iter().collect())
}
