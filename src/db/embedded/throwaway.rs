//! A server for one run of tests or benchmarks, gone with everything in it afterwards.

use std::ffi::OsString;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use super::{Durability, EmbeddedPostgres, Settings, StartError, remains};

/// How the folders of throw-away servers are called under the temporary folder.
const PREFIX: &str = "sinergi-throwaway-";

/// A folder younger than this may belong to a process that has not locked it yet.
const GRACE: Duration = Duration::from_secs(60);

/// A server without `fsync` on a folder of its own under the temporary folder.
///
/// Dropping it removes the folder. A process that is killed leaves its folder behind, stopped;
/// the next throw-away server removes it.
#[derive(Debug)]
pub struct Throwaway {
    server: Option<EmbeddedPostgres>,
    folder: PathBuf,
}

impl Throwaway {
    /// Starts a server; its programs are found as [`Settings`] tells.
    ///
    /// # Errors
    /// Any [`StartError`].
    pub fn start(
        temporary: &Path,
        bin_dir: Option<PathBuf>,
        search_path: OsString,
    ) -> Result<Self, StartError> {
        sweep(temporary);
        let name = format!(
            "{PREFIX}{}-{:08x}",
            std::process::id(),
            rand::random::<u32>()
        );
        let folder = temporary.join(name);
        let settings = Settings {
            data_dir: folder.clone(),
            bin_dir,
            search_path,
            temporary: temporary.to_path_buf(),
            durability: Durability::Throwaway,
        };
        let mut throwaway = Self {
            server: None,
            folder,
        };
        throwaway.server = Some(EmbeddedPostgres::start(&settings)?);
        Ok(throwaway)
    }

    /// The running server.
    #[must_use]
    pub fn server(&self) -> Option<&EmbeddedPostgres> {
        self.server.as_ref()
    }
}

impl Drop for Throwaway {
    fn drop(&mut self) {
        drop(self.server.take());
        if let Err(error) = fs::remove_dir_all(&self.folder) {
            log::warn!("cannot remove {}: {error}", self.folder.display());
        }
    }
}

/// Removes the folders that killed processes left behind.
fn sweep(temporary: &Path) {
    for entry in fs::read_dir(temporary).into_iter().flatten().flatten() {
        let folder = entry.path();
        if entry.file_name().to_string_lossy().starts_with(PREFIX) && is_left_behind(&folder) {
            let _ = remains::clear(&folder.join("postgres"));
            // Another process may be sweeping too, and a folder of another user stays.
            let _ = fs::remove_dir_all(&folder);
        }
    }
}

/// Whether no process holds a throw-away folder any more.
fn is_left_behind(folder: &Path) -> bool {
    let is_old = fs::metadata(folder)
        .and_then(|found| found.modified())
        .is_ok_and(|at| {
            SystemTime::now()
                .duration_since(at)
                .is_ok_and(|age| age > GRACE)
        });
    is_old && File::open(folder.join("lock")).is_ok_and(|lock| lock.try_lock().is_ok())
}
