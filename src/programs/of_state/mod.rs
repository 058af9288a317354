//! Programs of the state: the operator loads them, with their rule sets and overlap rules, from a file whose parts have
//! the form of the bodies that the API takes from officers.
//!
//! What was loaded is only added to: the same file again changes nothing, and one that tells a rule set or an overlap
//! rule otherwise than it is recorded is refused as a whole.

mod actions;
mod model;
mod queries;

pub use actions::load_state;
pub use model::{LoadedState, Misfit, Misfits, StateFile};

/// The programs of the state that come with the service, as such a file: rice, BLT of the village fund, PKH, food credit.
pub const STATE_PROGRAMS: &str = include_str!("programs.json");
