//! The embedded Postgres, held by real processes: first and second start, `kill -9`, both kinds
//! of user. The test program starts itself again as the process that holds the server.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "a test that panics has failed; the tests have no settings"
)]

use std::fs;
use std::io::{BufRead, BufReader};
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};
use sinergi::db::embedded::{DATABASE, Durability, EmbeddedPostgres, Role, Settings, StartError, Throwaway};
use tokio_postgres::{Client, NoTls};

/// Tells the second process which folder to hold.
const HOLD: &str = "SINERGI_TEST_HOLD";

/// A folder of this test, removed at its end.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("sinergi-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(&path).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o777)).unwrap();
        Self(path)
    }

    fn settings(&self) -> Settings {
        settings(&self.0.join("data"))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn settings(data_dir: &Path) -> Settings {
    Settings {
        data_dir: data_dir.to_path_buf(),
        bin_dir: None,
        search_path: std::env::var_os("PATH").unwrap_or_default(),
        temporary: std::env::temp_dir(),
        durability: Durability::Full,
    }
}

/// Starts a server and tells how long that took.
fn start(settings: &Settings) -> (EmbeddedPostgres, Duration) {
    let started = Instant::now();
    let server = EmbeddedPostgres::start(settings).unwrap_or_else(|error| panic!("{error}"));
    (server, started.elapsed())
}

async fn connect(address: &str) -> Client {
    let (client, connection) = tokio_postgres::connect(address, NoTls).await.unwrap();
    tokio::spawn(connection);
    client
}

/// Runs statements as a role on the server's own database.
async fn run(server: &EmbeddedPostgres, role: Role, statements: &str) {
    let client = connect(&server.connection_string(role, DATABASE)).await;
    client.batch_execute(statements).await.unwrap();
}

async fn count_notes(server: &EmbeddedPostgres) -> i64 {
    let client = connect(&server.connection_string(Role::Owner, DATABASE)).await;
    client.query_one("SELECT count(*) FROM notes", &[]).await.unwrap().get(0)
}

/// The process number of the server on a data folder.
fn server_pid(data: &Path) -> Option<u32> {
    let text = fs::read_to_string(data.join("postgres/postmaster.pid")).ok()?;
    text.lines().next()?.parse().ok()
}

fn wait_until(what: &str, mut holds: impl FnMut() -> bool) {
    let started = Instant::now();
    while !holds() {
        assert!(started.elapsed() < Duration::from_secs(30), "still not: {what}");
        sleep(Duration::from_millis(10));
    }
}

/// A process of its own that holds a server until it is killed.
struct Holder(Child);

impl Holder {
    /// Starts one; `user` is a user's number, for root to become another.
    fn start(data: &Path, user: Option<u32>) -> Self {
        // The program may lie where another user cannot go.
        let program = data.parent().unwrap().join("holder");
        if !program.exists() {
            let this = std::env::current_exe().unwrap();
            // A copy is open for writing while other tests fork, and then cannot be run yet.
            fs::hard_link(&this, &program).or_else(|_| fs::copy(&this, &program).map(drop)).unwrap();
        }
        let mut command = match user {
            Some(number) => {
                let mut command = Command::new("setpriv");
                command.arg(format!("--reuid={number}")).arg(format!("--regid={number}"));
                command.args(["--clear-groups", "--"]).arg(&program);
                command
            }
            None => Command::new(&program),
        };
        command.args(["--ignored", "--exact", "--nocapture", "hold_a_server"]);
        command.env(HOLD, data).current_dir("/");
        let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let held = lines.any(|line| line.unwrap().ends_with("holding"));
        assert!(held, "the second process did not start a server");
        // Keep reading, for the process would die of a closed pipe.
        std::thread::spawn(move || lines.for_each(drop));
        Self(child)
    }

    fn kill(mut self) {
        self.0.kill().unwrap();
        self.0.wait().unwrap();
    }
}

#[test]
#[ignore = "runs in the second process of the tests below"]
fn hold_a_server() {
    let Some(data) = std::env::var_os(HOLD) else {
        return;
    };
    let (_server, _) = start(&settings(Path::new(&data)));
    println!("holding");
    loop {
        sleep(Duration::from_mins(1));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_second_start_is_fast_and_finds_what_was_written() {
    let folder = Folder::new("second");
    let (server, first) = start(&folder.settings());
    assert!(server.is_new());
    run(&server, Role::Owner, "CREATE TABLE notes (n int); INSERT INTO notes VALUES (1)").await;
    server.stop();
    assert_eq!(server_pid(&folder.settings().data_dir), None, "the server is down");

    // Other tests may hold the machine for a while: one of the starts shows what it takes by itself.
    let (mut server, mut again) = start(&folder.settings());
    for _ in 0..4 {
        if again >= Duration::from_secs(2) {
            server.stop();
            (server, again) = start(&folder.settings());
        }
    }
    assert!(!server.is_new());
    assert_eq!(count_notes(&server).await, 1);
    assert!(again < Duration::from_secs(2), "first start {first:?}, later {again:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_service_role_owns_nothing_and_strangers_get_nothing() {
    let folder = Folder::new("roles");
    let (server, _) = start(&folder.settings());
    let service = connect(&server.connection_string(Role::Service, DATABASE)).await;
    assert!(service.batch_execute("CREATE TABLE theirs (n int)").await.is_err());
    assert!(service.batch_execute("CREATE DATABASE theirs").await.is_err());
    let rows = service.query("SELECT current_setting('fsync')", &[]).await.unwrap();
    assert_eq!(rows[0].get::<_, String>(0), "on");

    let address = server.connection_string(Role::Owner, DATABASE);
    let (start, rest) = address.split_once("sinergi_owner:").unwrap();
    let host = rest.split_once('@').unwrap().1;
    let guessed = format!("{start}sinergi_owner:guess@{host}");
    assert!(tokio_postgres::connect(&guessed, NoTls).await.is_err(), "no trust on the socket");

    let data = folder.settings().data_dir;
    let mode = |path: &str| fs::metadata(data.join(path)).unwrap().mode() & 0o777;
    assert_eq!((mode("pgpass"), mode("postgres"), mode("socket")), (0o600, 0o700, 0o700));
}

#[test]
fn a_data_folder_has_one_service_at_a_time() {
    let folder = Folder::new("one");
    let (_server, _) = start(&folder.settings());
    let second = EmbeddedPostgres::start(&folder.settings());
    assert!(matches!(second, Err(StartError::InUse(_))), "{second:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_long_path_still_gets_a_socket() {
    let folder = Folder::new("long");
    let mut settings = folder.settings();
    settings.data_dir = folder.0.join("long".repeat(20)).join("even longer, with 'quotes'");
    let (server, _) = start(&settings);
    run(&server, Role::Owner, "SELECT 1").await;
}

#[test]
fn a_start_that_was_cut_off_is_done_again() {
    let folder = Folder::new("cut");
    let data = folder.settings().data_dir;
    fs::create_dir_all(data.join("postgres.new/base")).unwrap();
    fs::write(data.join("postgres.new/PG_VERSION"), "9\n").unwrap();
    let (server, _) = start(&folder.settings());
    assert!(server.is_new() && !data.join("postgres.new").exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_is_killed_comes_back_by_itself() {
    let folder = Folder::new("back");
    let settings = folder.settings();
    let (server, _) = start(&settings);
    run(&server, Role::Owner, "CREATE TABLE notes (n int); INSERT INTO notes VALUES (1)").await;
    let first = server_pid(&settings.data_dir).unwrap();
    signal(first, Signal::KILL);
    let address = server.connection_string(Role::Owner, DATABASE);
    let started = Instant::now();
    let is_back = || server_pid(&settings.data_dir).is_some_and(|pid| pid != first);
    wait_until("a new server", is_back);
    while tokio_postgres::connect(&address, NoTls).await.is_err() {
        assert!(started.elapsed() < Duration::from_secs(10), "no connection to the new server");
        sleep(Duration::from_millis(20));
    }
    assert_eq!(count_notes(&server).await, 1);
}

fn signal(pid: u32, signal: Signal) {
    let pid = Pid::from_raw(i32::try_from(pid).unwrap()).unwrap();
    kill_process(pid, signal).unwrap();
}

/// Whether any process works in a folder, as all of a server's do.
fn is_worked_in(folder: &Path) -> bool {
    let processes = fs::read_dir("/proc").unwrap().flatten();
    processes.filter_map(|process| fs::read_link(process.path().join("cwd")).ok()).any(|at| at == folder)
}

/// Kills the process that holds a server and starts again, twice: once after the old server went
/// down by itself, once without waiting for it.
fn survives_the_death_of_its_service(folder: &Folder, user: Option<u32>) {
    let data = folder.settings().data_dir;
    Holder::start(&data, user).kill();
    let is_down = || server_pid(&data).is_none();
    wait_until("the server went down with its service", is_down);
    wait_until("and every process of it", || !is_worked_in(&data.join("postgres")));

    Holder::start(&data, user).kill();
    Holder::start(&data, user).kill();
    wait_until("the server went down with its service", is_down);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_server_ends_with_a_killed_service_and_starts_again() {
    let folder = Folder::new("killed");
    survives_the_death_of_its_service(&folder, None);
    let (server, _) = start(&folder.settings());
    assert!(!server.is_new());
    run(&server, Role::Owner, "CREATE TABLE notes (n int)").await;
}

#[test]
fn a_power_cut_leaves_nothing_in_the_way() {
    let folder = Folder::new("power-cut");
    let data = folder.settings().data_dir;
    let holder = Holder::start(&data, None);
    // Stopped, it cannot start the server again before it is killed too.
    signal(holder.0.id(), Signal::STOP);
    signal(server_pid(&data).unwrap(), Signal::KILL);
    holder.kill();
    wait_until("no process of it is left", || !is_worked_in(&data.join("postgres")));
    // The numbers of its processes have gone to others: to this one.
    for lock_file in [data.join("postgres/postmaster.pid"), data.join("socket/.s.PGSQL.5432.lock")] {
        let told = fs::read_to_string(&lock_file).unwrap();
        let (_, rest) = told.split_once('\n').unwrap();
        fs::write(&lock_file, format!("{}\n{rest}", std::process::id())).unwrap();
    }
    let (server, _) = start(&folder.settings());
    assert!(!server.is_new());
}

#[test]
fn an_ordinary_user_needs_no_root() {
    if !rustix::process::geteuid().is_root() {
        return; // The test before has just shown it.
    }
    let folder = Folder::new("ordinary");
    survives_the_death_of_its_service(&folder, Some(65534));
    let owner = fs::metadata(folder.settings().data_dir.join("pgpass")).unwrap().uid();
    assert_eq!(owner, 65534);
    // Root may take over the folder: the server still runs as the owner of the cluster.
    let (server, _) = start(&folder.settings());
    let pid = server_pid(&folder.settings().data_dir).unwrap();
    assert_eq!(fs::metadata(format!("/proc/{pid}")).unwrap().uid(), 65534);
    server.stop();
}

#[test]
fn root_is_told_when_the_server_cannot_reach_the_folder() {
    if !rustix::process::geteuid().is_root() {
        return; // An ordinary user's server runs as that user.
    }
    let folder = Folder::new("closed");
    fs::set_permissions(&folder.0, fs::Permissions::from_mode(0o700)).unwrap();
    let error = EmbeddedPostgres::start(&folder.settings()).unwrap_err().to_string();
    assert!(error.contains("set SINERGI_DATA_DIR"), "{error}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_throwaway_server_leaves_nothing() {
    let folder = Folder::new("throwaway");
    let path = std::env::var_os("PATH").unwrap_or_default();
    let throwaway = Throwaway::start(&folder.0, None, path).unwrap();
    let server = throwaway.server();
    run(server, Role::Owner, "CREATE DATABASE one TEMPLATE sinergi STRATEGY FILE_COPY").await;
    drop(throwaway);
    assert_eq!(fs::read_dir(&folder.0).unwrap().count(), 0);
}
