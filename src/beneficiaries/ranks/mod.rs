//! Welfare ranks: deciles of families as sources gave them, a series by source and period.
//!
//! A rank is never overwritten and never computed here: the same source and period with another decile is refused. The
//! latest one is copied onto the family, for lists and rules.

mod actions;
mod disagreements;
mod imports;
mod model;
mod queries;
mod routes;

pub use disagreements::{RankDisagreement, RankDisagreementCount};
pub use imports::{RankImport, RankImportFault, RankImportStatus, watch as watch_rank_imports};
pub use model::WelfareRank;
pub use queries::sources_of;
pub(super) use routes::routes;
