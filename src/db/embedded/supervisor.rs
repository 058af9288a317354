//! The thread that starts the server, watches it, starts it again and stops it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread::{self, JoinHandle, sleep};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

use super::account::{Account, without_setpriv};
use super::binaries::Binaries;
use super::server_log::LastLines;
use super::{StartError, remains, server_log};

/// How often the thread looks whether the server still runs.
const LOOK_EVERY: Duration = Duration::from_millis(200);

/// How long a start may take: replaying a gigabyte of log on a slow disk takes minutes.
const START_PATIENCE: Duration = Duration::from_mins(10);

/// How often a server that starts is asked whether it is ready.
const ASK_EVERY: Duration = Duration::from_millis(5);

/// The signals of a stop and how long each may take: a fast shutdown, one without a checkpoint
/// (the next start recovers), the end.
const STOP: [(Signal, Duration); 3] = [
    (Signal::INT, Duration::from_secs(20)),
    (Signal::QUIT, Duration::from_secs(5)),
    (Signal::KILL, Duration::from_secs(2)),
];

/// What a server is started from.
#[derive(Debug, Clone)]
pub(super) struct Server {
    pub(super) binaries: Binaries,
    pub(super) account: Account,
    pub(super) cluster: PathBuf,
    pub(super) socket: PathBuf,
}

/// The thread that holds a running server.
///
/// The server is a child of this thread and not of the caller's, for the system sends it its
/// parent-death signal when the *thread* that made it ends.
#[derive(Debug)]
pub(super) struct Supervisor {
    stop: Sender<()>,
    thread: Option<JoinHandle<()>>,
}

impl Supervisor {
    /// Starts the server and returns when it is ready.
    pub(super) fn start(server: Server) -> Result<Self, StartError> {
        let (stop, stopped) = channel();
        let (tell, told) = channel();
        let thread = thread::Builder::new()
            .name("postgres".to_owned())
            .spawn(move || match server.start() {
                Ok(child) => {
                    let _ = tell.send(Ok(()));
                    server.watch(child, &stopped);
                }
                Err(error) => {
                    let _ = tell.send(Err(error));
                }
            })
            .map_err(|source| StartError::Io { doing: "cannot start a thread".into(), source })?;
        match told.recv() {
            Ok(Ok(())) => Ok(Self { stop, thread: Some(thread) }),
            Ok(Err(error)) => Err(error),
            Err(_) => Err(failed("the supervising thread ended".to_owned())),
        }
    }

    /// Stops the server and waits for its end, which comes within half a minute.
    pub(super) fn stop(&mut self) {
        if let Some(thread) = self.thread.take() {
            let _ = self.stop.send(());
            if thread.join().is_err() {
                log::error!("the thread that supervises Postgres panicked");
            }
        }
    }
}

impl Drop for Supervisor {
    fn drop(&mut self) {
        self.stop();
    }
}

impl Server {
    /// Starts the server and waits until it takes connections.
    fn start(&self) -> Result<Child, StartError> {
        remains::clear(&self.cluster, &self.socket)?;
        let mut command = self.account.command(&self.binaries.program("postgres"), "INT");
        command.arg("-D").arg(&self.cluster).args(["-p", "5432"]);
        command.args(["-c", "listen_addresses=", "-c", "cluster_name=sinergi"]);
        command.args(["-c", "unix_socket_permissions=0700", "-c", "logging_collector=off"]);
        command.arg("-c").arg(format!("unix_socket_directories={}", quoted(&self.socket)));
        let mut child = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().map_err(without_setpriv)?;
        let lines = server_log::forward(&mut child);
        match self.wait_until_ready(&mut child, &lines) {
            Ok(()) => Ok(child),
            Err(error) => {
                end(&mut child);
                Err(error)
            }
        }
    }

