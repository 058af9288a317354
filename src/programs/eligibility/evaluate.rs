//! The answer of a rule for one family, in memory.
//!
//! Unknown facts are carried as such: `&&`, `||` and `!` answer in three values, as SQL and CEL (for its
//! errors) do, and a count that some members may or may not be part of is a span.

use std::str::FromStr;

use bigdecimal::rounding::RoundingMode;
use bigdecimal::{BigDecimal, ToPrimitive};
use serde::Serialize;
use serde_json::{Number, Value as Json};
use utoipa::ToSchema;

use super::entries::FactRef;
use super::facts::{MemberFacts, Subject, Value};
use super::keyed::{Aid, AidMeasure, AttributeKind, AttributeRef};
use super::tree::{Condition, Each, Operand, Order, Values};

/// Whether a condition holds. Only a family with `yes` is eligible.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    /// It holds.
    Yes,
    /// It does not hold.
    No,
    /// A fact it needs is unknown.
    Unknown,
}

impl Answer {
    fn not(self) -> Self {
        match self {
            Self::Yes => Self::No,
            Self::No => Self::Yes,
            Self::Unknown => Self::Unknown,
        }
    }

    /// No as soon as one is no; yes only if all are yes.
    fn all(answers: impl IntoIterator<Item = Self>) -> Self {
        let mut all = Self::Yes;
        for answer in answers {
            match answer {
                Self::No => return Self::No,
                Self::Unknown => all = Self::Unknown,
                Self::Yes => {}
            }
        }
        all
    }

    fn any(answers: impl IntoIterator<Item = Self>) -> Self {
        Self::all(answers.into_iter().map(Self::not)).not()
    }

    fn holds_or_fails(holds: bool, fails: bool) -> Self {
        match (holds, fails) {
            (true, _) => Self::Yes,
            (false, true) => Self::No,
            (false, false) => Self::Unknown,
        }
    }
}

impl From<bool> for Answer {
    fn from(value: bool) -> Self {
        if value { Self::Yes } else { Self::No }
    }
}

/// A number that is at least `least` and at most `most`, both in millionths.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Span {
    least: i128,
    most: i128,
}

/// Parts of a whole: what is finer is cut off, in SQL too.
const MILLION: i128 = 1_000_000;
/// Digits that a part of a whole has.
pub(super) const MOST_FRACTION: i64 = 6;

impl Span {
    fn exactly(millionths: i128) -> Self {
        Self { least: millionths, most: millionths }
    }

    fn whole(number: i64) -> Self {
        Self::exactly(i128::from(number) * MILLION)
    }

    /// Least and most as whole numbers, which counts are.
    pub(super) fn wholes(self) -> Option<(i64, i64)> {
        let whole = |millionths: i128| i64::try_from(millionths / MILLION).ok();
        Some((whole(self.least)?, whole(self.most)?))
    }

    fn compare(self, order: Order, other: Self) -> Answer {
        match order {
            Order::Less => Answer::holds_or_fails(self.most < other.least, self.least >= other.most),
            Order::AtMost => Answer::holds_or_fails(self.most <= other.least, self.least > other.most),
            Order::More | Order::AtLeast => other.compare(order.mirrored(), self),
            Order::Equal => Answer::all([self.compare(Order::AtMost, other), self.compare(Order::AtLeast, other)]),
            Order::Differs => self.compare(Order::Equal, other).not(),
        }
    }
}

/// What an operand comes to.
#[derive(Clone, Copy)]
enum Measure<'a> {
    Number(Span),
    Text(&'a str),
}

impl Condition {
    /// Whether the condition holds for the subject.
    pub(super) fn answer(&self, subject: Subject<'_>) -> Answer {
        match self {
            Self::Always(value) => Answer::from(*value),
            Self::Is(fact) => match subject.value(*fact) {
                Some(Value::Boolean(value)) => Answer::from(value),
                _ => Answer::Unknown,
            },
            Self::Known(fact) => Answer::from(subject.value(*fact).is_some()),
            Self::Enrolled(code) => {
                Answer::from(subject.facts.family.programs.iter().any(|program| program.code == *code))
            }
            Self::Ranked(source) => Answer::from(subject.rank(source).is_some()),
            Self::Present(attribute) => Answer::from(subject.attribute_value(attribute).is_some()),
            Self::Holds(attribute) => match subject.attribute_value(attribute) {
                Some(Json::Bool(value)) => Answer::from(*value),
                _ => Answer::Unknown,
            },
            Self::Lists { list, text } => lists(subject, list, text),
            Self::Compare { left, order, right } => compare(left.measure(subject), *order, right.measure(subject)),
            Self::OneOf { operand, values } => one_of(operand.measure(subject), values),
            Self::StartsWith { fact, prefix } => starts_with(subject, *fact, prefix),
            Self::Not(inner) => inner.answer(subject).not(),
            Self::All(parts) => Answer::all(parts.iter().map(|part| part.answer(subject))),
            Self::Any(parts) => Answer::any(parts.iter().map(|part| part.answer(subject))),
            Self::Some(each) => Answer::any(each.answers(subject)),
            Self::Every(each) => Answer::all(each.answers(subject)),
        }
    }
}

