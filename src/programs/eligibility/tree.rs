//! The typed tree of a rule: what the evaluator, the explanation and the SQL compiler all read.

use super::entries::{FactRef, Scope};
use super::keyed::{Aid, AttributeKind, AttributeRef, rank_text};

/// Something that holds, does not hold, or is unknown for a family.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Condition {
    Always(bool),
    Is(FactRef),
    Known(FactRef),
    Enrolled(String),
    /// A source has ranked the family.
    Ranked(String),
    /// The record has the attribute.
    Present(AttributeRef),
    /// The attribute is yes.
    Holds(AttributeRef),
    /// The attribute, a list, has the text.
    Lists {
        list: AttributeRef,
        text: String,
    },
    Compare {
        left: Operand,
        order: Order,
        right: Operand,
    },
    OneOf {
        operand: Operand,
        values: Values,
    },
    StartsWith {
        fact: FactRef,
        prefix: String,
    },
    Not(Box<Condition>),
    All(Vec<Condition>),
    Any(Vec<Condition>),
    Some(Each),
    Every(Each),
}

/// A condition on each member, and the name the rule gives to the member.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Each {
    pub(super) variable: String,
    pub(super) predicate: Box<Condition>,
}

/// A number or text that can be compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Operand {
    Whole(i64),
    Text(String),
    Fact(FactRef),
    /// Members, or those for whom the condition holds.
    Members(Option<Each>),
    /// Programs the family is on.
    Programs,
    /// Latest rank by a source.
    Rank(String),
    /// An attribute that is a number or a text.
    Attribute {
        attribute: AttributeRef,
        kind: AttributeKind,
    },
    /// What was handed over in some days.
    Aid(Aid),
}

/// Values of which one must match.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Values {
    Whole(Vec<i64>),
    Text(Vec<String>),
}

/// How the left side stands to the right; texts are only equal or different.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Order {
    Less,
    AtMost,
    More,
    AtLeast,
    Equal,
    Differs,
}

impl Order {
    /// Holds exactly where this one does not.
    pub(super) fn negated(self) -> Self {
        match self {
            Self::Less => Self::AtLeast,
            Self::AtMost => Self::More,
            Self::More => Self::AtMost,
            Self::AtLeast => Self::Less,
            Self::Equal => Self::Differs,
            Self::Differs => Self::Equal,
        }
    }

    /// Says the same with the sides changed.
    pub(super) fn mirrored(self) -> Self {
        match self {
            Self::Less => Self::More,
            Self::AtMost => Self::AtLeast,
            Self::More => Self::Less,
            Self::AtLeast => Self::AtMost,
            Self::Equal | Self::Differs => self,
        }
    }

    fn symbol(self) -> &'static str {
        match self {
            Self::Less => "<",
            Self::AtMost => "<=",
            Self::More => ">",
            Self::AtLeast => ">=",
            Self::Equal => "==",
            Self::Differs => "!=",
        }
    }
}

impl Condition {
    /// The source in one canonical form; `variable` is the name of the member in scope.
    pub(super) fn text(&self, variable: &str) -> String {
        match self {
            Self::Always(value) => value.to_string(),
            Self::Is(fact) => fact.text(variable),
            Self::Known(fact) => format!("has({})", fact.text(variable)),
            Self::Enrolled(code) => format!("{} in family.programs", quoted(code)),
            Self::Ranked(source) => format!("has({})", rank_text(source)),
            Self::Present(attribute) => format!("has({})", attribute.text(variable)),
            Self::Holds(attribute) => attribute.text(variable),
            Self::Lists { list, text } => format!("{} in {}", quoted(text), list.text(variable)),
            Self::Compare { left, order, right } => {
                format!("{} {} {}", left.text(variable), order.symbol(), right.text(variable))
            }
            Self::OneOf { operand, values } => {
                format!("{} in [{}]", operand.text(variable), values.text())
            }
            Self::StartsWith { fact, prefix } => {
                format!("{}.startsWith({})", fact.text(variable), quoted(prefix))
            }
            Self::Not(inner) => format!("!{}", inner.operand_text(variable)),
            Self::All(parts) => joined(parts, " && ", |part| match part {
                Self::All(_) | Self::Any(_) => format!("({})", part.text(variable)),
                _ => part.text(variable),
            }),
            Self::Any(parts) => joined(parts, " || ", |part| match part {
                Self::Any(_) => format!("({})", part.text(variable)),
                _ => part.text(variable),
            }),
            Self::Some(each) => format!("members.exists({})", each.text()),
            Self::Every(each) => format!("members.all({})", each.text()),
        }
    }

    fn operand_text(&self, variable: &str) -> String {
        match self {
            Self::Compare { .. }
            | Self::OneOf { .. }
            | Self::Enrolled(_)
            | Self::Lists { .. }
            | Self::All(_)
            | Self::Any(_) => format!("({})", self.text(variable)),
            _ => self.text(variable),
        }
    }

    /// Conditions directly inside, those on members included.
    pub(super) fn parts(&self) -> Vec<&Self> {
        match self {
            Self::Not(inner) => vec![inner],
            Self::All(parts) | Self::Any(parts) => parts.iter().collect(),
            Self::Some(each) | Self::Every(each) => vec![&each.predicate],
            Self::Compare { .. } | Self::OneOf { .. } => {
                self.operands().into_iter().filter_map(Operand::each).map(|each| &*each.predicate).collect()
            }
            _ => Vec::new(),
        }
    }

