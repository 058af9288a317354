//! Finds the facts that a key names: attributes, ranks by source, aid by program.

use super::super::entries::Scope;
use super::super::keyed::{Aid, AidMeasure, AttributeKind, AttributeRef};
use super::super::tree::{Condition, Operand};
use super::check::{Checked, Checker};
use super::compare::{Side, is_program_code};
use super::fault::FaultCode;
use super::mention::{Mention, Named};
use super::syntax::{Node, Syntax};

/// Longest name of an attribute or a source.
const LONGEST_KEY: usize = 40;
/// Most days that may be looked back for aid: ten years.
const MOST_WINDOW: i64 = 3_650;

/// A fact that a key names, and where the key stands.
pub(super) enum Keyed {
    Attribute(AttributeRef, usize),
    Rank(String),
}

impl Checker {
    /// The fact, where the part names one by a key.
    pub(super) fn keyed(&mut self, node: &Node) -> Checked<Option<Keyed>> {
        let Syntax::Field { of, name, name_at } = &node.syntax else { return Some(None) };
        let Syntax::Field { of: owner, name: map, .. } = &of.syntax else { return Some(None) };
        match (self.scope(owner), map.as_str()) {
            (Some((scope, _)), "attributes") if is_attribute_name(name) => {
                Some(Some(Keyed::Attribute(AttributeRef { scope, name: name.clone() }, *name_at)))
            }
            (Some(_), "attributes") => {
                let message = "an attribute has a name of at most 40 lower-case letters and underscores";
                self.fault(*name_at, FaultCode::UnknownFact, message)
            }
            (Some((Scope::Family, _)), "ranks") if name.len() <= LONGEST_KEY => {
                self.mention(*name_at, Named::RankSource(name.clone()));
                Some(Some(Keyed::Rank(name.clone())))
            }
            _ => Some(None),
        }
    }

    /// `has(...)` of a fact that a key names.
    pub(super) fn presence_of(&mut self, keyed: Keyed) -> Condition {
        match keyed {
            Keyed::Attribute(attribute, at) => {
                self.mention_attribute(&attribute, at, None);
                Condition::Present(attribute)
            }
            Keyed::Rank(source) => Condition::Ranked(source),
        }
    }

    /// An attribute that is yes or no.
    pub(super) fn held(&mut self, attribute: AttributeRef, at: usize) -> Condition {
        self.mention_attribute(&attribute, at, Some(AttributeKind::Boolean));
        Condition::Holds(attribute)
    }

    /// An attribute as what it is compared with.
    pub(super) fn typed(&mut self, attribute: AttributeRef, at: usize, is_text: bool) -> Operand {
        let kind = if is_text { AttributeKind::Text } else { AttributeKind::Number };
        self.mention_attribute(&attribute, at, Some(kind));
        Operand::Attribute { attribute, kind }
    }

    /// `"radio" in family.attributes.assets`
    pub(super) fn listed(&mut self, text: &Node, (list, at): (AttributeRef, usize)) -> Checked<Condition> {
        let Syntax::Text(text) = &text.syntax else {
            return self.fault(text.at, FaultCode::TypeMismatch, "write a text in quotes before \"in\" and a list");
        };
        self.mention_attribute(&list, at, Some(AttributeKind::TextList));
        Some(Condition::Lists { list, text: text.clone() })
    }

    /// `family.received("BLT", 90)`, where the call is one.
    pub(super) fn aid(&mut self, node: &Node) -> Checked<Option<Side>> {
        let Syntax::Call { on: Some(owner), name, arguments } = &node.syntax else { return Some(None) };
        let (Some(measure), true) = (measure(name), is_family(owner)) else { return Some(None) };
        let [code, days] = arguments.as_slice() else {
            let message = "name a program and how many days to look back, such as (\"BLT\", 90)";
            return self.fault(node.at, FaultCode::TypeMismatch, message);
        };
        let code = self.program_code(code);
        let days = self.window(days);
        Some(Some(Side::Operand(Operand::Aid(Aid { measure, code: code?, days: days? }))))
    }

    /// The code of a program in quotes.
    pub(super) fn program_code(&mut self, node: &Node) -> Checked<String> {
        match &node.syntax {
            Syntax::Text(code) if is_program_code(code) => {
                self.mention(node.at, Named::Program(code.clone()));
                Some(code.clone())
            }
            _ => {
                let message = "write the code of a program in quotes, such as \"PKH\"";
                self.fault(node.at, FaultCode::UnknownValue, message)
            }
        }
    }

    fn window(&mut self, node: &Node) -> Checked<i64> {
        match node.syntax {
            Syntax::Whole(days) if (1..=MOST_WINDOW).contains(&days) => Some(days),
            Syntax::Whole(_) => {
                let message = format!("days to look back are from 1 to {MOST_WINDOW}: write a number of these");
                self.fault(node.at, FaultCode::OutOfRange, message)
            }
            _ => self.fault(node.at, FaultCode::TypeMismatch, "write how many days to look back, such as 90"),
        }
    }

    fn mention_attribute(&mut self, attribute: &AttributeRef, at: usize, kind: Option<AttributeKind>) {
        let of_members = attribute.scope != Scope::Family;
        self.mention(at, Named::Attribute { of_members, name: attribute.name.clone(), kind });
    }

    fn mention(&mut self, offset: usize, named: Named) {
        self.mentions.push(Mention { offset, named });
    }
}

fn measure(name: &str) -> Option<AidMeasure> {
    [AidMeasure::Quantity, AidMeasure::Deliveries].into_iter().find(|measure| measure.name() == name)
}

fn is_family(node: &Node) -> bool {
    matches!(&node.syntax, Syntax::Name(name) if name == "family")
}

/// Form of the names of attributes, as their schemas have it.
fn is_attribute_name(name: &str) -> bool {
    let is_letter = |c: char| c.is_ascii_lowercase() || c == '_';
    name.len() <= LONGEST_KEY && name.chars().all(is_letter) && !name.starts_with('_')
}
