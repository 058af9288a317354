//! Finding the server's binaries.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::StartError;

/// The oldest major version that the schema runs on.
const OLDEST_MAJOR: u32 = 15;

/// Where Debian and its children put the servers, one folder a major version.
const DEBIAN_ROOT: &str = "/usr/lib/postgresql";

/// A folder with `postgres` and `initdb` of one version.
#[derive(Debug, Clone)]
pub(super) struct Binaries {
    folder: PathBuf,
}

impl Binaries {
    /// The path of one program.
    pub(super) fn program(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// Takes the first that serves of: the given folder, Debian's newest, the search path.
    ///
    /// A given folder is the only candidate: falling back would hide a typing mistake. A cluster
    /// that exists is served only by the major version that made it.
    pub(super) fn find(
        given: Option<&Path>,
        search_path: &[PathBuf],
        needed_major: Option<u32>,
    ) -> Result<Self, StartError> {
        let candidates = given.map_or_else(
            || [debian_folders(Path::new(DEBIAN_ROOT)), search_path.to_vec()].concat(),
            |folder| vec![folder.to_path_buf()],
        );
        let mut looked_at = Vec::new();
        for folder in candidates {
            match judge(&folder, needed_major) {
                Verdict::Serves => return Ok(Self { folder }),
                Verdict::Absent if given.is_none() => {}
                Verdict::Absent => {
                    looked_at.push(format!("{} has no postgres and initdb", folder.display()));
                }
                Verdict::Other(why) => looked_at.push(format!("{}: {why}", folder.display())),
            }
        }
        Err(StartError::NoBinaries { looked_at, needed_major })
    }
}

/// Debian's bin folders, newest first.
fn debian_folders(root: &Path) -> Vec<PathBuf> {
    let mut majors: Vec<u32> = fs::read_dir(root)
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| entry.file_name().to_str()?.parse().ok())
        .collect();
    majors.sort_unstable_by(|a, b| b.cmp(a));
    majors.into_iter().map(|major| root.join(major.to_string()).join("bin")).collect()
}

/// What one candidate folder is good for.
enum Verdict {
    Serves,
    Absent,
    Other(String),
}

/// Asks a folder's server for its version.
fn judge(folder: &Path, needed_major: Option<u32>) -> Verdict {
    let server = folder.join("postgres");
    if !server.is_file() || !folder.join("initdb").is_file() {
        return Verdict::Absent;
    }
    let told = match Command::new(&server).arg("--version").output() {
        Ok(output) => String::from_utf8_lossy(&output.stdout).into_owned(),
        Err(error) => return Verdict::Other(format!("does not run: {error}")),
    };
    match (major_version(&told), needed_major) {
        (None, _) => Verdict::Other("does not tell its version".to_owned()),
        (Some(major), Some(needed)) if major != needed => Verdict::Other(format!("is version {major}")),
        (Some(major), _) if major < OLDEST_MAJOR => {
            Verdict::Other(format!("is version {major}, older than {OLDEST_MAJOR}"))
        }
        _ => Verdict::Serves,
    }
}

/// Reads `15` out of `postgres (PostgreSQL) 15.20 (Debian 15.20-0+deb12u1)`.
fn major_version(told: &str) -> Option<u32> {
    let version = told.split_once("(PostgreSQL) ")?.1;
    let digits: String = version.chars().take_while(char::is_ascii_digit).collect();
    digits.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_major_version_is_read_from_releases_and_betas() {
        assert_eq!(major_version("postgres (PostgreSQL) 15.20 (Debian 15.20-0+deb12u1)\n"), Some(15));
        assert_eq!(major_version("postgres (PostgreSQL) 19beta1\n"), Some(19));
        assert_eq!(major_version("something else 15\n"), None);
    }

    #[test]
    fn the_newest_of_debians_folders_comes_first() {
        let root = std::env::temp_dir().join(format!("sinergi-majors-{}", std::process::id()));
        for name in ["9.6", "15", "17", "notes"] {
            fs::create_dir_all(root.join(name).join("bin")).unwrap();
        }
        let found = debian_folders(&root);
        fs::remove_dir_all(&root).unwrap();
        assert_eq!(found, [root.join("17/bin"), root.join("15/bin")]);
    }

    #[test]
    fn an_absent_server_names_the_one_command_to_run() {
        let error = Binaries::find(Some(Path::new("/nowhere")), &[], None).unwrap_err().to_string();
        assert!(error.contains("/nowhere has no postgres and initdb"), "{error}");
        assert!(error.contains("`make setup`"), "{error}");
        let error = Binaries::find(Some(Path::new("/nowhere")), &[], Some(16)).unwrap_err();
        assert!(error.to_string().contains("apt-get install postgresql-16"), "{error}");
    }
}
