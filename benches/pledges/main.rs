//! Pledges at size: a matching run committed, transfers of the ledger, an evidence pack, random commands under kills
//! against an oracle, and what companies can read.
//!
//! `SINERGI_BENCH_ROWS` takes another number than 78,000 allocations, `SINERGI_BENCH_COMMANDS` another than 20,000 random
//! commands, `SINERGI_BENCH_REQUESTS` another than 100,000 requests of companies; `SINERGI_BENCH_PARTS` names the parts to
//! run, of `transfers`, `oracle`, `canaries`, `allocations` and `pack`, with commas between.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::as_conversions,
    clippy::cast_precision_loss,
    clippy::disallowed_methods,
    dead_code,
    reason = "a benchmark that panics has failed; what measures is shared with the other benchmarks"
)]

mod allocations;
mod canaries;
mod canary;
mod document;
mod draw;
#[path = "../api/figure.rs"]
mod figure;
mod fuzz;
#[path = "../storm/kills.rs"]
mod kills;
#[path = "../api/load.rs"]
mod load;
#[path = "../storm/missing.rs"]
mod missing;
#[path = "../programs/officer.rs"]
mod officer;
mod oracle;
mod pack;
#[path = "../programs/province.rs"]
mod province;
mod replay;
#[path = "../storm/retries.rs"]
mod retries;
#[path = "../api/service.rs"]
mod service;
#[path = "../storm/stocked.rs"]
mod stocked;
mod transfers;

use service::Service;

fn main() {
    // `cargo test --benches` asks for a look, not for a run.
    if std::env::args().any(|argument| argument == "--test") {
        return;
    }
    let rows = number("SINERGI_BENCH_ROWS", 78_000);
    let parts = std::env::var("SINERGI_BENCH_PARTS").unwrap_or_default();
    let is_asked = |name: &str| parts.is_empty() || parts.split(',').any(|part| part == name);
    let mut service = Service::start();
    if is_asked("transfers") {
        transfers::run(&service);
    }
    // Random commands begin among the families of the sandbox alone.
    if is_asked("oracle") {
        replay::run(&mut service, number("SINERGI_BENCH_COMMANDS", 20_000));
    }
    if is_asked("canaries") {
        canaries::run(&service, number("SINERGI_BENCH_REQUESTS", 100_000));
    }
    if is_asked("allocations") || is_asked("pack") {
        let pledge = allocations::run(&service, rows);
        pack::run(&service, &pledge, rows * 10 / 78);
    }
}

fn number(name: &str, otherwise: usize) -> usize {
    std::env::var(name).map_or(otherwise, |number| number.parse().unwrap())
}
