//! What a meeting must say, and which steps its report can take. Pure.

use std::collections::{HashMap, HashSet};

use chrono::NaiveDate;

use super::decisions::{DecisionKind, NewDecision};
use super::model::{Deliberation, DeliberationStatus, NewDeliberation, NewLetter, ReportStatus};
use crate::domain::{BeneficiaryId, VillageCode};
use crate::error::{Code, Error, Fault, Result};

/// Most families that one meeting decides on.
pub(super) const MOST_DECISIONS: i16 = 1_000;

/// All faults of a meeting; `homes` are the villages of those families that are in the sub-district.
pub(super) fn faults_of(
    new: &NewDeliberation,
    homes: &HashMap<BeneficiaryId, VillageCode>,
    today: NaiveDate,
) -> Vec<Fault> {
    let mut faults = Vec::new();
    if new.held_on > today {
        faults.push(Fault::new("/held_on", Code::DateInFuture));
    }
    if !(1..=10_000).contains(&new.attendee_count) {
        faults.push(Fault::new("/attendee_count", Code::WrongType));
    }
    if new.decisions.is_empty() || new.decisions.len() > usize::from(MOST_DECISIONS.unsigned_abs()) {
        faults.push(Fault::new("/decisions", Code::WrongType));
        return faults;
    }
    let (mut families, mut places) = (HashSet::new(), HashSet::new());
    for (index, decision) in new.decisions.iter().enumerate() {
        let at = |field: &str, code| Fault::new(format!("/decisions/{index}/{field}"), code);
        if !families.insert(decision.beneficiary_id) {
            faults.push(at("beneficiary_id", Code::ValueTwice));
        }
        if decision.reserve_order.is_some_and(|place| !places.insert(place)) {
            faults.push(at("reserve_order", Code::ValueTwice));
        }
        faults.extend(home_fault(decision, homes, &new.village_code).map(|code| at("beneficiary_id", code)));
        faults.extend(form_fault(decision).map(|(field, code)| at(field, code)));
    }
    faults
}

/// Who joins lives in the village that met; who is kept or removed may have moved.
fn home_fault(
    decision: &NewDecision,
    homes: &HashMap<BeneficiaryId, VillageCode>,
    village: &VillageCode,
) -> Option<Code> {
    let joins = matches!(decision.decision, DecisionKind::Add | DecisionKind::Reserve);
    match homes.get(&decision.beneficiary_id) {
        None => Some(Code::ReferenceUnknown),
        Some(home) if joins && home != village => Some(Code::FamilyElsewhere),
        Some(_) => None,
    }
}

fn form_fault(decision: &NewDecision) -> Option<(&'static str, Code)> {
    let is_removal = decision.decision == DecisionKind::Remove;
    let is_reserve = decision.decision == DecisionKind::Reserve;
    match (decision.exit_reason, decision.reserve_order) {
        (None, _) if is_removal => Some(("exit_reason", Code::Required)),
        (Some(_), _) if !is_removal => Some(("exit_reason", Code::DecisionUnfit)),
        (_, None) if is_reserve => Some(("reserve_order", Code::Required)),
        (_, Some(_)) if !is_reserve => Some(("reserve_order", Code::DecisionUnfit)),
        (_, Some(place)) if !(1..=MOST_DECISIONS).contains(&place) => Some(("reserve_order", Code::WrongType)),
        _ => None,
    }
}

/// A step of a meeting's record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    Apply,
    Report,
    Forward,
}

impl Step {
    const ALL: [Self; 3] = [Self::Apply, Self::Report, Self::Forward];

    /// The resource that takes the step.
    fn name(self) -> &'static str {
        match self {
            Self::Apply => "applications",
            Self::Report => "reports",
            Self::Forward => "forwardings",
        }
    }

    fn is_possible(self, status: DeliberationStatus, report: ReportStatus) -> bool {
        match self {
            Self::Apply => status == DeliberationStatus::Recorded,
            Self::Report => report == ReportStatus::Recorded,
            Self::Forward => report == ReportStatus::ReportedToCamat,
        }
    }
}

