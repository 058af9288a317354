//! The one binary: reads the settings and runs a command.

use std::error::Error;
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use sinergi::commands::{self, Failure};
use sinergi::config::{Config, Given};

/// A page of fifty families is some seven hundred small pieces of memory: with the C library's allocator the service
/// answers a third fewer pages.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// How long the allocator keeps free memory, in milliseconds.
const PURGE_DELAY: &str = "MIMALLOC_PURGE_DELAY";

/// The shared record of poor families, aid programs and company pledges of a sub-district.
#[derive(Parser)]
#[command(version)]
struct Cli {
    #[command(subcommand)]
    command: Command,
    #[command(flatten)]
    given: Given,
}

#[derive(Subcommand)]
enum Command {
    /// Serve the API; prepares the database first
    Serve,
    /// Bring the database to this version
    Migrate,
    /// Print the OpenAPI document
    Openapi,
    /// Play the main story through HTTP, on a database of its own
    Tour,
    /// Fill an empty database with made-up families
    Sandbox {
        /// How many, 1 to 1,000,000
        #[arg(long, value_name = "COUNT", default_value_t = 9_000, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
        families: u32,
        /// Same seed, same families
        #[arg(long, value_name = "NUMBER", default_value_t = commands::SANDBOX_SEED)]
        seed: u64,
    },
    /// Load a national file of official regions: CSV with a header, or SQL insert of (kode, nama)
    Regions {
        /// Files of one edition, in any order
        #[arg(required = true, value_name = "FILE")]
        files: Vec<PathBuf>,
        /// The decree that fixed the codes
        #[arg(long, value_name = "DECREE")]
        edition: String,
    },
    /// Load programs of the state, with their rule sets and overlap rules: all of the file or nothing
    Programs {
        /// JSON whose parts have the form of the API's bodies, as `src/programs/of_state/programs.json`
        #[arg(value_name = "FILE")]
        file: PathBuf,
    },
    /// Add a client, or give it a new secret; the secret is printed once
    Client(commands::ClientOrder),
    /// Check the chain that audit records are sealed in, or write it into a file
    #[command(subcommand)]
    Audit(commands::AuditOrder),
    /// Find the records of one person in CSV files, without a database
    Dedup(commands::DedupOrder),
    /// Replace the keys that seal personal numbers, while the service runs
    #[command(subcommand)]
    Keys(commands::KeysOrder),
    /// Retire the key that signs access tokens; the next start makes another
    RotateSigningKey,
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    if matches!(cli.command, Command::Serve) {
        give_memory_back();
    }
    let outcome = cli.given.check().map_err(Failure::from).and_then(|config| {
        let config = commands::settled(config);
        commands::start_logging(&config);
        run(&cli.command, &config)
    });
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("sinergi: {}", with_causes(&*failure));
            ExitCode::FAILURE
        }
    }
}

/// Starts this program over with the allocator told to give free memory back at once; it reads its settings before
/// `main`. A service that has started keeps half as much memory at rest.
#[expect(clippy::disallowed_methods, reason = "a setting of the allocator, not of the service")]
fn give_memory_back() {
    if std::env::var_os(PURGE_DELAY).is_some() {
        return;
    }
    let Ok(program) = std::env::current_exe() else { return };
    let arguments = std::env::args_os().skip(1);
    let failed = std::process::Command::new(program).args(arguments).env(PURGE_DELAY, "0").exec();
    log::warn!("the allocator keeps free memory: {failed}");
}

fn run(command: &Command, config: &Config) -> Result<(), Failure> {
    match command {
        Command::Serve => commands::serve(config),
        Command::Migrate => commands::migrate(config),
        Command::Tour => commands::tour(config),
        Command::Openapi => commands::print_document(),
        Command::Sandbox { families, seed } => commands::fill_sandbox(config, *families, *seed),
        Command::Regions { files, edition } => commands::load_regions(config, files, edition),
        Command::Programs { file } => commands::load_programs(config, file),
        Command::Client(order) => commands::add_client(config, order),
        Command::Audit(order) => commands::audit(config, order),
        Command::Dedup(order) => commands::dedup(order),
        Command::Keys(order) => commands::keys(config, order),
        Command::RotateSigningKey => commands::rotate_signing_key(config),
    }
}

/// A failure with what caused it, unless it says so itself.
fn with_causes(failure: &dyn Error) -> String {
    let mut text = failure.to_string();
    let mut cause = failure.source();
    while let Some(source) = cause {
        let told = source.to_string();
        if !text.contains(&told) {
            text = format!("{text}: {told}");
        }
        cause = source.source();
    }
    text
}
