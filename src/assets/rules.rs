//! What can be done with a piece of equipment, and when somebody looks at it. Pure.

use chrono::{Months, NaiveDate};

use super::model::{Asset, AssetCondition, AssetStatus};
use crate::error::{Code, Error, Result};

/// Months from a registration or a check to the next check, unless the check says another day.
pub(super) const MONTHS_BETWEEN_CHECKS: u32 = 6;
/// Months from a hand-over to the first check: the family has learnt to use it by then, or has not.
pub(super) const MONTHS_TO_FIRST_CHECK: u32 = 3;

/// What is done with a piece of equipment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum AssetStep {
    HandOver,
    HandBack,
    Transfer,
    Check,
    Repair,
    EndRepair,
    Lose,
    Retire,
    Recover,
}

use AssetCondition::{Broken, Missing, Worn};
use AssetStatus::{InCustody, InStore, Lost, Retired, UnderRepair};

impl AssetStep {
    const ALL: [Self; 9] = [
        Self::HandOver,
        Self::HandBack,
        Self::Transfer,
        Self::Check,
        Self::Repair,
        Self::EndRepair,
        Self::Lose,
        Self::Retire,
        Self::Recover,
    ];

    /// Its command, as paths name it.
    fn name(self) -> &'static str {
        match self {
            Self::HandOver => "hand-overs",
            Self::HandBack => "hand-backs",
            Self::Transfer => "transfers",
            Self::Check => "checks",
            Self::Repair => "repairs",
            Self::EndRepair => "repair-ends",
            Self::Lose | Self::Retire => "write-offs",
            Self::Recover => "recoveries",
        }
    }

    fn is_possible(self, (status, condition, is_kept): (AssetStatus, AssetCondition, bool)) -> bool {
        let is_on_list = !matches!(status, Lost | Retired);
        let is_failing = matches!(condition, Worn | Broken);
        match self {
            Self::HandOver => status == InStore && !matches!(condition, Broken | Missing),
            Self::HandBack => is_on_list && is_kept,
            Self::Transfer => status == InCustody,
            Self::Check => is_on_list,
            Self::Repair => matches!(status, InStore | InCustody) && is_failing,
            Self::EndRepair => status == UnderRepair,
            Self::Lose => is_on_list && condition == Missing,
            Self::Retire => is_on_list && is_failing,
            Self::Recover => status == Lost,
        }
    }
}

/// Refuses what cannot be done with a piece as it is.
///
/// # Errors
/// `command_not_possible` with what can be done.
pub(super) fn check(step: AssetStep, asset: &Asset) -> Result<()> {
    let state = (asset.status, asset.condition, asset.custody_id.is_some());
    if step.is_possible(state) {
        return Ok(());
    }
    let mut possible: Vec<_> =
        AssetStep::ALL.into_iter().filter(|step| step.is_possible(state)).map(AssetStep::name).collect();
    possible.dedup();
    Err(Error::from(Code::CommandNotPossible).possible(possible))
}

/// Refuses a day ahead, or one before what it follows.
///
/// # Errors
/// `invalid_fields`.
pub(super) fn check_day(pointer: &str, (since, day): (NaiveDate, NaiveDate), today: NaiveDate) -> Result<()> {
    if day > today {
        return Err(Error::invalid_field(pointer, Code::DateInFuture));
    }
    if day < since {
        return Err(Error::invalid_field(pointer, Code::DatesOutOfOrder));
    }
    Ok(())
}

/// Refuses that a piece which somebody holds in hand is missing.
///
/// # Errors
/// `invalid_fields`.
pub(super) fn check_present(pointer: &str, condition: AssetCondition) -> Result<()> {
    if condition == Missing { Err(Error::invalid_field(pointer, Code::ValueUnknown)) } else { Ok(()) }
}

/// So many months later.
pub(super) fn months_after(day: NaiveDate, months: u32) -> NaiveDate {
    day.checked_add_months(Months::new(months)).unwrap_or(day)
}

#[cfg(test)]
mod tests {
    use super::AssetCondition::Good;
    use super::*;

    fn possible(state: (AssetStatus, AssetCondition, bool)) -> Vec<&'static str> {
        let mut names: Vec<_> =
            AssetStep::ALL.into_iter().filter(|step| step.is_possible(state)).map(AssetStep::name).collect();
        names.dedup();
        names
    }

    #[test]
    fn what_a_check_found_opens_the_commands_for_it() {
        assert_eq!(possible((InCustody, Good, true)), ["hand-backs", "transfers", "checks"]);
        assert_eq!(possible((InCustody, Broken, true)), ["hand-backs", "transfers", "checks", "repairs", "write-offs"]);
        assert_eq!(possible((InCustody, Missing, true)), ["hand-backs", "transfers", "checks", "write-offs"]);
        assert_eq!(possible((UnderRepair, Broken, false)), ["checks", "repair-ends", "write-offs"]);
    }

    #[test]
    fn only_what_works_is_handed_over() {
        assert!(possible((InStore, Good, false)).contains(&"hand-overs"));
        assert!(possible((InStore, Worn, false)).contains(&"hand-overs"));
        assert!(!possible((InStore, Broken, false)).contains(&"hand-overs"));
    }

    #[test]
    fn what_is_lost_can_be_found_and_what_is_retired_is_done() {
        assert_eq!(possible((Lost, Missing, false)), ["recoveries"]);
        assert_eq!(possible((Retired, Broken, false)), [""; 0]);
    }
}
