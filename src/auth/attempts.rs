//! A limit on wrong secrets: ten a minute for one client from one address, counted for all processes together.
//!
//! Each attempt is counted before it is looked at and given back when it was right, so that many at once cannot
//! slip through; somebody else who guesses elsewhere does not lock the client out.

use std::net::IpAddr;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, DurationRound, TimeDelta, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use super::rate::WINDOW_SECONDS;
use crate::db::Conn;
use crate::error::{Code, Error, Refusal, Result};
use crate::keys::sha256;
use crate::schema::rate_windows;

/// Wrong attempts that are let through in a minute.
const LIMIT: i32 = 10;

/// An attempt that was counted.
pub(super) struct Attempt {
    who: String,
    window: DateTime<Utc>,
}

impl Attempt {
    /// Counts an attempt to sign in.
    ///
    /// # Errors
    /// `too_many_requests` where there were too many.
    pub(super) async fn begin(
        mut conn: &Conn,
        client_id: &str,
        address: Option<IpAddr>,
        now: DateTime<Utc>,
    ) -> Result<Self> {
        let window = now.duration_trunc(TimeDelta::seconds(WINDOW_SECONDS)).map_err(Error::internal)?;
        let address = address.map_or_else(String::new, |address| address.to_string());
        // What was typed as a client's id can be anything, such as a NIK: only its digest is kept.
        let who = sha256(format!("{client_id} {address}").as_bytes());
        let who = format!("sign-in {}", URL_SAFE_NO_PAD.encode(who));
        let used: i32 = diesel::insert_into(rate_windows::table)
            .values((rate_windows::client_id.eq(&who), rate_windows::window_start.eq(window), rate_windows::used.eq(1)))
            .on_conflict((rate_windows::client_id, rate_windows::window_start))
            .do_update()
            .set(rate_windows::used.eq(rate_windows::used + 1))
            .returning(rate_windows::used)
            .get_result(&mut conn)
            .await?;
        if used <= LIMIT {
            return Ok(Self { who, window });
        }
        let left = (window + TimeDelta::seconds(WINDOW_SECONDS) - now).num_seconds().max(1);
        let refusal = Refusal { retry_after_seconds: u64::try_from(left).ok(), ..Code::TooManyRequests.into() };
        Err(Error::Refused(Box::new(refusal)))
    }

    /// Gives the attempt back: it was right.
    ///
    /// # Errors
    /// Where the database refuses.
    pub(super) async fn succeed(self, mut conn: &Conn) -> Result<()> {
        diesel::update(rate_windows::table.find((self.who, self.window)))
            .set(rate_windows::used.eq(rate_windows::used - 1))
            .execute(&mut conn)
            .await?;
        Ok(())
    }
}
