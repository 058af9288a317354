//! Packages, plans of families and what shows their milestones.

use super::{id, known};
use crate::domain::{
    AssetId, BeneficiaryId, CustodyId, EmpowermentMilestoneId, EmpowermentPlanId, EnrollmentId, ProgramId, RuleSetId,
    TrainingCertificateId, TrainingParticipantId, VisitId,
};

known! {
    /// A program of packages.
    PROGRAM_OF_PACKAGES: ProgramId = 0x60_2201;
    /// Its rule set.
    RULE_SET_OF_PACKAGES: RuleSetId = 0x60_2202;
    /// Another one.
    PROGRAM_OF_COOKING: ProgramId = 0x60_2203;
    /// Its rule set.
    RULE_SET_OF_COOKING: RuleSetId = 0x60_2204;
    /// A family with a plan in progress, and one to end.
    BENEFICIARY_IN_PLAN: BeneficiaryId = 0xb182;
    /// Its enrollment in the one program.
    ENROLLMENT_IN_PLAN: EnrollmentId = 0x60_2211;
    /// Its enrollment in the other.
    ENROLLMENT_ENDING_PLAN: EnrollmentId = 0x60_2212;
    /// The plan in progress.
    PLAN: EmpowermentPlanId = 0x60_2221;
    /// A milestone of it that was reached.
    MILESTONE: EmpowermentMilestoneId = 0x60_2241;
    /// The plan to end.
    PLAN_TO_END: EmpowermentPlanId = 0x60_2222;
    /// A family with a plan that was completed, and one with milestones to reach and to waive.
    BENEFICIARY_EMPOWERED: BeneficiaryId = 0xb183;
    /// Its enrollment in the one program.
    ENROLLMENT_EMPOWERED: EnrollmentId = 0x60_2213;
    /// Its enrollment in the other.
    ENROLLMENT_GOING_ON: EnrollmentId = 0x60_2214;
    /// The completed plan.
    PLAN_COMPLETED: EmpowermentPlanId = 0x60_2223;
    /// The other plan.
    PLAN_TO_GO_ON: EmpowermentPlanId = 0x60_2224;
    /// A milestone of it to reach.
    MILESTONE_TO_REACH: EmpowermentMilestoneId = 0x60_2251;
    /// One to waive.
    MILESTONE_TO_WAIVE: EmpowermentMilestoneId = 0x60_2252;
    /// A family to plan a package for.
    BENEFICIARY_TO_PLAN: BeneficiaryId = 0xb184;
    /// Its enrollment.
    ENROLLMENT_TO_PLAN: EnrollmentId = 0x60_2215;
    /// Who was trained of the family in progress.
    PARTICIPANT_IN_PLAN: TrainingParticipantId = 0x60_2231;
    /// The certificate.
    CERTIFICATE_IN_PLAN: TrainingCertificateId = 0x60_2233;
    /// Who was trained of the other.
    PARTICIPANT_EMPOWERED: TrainingParticipantId = 0x60_2232;
    /// The certificate.
    CERTIFICATE_EMPOWERED: TrainingCertificateId = 0x60_2234;
    /// A machine of that family.
    ASSET_EMPOWERED: AssetId = 0x60_2235;
    /// That it has it.
    CUSTODY_EMPOWERED: CustodyId = 0x60_2236;
    /// A visit of it.
    VISIT_EMPOWERED: VisitId = 0x60_2237;
}
