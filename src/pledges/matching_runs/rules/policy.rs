//! The rules of a run out of what was asked for.

use std::collections::BTreeSet;

use chrono::{Datelike, NaiveDate};

use crate::domain::{ProgramId, Text};
use crate::error::{Code, Error, Fault, Result};
use crate::needs::{self, NeedKind};
use crate::pledges::matching_runs::model::{MatchingCriterion, MatchingPolicy, NewMatchingRun, Portion};

/// Most portions of a family that a policy can allow.
const CAP: u32 = 20;
/// Most programs that a policy names.
const PROGRAMS: usize = 100;

/// The rules of a run out of what was asked for, or every fault of it.
pub(in crate::pledges::matching_runs) fn policy_of(
    new: &NewMatchingRun,
    (all, programs): (&[NeedKind], &[ProgramId]),
    today: NaiveDate,
    district: &str,
) -> Result<MatchingPolicy> {
    let asked = &new.policy;
    let mut faults = Vec::new();
    if !(1..=CAP).contains(&asked.cap) {
        faults.push(Fault::new("/policy/cap", Code::WrongType));
    }
    if asked.round_started_on > today {
        faults.push(Fault::new("/policy/round_started_on", Code::DateInFuture));
    } else if quarter_of(asked.round_started_on) != asked.round_started_on {
        faults.push(Fault::new("/policy/round_started_on", Code::RoundUnfit));
    }
    let criteria = asked.criteria.clone().unwrap_or_else(|| MatchingCriterion::ALL.to_vec());
    if criteria.is_empty() || criteria.len() > MatchingCriterion::ALL.len() {
        faults.push(Fault::new("/policy/criteria", Code::WrongType));
    } else if let [first, second] = criteria.as_slice()
        && first == second
    {
        faults.push(Fault::new("/policy/criteria/1", Code::ValueTwice));
    }
    let (kinds, of_kinds) = kinds_of(new, all);
    faults.extend(of_kinds);
    faults.extend(portion_faults(&asked.portions, all));
    faults.extend(program_faults(asked.program_ids.as_deref().unwrap_or_default(), programs));
    if !faults.is_empty() {
        return Err(Error::invalid(faults));
    }
    let portion = |kind: &&NeedKind| Portion {
        kind: kind.code.clone(),
        quantity: asked
            .portions
            .iter()
            .find(|portion| portion.kind.as_str() == kind.code.as_str())
            .map_or_else(|| needs::usual_portion(kind), |portion| portion.quantity.clone()),
    };
    Ok(MatchingPolicy {
        cap: asked.cap,
        round_started_on: asked.round_started_on,
        is_turn_by_turn: asked.is_turn_by_turn,
        criteria,
        portions: kinds.iter().map(portion).collect(),
        program_ids: asked.program_ids.clone(),
        seed: format!("{district}/{}", quarter_of(today)),
    })
}

/// First day of the quarter of a day.
fn quarter_of(day: NaiveDate) -> NaiveDate {
    NaiveDate::from_ymd_opt(day.year(), day.month0() / 3 * 3 + 1, 1).unwrap_or(day)
}

/// A program that is not there would silently not count.
fn program_faults(ids: &[ProgramId], known: &[ProgramId]) -> Vec<Fault> {
    if ids.len() > PROGRAMS {
        return vec![Fault::new("/policy/program_ids", Code::WrongType)];
    }
    Fault::of_unknown("/policy/program_ids/*", ids, |id| known.contains(id), Code::ReferenceUnknown)
}

fn kinds_of<'a>(new: &NewMatchingRun, all: &'a [NeedKind]) -> (Vec<&'a NeedKind>, Vec<Fault>) {
    let Some(named) = &new.kinds else { return (all.iter().collect(), Vec::new()) };
    if named.is_empty() {
        return (Vec::new(), vec![Fault::new("/kinds", Code::WrongType)]);
    }
    let is_named = |kind: &&NeedKind| named.iter().any(|code| code.as_str() == kind.code.as_str());
    let is_known = |code: &Text<40>| all.iter().any(|kind| kind.code.as_str() == code.as_str());
    let faults = Fault::of_unknown("/kinds/*", named, is_known, Code::ReferenceUnknown);
    (all.iter().filter(is_named).collect(), faults)
}

fn portion_faults(portions: &[Portion], all: &[NeedKind]) -> Vec<Fault> {
    let mut seen = BTreeSet::new();
    let mut faults = Vec::new();
    for (index, portion) in portions.iter().enumerate() {
        let pointer = format!("/policy/portions/{index}");
        match all.iter().find(|kind| kind.code.as_str() == portion.kind.as_str()) {
            None => faults.push(Fault::new(format!("{pointer}/kind"), Code::ReferenceUnknown)),
            Some(_) if !seen.insert(portion.kind.as_str()) => {
                faults.push(Fault::new(format!("{pointer}/kind"), Code::ValueTwice));
            }
            Some(kind) => {
                faults.extend(needs::quantity_faults(&format!("{pointer}/quantity"), kind, &portion.quantity));
            }
        }
    }
    faults
}
