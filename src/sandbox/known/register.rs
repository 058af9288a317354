//! Families, members, what is done with their records, and who is told of it.

use super::{id, known};
use crate::domain::{
    AttributeSchemaId, AuditRecordId, BeneficiaryId, ChangeRequestId, CollectorId, DuplicateMergerId, DuplicatePairId,
    DuplicateRunId, EventId, ExportId, ImportId, MappingId, MemberId, RankImportId, RelocationId, VerificationRoundId,
    VisitId, WebhookDeliveryId, WebhookId,
};

known! {
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
    /// A family whose card is issued again.
    BENEFICIARY_OF_NEW_CARD: BeneficiaryId = 0xb179;
    /// One whose card was.
    BENEFICIARY_RECARDED: BeneficiaryId = 0xb17a;
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
