//! Trails as answers.

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::domain::{PledgeId, PledgeLineId, Quantity, Text};
use crate::http::{AsOf, Cursor, Limit};
use crate::ledger::{AccountKind, Balances, Movement};
use crate::needs;
use crate::pledges::model::{PledgeLine, PledgeStatus};
use crate::pledges::progress::PledgeProgress;

/// From the promise to the families it reached, in numbers.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct Trail {
    /// Pledge
    pub(crate) pledge_id: PledgeId,
    /// Where it stands now, also where the trail is of an earlier moment
    pub(crate) status: PledgeStatus,
    /// How far it is
    pub(crate) progress: PledgeProgress,
    /// What became of each line
    #[schema(max_items = 200)]
    pub(crate) lines: Vec<TrailLine>,
    /// What moved, in the order of time
    #[schema(max_items = 200)]
    pub(crate) movements: Vec<Movement>,
    /// Cursor of the next movements; absent on the last page
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(pattern = "^[A-Za-z0-9_-]{24,600}$", max_length = 600)]
    pub(crate) next: Option<String>,
}

/// What became of one line: promised, committed, received, allocated and delivered, each of the one before.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct TrailLine {
    /// Line
    pub(crate) pledge_line_id: PledgeLineId,
    /// Kind of help
    #[schema(example = "hand_tractor")]
    pub(crate) kind: Text<40>,
    /// Unit that is counted
    #[schema(example = "unit", max_length = 20)]
    pub(crate) unit: String,
    /// What the company promised
    pub(crate) promised: Quantity,
    /// What two officers accepted
    pub(crate) committed: Quantity,
    /// What is committed and not yet received
    pub(crate) outstanding: Quantity,
    /// What the company gave
    pub(crate) received: Quantity,
    /// What is received and for nobody yet
    pub(crate) free: Quantity,
    /// What was reserved for families, handed over or not
    pub(crate) allocated: Quantity,
    /// What is reserved and not yet handed over
    pub(crate) reserved: Quantity,
    /// What was handed over and did not come back
    pub(crate) delivered: Quantity,
    /// What was received and given back to the company
    pub(crate) returned: Quantity,
    /// What was received and lost, also what came back broken
    pub(crate) lost: Quantity,
    /// What was committed and called off before it was received
    pub(crate) cancelled: Quantity,
    /// What was committed and given up before it was received
    pub(crate) written_off: Quantity,
    /// Families that got some of it and kept it; `null` from one to four, and a company is told them in steps of five
    #[schema(minimum = 0, maximum = 10_000_000)]
    pub(crate) families_reached: Option<i64>,
}

/// Families as a caller is told them: nobody those of one to four, a company the others in steps, so that a handover
/// seldom tells it whether the family is a new one.
pub(super) fn families_told(families: i64, is_company: bool) -> Option<i64> {
    let at_least = needs::at_least(families);
    match families {
        0 => Some(0),
        _ if is_company => at_least,
        _ => at_least.map(|_| families),
    }
}

impl TrailLine {
    /// Adds up what became of a line; `families` are those that the caller is told.
    pub(in crate::pledges) fn of(line: PledgeLine, balances: &Balances, families: Option<i64>) -> Self {
        let balance = |kind| balances.of(kind);
        let (free, reserved, delivered) =
            (balance(AccountKind::Stock), balance(AccountKind::Reserved), balance(AccountKind::Delivered));
        let outstanding = balance(AccountKind::Commitment);
        let allocated = reserved.plus(&delivered);
        let (returned, lost) = (balance(AccountKind::Returned), balance(AccountKind::Lost));
        let (cancelled, written_off) = (balance(AccountKind::Cancelled), balance(AccountKind::WrittenOff));
        let received = free.plus(&allocated).plus(&returned).plus(&lost);
        Self {
            pledge_line_id: line.id,
            kind: line.kind,
            unit: line.unit,
            promised: line.quantity,
            committed: outstanding.plus(&received).plus(&cancelled).plus(&written_off),
            outstanding,
            received,
            free,
            allocated,
            reserved,
            delivered,
            returned,
            lost,
            cancelled,
            written_off,
            families_reached: families,
        }
    }
}

/// Which part of the movements.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct TrailFilter {
    /// Movements at most
    #[serde(default)]
    #[param(inline)]
    pub(super) limit: Limit,
    /// Where to go on: `next` of the page before
    #[param(inline)]
    pub(super) cursor: Option<Cursor>,
    /// What had become of it then (RFC 3339), not what has become of it now
    #[param(inline)]
    pub(super) as_of: Option<AsOf>,
}
