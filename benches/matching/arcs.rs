//! The same instance as a flow of least cost, for those who solve such: line, class, family.

use std::io::Write;
use std::path::Path;

use sinergi::allotment::{Instance, Slot};

/// What a slot is worth: any turn more than all later ones, then the score. Families that stand alike are worth alike.
pub(crate) fn worth(instance: &Instance, row: usize, turn: u32) -> i64 {
    let score = 1_000 - i64::from(instance.families[row].standing[0]);
    1_001 * i64::from(instance.policy.cap - turn + 1) + score
}

/// Worth of all slots that were served.
pub(crate) fn total(instance: &Instance, positions: &[u32], served: &[Slot]) -> i64 {
    let mut rows = vec![0; positions.len()];
    for (row, position) in positions.iter().enumerate() {
        rows[*position as usize - 1] = row;
    }
    served.iter().map(|slot| worth(instance, rows[slot.position as usize - 1], slot.turn)).sum()
}

/// Arcs of a flow: from, to, capacity and cost, node 0 the source and 1 the sink.
pub(crate) fn arcs(instance: &Instance) -> (i64, Vec<[i64; 4]>) {
    let mut arcs = Vec::new();
    let class_node = |place: u32, kind: u32| 2 + i64::from(place * instance.kinds + kind);
    let lines = 2 + i64::from(instance.places * instance.kinds);
    let families = lines + instance.lines.len() as i64;
    for (number, line) in instance.lines.iter().enumerate() {
        let node = lines + number as i64;
        arcs.push([0, node, i64::from(line.portions), 0]);
        let mut places = line.places.clone();
        places.sort_unstable();
        places.dedup();
        arcs.extend(places.iter().map(|place| [node, class_node(*place, line.kind), i64::from(line.portions), 0]));
    }
    for need in &instance.needs {
        let place = instance.families[need.family as usize].place;
        arcs.push([class_node(place, need.kind), families + i64::from(need.family), i64::from(need.portions), 0]);
    }
    for (row, family) in instance.families.iter().enumerate() {
        for turn in family.aided + 1..=instance.policy.cap {
            arcs.push([families + row as i64, 1, 1, -worth(instance, row, turn)]);
        }
    }
    let supply: u32 = instance.lines.iter().map(|line| line.portions).sum();
    // What is left over goes by.
    arcs.push([0, 1, i64::from(supply), 0]);
    (i64::from(supply), arcs)
}

/// Writes the arcs of one instance as numbers of eight bytes: the supply, then all of them.
pub(crate) fn write(path: &Path, instance: &Instance) {
    let (supply, arcs) = arcs(instance);
    let mut file = std::io::BufWriter::new(std::fs::File::create(path).unwrap());
    for number in std::iter::once(supply).chain(arcs.into_iter().flatten()) {
        file.write_all(&number.to_le_bytes()).unwrap();
    }
}
