//! The server's own log: passed on to ours, its last lines kept for an error.

use std::collections::VecDeque;
use std::io::{BufRead, BufReader};
use std::process::Child;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

/// How many of the server's last lines an error shows.
const KEPT_LINES: usize = 12;

/// The server's last lines, for the error of a failed start.
#[derive(Clone, Default)]
pub(super) struct LastLines(Arc<Mutex<VecDeque<String>>>);

impl LastLines {
    /// Keeps a line and lets go of the oldest.
    fn keep(&self, line: &str) {
        let mut lines = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if lines.len() == KEPT_LINES {
            lines.pop_front();
        }
        lines.push_back(line.to_owned());
    }

    /// All kept lines as one.
    pub(super) fn joined(&self) -> String {
        let lines = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        lines.iter().map(String::as_str).collect::<Vec<_>>().join("; ")
    }
}

/// Passes the server's lines on to our log, from a thread that ends with the server.
pub(super) fn forward(child: &mut Child) -> LastLines {
    let lines = LastLines::default();
    if let Some(output) = child.stderr.take() {
        let kept = lines.clone();
        let spawned = thread::Builder::new().name("postgres-log".to_owned()).spawn(move || {
            for line in BufReader::new(output).lines().map_while(Result::ok) {
                log::log!(target: "postgres", level(&line), "{line}");
                kept.keep(&line);
            }
        });
        if let Err(error) = spawned {
            log::warn!("Postgres' log cannot be shown: {error}");
        }
    }
    lines
}

/// Ends of connections that are no fault of the server: a client closed it, or the server starts or stops.
const ENDINGS: [&str; 6] = [
    "connection to client lost",
    "due to administrator command",
    "the database system is starting up",
    "the database system is not yet accepting connections",
    "the database system is in recovery mode",
    "the database system is shutting down",
];

/// The level of one of the server's lines; its everyday news are details for us.
fn level(line: &str) -> log::Level {
    if ENDINGS.iter().any(|ending| line.ends_with(ending)) {
        return log::Level::Debug;
    }
    match line.split(':').next() {
        Some("FATAL" | "PANIC") => log::Level::Error,
        Some("WARNING" | "ERROR") => log::Level::Warn,
        _ => log::Level::Debug,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_lines_are_kept_in_their_order() {
        let lines = LastLines::default();
        (0..KEPT_LINES + 2).for_each(|number| lines.keep(&number.to_string()));
        assert_eq!(lines.joined(), "2; 3; 4; 5; 6; 7; 8; 9; 10; 11; 12; 13");
    }

    #[test]
    fn everyday_news_are_details() {
        assert_eq!(level("LOG:  database system is ready"), log::Level::Debug);
        assert_eq!(level("FATAL:  data directory has wrong owner"), log::Level::Error);
        assert_eq!(level("FATAL:  connection to client lost"), log::Level::Debug);
        assert_eq!(level("FATAL:  terminating connection due to administrator command"), log::Level::Debug);
        assert_eq!(level("no colon"), log::Level::Debug);
    }
}
