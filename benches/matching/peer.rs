//! Solvers of flows in Python, and what one thread of ours used.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

/// What OR-Tools found, and what solving took it.
pub(crate) struct Solved {
    pub(crate) worth: i64,
    pub(crate) cpu_seconds: f64,
}

/// Python with OR-Tools and networkx.
pub(crate) struct Peer {
    python: PathBuf,
}

impl Peer {
    /// Installs them from `PyPI` where they are not there yet.
    pub(crate) fn install() -> Self {
        let environment = Path::new(env!("CARGO_MANIFEST_DIR")).join(".tools/peers");
        let python = environment.join("bin/python");
        if !python.exists() {
            check(Command::new("python3").args(["-m", "venv"]).arg(&environment));
        }
        let install = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r"];
        check(Command::new(&python).args(install).arg(source("requirements.txt")));
        Self { python }
    }

    /// Solves one large instance by OR-Tools.
    pub(crate) fn large(&self, path: &Path) -> Solved {
        let told = self.run("large", path);
        Solved { worth: told["worth"].as_i64().unwrap(), cpu_seconds: told["cpu_seconds"].as_f64().unwrap() }
    }

    /// Solves many small ones by both; tells how many came out the same.
    pub(crate) fn small(&self, path: &Path) -> Value {
        self.run("small", path)
    }

    fn run(&self, what: &str, path: &Path) -> Value {
        let output = Command::new(&self.python).arg(source("flow_peer.py")).arg(what).arg(path).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        serde_json::from_slice(&output.stdout).unwrap()
    }
}

fn source(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/matching").join(name)
}

fn check(command: &mut Command) {
    let status = command.status().unwrap();
    assert!(status.success(), "{command:?} failed");
}

/// Seconds that this thread ran on a processor.
pub(crate) fn cpu_seconds() -> f64 {
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap();
    told.split(' ').next().unwrap().parse::<f64>().unwrap() / 1e9
}
