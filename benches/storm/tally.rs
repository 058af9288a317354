//! What was acknowledged, as the clients remember it.

use std::collections::BTreeMap;
use std::sync::Mutex;

/// Counts and ids of answers, by what was asked.
#[derive(Default)]
pub(crate) struct Tally(Mutex<Counts>);

#[derive(Default)]
struct Counts {
    answers: usize,
    failures: Vec<String>,
    /// Ids of what was acknowledged, by operation.
    acknowledged: BTreeMap<&'static str, Vec<String>>,
    /// Laid and not yet known to be released.
    orders: Vec<String>,
    allocations: Vec<String>,
}

impl Tally {
    /// Keeps an answer of an operation about something.
    pub(crate) fn answered(&self, operation: &'static str, about: Option<String>) {
        let mut counts = self.0.lock().unwrap();
        counts.answers += 1;
        if let Some(about) = about {
            match operation {
                "lay_suspension_order" => counts.orders.push(about.clone()),
                "allocate_to_need" => counts.allocations.push(about.clone()),
                _ => {}
            }
            counts.acknowledged.entry(operation).or_default().push(about);
        }
    }

    /// Keeps an answer that no command should have.
    pub(crate) fn failed(&self, told: String) {
        self.0.lock().unwrap().failures.push(told);
    }

    pub(crate) fn answers(&self) -> usize {
        self.0.lock().unwrap().answers
    }

    pub(crate) fn failures(&self) -> Vec<String> {
        self.0.lock().unwrap().failures.clone()
    }

    /// Ids of what was acknowledged, one for each time, in their order.
    pub(crate) fn of(&self, operation: &str) -> Vec<String> {
        let mut ids = self.0.lock().unwrap().acknowledged.get(operation).cloned().unwrap_or_default();
        ids.sort();
        ids
    }

    pub(crate) fn take_order(&self) -> Option<String> {
        self.0.lock().unwrap().orders.pop()
    }

    pub(crate) fn allocation(&self, draw: usize) -> Option<String> {
        let counts = self.0.lock().unwrap();
        counts.allocations.get(draw % counts.allocations.len().max(1)).cloned()
    }
}
