//! The best that can be done with a small case, found by trying everything.

use std::collections::HashSet;

use sinergi::allotment::{Instance, Slot, lot};

/// The best set of slots, found by trying everything: the earliest slot counts more than all later ones.
pub(crate) fn best(instance: &Instance) -> Vec<bool> {
    let order = order(instance);
    let mut states: HashSet<(Vec<u32>, Vec<u32>)> = HashSet::new();
    states.insert((instance.lines.iter().map(|line| line.portions).collect(), vec![0; instance.families.len()]));
    for need in &instance.needs {
        for _ in 0..need.portions {
            let before: Vec<_> = states.iter().cloned().collect();
            let family = &instance.families[need.family as usize];
            for (free, taken) in before {
                if family.aided + taken[need.family as usize] >= instance.policy.cap {
                    continue;
                }
                for (number, line) in instance.lines.iter().enumerate() {
                    if free[number] > 0 && line.kind == need.kind && line.places.contains(&family.place) {
                        let (mut free, mut taken) = (free.clone(), taken.clone());
                        free[number] -= 1;
                        taken[need.family as usize] += 1;
                        states.insert((free, taken));
                    }
                }
            }
        }
    }
    states.into_iter().map(|(_, taken)| mask(instance, &order, &taken)).max().unwrap()
}

/// Rows of the families, who goes first at the front.
pub(crate) fn order(instance: &Instance) -> Vec<usize> {
    let mut rows: Vec<usize> = (0..instance.families.len()).collect();
    rows.sort_by_key(|row| {
        let family = &instance.families[*row];
        (family.standing, lot(&instance.policy.seed, family.id), family.id)
    });
    rows
}

/// All slots in their order.
pub(crate) fn slots(instance: &Instance) -> Vec<Slot> {
    let (cap, families) = (instance.policy.cap, instance.families.len() as u32);
    let slot = |turn, position| Slot { turn, position };
    if instance.policy.is_turn_by_turn {
        (1..=cap).flat_map(|turn| (1..=families).map(move |position| slot(turn, position))).collect()
    } else {
        (1..=families).flat_map(|position| (1..=cap).map(move |turn| slot(turn, position))).collect()
    }
}

fn mask(instance: &Instance, order: &[usize], taken: &[u32]) -> Vec<bool> {
    let is_served = |slot: &Slot| {
        let row = order[slot.position as usize - 1];
        let aided = instance.families[row].aided;
        slot.turn > aided && slot.turn <= aided + taken[row]
    };
    slots(instance).iter().map(is_served).collect()
}
