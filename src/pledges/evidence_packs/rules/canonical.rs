//! One text for one pack.

use serde::Serialize;

use crate::domain;
use crate::error::{Error, Result};

/// The canonical JSON (RFC 8785) of a value.
///
/// # Errors
/// Where the value is none of JSON.
pub(in crate::pledges::evidence_packs) fn canonical(value: &impl Serialize) -> Result<String> {
    Ok(domain::canonical(&serde_json::to_value(value).map_err(Error::internal)?))
}
