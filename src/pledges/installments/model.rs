//! Schedules as answers.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::domain::{PledgeId, PledgeLineId, Quantity, Text};

/// What is due of a pledge, as it stands on a day.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct InstallmentSchedule {
    /// Pledge
    pub(crate) pledge_id: PledgeId,
    /// Day that is asked about
    pub(crate) on: NaiveDate,
    /// What is due of each line
    #[schema(max_items = 200)]
    pub(crate) lines: Vec<LineSchedule>,
}

/// What is due of a line.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct LineSchedule {
    /// Line
    pub(crate) pledge_line_id: PledgeLineId,
    /// Kind of help
    #[schema(example = "hand_tractor")]
    pub(crate) kind: Text<40>,
    /// Unit that is counted
    #[schema(example = "unit", max_length = 20)]
    pub(crate) unit: String,
    /// What is still to come
    pub(crate) outstanding: Quantity,
    /// What of it was due before that day
    pub(crate) overdue: Quantity,
    /// When the earliest installment that is not covered is due, late or not
    pub(crate) next_due_on: Option<NaiveDate>,
    /// What is still to come of that installment
    pub(crate) next_due: Option<Quantity>,
    /// All installments by day; one at the end of the year where none were agreed
    #[schema(max_items = 24)]
    pub(crate) installments: Vec<DueInstallment>,
}

/// An installment with what became of it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct DueInstallment {
    /// Last day that it is in time
    pub(crate) due_on: NaiveDate,
    /// How much
    pub(crate) quantity: Quantity,
    /// What of it is still to come
    pub(crate) outstanding: Quantity,
    /// Whether something of it is late
    pub(crate) is_overdue: bool,
}

/// On which day.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct ScheduleFilter {
    /// How it stands, or stood, at the end of this day; today where it is not said
    pub(super) on: Option<NaiveDate>,
}
