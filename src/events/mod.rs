//! What happened, for those who follow: written with the change, told in one order, without personal data.
//!
//! An action puts its event into the outbox in its own transaction. The relay then gives each a place in the
//! feed, one batch at a time under a lock, so that a reader who has seen position 7 never misses a 6 that
//! committed late.

mod feed;
mod kinds;
mod relay;
mod routes;

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use serde_json::Value;
use uuid::Uuid;

use crate::db::{self, Conn};
use crate::domain::{CompanyId, EventId};
use crate::error::Result;
use crate::schema::outbox;

pub use feed::{Event, Told, at_positions};
pub use kinds::KINDS;
pub use relay::relay;
pub use routes::routes;

/// An event to tell.
#[derive(Debug)]
pub struct NewEvent<'a> {
    /// What happened, such as `beneficiary.registered`.
    pub kind: &'a str,
    /// Plural noun of the record.
    pub subject: &'a str,
    /// Its id.
    pub subject_id: Uuid,
    /// Its area; [`audit::NO_AREA`](crate::audit::NO_AREA) where it has none.
    pub area_id: i32,
    /// The company that may see it, where there is one.
    pub company_id: Option<CompanyId>,
    /// Thin facts: ids, codes, counts, never personal data.
    pub data: Value,
}

/// The row of an event in the outbox.
macro_rules! row {
    ($event:ident) => {
        (
            outbox::id.eq(EventId::new()),
            outbox::kind.eq($event.kind),
            outbox::area_id.eq($event.area_id),
            outbox::company_id.eq($event.company_id),
            outbox::subject.eq($event.subject),
            outbox::subject_id.eq($event.subject_id),
            outbox::data.eq($event.data),
            outbox::at.eq(db::now()),
        )
    };
}

/// Puts events into the outbox in their order, in one statement; eight values each, so at most some thousands.
///
/// # Errors
/// Where the database refuses.
pub async fn emit_all(mut conn: &Conn, events: Vec<NewEvent<'_>>) -> Result<()> {
    let rows: Vec<_> = events.into_iter().map(|event| row!(event)).collect();
    diesel::insert_into(outbox::table).values(rows).execute(&mut conn).await?;
    Ok(())
}

/// Puts an event into the outbox, in the caller's transaction.
///
/// # Errors
/// Where the database refuses.
pub async fn emit(mut conn: &Conn, event: NewEvent<'_>) -> Result<()> {
    diesel::insert_into(outbox::table).values(row!(event)).execute(&mut conn).await?;
    Ok(())
}
