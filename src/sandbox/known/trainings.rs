//! Trainings, who takes part in them, and certificates.

use super::{id, known};
use crate::domain::{
    BeneficiaryId, MemberId, TrainingCertificateId, TrainingId, TrainingParticipantId, TrainingSessionId,
};

known! {
    /// A training that was held, with a certificate.
    TRAINING: TrainingId = 0x60_2101;
    /// One to change.
    TRAINING_TO_CHANGE: TrainingId = 0x60_2102;
    /// One to open.
    TRAINING_TO_OPEN: TrainingId = 0x60_2103;
    /// One whose sessions are over.
    TRAINING_TO_HOLD: TrainingId = 0x60_2104;
    /// One to close.
    TRAINING_TO_CLOSE: TrainingId = 0x60_2105;
    /// One to call off.
    TRAINING_TO_CANCEL: TrainingId = 0x60_2106;
    /// One that gives seats and gets sessions.
    TRAINING_TO_JOIN: TrainingId = 0x60_2107;
    /// One with a session to record attendance of.
    TRAINING_TO_ATTEND: TrainingId = 0x60_2108;
    /// One whose participants are assessed.
    TRAINING_TO_ASSESS: TrainingId = 0x60_2109;
    /// One to issue certificates of.
    TRAINING_TO_CERTIFY: TrainingId = 0x60_210a;
    /// One with a seat of somebody who moved away.
    TRAINING_TO_RELEASE: TrainingId = 0x60_210b;
    /// The family whose child that is.
    BENEFICIARY_LEFT: BeneficiaryId = 0xb186;
    /// The child.
    MEMBER_MOVED_AWAY: MemberId = 0xa286;
    /// The participant.
    PARTICIPANT_MOVED_AWAY: TrainingParticipantId = 0x60_211a;
    /// A member who gets a seat.
    MEMBER_TO_SEAT: MemberId = 0xa17b;
    /// A family of a participant with a certificate.
    BENEFICIARY_TRAINED: BeneficiaryId = 0xb17c;
    /// The participant.
    PARTICIPANT: TrainingParticipantId = 0x60_2111;
    /// The certificate.
    CERTIFICATE: TrainingCertificateId = 0x60_2131;
    /// A family of a participant who withdraws.
    BENEFICIARY_TO_LEAVE_SEAT: BeneficiaryId = 0xb17d;
    /// The participant.
    PARTICIPANT_TO_WITHDRAW: TrainingParticipantId = 0x60_2113;
    /// A family of a participant whose attendance is recorded.
    BENEFICIARY_TO_ATTEND: BeneficiaryId = 0xb17e;
    /// The participant.
    PARTICIPANT_TO_ATTEND: TrainingParticipantId = 0x60_2115;
    /// A family of a participant who is assessed.
    BENEFICIARY_TO_ASSESS: BeneficiaryId = 0xb17f;
    /// The participant.
    PARTICIPANT_TO_ASSESS: TrainingParticipantId = 0x60_2117;
    /// A family of a participant who gets a certificate.
    BENEFICIARY_TO_CERTIFY: BeneficiaryId = 0xb180;
    /// The participant.
    PARTICIPANT_TO_CERTIFY: TrainingParticipantId = 0x60_2118;
    /// A family of a participant whose certificate is revoked.
    BENEFICIARY_TO_REVOKE: BeneficiaryId = 0xb181;
    /// The participant.
    PARTICIPANT_TO_REVOKE: TrainingParticipantId = 0x60_2119;
    /// The certificate.
    CERTIFICATE_TO_REVOKE: TrainingCertificateId = 0x60_2132;
    /// A session that was attended.
    SESSION: TrainingSessionId = 0x60_2121;
    /// One to record attendance of.
    SESSION_TO_ATTEND: TrainingSessionId = 0x60_2122;
    /// The one of the training to hold.
    SESSION_TO_HOLD: TrainingSessionId = 0x60_2123;
    /// The one of the training to issue certificates of.
    SESSION_TO_CERTIFY: TrainingSessionId = 0x60_2124;
}
