//! Deliveries: what was handed over of an entitlement, to whom, with which proof. Append-only.
//!
//! Never more than is due: the entitlement's row is locked, then what was delivered, less what came back, is added up.
//! Nothing of what a suspension order holds. What came back is a return; what was lost on the way is a loss.

mod actions;
mod batches;
mod conflicts;
mod devices;
mod imports;
mod losses;
mod model;
mod queries;
mod returns;
mod routes;
mod rules;

use crate::http::Routes;
pub use imports::watch as watch_imports;
pub use model::{Delivery, NewDelivery};

/// Registers the routes.
pub(super) fn routes(config: &mut Routes<'_, '_>) {
    routes::routes(config);
    returns::routes(config);
    losses::routes(config);
    imports::routes(config);
    devices::routes(config);
    batches::routes(config);
    conflicts::routes(config);
}
