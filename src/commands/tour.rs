//! The tour: a service of its own on an empty folder, the story played on it, everything removed at the end.

use std::fs;
use std::io::stdout;
use std::net::TcpListener;
use std::path::PathBuf;
use std::sync::Arc;

use chrono::Utc;

use super::database::Database;
use super::prepare::{SEED, Wanted, prepare};
use super::{Failure, keys_folder, runtime};
use crate::app::{self, Services};
use crate::config::Config;
use crate::db::Db;
use crate::keys::Keys;
use crate::tour;
use crate::webhooks::Reach;

/// Families of the sandbox, where the settings want none.
const FAMILIES: u32 = 9_000;
/// More requests a minute than the tour sends.
const REQUESTS_PER_MINUTE: i32 = 100_000;

/// Plays the tour and tells it on standard output.
///
/// # Errors
/// Where the service cannot be started, or at the first answer that is not as told.
pub fn tour(config: &Config) -> Result<(), Failure> {
    let folder = Folder::make()?;
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let address = listener.local_addr()?;
    let config = Config {
        address,
        public_url: format!("http://{address}"),
        data_dir: folder.0.clone(),
        requests_per_minute: REQUESTS_PER_MINUTE,
        ..config.clone()
    };
    let database = Database::open(&config)?;
    let runtime = runtime()?;
    let outcome = runtime.block_on(play(&config, &database, listener));
    drop(runtime);
    database.close();
    outcome
}

async fn play(config: &Config, database: &Database, listener: TcpListener) -> Result<(), Failure> {
    let keys = Arc::new(Keys::load_or_make(&keys_folder(config))?);
    let wanted = Wanted { families: config.sandbox_families.unwrap_or(FAMILIES), seed: SEED };
    let prepared = prepare(config, database, &keys, Some(wanted), Utc::now()).await?;
    let db = Db::new(database.service_url.reveal(), config.connections)?;
    let reach = Reach::new(config.webhook_networks.clone());
    let services = Services::start(db, keys, &config.public_url, config.requests_per_minute, reach).await?;
    let server = app::serve(services.clone(), listener, config.workers, config.stop_timeout)?;
    let handle = server.handle();
    let server = tokio::spawn(server);
    let outcome = tour::play(&config.public_url, &prepared.clients, stdout()).await;
    handle.stop(true).await;
    server.abort();
    services.finish().await;
    Ok(outcome?)
}

/// A folder that is removed at the end, however the tour ends.
struct Folder(PathBuf);

impl Folder {
    fn make() -> std::io::Result<Self> {
        let path = std::env::temp_dir().join(format!("sinergi-tour-{}", std::process::id()));
        fs::create_dir_all(&path)?;
        Ok(Self(path))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // What cannot be removed lies among the system's temporary files.
        fs::remove_dir_all(&self.0).ok();
    }
}
