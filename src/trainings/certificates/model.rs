//! Certificates as rows, requests and answers.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::domain::{
    BeneficiaryId, Line, MemberId, Note, Text, TrainingCertificateId, TrainingId, TrainingParticipantId, text_enum,
};
use crate::http::ById;
use crate::schema::training_certificates;

/// A certificate of a participant.
#[derive(Debug, Clone, Serialize, ToSchema, HasQuery, QueryableByName)]
#[diesel(table_name = training_certificates)]
pub(super) struct TrainingCertificate {
    /// Id of the certificate
    pub(super) id: TrainingCertificateId,
    /// Sub-district; not shown.
    #[serde(skip)]
    pub(super) area_id: i32,
    /// Training
    pub(super) training_id: TrainingId,
    /// Participant
    pub(super) participant_id: TrainingParticipantId,
    /// Family of the member when it was registered
    pub(super) beneficiary_id: BeneficiaryId,
    /// Member
    pub(super) member_id: MemberId,
    /// Number, once in the sub-district
    #[schema(max_length = 100, example = "421.5/PLT/2026/0001")]
    pub(super) number: String,
    /// Day of issue
    pub(super) issued_on: NaiveDate,
    /// What it certifies: the competence standard of the training, or else its title
    pub(super) competence: Line,
    /// Percent of the lesson hours that were attended
    #[schema(minimum = 0, maximum = 100)]
    pub(super) attended_percent: i16,
    /// Client that issued it
    #[schema(max_length = 63)]
    pub(super) issued_by: String,
    /// When it was revoked
    pub(super) revoked_at: Option<DateTime<Utc>>,
    /// Client that revoked it, another one
    #[schema(max_length = 63)]
    pub(super) revoked_by: Option<String>,
    /// Why
    #[schema(max_length = 2000)]
    pub(super) revocation_reason: Option<String>,
    /// 1, and 2 once it is revoked; the `ETag`
    #[schema(minimum = 1, maximum = 2_147_483_647)]
    pub(super) version: i32,
    /// When it was issued
    pub(super) created_at: DateTime<Utc>,
    /// When it last changed
    pub(super) updated_at: DateTime<Utc>,
}

/// How to issue certificates.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "number_prefix": "421.5/PLT-B/2026", "issued_on": "2026-02-02" }))]
pub(super) struct NewCertificates {
    /// Begins every number, before `/0001` and so on
    pub(super) number_prefix: Text<80>,
    /// Day of issue, not before the last session; today where it is left out
    pub(super) issued_on: Option<NaiveDate>,
}

text_enum! {
    /// Why a participant gets no certificate.
    NotCertifiedReason {
        /// Too few of the lesson hours were attended.
        AttendanceTooLow "attendance_too_low",
        /// An assessor found that it cannot do it yet.
        NotYetCompetent "not_yet_competent",
        /// It has one of this training.
        AlreadyCertified "already_certified",
    }
}

/// A participant who gets no certificate, and why.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub(super) struct NotCertified {
    /// Participant
    pub(super) participant_id: TrainingParticipantId,
    /// Why
    pub(super) reason: NotCertifiedReason,
    /// Percent of the lesson hours that were attended
    #[schema(minimum = 0, maximum = 100)]
    pub(super) attended_percent: i16,
    /// Percent that the training asks for
    #[schema(minimum = 1, maximum = 100)]
    pub(super) minimum_attendance_percent: i16,
}

/// Who got a certificate, and who did not.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct IssuedCertificates {
    /// Training
    pub(super) training_id: TrainingId,
    /// Certificates that were issued
    #[schema(max_items = 500)]
    pub(super) issued: Vec<TrainingCertificate>,
    /// Who got none
    #[schema(max_items = 500)]
    pub(super) refused: Vec<NotCertified>,
}

/// Why a certificate is revoked.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "reason": "Daftar hadir ternyata ditandatangani orang lain" }))]
pub(super) struct CertificateRevocation {
    /// Why
    pub(super) reason: Note,
}

/// Which certificates.
#[derive(Debug, Deserialize, Serialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct CertificateFilter {
    /// Of this training
    #[param(inline)]
    pub(super) training_id: Option<TrainingId>,
    /// Of members of this family
    #[param(inline)]
    pub(super) beneficiary_id: Option<BeneficiaryId>,
    /// Of this member
    #[param(inline)]
    pub(super) member_id: Option<MemberId>,
    /// Revoked ones, or those that hold
    pub(super) is_revoked: Option<bool>,
    /// In which order
    #[param(inline, default = "-id")]
    pub(super) sort: Option<ById>,
}