/// Refuses a step that the record does not allow, with those that it does.
///
/// # Errors
/// `command_not_possible`.
pub(super) fn check(step: Step, meeting: &Deliberation) -> Result<()> {
    let is_possible = |step: Step| step.is_possible(meeting.status, meeting.report_status);
    if is_possible(step) {
        return Ok(());
    }
    let possible = Step::ALL.into_iter().filter(|step| is_possible(*step)).map(Step::name).collect();
    Err(Error::from(Code::CommandNotPossible).possible(possible))
}

/// Refuses a letter that was written before what it tells of, or is not written yet.
///
/// # Errors
/// `invalid_fields`.
pub(super) fn check_letter(letter: &NewLetter, earliest: NaiveDate, today: NaiveDate) -> Result<()> {
    if letter.dated_on > today {
        return Err(Error::invalid_field("/dated_on", Code::DateInFuture));
    }
    if letter.dated_on < earliest {
        return Err(Error::invalid_field("/dated_on", Code::DatesOutOfOrder));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn faults(decisions: &Value) -> Vec<(String, Code)> {
        let new = json!({
            "village_code": "64.02.10.2004", "program_id": "019b7542-7400-7000-8000-0000000000d3",
            "held_on": "2026-11-10", "minutes_number": "1", "minutes_digest": "ab".repeat(32),
            "minutes_media_type": "application/pdf", "attendee_count": 1, "decisions": decisions,
        });
        let home = |number: u8| serde_json::from_value(json!(format!("64.02.10.200{number}"))).unwrap();
        let homes = (1..=9).map(|number| (family(number), home(if number == 9 { 5 } else { 4 }))).collect();
        let today = NaiveDate::from_ymd_opt(2026, 11, 10).unwrap();
        let faults = faults_of(&serde_json::from_value(new).unwrap(), &homes, today);
        faults.into_iter().map(|fault| (fault.pointer, fault.code)).collect()
    }

    fn family(number: u8) -> BeneficiaryId {
        format!("019b7542-7400-7000-8000-00000000000{number}").parse().unwrap()
    }

    #[test]
    fn a_decision_says_what_goes_with_it() {
        let one = |number, decision: &str, more: Value| {
            let mut one = json!({ "beneficiary_id": family(number), "decision": decision, "reason": "x" });
            one.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            one
        };
        let exit = json!({ "exit_reason": "moved" });
        let (first, none) = (json!({ "reserve_order": 1 }), json!({}));
        let right = json!([
            one(1, "add", none.clone()),
            one(2, "keep", none.clone()),
            one(3, "remove", exit.clone()),
            one(4, "reserve", first.clone()),
            one(9, "keep", none.clone()),
        ]);
        assert_eq!(faults(&right), []);
        let wrong = json!([
            one(1, "add", exit),
            one(2, "remove", none.clone()),
            one(3, "reserve", none.clone()),
            one(4, "keep", first.clone()),
            one(4, "keep", none.clone()),
            one(9, "add", none.clone()),
        ]);
        let found: Vec<_> =
            faults(&wrong).into_iter().map(|(pointer, code)| (pointer.replace("/decisions/", ""), code)).collect();
        let expected = [
            ("0/exit_reason", Code::DecisionUnfit),
            ("1/exit_reason", Code::Required),
            ("2/reserve_order", Code::Required),
            ("3/reserve_order", Code::DecisionUnfit),
            ("4/beneficiary_id", Code::ValueTwice),
            ("5/beneficiary_id", Code::FamilyElsewhere),
        ];
        assert_eq!(found, expected.map(|(pointer, code)| (pointer.to_owned(), code)));
        assert_eq!(faults(&json!([])), [("/decisions".to_owned(), Code::WrongType)]);
    }
}
