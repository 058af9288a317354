//! Why a family is or is not eligible: each part of the rule with its answer and the facts it read.

use chrono::NaiveDate;
use serde::Serialize;
use serde_json::Value as Json;
use utoipa::ToSchema;
use uuid::Uuid;

use super::entries::FactRef;
use super::evaluate::Answer;
use super::facts::{Origin, SourceRank, Subject, Value};
use super::keyed::{Aid, AidMeasure, AttributeRef, rank_text};
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
    /// A word or code, or a number with a fraction as its digits.
    Text(String),
    /// Codes of programs, or the texts of an attribute.
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
        if let Self::Ranked(source) = self {
            return vec![rank_used(subject, source)];
        }
        let read = self.facts().into_iter().map(|fact| fact_used(subject, fact, variable));
        let attributes = self.attributes().into_iter().map(|attribute| attribute_used(subject, attribute, variable));
        let counted = self.operands().into_iter().filter_map(|operand| operand_used(subject, operand));
        read.chain(attributes).chain(counted).collect()
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
    FactUsed { name: fact.text(variable), value: subject.value(fact).map(told), source, on }
}

/// The value of a fact of the catalogue.
pub(super) fn told(value: Value<'_>) -> FactValue {
    match value {
        Value::Boolean(value) => FactValue::Boolean(value),
        Value::Whole(number) => FactValue::Whole(number),
        Value::Text(text) => FactValue::Text(text.to_owned()),
    }
}

fn operand_used(subject: Subject<'_>, operand: &Operand) -> Option<FactUsed> {
    match operand {
        Operand::Rank(source) => return Some(rank_used(subject, source)),
        Operand::Aid(aid) => return Some(aid_used(subject, aid)),
        _ => {}
    }
    let (least, most) = operand.count(subject)?.wholes()?;
    let value = if least == most { FactValue::Whole(least) } else { FactValue::Between { least, most } };
    let source = if *operand == Operand::Programs { "enrollments" } else { "member register" };
    Some(FactUsed { name: operand.text(""), value: Some(value), source: source.to_owned(), on: None })
}

fn rank_used(subject: Subject<'_>, source: &str) -> FactUsed {
    let rank = subject.rank(source);
    FactUsed {
        name: rank_text(source),
        value: rank.map(|rank| FactValue::Whole(rank.decile.into())),
        source: source.to_owned(),
        on: rank.and_then(|rank: &SourceRank| rank.on),
    }
}

/// The day is that of the last delivery.
fn aid_used(subject: Subject<'_>, aid: &Aid) -> FactUsed {
    let on = subject.aid(aid).map(|received| received.on).max();
    FactUsed { name: aid.text(), value: aid_value(subject, aid), source: "deliveries".to_owned(), on }
}

/// How much was received, or how many times.
pub(super) fn aid_value(subject: Subject<'_>, aid: &Aid) -> Option<FactValue> {
    match aid.measure {
        AidMeasure::Deliveries => i64::try_from(subject.aid(aid).count()).ok().map(FactValue::Whole),
        AidMeasure::Quantity => Some(quantity(subject.aid(aid).map(|received| received.thousandths).sum())),
    }
}

fn quantity(thousandths: i64) -> FactValue {
    match (thousandths / 1_000, thousandths % 1_000) {
        (whole, 0) => FactValue::Whole(whole),
        (whole, part) => FactValue::Text(format!("{whole}.{part:03}").trim_end_matches('0').to_owned()),
    }
}

fn attribute_used(subject: Subject<'_>, attribute: &AttributeRef, variable: &str) -> FactUsed {
    let recorded = subject.attribute(attribute);
    let text = |name: &str| recorded.and_then(|recorded| recorded.get(name)).and_then(Json::as_str);
    FactUsed {
        name: attribute.text(variable),
        value: subject.attribute_value(attribute).and_then(json_value),
        source: text("source").unwrap_or("attributes").to_owned(),
        on: text("observed_on").and_then(|on| on.parse().ok()),
    }
}

/// The value of an attribute.
pub(super) fn json_value(value: &Json) -> Option<FactValue> {
    Some(match value {
        Json::Bool(value) => FactValue::Boolean(*value),
        Json::Number(number) => number.as_i64().map_or_else(|| FactValue::Text(number.to_string()), FactValue::Whole),
        Json::String(text) => FactValue::Text(text.clone()),
        Json::Array(items) => FactValue::Texts(
            items.iter().map(|item| item.as_str().map_or_else(|| item.to_string(), str::to_owned)).collect(),
        ),
        Json::Null | Json::Object(_) => return None,
    })
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
