//! The folder of the server's socket: short enough for the system, closed to others.

use std::fs::{self, DirBuilder};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};

use super::StartError;
use super::account::Account;

/// The name that Postgres gives its socket on the port we tell it.
const SOCKET: &str = ".s.PGSQL.5432";

/// A socket's path with its closing zero must fit into 108 bytes.
const LONGEST: usize = 107;

/// Makes the socket's folder, mode 0700, owned by the server's account.
///
/// It lies in the data folder where the path is short enough, else under `temporary`, where its
/// name is the data folder's hash, so that a second start finds the same one.
pub(super) fn make_folder(data: &Path, temporary: &Path, account: &Account) -> Result<PathBuf, StartError> {
    let folder = choose(data, temporary)?;
    match DirBuilder::new().mode(0o700).create(&folder) {
        Ok(()) => account.give(&folder)?,
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {}
        Err(error) => return Err(StartError::io("cannot make the folder", &folder)(error)),
    }
    refuse_foreign(&folder, account)?;
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o700))
        .map_err(StartError::io("cannot close to others", &folder))?;
    Ok(folder)
}

/// Chooses between the data folder and the system's temporary folder.
fn choose(data: &Path, temporary: &Path) -> Result<PathBuf, StartError> {
    let inside = data.join("socket");
    if fits(&inside) {
        return Ok(inside);
    }
    let mut hasher = DefaultHasher::new();
    data.hash(&mut hasher);
    let outside = temporary.join(format!("sinergi-{:016x}", hasher.finish()));
    if fits(&outside) {
        return Ok(outside);
    }
    Err(StartError::NoSocketFolder(format!(
        "the paths of {} and {} are both too long for a socket",
        data.display(),
        temporary.display()
    )))
}

/// Whether a socket in the folder has a path that the system takes.
fn fits(folder: &Path) -> bool {
    folder.join(SOCKET).as_os_str().as_bytes().len() <= LONGEST
}

/// Refuses a folder that somebody else laid out: a name under `/tmp` can be taken before us.
fn refuse_foreign(folder: &Path, account: &Account) -> Result<(), StartError> {
    let found = fs::symlink_metadata(folder).map_err(StartError::io("cannot look at", folder))?;
    if found.is_dir() && found.uid() == account.uid() {
        return Ok(());
    }
    Err(StartError::NoSocketFolder(format!(
        "{} is not a folder of the user that runs Postgres; remove it",
        folder.display()
    )))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_data_folder_holds_the_socket_itself() {
        let folder = choose(Path::new("/srv/sinergi"), Path::new("/tmp")).unwrap();
        assert_eq!(folder, Path::new("/srv/sinergi/socket"));
    }

    #[test]
    fn a_long_data_folder_gets_a_short_stable_folder_elsewhere() {
        let data = PathBuf::from(format!("/{}", "long/".repeat(20)));
        let folder = choose(&data, Path::new("/tmp")).unwrap();
        assert!(folder.starts_with("/tmp"), "{}", folder.display());
        assert_eq!(folder, choose(&data, Path::new("/tmp")).unwrap());
        assert!(choose(&data, &data).is_err());
    }

    #[test]
    fn a_socket_path_of_107_bytes_fits_and_one_of_108_does_not() {
        let longest = format!("/{}", "x".repeat(LONGEST - SOCKET.len() - 2));
        assert!(fits(Path::new(&longest)));
        assert!(!fits(Path::new(&format!("{longest}x"))));
    }
}
