//! Load from outside: wrk on the service, pgbench on Postgres, both with the same number of connections.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::service::{AREA, Service};

/// Connections of each.
const CONNECTIONS: &str = "16";
/// Seconds of a round, each.
pub(crate) const SECONDS: u32 = 5;
/// Rounds.
pub(crate) const ROUNDS: usize = 5;

/// Runs a wrk script against the service; returns requests a second. Anything but 2xx stops the benchmark.
pub(crate) fn wrk(service: &Service, script: &Path) -> f64 {
    number_after(&told_by_wrk(service, script, &["-c", CONNECTIONS, "-d", &format!("{SECONDS}s")]), "Requests/sec:")
}

/// Sends the requests of a wrk script one after the other for so long; returns the 99th percentile in milliseconds.
pub(crate) fn p99_milliseconds(service: &Service, script: &Path, seconds: u32) -> f64 {
    let told = told_by_wrk(service, script, &["-c1", "--latency", "-d", &format!("{seconds}s")]);
    let (_, rest) = told.split_once("99%").unwrap_or_else(|| panic!("no percentiles in {told}"));
    let time = rest.split_whitespace().next().unwrap();
    let digits = time.trim_end_matches(char::is_alphabetic);
    let factor = match time.strip_prefix(digits).unwrap() {
        "us" => 0.001,
        "ms" => 1.0,
        "s" => 1_000.0,
        other => panic!("a time in {other}"),
    };
    digits.parse::<f64>().unwrap() * factor
}

fn told_by_wrk(service: &Service, script: &Path, arguments: &[&str]) -> String {
    let mut command = Command::new("wrk");
    command.args(["-t1", "--timeout", "10s"]).args(arguments).arg("-s").arg(script).arg(&service.url);
    let output = command.output().expect("wrk is needed: apt-get install wrk");
    let told = String::from_utf8(output.stdout).unwrap();
    assert!(!told.contains("Non-2xx") && !told.contains("Socket errors"), "{told}");
    told
}

/// Runs pgbench scripts in turn as the service's role with its scope; returns transactions a second.
pub(crate) fn pgbench(service: &Service, scripts: &[PathBuf]) -> f64 {
    pgbench_by(service, scripts, CONNECTIONS)
}

/// The same with another number of connections.
pub(crate) fn pgbench_by(service: &Service, scripts: &[PathBuf], connections: &str) -> f64 {
    let mut command = Command::new(program("pgbench"));
    command.args(["-n", "-M", "prepared", "-j1", "-c", connections, "-T", &SECONDS.to_string()]);
    for script in scripts {
        command.arg("-f").arg(script);
    }
    let url = format!("{}?options=-c%20sinergi.area_ids%3D{AREA}", service.database_url("sinergi_service"));
    let output = command.arg(url).output().unwrap();
    let told = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{told}{}", String::from_utf8_lossy(&output.stderr));
    number_after(&told, "tps =")
}

/// Runs SQL as the owner; returns what psql prints, without headings.
pub(crate) fn psql(service: &Service, sql: &str) -> String {
    let mut command = Command::new(program("psql"));
    command.args(["-At", "-v", "ON_ERROR_STOP=1", "-c", sql]).arg(service.database_url("sinergi_owner"));
    let output = command.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// Runs SQL that answers one column; its rows.
pub(crate) fn lines(service: &Service, sql: &str) -> Vec<String> {
    psql(service, sql).lines().map(ToOwned::to_owned).collect()
}

/// Runs a file of SQL and psql's own commands as the owner.
pub(crate) fn psql_file(service: &Service, text: &str) {
    psql_told(service, text);
}

/// The same; returns what psql prints.
pub(crate) fn psql_told(service: &Service, text: &str) -> String {
    let path = script(service, "run.sql", text);
    let mut command = Command::new(program("psql"));
    command.args(["-q", "-v", "ON_ERROR_STOP=1", "-f"]).arg(path).arg(service.database_url("sinergi_owner"));
    let output = command.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// Writes a script into the folder of the run.
pub(crate) fn script(service: &Service, name: &str, text: &str) -> PathBuf {
    let path = service.folder.join(name);
    std::fs::write(&path, text).unwrap();
    path
}

/// A program of Postgres: beside the server's, or on the path.
fn program(name: &str) -> PathBuf {
    let folders = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut found: Vec<PathBuf> = folders.map(|folder| folder.path().join("bin").join(name)).collect();
    found.retain(|path| path.exists());
    found.sort();
    found.pop().unwrap_or_else(|| PathBuf::from(name))
}

fn number_after(text: &str, label: &str) -> f64 {
    let (_, rest) = text.split_once(label).unwrap_or_else(|| panic!("no {label} in {text}"));
    rest.split_whitespace().next().unwrap().parse().unwrap()
}
