//! The smallest change of facts that would turn an answer round: what a family could object to, or what to watch.
//!
//! Each part of a rule has ways to be turned; what all must have is their product, what one must have is their sum.
//! The shortest ways are tried on the family, so what is told has been seen to turn the answer. One change and two
//! are looked for among all that the rule asks about; beyond that the shortest way that was found is told.

mod apply;
mod ways;

use chrono::NaiveDate;
use serde::Serialize;
use serde_json::Value as Json;
use utoipa::ToSchema;
use uuid::Uuid;

use super::entries::{Entry, Scope};
use super::evaluate::Answer;
use super::explain::FactValue;
use super::facts::{Facts, Subject};
use super::keyed::Aid;
use super::tree::Condition;

/// Most changes that are tried alone.
const ALONE: usize = 200;
/// Most changes of which each pair is tried.
const IN_PAIRS: usize = 40;

/// A fact that would have to be another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct FactChange {
    /// Its name; `member.` stands for the member it is of.
    #[schema(example = "family.decile", max_length = 100)]
    pub name: String,
    /// The member it is of, where it is a member's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub member_id: Option<Uuid>,
    /// What it is; null where it is unknown.
    pub from: Option<FactValue>,
    /// What it would have to be.
    pub to: FactValue,
}

/// A change of one fact of a family.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Change {
    of: Changed,
    to: Setting,
}

/// Which fact.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Changed {
    Field { scope: Scope, member: Option<usize>, entry: &'static Entry },
    Attribute { scope: Scope, member: Option<usize>, name: String },
    Rank(String),
    Program(String),
    Aid(Aid),
}

/// What it becomes.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Setting {
    Boolean(bool),
    Whole(i64),
    Text(String),
    Json(Json),
}

/// The fewest changes that turn the answer round, as far as changes of facts can: a family that is eligible becomes one
/// that is not, any other becomes eligible.
pub(super) fn smallest(condition: &Condition, facts: &Facts, reference_on: NaiveDate) -> Option<Vec<FactChange>> {
    let subject = Subject { facts, reference_on, member: None };
    let wanted = condition.answer(subject) != Answer::Yes;
    let turns = |changes: &[Change]| {
        let others = applied(changes, facts, reference_on);
        let answer = condition.answer(Subject { facts: &others, reference_on, member: None });
        (answer == Answer::Yes) == wanted
    };
    let all = ways::changes_of(condition, subject, ALONE);
    let alone = all.iter().map(|change| vec![change.clone()]).find(|changes| turns(changes));
    let found = alone.or_else(|| pair(&all, &turns));
    let found = found.or_else(|| ways::of(condition, subject, wanted).into_iter().find(|changes| turns(changes)))?;
    Some(told(&found, subject))
}

fn applied(changes: &[Change], facts: &Facts, reference_on: NaiveDate) -> Facts {
    let mut others = facts.clone();
    for change in changes {
        change.apply(&mut others, reference_on);
    }
    others
}

/// The changes as facts, each once: programs that begin and end are one list.
fn told(changes: &[Change], subject: Subject<'_>) -> Vec<FactChange> {
    let others = applied(changes, subject.facts, subject.reference_on);
    let mut told = Vec::with_capacity(changes.len());
    for change in changes.iter().map(|change| change.told(subject, &others)) {
        if !told.contains(&change) {
            told.push(change);
        }
    }
    told
}

fn pair(all: &[Change], turns: &impl Fn(&[Change]) -> bool) -> Option<Vec<Change>> {
    let few = all.get(..all.len().min(IN_PAIRS)).unwrap_or_default();
    let pairs = few.iter().enumerate().flat_map(|(number, one)| {
        let others = few.iter().skip(number + 1).filter(|other| other.of != one.of);
        others.map(|other| vec![one.clone(), other.clone()])
    });
    pairs.into_iter().find(|changes| turns(changes))
}
