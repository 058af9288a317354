//! How many files a process receives at once: each holds sessions of the database until it has come.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use crate::error::{Code, Error, Refusal, Result};

/// Files that one client may send at once.
const OF_ONE: usize = 4;
/// Files of all clients.
const OF_ALL: usize = 16;
/// Seconds after which another may have come.
const RETRY_AFTER_SECONDS: u64 = 5;

static SENDING: Mutex<BTreeMap<String, usize>> = Mutex::new(BTreeMap::new());

/// The place of a file that is being received; given up when it is dropped.
#[derive(Debug)]
pub struct Receiving {
    client_id: String,
}

impl Receiving {
    /// Takes a place for a file of a client.
    ///
    /// # Errors
    /// `too_many_requests` where the client, or all clients, send as many files as may come at once.
    pub fn begin(client_id: &str) -> Result<Self> {
        let mut sending = SENDING.lock().unwrap_or_else(PoisonError::into_inner);
        let of_one = sending.get(client_id).copied().unwrap_or_default();
        if of_one >= OF_ONE || sending.values().sum::<usize>() >= OF_ALL {
            let refusal = Refusal { retry_after_seconds: Some(RETRY_AFTER_SECONDS), ..Code::TooManyRequests.into() };
            return Err(Error::Refused(Box::new(refusal)));
        }
        sending.insert(client_id.to_owned(), of_one + 1);
        Ok(Self { client_id: client_id.to_owned() })
    }
}

impl Drop for Receiving {
    fn drop(&mut self) {
        let mut sending = SENDING.lock().unwrap_or_else(PoisonError::into_inner);
        let left = sending.get(&self.client_id).map_or(0, |count| count.saturating_sub(1));
        if left == 0 {
            sending.remove(&self.client_id);
        } else {
            sending.insert(self.client_id.clone(), left);
        }
    }
}
