//! Checks the settings, all of them before failing.

use std::num::NonZero;
use std::path::PathBuf;
use std::time::Duration;

use log::LevelFilter;

use super::{Config, Database, Faults, Given, Log, LogFormat};

impl Given {
    /// Checks the settings.
    ///
    /// # Errors
    /// [`Faults`] names every setting that cannot be used, with what would do.
    pub fn check(&self) -> Result<Config, Faults> {
        let mut faults = Faults::default();
        let config = self.read(&mut faults);
        if faults.is_empty() { Ok(config) } else { Err(faults) }
    }

    /// Reads every setting; a wrong one is told to `faults` and stands in by a value that is never used.
    fn read(&self, faults: &mut Faults) -> Config {
        let address = faults.address("SINERGI_ADDRESS", &self.address);
        let cores = std::thread::available_parallelism().map_or(1, NonZero::get);
        let families = faults.number("SINERGI_SANDBOX_FAMILIES", &self.sandbox_families, 1..=1_000_000);
        let has_sandbox = faults.choice(
            "SINERGI_SANDBOX",
            &self.sandbox,
            false,
            &[("on", true), ("off", false), ("auto", self.database_url.is_none())],
        );
        Config {
            address,
            public_url: faults.public_url("SINERGI_PUBLIC_URL", self.public_url.as_deref(), address),
            database: self.read_database(faults),
            data_dir: PathBuf::from(faults.text("SINERGI_DATA_DIR", &self.data_dir)),
            connections: faults.number("SINERGI_CONNECTIONS", &self.connections, 1..=1_000),
            workers: match &self.workers {
                Some(given) => faults.number("SINERGI_WORKERS", given, 1..=256),
                None => cores,
            },
            stop_timeout: Duration::from_secs(faults.number("SINERGI_STOP_SECONDS", &self.stop_seconds, 1..=600)),
            requests_per_minute: faults.number(
                "SINERGI_REQUESTS_PER_MINUTE",
                &self.requests_per_minute,
                1..=100_000_000,
            ),
            webhook_networks: faults.networks("SINERGI_WEBHOOK_NETWORKS", &self.webhook_networks),
            sandbox_families: has_sandbox.then_some(families),
            log: Log {
                level: faults.choice("SINERGI_LOG", &self.log, LevelFilter::Info, &LEVELS),
                format: faults.choice("SINERGI_LOG_FORMAT", &self.log_format, LogFormat::Text, &FORMATS),
            },
        }
    }

    fn read_database(&self, faults: &mut Faults) -> Database {
        let service_url = self.service_database_url.as_deref();
        let service_url = service_url.map(|url| faults.database_url("SINERGI_SERVICE_DATABASE_URL", url));
        if let Some(url) = self.database_url.as_deref() {
            return Database::Given { owner_url: faults.database_url("DATABASE_URL", url), service_url };
        }
        if service_url.is_some() {
            faults.add("SINERGI_SERVICE_DATABASE_URL", "needs DATABASE_URL beside it, for the role that migrates");
        }
        let bin_dir = self.pg_bin_dir.as_ref().map(PathBuf::from);
        Database::Embedded { bin_dir, search_path: self.search_path.clone() }
    }
}

/// The words for levels.
const LEVELS: [(&str, LevelFilter); 6] = [
    ("off", LevelFilter::Off),
    ("error", LevelFilter::Error),
    ("warn", LevelFilter::Warn),
    ("info", LevelFilter::Info),
    ("debug", LevelFilter::Debug),
    ("trace", LevelFilter::Trace),
];

/// The words for the forms of a log line.
const FORMATS: [(&str, LogFormat); 2] = [("text", LogFormat::Text), ("json", LogFormat::Json)];

#[cfg(test)]
mod tests {
    use clap::builder::Resettable;
    use clap::{CommandFactory, FromArgMatches, Parser};

    use super::*;

    #[derive(Parser)]
    struct Cli {
        #[command(flatten)]
        given: Given,
    }

    fn check(arguments: &[&str]) -> Result<Config, Faults> {
        // The environment of whoever runs the tests is not theirs.
        let command = Cli::command().mut_args(|argument| argument.env(Resettable::Reset));
        let matches = command.get_matches_from([&["sinergi"], arguments].concat());
        Cli::from_arg_matches(&matches).unwrap().given.check()
    }

    #[test]
    fn without_settings_there_are_defaults() {
        let config = check(&[]).unwrap();
        assert_eq!(config.public_url, "http://127.0.0.1:8080");
        assert_eq!(config.sandbox_families, Some(9_000));
        assert_eq!(config.stop_timeout, Duration::from_secs(20));
        assert!(matches!(config.database, Database::Embedded { .. }));
    }

    #[test]
    fn all_faults_are_told_together_and_no_secret_among_them() {
        let told = check(&[
            "--address=8080",
            "--public-url=example.test",
            "--database-url=postgres://sinergi:hush@[half/sinergi",
            "--data-dir=",
            "--connections=0",
            "--workers=many",
            "--stop-seconds=601",
            "--webhook-networks=10.0.0.0/8,intranet",
            "--sandbox=yes",
            "--log=loud",
            "--log-format=xml",
        ])
        .unwrap_err()
        .to_string();
        let faults: Vec<&str> = told.lines().skip(1).map(str::trim).collect();
        let names: Vec<&str> = faults.iter().filter_map(|fault| fault.split(' ').next()).collect();
        assert_eq!(
            names,
            [
                "SINERGI_ADDRESS",
                "SINERGI_SANDBOX",
                "SINERGI_PUBLIC_URL",
                "DATABASE_URL",
                "SINERGI_DATA_DIR",
                "SINERGI_CONNECTIONS",
                "SINERGI_WORKERS",
                "SINERGI_STOP_SECONDS",
                "SINERGI_WEBHOOK_NETWORKS",
                "SINERGI_LOG",
                "SINERGI_LOG_FORMAT"
            ]
        );
        assert!(!told.contains("hush"), "{told}");
    }

    #[test]
    fn a_given_database_has_no_sandbox_unless_told() {
        let address = "--database-url=postgresql://owner@db/sinergi";
        assert_eq!(check(&[address]).unwrap().sandbox_families, None);
        let told = check(&[address, "--sandbox=on", "--sandbox-families=20"]).unwrap();
        assert_eq!(told.sandbox_families, Some(20));
    }

    #[test]
    fn a_service_that_listens_everywhere_names_itself_by_loopback() {
        assert_eq!(check(&["--address=0.0.0.0:80"]).unwrap().public_url, "http://127.0.0.1:80");
        assert_eq!(check(&["--public-url=https://a.test/"]).unwrap().public_url, "https://a.test");
    }
}
