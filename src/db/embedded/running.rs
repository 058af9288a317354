//! The server of another process: a command that works beside a running service connects to it.

use std::fs;
use std::io::{Error, ErrorKind};
use std::path::{Path, PathBuf};

use super::roles::Passwords;
use super::{Role, StartError, address};

/// Line of `postmaster.pid` that names the folder of the socket, counted from 0.
///
/// Source: Postgres 15, `src/include/utils/pidfile.h`, `LOCK_FILE_LINE_SOCKET_DIR`, read 2026-11-28.
const SOCKET_LINE: usize = 4;

/// A running server that is not ours to stop.
#[derive(Debug)]
pub struct Running {
    socket: PathBuf,
    passwords: Passwords,
}

impl Running {
    /// Finds the server that runs on a data folder.
    ///
    /// # Errors
    /// Where its folder tells no socket, as during a start, or its passwords cannot be read.
    pub fn find(data: &Path) -> Result<Self, StartError> {
        let path = data.join("postgres/postmaster.pid");
        let told = fs::read_to_string(&path).map_err(StartError::io("cannot read", &path))?;
        let socket = told.lines().nth(SOCKET_LINE).filter(|line| !line.is_empty()).map(PathBuf::from);
        let socket = socket
            .ok_or_else(|| Error::new(ErrorKind::NotFound, "it names no socket: the server may be starting"))
            .map_err(StartError::io("cannot use", &path))?;
        Ok(Self { socket, passwords: Passwords::read(&data.join("pgpass"))? })
    }

    /// The address of a database for a role, with its password in it: never log it.
    #[must_use]
    pub fn connection_string(&self, role: Role, database: &str) -> String {
        address(&self.socket, &self.passwords, role, database)
    }
}
