//! The state machine of pledges as data, and what a line must be. Pure.

use std::collections::{HashMap, HashSet};

use chrono::{Days, NaiveDate};
use serde::Serialize;
use utoipa::ToSchema;

use super::installments;
use super::model::{NewLine, PledgeRow, PledgeStatus};
use crate::db;
use crate::domain::{Scope, VillageCode, text_enum};
use crate::error::{Code, Error, Fault, Result};
use crate::needs::{self, NeedKind};

/// Largest value of one unit.
const UNIT_VALUE_RUPIAH_MAX: i64 = 1_000_000_000_000;
/// Most lines of a pledge.
const LINES: usize = 50;
/// Most lines of a pledge, those that came of amendments, surpluses and reallocations counted.
pub(super) const LINES_IN_ALL: usize = 200;
/// Days for which what is reserved is kept for its family, where nothing else is said.
const KEPT_DAYS: u64 = 90;
/// Most days for which it is kept.
const KEPT_DAYS_AT_MOST: u64 = 366;
/// Most villages of a line.
const VILLAGES: usize = 300;

text_enum! {
    /// What can be done to a pledge.
    Command {
        /// Change title, year, agreement or lines.
        Edit "edit",
        /// Hand it to the sub-district.
        Submit "submit",
        /// Take it back.
        Withdraw "withdraw",
        /// Give it back to be changed.
        Return "return",
        /// Turn it down.
        Reject "reject",
        /// Accept it, as the first or the second officer.
        Accept "accept",
        /// Record what the company gave.
        Receive "receive",
        /// Reserve what was received for families.
        Allocate "allocate",
        /// Hand it over to a family.
        Deliver "deliver",
        /// Take back what a family gave back.
        TakeBack "take_back",
        /// Free what was reserved for a family.
        Release "release",
        /// Make a new version of what is promised.
        Amend "amend",
        /// Call off what is outstanding.
        Cancel "cancel",
        /// Give up what is outstanding and late.
        WriteOff "write_off",
        /// Give free stock back to the company.
        Refund "refund",
        /// Give free stock another earmark.
        Reallocate "reallocate",
        /// Record that free stock is gone.
        Lose "lose",
        /// Take a movement back.
        Correct "correct",
        /// Say that nothing is left to do.
        Close "close",
        /// Open it again.
        Reopen "reopen",
    }
}

text_enum! {
    /// Who gives a command.
    Side {
        /// The company that promises.
        Company "company",
        /// An officer of the sub-district.
        Officer "officer",
    }
}

impl Side {
    /// The side that a caller is on.
    pub(super) fn of(scope: &Scope) -> Self {
        if scope.company_id.is_some() { Self::Company } else { Self::Officer }
    }
}

/// One row of the state machine.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
pub struct Transition {
    /// State it starts from
    pub from: PledgeStatus,
    /// What is done
    pub command: Command,
    /// State it leads to
    pub to: PledgeStatus,
    /// Who does it
    pub by: Side,
    /// What must hold besides
    #[schema(max_length = 200)]
    pub guard: &'static str,
}

const fn row(from: PledgeStatus, command: Command, to: PledgeStatus, by: Side, guard: &'static str) -> Transition {
    Transition { from, command, to, by, guard }
}

const FREE: &str = "at most what is free; verified families inside the earmark";
const PROVEN: &str = "collector and proof; another person than who allocated";
const KEPT: &str = "reason and minutes; at most what the family has; another person than who handed it over";
const RESERVED: &str = "reason; only what is reserved and not delivered";
const TWO_OFFICERS: &str = "two officers; only what is free";
const CONSENT: &str = "the company consents; only what is free; a new line with the new earmark";
const OPPOSITE: &str = "two officers; an opposite transfer that names the first";
const DONE: &str = "nothing outstanding, free or reserved; evidence of the last movement and reopening";

