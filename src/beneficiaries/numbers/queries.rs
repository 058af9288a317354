//! Counts look-ups that find nothing, for all processes of the service together.

use chrono::{DateTime, DurationRound, TimeDelta, Utc};
use diesel::QueryableByName;
use diesel::sql_types::{Integer, Text, Timestamptz};
use diesel_async::RunQueryDsl;

use crate::db::Conn;
use crate::error::{Code, Error, Refusal, Result};

/// Look-ups of a client in a minute that may find nothing. Whoever types cards needs a few; whoever guesses many.
const MISSES: i32 = 60;

#[derive(QueryableByName)]
struct Used {
    #[diesel(sql_type = Integer)]
    used: i32,
}

/// Refuses a client that has missed too often in this minute, before it learns anything more.
///
/// # Errors
/// `too_many_requests` with the seconds until the minute ends.
pub(super) async fn check_misses(mut conn: &Conn, client_id: &str, now: DateTime<Utc>) -> Result<()> {
    let missed: Vec<Used> =
        diesel::sql_query("select used from rate_windows where client_id = $1 and window_start = $2")
            .bind::<Text, _>(window_name(client_id))
            .bind::<Timestamptz, _>(window_start(now)?)
            .load(&mut conn)
            .await?;
    refuse_past_limit(missed.as_slice().first().map_or(0, |missed| missed.used + 1), now)
}

/// Counts a miss.
///
/// # Errors
/// `too_many_requests` where it is one too many: look-ups at the same time cannot pass the check together.
pub(super) async fn count_miss(mut conn: &Conn, client_id: &str, now: DateTime<Utc>) -> Result<()> {
    let missed: Used = diesel::sql_query(
        "insert into rate_windows (client_id, window_start, used) values ($1, $2, 1)
        on conflict (client_id, window_start) do update set used = least(rate_windows.used + 1, 1000000000)
        returning used",
    )
    .bind::<Text, _>(window_name(client_id))
    .bind::<Timestamptz, _>(window_start(now)?)
    .get_result(&mut conn)
    .await?;
    refuse_past_limit(missed.used, now)
}

fn refuse_past_limit(missed: i32, now: DateTime<Utc>) -> Result<()> {
    if missed <= MISSES {
        return Ok(());
    }
    let left = 60 - now.timestamp().rem_euclid(60);
    let refusal = Refusal { retry_after_seconds: u64::try_from(left).ok(), ..Code::TooManyRequests.into() };
    Err(Error::Refused(Box::new(refusal)))
}

/// Kept beside the windows of requests, under a name that is no client's.
fn window_name(client_id: &str) -> String {
    format!("missed look-ups of {client_id}")
}

fn window_start(now: DateTime<Utc>) -> Result<DateTime<Utc>> {
    now.duration_trunc(TimeDelta::minutes(1)).map_err(Error::internal)
}
