//! What a round must name. Pure.

use super::model::NewRound;
use crate::domain::VillageCode;
use crate::error::{Code, Fault};

/// Most villages of a list.
const MOST_VILLAGES: usize = 300;
/// Most pairs of a visitor and a village.
const MOST_ASSIGNMENTS: usize = 1_000;

/// All faults of the villages and clients that a round names; `villages` are those of the sub-district, `clients`
/// those of the named ones that may record visits there.
pub(super) fn faults_of(new: &NewRound, villages: &[VillageCode], clients: &[String]) -> Vec<Fault> {
    let mut faults = Vec::new();
    if let Some(named) = &new.village_codes {
        faults.extend(village_faults("/village_codes", named, villages));
    }
    if new.assignments.len() > MOST_ASSIGNMENTS {
        faults.push(Fault::new("/assignments", Code::WrongType));
    }
    // A village outside the round would be a slip that assigns nobody.
    let within = new.village_codes.as_deref().unwrap_or(villages);
    for (index, assignment) in new.assignments.iter().enumerate() {
        let at = |field: &str, code| Fault::new(format!("/assignments/{index}/{field}"), code);
        if !clients.iter().any(|client| client == assignment.client_id.as_str()) {
            faults.push(at("client_id", Code::ClientUnknown));
        }
        if !within.contains(&assignment.village_code) {
            faults.push(at("village_code", Code::VillageUnknown));
        }
        if new.assignments.iter().take(index).any(|earlier| earlier == assignment) {
            faults.push(at("village_code", Code::ValueTwice));
        }
    }
    faults
}

fn village_faults(pointer: &str, named: &[VillageCode], known: &[VillageCode]) -> Vec<Fault> {
    if named.is_empty() || named.len() > MOST_VILLAGES {
        return vec![Fault::new(pointer, Code::WrongType)];
    }
    let fault = |(index, code): (usize, &VillageCode)| {
        let is_twice = named.iter().take(index).any(|earlier| earlier == code);
        let fault = |code| Some(Fault::new(format!("{pointer}/{index}"), code));
        if !known.contains(code) {
            return fault(Code::VillageUnknown);
        }
        if is_twice { fault(Code::ValueTwice) } else { None }
    };
    named.iter().enumerate().filter_map(fault).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn faults(villages: &Value, assigned: &Value) -> Vec<(String, Code)> {
        let assign = |code: &Value| json!({ "client_id": "pkh-one", "village_code": code });
        let assigned: Vec<Value> = assigned.as_array().unwrap().iter().map(assign).collect();
        let new = json!({
            "title": "x", "rule": "true", "due_on": "2026-12-31", "village_codes": villages, "assignments": assigned,
        });
        let known: Vec<VillageCode> = serde_json::from_value(json!(["64.02.10.2003", "64.02.10.2004"])).unwrap();
        let faults = faults_of(&serde_json::from_value(new).unwrap(), &known, &["pkh-one".to_owned()]);
        faults.into_iter().map(|fault| (fault.pointer, fault.code)).collect()
    }

    #[test]
    fn villages_are_of_the_sub_district_and_named_once() {
        let (one, other) = ("64.02.10.2003", "64.02.10.2004");
        assert_eq!(faults(&json!([one, other]), &json!([other])), []);
        let elsewhere = faults(&json!(["64.02.09.2001"]), &json!([]));
        assert_eq!(elsewhere, [("/village_codes/0".to_owned(), Code::VillageUnknown)]);
        assert_eq!(faults(&json!([one, one]), &json!([one])), [("/village_codes/1".to_owned(), Code::ValueTwice)]);
    }

    #[test]
    fn an_assignment_stays_within_the_round_and_is_made_once() {
        let found = faults(&json!(["64.02.10.2003"]), &json!(["64.02.10.2004"]));
        assert_eq!(found, [("/assignments/0/village_code".to_owned(), Code::VillageUnknown)]);
        let twice = faults(&Value::Null, &json!(["64.02.10.2003", "64.02.10.2003"]));
        assert_eq!(twice, [("/assignments/1/village_code".to_owned(), Code::ValueTwice)]);
    }
}
