//! Eligibility rules: expressions of CEL over a documented catalogue of facts.
//!
//! An expression is read and type-checked once, into one typed tree. From that tree come the answer for one
//! family, the explanation of that answer, and the SQL condition for whole populations, so the three cannot
//! mean different things. Pure: no query and no request is known here.
//!
//! A rule says yes, no or unknown; only yes makes a family eligible. A comparison with an unknown fact is
//! unknown, `&&`, `||`, `!`, `exists` and `all` carry that on in three-valued logic, and `has(fact)` asks for
//! it. The language is described in `docs/guides/rules.md`.

mod catalogue;
mod compile;
mod entries;
mod evaluate;
mod explain;
mod facts;
mod flip;
mod joins;
mod keyed;
mod language;
mod member;
mod sql;
mod tree;

use chrono::NaiveDate;

pub use catalogue::{Fact, FactKind, facts, facts_of_schema};
pub use evaluate::Answer;
pub use explain::{Explained, FactUsed, FactValue};
pub use facts::{AidReceived, DutyDone, EnrolledProgram, Facts, FamilyFacts, MemberFacts, Origin, SourceRank};
pub use flip::FactChange;
pub use keyed::AttributeKind;
pub use language::{Fault, FaultCode, MOST_CHARACTERS, MOST_NESTING, MOST_NODES, Mention, Named};
pub use member::MemberCondition;
pub use sql::{Parameter, Sql};

use facts::Subject;
use tree::Condition;

/// A rule that has been read and type-checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expression {
    source: String,
    condition: Condition,
    mentions: Vec<Mention>,
}

impl Expression {
    /// Reads and checks a rule.
    ///
    /// # Errors
    /// Every fault with its place: of the way it is written the first one, of its meaning all.
    pub fn parse(source: &str) -> Result<Self, Vec<Fault>> {
        let (condition, mentions) = language::parse(source)?;
        Ok(Self { source: source.to_owned(), condition, mentions })
    }

    /// The rule as it was written.
    #[must_use]
    pub fn source(&self) -> &str {
        &self.source
    }

    /// The rule in one canonical form, which reads back as the same rule.
    #[must_use]
    pub fn canonical(&self) -> String {
        self.condition.text("")
    }

    /// Programs, sources and attributes that it names, so that the caller can refuse those that do not exist.
    #[must_use]
    pub fn mentions(&self) -> &[Mention] {
        &self.mentions
    }

    /// Whether a family is eligible, with ages as of `reference_on`.
    #[must_use]
    pub fn answer(&self, facts: &Facts, reference_on: NaiveDate) -> Answer {
        self.condition.answer(Subject { facts, reference_on, member: None })
    }

    /// The same answer with each part of the rule and the facts it read.
    #[must_use]
    pub fn explain(&self, facts: &Facts, reference_on: NaiveDate) -> Explained {
        self.condition.explain(Subject { facts, reference_on, member: None }, "")
    }

    /// The fewest changes of facts that would turn the answer: make an eligible family one that is not, and any other
    /// eligible. Nothing where no change of facts that can be named does it.
    #[must_use]
    pub fn smallest_change(&self, facts: &Facts, reference_on: NaiveDate) -> Option<Vec<FactChange>> {
        flip::smallest(&self.condition, facts, reference_on)
    }

    /// The rule as SQL over `beneficiaries b`, with placeholders numbered from `first`: for some families of many.
    #[must_use]
    pub fn sql(&self, reference_on: NaiveDate, first: usize) -> Sql {
        compile::compile(&self.condition, reference_on, first)
    }

    /// The same over all families of the areas that the placeholder `areas` holds: what else it reads is joined,
    /// each table read once.
    #[must_use]
    pub fn population_sql(&self, reference_on: NaiveDate, areas: usize, first: usize) -> Sql {
        compile::compile_population(&self.condition, reference_on, areas, first)
    }
}
