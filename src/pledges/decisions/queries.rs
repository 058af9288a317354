//! One statement a function. A company reaches decisions on its own pledges, the others those of their areas.

use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_types::{Numeric, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;

use super::model::{DecisionFilter, DecisionStatus, PledgeDecision};
use crate::db::{Conn, walk};
use crate::domain::{PledgeDecisionId, PledgeId, Quantity, Scope, TransferId};
use crate::error::{Code, OnConflict as _, Result};
use crate::http::{ByCreation, Limit};
use crate::pledges::model::{LineOrigin, PledgeLine};
use crate::schema::pledge_decisions;

/// Decisions that a caller may see.
fn visible(scope: &Scope) -> pledge_decisions::BoxedQuery<'_, Pg> {
    let query = pledge_decisions::table.into_boxed();
    match scope.company_id {
        Some(company_id) => query.filter(pledge_decisions::company_id.eq(company_id)),
        None => query.filter(pledge_decisions::area_id.eq_any(&scope.area_ids)),
    }
}

/// Finds a decision.
///
/// # Errors
/// `not_found`.
pub(super) async fn find(mut conn: &Conn, scope: &Scope, id: PledgeDecisionId) -> Result<PledgeDecision> {
    let query = visible(scope).filter(pledge_decisions::id.eq(id)).select(PledgeDecision::as_select());
    let found = query.first(&mut conn).await.optional()?;
    found.ok_or_else(|| Code::NotFound.into())
}

/// Decisions that a filter leaves.
fn filtered<'a>(scope: &'a Scope, filter: &'a DecisionFilter) -> pledge_decisions::BoxedQuery<'a, Pg> {
    let mut query = visible(scope);
    if let Some(pledge_id) = filter.pledge_id {
        query = query.filter(pledge_decisions::pledge_id.eq(pledge_id));
    }
    if let Some(kind) = filter.kind {
        query = query.filter(pledge_decisions::kind.eq(kind));
    }
    if let Some(status) = filter.status {
        query = query.filter(pledge_decisions::status.eq(status));
    }
    query
}

/// Counts decisions.
pub(super) async fn count(mut conn: &Conn, scope: &Scope, filter: &DecisionFilter) -> Result<i64> {
    Ok(filtered(scope, filter).count().get_result(&mut conn).await?)
}

/// Lists decisions by id, after an id.
pub(super) async fn list(
    mut conn: &Conn,
    scope: &Scope,
    filter: &DecisionFilter,
    (limit, after): (Limit, Option<PledgeDecisionId>),
) -> Result<Vec<PledgeDecision>> {
    let query = filtered(scope, filter).select(PledgeDecision::as_select()).limit(limit.rows_to_fetch());
    let is_down = filter.sort == Some(ByCreation::Down);
    Ok(walk!(query, is_down, after, pledge_decisions::{id}).load(&mut conn).await?)
}

/// All decisions on a pledge that took effect, in the order they were proposed.
pub(in crate::pledges) async fn of_pledge(mut conn: &Conn, pledge_id: PledgeId) -> Result<Vec<PledgeDecision>> {
    let query = PledgeDecision::query()
        .filter(pledge_decisions::pledge_id.eq(pledge_id))
        .filter(pledge_decisions::status.eq("agreed"))
        .order(pledge_decisions::id);
    Ok(query.load(&mut conn).await?)
}

/// Writes a decision; one of a kind may wait at a time.
///
/// # Errors
/// `pledge_decision_pending`.
pub(super) async fn insert(mut conn: &Conn, decision: &PledgeDecision) -> Result<()> {
    let inserted = diesel::insert_into(pledge_decisions::table).values(decision).execute(&mut conn).await;
    inserted.on_conflict(Code::PledgeDecisionPending)?;
    Ok(())
}

/// Writes what became of a decision of a locked pledge.
pub(super) async fn decide(mut conn: &Conn, decision: &PledgeDecision) -> Result<()> {
    diesel::update(pledge_decisions::table.find(decision.id))
        .set((
            pledge_decisions::status.eq(decision.status),
            pledge_decisions::transfer_ids.eq(&decision.transfer_ids),
            pledge_decisions::decided_by.eq(&decision.decided_by),
            pledge_decisions::decided_at.eq(decision.decided_at),
            pledge_decisions::decision_reason.eq(&decision.decision_reason),
            pledge_decisions::updated_at.eq(decision.updated_at),
        ))
        .execute(&mut conn)
        .await?;
    Ok(())
}

/// Decisions on a locked pledge that wait for a second person.
pub(super) async fn waiting(mut conn: &Conn, pledge_id: PledgeId) -> Result<Vec<PledgeDecision>> {
    let query = PledgeDecision::query()
        .filter(pledge_decisions::pledge_id.eq(pledge_id))
        .filter(pledge_decisions::status.eq(DecisionStatus::Proposed))
        .order(pledge_decisions::id);
    Ok(query.load(&mut conn).await?)
}

/// The transfer that a surplus line came to be with, where it is of so much and was not taken back.
pub(super) async fn surplus_accepted(
    mut conn: &Conn,
    line: &PledgeLine,
    quantity: &Quantity,
) -> Result<Option<TransferId>> {
    #[derive(QueryableByName)]
    struct Accepted {
        #[diesel(sql_type = SqlUuid)]
        id: TransferId,
    }
    if line.origin != LineOrigin::Surplus {
        return Ok(None);
    }
    let accepted: Option<Accepted> = diesel::sql_query(
        "select t.id from ledger_transfers t join ledger_accounts a on a.id = t.credit_account_id
         where t.group_id = $1 and t.code = 'accept' and a.owner_id = $2 and t.quantity = $3
             and not exists (select from ledger_transfers c where c.corrects_id = t.id)",
    )
    .bind::<SqlUuid, _>(line.pledge_id)
    .bind::<SqlUuid, _>(line.id)
    .bind::<Numeric, _>(quantity)
    .get_result(&mut conn)
    .await
    .optional()?;
    Ok(accepted.map(|one| one.id))
}
