//! Blind retries.

use std::time::Duration;

use serde_json::Value;

use crate::officer::{Officer, new_key};

/// Asks by one key until there is an answer that is one; what is told with a 500 goes to `failed`.
pub(crate) fn until_answered(client: &Officer, (path, body): (&str, &Value), failed: impl Fn(String)) -> (u16, String) {
    let key = new_key();
    loop {
        match client.send(path, body, &key) {
            // Nobody listens, or the service lost its database: what became of the command is not known.
            None | Some((429 | 503, _)) => std::thread::sleep(Duration::from_millis(50)),
            Some((500.., told)) => {
                failed(format!("{path}: {told}"));
                std::thread::sleep(Duration::from_millis(50));
            }
            Some(answer) => return answer,
        }
    }
}
