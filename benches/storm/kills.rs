//! Kills of the service, of its Postgres or of both.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use crate::figure::tell_seconds;
use crate::service::Service;

/// Kills by turns, every few seconds; seconds of each recovery.
pub(crate) fn kill_until(service: &mut Service, is_over: &AtomicBool) -> Vec<f64> {
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

/// Runs a crowd to its end while the service is killed under it, and tells the slowest recovery.
pub(crate) fn under_kills<T: Send>(service: &mut Service, crowd: impl FnOnce() -> T + Send) -> T {
    let is_over = AtomicBool::new(false);
    let (told, kills) = std::thread::scope(|scope| {
        let crowd = scope.spawn(|| {
            // Also where the crowd panics.
            let _over = Over(&is_over);
            crowd()
        });
        let kills = kill_until(service, &is_over);
        (crowd.join().unwrap(), kills)
    });
    let slowest = kills.iter().copied().fold(0.0, f64::max);
    tell_seconds(&format!("slowest of {} recoveries", kills.len()), slowest, 10.0);
    told
}

struct Over<'a>(&'a AtomicBool);

impl Drop for Over<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}
