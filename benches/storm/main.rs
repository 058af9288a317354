//! Sixteen clients who command at random while the service, its Postgres or both are killed; each retries blindly, by the
//! same key, until it has an answer. What was acknowledged is then compared with what is there.
//!
//! `SINERGI_BENCH_COMMANDS` takes another number than 20,000 commands.
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

mod crowd;
#[path = "../api/figure.rs"]
mod figure;
mod ground;
mod kills;
#[path = "../api/load.rs"]
mod load;
mod missing;
#[path = "../programs/officer.rs"]
mod officer;
mod retries;
#[path = "../api/service.rs"]
mod service;
mod stocked;
mod tally;
mod verdict;

use figure::tell_exact;
use ground::Ground;
use service::Service;
use tally::Tally;

/// Clients at the same time.
const CLIENTS: usize = 16;

fn main() {
    // `cargo test --benches` asks for a look, not for a run.
    if std::env::args().any(|argument| argument == "--test") {
        return;
    }
    let commands = std::env::var("SINERGI_BENCH_COMMANDS").map_or(20_000, |number| number.parse().unwrap());
    let mut service = Service::start();
    let ground = Ground::prepare(&service);
    let tally = Tally::default();
    let officers: Vec<_> = (0..CLIENTS).map(|_| officer::Officer::new(&service, "sandbox-kecamatan")).collect();
    kills::under_kills(&mut service, || {
        std::thread::scope(|scope| {
            for (number, client) in officers.iter().enumerate() {
                let (ground, tally) = (&ground, &tally);
                scope.spawn(move || crowd::command(client, (number, commands / CLIENTS), ground, tally));
            }
        });
    });
    tell_exact("commands acknowledged or refused, of all", tally.answers(), commands / CLIENTS * CLIENTS);
    verdict::tell(&service, &ground, &tally);
}
