//! A table from hashes to numbers that can be asked for many at once.

use super::texts::{at, value};

/// A place that is free; no hash has this number.
const FREE: u32 = u32::MAX;

/// Numbers by the hash of what they are of.
#[derive(Debug, Clone)]
pub(super) struct Table {
    /// As many as a power of two, at most half of them taken: a hash stands at its last bits, or soon after.
    slots: Vec<Slot>,
    taken: usize,
}

#[derive(Debug, Clone, Copy)]
struct Slot {
    hash: u64,
    number: u32,
}

impl Default for Slot {
    fn default() -> Self {
        Self { hash: 0, number: FREE }
    }
}

impl Default for Table {
    fn default() -> Self {
        Self::with_room(32)
    }
}

impl Table {
    /// Starts with room for so many.
    #[must_use]
    pub(super) fn with_room(hashes: usize) -> Self {
        Self { slots: vec![Slot::default(); (hashes.max(32) * 2).next_power_of_two()], taken: 0 }
    }

    /// Has what is known of hashes brought near: asked for together, it comes together.
    pub(super) fn fetch(&self, hashes: impl Iterator<Item = u64>) {
        let touched = hashes.fold(0, |all, hash| all ^ value(&self.slots, self.home(hash)).number);
        std::hint::black_box(touched);
    }

    /// The number of a hash, `new` where it had none.
    pub(super) fn number(&mut self, hash: u64, new: u32) -> u32 {
        let mut place = self.home(hash);
        while let Some(slot) = self.slots.get_mut(place) {
            if slot.number == FREE {
                *slot = Slot { hash, number: new };
                self.taken += 1;
                self.keep_room();
                return new;
            }
            if slot.hash == hash {
                return slot.number;
            }
            place = (place + 1) & (self.slots.len() - 1);
        }
        new
    }

    fn home(&self, hash: u64) -> usize {
        at(u32::try_from(hash & 0xffff_ffff).unwrap_or_default()) & (self.slots.len() - 1)
    }

    fn keep_room(&mut self) {
        if self.taken * 2 <= self.slots.len() {
            return;
        }
        let wider = vec![Slot::default(); self.slots.len() * 2];
        let before = std::mem::replace(self, Self { slots: wider, taken: 0 });
        for slot in before.slots.iter().filter(|slot| slot.number != FREE) {
            self.number(slot.hash, slot.number);
        }
    }
}
