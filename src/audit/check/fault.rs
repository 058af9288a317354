//! What is wrong with a chain.

use std::fmt;

use uuid::Uuid;

use crate::audit::chain::Hash;
use crate::domain::Digest;
use crate::error::Error;

/// The first fault of a chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// The block of this number is not where it belongs.
    BlockMissing(i64),
    /// Number, row count, root, previous hash or time of the block were changed.
    HeadChanged(i64),
    /// The block names another one before it.
    NotAfterTheOneBefore(i64),
    /// No key of the service signed the block.
    NotSigned(i64),
    /// The hashes of the rows do not make the root of the block.
    LeavesChanged(i64),
    /// A row was removed.
    RowRemoved(i64, usize),
    /// A row was put among those that were sealed.
    RowAdded(i64, usize, Option<Uuid>),
    /// A row is not the one that was sealed.
    RowChanged(i64, usize, Option<Uuid>),
    /// No block has the hash that one must have.
    NotMet(Digest),
    /// The file ends before it says so.
    CutOff,
    /// A line of the file is not of its form.
    LineUnreadable(u64),
}

impl Fault {
    /// The fault of the row at a place, from the hashes that are there and those that were sealed.
    pub(super) fn of_row(block: i64, place: usize, id: Option<Uuid>, (found, sealed): (&[Hash], &[Hash])) -> Self {
        let here = (found.get(place), sealed.get(place));
        let next = (found.get(place + 1), sealed.get(place + 1));
        match (here, next) {
            ((None, _), _) => Self::RowRemoved(block, place),
            ((_, Some(sealed)), (Some(found), _)) if found == sealed => Self::RowAdded(block, place, id),
            ((Some(found), _), (_, Some(sealed))) if found == sealed => Self::RowRemoved(block, place),
            _ => Self::RowChanged(block, place, id),
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let named = |id: &Option<Uuid>| id.map_or_else(String::new, |id| format!(", id {id},"));
        match self {
            Self::BlockMissing(block) => write!(f, "block {block} is not in its place"),
            Self::HeadChanged(block) => write!(f, "block {block}: its head was changed"),
            Self::NotAfterTheOneBefore(block) => write!(f, "block {block} does not follow the one before it"),
            Self::NotSigned(block) => write!(f, "block {block} is not signed by a key of this service"),
            Self::LeavesChanged(block) => write!(f, "block {block}: the hashes of its rows were changed"),
            Self::RowRemoved(block, place) => write!(f, "block {block}: the row at place {place} was removed"),
            Self::RowAdded(block, place, id) => {
                write!(f, "block {block}: the row at place {place}{} was added", named(id))
            }
            Self::RowChanged(block, place, id) => {
                write!(f, "block {block}: the row at place {place}{} is not the one that was sealed", named(id))
            }
            Self::NotMet(hash) => write!(f, "no block has the hash {hash}: the chain was cut off or made anew"),
            Self::CutOff => f.write_str("the file ends too early"),
            Self::LineUnreadable(line) => write!(f, "line {line} of the file is not of its form"),
        }
    }
}

impl std::error::Error for Fault {}

/// Why a check did not come to a good end.
#[derive(Debug)]
pub enum Stopped {
    /// Something is wrong with the chain.
    Fault(Fault),
    /// It could not be read.
    Error(Error),
}

impl From<Fault> for Stopped {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

impl From<Error> for Stopped {
    fn from(error: Error) -> Self {
        Self::Error(error)
    }
}

impl fmt::Display for Stopped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Fault(fault) => fault.fmt(f),
            Self::Error(error) => write!(f, "the audit could not be read: {error}"),
        }
    }
}

impl std::error::Error for Stopped {}
