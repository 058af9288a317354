//! Goods of programs: where they are kept, what came in and how it moved.

use super::{id, known};
use crate::domain::{
    BeneficiaryId, DeliveryId, EnrollmentId, EntitlementId, StockLossId, StockLotId, StockMovementId, StockSiteId,
};

known! {
    /// The warehouse of the sub-district.
    STOCK_SITE: StockSiteId = 0x60_1911;
    /// A village hall that keeps rice.
    STOCK_SITE_OF_VILLAGE: StockSiteId = 0x60_1912;
    /// A site to correct.
    STOCK_SITE_TO_CHANGE: StockSiteId = 0x60_1913;
    /// An empty site to close.
    STOCK_SITE_TO_CLOSE: StockSiteId = 0x60_1914;
    /// Rice for the program of the sub-district.
    STOCK_LOT: StockLotId = 0x60_1921;
    /// Hoes for any program that counts in units.
    STOCK_LOT_OF_TOOLS: StockLotId = 0x60_1922;
    /// A loss that two officers agreed on.
    STOCK_LOSS: StockLossId = 0x60_1931;
    /// A loss to agree to.
    STOCK_LOSS_TO_AGREE: StockLossId = 0x60_1932;
    /// A loss to refuse.
    STOCK_LOSS_TO_REFUSE: StockLossId = 0x60_1933;
    /// How the rice came in.
    STOCK_MOVEMENT: StockMovementId = 0x60_1941;
    /// A family that got rice from the village hall.
    BENEFICIARY_FROM_STOCK: BeneficiaryId = 0xb167;
    /// Its enrollment.
    ENROLLMENT_FROM_STOCK: EnrollmentId = 0xe167;
    /// What is due to it.
    ENTITLEMENT_FROM_STOCK: EntitlementId = 0xe467;
    /// What it got.
    DELIVERY_FROM_STOCK: DeliveryId = 0xe667;
}
