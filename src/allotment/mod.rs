//! Who gets which portion of what is free: the exact optimum of a published order. Pure.
//!
//! Lines give portions of one kind to the places of their earmark; a family takes portions of the kinds it needs, at
//! most so many in a round of aid, whatever it got elsewhere counted. A *slot* is one turn of one family. The slots
//! that lines can serve together are the independent sets of a gammoid, so serving them in the published order, each
//! if room can be made for it, is optimal for every weight that respects the order, and serves the most slots.
//!
//! Room is made along paths: a line that is used up takes a portion back from a class (a kind at a place), which
//! takes one from another line, or moves a family of its own to another kind that this family needs. The graph of
//! such steps has lines and classes only; families stand on its edges. What was given never depends on the order in
//! which the rows of the instance came.

mod board;
mod certificates;
mod changes;
mod columns;
mod instance;
mod matcher;
mod search;
mod transcript;

pub use certificates::{Certificate, Certificates, Outranked, Verdict};
pub use changes::NewNeed;
pub use instance::{Family, Instance, Line, Need, Policy, lot};
pub use matcher::{Grant, Matcher, Slot};
pub use transcript::Transcript;