/// The state machine: what is not in it cannot be done.
pub const TRANSITIONS: &[Transition] = {
    use Command::{
        Accept, Allocate, Amend, Cancel, Close, Correct, Deliver, Edit, Lose, Reallocate, Receive, Refund, Reject,
        Release, Reopen, Return, Submit, TakeBack, Withdraw, WriteOff,
    };
    use PledgeStatus::{Closed, Closing, Committed, Draft, Rejected, Submitted, Withdrawn};
    use Side::{Company, Officer};
    &[
        row(Draft, Edit, Draft, Company, "own company; If-Match is the version"),
        row(Draft, Submit, Submitted, Company, "at least one line, of known kind and village"),
        row(Draft, Withdraw, Withdrawn, Company, "reason; nothing is posted yet"),
        row(Submitted, Withdraw, Withdrawn, Company, "reason; nothing is posted yet"),
        row(Submitted, Return, Draft, Officer, "reason; a first acceptance is void"),
        row(Submitted, Reject, Rejected, Officer, "reason"),
        row(Submitted, Accept, Submitted, Officer, "the first of two officers; nothing is posted yet"),
        row(Submitted, Accept, Committed, Officer, "another officer than the first; posts promise to commitment"),
        row(Committed, Amend, Committed, Company, "an officer agrees; never below what is received; a new version"),
        row(Committed, Receive, Committed, Officer, "handover number; what is outstanding, a surplus on a new line"),
        row(Committed, Allocate, Committed, Officer, FREE),
        row(Committed, Deliver, Committed, Officer, PROVEN),
        row(Committed, TakeBack, Committed, Officer, KEPT),
        row(Committed, Release, Committed, Officer, RESERVED),
        row(Committed, Cancel, Closing, Company, "reason; all that is outstanding"),
        row(Committed, Cancel, Closing, Officer, "reason; all that is outstanding"),
        row(Committed, WriteOff, Closing, Officer, "two officers; an installment is a month overdue"),
        row(Committed, Refund, Committed, Officer, TWO_OFFICERS),
        row(Committed, Reallocate, Committed, Officer, CONSENT),
        row(Committed, Lose, Committed, Officer, TWO_OFFICERS),
        row(Committed, Correct, Committed, Officer, OPPOSITE),
        row(Committed, Close, Closed, Officer, DONE),
        row(Closing, Allocate, Closing, Officer, FREE),
        row(Closing, Deliver, Closing, Officer, PROVEN),
        row(Closing, TakeBack, Closing, Officer, KEPT),
        row(Closing, Release, Closing, Officer, RESERVED),
        row(Closing, Refund, Closing, Officer, TWO_OFFICERS),
        row(Closing, Reallocate, Closing, Officer, CONSENT),
        row(Closing, Lose, Closing, Officer, TWO_OFFICERS),
        row(Closing, Correct, Closing, Officer, OPPOSITE),
        row(Closing, Correct, Committed, Officer, "two officers; something is outstanding again"),
        row(Closing, Close, Closed, Officer, DONE),
        row(Closed, Reopen, Committed, Officer, "two officers; to post a correction, or what a family gave back"),
    ]
};

/// Commands that one side can give in a state, each once.
pub(super) fn possible(status: PledgeStatus, side: Side) -> Vec<&'static str> {
    let rows = TRANSITIONS.iter().filter(|row| row.from == status && row.by == side);
    let mut commands: Vec<&'static str> = rows.map(|row| row.command.as_str()).collect();
    commands.dedup();
    commands
}

/// Refuses a command that the state machine does not have, naming those it has.
pub(super) fn allow(status: PledgeStatus, command: Command, side: Side) -> Result<()> {
    if TRANSITIONS.iter().any(|row| row.from == status && row.command == command && row.by == side) {
        return Ok(());
    }
    let possible = possible(status, side);
    let sentence = match possible.as_slice() {
        [] => format!("the pledge is {}; nothing is possible any more", status.as_str()),
        some => format!("the pledge is {}; possible now: {}", status.as_str(), some.join(", ")),
    };
    Err(Error::from(Code::CommandNotPossible).about(sentence).possible(possible))
}

/// The last day that what is reserved today is kept for its family.
///
/// # Errors
/// `invalid_fields` for a day that has passed or is too far ahead.
pub(super) fn kept_until(today: NaiveDate, wanted: Option<NaiveDate>) -> Result<NaiveDate> {
    let ahead = |days| today.checked_add_days(Days::new(days)).unwrap_or(today);
    match wanted {
        None => Ok(ahead(KEPT_DAYS)),
        Some(day) if (today..=ahead(KEPT_DAYS_AT_MOST)).contains(&day) => Ok(day),
        Some(_) => Err(Error::invalid_field("/expires_on", Code::ExpiryOutOfRange)),
    }
}

/// The first day that something of a pledge can have been received: that it was handed in, or that its year began. A
/// pledge may be handed in when some of it came already; nothing of it came in a year before.
pub(super) fn first_day(pledge: &PledgeRow) -> NaiveDate {
    let new_year = NaiveDate::from_ymd_opt(pledge.year.into(), 1, 1).unwrap_or_default();
    pledge.submitted_at.map_or(new_year, |at| db::day_of(at).min(new_year))
}

