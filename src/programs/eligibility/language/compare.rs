//! Types what is compared with what.

use super::super::entries::{
    DECILES, Entry, FactRef, Kind, MOST_DELIVERIES, MOST_MEMBERS, MOST_NUMBER, MOST_PROGRAMS, MOST_QUANTITY,
};
use super::super::keyed::{Aid, AidMeasure, AttributeKind, AttributeRef};
use super::super::tree::{Condition, Operand, Order, Values};
use super::check::{Checked, Checker};
use super::fault::FaultCode;
use super::keyed::Keyed;
use super::syntax::{Node, Relation, Syntax};

/// What a part can stand for on one side of a comparison.
pub(super) enum Side {
    Null,
    Boolean(bool),
    Condition(Condition),
    Operand(Operand),
    /// What it is, the other side says.
    Attribute(AttributeRef, usize),
}

impl Checker {
    pub(super) fn within(&mut self, at: usize, left: &Node, right: &Node) -> Checked<Condition> {
        if is_programs(right) {
            return self.program_code(left).map(Condition::Enrolled);
        }
        if let Some(Keyed::Attribute(list, at)) = self.keyed(right)? {
            return self.listed(left, (list, at));
        }
        let Syntax::List(elements) = &right.syntax else {
            let message = "write a list such as [1, 2] or family.programs after \"in\"";
            return self.fault(right.at, FaultCode::TypeMismatch, message);
        };
        if elements.is_empty() {
            return self.fault(right.at, FaultCode::Constant, "nothing is in an empty list: write its values");
        }
        let is_text = matches!(elements.first().map(|element| &element.syntax), Some(Syntax::Text(_)));
        let operand = match self.side(left)? {
            Side::Attribute(attribute, at) => self.typed(attribute, at, is_text),
            side => self.fact_operand((at, left.at), side)?,
        };
        let values = self.values(&operand, elements)?;
        Some(Condition::OneOf { operand, values })
    }

    fn fact_operand(&mut self, (at, left_at): (usize, usize), side: Side) -> Checked<Operand> {
        match side {
            Side::Operand(Operand::Whole(_) | Operand::Text(_)) => self.constant(at),
            Side::Operand(operand) => Some(operand),
            _ => self.fault(left_at, FaultCode::TypeMismatch, "write a number or text fact before \"in\""),
        }
    }

    fn values(&mut self, operand: &Operand, elements: &[Node]) -> Checked<Values> {
        let is_text = is_text(operand);
        let mut whole = Vec::new();
        let mut texts = Vec::new();
        for element in elements {
            match &element.syntax {
                Syntax::Whole(number) if !is_text => {
                    self.fits(element.at, operand, &Operand::Whole(*number))?;
                    whole.push(*number);
                }
                Syntax::Text(text) if is_text => {
                    self.fits(element.at, operand, &Operand::Text(text.clone()))?;
                    texts.push(text.clone());
                }
                _ => return self.mismatch(element.at, operand),
            }
        }
        Some(if is_text { Values::Text(texts) } else { Values::Whole(whole) })
    }

    pub(super) fn relation(&mut self, at: usize, left: &Node, relation: Relation, right: &Node) -> Checked<Condition> {
        let (left_at, right_at) = (left.at, right.at);
        let left = self.side(left);
        let right = self.side(right);
        let (left, right) = self.sides(at, left?, right?)?;
        match (left, right) {
            (Side::Null, side) | (side, Side::Null) => {
                let known = self.presence(at, side)?;
                self.equality(at, relation, known, false)
            }
            (Side::Condition(condition), Side::Boolean(value)) | (Side::Boolean(value), Side::Condition(condition)) => {
                self.equality(at, relation, condition, value)
            }
            (Side::Operand(left), Side::Operand(right)) => {
                self.fits(right_at, &left, &right)?;
                self.fits(left_at, &right, &left)?;
                self.comparison(at, left, relation, right)
            }
            _ => self.fault(at, FaultCode::TypeMismatch, "compare a number with a number or a text with a text"),
        }
    }

