//! Sending: hands new events to webhooks, takes due deliveries, and sends each on its own.
//!
//! Any number of processes do so. A delivery is claimed for a minute in a statement of its own; no transaction and no
//! connection of the database is held while a receiver is waited for. A process that dies leaves claims that run
//! out: the delivery is then sent again.

mod actions;
mod post;
mod queries;
mod reach;
mod rules;

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use serde_json::json;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use self::post::Message;
use self::queries::Claimed;
use super::secrets::Signer;
use super::{address, deliveries};
use crate::db::{self, Db};
use crate::error::{Error, Result};
use crate::events::{self, Event, Told};
use crate::keys::Keys;
use deliveries::Failure;

pub use queries::remove_old;
pub use reach::{Lookup, Reach};

/// Pause while nothing is due.
const PAUSE: Duration = Duration::from_millis(150);
/// Receivers that one process waits for at a time.
const AT_ONCE: usize = 64;

/// What sending needs.
pub struct Sender {
    /// The database.
    pub db: Db,
    /// Opens the secrets that sign.
    pub keys: Arc<Keys>,
    /// Where webhooks may be sent.
    pub reach: Reach,
    /// The service as others see it.
    pub public_url: String,
}

/// Sends for as long as the service runs.
pub async fn send(sender: Sender) {
    let (sender, permits) = (Arc::new(sender), Arc::new(Semaphore::new(AT_ONCE)));
    loop {
        match round(&sender, &permits).await {
            Ok(0) => tokio::time::sleep(PAUSE).await,
            Ok(_) => {}
            Err(error) => {
                log::warn!("webhooks will be looked after again: {error}");
                tokio::time::sleep(Duration::from_secs(1)).await;
            }
        }
    }
}

/// Hands out new events and starts to send what is due; answers how much there was to do.
async fn round(sender: &Arc<Sender>, permits: &Arc<Semaphore>) -> Result<usize> {
    // With all of them taken there is nothing to claim until a receiver has answered.
    let mut free = vec![Arc::clone(permits).acquire_owned().await.map_err(Error::internal)?];
    while let Ok(permit) = Arc::clone(permits).try_acquire_owned() {
        free.push(permit);
    }
    let (handed_out, claimed) = {
        let conn = sender.db.unscoped().await?;
        (queries::hand_out(&conn).await?, queries::claim(&conn, free.len(), db::now()).await?)
    };
    let count = claimed.len();
    let told = told(sender, &claimed).await?;
    for (claimed, permit) in claimed.into_iter().zip(free) {
        // Several webhooks may get the same event.
        let event = if claimed.is_test { Some(test_of(&claimed)) } else { told.get(&claimed.event_position).cloned() };
        tokio::spawn(attempt(Arc::clone(sender), claimed, event, permit));
    }
    Ok(handed_out + count)
}

/// The events of deliveries, by their positions.
async fn told(sender: &Sender, claimed: &[Claimed]) -> Result<HashMap<i64, Told>> {
    let positions: Vec<i64> = claimed.iter().filter(|one| !one.is_test).map(|one| one.event_position).collect();
    let instants = || claimed.iter().map(|one| one.event_at);
    let (Some(first), Some(last)) = (instants().min(), instants().max()) else { return Ok(HashMap::new()) };
    let conn = sender.db.unscoped().await?;
    let told = events::at_positions(&conn, &positions, (first, last)).await?;
    Ok(told.into_iter().map(|event| (event.position, event)).collect())
}

/// What a test tells.
fn test_of(claimed: &Claimed) -> Told {
    Told {
        position: 0,
        id: claimed.event_id,
        kind: "webhook.tested".to_owned(),
        at: claimed.event_at,
        subject: "webhooks".to_owned(),
        subject_id: claimed.webhook_id.0,
        company_id: None,
        data: json!({}),
    }
}

/// Sends one delivery and records how it went; the permit goes back when that is done.
async fn attempt(sender: Arc<Sender>, claimed: Claimed, event: Option<Told>, _permit: OwnedSemaphorePermit) {
    let outcome = match event {
        Some(event) => post_event(&sender, &claimed, event).await,
        None => Ok(Err(Failure::EventGone)),
    };
    let recorded = match outcome {
        Ok(outcome) => actions::settle(&sender.db, &claimed, &outcome).await,
        Err(error) => Err(error),
    };
    if let Err(error) = recorded {
        // The claim runs out, and another attempt follows.
        log::warn!(webhook:% = claimed.webhook_id, delivery:% = claimed.id; "a delivery is not settled: {error}");
    }
}

/// Signs an event and posts it; the outer error is the service's own.
async fn post_event(sender: &Sender, claimed: &Claimed, event: Told) -> Result<Result<post::Answer, Failure>> {
    let vault = &sender.keys.vault;
    let secrets = [Some(&claimed.secret_sealed), claimed.earlier_secret_sealed.as_ref()];
    let secrets = secrets.into_iter().flatten().map(Vec::as_slice);
    let signer = Signer::open(vault, claimed.webhook_id, secrets, &claimed.private_key_sealed)?;
    let body = serde_json::to_vec(&Event::new(event, &sender.public_url)).map_err(Error::internal)?;
    let (id, seconds) = (claimed.event_id.to_string(), db::now().timestamp());
    let signature = signer.sign(&id, seconds, &body);
    // Networks that were named when the address was given may be named no more.
    let Ok(url) = address::read(&claimed.url, sender.reach.networks()) else {
        return Ok(Err(Failure::AddressRefused));
    };
    Ok(post::post(&sender.reach, &url, Message { id, seconds, signature, body }).await)
}
