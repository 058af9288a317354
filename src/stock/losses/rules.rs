//! Who decides on a loss. Pure.

use super::model::{StockLoss, StockLossStatus};
use crate::error::{Code, Error, Result};

/// Refuses whoever proposed it, and whoever comes after it was decided.
pub(super) fn check_second_person(loss: &StockLoss, client_id: &str) -> Result<()> {
    if loss.status != StockLossStatus::Proposed {
        return Err(Error::from(Code::StockLossDecided).about(format!("it is {}", loss.status.as_str())));
    }
    if loss.proposed_by == client_id {
        return Err(Error::from(Code::SecondPersonNeeded).about("an officer who did not propose it decides".to_owned()));
    }
    Ok(())
}
