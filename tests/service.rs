//! The real binary on an empty folder: first start, `kill -9`, second start, a stop that waits.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "a test that panics has failed; the tests have no settings"
)]

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};
use sinergi::db::embedded::{DATABASE, Role, Throwaway};

const BINARY: &str = env!("CARGO_BIN_EXE_sinergi");

/// Settings that a developer's shell may hold and a test must not see.
const STRAY: [&str; 4] = ["DATABASE_URL", "SINERGI_SERVICE_DATABASE_URL", "SINERGI_SANDBOX", "SINERGI_PUBLIC_URL"];

/// A folder of this test, removed at its end.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("sinergi-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn data(&self) -> PathBuf {
        self.0.join("data")
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// A running service.
struct Service {
    child: Child,
    address: String,
    /// What it printed until it was ready.
    greeting: Vec<String>,
    took: Duration,
}

impl Service {
    fn start(data: &Path, more: &[&str]) -> Self {
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let address = format!("127.0.0.1:{port}");
        let mut command = Command::new(BINARY);
        for name in STRAY {
            command.env_remove(name);
        }
        command.args(["serve", "--sandbox-families=60", "--address", &address]).arg("--data-dir").arg(data).args(more);
        let started = Instant::now();
        let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
        let mut greeting = Vec::from_iter(lines.next());
        let took = started.elapsed();
        assert!(greeting.first().is_some_and(|line| line.starts_with("Sinergi is ready")), "{greeting:?}");
        greeting.extend(lines.by_ref().take_while(|line| !line.contains("Ctrl-C")));
        std::thread::spawn(move || lines.for_each(drop));
        Self { child, address, greeting, took }
    }

    /// The status of a GET.
    fn get(&self, path: &str) -> String {
        self.answer(path).split(' ').nth(1).unwrap_or_default().to_owned()
    }

    /// The whole answer to a GET.
    fn answer(&self, path: &str) -> String {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        write!(stream, "GET {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n", self.address).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    }

    fn signal(&self, signal: Signal) {
        let pid = Pid::from_raw(i32::try_from(self.child.id()).unwrap()).unwrap();
        kill_process(pid, signal).unwrap();
    }

    fn wait(mut self) -> ExitStatus {
        let asked = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status;
            }
            assert!(asked.elapsed() < Duration::from_secs(30), "the service does not end");
            sleep(Duration::from_millis(10));
        }
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn has_server(data: &Path) -> bool {
    data.join("postgres/postmaster.pid").exists()
}

#[test]
fn a_killed_service_starts_again_with_everything_in_it() {
    let folder = Folder::new("service-killed");
    let data = folder.data();
    let service = Service::start(&data, &[]);
    assert_eq!(
        (service.get("/livez"), service.get("/readyz"), service.get("/v1/beneficiaries")),
        ("200".into(), "200".into(), "401".into())
    );
    assert!(service.greeting.iter().any(|line| line.contains("60 made-up families")), "{:?}", service.greeting);
    let clients = fs::read_to_string(data.join("sandbox-clients.json")).unwrap();
    for private in ["sandbox-clients.json", "pgpass", "keys/signing.pk8"] {
        let mode = fs::metadata(data.join(private)).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode, 0o600, "{private}");
    }

    // Other tests may hold the machine for a while: one of the starts shows what it takes by itself.
    let kill_and_start = |service: Service| {
        service.signal(Signal::KILL);
        service.wait();
        Service::start(&data, &[])
    };
    let mut service = kill_and_start(service);
    for _ in 0..4 {
        if service.took >= Duration::from_secs(2) {
            service = kill_and_start(service);
        }
    }
    assert!(service.took < Duration::from_secs(2), "start after a kill: {:?}", service.took);
    assert_eq!(service.get("/readyz"), "200");
    assert!(!service.greeting.iter().any(|line| line.contains("made-up families")), "{:?}", service.greeting);
    assert_eq!(fs::read_to_string(data.join("sandbox-clients.json")).unwrap(), clients, "the secrets stay");
    service.signal(Signal::TERM);
    assert!(service.wait().success());
    assert!(!has_server(&data), "Postgres stopped too");
}

