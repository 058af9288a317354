//! A server for one run of tests or benchmarks, gone with everything in it afterwards.

use std::ffi::OsString;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use super::{Durability, EmbeddedPostgres, Settings, StartError, remains};

/// How the folders of throw-away servers are called under the temporary folder.
const PREFIX: &str = "sinergi-throwaway-";

/// A folder younger than this may belong to a process that has not locked it yet.
const GRACE: Duration = Duration::from_mins(1);

/// A server without `fsync` on a folder of its own under the temporary folder.
///
/// Dropping it removes the folder. A process that is killed leaves its folder behind, stopped;
/// the next throw-away server removes it.
#[derive(Debug)]
pub struct Throwaway {
    // Fields are dropped in this order: the server first, then what it stood on.
    server: EmbeddedPostgres,
    _folder: Folder,
}

impl Throwaway {
    /// Starts a server; its programs are found as [`Settings`] tells.
    ///
    /// # Errors
    /// Any [`StartError`].
    pub fn start(temporary: &Path, bin_dir: Option<PathBuf>, search_path: OsString) -> Result<Self, StartError> {
        sweep(temporary);
        let name = format!("{PREFIX}{}-{:08x}", std::process::id(), rand::random::<u32>());
        let folder = Folder(temporary.join(name));
        let server = EmbeddedPostgres::start(&Settings {
            data_dir: folder.0.clone(),
            bin_dir,
            search_path,
            temporary: temporary.to_path_buf(),
            durability: Durability::Throwaway,
        })?;
        Ok(Self { server, _folder: folder })
    }

    /// The running server.
    #[must_use]
    pub fn server(&self) -> &EmbeddedPostgres {
        &self.server
    }
}

/// A folder that is removed with everything in it.
#[derive(Debug)]
struct Folder(PathBuf);

impl Drop for Folder {
    fn drop(&mut self) {
        if let Err(error) = fs::remove_dir_all(&self.0) {
            log::warn!("cannot remove {}: {error}", self.0.display());
        }
    }
}

/// Removes the folders that killed processes left behind.
fn sweep(temporary: &Path) {
    for entry in fs::read_dir(temporary).into_iter().flatten().flatten() {
        let folder = entry.path();
        if entry.file_name().to_string_lossy().starts_with(PREFIX) && is_left_behind(&folder) {
            let _ = remains::wait_for_end(&folder.join("postgres"));
            // Another process may be sweeping too, and a folder of another user stays.
            let _ = fs::remove_dir_all(&folder);
        }
    }
}

/// Whether no process holds a throw-away folder any more.
fn is_left_behind(folder: &Path) -> bool {
    let is_old = fs::metadata(folder)
        .and_then(|found| found.modified())
        .is_ok_and(|at| SystemTime::now().duration_since(at).is_ok_and(|age| age > GRACE));
    is_old && File::open(folder.join("lock")).is_ok_and(|lock| lock.try_lock().is_ok())
}