    /// Both sides, an attribute being what the other side makes of it.
    fn sides(&mut self, at: usize, left: Side, right: Side) -> Checked<(Side, Side)> {
        Some(match (left, right) {
            (Side::Attribute(..), Side::Attribute(..)) => {
                let message = "what an attribute is, the value beside it says: compare it with a value";
                return self.fault(at, FaultCode::TypeMismatch, message);
            }
            (Side::Attribute(attribute, at), other) => (self.resolved(attribute, at, &other), other),
            (other, Side::Attribute(attribute, at)) => {
                let side = self.resolved(attribute, at, &other);
                (other, side)
            }
            sides => sides,
        })
    }

    fn resolved(&mut self, attribute: AttributeRef, at: usize, other: &Side) -> Side {
        match other {
            Side::Operand(operand) => Side::Operand(self.typed(attribute, at, is_text(operand))),
            Side::Boolean(_) | Side::Condition(_) => Side::Condition(self.held(attribute, at)),
            Side::Null | Side::Attribute(..) => Side::Attribute(attribute, at),
        }
    }

    /// The fact is known: what is asked by a comparison with null.
    fn presence(&mut self, at: usize, side: Side) -> Checked<Condition> {
        match side {
            Side::Operand(Operand::Fact(fact)) | Side::Condition(Condition::Is(fact)) => Some(Condition::Known(fact)),
            Side::Operand(Operand::Rank(source)) => Some(Condition::Ranked(source)),
            Side::Attribute(attribute, at) => Some(self.presence_of(Keyed::Attribute(attribute, at))),
            _ => self.fault(at, FaultCode::TypeMismatch, "compare a number with a number or a text with a text"),
        }
    }

    /// `condition == value`, without the comparison.
    fn equality(&mut self, at: usize, relation: Relation, condition: Condition, value: bool) -> Checked<Condition> {
        match (relation, value) {
            (Relation::Equal, true) | (Relation::Differs, false) => Some(condition),
            (Relation::Equal, false) | (Relation::Differs, true) => Some(Condition::Not(Box::new(condition))),
            _ => self.fault(at, FaultCode::TypeMismatch, "only == and != can be used here"),
        }
    }

    fn comparison(&mut self, at: usize, left: Operand, relation: Relation, right: Operand) -> Checked<Condition> {
        let is_fixed = |operand: &Operand| matches!(operand, Operand::Whole(_) | Operand::Text(_));
        if is_fixed(&left) && is_fixed(&right) {
            return self.constant(at);
        }
        let order = match relation {
            Relation::Equal => Order::Equal,
            Relation::Differs => Order::Differs,
            _ if is_text(&left) => {
                return self.fault(at, FaultCode::TypeMismatch, "texts have no order: use == or !=");
            }
            Relation::Less => Order::Less,
            Relation::AtMost => Order::AtMost,
            Relation::More => Order::More,
            Relation::AtLeast | Relation::In => Order::AtLeast,
        };
        Some(Condition::Compare { left, order, right })
    }

    fn constant<T>(&mut self, at: usize) -> Checked<T> {
        let message = "both sides are fixed, so this is the same for every family: compare a fact";
        self.fault(at, FaultCode::Constant, message)
    }

    /// What `other` is must suit what `operand` can be.
    fn fits(&mut self, at: usize, operand: &Operand, other: &Operand) -> Checked<()> {
        if is_text(operand) != is_text(other) {
            return self.mismatch(at, operand);
        }
        match (operand, other) {
            (Operand::Fact(fact), Operand::Text(text)) => match fact.entry.kind.refuses(text) {
                Some(message) => self.fault(at, FaultCode::UnknownValue, message),
                None => Some(()),
            },
            (Operand::Fact(fact), Operand::Fact(other)) if is_text(operand) && fact.entry.kind != other.entry.kind => {
                self.fault(at, FaultCode::TypeMismatch, "these two are never the same: compare like with like")
            }
            (_, Operand::Whole(number)) => self.in_range(at, operand, *number),
            _ => Some(()),
        }
    }

