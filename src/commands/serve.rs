//! Serving: from a bound address to a stop that loses nothing.

use std::fmt::Write as _;
use std::net::TcpListener;
use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::Utc;
use tokio::signal::unix::{Signal, SignalKind, signal};

use super::database::Database;
use super::prepare::{Prepared, SEED, Wanted, prepare};
use super::{Failure, keys_folder, runtime};
use crate::app::{self, Services};
use crate::config::Config;
use crate::db::Db;
use crate::keys::Keys;
use crate::sandbox::CLIENTS_FILE;
use crate::webhooks::Reach;

/// Serves until SIGTERM or SIGINT, then ends running requests and stops an embedded database.
///
/// # Errors
/// Where the address is taken, or the database cannot be started or prepared.
pub fn serve(config: &Config) -> Result<(), Failure> {
    let started = Instant::now();
    // An address that is taken should be told before a database is laid out.
    let listener = TcpListener::bind(config.address)
        .map_err(|error| format!("cannot listen on SINERGI_ADDRESS={}: {error}", config.address))?;
    let database = Database::open(config)?;
    let runtime = runtime()?;
    let outcome = runtime.block_on(run(config, &database, listener, started));
    // The database outlives whatever still runs on the runtime.
    drop(runtime);
    database.close();
    log::info!("stopped");
    outcome
}

async fn run(config: &Config, database: &Database, listener: TcpListener, started: Instant) -> Result<(), Failure> {
    // Listening to signals first: one that comes during the first start stops it as well.
    let mut stop = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    let keys = Arc::new(Keys::load_or_make(&keys_folder(config))?);
    let wanted = config.sandbox_families.map(|families| Wanted { families, seed: SEED });
    let prepared = tokio::select! {
        prepared = prepare(config, database, &keys, wanted, Utc::now()) => prepared?,
        () = told(&mut stop) => return Ok(()),
    };
    let db = Db::new(database.service_url.reveal(), config.connections)?;
    let reach = Reach::new(config.webhook_networks.clone());
    let services = Services::start(db, keys, &config.public_url, config.requests_per_minute, reach).await?;
    let server = app::serve(services.clone(), listener, config.workers, config.stop_timeout)?;
    let handle = server.handle();
    let server = tokio::spawn(server);
    print!("{}", greeting(config, &prepared, started.elapsed()));
    log::info!("listening on {}", config.address);

    told(&mut stop).await;
    log::info!("stopping; a second signal does not wait for running requests");
    tokio::select! {
        () = handle.stop(true) => {}
        () = told(&mut stop) => {}
    }
    server.abort();
    services.finish().await;
    Ok(())
}

/// Waits for a signal to stop.
async fn told((terminate, interrupt): &mut (Signal, Signal)) {
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
}

/// What a person needs to try the service.
fn greeting(config: &Config, prepared: &Prepared, took: Duration) -> String {
    let url = &config.public_url;
    let mut text = format!("Sinergi is ready after {:.2} s\n", took.as_secs_f64());
    let mut line = |name: &str, value: &str| {
        // Writing into a string cannot fail.
        let _ = writeln!(text, "  {name:<12}{value}");
    };
    line("Swagger UI", &format!("{url}/docs"));
    line("document", &format!("{url}/openapi.json"));
    line("data", &config.data_dir.display().to_string());
    if let Some(filled) = prepared.filled {
        line("sandbox", &format!("{} made-up families in {:.1} s", filled.families, filled.took.as_secs_f64()));
    }
    if !prepared.clients.is_empty() {
        line("clients", &format!("of the sandbox, also in {}:", config.data_dir.join(CLIENTS_FILE).display()));
        for client in &prepared.clients {
            let _ = writeln!(text, "    {:<26} {}  {}", client.client_id, client.client_secret, client.title);
        }
    }
    text.push_str("Ctrl-C stops it.\n");
    text
}
