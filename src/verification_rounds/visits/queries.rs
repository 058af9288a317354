//! One statement a function. Each takes the scope, or the area that was found by it.

use chrono::{DateTime, Utc};
use diesel::dsl::exists;
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use super::model::{Visit, VisitFilter};
use crate::db::{Conn, walk};
use crate::domain::{BeneficiaryId, Scope, VisitId};
use crate::error::Result;
use crate::http::{ById, Limit};
use crate::schema::{beneficiaries, carried_visits, visits};

/// Area of a family, live or not; of one that moved between areas of the scope that of the record that goes on.
pub(super) async fn area_of(mut conn: &Conn, scope: &Scope, id: BeneficiaryId) -> Result<Option<i32>> {
    let area = beneficiaries::table
        .filter(beneficiaries::area_id.eq_any(&scope.area_ids))
        .filter(beneficiaries::id.eq(id))
        .order(beneficiaries::version.desc())
        .select(beneficiaries::area_id);
    Ok(area.first(&mut conn).await.optional()?)
}

/// Inserts a visit; `None` where the client has recorded one of that family at that moment.
pub(super) async fn insert(mut conn: &Conn, visit: &Visit) -> Result<Option<()>> {
    let inserted = diesel::insert_into(visits::table)
        .values((
            visits::area_id.eq(visit.area_id),
            visits::id.eq(visit.id),
            visits::beneficiary_id.eq(visit.beneficiary_id),
            visits::round_id.eq(visit.round_id),
            visits::visited_at.eq(visit.visited_at),
            visits::finding.eq(visit.finding),
            visits::is_poor.eq(visit.is_poor),
            visits::note.eq(&visit.note),
            visits::evidence.eq(&visit.evidence),
            visits::has_confirmed.eq(visit.has_confirmed),
            visits::recorded_by.eq(&visit.recorded_by),
            visits::created_at.eq(visit.created_at),
        ))
        .on_conflict((visits::area_id, visits::beneficiary_id, visits::recorded_by, visits::visited_at))
        .do_nothing()
        .execute(&mut conn)
        .await?;
    Ok((inserted == 1).then_some(()))
}

/// The visit of a family that a client recorded for a moment.
pub(super) async fn earlier(
    mut conn: &Conn,
    area_id: i32,
    family: BeneficiaryId,
    (client_id, visited_at): (&str, DateTime<Utc>),
) -> Result<Option<VisitId>> {
    let visit = visits::table
        .filter(visits::area_id.eq(area_id))
        .filter(visits::beneficiary_id.eq(family))
        .filter(visits::recorded_by.eq(client_id))
        .filter(visits::visited_at.eq(visited_at))
        .select(visits::id);
    Ok(visit.first(&mut conn).await.optional()?)
}

/// Finds a visit; of one that came along between areas of the scope the record that has its round.
pub(super) async fn find(mut conn: &Conn, scope: &Scope, id: VisitId) -> Result<Option<Visit>> {
    let query = Visit::query().filter(visits::area_id.eq_any(&scope.area_ids)).filter(visits::id.eq(id));
    let query = query.order(visits::round_id.asc());
    Ok(query.first(&mut conn).await.optional()?)
}

/// Visits that a filter leaves.
fn filtered<'a>(scope: &'a Scope, filter: &VisitFilter) -> visits::BoxedQuery<'a, Pg> {
    let mut query = visits::table.filter(visits::area_id.eq_any(&scope.area_ids)).into_boxed();
    if let Some(beneficiary_id) = filter.beneficiary_id {
        let carried = carried_visits::table
            .filter(carried_visits::area_id.eq(visits::area_id))
            .filter(carried_visits::visit_id.eq(visits::id))
            .filter(carried_visits::beneficiary_id.eq(beneficiary_id));
        query = query.filter(visits::beneficiary_id.eq(beneficiary_id).or(exists(carried)));
    }
    if let Some(round_id) = filter.round_id {
        query = query.filter(visits::round_id.eq(round_id));
    }
    query
}

/// Counts visits.
pub(super) async fn count(mut conn: &Conn, scope: &Scope, filter: &VisitFilter) -> Result<i64> {
    Ok(filtered(scope, filter).count().get_result(&mut conn).await?)
}

/// Lists visits by id, after one.
pub(super) async fn list(
    mut conn: &Conn,
    scope: &Scope,
    filter: &VisitFilter,
    (limit, after): (Limit, Option<VisitId>),
) -> Result<Vec<Visit>> {
    let query = filtered(scope, filter).select(Visit::as_select()).limit(limit.rows_to_fetch());
    let is_down = filter.sort != Some(ById::Up);
    Ok(walk!(query, is_down, after, visits::{id}).load(&mut conn).await?)
}