/// A day that lies before another one, which is told.
pub(super) fn too_early(pointer: &str, first: NaiveDate) -> Fault {
    Fault::new(pointer, Code::DateTooEarly).with_detail(format!("It cannot be before {first}."))
}

/// What is known of the kinds and villages that lines name.
pub(super) struct Known {
    pub(super) kinds: Vec<NeedKind>,
    pub(super) areas: HashMap<VillageCode, i32>,
}

impl Known {
    /// The kind of a code.
    pub(super) fn kind(&self, code: &str) -> Option<&NeedKind> {
        self.kinds.iter().find(|kind| kind.code.as_str() == code)
    }
}

/// Faults of the year.
pub(super) fn year_faults(year: i16) -> Vec<Fault> {
    if (2020..=2100).contains(&year) { Vec::new() } else { vec![Fault::new("/year", Code::WrongType)] }
}

/// The one area of all lines, or every fault of them, under the pointer of their list. `area_id` is the area that a
/// pledge has already.
pub(super) fn area_of(base: &str, lines: &[NewLine], known: &Known, area_id: Option<i32>) -> Result<i32, Vec<Fault>> {
    if lines.is_empty() || lines.len() > LINES {
        return Err(vec![Fault::new(base, Code::WrongType)]);
    }
    let mut area_id = area_id;
    let mut faults = Vec::new();
    for (index, line) in lines.iter().enumerate() {
        let pointer = format!("{base}/{index}");
        faults.extend(installments::faults(&pointer, &line.installments, &line.quantity));
        match known.kind(line.kind.as_str()) {
            Some(kind) => faults.extend(needs::quantity_faults(&format!("{pointer}/quantity"), kind, &line.quantity)),
            None => faults.push(Fault::new(format!("{pointer}/kind"), Code::ReferenceUnknown)),
        }
        if line.unit_value_rupiah.amount() > UNIT_VALUE_RUPIAH_MAX {
            faults.push(Fault::new(format!("{pointer}/unit_value_rupiah"), Code::AmountOutOfRange));
        }
        faults.extend(village_faults(&pointer, &line.village_codes, known, &mut area_id));
    }
    match area_id {
        Some(area_id) if faults.is_empty() => Ok(area_id),
        _ => Err(faults),
    }
}

/// Faults of an earmark; `area_id` is the area of what came before it.
pub(super) fn village_faults(
    pointer: &str,
    codes: &[VillageCode],
    known: &Known,
    area_id: &mut Option<i32>,
) -> Vec<Fault> {
    if codes.is_empty() || codes.len() > VILLAGES {
        return vec![Fault::new(format!("{pointer}/village_codes"), Code::WrongType)];
    }
    let mut seen = HashSet::new();
    let mut fault_of = |code: &VillageCode| {
        let Some(village_area) = known.areas.get(code) else { return Some(Code::VillageUnknown) };
        if *area_id.get_or_insert(*village_area) != *village_area {
            return Some(Code::VillagesApart);
        }
        (!seen.insert(code.clone())).then_some(Code::ValueTwice)
    };
    let faults = codes.iter().enumerate().filter_map(|(index, code)| {
        fault_of(code).map(|fault| Fault::new(format!("{pointer}/village_codes/{index}"), fault))
    });
    faults.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_state_is_reached() {
        for status in PledgeStatus::ALL {
            assert!(*status == PledgeStatus::Draft || TRANSITIONS.iter().any(|row| row.to == *status), "{status:?}");
        }
    }

    #[test]
    fn what_is_final_allows_nothing() {
        for status in [PledgeStatus::Rejected, PledgeStatus::Withdrawn] {
            for side in Side::ALL {
                assert!(possible(status, *side).is_empty());
            }
        }
    }

    #[test]
    fn a_refusal_names_what_is_possible() {
        let refused = allow(PledgeStatus::Committed, Command::Accept, Side::Officer).unwrap_err();
        let Error::Refused(refusal) = refused else { panic!() };
        assert_eq!(refusal.code, Code::CommandNotPossible);
        assert_eq!(
            refusal.possible.unwrap(),
            [
                "receive",
                "allocate",
                "deliver",
                "take_back",
                "release",
                "cancel",
                "write_off",
                "refund",
                "reallocate",
                "lose",
                "correct",
                "close"
            ]
        );
        assert_eq!(possible(PledgeStatus::Submitted, Side::Officer), ["return", "reject", "accept"]);
    }
}
