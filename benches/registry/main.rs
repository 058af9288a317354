//! The register at the size of a province: a million members in, a million out, a family among a million read back.
//!
//! `SINERGI_BENCH_ROWS` takes another number than a million, for a look that is quick; the figures are those of the
//! number that stands in their names.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::as_conversions,
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::disallowed_methods,
    dead_code,
    reason = "a benchmark that panics has failed; what measures is shared with the other benchmarks"
)]

mod as_of;
mod checks;
mod export;
#[path = "../api/figure.rs"]
mod figure;
#[path = "../api/import.rs"]
mod import;
#[path = "../api/load.rs"]
mod load;
mod members;
#[path = "../dedup/population.rs"]
mod population;
#[path = "../api/service.rs"]
mod service;
#[path = "../dedup/slips.rs"]
mod slips;

use service::Service;

fn main() {
    // `cargo test --benches` asks for a look, not for a run.
    if std::env::args().any(|argument| argument == "--test") {
        return;
    }
    let rows = std::env::var("SINERGI_BENCH_ROWS").map_or(1_000_000, |rows| rows.parse().unwrap());
    let mut service = Service::start();
    members::run(&service, rows);
    members::wait_for_duplicates(&service);
    // What the import has left in memory is not at rest.
    service.restart();
    checks::run(&service, rows);
    export::run(&service, rows);
    as_of::run(&service, rows);
}
