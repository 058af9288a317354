//! Every setting of the service: its name, unit, default, and whether it is a secret.
//!
//! Settings come from the command line or the environment, are read once, and all faults are told together.

mod faults;
mod given;
mod read;
mod secret;

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use log::LevelFilter;

pub use faults::Faults;
pub use given::{DEFAULT_DATA_DIR, Given};
pub use secret::Secret;

use crate::domain::Network;

/// The settings, checked.
#[derive(Debug, Clone)]
pub struct Config {
    /// Where the service listens.
    pub address: SocketAddr,
    /// The service's address as clients see it, without a slash at its end: issuer of tokens, root of problem types.
    pub public_url: String,
    /// Which Postgres it uses.
    pub database: Database,
    /// Holds the keys and, where it is embedded, the database.
    pub data_dir: PathBuf,
    /// The most connections that transactions use.
    pub connections: usize,
    /// Threads that serve requests.
    pub workers: usize,
    /// How long a stop waits for requests to end.
    pub stop_timeout: Duration,
    /// Requests that one client may make in a minute.
    pub requests_per_minute: i32,
    /// Private networks that webhooks may reach; none unless somebody says so.
    pub webhook_networks: Vec<Network>,
    /// Families of the sandbox, where an empty database gets one.
    pub sandbox_families: Option<u32>,
    /// What is logged, and how.
    pub log: Log,
}

/// Which Postgres the service uses.
#[derive(Debug, Clone)]
pub enum Database {
    /// One of its own, in the data folder.
    Embedded {
        /// The folder of the server's programs; found by itself where it is not given.
        bin_dir: Option<PathBuf>,
        /// The value of `PATH`, where programs are looked for last.
        search_path: std::ffi::OsString,
    },
    /// One that somebody else runs.
    Given {
        /// Address with the role that owns and migrates the tables.
        owner_url: Secret,
        /// Address with the role that serves requests; the owner's with that role taken on where it is not given.
        service_url: Option<Secret>,
    },
}

/// What is logged, and how.
#[derive(Debug, Clone, Copy)]
pub struct Log {
    /// The least level.
    pub level: LevelFilter,
    /// The form of a line.
    pub format: LogFormat,
}

/// The form of a log line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogFormat {
    /// For eyes.
    Text,
    /// One JSON object.
    Json,
}