#[test]
fn a_stop_lets_a_running_request_end() {
    let folder = Folder::new("service-stop");
    let service = Service::start(&folder.data(), &["--sandbox=off"]);
    assert!(!folder.data().join("sandbox-clients.json").exists());
    // What is not taken by a worker yet is nobody's running request.
    assert!(service.answer("/readyz").starts_with("HTTP/1.1 200"));
    let body = "grant_type=client_credentials&client_id=nobody&client_secret=none";
    let mut stream = TcpStream::connect(&service.address).unwrap();
    write!(
        stream,
        "POST /oauth2/token HTTP/1.1\r\nHost: test\r\nContent-Type: application/x-www-form-urlencoded\r\n\
         Content-Length: {}\r\nConnection: close\r\n\r\n{}",
        body.len(),
        &body[..10]
    )
    .unwrap();
    sleep(Duration::from_millis(300));
    service.signal(Signal::INT);
    sleep(Duration::from_millis(300));
    assert!(has_server(&folder.data()), "the request still needs Postgres");
    stream.write_all(&body.as_bytes()[10..]).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 401"), "{answer}");
    assert!(service.wait().success());
    assert!(!has_server(&folder.data()));
}

#[test]
fn a_killed_postgres_is_away_for_a_moment_only() {
    let folder = Folder::new("service-postgres");
    let service = Service::start(&folder.data(), &["--sandbox=off"]);
    let text = fs::read_to_string(folder.data().join("postgres/postmaster.pid")).unwrap();
    let server = Pid::from_raw(text.lines().next().unwrap().parse().unwrap()).unwrap();
    kill_process(server, Signal::KILL).unwrap();

    let killed = Instant::now();
    let mut was_away = false;
    loop {
        let answer = service.answer("/readyz").to_lowercase();
        if answer.starts_with("http/1.1 200") && was_away {
            break;
        }
        if !answer.starts_with("http/1.1 200") {
            assert!(answer.starts_with("http/1.1 503") && answer.contains("retry-after:"), "{answer}");
            was_away = true;
        }
        assert!(killed.elapsed() < Duration::from_secs(20), "Postgres is still away");
        sleep(Duration::from_millis(10));
    }
    service.signal(Signal::TERM);
    assert!(service.wait().success());
}

#[test]
fn a_given_database_serves_as_well() {
    let folder = Folder::new("service-given");
    let path = std::env::var_os("PATH").unwrap_or_default();
    let given = Throwaway::start(&std::env::temp_dir(), None, path).unwrap();
    let url = given.server().connection_string(Role::Owner, DATABASE);
    // Only the owner's address: the service takes on its own role.
    let service = Service::start(&folder.data(), &["--database-url", &url, "--sandbox=on"]);
    assert_eq!(service.get("/readyz"), "200");
    assert!(service.greeting.iter().any(|line| line.contains("60 made-up families")), "{:?}", service.greeting);
    assert!(!folder.data().join("postgres").exists());
    service.signal(Signal::TERM);
    assert!(service.wait().success());
}

/// Runs a command of the program on a data folder: whether it succeeded, and what it told.
fn run(data: &Path, arguments: &[&str]) -> (bool, String) {
    let mut command = Command::new(BINARY);
    for name in STRAY {
        command.env_remove(name);
    }
    let output = command.args(arguments).arg("--data-dir").arg(data).output().unwrap();
    let told = [output.stdout, output.stderr].concat();
    (output.status.success(), String::from_utf8(told).unwrap())
}

#[test]
fn the_audit_is_checked_beside_a_running_service_and_after_a_kill() {
    let folder = Folder::new("service-audit");
    let data = folder.data();
    let service = Service::start(&data, &[]);
    let asked = Instant::now();
    let hash = loop {
        let (is_well, told) = run(&data, &["audit", "verify"]);
        assert!(is_well, "{told}");
        if let Some(last) = told.lines().find(|line| line.starts_with("last block ") && !line.contains(" 0: ")) {
            break last.rsplit(' ').next().unwrap().to_owned();
        }
        assert!(asked.elapsed() < Duration::from_secs(30), "{told}");
        sleep(Duration::from_millis(200));
    };
    let file = folder.0.join("audit.ndjson");
    let path = file.to_str().unwrap();
    let (is_well, told) = run(&data, &["audit", "export", path]);
    assert!(is_well, "{told}");
    service.signal(Signal::KILL);
    service.wait();

    // Without a service the command starts the database itself.
    let (is_well, told) = run(&data, &["audit", "verify", "--expect", &hash]);
    assert!(is_well, "{told}");
    let nowhere = folder.0.join("elsewhere");
    let (is_well, told) = run(&nowhere, &["audit", "verify", path, "--expect", &hash]);
    assert!(is_well && !nowhere.exists(), "a file needs no database: {told}");
    let (is_well, told) = run(&nowhere, &["audit", "verify", path, "--expect", &"ab".repeat(32)]);
    assert!(!is_well && told.contains("no block has the hash"), "{told}");
    let text = fs::read_to_string(&file).unwrap();
    fs::write(&file, text.replacen("load_sandbox", "load_sandbux", 1)).unwrap();
    let (is_well, told) = run(&nowhere, &["audit", "verify", path]);
    assert!(!is_well && told.contains("block 1: the row at place"), "{told}");
}

