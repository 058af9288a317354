//! From the text of a rule to its typed tree: tokens, syntax, types, and the faults of each.

mod check;
mod compare;
mod fault;
mod keyed;
mod lexer;
mod mention;
mod names;
mod parser;
mod syntax;

pub use fault::{Fault, FaultCode};
pub use mention::{Mention, Named};
pub use parser::{MOST_CHARACTERS, MOST_NESTING, MOST_NODES};

use super::tree::Condition;

/// The condition that a source says with what it names, or its faults.
pub(super) fn parse(source: &str) -> Result<(Condition, Vec<Mention>), Vec<Fault>> {
    let node = parser::read(source).map_err(|fault| vec![fault])?;
    check::check(&node, None)
}

/// The same of a condition that is asked of one member, who has that name.
pub(super) fn parse_of_member(source: &str, name: &str) -> Result<(Condition, Vec<Mention>), Vec<Fault>> {
    let node = parser::read(source).map_err(|fault| vec![fault])?;
    check::check(&node, Some(name))
}
