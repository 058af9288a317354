//! A complaint as the database has it, and as it is told.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use serde::Serialize;
use utoipa::ToSchema;

use super::{Complainant, ComplaintCategory, ComplaintChannel, ComplaintFinding, ComplaintStatus};
use crate::domain::{
    BeneficiaryId, ComplaintId, CycleId, DeliveryId, Name, Note, PledgeId, ProgramId, Text, VillageCode,
};
use crate::schema::complaints;

/// A complaint as the database has it.
#[derive(Debug, Clone, HasQuery, Insertable)]
#[diesel(table_name = complaints, treat_none_as_default_value = false)]
pub(in crate::complaints) struct ComplaintRow {
    pub(in crate::complaints) area_id: i32,
    pub(in crate::complaints) id: ComplaintId,
    pub(in crate::complaints) village_code: VillageCode,
    pub(in crate::complaints) channel: ComplaintChannel,
    pub(in crate::complaints) category: ComplaintCategory,
    pub(in crate::complaints) beneficiary_id: Option<BeneficiaryId>,
    pub(in crate::complaints) program_id: Option<ProgramId>,
    pub(in crate::complaints) cycle_id: Option<CycleId>,
    pub(in crate::complaints) delivery_id: Option<DeliveryId>,
    pub(in crate::complaints) delivery_period: Option<NaiveDate>,
    pub(in crate::complaints) pledge_id: Option<PledgeId>,
    pub(in crate::complaints) allocation_delivery_id: Option<DeliveryId>,
    pub(in crate::complaints) complainant: Complainant,
    pub(in crate::complaints) complainant_beneficiary_id: Option<BeneficiaryId>,
    pub(in crate::complaints) complainant_sealed: Option<Vec<u8>>,
    pub(in crate::complaints) description: Note,
    pub(in crate::complaints) against_client_id: Option<String>,
    pub(in crate::complaints) status: ComplaintStatus,
    pub(in crate::complaints) received_on: NaiveDate,
    pub(in crate::complaints) due_on: NaiveDate,
    pub(in crate::complaints) assigned_to: Option<String>,
    pub(in crate::complaints) referred_to: Option<Text<120>>,
    pub(in crate::complaints) finding: Option<ComplaintFinding>,
    pub(in crate::complaints) answer: Option<Note>,
    pub(in crate::complaints) answered_on: Option<NaiveDate>,
    pub(in crate::complaints) answered_by: Option<String>,
    pub(in crate::complaints) closed_by: Option<String>,
    pub(in crate::complaints) is_reopened: bool,
    pub(in crate::complaints) lodged_by: String,
    pub(in crate::complaints) version: i32,
    pub(in crate::complaints) created_at: DateTime<Utc>,
    pub(in crate::complaints) updated_at: DateTime<Utc>,
}

/// What a step changes of a complaint.
#[derive(Debug, Clone, AsChangeset)]
#[diesel(table_name = complaints, treat_none_as_null = true)]
pub(in crate::complaints) struct ComplaintState {
    pub(in crate::complaints) status: ComplaintStatus,
    pub(in crate::complaints) due_on: NaiveDate,
    pub(in crate::complaints) assigned_to: Option<String>,
    pub(in crate::complaints) referred_to: Option<Text<120>>,
    pub(in crate::complaints) finding: Option<ComplaintFinding>,
    pub(in crate::complaints) answer: Option<Note>,
    pub(in crate::complaints) answered_on: Option<NaiveDate>,
    pub(in crate::complaints) answered_by: Option<String>,
    pub(in crate::complaints) closed_by: Option<String>,
    pub(in crate::complaints) is_reopened: bool,
}

impl ComplaintState {
    /// As it is, at another status.
    pub(in crate::complaints) fn at(row: &ComplaintRow, status: ComplaintStatus) -> Self {
        Self {
            status,
            due_on: row.due_on,
            assigned_to: row.assigned_to.clone(),
            referred_to: row.referred_to.clone(),
            finding: row.finding,
            answer: row.answer.clone(),
            answered_on: row.answered_on,
            answered_by: row.answered_by.clone(),
            closed_by: row.closed_by.clone(),
            is_reopened: row.is_reopened,
        }
    }
}

