//! Rows of the sandbox that the document's examples speak of, so that each example works at the first try.
//!
//! Every command has rows of its own: none finds its row changed by another, in whatever order they are tried.

use uuid::Uuid;

use crate::domain::{
    AllocationId, BeneficiaryId, CompanyId, CycleId, DeliveryId, EnrollmentId, EntitlementId, EventId, ImportId,
    MemberId, NeedId, OrderId, PledgeId, PledgeLineId, ProgramId, ReceiptId, RuleSetId, TransferId, WebhookDeliveryId,
    WebhookId,
};

/// Ids are of 2026-01-01 in the form of `UUIDv7`, told apart by their last digits.
const BASE: u128 = 0x019b_7542_7400_7000_8000_0000_0000_0000;

const fn id(number: u128) -> Uuid {
    Uuid::from_u128(BASE | number)
}

macro_rules! known {
    ($($(#[$doc:meta])+ $name:ident: $kind:ident = $number:literal;)+) => {
        $($(#[$doc])+ pub const $name: $kind = $kind(id($number));)+

        /// Every id by its name, for the statements that make the rows.
        pub(super) const ALL: &[(&str, Uuid)] = &[$((stringify!($name), $name.0)),+];
    };
}

known! {
    /// A synthetic company, with pledges in several states.
    COMPANY: CompanyId = 0xc1;
    /// A second one.
    COMPANY_B: CompanyId = 0xc2;
    /// A third one.
    COMPANY_C: CompanyId = 0xc3;
    /// A verified family, enrolled in rice.
    BENEFICIARY: BeneficiaryId = 0xb1;
    /// The head of that family.
    MEMBER: MemberId = 0xa1;
    /// A family to correct.
    BENEFICIARY_TO_CORRECT: BeneficiaryId = 0xb102;
    /// A family that nobody has confirmed.
    BENEFICIARY_TO_VERIFY: BeneficiaryId = 0xb103;
    /// A family to add a person to.
    BENEFICIARY_TO_GROW: BeneficiaryId = 0xb104;
    /// A person to correct.
    MEMBER_TO_CORRECT: MemberId = 0xa105;
    /// A person who leaves the family.
    MEMBER_TO_DEPART: MemberId = 0xa206;
    /// A file that came in with one faulty row.
    IMPORT: ImportId = 0xb201;
    /// A need to withdraw.
    NEED_TO_WITHDRAW: NeedId = 0xf107;
    /// The family that has it.
    BENEFICIARY_WITHOUT_NEED: BeneficiaryId = 0xb107;
    /// A family that a need is recorded for.
    BENEFICIARY_IN_NEED: BeneficiaryId = 0xb108;
    /// A program of the sub-district to change, enrol in and lay orders on.
    PROGRAM_TO_CHANGE: ProgramId = 0xd3;
    /// An enrollment in it to suspend.
    ENROLLMENT_TO_SUSPEND: EnrollmentId = 0xe10a;
    /// The family of that one.
    BENEFICIARY_TO_SUSPEND: BeneficiaryId = 0xb10a;
    /// A suspended enrollment to resume.
    ENROLLMENT_TO_RESUME: EnrollmentId = 0xe10b;
    /// The family of that one.
    BENEFICIARY_TO_RESUME: BeneficiaryId = 0xb10b;
    /// An enrollment to end.
    ENROLLMENT_TO_EXIT: EnrollmentId = 0xe10c;
    /// The family of that one.
    BENEFICIARY_TO_EXIT: BeneficiaryId = 0xb10c;
    /// A family that has got its rice.
    BENEFICIARY_SERVED: BeneficiaryId = 0xb10d;
    /// Who took it.
    MEMBER_SERVED: MemberId = 0xa10d;
    /// Its enrollment.
    ENROLLMENT_SERVED: EnrollmentId = 0xe10d;
    /// What was due to it.
    ENTITLEMENT_SERVED: EntitlementId = 0xe40d;
    /// The handover.
    DELIVERY: DeliveryId = 0xe60d;
    /// An approved cycle to close.
    CYCLE_TO_CLOSE: CycleId = 0xe301;
    /// An order on the program to change, to release.
    ORDER_TO_RELEASE: OrderId = 0xe501;
    /// The rice program of the sub-district.
    PROGRAM: ProgramId = 0xd1;
    /// Its rule set.
    RULE_SET: RuleSetId = 0xd2;
    /// Enrollment of the family in it.
    ENROLLMENT: EnrollmentId = 0xe1;
    /// An approved cycle of it.
    CYCLE: CycleId = 0xe2;
    /// A cycle that waits for the second officer.
    PLANNED_CYCLE: CycleId = 0xe3;
    /// What is due to the family in the approved cycle.
    ENTITLEMENT: EntitlementId = 0xe4;
    /// A suspension order in force, on another program.
    ORDER: OrderId = 0xe5;
    /// A need of the family.
    NEED: NeedId = 0xf1;
    /// A committed pledge with goods received.
    PLEDGE: PledgeId = 0xf2;
    /// Its line.
    PLEDGE_LINE: PledgeLineId = 0xf3;
    /// What was received of that line.
    RECEIPT: ReceiptId = 0xf301;
    /// The transfer that put it into stock.
    TRANSFER: TransferId = 0xf302;
    /// A draft of the same company.
    DRAFT_PLEDGE: PledgeId = 0xf4;
    /// A submitted pledge of the same company.
    SUBMITTED_PLEDGE: PledgeId = 0xf5;
    /// An allocation of the committed pledge to the family, to be handed over.
    ALLOCATION: AllocationId = 0xf6;
    /// An allocation to another family, to be given up.
    ALLOCATION_TO_RELEASE: AllocationId = 0xf701;
    /// A draft to change.
    PLEDGE_TO_CHANGE: PledgeId = 0xf401;
    /// A draft to hand in.
    PLEDGE_TO_SUBMIT: PledgeId = 0xf402;
    /// A draft to take back.
    PLEDGE_TO_WITHDRAW: PledgeId = 0xf403;
    /// A submitted pledge to accept.
    PLEDGE_TO_ACCEPT: PledgeId = 0xf501;
    /// A submitted pledge to give back.
    PLEDGE_TO_RETURN: PledgeId = 0xf502;
    /// A submitted pledge to turn down.
    PLEDGE_TO_REJECT: PledgeId = 0xf503;
    /// A committed pledge of the second company, all of it handed over.
    PLEDGE_OF_B: PledgeId = 0xf602;
    /// One that was turned down.
    REJECTED_PLEDGE: PledgeId = 0xf603;
    /// One that the third company took back.
    WITHDRAWN_PLEDGE: PledgeId = 0xf604;
    /// A submitted one of it.
    PLEDGE_OF_C: PledgeId = 0xf605;
    /// A webhook of the sub-district's data office, disabled.
    WEBHOOK: WebhookId = 0x3b01;
    /// One to change.
    WEBHOOK_TO_CHANGE: WebhookId = 0x3b02;
    /// One to give a new secret.
    WEBHOOK_TO_ROTATE: WebhookId = 0x3b03;
    /// One to remove.
    WEBHOOK_TO_REMOVE: WebhookId = 0x3b04;
    /// One of the first company.
    WEBHOOK_OF_COMPANY: WebhookId = 0x3b05;
    /// A test that was sent to the first.
    WEBHOOK_DELIVERY: WebhookDeliveryId = 0x3d01;
    /// The event of that test.
    WEBHOOK_TEST: EventId = 0x3e01;
}

/// How many families stand ready for commands: each one mother with one child, the first ones of the pilot district.
pub(super) const FAMILIES: u32 = 20;

const FAMILY: u128 = 0xb100;
const HEAD: u128 = 0xa100;
const CHILD: u128 = 0xa200;

/// Ids of the family of this number, its head and its child.
pub(super) fn family(number: u32) -> (Uuid, Uuid, Uuid) {
    let number = u128::from(number);
    (id(FAMILY + number), id(HEAD + number), id(CHILD + number))
}

/// Tells whether a family is one of those.
pub(super) fn is_family(id: Uuid) -> bool {
    let number = (id.as_u128() ^ BASE).checked_sub(FAMILY);
    number.is_some_and(|number| (1..=u128::from(FAMILIES)).contains(&number))
}
