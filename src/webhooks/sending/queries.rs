//! One statement a function: handing out, claiming, settling. None of them waits for a receiver.

use chrono::{DateTime, TimeDelta, Utc};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Bytea, Nullable, SmallInt, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;

use super::rules::Settled;
use crate::db::Conn;
use crate::domain::{CompanyId, EventId, Scope, WebhookDeliveryId, WebhookId};
use crate::error::{Error, Result};
use crate::schema::{clients, webhook_deliveries as deliveries, webhooks};

/// Events handed out by one statement.
const BATCH: i64 = 1_000;
/// Deliveries of one webhook on their way at a time; of one that fails, one.
const AT_ONCE_EACH: i64 = 4;
/// How long a claim holds: longer than an attempt may take.
const CLAIM: TimeDelta = TimeDelta::seconds(60);
/// How long a delivery is kept.
const KEPT: TimeDelta = TimeDelta::days(30);

/// Hands new events of the feed to the webhooks whose clients may see them; answers how many events.
///
/// The row of the progress is taken first, so that one process does so at a time and none waits for it. Positions
/// are committed in their order: an event above the progress is never missed.
pub(super) async fn hand_out(mut conn: &Conn) -> Result<usize> {
    let handed_out = diesel::sql_query(
        "with progress as (
             select position from webhook_progress for update skip locked
         ), batch as (
             select e.position, e.at, e.id, e.kind, e.area_id, e.company_id, e.subject_id
             from events e where e.position > (select position from progress)
             order by e.position limit $1
         ), queued as (
             insert into webhook_deliveries (
                 webhook_id, id, is_test, event_position, event_at, event_id, event_type, subject_id, status,
                 next_attempt_at, created_at
             )
             select w.id,
                 encode(overlay(uuid_send($2) placing int4send(row_number() over (order by e.position)::int) from 13),
                     'hex')::uuid,
                 false, e.position, e.at, e.id, e.kind, e.subject_id, 'pending', $3, $3
             from batch e
                 join clients c on not c.is_disabled and case when c.company_id is null
                     then e.area_id = any (c.area_ids) or e.area_id = 0 and e.company_id is null
                     else e.company_id = c.company_id end
                 join webhooks w on w.client_id = c.id and w.is_enabled and w.created_at <= e.at
                     and (cardinality(w.event_types) = 0 or e.kind = any (w.event_types))
         )
         update webhook_progress set position = last.position
         from (select max(position) as position from batch) as last where last.position is not null",
    )
    .bind::<BigInt, _>(BATCH)
    .bind::<SqlUuid, _>(WebhookDeliveryId::new())
    .bind::<Timestamptz, _>(crate::db::now());
    Ok(handed_out.execute(&mut conn).await?)
}

/// A delivery that this process is to send, with what that needs.
#[derive(Debug, QueryableByName)]
#[expect(clippy::struct_field_names, reason = "named as the column is")]
pub(super) struct Claimed {
    /// The webhook.
    #[diesel(sql_type = SqlUuid)]
    pub(super) webhook_id: WebhookId,
    /// The delivery.
    #[diesel(sql_type = SqlUuid)]
    pub(super) id: WebhookDeliveryId,
    /// Whether it is a test.
    #[diesel(sql_type = Bool)]
    pub(super) is_test: bool,
    /// Place of the event.
    #[diesel(sql_type = BigInt)]
    pub(super) event_position: i64,
    /// When it happened.
    #[diesel(sql_type = Timestamptz)]
    pub(super) event_at: DateTime<Utc>,
    /// Its id.
    #[diesel(sql_type = SqlUuid)]
    pub(super) event_id: EventId,
    /// Attempts, this one among them.
    #[diesel(sql_type = SmallInt)]
    pub(super) attempt_count: i16,
    /// Until when the claim holds; tells it apart from a later one.
    #[diesel(sql_type = Timestamptz)]
    pub(super) claimed_until: DateTime<Utc>,
    /// Address of the receiver.
    #[diesel(sql_type = Text)]
    pub(super) url: String,
    /// Secret.
    #[diesel(sql_type = Bytea)]
    pub(super) secret_sealed: Vec<u8>,
    /// The secret before, while it signs.
    #[diesel(sql_type = Nullable<Bytea>)]
    pub(super) earlier_secret_sealed: Option<Vec<u8>>,
    /// Private key.
    #[diesel(sql_type = Bytea)]
    pub(super) private_key_sealed: Vec<u8>,
}

