//! The settings as they are given: all of them texts, so that all faults can be told together.

/// The data folder where none is named.
pub const DEFAULT_DATA_DIR: &str = "./data";

/// The settings of the command line and the environment, unchecked.
///
/// The comment of a setting is what `--help` tells of it, after its unit and before its default.
#[derive(Debug, Clone, clap::Args)]
#[command(next_help_heading = "Settings (an option wins over its environment variable)")]
pub struct Given {
    /// Address and port to listen on
    #[arg(long, env = "SINERGI_ADDRESS", value_name = "ADDRESS:PORT", default_value = "127.0.0.1:8080", global = true)]
    pub(super) address: String,

    /// The service's URL as clients see it: token issuer, root of problem types [default: `http://ADDRESS:PORT`]
    #[arg(long, env = "SINERGI_PUBLIC_URL", value_name = "URL", global = true)]
    pub(super) public_url: Option<String>,

    /// Postgres 15 or newer, as the role that owns the tables [default: an embedded one in the data folder]
    #[arg(long, env = "DATABASE_URL", value_name = "URL", hide_env_values = true, global = true)]
    pub(super) database_url: Option<String>,

    /// The same database as the login that serves requests [default: `DATABASE_URL` acting as `sinergi_service`]
    #[arg(long, env = "SINERGI_SERVICE_DATABASE_URL", value_name = "URL", hide_env_values = true, global = true)]
    pub(super) service_database_url: Option<String>,

    /// Folder of the keys and the embedded database
    #[arg(long, env = "SINERGI_DATA_DIR", value_name = "FOLDER", default_value = DEFAULT_DATA_DIR, global = true)]
    pub(super) data_dir: String,

    /// Folder of the embedded database's programs [default: the newest of Debian, then of PATH]
    #[arg(long, env = "PG_BIN_DIR", value_name = "FOLDER", global = true)]
    pub(super) pg_bin_dir: Option<String>,

    /// Connections that transactions use at most, 1 to 1,000
    #[arg(long, env = "SINERGI_CONNECTIONS", value_name = "COUNT", default_value = "16", global = true)]
    pub(super) connections: String,

    /// Threads that serve requests, 1 to 256 [default: one a core]
    #[arg(long, env = "SINERGI_WORKERS", value_name = "COUNT", global = true)]
    pub(super) workers: Option<String>,

    /// Seconds that a stop waits for running requests, 1 to 600
    #[arg(long, env = "SINERGI_STOP_SECONDS", value_name = "SECONDS", default_value = "20", global = true)]
    pub(super) stop_seconds: String,

    /// Requests a minute that one client may make, 1 to 100,000,000
    #[arg(long, env = "SINERGI_REQUESTS_PER_MINUTE", value_name = "COUNT", default_value = "600", global = true)]
    pub(super) requests_per_minute: String,

    /// Private networks that webhooks may reach, also over plain http and any port, such as `10.20.0.0/16,fd00::/8`
    #[arg(long, env = "SINERGI_WEBHOOK_NETWORKS", value_name = "NETWORKS", default_value = "", global = true)]
    pub(super) webhook_networks: String,

    /// Sandbox of made-up families in an empty database: on, off, or auto (on where the database is embedded)
    #[arg(long, env = "SINERGI_SANDBOX", value_name = "CHOICE", default_value = "auto", global = true)]
    pub(super) sandbox: String,

    /// Families of the sandbox, 1 to 1,000,000
    #[arg(long, env = "SINERGI_SANDBOX_FAMILIES", value_name = "COUNT", default_value = "9000", global = true)]
    pub(super) sandbox_families: String,

    /// Least level that is logged: off, error, warn, info, debug or trace
    #[arg(long, env = "SINERGI_LOG", value_name = "LEVEL", default_value = "info", global = true)]
    pub(super) log: String,

    /// Form of a log line: text or json
    #[arg(long, env = "SINERGI_LOG_FORMAT", value_name = "FORM", default_value = "text", global = true)]
    pub(super) log_format: String,

    /// Where programs are looked for.
    #[arg(long, env = "PATH", hide = true, default_value = "", global = true)]
    pub(super) search_path: std::ffi::OsString,
}
