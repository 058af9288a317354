//! Who calls: OAuth clients, access tokens, permissions and rate limits.
//!
//! A handler that takes [`Allowed<P>`] cannot be reached without permission `P`; there is no other way to a
//! [`Caller`](crate::domain::Caller). The check is synchronous and stands first in a signature, so that 401 and
//! 403 come before any word about the body.

mod assertion;
mod attempts;
mod clients;
mod gate;
mod permission;
mod rate;
mod routes;
mod token;
mod well_known;

pub use clients::{Client, ClientStates, NewClient, allowed_in, new_secret, register, set_public_key, watch};
pub use gate::gate;
pub use permission::{
    Allowed, AnswerComplaints, ApplyDeliberations, ApproveCycles, CheckAssets, CheckNiks, DecideAssetWriteOffs,
    DecideChanges, DecideDuplicates, DecideOnPledges, DecidePledges, DecideRelocations, DecideStockLosses, ExportLists,
    ImportBeneficiaries, MakeEvidencePacks, OpenRounds, PERMISSIONS, Permission, PlanCycles, ProposeChanges,
    ReachMilestones, ReadAid, ReadAllocations, ReadAssets, ReadAudit, ReadBeneficiaries, ReadCompanies, ReadComplaints,
    ReadDuplicates, ReadEmpowermentPlans, ReadEnrollments, ReadEvents, ReadLedger, ReadNeeds, ReadOutcomes,
    ReadPledges, ReadPrograms, ReadRegions, ReadSensitiveComplaints, ReadStock, ReadTrainingParticipants,
    ReadTrainings, ReadVerification, ReadWebhooks, RevealNumbers, SuspendPrograms, VerifyBeneficiaries,
    WaiveMilestones, WriteAllocations, WriteAssets, WriteAttendance, WriteAttributeSchemas, WriteBeneficiaries,
    WriteCertificates, WriteCompanies, WriteComplaints, WriteDeliberations, WriteDeliveries, WriteDevices,
    WriteDutyRecords, WriteEmpowermentPlans, WriteEnrollments, WriteFollowUps, WriteNeeds, WritePledges, WritePrograms,
    WriteReceipts, WriteStock, WriteTrainingParticipants, WriteTrainings, WriteVisits, WriteWebhooks, scopes_of,
};
pub use rate::Rates;
pub use routes::routes;
pub use token::{Claims, Tokens};
pub use well_known::metadata;
