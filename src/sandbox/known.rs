//! Rows of the sandbox that the document's examples speak of, so that each example works at the first try.
//!
//! Every command has rows of its own: none finds its row changed by another, in whatever order they are tried.

use uuid::Uuid;

use crate::domain::{
    AllocationId, AttributeSchemaId, AuditRecordId, BeneficiaryId, ChangeRequestId, CollectorId, CompanyId, CycleId,
    DeliberationId, DeliveryId, DuplicateMergerId, DuplicatePairId, DuplicateRunId, EnrollmentId, EntitlementId,
    EventId, EvidencePackId, ExportId, ImportId, MappingId, MatchingRunId, MemberId, NeedId, OrderId, OverlapRuleId,
    PledgeId, PledgeLineId, ProgramId, QuotaId, RankImportId, ReceiptId, RelocationId, ReplacementId, ReserveId,
    RuleSetId, TransferId, VerificationRoundId, VisitId, WebhookDeliveryId, WebhookId,
};

/// Ids are of 2026-01-01 (WITA) in the form of `UUIDv7`, told apart by their last digits.
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
    /// What the attributes of families are checked by.
    ATTRIBUTE_SCHEMA: AttributeSchemaId = 0xb301;
    /// What those of members are checked by.
    ATTRIBUTE_SCHEMA_OF_MEMBERS: AttributeSchemaId = 0xb302;
    /// A family with attributes.
    BENEFICIARY_WITH_FACTS: BeneficiaryId = 0xb11e;
    /// The head of that family.
    MEMBER_WITH_FACTS: MemberId = 0xa11e;
    /// A person whose NIK is compared with the civil registry.
    MEMBER_TO_CHECK: MemberId = 0xa11f;
    /// A family that another source ranks.
    BENEFICIARY_TO_RANK: BeneficiaryId = 0xb120;
    /// A file of ranks with one faulty row.
    RANK_IMPORT: RankImportId = 0xb303;
    /// A file that came in with one faulty row.
    IMPORT: ImportId = 0xb201;
    /// Families of a village, to be fetched as a file.
    EXPORT: ExportId = 0xb301;
    /// One to cancel.
    EXPORT_TO_CANCEL: ExportId = 0xb302;
    /// A look for duplicates that is over.
    DUPLICATE_RUN: DuplicateRunId = 0xb301;
    /// A pair of it that somebody should look at.
    DUPLICATE_PAIR: DuplicatePairId = 0xb302;
    /// The head of one of its families.
    MEMBER_REGISTERED_TWICE: MemberId = 0xa134;
    /// That family.
    BENEFICIARY_REGISTERED_TWICE: BeneficiaryId = 0xb134;
    /// The head of the other one.
    MEMBER_REGISTERED_AGAIN: MemberId = 0xa135;
    /// The other family.
    BENEFICIARY_REGISTERED_AGAIN: BeneficiaryId = 0xb135;
    /// A pair to decide on.
    PAIR_TO_DECIDE: DuplicatePairId = 0xb303;
    /// One of its members.
    MEMBER_TO_DECIDE: MemberId = 0xa136;
    /// Family of that one.
    BENEFICIARY_TO_DECIDE: BeneficiaryId = 0xb136;
    /// The other member.
    OTHER_MEMBER_TO_DECIDE: MemberId = 0xa137;
    /// Family of the other.
    OTHER_BENEFICIARY_TO_DECIDE: BeneficiaryId = 0xb137;
    /// A full list that was checked and waits for a review; it leaves somebody out.
    IMPORT_TO_REVIEW: ImportId = 0xb202;
    /// A file that was reviewed and waits to be applied.
    IMPORT_TO_APPLY: ImportId = 0xb203;
    /// A checked file to call off.
    IMPORT_TO_CANCEL: ImportId = 0xb204;
    /// How files of SIKS-NG are read.
    MAPPING: MappingId = 0xb211;
    /// How files of PKH are read.
    MAPPING_OF_PKH: MappingId = 0xb212;
    /// How files of DTSEN are read.
    MAPPING_OF_DTSEN: MappingId = 0xb213;
    /// A mapping to change.
    MAPPING_TO_CHANGE: MappingId = 0xb214;
    /// The family that a full list leaves the child of out.
    BENEFICIARY_LISTED: BeneficiaryId = 0xb123;
    /// That child.
    MEMBER_UNLISTED: MemberId = 0xa223;
    /// A pair that was decided to be the same, to merge.
    PAIR_TO_MERGE: DuplicatePairId = 0xb304;
    /// The member that goes on.
    MEMBER_TO_KEEP: MemberId = 0xa13a;
    /// Its family.
    BENEFICIARY_TO_KEEP: BeneficiaryId = 0xb13a;
    /// The member that ends.
    MEMBER_TO_MERGE: MemberId = 0xa13b;
    /// Its family.
    BENEFICIARY_DOUBLED: BeneficiaryId = 0xb13b;
    /// A merger.
    DUPLICATE_MERGER: DuplicateMergerId = 0xb305;
    /// Its family.
    BENEFICIARY_MERGED: BeneficiaryId = 0xb13c;
    /// A merger to undo.
    MERGER_TO_UNDO: DuplicateMergerId = 0xb306;
    /// Its family.
    BENEFICIARY_TO_PART: BeneficiaryId = 0xb13e;
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
    /// A family to split.
    BENEFICIARY_TO_SPLIT: BeneficiaryId = 0xb115;
    /// A family that joins another one.
    BENEFICIARY_TO_MERGE: BeneficiaryId = 0xb116;
    /// A person to move to another family.
    MEMBER_TO_MOVE: MemberId = 0xa218;
    /// A family that gets another head.
    BENEFICIARY_TO_REHEAD: BeneficiaryId = 0xb11a;
    /// A family to register a collector for.
    BENEFICIARY_TO_COLLECT_FOR: BeneficiaryId = 0xb11b;
    /// A family with collectors.
    BENEFICIARY_COLLECTED_FOR: BeneficiaryId = 0xb11c;
    /// Its head.
    MEMBER_COLLECTING: MemberId = 0xa11c;
    /// Its member who collects.
    COLLECTOR: CollectorId = 0xc01c;
    /// Its alternate, to revoke.
    COLLECTOR_TO_REVOKE: CollectorId = 0xc11c;
    /// A family to relocate.
    BENEFICIARY_TO_RELOCATE: BeneficiaryId = 0xb11d;
    /// A family that moved to another village.
    RELOCATION: RelocationId = 0x4e01;
    /// A family that is offered to the neighbour, to be withdrawn.
    RELOCATION_TO_WITHDRAW: RelocationId = 0x4e02;
    /// A family that the neighbour offers, to be accepted.
    RELOCATION_TO_ACCEPT: RelocationId = 0x4e03;
    /// That family.
    BENEFICIARY_TO_ACCEPT: BeneficiaryId = 0xb1f1;
    /// A family that the neighbour offers, to be refused.
    RELOCATION_TO_REFUSE: RelocationId = 0x4e04;
    /// That family.
    BENEFICIARY_TO_REFUSE: BeneficiaryId = 0xb1f2;
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
    /// An approved cycle of SEMBAKO.
    CYCLE_OF_SEMBAKO: CycleId = 0xe601;
    /// Enrollment in it of a family that is due BLT as well.
    ENROLLMENT_IN_SEMBAKO: EnrollmentId = 0xe602;
    /// What is due to that family in the cycle.
    ENTITLEMENT_OF_SEMBAKO: EntitlementId = 0xe603;
    /// A need of the family.
    NEED: NeedId = 0xf1;
    /// A committed pledge with goods received.
    PLEDGE: PledgeId = 0xf2;
    /// Its line.
    PLEDGE_LINE: PledgeLineId = 0xf3;
    /// What was received of that line.
    RECEIPT: ReceiptId = 0xf301;
    /// What can be proven of the committed pledge.
    EVIDENCE_PACK: EvidencePackId = 0xf303;
    /// The transfer that put it into stock.
    TRANSFER: TransferId = 0xf302;
    /// A committed matching run over that line and no family but one.
    MATCHING_RUN: MatchingRunId = 0xf304;
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
    /// A change of a family that waits for a second person.
    CHANGE_REQUEST: ChangeRequestId = 0x60_0801;
    /// One to approve.
    CHANGE_REQUEST_TO_APPROVE: ChangeRequestId = 0x60_0802;
    /// One to reject.
    CHANGE_REQUEST_TO_REJECT: ChangeRequestId = 0x60_0803;
    /// A family to propose a change of.
    BENEFICIARY_TO_PROPOSE: BeneficiaryId = 0xb12b;
    /// A member to propose a change of.
    MEMBER_TO_PROPOSE: MemberId = 0xa12b;
    /// The family that a change was proposed of.
    BENEFICIARY_PROPOSED: BeneficiaryId = 0xb12c;
    /// The family that the change to approve is of.
    BENEFICIARY_TO_APPROVE: BeneficiaryId = 0xb12d;
    /// The family that the change to reject is of.
    BENEFICIARY_TO_REJECT: BeneficiaryId = 0xb12e;
    /// A village meeting that decided on two families.
    DELIBERATION: DeliberationId = 0x60_0901;
    /// One to apply.
    DELIBERATION_TO_APPLY: DeliberationId = 0x60_0902;
    /// One to report to the camat.
    DELIBERATION_TO_REPORT: DeliberationId = 0x60_0903;
    /// One that the camat passes on.
    DELIBERATION_TO_FORWARD: DeliberationId = 0x60_0904;
    /// A family that a meeting puts on the reserve list.
    BENEFICIARY_RESERVED: BeneficiaryId = 0xb12f;
    /// A family that the meeting to apply removes.
    BENEFICIARY_REMOVED: BeneficiaryId = 0xb130;
    /// Its enrollment.
    ENROLLMENT_REMOVED: EnrollmentId = 0xe130;
    /// The rule of the state that cash of the village fund and PKH exclude each other.
    OVERLAP_RULE: OverlapRuleId = 0x60_1101;
    /// A rule of the sub-district: one food program a family.
    OVERLAP_RULE_OF_FOOD: OverlapRuleId = 0x60_1102;
    /// One to end.
    OVERLAP_RULE_TO_END: OverlapRuleId = 0x60_1103;
    /// The program for families of the state.
    PROGRAM_OF_PKH: ProgramId = 0xd4;
    /// A quota of rice in a village.
    QUOTA: QuotaId = 0x60_1201;
    /// A family that waits for rice.
    BENEFICIARY_WAITING: BeneficiaryId = 0xb141;
    /// Its place.
    RESERVE: ReserveId = 0x60_1301;
    /// A family to take off the reserve list.
    BENEFICIARY_TO_UNLIST: BeneficiaryId = 0xb142;
    /// Its place.
    RESERVE_TO_REMOVE: ReserveId = 0x60_1302;
    /// A family that is proposed for rice.
    BENEFICIARY_TO_CONFIRM: BeneficiaryId = 0xb143;
    /// Its enrollment, to confirm.
    ENROLLMENT_TO_CONFIRM: EnrollmentId = 0xe143;
    /// A family that is confirmed for rice.
    BENEFICIARY_TO_ACTIVATE: BeneficiaryId = 0xb144;
    /// Its enrollment, to activate.
    ENROLLMENT_TO_ACTIVATE: EnrollmentId = 0xe144;
    /// A family to replace.
    BENEFICIARY_TO_REPLACE: BeneficiaryId = 0xb145;
    /// Its enrollment.
    ENROLLMENT_TO_REPLACE: EnrollmentId = 0xe145;
    /// The family that is next to take the place.
    BENEFICIARY_TO_FOLLOW: BeneficiaryId = 0xb146;
    /// Where it waits.
    RESERVE_TO_FOLLOW: ReserveId = 0x60_1303;
    /// A family that was replaced.
    BENEFICIARY_REPLACED: BeneficiaryId = 0xb147;
    /// Its enrollment.
    ENROLLMENT_REPLACED: EnrollmentId = 0xe147;
    /// The family that took its place.
    BENEFICIARY_FOLLOWING: BeneficiaryId = 0xb148;
    /// Its enrollment.
    ENROLLMENT_FOLLOWING: EnrollmentId = 0xe148;
    /// Where it waited.
    RESERVE_TAKEN: ReserveId = 0x60_1304;
    /// The replacement.
    REPLACEMENT: ReplacementId = 0x60_1401;
    /// A verification round under way.
    VERIFICATION_ROUND: VerificationRoundId = 0x60_0601;
    /// A random sample that measures the rice program.
    SAMPLE_ROUND: VerificationRoundId = 0x60_0603;
    /// One to close.
    ROUND_TO_CLOSE: VerificationRoundId = 0x60_0602;
    /// A family on the list of the first that waits for a visit.
    BENEFICIARY_TO_VISIT: BeneficiaryId = 0xb129;
    /// One that was visited.
    BENEFICIARY_VISITED: BeneficiaryId = 0xb12a;
    /// That visit.
    VISIT: VisitId = 0x60_0701;
    /// A read of the family, on record.
    AUDIT_RECORD: AuditRecordId = 0xad01;
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
pub(super) const FAMILIES: u32 = 72;

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
