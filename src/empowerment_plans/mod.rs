//! Empowerment plans: a package of training, tools, goods and visits for one family, milestone by milestone.
//!
//! The package is the benefit of a rule set, and a plan keeps its milestones as they were when it was made. A milestone
//! is reached by a record that exists and is of the family: a certificate, a custody, a delivery, a visit. Where that
//! record does not hold any more the milestone has lapsed, which is worked out when it is asked and stored nowhere.
//! Locks are taken in one order: the family, the plan, the evidence.

mod actions;
mod counts;
mod milestones;
mod model;
mod queries;
mod routes;

pub use routes::routes;
