//! The release binary on a data folder of its own, with the sandbox in it.

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use reqwest::blocking::Client as Http;
use serde_json::Value;

/// Requests a minute: no limit that the load could reach.
const REQUESTS_PER_MINUTE: &str = "100000000";

/// The area of the sandbox's families: Kecamatan Kembang Janggut.
pub(crate) const AREA: &str = "10";

/// A running service.
pub(crate) struct Service {
    pub(crate) url: String,
    pub(crate) folder: PathBuf,
    port: u16,
    child: Child,
}

impl Service {
    /// Starts it and waits until it is ready.
    pub(crate) fn start() -> Self {
        let folder = std::env::temp_dir().join(format!("sinergi-bench-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let child = spawn(&folder, port);
        let service = Self { url: format!("http://127.0.0.1:{port}"), folder, port, child };
        service.wait_until_ready();
        service
    }

    /// Stops it and starts it again, with everything in its place; seconds until it is ready.
    pub(crate) fn restart(&mut self) -> f64 {
        self.stop();
        let began = Instant::now();
        self.child = spawn(&self.folder, self.port);
        self.wait_until_ready();
        began.elapsed().as_secs_f64()
    }

    /// Kills it and the Postgres that it started, as a power cut would.
    pub(crate) fn kill(&mut self) {
        kill(&[self.child.id().to_string(), self.postmaster()]);
        self.child.wait().unwrap();
    }

    /// Kills it alone.
    pub(crate) fn kill_service(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Kills its Postgres, which it starts again.
    pub(crate) fn kill_postgres(&self) {
        kill(&[self.postmaster()]);
    }

    fn postmaster(&self) -> String {
        let told = std::fs::read_to_string(self.data_dir().join("postgres/postmaster.pid")).unwrap();
        told.lines().next().unwrap().to_owned()
    }

    fn stop(&mut self) {
        if self.child.try_wait().is_ok_and(|ended| ended.is_some()) {
            return;
        }
        let stop = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status();
        if stop.is_ok() {
            self.child.wait().ok();
        }
    }

    pub(crate) fn wait_until_ready(&self) {
        let deadline = Instant::now() + Duration::from_mins(2);
        let http = Http::new();
        while !http.get(format!("{}/readyz", self.url)).send().is_ok_and(|answer| answer.status().is_success()) {
            assert!(Instant::now() < deadline, "the service did not get ready; see {}", self.folder.display());
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// The data folder.
    pub(crate) fn data_dir(&self) -> PathBuf {
        self.folder.join("data")
    }

    /// A token of a sandbox client.
    pub(crate) fn token(&self, client_id: &str) -> String {
        token(&self.url, (client_id, &self.secret(client_id))).unwrap()
    }

    /// Secret of a sandbox client.
    pub(crate) fn secret(&self, client_id: &str) -> String {
        let clients = sinergi::sandbox::read_clients(&self.data_dir()).unwrap();
        clients.into_iter().find(|client| client.client_id == client_id).unwrap().client_secret
    }

    /// Connection string of a role, for Postgres's own programs.
    pub(crate) fn database_url(&self, role: &str) -> String {
        let data = self.data_dir();
        let passwords = std::fs::read_to_string(data.join("pgpass")).unwrap();
        let start = format!("*:*:*:{role}:");
        let password = passwords.lines().find_map(|line| line.strip_prefix(&start)).unwrap();
        let socket = data.join("socket").display().to_string().replace('/', "%2F");
        format!("postgresql://{role}:{password}@{socket}:5432/sinergi")
    }

    /// Resident memory of the service's process, without Postgres.
    pub(crate) fn resident_mebibytes(&self) -> f64 {
        self.memory("VmRSS:")
    }

    /// The most that it was since [`Self::forget_peak`].
    pub(crate) fn peak_mebibytes(&self) -> f64 {
        self.memory("VmHWM:")
    }

    /// Lets the peak begin anew from what is resident now.
    pub(crate) fn forget_peak(&self) {
        std::fs::write(format!("/proc/{}/clear_refs", self.child.id()), "5").unwrap();
    }

    fn memory(&self, label: &str) -> f64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let line = status.lines().find(|line| line.starts_with(label)).unwrap();
        let kibibytes: f64 = line.split_whitespace().nth(1).unwrap().parse().unwrap();
        kibibytes / 1_024.0
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        self.stop();
        std::fs::remove_dir_all(&self.folder).ok();
    }
}

/// A token of a client with its secret; `None` where no answer came.
pub(crate) fn token(url: &str, (client_id, secret): (&str, &str)) -> Option<String> {
    let request = Http::new().post(format!("{url}/oauth2/token")).basic_auth(client_id, Some(secret));
    let answer = request.form(&[("grant_type", "client_credentials")]).send().ok()?;
    let body: Value = answer.json().ok()?;
    Some(body["access_token"].as_str()?.to_owned())
}

fn kill(processes: &[String]) {
    assert!(Command::new("kill").arg("-KILL").args(processes).status().unwrap().success());
}

fn spawn(folder: &Path, port: u16) -> Child {
    Command::new(env!("CARGO_BIN_EXE_sinergi"))
        .arg("serve")
        .env("SINERGI_DATA_DIR", folder.join("data"))
        .env("SINERGI_ADDRESS", format!("127.0.0.1:{port}"))
        .env("SINERGI_REQUESTS_PER_MINUTE", REQUESTS_PER_MINUTE)
        .stdout(Stdio::null())
        .stderr(std::fs::File::options().create(true).append(true).open(folder.join("log")).unwrap())
        .spawn()
        .unwrap()
}
