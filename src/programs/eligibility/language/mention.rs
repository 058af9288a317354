//! What a rule names and only records know: programs, sources of ranks, attributes.

use super::super::keyed::AttributeKind;

/// Something that a rule names, and where: whoever keeps the rule looks whether there is such a thing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mention {
    /// Character of the source, counted from 0.
    pub offset: usize,
    /// What is named.
    pub named: Named,
}

/// A name that only records can confirm.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Named {
    /// Code of a program.
    Program(String),
    /// Source of a welfare rank.
    RankSource(String),
    /// Attribute of families or of members.
    Attribute {
        /// It is a member's, the head's included.
        of_members: bool,
        /// Its name.
        name: String,
        /// What the rule takes it for; nothing where it only asks whether it is there.
        kind: Option<AttributeKind>,
    },
}
