//! How far a pledge is, as an answer.

use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::text_enum;

text_enum! {
    /// How much of what was promised was given.
    Fulfilment {
        /// Nothing.
        Nothing "none",
        /// Some of it, or all that was not called off or given up.
        Partial "partial",
        /// All of it.
        Full "full",
        /// All of it, and more.
        Over "over",
    }
}

text_enum! {
    /// How much of what was given is allocated, or handed over.
    Extent {
        /// Nothing.
        Nothing "none",
        /// Some of it.
        Partial "partial",
        /// All of it.
        Full "full",
    }
}

text_enum! {
    /// Whether what happened is proven.
    EvidenceState {
        /// There is no evidence pack.
        Missing "missing",
        /// Something moved since the last evidence pack was made.
        Partial "partial",
        /// The last evidence pack tells of every movement.
        Complete "complete",
    }
}

/// How far a pledge is: it follows from its figures at the moment of the answer.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
pub(crate) struct PledgeProgress {
    /// How much of what was promised was given
    pub(crate) fulfilment: Fulfilment,
    /// How much of what was given is reserved for families or was handed over
    pub(crate) allocation: Extent,
    /// How much of what was given was handed over and did not come back
    pub(crate) delivery: Extent,
    /// Whether an evidence pack tells of all of it
    pub(crate) evidence: EvidenceState,
    /// Whether something was due by yesterday and is still to come
    pub(crate) is_overdue: bool,
}
