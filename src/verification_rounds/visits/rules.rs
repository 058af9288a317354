//! What a visit must say. Pure.

use chrono::{DateTime, TimeDelta, Utc};

use super::model::{NewVisit, VisitFinding};
use crate::domain::Evidence;
use crate::error::{Code, Fault};

/// Most members that one visit corrects.
const MOST_MEMBERS: usize = 30;
/// How far ahead of ours a visitor's clock may be.
const CLOCK_SKEW: TimeDelta = TimeDelta::minutes(5);

/// All faults of a visit; none where it may be recorded.
pub(super) fn faults_of(new: &NewVisit, now: DateTime<Utc>) -> Vec<Fault> {
    let mut faults = Vec::new();
    if new.visited_at > now + CLOCK_SKEW {
        faults.push(Fault::new("/visited_at", Code::DateInFuture));
    }
    let has_corrections = new.family_correction.is_some() || !new.member_corrections.is_empty();
    if has_corrections && new.finding != VisitFinding::Corrected {
        faults.push(Fault::new("/finding", Code::FindingUnfit));
    }
    if new.member_corrections.len() > MOST_MEMBERS {
        faults.push(Fault::new("/member_corrections", Code::WrongType));
    }
    if new.evidence.len() > Evidence::MOST {
        faults.push(Fault::new("/evidence", Code::WrongType));
        return faults;
    }
    faults.extend(
        Evidence::twice(&new.evidence).map(|at| Fault::new(format!("/evidence/{at}/digest"), Code::ValueTwice)),
    );
    faults
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn faults(visited_at: &str, evidence: &Value) -> Vec<(String, Code)> {
        let new = json!({
            "beneficiary_id": "019b7542-7400-7000-8000-00000000b129", "visited_at": visited_at, "finding": "refused",
            "evidence": evidence,
        });
        let now = "2026-11-20T03:00:00Z".parse().unwrap();
        let faults = faults_of(&serde_json::from_value(new).unwrap(), now);
        faults.into_iter().map(|fault| (fault.pointer, fault.code)).collect()
    }

    #[test]
    fn a_clock_may_be_ahead_by_minutes_and_behind_by_years() {
        assert_eq!(faults("2026-11-20T03:05:00Z", &json!([])), []);
        assert_eq!(faults("2024-01-01T00:00:00Z", &json!([])), []);
        let ahead = faults("2026-11-20T03:05:01Z", &json!([]));
        assert_eq!(ahead, [("/visited_at".to_owned(), Code::DateInFuture)]);
    }

    #[test]
    fn evidence_is_told_once() {
        let one = |digit: &str| json!({ "digest": digit.repeat(64), "media_type": "image/jpeg" });
        let found = faults("2026-11-20T03:00:00Z", &json!([one("a"), one("b"), one("a")]));
        assert_eq!(found, [("/evidence/2/digest".to_owned(), Code::ValueTwice)]);
    }
}
