//! Duplicates in files: how well and how fast they are found, beside Splink on the same files in the same run.
//!
//! The measuring kit (FEBRL, the Indonesian set) lies beside the project or is left out, and said so; the large file
//! is made up here. `SINERGI_BENCH_RECORDS` sets its size; a million where nothing is said.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::as_conversions,
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::disallowed_methods,
    reason = "a benchmark that panics has failed"
)]

mod measure;
mod population;
mod score;
mod slips;

use std::path::{Path, PathBuf};

use measure::{Peer, Taken, sinergi};
use score::{f1, kinds_found, pairs, shared};
use serde_json::json;

/// Records of the large file.
const RECORDS: u64 = 1_000_000;
/// Drawn anew for each look at the figures: the engine was not shown this one.
const SEED: u64 = 20_261_128;

/// One figure: what it is, its value and unit, and the bar.
struct Figure<'a> {
    name: &'a str,
    value: f64,
    unit: &'a str,
    target: &'a str,
    peer: Option<(&'a str, &'a str)>,
}

impl Figure<'_> {
    fn tell(&self) {
        let (peer, peer_value) = self.peer.unzip();
        let value = (self.value * 10_000.0).round() / 10_000.0;
        println!(
            "{}",
            json!({
                "figure": self.name, "value": value, "unit": self.unit, "target": self.target, "peer": peer,
                "peer_value": peer_value, "command": "make bench NAME=dedup",
            })
        );
    }
}

fn main() {
    // `cargo test --benches` asks for a look, not for a run.
    if std::env::args().any(|argument| argument == "--test") {
        return;
    }
    let folder = std::env::temp_dir().join(format!("sinergi-bench-dedup-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let peer = Peer::install();
    febrl(&folder);
    if let Some(kit) = shared("dedup/indonesia-20k") {
        quality(&folder, &kit, "indonesia-20k", (0.98, 0.985, 0.97));
        let splink = peer.run(&kit);
        tell_peer("indonesia-20k", &splink);
    }
    large(&folder, &peer);
    std::fs::remove_dir_all(&folder).unwrap();
}

/// The four sets with one configuration; identities are opaque to the engine, which a test holds with shuffled ones.
fn febrl(folder: &Path) {
    let Some(kit) = shared("dedup/febrl") else { return };
    let sets: [(&[&str], &str, f64); 4] = [
        (&["dataset1.csv"], "1", 1.0),
        (&["dataset2.csv"], "2", 0.9997),
        (&["dataset3.csv"], "3", 0.9995),
        (&["dataset4a.csv", "dataset4b.csv"], "4", 1.0),
    ];
    for (files, number, least) in sets {
        let files: Vec<PathBuf> = files.iter().map(|file| kit.join(file)).collect();
        let taken = sinergi("febrl.toml", &files, folder);
        let truth = pairs(&kit.join(format!("truth{number}.csv")));
        tell_least(&format!("FEBRL {number}: F1"), f1(&taken.pairs, &truth).f1, least);
    }
}

fn tell_least(name: &str, value: f64, least: f64) {
    Figure { name, value, unit: "ratio", target: &format!(">= {least}"), peer: None }.tell();
}

/// F1, precision, families, and of each kind of hard negatives the share joined; what the command took.
fn quality(
    folder: &Path,
    set: &Path,
    name: &str,
    (least_f1, least_precision, least_families): (f64, f64, f64),
) -> Taken {
    let taken = sinergi("indonesia.toml", &[set.join("records.csv")], folder);
    let found = f1(&taken.pairs, &pairs(&set.join("truth_pairs.csv")));
    let families = f1(&taken.families, &pairs(&set.join("truth_families.csv"))).f1;
    tell_least(&format!("{name}: F1"), found.f1, least_f1);
    tell_least(&format!("{name}: precision"), found.precision, least_precision);
    tell_least(&format!("{name}: families F1"), families, least_families);
    for (kind, (joined, all)) in kinds_found(&taken.pairs, &set.join("hard_negatives.csv")) {
        let figure = format!("{name}: {kind} joined wrongly");
        let percent = 100.0 * joined as f64 / all as f64;
        Figure { name: &figure, value: percent, unit: "%", target: "<= 1", peer: None }.tell();
    }
    taken
}

fn tell_peer(name: &str, splink: &measure::Splink) {
    let figure = format!("{name}: Splink, F1 at the threshold that suits it best");
    let told = format!("{:.4} at even odds; {:.0} CPU s", splink.f1_at_even_odds, splink.used.cpu_seconds);
    let peer = Some(("Splink 5.0.0", told.as_str()));
    Figure { name: &figure, value: splink.f1, unit: "ratio", target: "-", peer }.tell();
}

fn large(folder: &Path, peer: &Peer) {
    let records = std::env::var("SINERGI_BENCH_RECORDS").map_or(RECORDS, |told| told.parse().unwrap());
    let set = folder.join("large");
    population::write(&set, records, SEED).unwrap();
    let name = format!("{records} records");
    let taken = quality(folder, &set, &name, (0.97, 0.985, 0.95));
    let splink = peer.run(&set);
    tell_peer(&name, &splink);
    let told = format!("{:.0} CPU s, {:.0} MiB", splink.used.cpu_seconds, splink.used.memory_mebibytes);
    let peer = Some(("Splink 5.0.0", told.as_str()));
    let cpu = taken.used.cpu_seconds;
    let tell = |name: &str, value: f64, unit: &str, target: &str| {
        let name = format!("{records} records, CSV to clusters: {name}");
        Figure { name: &name, value, unit, target, peer }.tell();
    };
    tell("processor time", cpu, "CPU s", "<= 11");
    tell("memory", taken.used.memory_mebibytes, "MiB", "<= 717");
    tell("times less than the peer's", splink.used.cpu_seconds / cpu, "ratio", ">= 20");
}
