//! One ledger of all aid: what each family is due and got, from programs and from companies, as of any date.
//!
//! Nothing is stored here. Entitlements and allocations, their deliveries, holds and releases are what happened; the
//! ledger reads them as one list, so that it cannot differ from them. Where one family has the same from several
//! sources, it is told while some of it is still due.

mod model;
mod queries;
mod routes;

pub use model::AidSource;
pub use routes::routes;