/// A complaint, and how far it is.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(in crate::complaints) struct Complaint {
    /// Id of the complaint
    pub(in crate::complaints) id: ComplaintId,
    /// Village of who complains
    pub(in crate::complaints) village_code: VillageCode,
    /// How it came
    pub(in crate::complaints) channel: ComplaintChannel,
    /// What is complained of
    pub(in crate::complaints) category: ComplaintCategory,
    /// Whether it is kept close: it accuses somebody
    pub(in crate::complaints) is_sensitive: bool,
    /// Family that it is about, or that the delivery was for
    pub(in crate::complaints) beneficiary_id: Option<BeneficiaryId>,
    /// Program that it is about, or of the cycle or the delivery
    pub(in crate::complaints) program_id: Option<ProgramId>,
    /// Cycle that it is about
    pub(in crate::complaints) cycle_id: Option<CycleId>,
    /// Delivery of a program that it is about
    pub(in crate::complaints) delivery_id: Option<DeliveryId>,
    /// Pledge that it is about, or of the handover
    pub(in crate::complaints) pledge_id: Option<PledgeId>,
    /// Handover of a pledge that it is about
    pub(in crate::complaints) allocation_delivery_id: Option<DeliveryId>,
    /// Who complains
    pub(in crate::complaints) complainant: Complainant,
    /// Family that complains
    pub(in crate::complaints) complainant_beneficiary_id: Option<BeneficiaryId>,
    /// Name of a person who complains; `null` in lists
    pub(in crate::complaints) complainant_name: Option<Name>,
    /// Telephone of that person; `null` in lists
    pub(in crate::complaints) complainant_phone: Option<Text<20>>,
    /// What was said
    pub(in crate::complaints) description: Note,
    /// Client complained of, which neither reads nor decides
    #[schema(max_length = 63)]
    pub(in crate::complaints) against_client_id: Option<String>,
    /// How far it is
    pub(in crate::complaints) status: ComplaintStatus,
    /// Day on which it came
    pub(in crate::complaints) received_on: NaiveDate,
    /// Day by which it is to be answered
    pub(in crate::complaints) due_on: NaiveDate,
    /// Client that sees to it
    #[schema(max_length = 63)]
    pub(in crate::complaints) assigned_to: Option<String>,
    /// Body that it was referred to
    pub(in crate::complaints) referred_to: Option<Text<120>>,
    /// Whether what was said is so
    pub(in crate::complaints) finding: Option<ComplaintFinding>,
    /// What the complainant was told
    pub(in crate::complaints) answer: Option<Note>,
    /// Day of that
    pub(in crate::complaints) answered_on: Option<NaiveDate>,
    /// Client that answered
    #[schema(max_length = 63)]
    pub(in crate::complaints) answered_by: Option<String>,
    /// Client that closed it
    #[schema(max_length = 63)]
    pub(in crate::complaints) closed_by: Option<String>,
    /// Whether the complainant was not content once
    pub(in crate::complaints) is_reopened: bool,
    /// Client that lodged it
    #[schema(max_length = 63)]
    pub(in crate::complaints) lodged_by: String,
    /// Grows with each change; the `ETag`
    #[schema(minimum = 1, maximum = 2_147_483_647)]
    pub(in crate::complaints) version: i32,
    /// When it was written down
    pub(in crate::complaints) created_at: DateTime<Utc>,
    /// When it last changed
    pub(in crate::complaints) updated_at: DateTime<Utc>,
}

impl From<ComplaintRow> for Complaint {
    fn from(row: ComplaintRow) -> Self {
        Self {
            id: row.id,
            village_code: row.village_code,
            channel: row.channel,
            category: row.category,
            is_sensitive: row.category.is_sensitive(),
            beneficiary_id: row.beneficiary_id,
            program_id: row.program_id,
            cycle_id: row.cycle_id,
            delivery_id: row.delivery_id,
            pledge_id: row.pledge_id,
            allocation_delivery_id: row.allocation_delivery_id,
            complainant: row.complainant,
            complainant_beneficiary_id: row.complainant_beneficiary_id,
            complainant_name: None,
            complainant_phone: None,
            description: row.description,
            against_client_id: row.against_client_id,
            status: row.status,
            received_on: row.received_on,
            due_on: row.due_on,
            assigned_to: row.assigned_to,
            referred_to: row.referred_to,
            finding: row.finding,
            answer: row.answer,
            answered_on: row.answered_on,
            answered_by: row.answered_by,
            closed_by: row.closed_by,
            is_reopened: row.is_reopened,
            lodged_by: row.lodged_by,
            version: row.version,
            created_at: row.created_at,
            updated_at: row.updated_at,
        }
    }
}
