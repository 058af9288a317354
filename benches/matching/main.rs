//! Matching runs of a regency's size: how fast the optimum is found, proven and found again after a change, beside
//! OR-Tools on the same arcs in the same run; and whether it is the optimum, by OR-Tools, networkx and trying all.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::as_conversions,
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    clippy::cast_precision_loss,
    clippy::disallowed_methods,
    dead_code,
    reason = "a benchmark that panics has failed; the cases serve the tests as well"
)]

mod arcs;
#[path = "../../tests/allotment/best.rs"]
mod best;
#[path = "../../tests/allotment/cases.rs"]
mod cases;
#[path = "../../tests/allotment/forged.rs"]
mod forged;
mod peer;
mod recipe;

use std::collections::HashSet;
use std::io::Write;
use std::path::Path;
use std::time::Instant;

use cases::{Dice, case};
use peer::{Peer, cpu_seconds};
use serde_json::{Value, json};
use sinergi::allotment::{Certificates, Instance, Matcher, NewNeed, Transcript};

/// The one that the service has.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const COMMAND: &str = "make bench NAME=matching";
const SMALL_CASES: usize = 10_000;
const CHANGES: usize = 400;
/// Runs of one size; the middle one counts.
const RUNS: usize = 5;

/// Tells one figure.
fn tell(figure: &str, value: f64, unit: &str, target: &str, peer: Option<(&str, String)>) {
    let (peer, peer_value) = peer.unzip();
    let value = (value * 10_000.0).round() / 10_000.0;
    println!(
        "{}",
        json!({
            "figure": figure, "value": value, "unit": unit, "target": target, "peer": peer, "peer_value": peer_value,
            "command": COMMAND,
        })
    );
}

