//! Values parsed once and valid for ever after; no I/O, and nothing of ours is imported here.

mod balance;
mod caller;
mod canonical;
mod card_number;
mod collector;
mod day;
mod digest;
mod digits;
mod document;
mod evidence;
mod id;
mod network;
mod nik;
mod period;
mod quantity;
mod region_code;
mod rupiah;
mod text;
mod text_enum;

pub use balance::Balance;
pub use caller::{Caller, Scope};
pub use canonical::canonical;
pub use card_number::CardNumber;
pub use collector::CollectorKind;
pub use day::{has_plain_year, is_far_ahead};
pub use digest::Digest;
pub use document::Document;
pub use evidence::Evidence;
pub use id::{
    AidId, AllocationId, AllocationReturnId, AssetCheckId, AssetId, AssetWriteOffId, AttributeSchemaId, AuditRecordId,
    BeneficiaryId, CardChangeId, ChangeRequestId, CollectorId, CompanyId, ComplaintId, ComplaintStepId, CustodyId,
    CycleId, DeliberationId, DeliveryBatchId, DeliveryId, DeliveryImportId, DeliveryLossId, DeliveryReturnId, DeviceId,
    DuplicateClusterId, DuplicateMergerId, DuplicatePairId, DuplicateRunId, DutyRecordId, EmpowermentMilestoneId,
    EmpowermentPlanId, EnrollmentId, EntitlementId, EventId, EvidencePackId, ExportId, FollowUpId,
    GraduationCriteriaId, GraduationId, HoldId, ImportId, MappingId, MatchingRunId, MemberId, NeedId, OrderId,
    OverlapRuleId, PledgeDecisionId, PledgeDisclosureId, PledgeId, PledgeLineId, ProgramId, QuotaId, RankImportId,
    ReceiptId, RelocationId, ReplacementId, ReserveId, RuleSetId, StockLossId, StockLotId, StockMovementId,
    StockPlaceId, StockSiteId, TrainingCertificateId, TrainingId, TrainingParticipantId, TrainingSessionId, TransferId,
    VerificationRoundId, VerificationTaskId, VisitId, WebhookDeliveryId, WebhookId,
};
pub use network::Network;
pub use nik::Nik;
pub use period::Period;
pub use quantity::Quantity;
pub use region_code::{DistrictCode, RegionCode, VillageCode};
pub use rupiah::Rupiah;
pub use text::{Line, Name, Note, Text};
pub(crate) use text_enum::text_enum;
