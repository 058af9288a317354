//! What can be done with an import, by its status.

use crate::beneficiaries::imports::model::{ImportRow, ImportStatus};
use crate::error::{Code, Error, Result};

/// What somebody does with an import.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::beneficiaries::imports) enum Step {
    /// Looks at what it would do.
    Review,
    /// Has it done.
    Apply,
    /// Calls it off.
    Cancel,
}

impl Step {
    fn as_str(self) -> &'static str {
        match self {
            Self::Review => "review",
            Self::Apply => "apply",
            Self::Cancel => "cancel",
        }
    }
}

/// What an import of this status takes.
fn steps_from(status: ImportStatus) -> &'static [Step] {
    match status {
        ImportStatus::Uploaded => &[Step::Cancel],
        ImportStatus::Checked => &[Step::Review, Step::Cancel],
        ImportStatus::Reviewed => &[Step::Apply, Step::Cancel],
        ImportStatus::Running | ImportStatus::Applied | ImportStatus::Cancelled | ImportStatus::Failed => &[],
    }
}

/// Refuses what the status of an import does not allow.
///
/// # Errors
/// `command_not_possible` with what is.
pub(in crate::beneficiaries::imports) fn allow(import: &ImportRow, step: Step) -> Result<()> {
    let steps = steps_from(import.status);
    if steps.contains(&step) {
        return Ok(());
    }
    let sentence = format!("The import is {}", import.status.as_str());
    let possible = steps.iter().map(|step| step.as_str()).collect();
    Err(Error::from(Code::CommandNotPossible).about(sentence).possible(possible))
}
