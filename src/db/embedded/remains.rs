//! What a server that an earlier service started may have left in the data folder.

use std::fs;
use std::path::{Path, PathBuf};
use std::thread::sleep;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

use super::StartError;

/// How long an earlier server may take to write its last checkpoint.
const PATIENCE: Duration = Duration::from_secs(30);

/// The lock file beside the socket; its name has the port.
const SOCKET_LOCK: &str = ".s.PGSQL.5432.lock";

/// Waits until no process of an earlier server is left and clears its lock files: that of the cluster, and that of the
/// socket.
///
/// With no process left they are stale. Postgres would refuse to start where their number has gone to another process
/// since, as after a restart of the machine or of a container.
///
/// # Errors
/// As [`wait_for_end`]; where a file cannot be removed.
pub(super) fn clear(cluster: &Path, socket: &Path) -> Result<(), StartError> {
    wait_for_end(cluster)?;
    [cluster.join("postmaster.pid"), socket.join(SOCKET_LOCK)].iter().try_for_each(|lock_file| remove(lock_file))
}

fn remove(lock_file: &Path) -> Result<(), StartError> {
    match fs::remove_file(lock_file) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(StartError::io("cannot remove", lock_file)(error))
        }
        _ => Ok(()),
    }
}

/// Waits until no process of an earlier server is left.
///
/// The caller holds the lock on the data folder, so a server that still runs here has lost its
/// service. It was told to stop when that one died; it is told again, in case the service was
/// killed in the instant before the server had asked to be told.
///
/// # Errors
/// Where one is left after half a minute.
pub(super) fn wait_for_end(cluster: &Path) -> Result<(), StartError> {
    let lock_file = cluster.join("postmaster.pid");
    let started = Instant::now();
    let mut told = false;
    loop {
        let pids = processes_in(cluster);
        if pids.is_empty() {
            return Ok(());
        }
        if started.elapsed() > PATIENCE {
            return Err(StartError::StillRunning { cluster: cluster.to_path_buf(), pids });
        }
        if !told {
            log::warn!("waiting for the Postgres of an earlier start to stop");
            let server = postmaster(&lock_file).filter(|pid| pids.contains(pid));
            tell_to_stop(server);
            told = true;
        }
        sleep(Duration::from_millis(20));
    }
}

/// Asks a server for a fast shutdown.
fn tell_to_stop(server: Option<i32>) {
    if let Some(pid) = server.and_then(Pid::from_raw) {
        // It may have ended meanwhile.
        let _ = kill_process(pid, Signal::INT);
    }
}

/// The server's process number in its lock file.
pub(super) fn postmaster(lock_file: &Path) -> Option<i32> {
    fs::read_to_string(lock_file).ok()?.lines().next()?.trim().parse().ok()
}

/// The processes that work in the folder: every process of a server does, from start to end.
fn processes_in(cluster: &Path) -> Vec<i32> {
    fs::read_dir("/proc")
        .into_iter()
        .flatten()
        .flatten()
        .filter(|entry| works_in(&entry.path(), cluster))
        .filter_map(|entry| entry.file_name().to_str()?.parse().ok())
        .collect()
}

/// Whether a process, given as its folder under `/proc`, is a `postgres` that works in a folder.
fn works_in(process: &Path, folder: &Path) -> bool {
    let is_postgres = fs::read_to_string(process.join("comm")).is_ok_and(|name| name.trim_end() == "postgres");
    is_postgres && fs::read_link(process.join("cwd")).is_ok_and(|at: PathBuf| at == folder)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stale_lock_files_go() {
        let folder = std::env::temp_dir().join(format!("sinergi-stale-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        // Our own number stands for one that went to another process.
        let lock_files = ["postmaster.pid", SOCKET_LOCK].map(|name| folder.join(name));
        for lock_file in &lock_files {
            fs::write(lock_file, format!("{}\n/elsewhere\n", std::process::id())).unwrap();
        }
        clear(&folder, &folder).unwrap();
        let is_left = lock_files.iter().any(|lock_file| lock_file.exists());
        clear(&folder, &folder).unwrap();
        fs::remove_dir_all(&folder).unwrap();
        assert!(!is_left);
    }
}
