//! Why a family is or is not eligible: each part of the rule with its answer and the facts it read.

use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::entries::FactRef;
use super::evaluate::{Answer, Span};
use super::facts::{Origin, Subject, Value};
use super::tree::{Condition, Each, Operand};

/// One part of a rule, its answer for the family, and the parts it is made of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Explained {
    /// The part, as a rule writes it.
    #[schema(example = "family.decile <= 4", max_length = 20_000)]
    pub text: String,
    /// Whether it holds.
    pub answer: Answer,
    /// The member it was asked of, where it is about one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub member_id: Option<Uuid>,
    /// Facts it read itself.
    pub facts: Vec<FactUsed>,
    /// Parts it is made of; for a condition on members, one a member.
    #[schema(no_recursion)]
    pub children: Vec<Explained>,
}

/// A fact as it was when it was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct FactUsed {
    /// Its name, as the rule writes it.
    #[schema(example = "family.decile", max_length = 20_000)]
    pub name: String,
    /// Its value; null where it is unknown.
    pub value: Option<FactValue>,
    /// Record or publisher it comes from.
    #[schema(example = "DTSEN", max_length = 200)]
    pub source: String,
    /// Day it was recorded, or first day of the period it is for, where known.
    pub on: Option<NaiveDate>,
}

/// Value of a fact.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(untagged)]
pub enum FactValue {
    /// Holds or does not hold.
    Boolean(bool),
    /// A number.
    Whole(i64),
    /// A word or code.
    Text(String),
    /// Codes of programs.
    Texts(Vec<String>),
    /// A count that unknown facts leave open.
    Between {
        /// Least it can be.
        least: i64,
        /// Most it can be.
        most: i64,
    },
}

impl Condition {
    /// The answer for the subject and how it came about.
    pub(super) fn explain(&self, subject: Subject<'_>, variable: &str) -> Explained {
        Explained {
            text: self.text(variable),
            answer: self.answer(subject),
            member_id: None,
            facts: self.facts_used(subject, variable),
            children: self.explained_parts(subject, variable),
        }
    }

    fn explained_parts(&self, subject: Subject<'_>, variable: &str) -> Vec<Explained> {
        match self {
            Self::Not(inner) => vec![inner.explain(subject, variable)],
            Self::All(parts) | Self::Any(parts) => parts.iter().map(|part| part.explain(subject, variable)).collect(),
            Self::Some(each) | Self::Every(each) => each.explain(subject).collect(),
            _ => self.operands().into_iter().filter_map(Operand::each).flat_map(|each| each.explain(subject)).collect(),
        }
    }

    fn facts_used(&self, subject: Subject<'_>, variable: &str) -> Vec<FactUsed> {
        if let Self::Enrolled(_) = self {
            return vec![programs_used(subject)];
        }
        let read = self.facts().into_iter().map(|fact| fact_used(subject, fact, variable));
        let counted = self.operands().into_iter().filter_map(|operand| count_used(subject, operand));
        read.chain(counted).collect()
    }
}

impl Each {
    fn explain<'a>(&'a self, subject: Subject<'a>) -> impl Iterator<Item = Explained> + 'a {
        subject.facts.members.iter().map(move |member| {
            let explained = self.predicate.explain(subject.of(member), &self.variable);
            Explained { member_id: Some(member.id), ..explained }
        })
    }
}

fn fact_used(subject: Subject<'_>, fact: FactRef, variable: &str) -> FactUsed {
    let Origin { source, on } = subject.origin(fact);
    let value = subject.value(fact).map(|value| match value {
        Value::Boolean(value) => FactValue::Boolean(value),
        Value::Whole(number) => FactValue::Whole(number),
        Value::Text(text) => FactValue::Text(text.to_owned()),
    });
    FactUsed { name: fact.text(variable), value, source, on }
}

fn count_used(subject: Subject<'_>, operand: &Operand) -> Option<FactUsed> {
    let Span { least, most } = operand.count(subject)?;
    let value = if least == most { FactValue::Whole(least) } else { FactValue::Between { least, most } };
    let source = if *operand == Operand::Programs { "enrollments" } else { "member register" };
    Some(FactUsed { name: operand.text(""), value: Some(value), source: source.to_owned(), on: None })
}

fn programs_used(subject: Subject<'_>) -> FactUsed {
    let programs = &subject.facts.family.programs;
    FactUsed {
        name: "family.programs".to_owned(),
        value: Some(FactValue::Texts(programs.iter().map(|program| program.code.clone()).collect())),
        source: "enrollments".to_owned(),
        on: programs.iter().filter_map(|program| program.started_on).max(),
    }
}
