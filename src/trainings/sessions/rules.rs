//! What a session and its marks must say. Pure.

use std::collections::HashSet;

use super::model::{NewAttendanceMark, NewTrainingSession};
use crate::error::{Code, Fault, Result};
use crate::trainings::model::Training;

/// Lets a session pass whose day is one of the training's.
///
/// # Errors
/// `session_outside_training`.
pub(super) fn check_day(new: &NewTrainingSession, training: &Training) -> Result<()> {
    let is_within = (training.begins_on..=training.ends_on).contains(&new.held_on);
    if is_within { Ok(()) } else { Err(Code::SessionOutsideTraining.into()) }
}

/// Faults of a list that should name each participant once.
pub(super) fn faults_of(marks: &[NewAttendanceMark]) -> Vec<Fault> {
    if marks.is_empty() || marks.len() > 500 {
        return vec![Fault::new("/marks", Code::WrongType)];
    }
    let mut seen = HashSet::new();
    let again = marks.iter().enumerate().filter(|(_, one)| !seen.insert(one.participant_id));
    again.map(|(index, _)| Fault::new(format!("/marks/{index}/participant_id"), Code::ValueTwice)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::TrainingParticipantId;
    use crate::trainings::sessions::model::AttendanceMark;

    #[test]
    fn a_list_names_each_participant_once() {
        let (one, other) = (TrainingParticipantId::new(), TrainingParticipantId::new());
        let mark = |participant_id| NewAttendanceMark { participant_id, mark: AttendanceMark::Present };
        assert!(faults_of(&[mark(one), mark(other)]).is_empty());
        assert_eq!(faults_of(&[mark(one), mark(other), mark(one)])[0].pointer, "/marks/2/participant_id");
        assert_eq!(faults_of(&[])[0].pointer, "/marks");
    }
}
