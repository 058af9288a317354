//! A Postgres of our own: found, laid out, started, watched and stopped with the service.
//!
//! It listens on a socket in the data folder only, and ends with the service however that ends:
//! asked to by [`EmbeddedPostgres::stop`] or a drop, told by the system after a `kill -9`. One
//! service at a time holds a data folder.

mod account;
mod binaries;
mod cluster;
mod error;
mod remains;
mod roles;
mod running;
mod server_log;
mod socket;
mod supervisor;
mod throwaway;

use std::ffi::OsString;
use std::fmt::Write as _;
use std::fs::{self, DirBuilder, File, TryLockError};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};

use self::account::Account;
use self::binaries::Binaries;
pub use self::error::StartError;
use self::roles::Passwords;
pub use self::roles::Role;
pub use self::running::Running;
use self::supervisor::{Server, Supervisor};
pub use self::throwaway::Throwaway;

/// The database that a new cluster comes with.
pub const DATABASE: &str = "sinergi";

/// How much of a crash the data outlives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Durability {
    /// Acknowledged writes outlive the machine's power.
    Full,
    /// Nothing need outlive the process: for tests, whose owner role may make databases.
    Throwaway,
}

/// Where an embedded Postgres lives and where its programs come from.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The data folder; it is made where it is absent.
    pub data_dir: PathBuf,
    /// The folder of the server's programs; found by itself where it is not given.
    pub bin_dir: Option<PathBuf>,
    /// Where programs are looked for last: the value of `PATH`.
    pub search_path: OsString,
    /// Where the socket goes when the data folder's path is too long for one.
    pub temporary: PathBuf,
    /// How much of a crash the data outlives.
    pub durability: Durability,
}

/// A running Postgres that stops when this is dropped.
#[derive(Debug)]
pub struct EmbeddedPostgres {
    supervisor: Supervisor,
    socket: PathBuf,
    passwords: Passwords,
    is_new: bool,
    /// Held as long as the server may run; the system lets go of it when the process ends.
    _lock: File,
}

impl Drop for EmbeddedPostgres {
    fn drop(&mut self) {
        self.supervisor.stop();
        // Under the temporary folder nobody else would ever remove it; the next start makes it
        // anew wherever it lies.
        let _ = fs::remove_dir(&self.socket);
    }
}

impl EmbeddedPostgres {
    /// Starts a server on the data folder, laying out a cluster where there is none.
    ///
    /// Blocks until the server takes connections: about 2 s the first time and 50 ms later, more
    /// after a crash.
    ///
    /// # Errors
    /// Any [`StartError`], each with what to do.
    pub fn start(settings: &Settings) -> Result<Self, StartError> {
        let data = make_data_dir(&settings.data_dir)?;
        let lock = lock(&data)?;
        let cluster = data.join("postgres");
        let passwords_file = data.join("pgpass");
        let account = Account::choose(&cluster)?;
        let binaries = Binaries::find(
            settings.bin_dir.as_deref(),
            &std::env::split_paths(&settings.search_path).collect::<Vec<_>>(),
            major_of(&cluster),
        )?;
        let is_new = !cluster.exists();
        if is_new {
            log::info!("laying out a new database in {}", cluster.display());
            let server = (&binaries, &account);
            cluster::initialise(&cluster, &passwords_file, server, settings.durability)?;
        }
        account.must_reach(&cluster)?;
        let passwords = Passwords::read(&passwords_file)?;
        let socket = socket::make_folder(&data, &settings.temporary, &account)?;
        let supervisor = Supervisor::start(Server { binaries, account, cluster, socket: socket.clone() })?;
        Ok(Self { supervisor, socket, passwords, is_new, _lock: lock })
    }

    /// Whether this start laid out the cluster.
    #[must_use]
    pub fn is_new(&self) -> bool {
        self.is_new
    }

    /// The address of a database for a role, with its password in it: never log it.
    #[must_use]
    pub fn connection_string(&self, role: Role, database: &str) -> String {
        address(&self.socket, &self.passwords, role, database)
    }

    /// Stops the server and waits for its end, at most half a minute.
    pub fn stop(self) {
        drop(self);
    }
}

/// The data folder to take by default: `wanted`, or one that the server can reach.
///
/// As root the server runs as another user, who cannot enter `/root`. A clone there keeps its
/// data in `/var/lib/sinergi`, so that one command works for root as well.
#[must_use]
pub fn reachable_data_dir(wanted: &Path) -> PathBuf {
    let absolute = std::path::absolute(wanted).unwrap_or_else(|_| wanted.to_path_buf());
    let reaches = |folder: &Path| {
        let account = Account::choose(&absolute.join("postgres")).ok()?;
        account.enters(folder).ok()
    };
    match absolute.ancestors().find(|folder| folder.is_dir()).and_then(reaches) {
        Some(false) => PathBuf::from("/var/lib/sinergi"),
        _ => wanted.to_path_buf(),
    }
}

/// Makes the data folder and tells its true path.
fn make_data_dir(wanted: &Path) -> Result<PathBuf, StartError> {
    // Others may pass through, as the server's account must; what is secret inside is closed.
    DirBuilder::new()
        .recursive(true)
        .mode(0o711)
        .create(wanted)
        .and_then(|()| fs::canonicalize(wanted))
        .map_err(StartError::io("cannot make the data folder", wanted))
}

/// Takes the data folder for this process.
fn lock(data: &Path) -> Result<File, StartError> {
    let path = data.join("lock");
    let file = File::create(&path).map_err(StartError::io("cannot open", &path))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(StartError::InUse(data.to_path_buf())),
        Err(TryLockError::Error(error)) => Err(StartError::io("cannot lock", &path)(error)),
    }
}

/// The major version that made a cluster; `None` where there is no cluster.
fn major_of(cluster: &Path) -> Option<u32> {
    fs::read_to_string(cluster.join("PG_VERSION")).ok()?.trim().parse().ok()
}

/// The address of a database behind a socket.
fn address(socket: &Path, passwords: &Passwords, role: Role, database: &str) -> String {
    let (name, password) = (role.name(), passwords.of(role));
    let host = percent_encoded(socket.as_os_str().as_bytes());
    format!("postgresql://{name}:{password}@{host}:5432/{database}")
}

/// Writes bytes as a host name of a connection URL takes them.
fn percent_encoded(bytes: &[u8]) -> String {
    let mut text = String::new();
    for &byte in bytes {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            text.push(char::from(byte));
        } else {
            // Writing into a string cannot fail.
            let _ = write!(text, "%{byte:02X}");
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_socket_folder_is_a_host_of_a_connection_url() {
        assert_eq!(percent_encoded(b"/srv/a b"), "%2Fsrv%2Fa%20b");
    }

    #[test]
    fn a_folder_that_anybody_can_enter_stays_the_data_folder() {
        let wanted = std::env::temp_dir().join("sinergi-not-made-yet/data");
        assert_eq!(reachable_data_dir(&wanted), wanted);
    }
}
