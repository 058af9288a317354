//! A condition on one member, as benefits ask it: the same language, where `member` is the one who is asked.

use chrono::NaiveDate;

use super::facts::{Facts, MemberFacts, Subject};
use super::language::{self, Fault, Mention};
use super::tree::Condition;
use super::{Answer, Sql, compile};

/// How such a condition names the member.
const NAME: &str = "member";

/// A condition on one member that has been read and type-checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MemberCondition {
    condition: Condition,
    mentions: Vec<Mention>,
}

impl MemberCondition {
    /// Reads and checks a condition.
    ///
    /// # Errors
    /// As [`Expression::parse`](super::Expression::parse).
    pub fn parse(source: &str) -> Result<Self, Vec<Fault>> {
        let (condition, mentions) = language::parse_of_member(source, NAME)?;
        Ok(Self { condition, mentions })
    }

    /// Names in it that stand for something in the records.
    #[must_use]
    pub fn mentions(&self) -> &[Mention] {
        &self.mentions
    }

    /// Whether a member of the family fits.
    #[must_use]
    pub fn answer(&self, facts: &Facts, member: &MemberFacts, reference_on: NaiveDate) -> Answer {
        self.condition.answer(Subject { facts, reference_on, member: Some(member) })
    }

    /// The condition as SQL over `beneficiaries b`, `memberships ms` and `members m`, true for who fits and nobody
    /// else, with placeholders numbered from `first`.
    #[must_use]
    pub fn sql(&self, reference_on: NaiveDate, first: usize) -> Sql {
        compile::compile(&self.condition, reference_on, first)
    }
}