impl Each {
    fn answers<'a>(&'a self, subject: Subject<'a>) -> impl Iterator<Item = Answer> + 'a {
        let of = move |member: &'a MemberFacts| self.predicate.answer(subject.of(member));
        subject.facts.members.iter().map(of)
    }

    /// How many members the condition holds for.
    pub(super) fn count(&self, subject: Subject<'_>) -> Span {
        self.answers(subject).fold(Span::exactly(0), |count, answer| match answer {
            Answer::Yes => Span { least: count.least + MILLION, most: count.most + MILLION },
            Answer::Unknown => Span { most: count.most + MILLION, ..count },
            Answer::No => count,
        })
    }
}

impl Operand {
    fn measure<'a>(&'a self, subject: Subject<'a>) -> Option<Measure<'a>> {
        match self {
            Self::Text(text) => Some(Measure::Text(text)),
            Self::Fact(fact) => match subject.value(*fact)? {
                Value::Whole(number) => Some(Measure::Number(Span::whole(number))),
                Value::Text(text) => Some(Measure::Text(text)),
                Value::Boolean(_) => None,
            },
            Self::Whole(number) => Some(Measure::Number(Span::whole(*number))),
            Self::Members(_) | Self::Programs => self.count(subject).map(Measure::Number),
            Self::Rank(source) => Some(Measure::Number(Span::whole(subject.rank(source)?.decile.into()))),
            Self::Attribute { attribute, kind } => measured(subject.attribute_value(attribute)?, *kind),
            Self::Aid(aid) => Some(Measure::Number(received(subject, aid))),
        }
    }

    /// The text it comes to.
    pub(super) fn text_value<'a>(&'a self, subject: Subject<'a>) -> Option<&'a str> {
        match self.measure(subject)? {
            Measure::Text(text) => Some(text),
            Measure::Number(_) => None,
        }
    }

    /// The whole number it comes to, where it is certain.
    pub(super) fn whole_value(&self, subject: Subject<'_>) -> Option<i64> {
        match self.measure(subject)? {
            Measure::Number(span) if span.least == span.most => Some(span.wholes()?.0),
            _ => None,
        }
    }

    /// The number of what is counted, if something is.
    pub(super) fn count(&self, subject: Subject<'_>) -> Option<Span> {
        let size = |size: usize| i64::try_from(size).ok().map(Span::whole);
        match self {
            Self::Members(Some(each)) => Some(each.count(subject)),
            Self::Members(None) => size(subject.facts.members.len()),
            Self::Programs => size(subject.facts.family.programs.len()),
            _ => None,
        }
    }
}

fn compare(left: Option<Measure<'_>>, order: Order, right: Option<Measure<'_>>) -> Answer {
    match (left, right) {
        (Some(Measure::Number(left)), Some(Measure::Number(right))) => left.compare(order, right),
        (Some(Measure::Text(left)), Some(Measure::Text(right))) => {
            Answer::from((left == right) == (order == Order::Equal))
        }
        _ => Answer::Unknown,
    }
}

fn one_of(measure: Option<Measure<'_>>, values: &Values) -> Answer {
    match (measure, values) {
        (Some(Measure::Number(span)), Values::Whole(numbers)) => {
            Answer::any(numbers.iter().map(|number| span.compare(Order::Equal, Span::whole(*number))))
        }
        (Some(Measure::Text(text)), Values::Text(texts)) => Answer::from(texts.iter().any(|one| one == text)),
        _ => Answer::Unknown,
    }
}

fn starts_with(subject: Subject<'_>, fact: FactRef, prefix: &str) -> Answer {
    match subject.value(fact) {
        Some(Value::Text(text)) => Answer::from(text.starts_with(prefix)),
        _ => Answer::Unknown,
    }
}

fn lists(subject: Subject<'_>, list: &AttributeRef, text: &str) -> Answer {
    match subject.attribute_value(list) {
        Some(Json::Array(items)) => Answer::from(items.iter().any(|item| item.as_str() == Some(text))),
        _ => Answer::Unknown,
    }
}

/// The attribute as what the rule takes it for; nothing where it is something else.
fn measured(value: &Json, kind: AttributeKind) -> Option<Measure<'_>> {
    match (value, kind) {
        (Json::Number(number), AttributeKind::Number) => millionths(number).map(Span::exactly).map(Measure::Number),
        (Json::String(text), AttributeKind::Text) => Some(Measure::Text(text)),
        _ => None,
    }
}

fn millionths(number: &Number) -> Option<i128> {
    let exact = BigDecimal::from_str(&number.to_string()).ok()?.with_scale_round(MOST_FRACTION, RoundingMode::Down);
    exact.into_bigint_and_exponent().0.to_i128()
}

fn received(subject: Subject<'_>, aid: &Aid) -> Span {
    let each = subject.aid(aid);
    Span::exactly(match aid.measure {
        AidMeasure::Deliveries => each.map(|_| MILLION).sum(),
        AidMeasure::Quantity => each.map(|received| i128::from(received.thousandths) * 1_000).sum(),
    })
}
