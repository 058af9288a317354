//! Programs, places in them, what is due and handed over.

use super::{id, known};
use crate::domain::{
    BeneficiaryId, CycleId, DeliberationId, DeliveryId, DutyRecordId, EnrollmentId, EntitlementId, MemberId, OrderId,
    OverlapRuleId, ProgramId, QuotaId, ReplacementId, ReserveId, RuleSetId,
};

known! {
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
    /// An approved cycle of SEMBAKO.
    CYCLE_OF_SEMBAKO: CycleId = 0xe601;
    /// Enrollment in it of a family that is due BLT as well.
    ENROLLMENT_IN_SEMBAKO: EnrollmentId = 0xe602;
    /// What is due to that family in the cycle.
    ENTITLEMENT_OF_SEMBAKO: EntitlementId = 0xe603;
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
    /// A cycle of the program for families.
    CYCLE_OF_PKH: CycleId = 0x60_1501;
    /// A family that is paid for its pupil.
    BENEFICIARY_WITH_PUPIL: BeneficiaryId = 0xb151;
    /// That pupil.
    PUPIL: MemberId = 0xa251;
    /// Its enrollment.
    ENROLLMENT_WITH_PUPIL: EnrollmentId = 0xe151;
    /// What is due to it.
    ENTITLEMENT_WITH_PUPIL: EntitlementId = 0xe451;
    /// What the pupil did.
    DUTY_RECORD: DutyRecordId = 0x60_1502;
    /// A family that gets nothing, because its pupil missed school.
    BENEFICIARY_OMITTED: BeneficiaryId = 0xb152;
    /// That pupil.
    PUPIL_ABSENT: MemberId = 0xa252;
    /// Its enrollment.
    ENROLLMENT_OMITTED: EnrollmentId = 0xe152;
    /// What was recorded of that pupil first.
    DUTY_RECORD_OF_OMITTED: DutyRecordId = 0x60_1503;
    /// What took its place.
    DUTY_RECORD_CORRECTED: DutyRecordId = 0x60_1504;
    /// A pupil whose school days are to be recorded.
    PUPIL_TO_RECORD: MemberId = 0xa253;
    /// The replacement.
    REPLACEMENT: ReplacementId = 0x60_1401;
}
