//! One statement a function. Each takes what the caller sees, or the area that was found by it.

use chrono::{DateTime, Utc};
use diesel::dsl::{exists, sql};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{Array, Bool, Int4, Text, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::model::{About, ComplaintCategory, ComplaintFilter, ComplaintRow, ComplaintState, Sight};
use super::rules::OPEN;
use crate::db::{self, Conn, walk};
use crate::domain::{BeneficiaryId, ComplaintId};
use crate::error::{Code, Result};
use crate::http::{ById, Limit};
use crate::schema::{beneficiaries, complaints};

/// Complaints that a caller sees.
fn seen(sight: Sight<'_>) -> complaints::BoxedQuery<'_, Pg> {
    let own = complaints::table
        .filter(complaints::area_id.eq_any(&sight.scope.area_ids))
        .filter(complaints::against_client_id.is_distinct_from(sight.client_id))
        .into_boxed();
    if sight.is_trusted { own } else { own.filter(complaints::category.ne_all(ComplaintCategory::SENSITIVE)) }
}

/// Finds a complaint.
pub(super) async fn find(mut conn: &Conn, sight: Sight<'_>, id: ComplaintId) -> Result<Option<ComplaintRow>> {
    let found = seen(sight).filter(complaints::id.eq(id)).select(ComplaintRow::as_select());
    Ok(found.first(&mut conn).await.optional()?)
}

/// Finds a complaint and keeps others from changing it until the transaction ends.
pub(super) async fn lock(mut conn: &Conn, sight: Sight<'_>, id: ComplaintId) -> Result<Option<ComplaintRow>> {
    let own = complaints::table
        .filter(complaints::area_id.eq_any(&sight.scope.area_ids))
        .filter(complaints::against_client_id.is_distinct_from(sight.client_id))
        .filter(complaints::id.eq(id))
        .select(ComplaintRow::as_select());
    let row: Option<ComplaintRow> = own.for_no_key_update().first(&mut conn).await.optional()?;
    Ok(row.filter(|row| sight.is_trusted || !row.category.is_sensitive()))
}

/// Complaints that a filter leaves.
fn filtered<'a>(sight: Sight<'a>, filter: &'a ComplaintFilter) -> complaints::BoxedQuery<'a, Pg> {
    let mut query = seen(sight);
    if let Some(village_code) = &filter.village_code {
        query = query.filter(complaints::village_code.eq(village_code));
    }
    if let Some(status) = filter.status {
        query = query.filter(complaints::status.eq(status));
    }
    if let Some(category) = filter.category {
        query = query.filter(complaints::category.eq(category));
    }
    if let Some(family) = filter.beneficiary_id {
        // A complaint goes on naming the family that it named, so those that went on in this one are asked for too.
        let of_line = sql::<Bool>("exists (select from records_of(")
            .bind::<Array<Int4>, _>(&sight.scope.area_ids)
            .sql(", ")
            .bind::<SqlUuid, _>(family)
            .sql(") as r where r.id in (complaints.beneficiary_id, complaints.complainant_beneficiary_id))");
        query = query.filter(of_line);
    }
    if let Some(program_id) = filter.program_id {
        query = query.filter(complaints::program_id.eq(program_id));
    }
    if let Some(pledge_id) = filter.pledge_id {
        query = query.filter(complaints::pledge_id.eq(pledge_id));
    }
    if let Some(assigned_to) = &filter.assigned_to {
        query = query.filter(complaints::assigned_to.eq(assigned_to.as_str()));
    }
    if let Some(is_overdue) = filter.is_overdue {
        let is_late = complaints::status.eq_any(OPEN).and(complaints::due_on.lt(db::today()));
        query = query.filter(is_late.eq(is_overdue));
    }
    query
}

/// Counts complaints.
pub(super) async fn count(mut conn: &Conn, sight: Sight<'_>, filter: &ComplaintFilter) -> Result<i64> {
    Ok(filtered(sight, filter).count().get_result(&mut conn).await?)
}

/// Lists complaints by area and id, after one.
pub(super) async fn list(
    mut conn: &Conn,
    sight: Sight<'_>,
    filter: &ComplaintFilter,
    (limit, after): (Limit, Option<(i32, ComplaintId)>),
) -> Result<Vec<ComplaintRow>> {
    let query = filtered(sight, filter).select(ComplaintRow::as_select()).limit(limit.rows_to_fetch());
    let is_down = filter.sort == Some(ById::Down);
    Ok(walk!(query, is_down, after, complaints::{area_id, id}).load(&mut conn).await?)
}

/// What there is of one kind under an id in an area, and what follows from it.
const ABOUT: &str = "
    select * from (
        select b.id as beneficiary_id, null::uuid as program_id, null::uuid as cycle_id, null::uuid as delivery_id,
            null::date as delivery_period, null::uuid as pledge_id, null::uuid as allocation_delivery_id
        from beneficiaries b where $3 = '/beneficiary_id' and b.area_id = $1 and b.id = $2
        union all
        select null, p.id, null, null, null, null, null
        from programs p where $3 = '/program_id' and p.id = $2 and (p.owner_area_id is null or p.owner_area_id = $1)
        union all
        select null, c.program_id, c.id, null, null, null, null
        from cycles c where $3 = '/cycle_id' and c.area_id = $1 and c.id = $2
        union all
        select d.beneficiary_id, d.program_id, null, d.id, d.period, null, null
        from deliveries d where $3 = '/delivery_id' and d.area_id = $1 and d.id = $2
        union all
        select null, null, null, null, null, p.id, null
        from pledges p where $3 = '/pledge_id' and p.area_id = $1 and p.id = $2
            and p.status in ('committed', 'closing', 'closed')
        union all
        select d.beneficiary_id, null, null, null, null, d.pledge_id, d.id
        from allocation_deliveries d where $3 = '/allocation_delivery_id' and d.area_id = $1 and d.id = $2
    ) as about";

/// What a complaint is about, where the area has it; the kind is told by its pointer.
pub(super) async fn about(mut conn: &Conn, area_id: i32, (pointer, id): (&str, Uuid)) -> Result<Option<About>> {
    let found = sql_query(ABOUT).bind::<Int4, _>(area_id).bind::<SqlUuid, _>(id).bind::<Text, _>(pointer);
    Ok(found.get_result(&mut conn).await.optional()?)
}

/// Whether an area has a family, live or not.
pub(super) async fn has_family(mut conn: &Conn, area_id: i32, id: BeneficiaryId) -> Result<bool> {
    let family = beneficiaries::table.filter(beneficiaries::area_id.eq(area_id)).filter(beneficiaries::id.eq(id));
    Ok(diesel::select(exists(family)).get_result(&mut conn).await?)
}

/// Adds a complaint.
pub(super) async fn insert(mut conn: &Conn, row: &ComplaintRow) -> Result<()> {
    diesel::insert_into(complaints::table).values(row).execute(&mut conn).await?;
    Ok(())
}

/// Writes what a step changes of a complaint that is locked.
pub(super) async fn put(
    mut conn: &Conn,
    before: &ComplaintRow,
    state: &ComplaintState,
    now: DateTime<Utc>,
) -> Result<ComplaintRow> {
    let row = complaints::table.find((before.area_id, before.id)).filter(complaints::version.eq(before.version));
    let after = diesel::update(row)
        .set((state, complaints::version.eq(before.version + 1), complaints::updated_at.eq(now)))
        .returning(ComplaintRow::as_returning())
        .get_result(&mut conn)
        .await
        .optional()?;
    after.ok_or_else(|| Code::VersionStale.into())
}
