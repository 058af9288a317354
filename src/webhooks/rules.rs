//! Decisions about webhooks that need no database.

use chrono::TimeDelta;

use super::address;
use super::sending::Reach;
use crate::domain::Text;
use crate::error::{Code, Fault};
use crate::events::KINDS;

/// Most webhooks of one client.
pub(super) const MOST_WEBHOOKS: i64 = 10;
/// How long the secret before the present one signs as well.
pub(super) const SECRETS_OVERLAP: TimeDelta = TimeDelta::hours(24);
/// Most types that one webhook names.
const MOST_TYPES: usize = 50;

/// What is wrong with an address and a list of types.
pub(super) fn faults_of(url: Option<&Text<500>>, event_types: Option<&[Text<80>]>, reach: &Reach) -> Vec<Fault> {
    let mut faults = Vec::new();
    if let Some(Err(code)) = url.map(|url| address::read(url.as_str(), reach.networks())) {
        faults.push(Fault::new("/url", code));
    }
    let event_types = event_types.unwrap_or_default();
    if event_types.len() > MOST_TYPES {
        faults.push(Fault::new("/event_types", Code::WrongType));
        return faults;
    }
    for (index, name) in event_types.iter().enumerate() {
        if !KINDS.iter().any(|(known, _)| *known == name.as_str()) {
            faults.push(Fault::new(format!("/event_types/{index}"), Code::EventTypeUnknown));
        }
    }
    faults
}
