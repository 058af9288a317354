//! The engine: records in, pairs and groups out; no database, no HTTP.

mod blocks;
mod cards;
mod cells;
mod clusters;
mod columns;
mod compare;
mod compare_digits;
mod compare_names;
mod config;
mod digits;
mod families;
mod forms;
mod hash;
mod keys;
mod radix;
mod records;
mod run;
mod sift;
mod table;
mod texts;
mod weights;

pub use self::blocks::Skipped;
pub use self::cards::{Links, link};
pub use self::clusters::{Clusters, cluster};
pub use self::compare::Comparing;
pub use self::config::{ConfigFault, Decision, Schema};
pub use self::families::families;
pub use self::keys::{Cut, Hashes, KeyPlan, Prepared, plans};
pub use self::records::{Reading, Records};
pub use self::run::{Scored, Weighed, Weighing, weigh, weigh_by};
pub use self::weights::{Bits, Weights};
