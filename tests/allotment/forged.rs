//! Transcripts with one thing changed, and the checker that must see it.

use std::io::Write;
use std::process::{Command, Stdio};

use serde_json::{Value, json};

use crate::cases::Dice;

/// Ways in which a transcript is forged.
pub(crate) const KINDS: usize = 16;

type Forge = fn(&mut Value, &mut Dice) -> bool;

const FORGERIES: [(&str, Forge); KINDS] = [
    ("a portion is given to a later family instead", steal),
    ("a portion is kept back", keep_back),
    ("a portion is given twice", give_twice),
    ("a portion goes outside the earmark", leave_earmark),
    ("a line has one more portion", |told, dice| raise(told, dice, "lines", "portions")),
    ("the cut-off of a line is another", |told, dice| raise(told, dice, "lines", "cut_off")),
    ("the cut-off of a class is another", |told, dice| raise(told, dice, "classes", "cut_off")),
    ("the cut-off of a class is left out", |told, dice| set(told, dice, ("classes", "cut_off"), &Value::Null)),
    ("a family had less elsewhere", less_elsewhere),
    ("a verdict is another", |told, dice| set(told, dice, ("families", "verdict"), &json!("satisfied"))),
    ("the portions of a closed set are others", |told, dice| raise(told, dice, "families", "portions")),
    ("the refused slot is another", another_slot),
    ("two families are swapped", swap),
    ("two families are swapped with their lots", swap_with_lots),
    ("a family stands elsewhere", |told, dice| raise(told, dice, "families", "lot")),
    ("the seed is another", another_seed),
];

/// Forgeries of a transcript, each that is possible with it.
pub(crate) fn mutants(text: &str, dice: &mut Dice) -> Vec<(&'static str, String)> {
    let mut mutants = Vec::new();
    for (name, forge) in FORGERIES {
        let mut told: Value = serde_json::from_str(text).unwrap();
        if forge(&mut told, dice) {
            mutants.push((name, told.to_string()));
        }
    }
    mutants
}

fn rows<'a>(told: &'a mut Value, name: &str) -> &'a mut Vec<Value> {
    told[name].as_array_mut().unwrap()
}

fn pick<'a>(rows: Vec<&'a mut Value>, dice: &mut Dice) -> Option<&'a mut Value> {
    let place = dice.below(rows.len() as u32) as usize;
    rows.into_iter().nth(place)
}

fn raise(told: &mut Value, dice: &mut Dice, table: &str, member: &str) -> bool {
    // One portion more changes nothing where something was left anyway.
    let is_telling = |row: &&mut Value| row[member].is_u64() && (member != "portions" || !row["cut_off"].is_null());
    let row = pick(rows(told, table).iter_mut().filter(is_telling).collect(), dice);
    row.is_some_and(|row| {
        row[member] = json!(row[member].as_u64().unwrap() + 1);
        true
    })
}

fn set(told: &mut Value, dice: &mut Dice, (table, member): (&str, &str), value: &Value) -> bool {
    let row = pick(rows(told, table).iter_mut().filter(|row| row[member] != *value).collect(), dice);
    row.is_some_and(|row| {
        row[member] = value.clone();
        true
    })
}

fn less_elsewhere(told: &mut Value, dice: &mut Dice) -> bool {
    let capped = rows(told, "families").iter_mut().filter(|row| row["verdict"] == "cap_reached" && row["aided"] == 1);
    pick(capped.collect(), dice).is_some_and(|row| {
        row["aided"] = json!(0);
        true
    })
}

fn another_slot(told: &mut Value, dice: &mut Dice) -> bool {
    let refused = rows(told, "families").iter_mut().filter(|row| row["verdict"] == "outranked");
    pick(refused.collect(), dice).is_some_and(|row| {
        row["own"]["position"] = json!(row["own"]["position"].as_u64().unwrap() + 1);
        true
    })
}

/// Two families that came one after the other.
fn neighbours(told: &Value, dice: &mut Dice) -> Option<(usize, usize)> {
    let last = (told["families"].as_array().unwrap().len() as u32).checked_sub(1).filter(|last| *last > 0)?;
    let first = dice.below(last) as usize;
    Some((first, first + 1))
}