fn main() {
    // `cargo test --benches` asks for a look, not for a run.
    if std::env::args().any(|argument| argument == "--test") {
        return;
    }
    let folder = std::env::temp_dir().join(format!("sinergi-bench-matching-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let peer = Peer::install();
    large(&folder, &peer, (1_000, 100_000), ("<= 0.15", ">= 20"));
    large(&folder, &peer, (5_000, 1_000_000), ("<= 2", "-"));
    small(&folder, &peer);
    changes();
    forgeries();
    std::fs::remove_dir_all(&folder).unwrap();
}

fn middle(mut all: Vec<f64>) -> f64 {
    all.sort_by(f64::total_cmp);
    all[all.len() / 2]
}

/// One size: the run, its worth, its proofs.
fn large(folder: &Path, peer: &Peer, (lines, families): (u32, u32), (most, times): (&str, &str)) {
    let name = format!("{lines} lines x {families} families");
    let instance = recipe::instance(lines, families, 20_261_128);
    let (mut run, mut proof, mut last) = (Vec::new(), Vec::new(), None);
    for _ in 0..RUNS {
        drop(last.take());
        let before = cpu_seconds();
        let mut matcher = Matcher::run(&instance);
        let grants = matcher.grants();
        let between = cpu_seconds();
        let certificates = Certificates::take(&mut matcher);
        run.push(between - before);
        proof.push(cpu_seconds() - between);
        last = Some((matcher, grants, certificates));
    }
    let (matcher, grants, certificates) = last.unwrap();
    let (run, proof) = (middle(run), middle(proof));
    let path = folder.join("arcs.bin");
    arcs::write(&path, &instance);
    let solved = peer.large(&path);
    let told = Some(("OR-Tools SimpleMinCostFlow, solve() alone", format!("{:.2} CPU s", solved.cpu_seconds)));
    tell(&format!("{name}: matching"), run, "CPU s", most, told.clone());
    tell(&format!("{name}: times less than the peer"), solved.cpu_seconds / run, "ratio", times, told);
    let worth = arcs::total(&instance, &matcher.positions(), &matcher.served());
    let told = Some(("OR-Tools", solved.worth.to_string()));
    tell(&format!("{name}: worth of what is served, as the peer's"), (worth - solved.worth) as f64, "apart", "0", told);
    tell(&format!("{name}: certificates on top"), 100.0 * proof / run, "%", "<= 50", None);
    let served: HashSet<u32> = grants.iter().map(|grant| grant.family).collect();
    tell(&format!("{name}: families served"), served.len() as f64, "families", "-", None);
    if families <= 100_000 {
        let transcript = serde_json::to_string(&Transcript::of(&matcher, &certificates)).unwrap();
        let right = forged::check(&[transcript]).iter().filter(|answer| *answer == "right").count();
        tell(&format!("{name}: transcript that the checker accepts"), right as f64, "of 1", "1", None);
    }
}

/// Small cases against all who can know.
fn small(folder: &Path, peer: &Peer) {
    let mut dice = Dice(77);
    let path = folder.join("cases.jsonl");
    let mut file = std::io::BufWriter::new(std::fs::File::create(&path).unwrap());
    let mut same = 0;
    for _ in 0..SMALL_CASES {
        let instance = case(&mut dice, 5);
        let matcher = Matcher::run(&instance);
        let served = matcher.served();
        let told: Vec<bool> = best::slots(&instance).iter().map(|slot| served.contains(slot)).collect();
        same += usize::from(told == best::best(&instance));
        let (supply, arcs) = arcs::arcs(&turn_by_turn(&instance));
        let worth = worth_of(&instance);
        writeln!(file, "{}", json!({ "supply": supply, "arcs": arcs, "worth": worth })).unwrap();
    }
    file.flush().unwrap();
    drop(file);
    let told: Value = peer.small(&path);
    let target = SMALL_CASES.to_string();
    tell("small cases: same as trying everything", same as f64, "cases", &target, None);
    for name in ["ortools", "networkx"] {
        tell(&format!("small cases: same worth as {name}"), told[name].as_f64().unwrap(), "cases", &target, None);
    }
}

/// Their costs are of turns first, then of the score.
fn turn_by_turn(instance: &Instance) -> Instance {
    let mut instance = instance.clone();
    instance.policy.is_turn_by_turn = true;
    for family in &mut instance.families {
        family.standing = [family.standing[0], 0, 0];
    }
    instance
}

fn worth_of(instance: &Instance) -> i64 {
    let instance = turn_by_turn(instance);
    let matcher = Matcher::run(&instance);
    arcs::total(&instance, &matcher.positions(), &matcher.served())
}

/// A line or a family more or less, again and again, on one run: by the clock, which counts what else the machine does.
fn changes() {
    let mut instance = recipe::instance(1_000, 100_000, 5);
    let mut matcher = Matcher::run(&instance);
    let mut dice = Dice(99);
    let mut took = Vec::new();
    for number in 0..CHANGES {
        let (line, (family, kinds)) = (recipe::line(&mut dice), recipe::family(&mut dice));
        let needs: Vec<NewNeed> = kinds.iter().map(|kind| NewNeed { kind: *kind, portions: 1 }).collect();
        let row = dice.below(1_000);
        let before = Instant::now();
        match number % 4 {
            0 => {
                matcher.add_line(&line);
                took.push(before.elapsed().as_secs_f64());
                instance.lines.push(line);
            }
            1 => {
                matcher.remove_line(row);
                took.push(before.elapsed().as_secs_f64());
                instance.lines[row as usize].portions = 0;
            }
            2 => {
                let at = matcher.add_family(&family, &needs);
                took.push(before.elapsed().as_secs_f64());
                instance.families.push(family);
                let need = |need: &NewNeed| sinergi::allotment::Need { family: at, kind: need.kind, portions: 1 };
                instance.needs.extend(needs.iter().map(need));
            }
            _ => {
                matcher.remove_family(row);
                took.push(before.elapsed().as_secs_f64());
                instance.needs.retain(|need| need.family != row);
            }
        }
    }
    took.sort_by(f64::total_cmp);
    let (half, most) = (took[took.len() / 2], took[took.len() * 99 / 100]);
    tell("re-match after one change, 1000 x 100000: p50", half * 1_000.0, "ms", "-", None);
    tell("re-match after one change, 1000 x 100000: p99", most * 1_000.0, "ms", "<= 10", None);
    let whole = Matcher::run(&instance).grants();
    let portions = |grants: &[sinergi::allotment::Grant]| -> u32 { grants.iter().map(|grant| grant.portions).sum() };
    let apart = i64::from(portions(&whole)) - i64::from(portions(&matcher.grants()));
    tell("after those changes: portions, as a whole run's", apart as f64, "apart", "0", None);
}

/// What the checker says of what is right and of what is forged.
fn forgeries() {
    let mut dice = Dice(11);
    let (mut right, mut wrong) = (Vec::new(), Vec::new());
    for _ in 0..1_000 {
        let mut matcher = Matcher::run(&case(&mut dice, 40));
        let certificates = Certificates::take(&mut matcher);
        let told = serde_json::to_string(&Transcript::of(&matcher, &certificates)).unwrap();
        wrong.extend(forged::mutants(&told, &mut dice).into_iter().map(|(_, text)| text));
        right.push(told);
    }
    let share = |answers: Vec<String>, start: &str| {
        let like = answers.iter().filter(|answer| answer.starts_with(start)).count();
        100.0 * like as f64 / answers.len() as f64
    };
    tell("the checker accepts what is right", share(forged::check(&right), "right"), "%", "100", None);
    tell("the checker rejects what is forged", share(forged::check(&wrong), "wrong"), "%", "100", None);
}
