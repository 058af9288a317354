//! Commands run one after the other, and what each took.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use crate::score::{Pairs, pairs};

/// Processor seconds and the most memory.
pub(crate) struct Used {
    pub(crate) cpu_seconds: f64,
    pub(crate) memory_mebibytes: f64,
}

/// What our command found.
pub(crate) struct Taken {
    pub(crate) pairs: Pairs,
    pub(crate) families: Pairs,
    pub(crate) used: Used,
}

/// Runs our command at its default threshold, from CSV to pairs and clusters.
pub(crate) fn sinergi(config: &str, files: &[PathBuf], folder: &Path) -> Taken {
    let (out, families) = (folder.join("pairs.csv"), folder.join("families.csv"));
    let mut command = measured("python3");
    command.args([env!("CARGO_BIN_EXE_sinergi"), "dedup", "--config", config]).args(files);
    command.arg("--out").arg(&out).arg("--families").arg(&families).arg("--clusters").arg(folder.join("clusters.csv"));
    let (_, used) = run(&mut command);
    Taken { pairs: pairs(&out), families: pairs(&families), used }
}

/// What the peer found, and took.
pub(crate) struct Splink {
    pub(crate) f1: f64,
    pub(crate) f1_at_even_odds: f64,
    pub(crate) used: Used,
}

/// Splink in a Python environment of its own.
pub(crate) struct Peer {
    python: PathBuf,
}

impl Peer {
    /// Installs it from `PyPI` where it is not there yet.
    pub(crate) fn install() -> Self {
        let environment = Path::new(env!("CARGO_MANIFEST_DIR")).join(".tools/peers");
        let python = environment.join("bin/python");
        if !python.exists() {
            check(Command::new("python3").args(["-m", "venv"]).arg(&environment));
        }
        let needed = source("requirements.txt");
        check(
            Command::new(&python)
                .args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r"])
                .arg(needed),
        );
        Self { python }
    }

    /// Runs it on a set's records and truth.
    pub(crate) fn run(&self, set: &Path) -> Splink {
        let mut command = measured("python3");
        command.arg(&self.python).arg(source("splink_peer.py"));
        command.arg(set.join("records.csv")).arg(set.join("truth_pairs.csv"));
        let (told, used) = run(&mut command);
        let number = |name: &str| told[name].as_f64().unwrap();
        Splink { f1: number("f1"), f1_at_even_odds: number("f1_at_even_odds"), used }
    }
}

fn source(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/dedup").join(name)
}

fn measured(python: &str) -> Command {
    let mut command = Command::new(python);
    command.arg(source("measure.py"));
    command
}

fn check(command: &mut Command) {
    let status = command.status().unwrap();
    assert!(status.success(), "{command:?} failed");
}

/// The last line but one that a measured command printed, as JSON where it is, and what it took.
fn run(command: &mut Command) -> (Value, Used) {
    let output = command.output().unwrap();
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
    let told = String::from_utf8(output.stdout).unwrap();
    let mut lines = told.lines().rev();
    let used: Value = serde_json::from_str(lines.next().unwrap()).unwrap();
    let own = lines.next().and_then(|line| serde_json::from_str(line).ok()).unwrap_or_default();
    let number = |name: &str| used[name].as_f64().unwrap();
    (own, Used { cpu_seconds: number("cpu_seconds"), memory_mebibytes: number("memory_mebibytes") })
}
