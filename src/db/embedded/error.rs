//! Why an embedded Postgres could not be started, and what to do about it.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

/// Why the embedded Postgres did not start; its text tells an operator what to do.
#[derive(Debug)]
pub enum StartError {
    /// No server binaries of a version that serves.
    NoBinaries {
        /// What was looked at and why it did not serve.
        looked_at: Vec<String>,
        /// The major version that an existing data folder asks for.
        needed_major: Option<u32>,
    },
    /// Another service holds the data folder.
    InUse(PathBuf),
    /// The account that runs the server cannot enter the data folder.
    Unreachable {
        /// The folder.
        folder: PathBuf,
        /// The account's name.
        account: String,
    },
    /// As root, the server needs another account and there is none.
    NoAccount,
    /// The data folder holds a cluster but not the passwords of its roles.
    NoPasswords(PathBuf),
    /// An earlier server still runs in the folder and does not stop.
    StillRunning {
        /// The cluster's folder.
        cluster: PathBuf,
        /// Its processes.
        pids: Vec<i32>,
    },
    /// No socket path is short enough or safe enough.
    NoSocketFolder(String),
    /// A program of Postgres failed.
    Failed {
        /// The program.
        program: String,
        /// Its last lines.
        output: String,
    },
    /// The operating system refused something.
    Io {
        /// What was being done.
        doing: String,
        /// The refusal.
        source: io::Error,
    },
}

impl StartError {
    /// Wraps an operating system error with what was being done to which path.
    pub(super) fn io(doing: &str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        let doing = format!("{doing} {}", path.display());
        move |source| Self::Io { doing, source }
    }
}

impl fmt::Display for StartError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoBinaries { looked_at, needed_major } => write_no_binaries(f, looked_at, *needed_major),
            Self::InUse(folder) => write!(
                f,
                "another sinergi already runs on the data folder {}; stop it, or set \
                 SINERGI_DATA_DIR to another folder",
                folder.display()
            ),
            Self::Unreachable { folder, account } => write!(
                f,
                "Postgres refuses to run as root and runs as user {account}, who cannot enter {}; \
                 set SINERGI_DATA_DIR to a folder that this user can reach, for example \
                 /var/lib/sinergi",
                folder.display()
            ),
            Self::NoAccount => f.write_str(
                "Postgres refuses to run as root and there is no user postgres or nobody; \
                 start sinergi as an ordinary user",
            ),
            Self::NoPasswords(file) => write!(
                f,
                "{} is missing or damaged, so nobody can log in to the database beside it; \
                 restore that file from the backup",
                file.display()
            ),
            Self::StillRunning { cluster, pids } => write!(
                f,
                "a Postgres that an earlier sinergi started still runs in {} (processes {pids:?}) \
                 and does not stop; end it with: kill -QUIT {}",
                cluster.display(),
                pids.first().copied().unwrap_or_default()
            ),
            Self::NoSocketFolder(why) => write!(f, "no folder for the database's socket: {why}"),
            Self::Failed { program, output } => write!(f, "{program} failed: {output}"),
            Self::Io { doing, source } => write!(f, "{doing}: {source}"),
        }
    }
}

/// Tells which places were looked at and the one command that helps.
fn write_no_binaries(f: &mut fmt::Formatter<'_>, looked_at: &[String], needed_major: Option<u32>) -> fmt::Result {
    f.write_str("no Postgres server to run")?;
    for place in looked_at {
        write!(f, "; {place}")?;
    }
    match needed_major {
        Some(major) => write!(
            f,
            ". The data folder was made by Postgres {major}: install that version with \
             `apt-get install postgresql-{major}`, or set PG_BIN_DIR to its bin folder"
        ),
        None => f.write_str(
            ". Run `make setup` (it installs Debian's Postgres), or set DATABASE_URL to a running \
             Postgres 15 or newer, or PG_BIN_DIR to a bin folder",
        ),
    }
}

impl std::error::Error for StartError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Io { source, .. } => Some(source),
            _ => None,
        }
    }
}
