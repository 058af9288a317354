//! What the binary does: the database it uses, what a first start prepares, serving until told to stop.

mod audit;
mod clients;
mod database;
mod dedup;
mod keys;
mod prepare;
mod programs;
mod serve;
mod tour;

use std::fs::File;
use std::io::BufReader;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use chrono::Utc;
use diesel_async::{AsyncConnection as _, AsyncPgConnection};
use tokio::runtime::{self, Runtime};

use crate::config::{self, Config, DEFAULT_DATA_DIR, LogFormat};
use crate::db::embedded::reachable_data_dir;
use crate::keys::Keys;
use crate::logging;
use crate::openapi::Written;
use crate::regions::{self, Gathered};

pub use self::audit::{AuditOrder, audit};
pub use self::clients::{ClientOrder, add_client, rotate_signing_key};
use self::database::Database;
pub use self::dedup::{DedupOrder, dedup};
pub use self::keys::{KeysOrder, keys};
pub use self::prepare::SEED as SANDBOX_SEED;
use self::prepare::Wanted;
pub use self::programs::load_programs;
pub use self::serve::serve;
pub use self::tour::tour;

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
pub fn fill_sandbox(config: &Config, families: u32, seed: u64) -> Result<(), Failure> {
    let database = Database::open(config)?;
    let keys = Arc::new(Keys::load_or_make(&keys_folder(config))?);
    let wanted = Some(Wanted { families, seed });
    let prepared = runtime()?.block_on(prepare::prepare(config, &database, &keys, wanted, Utc::now()))?;
    match prepared.filled {
        Some(filled) => println!(
            "{} families, {} rows in {:.1?}: {} rows a second",
            filled.families,
            filled.rows,
            filled.took,
            filled.rows_a_second()
        ),
        None => println!("the database holds families or programs already; nothing was changed"),
    }
    for client in &prepared.clients {
        println!("{:<26} {}  {}", client.client_id, client.client_secret, client.title);
    }
    Ok(())
}

/// Loads files of official regions as one edition, makes it the current one, and tells each row left out.
///
/// # Errors
/// Where a file cannot be read, or the database cannot be started, reached or changed.
pub fn load_regions(config: &Config, files: &[PathBuf], edition: &str) -> Result<(), Failure> {
    let mut gathered = Gathered::default();
    for file in files {
        let opened = File::open(file).map_err(|error| format!("{}: {error}", file.display()))?;
        gathered.read(BufReader::new(opened)).map_err(|error| format!("{}: {error}", file.display()))?;
    }
    let database = Database::open(config)?;
    let owner_url = database.owner_url.reveal();
    let loaded = runtime()?.block_on(async {
        crate::db::migrate(owner_url).await?;
        let mut owner = AsyncPgConnection::establish(owner_url).await?;
        Ok::<_, Failure>(regions::load(&mut owner, edition, &mut gathered, Utc::now()).await?)
    })?;
    for (file, fault) in &gathered.faults {
        let name = files.get(*file).map(|file| file.display().to_string()).unwrap_or_default();
        println!("{name}:{}: {}", fault.line, fault.kind.as_str());
    }
    println!(
        "{edition}: {} regions read, {} new or changed, {} sub-districts new, {} rows left out",
        loaded.read,
        loaded.changed,
        loaded.new_areas,
        gathered.faults.len()
    );
    Ok(())
}

/// Prints the document of the API.
///
/// # Errors
/// Where nothing can be printed.
pub fn print_document() -> Result<(), Failure> {
    println!("{}", serde_json::to_string_pretty(&Written(&crate::app::document()))?);
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
