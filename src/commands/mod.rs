//! What the binary does: the database it uses, what a first start prepares, serving until told to stop.

mod database;
mod prepare;
mod serve;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use chrono::Utc;
use tokio::runtime::{self, Runtime};

use crate::config::{self, Config, DEFAULT_DATA_DIR, LogFormat};
use crate::db::embedded::reachable_data_dir;
use crate::keys::Keys;
use crate::logging;

use self::database::Database;
pub use self::serve::serve;

/// What stops a command.
pub type Failure = Box<dyn std::error::Error + Send + Sync>;

/// Starts logging as the settings say.
pub fn start_logging(config: &Config) {
    logging::start(config.log.level, config.log.format == LogFormat::Json);
}

/// Moves the data folder of an embedded database where its server can reach it, unless one was named.
#[must_use]
pub fn settled(config: Config) -> Config {
    let is_embedded = matches!(config.database, config::Database::Embedded { .. });
    if !is_embedded || config.data_dir != Path::new(DEFAULT_DATA_DIR) {
        return config;
    }
    Config { data_dir: reachable_data_dir(&config.data_dir), ..config }
}

/// Brings the database to this version and tells what ran.
///
/// # Errors
/// Where the database cannot be started, reached or changed.
pub fn migrate(config: &Config) -> Result<(), Failure> {
    let database = Database::open(config)?;
    let ran = runtime()?.block_on(crate::db::migrate(database.owner_url.reveal()))?;
    for version in &ran {
        println!("ran {version}");
    }
    println!("the database is up to date");
    Ok(())
}

/// Fills the database with made-up families, where it holds none, and tells the sandbox clients.
///
/// # Errors
/// Where the database cannot be started, reached or filled.
pub fn fill_sandbox(config: &Config, families: u32) -> Result<(), Failure> {
    let database = Database::open(config)?;
    let keys = Arc::new(Keys::load_or_make(&keys_folder(config))?);
    let wanted = Config { sandbox_families: Some(families), ..config.clone() };
    let prepared = runtime()?.block_on(prepare::prepare(&wanted, &database, &keys, Utc::now()))?;
    match prepared.filled {
        Some(filled) => println!("{} families, {} rows in {:.1?}", filled.families, filled.rows, filled.took),
        None => println!("the database holds families already; nothing was changed"),
    }
    for client in &prepared.clients {
        println!("{:<26} {}  {}", client.client_id, client.client_secret, client.title);
    }
    Ok(())
}

/// Prints the document of the API.
///
/// # Errors
/// Where nothing can be printed.
pub fn print_document() -> Result<(), Failure> {
    println!("{}", serde_json::to_string_pretty(&crate::app::document())?);
    Ok(())
}

/// The keys lie beside the embedded database.
fn keys_folder(config: &Config) -> PathBuf {
    config.data_dir.join("keys")
}

/// Runs what is asynchronous; the workers of the server have runtimes of their own.
fn runtime() -> Result<Runtime, Failure> {
    Ok(runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?)
}
