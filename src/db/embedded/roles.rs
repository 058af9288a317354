//! The two roles of the database and their passwords.

use std::fmt::{self, Write as _};
use std::fs::{self, OpenOptions};
use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use super::StartError;

/// A role of the database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Owns the tables and migrates them.
    Owner,
    /// Serves requests: reads and writes rows, owns nothing.
    Service,
}

impl Role {
    /// Both roles.
    pub(super) const ALL: [Self; 2] = [Self::Owner, Self::Service];

    /// The role's name in the database.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Owner => "sinergi_owner",
            Self::Service => "sinergi_service",
        }
    }
}

/// The roles' passwords, kept in the data folder in the form of a `.pgpass` file, so that
/// `PGPASSFILE=data/pgpass psql` works for an operator too.
pub(super) struct Passwords {
    owner: String,
    service: String,
}

impl Passwords {
    /// Makes new ones.
    pub(super) fn random() -> Self {
        Self { owner: random_hex(), service: random_hex() }
    }

    /// The password of a role.
    pub(super) fn of(&self, role: Role) -> &str {
        match role {
            Role::Owner => &self.owner,
            Role::Service => &self.service,
        }
    }

    /// Reads the file that [`Self::write`] made.
    pub(super) fn read(file: &Path) -> Result<Self, StartError> {
        let text = fs::read_to_string(file).unwrap_or_default();
        let of = |role: Role| {
            let start = format!("*:*:*:{}:", role.name());
            text.lines().find_map(|line| line.strip_prefix(&start)).map(str::to_owned)
        };
        match (of(Role::Owner), of(Role::Service)) {
            (Some(owner), Some(service)) => Ok(Self { owner, service }),
            _ => Err(StartError::NoPasswords(file.to_path_buf())),
        }
    }

    /// Writes the file anew, readable by its owner only, and waits until it is on the disk.
    pub(super) fn write(&self, file: &Path) -> Result<(), StartError> {
        let mut text = String::new();
        for role in Role::ALL {
            // Writing into a string cannot fail.
            let _ = writeln!(text, "*:*:*:{}:{}", role.name(), self.of(role));
        }
        let _ = fs::remove_file(file);
        OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(file)
            .and_then(|mut opened| {
                opened.write_all(text.as_bytes())?;
                opened.sync_all()
            })
            .map_err(StartError::io("cannot write", file))
    }
}

impl fmt::Debug for Passwords {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Passwords(***)")
    }
}

/// 192 random bits as hexadecimal digits, which need no quoting anywhere.
fn random_hex() -> String {
    let bytes: [u8; 24] = rand::random();
    let mut text = String::with_capacity(48);
    for byte in bytes {
        let _ = write!(text, "{byte:02x}");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    #[test]
    fn passwords_come_back_from_their_closed_file() {
        let file = std::env::temp_dir().join(format!("sinergi-pgpass-{}", std::process::id()));
        let made = Passwords::random();
        made.write(&file).unwrap();
        let read = Passwords::read(&file).unwrap();
        let bits = fs::metadata(&file).unwrap().permissions().mode() & 0o777;
        fs::remove_file(&file).unwrap();
        assert_eq!((made.of(Role::Owner), made.of(Role::Service)), (&*read.owner, &*read.service));
        assert_ne!(read.owner, read.service);
        assert_eq!(bits, 0o600);
        assert_eq!(format!("{read:?}"), "Passwords(***)");
        assert!(Passwords::read(&file).is_err());
    }
}
