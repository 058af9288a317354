//! What can be done to a training and when, and what one must say. Pure.

use chrono::NaiveDate;

use super::model::{NewTraining, TrainingStatus};
use crate::domain::text_enum;
use crate::error::{Code, Error, Fault, Result};

text_enum! {
    /// What can be done to a training.
    TrainingCommand {
        /// Change what it is, where and when.
        Edit "edit",
        /// Add a session.
        Schedule "schedule",
        /// Let families take seats.
        Open "open",
        /// Give a member a seat.
        Register "register",
        /// Free a seat.
        Withdraw "withdraw",
        /// Record or correct who came.
        Attend "attend",
        /// Record what an assessor found.
        Assess "assess",
        /// Say that all sessions are over.
        Hold "hold",
        /// Certify those who attended well enough.
        Certify "certify",
        /// Say that nothing is left to do.
        Close "close",
        /// Call it off.
        Cancel "cancel",
    }
}

use TrainingCommand::{Assess, Attend, Cancel, Certify, Close, Edit, Hold, Open, Register, Schedule, Withdraw};

/// What is possible where a training stands.
fn possible(status: TrainingStatus) -> &'static [TrainingCommand] {
    match status {
        TrainingStatus::Planned => &[Edit, Schedule, Open, Cancel],
        TrainingStatus::Open => &[Schedule, Register, Withdraw, Attend, Assess, Hold, Cancel],
        TrainingStatus::Held => &[Attend, Assess, Certify, Close],
        TrainingStatus::Closed | TrainingStatus::Cancelled => &[],
    }
}

/// Lets a command pass that is possible where the training stands.
///
/// # Errors
/// `command_not_possible`, with what is.
pub(super) fn allow(status: TrainingStatus, command: TrainingCommand) -> Result<()> {
    let possible = possible(status);
    if possible.contains(&command) {
        return Ok(());
    }
    let possible: Vec<&'static str> = possible.iter().map(|command| command.as_str()).collect();
    let sentence = match possible.as_slice() {
        [] => format!("the training is {}; nothing is possible any more", status.as_str()),
        some => format!("the training is {}; possible now: {}", status.as_str(), some.join(", ")),
    };
    Err(Error::from(Code::CommandNotPossible).about(sentence).possible(possible))
}

/// Faults of what a training says by itself.
pub(super) fn faults_of(new: &NewTraining) -> Vec<Fault> {
    let mut faults = range_faults(new.seats, new.minimum_attendance_percent, (new.begins_on, new.ends_on));
    if new.program_id.is_some() && new.pledge_line_id.is_some() {
        faults.push(Fault::new("/pledge_line_id", Code::UnknownField));
    }
    faults
}

/// Faults of seats, attendance and days.
pub(super) fn range_faults(seats: i16, percent: i16, (begins_on, ends_on): (NaiveDate, NaiveDate)) -> Vec<Fault> {
    let checks = [
        ("/seats", (1..=500).contains(&seats), Code::WrongType),
        ("/minimum_attendance_percent", (1..=100).contains(&percent), Code::WrongType),
        ("/ends_on", begins_on <= ends_on, Code::DatesOutOfOrder),
    ];
    checks.iter().filter(|(_, holds, _)| !holds).map(|(pointer, _, code)| Fault::new(*pointer, *code)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_tells_what_is_possible() {
        assert!(allow(TrainingStatus::Planned, Edit).is_ok());
        let Err(Error::Refused(refused)) = allow(TrainingStatus::Held, Cancel) else { panic!("it is held") };
        assert_eq!(refused.possible.unwrap(), ["attend", "assess", "certify", "close"]);
        assert!(TrainingCommand::ALL.iter().all(|command| allow(TrainingStatus::Closed, *command).is_err()));
    }

    #[test]
    fn every_command_is_possible_somewhere() {
        let is_possible = |command| TrainingStatus::ALL.iter().any(|status| allow(*status, command).is_ok());
        assert!(TrainingCommand::ALL.iter().all(|command| is_possible(*command)));
    }
}
