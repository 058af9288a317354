//! Sessions for one long read each.

use std::ops::Deref;
use std::time::Duration;

use tokio::task::JoinHandle;
use tokio_postgres::Client;

use super::reads;
use crate::domain::Scope;
use crate::error::{Error, Result};

/// A session whose transaction sees the database as of one moment and changes nothing.
///
/// It ends when dropped, whatever it still has to read: the driver would else go on reading to the end for nobody.
#[derive(Debug)]
pub struct ReadingSession {
    client: Client,
    driver: JoinHandle<()>,
}

impl ReadingSession {
    /// Opens it; a statement is given up after `longest`, or a second after this side is gone.
    pub(super) async fn open(url: &str, scope: &Scope, longest: Duration) -> Result<Self> {
        let settings =
            format!("-c statement_timeout={}s -c client_connection_check_interval=1s", longest.as_secs().max(1));
        let (client, driver) = reads::connect(url, scope, &settings).await?;
        let session = Self { client, driver };
        let begin = "begin isolation level repeatable read read only";
        session.batch_execute(begin).await.map_err(Error::unavailable)?;
        Ok(session)
    }
}

impl Deref for ReadingSession {
    type Target = Client;

    fn deref(&self) -> &Client {
        &self.client
    }
}

impl Drop for ReadingSession {
    fn drop(&mut self) {
        self.driver.abort();
    }
}