    fn in_range(&mut self, at: usize, operand: &Operand, number: i64) -> Checked<()> {
        let (least, most) = match operand {
            Operand::Fact(FactRef { entry: Entry { kind: Kind::Whole { least, most }, .. }, .. }) => (*least, *most),
            Operand::Members(_) => (0, MOST_MEMBERS),
            Operand::Programs => (0, MOST_PROGRAMS),
            Operand::Rank(_) => DECILES,
            Operand::Aid(Aid { measure: AidMeasure::Deliveries, .. }) => (0, MOST_DELIVERIES),
            Operand::Aid(Aid { measure: AidMeasure::Quantity, .. }) => (0, MOST_QUANTITY),
            Operand::Attribute { .. } => (-MOST_NUMBER, MOST_NUMBER),
            _ => return Some(()),
        };
        if (least..=most).contains(&number) {
            return Some(());
        }
        let message = format!("{} is from {least} to {most}: write a number of these", told(operand));
        self.fault(at, FaultCode::OutOfRange, message)
    }

    fn mismatch<T>(&mut self, at: usize, operand: &Operand) -> Checked<T> {
        let kind = if is_text(operand) { "a text in quotes" } else { "a number" };
        let message = format!("{} is compared with {kind}", told(operand));
        self.fault(at, FaultCode::TypeMismatch, message)
    }

    fn side(&mut self, node: &Node) -> Checked<Side> {
        match self.keyed(node)? {
            Some(Keyed::Attribute(attribute, at)) => return Some(Side::Attribute(attribute, at)),
            Some(Keyed::Rank(source)) => return Some(Side::Operand(Operand::Rank(source))),
            None => {}
        }
        if let Some(aid) = self.aid(node)? {
            return Some(aid);
        }
        match &node.syntax {
            Syntax::Null => Some(Side::Null),
            Syntax::Boolean(value) => Some(Side::Boolean(*value)),
            Syntax::Whole(number) => Some(Side::Operand(Operand::Whole(*number))),
            Syntax::Text(text) => Some(Side::Operand(Operand::Text(text.clone()))),
            Syntax::Name(_) | Syntax::Field { .. } => {
                let fact = self.fact(node)?;
                Some(match fact.entry.kind {
                    Kind::Boolean => Side::Condition(Condition::Is(fact)),
                    _ => Side::Operand(Operand::Fact(fact)),
                })
            }
            Syntax::Call { on: Some(list), name, arguments } if name == "size" && arguments.is_empty() => {
                self.size(list)
            }
            Syntax::Call { on: None, name, arguments } if name == "size" => match arguments.as_slice() {
                [list] => self.size(list),
                _ => self.unknown_function(node.at),
            },
            Syntax::List(_) => self.fault(node.at, FaultCode::TypeMismatch, "a list can only stand after \"in\""),
            _ => Some(Side::Condition(self.condition(node)?)),
        }
    }

    fn size(&mut self, list: &Node) -> Checked<Side> {
        let operand = if is_programs(list) { Operand::Programs } else { Operand::Members(self.list(list)?) };
        Some(Side::Operand(operand))
    }
}

/// What a message calls the operand: never what someone wrote, which can be long.
fn told(operand: &Operand) -> String {
    match operand {
        Operand::Fact(fact) => fact.text("member"),
        Operand::Members(_) | Operand::Programs => "a size".to_owned(),
        Operand::Rank(_) => "a rank".to_owned(),
        Operand::Attribute { .. } => "an attribute".to_owned(),
        Operand::Aid(_) => "aid received".to_owned(),
        Operand::Whole(_) => "a number".to_owned(),
        Operand::Text(_) => "a text".to_owned(),
    }
}

fn is_text(operand: &Operand) -> bool {
    match operand {
        Operand::Text(_) => true,
        Operand::Fact(fact) => fact.entry.kind.is_text(),
        Operand::Attribute { kind, .. } => *kind == AttributeKind::Text,
        Operand::Whole(_) | Operand::Members(_) | Operand::Programs | Operand::Rank(_) | Operand::Aid(_) => false,
    }
}

fn is_programs(node: &Node) -> bool {
    match &node.syntax {
        Syntax::Field { of, name, .. } => {
            name == "programs" && matches!(&of.syntax, Syntax::Name(owner) if owner == "family")
        }
        _ => false,
    }
}

/// Form of program codes, as the table of programs has it.
pub(super) fn is_program_code(code: &str) -> bool {
    let is_code = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '-';
    (2..=32).contains(&code.len()) && code.chars().all(is_code) && !code.starts_with('-')
}
