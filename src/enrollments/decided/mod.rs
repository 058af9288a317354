//! What a meeting decided of many families, applied to their enrollments in one go.

mod actions;
mod model;
mod queries;

pub use actions::apply;
pub use model::{Applied, Decided, Decision, DecisionFault};