#[test]
fn programs_of_the_state_come_with_a_register_and_go_on_by_files() {
    let folder = Folder::new("service-programs");
    let data = folder.data();
    let service = Service::start(&data, &["--sandbox=off"]);
    let shipped = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/programs/of_state/programs.json");
    let nothing = "programs of the state: 0 new, 0 renamed; 0 rule sets new; 0 overlap rules new, 0 ended";
    let load = |file: &Path| run(&data, &["programs", file.to_str().unwrap()]);
    let (is_well, told) = load(&shipped);
    assert!(is_well && told.contains(nothing), "the first start has loaded it: {told}");

    let text = fs::read_to_string(&shipped).unwrap();
    let next = text.replace("Permendesa 16/2025", "CONTOH/2027").replace("2026-12-31", "2027-12-31");
    let next = next.replace("Dana Desa Tahun 2026", "Dana Desa Tahun 2027");
    let file = folder.0.join("programs.json");
    fs::write(&file, &next).unwrap();
    let (is_well, told) = load(&file);
    assert!(is_well && told.contains("1 rule sets new"), "{told}");
    let (is_well, told) = load(&file);
    assert!(is_well && told.contains(nothing), "{told}");
    fs::write(&file, text.replace("\"200000\"", "\"250000\"")).unwrap();
    let (is_well, told) = load(&file);
    assert!(!is_well && told.contains("nothing was loaded"), "{told}");
    let place = "/programs/3/rule_sets/0: rule set 1 has the same legal basis and first day and another benefit";
    assert!(told.contains(place), "{told}");
    fs::write(&file, text.replace("\"benefit_quantity\": \"200000\",", "")).unwrap();
    let (is_well, told) = load(&file);
    assert!(!is_well && told.contains("/programs/3/rule_sets/0/benefit: required"), "{told}");
    fs::write(&file, &text[..200]).unwrap();
    let (is_well, told) = load(&file);
    assert!(!is_well && told.contains("EOF"), "{told}");
    service.signal(Signal::TERM);
    assert!(service.wait().success());
}

#[test]
fn wrong_settings_are_all_named_and_nothing_is_started() {
    let folder = Folder::new("service-settings");
    let output = Command::new(BINARY)
        .args(["serve", "--address=here", "--workers=0"])
        .arg("--data-dir")
        .arg(folder.data())
        .env("SINERGI_LOG", "loud")
        .output()
        .unwrap();
    let told = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1));
    for name in ["SINERGI_ADDRESS", "SINERGI_WORKERS", "SINERGI_LOG"] {
        assert!(told.contains(name), "{told}");
    }
    assert!(!folder.data().exists());
}

#[test]
fn an_address_that_is_taken_is_told_before_a_database_is_laid_out() {
    let folder = Folder::new("service-taken");
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let output =
        Command::new(BINARY).args(["serve", "--address", &address, "--data-dir"]).arg(folder.data()).output().unwrap();
    assert!(!output.status.success());
    assert!(String::from_utf8_lossy(&output.stderr).contains(&address));
    assert!(!folder.data().exists());
}

#[test]
fn every_setting_is_in_the_help_and_in_the_example() {
    let help = String::from_utf8(Command::new(BINARY).arg("--help").output().unwrap().stdout).unwrap();
    let example = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(".env.example")).unwrap();
    let is_name = |word: &&str| word.starts_with("SINERGI_") || ["DATABASE_URL", "PG_BIN_DIR"].contains(word);
    let names = |text: &str| -> Vec<String> {
        let words = text.split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_');
        let mut names: Vec<String> = words.filter(is_name).map(str::to_owned).collect();
        names.sort();
        names.dedup();
        names
    };
    assert_eq!(names(&help), names(&example));
    assert!(names(&help).len() > 10, "{help}");
}
