//! Figures as JSON lines.

use serde_json::json;

/// Settings that make a run longer or shorter.
const SETTINGS: [&str; 4] =
    ["SINERGI_BENCH_ROWS", "SINERGI_BENCH_COMMANDS", "SINERGI_BENCH_REQUESTS", "SINERGI_BENCH_PARTS"];

/// The command that gives these figures.
fn command() -> String {
    let set = SETTINGS.iter().filter_map(|name| Some(format!("{name}={} ", std::env::var(name).ok()?)));
    set.collect::<String>() + concat!("make bench NAME=", env!("CARGO_CRATE_NAME"))
}

/// Tells a ratio of the service to its peer, the median over the rounds, and the rates it comes from.
pub(crate) fn tell_ratio(figure: &str, target: f64, peer: &str, rounds: &[(f64, f64)]) {
    let ratios: Vec<f64> = rounds.iter().map(|(ours, theirs)| ours / theirs).collect();
    let ours = median(&rounds.iter().map(|round| round.0).collect::<Vec<_>>());
    let theirs = median(&rounds.iter().map(|round| round.1).collect::<Vec<_>>());
    println!(
        "{}",
        json!({
            "figure": figure, "value": rounded(median(&ratios)), "unit": "ratio", "target": format!(">= {target}"),
            "peer": peer, "peer_value": format!("{theirs:.0}/s against our {ours:.0}/s"), "command": command(),
        })
    );
}

/// Tells how many times as long as its peer something takes.
pub(crate) fn tell_times(figure: &str, target: f64, peer: &str, rounds: &[(f64, f64)]) {
    let ratios: Vec<f64> = rounds.iter().map(|(ours, theirs)| ours / theirs).collect();
    let ours = median(&rounds.iter().map(|round| round.0).collect::<Vec<_>>());
    let theirs = median(&rounds.iter().map(|round| round.1).collect::<Vec<_>>());
    println!(
        "{}",
        json!({
            "figure": figure, "value": rounded(median(&ratios)), "unit": "ratio", "target": format!("<= {target}"),
            "peer": peer, "peer_value": format!("{theirs:.3} ms against our {ours:.3} ms"), "command": command(),
        })
    );
}

/// Tells a number that must be just this one.
pub(crate) fn tell_exact(figure: &str, value: usize, target: usize) {
    println!(
        "{}",
        json!({
            "figure": figure, "value": value, "unit": "count", "target": format!("= {target}"),
            "peer": null, "peer_value": null, "command": command(),
        })
    );
}

/// Tells a start against its bar.
pub(crate) fn tell_seconds(figure: &str, seconds: f64, target: f64) {
    println!(
        "{}",
        json!({
            "figure": figure, "value": rounded(seconds), "unit": "s", "target": format!("<= {target}"),
            "peer": null, "peer_value": null, "command": command(),
        })
    );
}

/// The same, beside how long its peer takes.
pub(crate) fn tell_seconds_beside(figure: &str, (seconds, theirs): (f64, f64), target: f64, peer: &str) {
    println!(
        "{}",
        json!({
            "figure": figure, "value": rounded(seconds), "unit": "s", "target": format!("<= {target}"),
            "peer": peer, "peer_value": format!("{theirs:.3} s"), "command": command(),
        })
    );
}

/// Tells how long something takes against its bar.
pub(crate) fn tell_milliseconds(figure: &str, milliseconds: f64, target: f64) {
    println!(
        "{}",
        json!({
            "figure": figure, "value": rounded(milliseconds), "unit": "ms", "target": format!("<= {target}"),
            "peer": null, "peer_value": null, "command": command(),
        })
    );
}

/// Tells how many times faster than its peer something is.
pub(crate) fn tell_below(figure: &str, times: f64, target: f64, peer: &str, peer_value: &str) {
    println!(
        "{}",
        json!({
            "figure": figure, "value": rounded(times), "unit": "times", "target": format!(">= {target}"),
            "peer": peer, "peer_value": peer_value, "command": command(),
        })
    );
}

/// Tells memory against its bar.
pub(crate) fn tell_memory(figure: &str, mebibytes: f64, target: f64) {
    println!(
        "{}",
        json!({
            "figure": figure, "value": rounded(mebibytes), "unit": "MiB", "target": format!("<= {target}"),
            "peer": null, "peer_value": null, "command": command(),
        })
    );
}

/// What 99 of 100 stay below.
pub(crate) fn p99(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() * 99 / 100]
}

fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted[sorted.len() / 2]
}

fn rounded(value: f64) -> f64 {
    (value * 1_000.0).round() / 1_000.0
}
