//! One statement a function. Each takes the scope, or the area that was found by it.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_types::{Int4, Text, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;

use super::model::{StockSite, StockSiteChanges, StockSiteFilter};
use crate::db::{Conn, walk};
use crate::domain::{Scope, StockSiteId};
use crate::error::{Code, Error, OnConflict, Result};
use crate::http::{ById, Limit};
use crate::schema::stock_sites;

/// Finds a site.
pub(super) async fn find(mut conn: &Conn, scope: &Scope, id: StockSiteId) -> Result<Option<StockSite>> {
    let query = StockSite::query().filter(stock_sites::area_id.eq_any(&scope.area_ids)).filter(stock_sites::id.eq(id));
    Ok(query.first(&mut conn).await.optional()?)
}

/// Finds a site and keeps goods from moving there until the transaction ends.
pub(super) async fn lock(mut conn: &Conn, scope: &Scope, id: StockSiteId) -> Result<Option<StockSite>> {
    let query = StockSite::query().filter(stock_sites::area_id.eq_any(&scope.area_ids)).filter(stock_sites::id.eq(id));
    Ok(query.for_no_key_update().first(&mut conn).await.optional()?)
}

/// Holds an open site, so that it is not closed until the transaction ends.
///
/// # Errors
/// A fault at `pointer` where the sub-district has no such site; `stock_site_closed`.
pub(in crate::stock) async fn hold(mut conn: &Conn, (area_id, id): (i32, StockSiteId), pointer: &str) -> Result<()> {
    let site = stock_sites::table.find((area_id, id)).select(stock_sites::closed_on).for_share();
    match site.first::<Option<NaiveDate>>(&mut conn).await.optional()? {
        Some(None) => Ok(()),
        Some(Some(day)) => Err(Error::from(Code::StockSiteClosed).about(format!("since {day}"))),
        None => Err(Error::invalid_field(pointer, Code::ReferenceUnknown)),
    }
}

/// Adds a site; the constraint lets a name be of one.
pub(super) async fn insert(mut conn: &Conn, site: &StockSite) -> Result<()> {
    let insert = diesel::insert_into(stock_sites::table).values(site).execute(&mut conn).await;
    insert.on_conflict(Code::StockSiteNameTaken)?;
    Ok(())
}

/// Writes changes over a locked site.
pub(super) async fn update(
    mut conn: &Conn,
    before: &StockSite,
    changes: &StockSiteChanges,
    now: DateTime<Utc>,
) -> Result<StockSite> {
    diesel::update(stock_sites::table.find((before.area_id, before.id)))
        .set((changes, stock_sites::version.eq(before.version + 1), stock_sites::updated_at.eq(now)))
        .returning(StockSite::as_returning())
        .get_result(&mut conn)
        .await
        .on_conflict(Code::StockSiteNameTaken)
}

/// Closes a locked site.
pub(super) async fn close(
    mut conn: &Conn,
    before: &StockSite,
    closed_on: NaiveDate,
    now: DateTime<Utc>,
) -> Result<StockSite> {
    let closed = diesel::update(stock_sites::table.find((before.area_id, before.id)))
        .set((
            stock_sites::closed_on.eq(closed_on),
            stock_sites::version.eq(before.version + 1),
            stock_sites::updated_at.eq(now),
        ))
        .returning(StockSite::as_returning())
        .get_result(&mut conn)
        .await?;
    Ok(closed)
}

/// What a site still holds first of all, such as `20 kg Beras`; nothing where it is empty.
pub(super) async fn first_left(mut conn: &Conn, site: &StockSite) -> Result<Option<String>> {
    #[derive(QueryableByName)]
    struct Left {
        #[diesel(sql_type = Text)]
        told: String,
    }
    let left: Option<Left> = diesel::sql_query(
        "select trim_scale(b.posted) || ' ' || l.unit || ' ' || l.item as told
         from stock_places p
         join stock_lots l on l.area_id = p.area_id and l.id = p.stock_lot_id
         join ledger_accounts a on a.owner_id = p.id and a.kind = 'stock'
         join ledger_balances b on b.account_id = a.id
         where p.area_id = $1 and p.stock_site_id = $2 and b.posted > 0 order by l.id limit 1",
    )
    .bind::<Int4, _>(site.area_id)
    .bind::<SqlUuid, _>(site.id)
    .get_result(&mut conn)
    .await
    .optional()?;
    Ok(left.map(|left| left.told))
}

/// Sites that a filter leaves.
fn filtered<'a>(scope: &'a Scope, filter: &'a StockSiteFilter) -> stock_sites::BoxedQuery<'a, Pg> {
    let mut query = stock_sites::table.filter(stock_sites::area_id.eq_any(&scope.area_ids)).into_boxed();
    if let Some(kind) = filter.kind {
        query = query.filter(stock_sites::kind.eq(kind));
    }
    if let Some(village_code) = &filter.village_code {
        query = query.filter(stock_sites::village_code.eq(village_code));
    }
    if let Some(is_closed) = filter.is_closed {
        query = query.filter(stock_sites::closed_on.is_not_null().eq(is_closed));
    }
    query
}

/// Counts sites.
pub(super) async fn count(mut conn: &Conn, scope: &Scope, filter: &StockSiteFilter) -> Result<i64> {
    Ok(filtered(scope, filter).count().get_result(&mut conn).await?)
}

/// Lists sites by area and id, after a place.
pub(super) async fn list(
    mut conn: &Conn,
    scope: &Scope,
    filter: &StockSiteFilter,
    (limit, after): (Limit, Option<(i32, StockSiteId)>),
) -> Result<Vec<StockSite>> {
    let query = filtered(scope, filter).select(StockSite::as_select()).limit(limit.rows_to_fetch());
    let is_down = filter.sort == Some(ById::Down);
    Ok(walk!(query, is_down, after, stock_sites::{area_id, id}).load(&mut conn).await?)
}
