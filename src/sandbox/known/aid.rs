//! Programs, places in them, what is due and handed over.

use super::{id, known};
use crate::domain::{
    BeneficiaryId, CycleId, DeliberationId, DeliveryBatchId, DeliveryId, DeliveryImportId, DeliveryLossId,
    DeliveryReturnId, DeviceId, DutyRecordId, EnrollmentId, EntitlementId, FollowUpId, GraduationCriteriaId,
    GraduationId, MemberId, OrderId, OverlapRuleId, ProgramId, QuotaId, ReplacementId, ReserveId, RuleSetId,
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
    /// A cycle of the program to change, to cancel.
    CYCLE_TO_CANCEL: CycleId = 0x60_1509;
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
    /// What was due to it.
    ENTITLEMENT_PASSED: EntitlementId = 0xe447;
    /// The family that took its place.
    BENEFICIARY_FOLLOWING: BeneficiaryId = 0xb148;
    /// Its enrollment.
    ENROLLMENT_FOLLOWING: EnrollmentId = 0xe148;
    /// What passed to it.
    ENTITLEMENT_TAKEN_OVER: EntitlementId = 0xe448;
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
    /// A family that is paid for a victim of gross human-rights violations and for a pupil.
    BENEFICIARY_OF_VICTIM: BeneficiaryId = 0xb185;
    /// That victim.
    VICTIM: MemberId = 0xa185;
    /// The pupil.
    CHILD_OF_VICTIM: MemberId = 0xa285;
    /// Its enrollment.
    ENROLLMENT_OF_VICTIM: EnrollmentId = 0xe185;
    /// What is due to it.
    ENTITLEMENT_OF_VICTIM: EntitlementId = 0xe485;
    /// What the pupil of the other family did.
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
    /// How a family does three months after it got a sewing machine.
    FOLLOW_UP: FollowUpId = 0x60_1831;
    /// A pupil whose school days are to be recorded.
    PUPIL_TO_RECORD: MemberId = 0xa253;
    /// The replacement.
    REPLACEMENT: ReplacementId = 0x60_1401;
    /// Criteria for graduating.
    GRADUATION_CRITERIA: GraduationCriteriaId = 0x60_1701;
    /// A family that is ready to graduate.
    BENEFICIARY_TO_GRADUATE: BeneficiaryId = 0xb164;
    /// A family that graduated.
    BENEFICIARY_GRADUATED: BeneficiaryId = 0xb165;
    /// Its graduation.
    GRADUATION: GraduationId = 0x60_1702;
    /// A family that graduated and needs aid again.
    BENEFICIARY_COMING_BACK: BeneficiaryId = 0xb166;
    /// Its graduation.
    GRADUATION_TO_RETURN: GraduationId = 0x60_1703;
    /// A family that takes something back.
    BENEFICIARY_TO_RETURN: BeneficiaryId = 0xb149;
    /// Its enrollment.
    ENROLLMENT_TO_RETURN: EnrollmentId = 0xe149;
    /// What is due to it.
    ENTITLEMENT_TO_RETURN: EntitlementId = 0xe449;
    /// A delivery of which something comes back.
    DELIVERY_TO_RETURN: DeliveryId = 0xe649;
    /// A family that took something back.
    BENEFICIARY_RETURNED: BeneficiaryId = 0xb14a;
    /// Its enrollment.
    ENROLLMENT_RETURNED: EnrollmentId = 0xe14a;
    /// What is due to it.
    ENTITLEMENT_RETURNED: EntitlementId = 0xe44a;
    /// The delivery.
    DELIVERY_RETURNED: DeliveryId = 0xe64a;
    /// What came back of it.
    DELIVERY_RETURN: DeliveryReturnId = 0x60_1501;
    /// What was lost on the way.
    DELIVERY_LOSS: DeliveryLossId = 0x60_1502;
    /// A family whose rice stands in a file of results.
    BENEFICIARY_IN_RESULTS: BeneficiaryId = 0xb14b;
    /// Its enrollment.
    ENROLLMENT_IN_RESULTS: EnrollmentId = 0xe14b;
    /// What is due to it.
    ENTITLEMENT_IN_RESULTS: EntitlementId = 0xe44b;
    /// A file of results with a faulty row and one that failed.
    DELIVERY_IMPORT: DeliveryImportId = 0x60_1503;
    /// A device that records deliveries without signal.
    DEVICE: DeviceId = 0x60_1601;
    /// One to revoke.
    DEVICE_TO_REVOKE: DeviceId = 0x60_1602;
    /// What the device brought.
    DELIVERY_BATCH: DeliveryBatchId = 0x60_1603;
    /// Of it, what could not be a delivery.
    DELIVERY_CONFLICT: DeliveryId = 0x60_1604;
    /// One to dismiss.
    CONFLICT_TO_DISMISS: DeliveryId = 0x60_1605;
    /// One that is possible by now.
    CONFLICT_TO_APPLY: DeliveryId = 0x60_1606;
    /// A family that the device hands something over to.
    BENEFICIARY_AFLOAT: BeneficiaryId = 0xb14c;
    /// Its enrollment.
    ENROLLMENT_AFLOAT: EnrollmentId = 0xe14c;
    /// What is due to it.
    ENTITLEMENT_AFLOAT: EntitlementId = 0xe44c;
    /// A family that the conflicts are about.
    BENEFICIARY_IN_CONFLICT: BeneficiaryId = 0xb14d;
    /// Its enrollment.
    ENROLLMENT_IN_CONFLICT: EnrollmentId = 0xe14d;
    /// What is due to it.
    ENTITLEMENT_IN_CONFLICT: EntitlementId = 0xe44d;
}
