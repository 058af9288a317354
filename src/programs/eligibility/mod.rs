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
mod language;
mod sql;
mod tree;

use std::collections::BTreeSet;

use chrono::NaiveDate;

pub use catalogue::{Fact, FactKind, facts};
pub use evaluate::Answer;
pub use explain::{Explained, FactUsed, FactValue};
pub use facts::{EnrolledProgram, Facts, FamilyFacts, MemberFacts, Origin};
pub use language::{Fault, FaultCode, MOST_CHARACTERS, MOST_NESTING, MOST_NODES};
pub use sql::{Parameter, Sql};

use facts::Subject;
use tree::Condition;

/// A rule that has been read and type-checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expression {
    source: String,
    condition: Condition,
}

impl Expression {
    /// Reads and checks a rule.
    ///
    /// # Errors
    /// Every fault with its place: of the way it is written the first one, of its meaning all.
    pub fn parse(source: &str) -> Result<Self, Vec<Fault>> {
        let condition = language::parse(source)?;
        Ok(Self { source: source.to_owned(), condition })
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

    /// Codes of the programs it names, so that the caller can refuse those that do not exist.
    #[must_use]
    pub fn program_codes(&self) -> BTreeSet<&str> {
        let mut codes = BTreeSet::new();
        collect_codes(&self.condition, &mut codes);
        codes
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

    /// The rule as SQL over `beneficiaries b`, with placeholders numbered from `first`.
    #[must_use]
    pub fn sql(&self, reference_on: NaiveDate, first: usize) -> Sql {
        compile::compile(&self.condition, reference_on, first)
    }
}

fn collect_codes<'a>(condition: &'a Condition, codes: &mut BTreeSet<&'a str>) {
    if let Condition::Enrolled(code) = condition {
        codes.insert(code);
    }
    for part in condition.parts() {
        collect_codes(part, codes);
    }
}
