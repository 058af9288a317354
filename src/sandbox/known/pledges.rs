//! Companies, needs, pledges and what becomes of them.

use super::{id, known};
use crate::domain::{
    AllocationId, AllocationReturnId, BeneficiaryId, CompanyId, DeliveryId, EvidencePackId, MatchingRunId, NeedId,
    PledgeDecisionId, PledgeDisclosureId, PledgeId, PledgeLineId, ReceiptId, TransferId,
};

known! {
    /// A synthetic company, with pledges in several states.
    COMPANY: CompanyId = 0xc1;
    /// A second one.
    COMPANY_B: CompanyId = 0xc2;
    /// A third one.
    COMPANY_C: CompanyId = 0xc3;
    /// A need to withdraw.
    NEED_TO_WITHDRAW: NeedId = 0xf107;
    /// The family that has it.
    BENEFICIARY_WITHOUT_NEED: BeneficiaryId = 0xb107;
    /// A family that a need is recorded for.
    BENEFICIARY_IN_NEED: BeneficiaryId = 0xb108;
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
    /// What can be proven of the company's year.
    ANNUAL_EVIDENCE_PACK: EvidencePackId = 0xf305;
    /// The transfer that put it into stock.
    TRANSFER: TransferId = 0xf302;
    /// A committed matching run over that line and no family but one.
    MATCHING_RUN: MatchingRunId = 0xf304;
    /// What the company disclosed of it.
    DISCLOSURE: PledgeDisclosureId = 0xf306;
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
    /// An allocation of it to a family that is to be visited.
    ALLOCATION_TO_FOLLOW: AllocationId = 0xf611;
    /// One to a family that was visited.
    ALLOCATION_FOLLOWED: AllocationId = 0xf612;
    /// One that was turned down.
    REJECTED_PLEDGE: PledgeId = 0xf603;
    /// One that the third company took back.
    WITHDRAWN_PLEDGE: PledgeId = 0xf604;
    /// A submitted one of it.
    PLEDGE_OF_C: PledgeId = 0xf605;
    /// A committed pledge to amend.
    PLEDGE_TO_AMEND: PledgeId = 0xf710;
    /// Its line.
    LINE_TO_AMEND: PledgeLineId = 0xf711;
    /// A committed pledge whose rest is called off.
    PLEDGE_TO_CANCEL: PledgeId = 0xf720;
    /// Its line.
    LINE_TO_CANCEL: PledgeLineId = 0xf721;
    /// A late pledge whose rest is given up.
    PLEDGE_TO_WRITE_OFF: PledgeId = 0xf725;
    /// Its line.
    LINE_TO_WRITE_OFF: PledgeLineId = 0xf726;
    /// A committed pledge to give stock of back.
    PLEDGE_TO_REFUND: PledgeId = 0xf730;
    /// Its line.
    LINE_TO_REFUND: PledgeLineId = 0xf731;
    /// A committed pledge to give stock of another earmark.
    PLEDGE_TO_REALLOCATE: PledgeId = 0xf740;
    /// Its line.
    LINE_TO_REALLOCATE: PledgeLineId = 0xf741;
    /// A committed pledge of which stock is lost.
    PLEDGE_TO_LOSE: PledgeId = 0xf750;
    /// Its line.
    LINE_TO_LOSE: PledgeLineId = 0xf751;
    /// A committed pledge with a wrong receipt.
    PLEDGE_TO_CORRECT: PledgeId = 0xf760;
    /// Its line.
    LINE_TO_CORRECT: PledgeLineId = 0xf761;
    /// The transfer of that receipt.
    TRANSFER_TO_CORRECT: TransferId = 0xf763;
    /// A closing pledge of which nothing is left.
    PLEDGE_TO_CLOSE: PledgeId = 0xf770;
    /// Its line.
    LINE_TO_CLOSE: PledgeLineId = 0xf771;
    /// What can be proven of it.
    EVIDENCE_TO_CLOSE: EvidencePackId = 0xf772;
    /// A closed pledge.
    PLEDGE_TO_REOPEN: PledgeId = 0xf780;
    /// Its line.
    LINE_TO_REOPEN: PledgeLineId = 0xf781;
    /// A committed pledge that is decided on.
    PLEDGE_TO_DECIDE: PledgeId = 0xf7a0;
    /// Its line.
    LINE_TO_DECIDE: PledgeLineId = 0xf7a1;
    /// A committed pledge of which families gave something back.
    PLEDGE_HANDED_BACK: PledgeId = 0xf7b0;
    /// Its line.
    LINE_HANDED_BACK: PledgeLineId = 0xf7b1;
    /// A family that has seedlings of it.
    BENEFICIARY_TO_HAND_BACK: BeneficiaryId = 0xb187;
    /// Its allocation, to give something back of.
    ALLOCATION_TO_HAND_BACK: AllocationId = 0xf7b2;
    /// A family that gave some back.
    BENEFICIARY_HANDED_BACK: BeneficiaryId = 0xb188;
    /// Its allocation.
    ALLOCATION_HANDED_BACK: AllocationId = 0xf7b3;
    /// Its handover.
    ALLOCATION_DELIVERY: DeliveryId = 0xf7b5;
    /// What it gave back.
    ALLOCATION_RETURN: AllocationReturnId = 0xf7b4;
    /// A decision that is refused.
    DECISION: PledgeDecisionId = 0xf790;
    /// A decision to agree to.
    DECISION_TO_AGREE: PledgeDecisionId = 0xf791;
    /// A decision to refuse.
    DECISION_TO_REFUSE: PledgeDecisionId = 0xf792;
    /// A decision to take back.
    DECISION_TO_WITHDRAW: PledgeDecisionId = 0xf793;
}
