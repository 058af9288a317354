//! Programs at the size of a province: who is eligible and why, families enrolled under quotas and overlap rules, a month's
//! list, and files of results.
//!
//! `SINERGI_BENCH_ROWS` takes another number than a million families, for a look that is quick; the figures are those of
//! the number that stands in their names.
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

mod enrol;
#[path = "../api/figure.rs"]
mod figure;
#[path = "../api/load.rs"]
mod load;
mod month;
mod officer;
mod preview;
mod province;
mod results;
#[path = "../api/service.rs"]
mod service;

use service::Service;

fn main() {
    // `cargo test --benches` asks for a look, not for a run.
    if std::env::args().any(|argument| argument == "--test") {
        return;
    }
    let rows = std::env::var("SINERGI_BENCH_ROWS").map_or(1_000_000, |rows| rows.parse().unwrap());
    let mut service = Service::start();
    results::run(&service, rows / 5);
    province::settle(&service, rows);
    preview::run(&service, rows);
    enrol::run(&service, rows);
    month::run(&mut service, rows);
}
