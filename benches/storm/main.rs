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
#[path = "../api/load.rs"]
mod load;
#[path = "../programs/officer.rs"]
mod officer;
#[path = "../api/service.rs"]
mod service;
mod tally;
mod verdict;

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use figure::{tell_exact, tell_seconds};
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
    let (tally, is_over) = (Tally::default(), AtomicBool::new(false));
    let mut kills = Vec::new();
    std::thread::scope(|scope| {
        let crowd: Vec<_> = (0..CLIENTS)
            .map(|number| {
                let (ground, tally) = (&ground, &tally);
                let client = officer::Officer::new(&service, "sandbox-kecamatan");
                scope.spawn(move || crowd::command(&client, (number, commands / CLIENTS), ground, tally))
            })
            .collect();
        let over = &is_over;
        scope.spawn(move || {
            for client in crowd {
                client.join().unwrap();
            }
            over.store(true, Ordering::Relaxed);
        });
        kills = kill_until(&mut service, &is_over);
    });
    let slowest = kills.iter().copied().fold(0.0, f64::max);
    tell_exact("commands acknowledged or refused, of all", tally.answers(), commands / CLIENTS * CLIENTS);
    tell_seconds(&format!("slowest of {} recoveries", kills.len()), slowest, 10.0);
    verdict::tell(&service, &ground, &tally);
}

/// Kills by turns, every few seconds; seconds of each recovery.
fn kill_until(service: &mut Service, is_over: &AtomicBool) -> Vec<f64> {
    let mut recoveries = Vec::new();
    while !is_over.load(Ordering::Relaxed) {
        std::thread::sleep(Duration::from_millis(2_500));
        let began = Instant::now();
        match recoveries.len() % 3 {
            0 => service.kill_service(),
            1 => service.kill_postgres(),
            _ => service.kill(),
        }
        if recoveries.len() % 3 == 1 {
            // The service starts it again by itself.
            service.wait_until_ready();
        } else {
            service.restart();
        }
        recoveries.push(began.elapsed().as_secs_f64());
    }
    recoveries
}