    /// Waits for the line of the lock file in which the server says that it is ready.
    fn wait_until_ready(&self, child: &mut Child, lines: &LastLines) -> Result<(), StartError> {
        let lock_file = self.cluster.join("postmaster.pid");
        let started = Instant::now();
        let mut told_at = Duration::from_secs(5);
        while started.elapsed() < START_PATIENCE {
            if is_ready(&lock_file, child.id()) {
                return Ok(());
            }
            if let Ok(Some(status)) = child.try_wait() {
                // Its last words may still be on their way.
                sleep(Duration::from_millis(50));
                return Err(failed(format!("{status}; {}", lines.joined())));
            }
            if started.elapsed() > told_at {
                log::info!("Postgres is recovering; {} s so far", told_at.as_secs());
                told_at += Duration::from_secs(10);
            }
            sleep(ASK_EVERY);
        }
        Err(failed(format!("not ready after {} s", START_PATIENCE.as_secs())))
    }

    /// Holds the server until it shall stop; starts it again when it ends by itself.
    fn watch(&self, mut child: Child, stopped: &Receiver<()>) {
        loop {
            match stopped.recv_timeout(LOOK_EVERY) {
                Err(RecvTimeoutError::Timeout) => {}
                // A supervisor that was dropped without a word stops the server as well.
                Ok(()) | Err(RecvTimeoutError::Disconnected) => return end(&mut child),
            }
            if let Ok(Some(status)) = child.try_wait() {
                log::error!("Postgres ended by itself ({status}); starting it again");
                match self.start_again(stopped) {
                    Some(new) => child = new,
                    None => return,
                }
            }
        }
    }

    /// Tries until the server is back or shall stop.
    fn start_again(&self, stopped: &Receiver<()>) -> Option<Child> {
        let mut pause = LOOK_EVERY;
        loop {
            match self.start() {
                Ok(child) => {
                    log::info!("Postgres is back");
                    return Some(child);
                }
                Err(error) => log::error!("Postgres did not come back: {error}"),
            }
            if stopped.recv_timeout(pause) != Err(RecvTimeoutError::Timeout) {
                return None;
            }
            pause = (pause * 2).min(Duration::from_secs(5));
        }
    }
}

/// Stops a server, more firmly the longer it takes.
fn end(child: &mut Child) {
    let pid = i32::try_from(child.id()).ok().and_then(Pid::from_raw);
    for (signal, patience) in STOP {
        if let Some(pid) = pid {
            // Until it is waited for, the number cannot go to another process.
            let _ = kill_process(pid, signal);
        }
        let asked = Instant::now();
        while asked.elapsed() < patience {
            match child.try_wait() {
                Ok(None) => sleep(ASK_EVERY),
                _ => return,
            }
        }
        log::error!("Postgres did not stop within {} s of {signal:?}", patience.as_secs());
    }
}

/// Whether the eighth line of the lock file of *this* process says `ready`.
fn is_ready(lock_file: &Path, pid: u32) -> bool {
    let text = fs::read_to_string(lock_file).unwrap_or_default();
    let mut lines = text.lines().map(str::trim);
    lines.next() == Some(&*pid.to_string()) && lines.nth(6) == Some("ready")
}

/// Quotes a folder for a setting that holds a list of folders.
fn quoted(folder: &Path) -> String {
    format!("\"{}\"", folder.display().to_string().replace('"', "\"\""))
}

/// A failed start of the server.
fn failed(output: String) -> StartError {
    StartError::Failed { program: "postgres".to_owned(), output }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_eighth_line_of_our_own_lock_file_says_ready() {
        let file = std::env::temp_dir().join(format!("sinergi-lock-file-{}", std::process::id()));
        for (text, ready) in [
            ("41\n/d\n1\n5432\n/s\n\n  7 8\nready   \n", true),
            ("42\n/d\n1\n5432\n/s\n\n  7 8\nready   \n", false),
            ("41\n/d\n1\n5432\n/s\n\n  7 8\nstarting\n", false),
            ("41\n/d\n1\n5432\n/s\n\n", false),
            ("", false),
        ] {
            fs::write(&file, text).unwrap();
            assert_eq!(is_ready(&file, 41), ready, "{text:?}");
        }
        fs::remove_file(&file).unwrap();
        assert!(!is_ready(&file, 41));
    }

    #[test]
    fn a_folder_is_quoted_for_a_list_of_folders() {
        assert_eq!(quoted(Path::new("/a b,\"c")), "\"/a b,\"\"c\"");
    }
}