    /// What is compared here, fixed values included.
    pub(super) fn operands(&self) -> Vec<&Operand> {
        match self {
            Self::Compare { left, right, .. } => vec![left, right],
            Self::OneOf { operand, .. } => vec![operand],
            _ => Vec::new(),
        }
    }

    /// Facts read here, not those of the conditions inside.
    pub(super) fn facts(&self) -> Vec<FactRef> {
        match self {
            Self::Is(fact) | Self::Known(fact) | Self::StartsWith { fact, .. } => vec![*fact],
            _ => self.operands().into_iter().filter_map(Operand::fact).collect(),
        }
    }

    /// Attributes read here.
    pub(super) fn attributes(&self) -> Vec<&AttributeRef> {
        match self {
            Self::Present(attribute) | Self::Holds(attribute) | Self::Lists { list: attribute, .. } => vec![attribute],
            _ => self.operands().into_iter().filter_map(Operand::attribute).collect(),
        }
    }

    /// The head of the family is asked here, not only in the conditions inside.
    pub(super) fn reads_head(&self) -> bool {
        let of_facts = self.facts().into_iter().any(|fact| fact.scope == Scope::Head);
        of_facts || self.attributes().into_iter().any(|attribute| attribute.scope == Scope::Head)
    }

    /// The member in scope is asked here, not only in the conditions inside.
    pub(super) fn reads_member(&self) -> bool {
        let of_facts = self.facts().into_iter().any(|fact| fact.scope == Scope::Member);
        of_facts || self.attributes().into_iter().any(|attribute| attribute.scope == Scope::Member)
    }

    /// The answer may be unknown for some family.
    pub(super) fn may_be_unknown(&self) -> bool {
        let reads_unknown = match self {
            Self::Known(_) | Self::Present(_) | Self::Ranked(_) => false,
            Self::Holds(_) | Self::Lists { .. } => true,
            Self::Is(fact) | Self::StartsWith { fact, .. } => fact.is_nullable(),
            _ => self.operands().into_iter().any(Operand::may_be_unknown),
        };
        reads_unknown || self.parts().into_iter().any(Self::may_be_unknown)
    }

    /// Only the member in scope is asked, so that the answer is the same whoever's member it is.
    pub(super) fn is_of_member(&self) -> bool {
        let is_own = match self {
            Self::Always(_) => true,
            Self::Enrolled(_) | Self::Ranked(_) | Self::Some(_) | Self::Every(_) => false,
            _ => {
                self.facts().into_iter().all(|fact| fact.scope == Scope::Member)
                    && self.attributes().into_iter().all(|attribute| attribute.scope == Scope::Member)
                    && self.operands().into_iter().all(Operand::is_of_member)
            }
        };
        is_own && self.parts().into_iter().all(Self::is_of_member)
    }
}

impl Each {
    /// `m, m.age < 6`
    pub(super) fn text(&self) -> String {
        format!("{}, {}", self.variable, self.predicate.text(&self.variable))
    }
}

impl Operand {
    /// The source in canonical form.
    pub(super) fn text(&self, variable: &str) -> String {
        match self {
            Self::Whole(number) => number.to_string(),
            Self::Text(text) => quoted(text),
            Self::Fact(fact) => fact.text(variable),
            Self::Members(None) => "members.size()".to_owned(),
            Self::Members(Some(each)) => format!("members.filter({}).size()", each.text()),
            Self::Programs => "family.programs.size()".to_owned(),
            Self::Rank(source) => rank_text(source),
            Self::Attribute { attribute, .. } => attribute.text(variable),
            Self::Aid(aid) => aid.text(),
        }
    }

    /// The condition that members are counted by.
    pub(super) fn each(&self) -> Option<&Each> {
        match self {
            Self::Members(each) => each.as_ref(),
            _ => None,
        }
    }

    /// The fact it is, if it is one.
    pub(super) fn fact(&self) -> Option<FactRef> {
        match self {
            Self::Fact(fact) => Some(*fact),
            _ => None,
        }
    }

    /// The attribute it is, if it is one.
    pub(super) fn attribute(&self) -> Option<&AttributeRef> {
        match self {
            Self::Attribute { attribute, .. } => Some(attribute),
            _ => None,
        }
    }

    /// It has no value for some family or member.
    fn may_be_unknown(&self) -> bool {
        match self {
            Self::Fact(fact) => fact.is_nullable(),
            Self::Rank(_) | Self::Attribute { .. } => true,
            _ => false,
        }
    }

    /// It is fixed, or the member's own; facts and attributes are looked at apart.
    fn is_of_member(&self) -> bool {
        !matches!(self, Self::Members(_) | Self::Programs | Self::Rank(_) | Self::Aid(_))
    }

    /// The number may be uncertain, because a member may or may not count.
    pub(super) fn may_be_uncertain(&self) -> bool {
        self.each().is_some_and(|each| each.predicate.may_be_unknown())
    }
}

impl Values {
    fn text(&self) -> String {
        match self {
            Self::Whole(numbers) => joined(numbers, ", ", i64::to_string),
            Self::Text(texts) => joined(texts, ", ", |text| quoted(text)),
        }
    }
}

/// The lexer lets no backslash into a text, nor the quote that it stands in: it has one of the two at most.
pub(super) fn quoted(text: &str) -> String {
    if text.contains('"') { format!("'{text}'") } else { format!("\"{text}\"") }
}

fn joined<T>(parts: &[T], between: &str, text: impl Fn(&T) -> String) -> String {
    parts.iter().map(text).collect::<Vec<_>>().join(between)
}
