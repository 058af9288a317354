//! The API against what Postgres can do with the same statements, on the same database in the same run.
//!
//! Five rounds, the service and its peer in turn; a figure is the median of the ratios round by round, so that a
//! machine that gets slower or faster meanwhile does both alike.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::as_conversions,
    clippy::cast_precision_loss,
    clippy::disallowed_methods,
    dead_code,
    reason = "a benchmark that panics has failed; what measures serves the other benchmarks as well"
)]

mod create;
mod figure;
mod import;
mod load;
mod pledge;
mod read;
mod service;

use std::time::Duration;

use service::Service;

fn main() {
    // `cargo test --benches` asks for a look, not for a run.
    if std::env::args().any(|argument| argument == "--test") {
        return;
    }
    let mut service = Service::start();
    figure::tell_seconds("second start, until ready", service.restart(), 2.0);
    std::thread::sleep(Duration::from_secs(3));
    figure::tell_memory("memory at rest", service.resident_mebibytes(), 30.0);
    read::run(&service);
    create::run(&service);
    figure::tell_memory("memory under load", service.resident_mebibytes(), 80.0);
    import::run(&service);
    pledge::run(&service);
}
