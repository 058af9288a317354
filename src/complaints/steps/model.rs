//! Steps as rows and answers.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::complaints::model::{ComplaintCommand, ComplaintFinding, ComplaintStatus};
use crate::domain::{ChangeRequestId, ComplaintId, ComplaintStepId, DeliveryId, Note, ReplacementId, Text};
use crate::http::ById;
use crate::schema::complaint_steps;

/// What was done about a complaint.
#[derive(Debug, Clone, Serialize, ToSchema, HasQuery, Insertable)]
#[diesel(table_name = complaint_steps, treat_none_as_default_value = false)]
pub(in crate::complaints) struct ComplaintStep {
    /// Sub-district; not shown.
    #[serde(skip)]
    pub(in crate::complaints) area_id: i32,
    /// Id of the step
    pub(in crate::complaints) id: ComplaintStepId,
    /// The complaint
    pub(in crate::complaints) complaint_id: ComplaintId,
    /// What was done
    pub(in crate::complaints) command: ComplaintCommand,
    /// How far it was
    pub(in crate::complaints) from_status: ComplaintStatus,
    /// How far it is since
    pub(in crate::complaints) to_status: ComplaintStatus,
    /// Client that was to see to it
    #[schema(max_length = 63)]
    pub(in crate::complaints) assigned_to: Option<String>,
    /// Body that it was referred to
    pub(in crate::complaints) referred_to: Option<Text<120>>,
    /// Whether what was said was so
    pub(in crate::complaints) finding: Option<ComplaintFinding>,
    /// The reason, the answer, or what came of it
    pub(in crate::complaints) note: Option<Note>,
    /// Change of a record that came of it
    pub(in crate::complaints) change_request_id: Option<ChangeRequestId>,
    /// Replacement of a family that came of it
    pub(in crate::complaints) replacement_id: Option<ReplacementId>,
    /// Delivery that came of it
    pub(in crate::complaints) delivery_id: Option<DeliveryId>,
    /// Period of the delivery; not shown.
    #[serde(skip)]
    pub(in crate::complaints) delivery_period: Option<NaiveDate>,
    /// Client that did it
    #[schema(max_length = 63)]
    pub(in crate::complaints) recorded_by: String,
    /// When
    pub(in crate::complaints) created_at: DateTime<Utc>,
}

/// What is told with a step.
#[derive(Debug, Clone, Default)]
pub(in crate::complaints) struct Told {
    pub(in crate::complaints) note: Option<Note>,
    pub(in crate::complaints) change_request_id: Option<ChangeRequestId>,
    pub(in crate::complaints) replacement_id: Option<ReplacementId>,
    pub(in crate::complaints) delivery: Option<(DeliveryId, NaiveDate)>,
}

impl Told {
    /// A reason, and nothing else.
    pub(in crate::complaints) fn why(note: &Note) -> Self {
        Self { note: Some(note.clone()), ..Self::default() }
    }
}

/// In which order.
#[derive(Debug, Deserialize, Serialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct StepFilter {
    /// In which order
    #[param(inline, default = "id")]
    pub(super) sort: Option<ById>,
}
