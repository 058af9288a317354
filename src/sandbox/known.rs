//! Ids of the sandbox's rows that the document's examples speak of, so that each example works at the first try.

use uuid::Uuid;

use crate::domain::{
    AllocationId, BeneficiaryId, CompanyId, CycleId, EnrollmentId, EntitlementId, MemberId, NeedId, OrderId, PledgeId,
    PledgeLineId, ProgramId, RuleSetId,
};

/// Ids of 2026-01-01 in the form of `UUIDv7`, told apart by their last digits.
const fn id(number: u128) -> Uuid {
    Uuid::from_u128(0x019b_7542_7400_7000_8000_0000_0000_0000 | number)
}

/// A synthetic company, with pledges in several states.
pub const COMPANY: CompanyId = CompanyId(id(0xc1));
/// A second one.
pub const COMPANY_B: CompanyId = CompanyId(id(0xc2));
/// A third one.
pub const COMPANY_C: CompanyId = CompanyId(id(0xc3));
/// A verified family, enrolled in rice.
pub const BENEFICIARY: BeneficiaryId = BeneficiaryId(id(0xb1));
/// The head of that family.
pub const MEMBER: MemberId = MemberId(id(0xa1));
/// The rice program of the sub-district.
pub const PROGRAM: ProgramId = ProgramId(id(0xd1));
/// Its rule set.
pub const RULE_SET: RuleSetId = RuleSetId(id(0xd2));
/// Enrollment of the family in it.
pub const ENROLLMENT: EnrollmentId = EnrollmentId(id(0xe1));
/// An approved cycle of it.
pub const CYCLE: CycleId = CycleId(id(0xe2));
/// A cycle that waits for the second officer.
pub const PLANNED_CYCLE: CycleId = CycleId(id(0xe3));
/// What is due to the family in the approved cycle.
pub const ENTITLEMENT: EntitlementId = EntitlementId(id(0xe4));
/// A suspension order in force, on another program.
pub const ORDER: OrderId = OrderId(id(0xe5));
/// A need of the family.
pub const NEED: NeedId = NeedId(id(0xf1));
/// A committed pledge with goods received.
pub const PLEDGE: PledgeId = PledgeId(id(0xf2));
/// Its line.
pub const PLEDGE_LINE: PledgeLineId = PledgeLineId(id(0xf3));
/// A draft of the same company.
pub const DRAFT_PLEDGE: PledgeId = PledgeId(id(0xf4));
/// A submitted pledge of the same company.
pub const SUBMITTED_PLEDGE: PledgeId = PledgeId(id(0xf5));
/// An allocation of the committed pledge to the family.
pub const ALLOCATION: AllocationId = AllocationId(id(0xf6));
