//! What follows from an attempt, in one transaction with the end of a webhook where it comes to that.

use diesel_async::{AsyncConnection, TransactionManager};

use super::post::Answer;
use super::queries::{self, Claimed};
use super::rules::{self, Attempt, Settled};
use crate::db::{self, Conn, Db};
use crate::domain::{Caller, WebhookId};
use crate::error::Result;
use crate::webhooks::actions;
use crate::webhooks::deliveries::Failure;
use crate::webhooks::model::DisabledReason;

type Manager = <Conn as AsyncConnection>::TransactionManager;

/// Writes how an attempt went, when the next is due, and disables a webhook that is gone or failed to the end.
///
/// # Errors
/// Where the database refuses; the claim then runs out.
pub(super) async fn settle(db: &Db, claimed: &Claimed, outcome: &Result<Answer, Failure>) -> Result<()> {
    let stretch = rand::random_range(0..=rules::JITTER);
    let attempt = Attempt { number: claimed.attempt_count, is_test: claimed.is_test, ended_at: db::now() };
    let (settled, reason) = rules::decide(outcome, attempt, stretch);
    // No row of a family is touched: the transaction needs no scope.
    let mut conn = db.unscoped().await?;
    Manager::begin_transaction(&mut *conn).await?;
    match write(&conn, claimed, &settled, reason).await {
        Ok(()) => Ok(Manager::commit_transaction(&mut *conn).await?),
        Err(error) => {
            // Why it failed is what is told, even where the connection broke with it.
            Manager::rollback_transaction(&mut *conn).await.ok();
            Err(error)
        }
    }
}

async fn write(conn: &Conn, claimed: &Claimed, settled: &Settled, reason: Option<DisabledReason>) -> Result<()> {
    if !queries::settle(conn, claimed, settled).await? || claimed.is_test {
        return Ok(());
    }
    let failing_since = settled.last_failure.map(|_| settled.at);
    queries::mark(conn, claimed.webhook_id, failing_since).await?;
    match reason {
        Some(reason) => disable(conn, claimed.webhook_id, reason).await,
        None => Ok(()),
    }
}

async fn disable(conn: &Conn, id: WebhookId, reason: DisabledReason) -> Result<()> {
    let Some(scope) = queries::scope_of(conn, id).await? else { return Ok(()) };
    actions::disable(conn, &Caller::service_as(Caller::SERVICE, scope), id, reason).await
}