fn swap(told: &mut Value, dice: &mut Dice) -> bool {
    let pair = neighbours(told, dice);
    pair.is_some_and(|(one, other)| {
        rows(told, "families").swap(one, other);
        true
    })
}

/// Each takes the place of the other in all that the order is made of; what they need and get stays where it was.
fn swap_with_lots(told: &mut Value, dice: &mut Dice) -> bool {
    let pair = neighbours(told, dice);
    pair.is_some_and(|(one, other)| {
        for member in ["standing", "lot"] {
            let first = told["families"][one][member].take();
            let second = told["families"][other][member].take();
            (told["families"][one][member], told["families"][other][member]) = (second, first);
        }
        true
    })
}

fn another_seed(told: &mut Value, _: &mut Dice) -> bool {
    told["seed"] = json!("another");
    true
}

/// Needs with a grant, as places of family and need.
fn granted(told: &Value) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    for (family, row) in told["families"].as_array().unwrap().iter().enumerate() {
        for (need, row) in row["needs"].as_array().unwrap().iter().enumerate() {
            if !row["grants"].as_array().unwrap().is_empty() {
                found.push((family, need));
            }
        }
    }
    found
}

fn take(told: &mut Value, (family, need): (usize, usize)) -> Value {
    let row = &mut told["families"][family];
    let grant = row["needs"][need]["grants"][0].clone();
    let portions = grant["portions"].as_u64().unwrap();
    row["needs"][need]["grants"].as_array_mut().unwrap().remove(0);
    row["granted"] = json!(row["granted"].as_u64().unwrap() - portions);
    grant
}

/// A later family that was refused gets it, with all sums as they should be.
fn steal(told: &mut Value, dice: &mut Dice) -> bool {
    let found = granted(told);
    for _ in 0..20 {
        let Some((family, need)) = found.get(dice.below(found.len() as u32) as usize).copied() else { return false };
        let (place, kind) = (&told["families"][family]["place"], &told["families"][family]["needs"][need]["kind"]);
        let later = told["families"].as_array().unwrap().iter().enumerate().skip(family + 1);
        let is_like = |row: &Value| row["place"] == *place && row["verdict"] == "outranked" && row["granted"] == 0;
        let open = later.filter(|(_, row)| is_like(row)).find_map(|(at, row)| {
            let needs = row["needs"].as_array().unwrap();
            Some((at, needs.iter().position(|need| need["kind"] == *kind)?))
        });
        if let Some((at, other)) = open {
            let grant = take(told, (family, need));
            told["families"][at]["granted"] = grant["portions"].clone();
            told["families"][at]["needs"][other]["grants"] = json!([grant]);
            return true;
        }
    }
    false
}

fn keep_back(told: &mut Value, dice: &mut Dice) -> bool {
    let found = granted(told);
    let Some(one) = found.get(dice.below(found.len() as u32) as usize) else { return false };
    take(told, *one);
    true
}

fn give_twice(told: &mut Value, dice: &mut Dice) -> bool {
    let found = granted(told);
    let Some((family, need)) = found.get(dice.below(found.len() as u32) as usize) else { return false };
    let row = &mut told["families"][*family];
    let grant = row["needs"][*need]["grants"][0].clone();
    row["needs"][*need]["grants"].as_array_mut().unwrap().push(grant);
    true
}

fn leave_earmark(told: &mut Value, dice: &mut Dice) -> bool {
    let found = granted(told);
    let Some((family, need)) = found.get(dice.below(found.len() as u32) as usize) else { return false };
    let line = told["families"][*family]["needs"][*need]["grants"][0]["line"].as_u64().unwrap() as usize;
    let place = told["families"][*family]["place"].clone();
    told["lines"][line]["places"].as_array_mut().unwrap().retain(|one| *one != place);
    true
}

/// What the checker says of each transcript.
pub(crate) fn check(texts: &[String]) -> Vec<String> {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/allotment/check.py");
    let mut child = Command::new("python3").arg(script).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let input = texts.join("\n");
    let writer = std::thread::spawn(move || stdin.write_all(input.as_bytes()).unwrap());
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap();
    let answers: Vec<String> = String::from_utf8(output.stdout).unwrap().lines().map(str::to_owned).collect();
    assert_eq!(answers.len(), texts.len());
    answers
}