/// Claims deliveries that are due, of each webhook only so many, and of each record only the oldest.
///
/// What one process claims the others skip. The number for each webhook is held by every process for itself where two
/// claim in the same moment.
pub(super) async fn claim(mut conn: &Conn, most: usize, now: DateTime<Utc>) -> Result<Vec<Claimed>> {
    let claimed = diesel::sql_query(
        "with due as (
             select picked.webhook_id, picked.id
             from webhooks w join clients c on c.id = w.client_id and not c.is_disabled
             cross join lateral (
                 select d.webhook_id, d.id, d.next_attempt_at from webhook_deliveries d
                 where d.webhook_id = w.id and d.status = 'pending' and d.next_attempt_at <= $1
                     and (d.is_test or w.is_enabled and not exists (
                         select from webhook_deliveries earlier
                         where earlier.webhook_id = d.webhook_id and earlier.subject_id = d.subject_id
                             and earlier.status = 'pending' and not earlier.is_test
                             and (earlier.event_position, earlier.id) < (d.event_position, d.id)))
                 order by d.next_attempt_at, d.id
                 limit greatest(0, case when w.failing_since is null then $2 else 1 end - (
                     select count(*) from webhook_deliveries sent
                     where sent.webhook_id = w.id and sent.claimed_until > $1))
                 for update skip locked
             ) as picked
             order by picked.next_attempt_at limit $3
         )
         update webhook_deliveries d
         set attempt_count = d.attempt_count + 1, claimed_until = $4, next_attempt_at = $4
         from due join webhooks w on w.id = due.webhook_id
         where d.webhook_id = due.webhook_id and d.id = due.id
         returning d.webhook_id, d.id, d.is_test, d.event_position, d.event_at, d.event_id, d.attempt_count,
             d.claimed_until, w.url, w.secret_sealed, w.private_key_sealed,
             case when w.earlier_secret_until > $1 then w.earlier_secret_sealed end as earlier_secret_sealed",
    )
    .bind::<Timestamptz, _>(now)
    .bind::<BigInt, _>(AT_ONCE_EACH)
    .bind::<BigInt, _>(i64::try_from(most).map_err(Error::internal)?)
    .bind::<Timestamptz, _>(now + CLAIM);
    Ok(claimed.load(&mut conn).await?)
}

/// Writes what became of a delivery; false where the claim has run out and another has it.
pub(super) async fn settle(mut conn: &Conn, claimed: &Claimed, settled: &Settled) -> Result<bool> {
    let row = deliveries::table
        .filter(deliveries::webhook_id.eq(claimed.webhook_id))
        .filter(deliveries::id.eq(claimed.id))
        .filter(deliveries::claimed_until.eq(claimed.claimed_until));
    let changed = diesel::update(row)
        .set((
            deliveries::status.eq(settled.status),
            deliveries::last_attempt_at.eq(Some(settled.at)),
            deliveries::last_status.eq(settled.last_status),
            deliveries::last_failure.eq(settled.last_failure),
            deliveries::next_attempt_at.eq(settled.next_attempt_at),
            deliveries::claimed_until.eq(None::<DateTime<Utc>>),
        ))
        .execute(&mut conn)
        .await?;
    Ok(changed == 1)
}

/// Remembers that a webhook takes events, or since when it does not.
pub(super) async fn mark(mut conn: &Conn, id: WebhookId, failing_since: Option<DateTime<Utc>>) -> Result<()> {
    let row = webhooks::table.filter(webhooks::id.eq(id));
    // Most often nothing changes, and nothing is written.
    let changes = webhooks::failing_since.eq(failing_since);
    match failing_since {
        Some(_) => {
            diesel::update(row.filter(webhooks::failing_since.is_null())).set(changes).execute(&mut conn).await?
        }
        None => {
            diesel::update(row.filter(webhooks::failing_since.is_not_null())).set(changes).execute(&mut conn).await?
        }
    };
    Ok(())
}

/// The rows that the client of a webhook may see.
pub(super) async fn scope_of(mut conn: &Conn, id: WebhookId) -> Result<Option<Scope>> {
    let query = webhooks::table
        .inner_join(clients::table.on(clients::id.eq(webhooks::client_id)))
        .filter(webhooks::id.eq(id))
        .select((clients::area_ids, clients::company_id));
    let found: Option<(Vec<i32>, Option<CompanyId>)> = query.first(&mut conn).await.optional()?;
    Ok(found.map(|(area_ids, company_id)| Scope { area_ids, company_id }))
}

/// Removes deliveries that were made long ago; answers how many.
///
/// # Errors
/// Where the database refuses.
pub async fn remove_old(mut conn: &Conn, now: DateTime<Utc>) -> Result<usize> {
    let old = deliveries::table.filter(deliveries::created_at.lt(now - KEPT));
    Ok(diesel::delete(old).execute(&mut conn).await?)
}
