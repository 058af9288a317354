//! Benefits: what a rule set gives a family in a period, as data.
//!
//! One reading of a benefit, its [`Plan`] for a period, gives both the SQL by which a cycle is drawn up and the answer
//! for one family in memory, so that the two cannot mean different things. A member counts once, for the first
//! component that fits for certain; nobody is paid for because something is unknown. A package is one unit of what is due,
//! whatever comes in it and when.

mod due;
mod model;
mod package;
mod period;
mod plan;
mod sql;

pub use due::{Due, LeftOut, LeftOutReason};
pub use model::{Attended, Benefit, Component, Cut, Duty, DutyKind, OmissionReason, PackedItem, Share, TakenFirst};
pub use package::{MilestoneKind, PackageMilestone, faults_of_milestones};
pub use period::BenefitPeriod;
pub use plan::Plan;
pub use sql::PlanSql;
