//! Equipment, who has it, and what becomes of it.

use super::{id, known};
use crate::domain::{AssetCheckId, AssetId, AssetWriteOffId, BeneficiaryId, CustodyId};

known! {
    /// A sewing machine of a pledge that a family has.
    ASSET: AssetId = 0x60_2001;
    /// That it has it.
    CUSTODY: CustodyId = 0x60_2041;
    /// A check of it.
    ASSET_CHECK: AssetCheckId = 0x60_2061;
    /// A hand tractor to hand over.
    ASSET_TO_HAND_OVER: AssetId = 0x60_2002;
    /// A family that gets it.
    BENEFICIARY_TO_EQUIP: BeneficiaryId = 0xb171;
    /// One to take back.
    ASSET_TO_HAND_BACK: AssetId = 0x60_2003;
    /// The family that has it.
    BENEFICIARY_HANDING_BACK: BeneficiaryId = 0xb172;
    /// That it has it.
    CUSTODY_TO_END: CustodyId = 0x60_2043;
    /// One to transfer.
    ASSET_TO_TRANSFER: AssetId = 0x60_2004;
    /// The family that has it.
    BENEFICIARY_TO_TRANSFER_FROM: BeneficiaryId = 0xb173;
    /// The family that gets it.
    BENEFICIARY_TO_TRANSFER_TO: BeneficiaryId = 0xb174;
    /// That the one has it.
    CUSTODY_TO_TRANSFER: CustodyId = 0x60_2044;
    /// One to look at.
    ASSET_TO_CHECK: AssetId = 0x60_2005;
    /// The family that has it.
    BENEFICIARY_TO_CHECK_AT: BeneficiaryId = 0xb175;
    /// That it has it.
    CUSTODY_TO_CHECK: CustodyId = 0x60_2045;
    /// A broken one, to repair.
    ASSET_TO_REPAIR: AssetId = 0x60_2006;
    /// One in a workshop.
    ASSET_IN_REPAIR: AssetId = 0x60_2007;
    /// A lost one that is found.
    ASSET_TO_RECOVER: AssetId = 0x60_2008;
    /// A missing one, to write off.
    ASSET_TO_WRITE_OFF: AssetId = 0x60_2009;
    /// The family that had it.
    BENEFICIARY_MISSING_IT: BeneficiaryId = 0xb176;
    /// That it has it.
    CUSTODY_OF_MISSING: CustodyId = 0x60_2049;
    /// A missing one, whose write-off another officer agrees to.
    ASSET_TO_AGREE: AssetId = 0x60_200a;
    /// That write-off.
    WRITE_OFF_TO_AGREE: AssetWriteOffId = 0x60_208a;
    /// A missing one, whose write-off is refused.
    ASSET_TO_REFUSE: AssetId = 0x60_200b;
    /// That write-off.
    WRITE_OFF_TO_REFUSE: AssetWriteOffId = 0x60_208b;
    /// One that is used no more.
    ASSET_RETIRED: AssetId = 0x60_200c;
    /// That it is not.
    WRITE_OFF: AssetWriteOffId = 0x60_208c;
}
