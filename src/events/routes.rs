//! Routes of the event feed.

use actix_web::get;
use actix_web::web::{Data, Json};
use serde::Serialize;
use utoipa::ToSchema;

use super::feed::{self, Event, EventFilter};
use crate::auth::{Allowed, ReadEvents};
use crate::db::Db;
use crate::error::Result;
use crate::http::{Query, Routes, Site};

/// A part of the feed.
#[derive(Debug, Serialize, ToSchema)]
struct EventPage {
    /// Events in the order of their positions
    items: Vec<Event>,
    /// Position to send as `after` next time, whether or not there was anything new
    #[schema(minimum = 0, maximum = 9_007_199_254_740_991_i64)]
    last_position: i64,
}

/// List events
///
/// What happened in your areas and to programs of the state, or to your company's pledges, in one order, each a `CloudEvents` 1.0 object. Keep
/// `last_position` and send it as `after` next time: nothing is missed, and reading again from an older position
/// replays the story.
#[utoipa::path(
    tag = "events", params(EventFilter), security(("oauth2" = ["events:read"])),
    responses((status = 200, body = EventPage)),
)]
#[get("/v1/events")]
async fn list_events(
    caller: Allowed<ReadEvents>,
    db: Data<Db>,
    site: Data<Site>,
    filter: Query<EventFilter>,
) -> Result<Json<EventPage>> {
    let conn = db.read(&caller.scope).await?;
    let told = feed::list(&conn, &caller.scope, &filter.0).await?;
    let last_position = told.last().map_or(filter.0.after.get(), |event| event.position);
    let items = told.into_iter().map(|event| Event::new(event, &site.public_url)).collect();
    Ok(Json(EventPage { items, last_position }))
}

/// Registers the routes.
pub fn routes(config: &mut Routes<'_, '_>) {
    config.service(list_events);
}
