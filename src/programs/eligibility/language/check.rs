//! Gives types to what was read, and refuses what has no meaning for a family.

use super::super::entries::Kind;
use super::super::tree::{Condition, Each, Operand, Order};
use super::fault::{Fault, FaultCode};
use super::keyed::Keyed;
use super::mention::Mention;
use super::syntax::{Node, Relation, Syntax};

/// The rule that `node` says with what it names, or every fault in it in the order of their places; the member whom
/// all of it is asked of has a name, where it is asked of one.
pub(super) fn check(node: &Node, member: Option<&str>) -> Result<(Condition, Vec<Mention>), Vec<Fault>> {
    let variable = member.map(str::to_owned);
    let mut checker = Checker { faults: Vec::new(), mentions: Vec::new(), variable };
    match checker.condition(node) {
        Some(condition) if checker.faults.is_empty() => Ok((condition, checker.mentions)),
        _ => {
            checker.faults.sort_by_key(|fault| fault.offset);
            Err(checker.faults)
        }
    }
}

/// What has been found while walking the tree.
pub(super) struct Checker {
    faults: Vec<Fault>,
    pub(super) mentions: Vec<Mention>,
    /// Name of the member inside a condition on members.
    pub(super) variable: Option<String>,
}

/// Longest name of a member, so that the canonical form of a rule stays short too.
const LONGEST_NAME: usize = 32;

/// Names a member may not be given.
const TAKEN: [&str; 5] = ["family", "head", "members", "today", "in"];

/// How the condition of a filter and the one that follows become one.
type Join = fn(Condition, Condition) -> Condition;

/// Nothing where a fault has been noted.
pub(super) type Checked<T> = Option<T>;

impl Checker {
    pub(super) fn condition(&mut self, node: &Node) -> Checked<Condition> {
        match &node.syntax {
            Syntax::Boolean(value) => Some(Condition::Always(*value)),
            Syntax::Not(inner) => Some(Condition::Not(Box::new(self.condition(inner)?))),
            Syntax::All(parts) => Some(Condition::All(self.conditions(parts)?)),
            Syntax::Any(parts) => Some(Condition::Any(self.conditions(parts)?)),
            Syntax::Relation { left, relation: Relation::In, right } => self.within(node.at, left, right),
            Syntax::Relation { left, relation, right } => self.relation(node.at, left, *relation, right),
            Syntax::Name(_) | Syntax::Field { .. } => self.truth(node),
            Syntax::Call { on, name, arguments } => self.call(node.at, on.as_deref(), name, arguments),
            Syntax::Null | Syntax::Whole(_) | Syntax::Text(_) | Syntax::List(_) => {
                self.fault(node.at, FaultCode::TypeMismatch, "write a condition here, such as family.decile <= 4")
            }
        }
    }

    /// All parts are looked at, so that a person sees all faults at once.
    fn conditions(&mut self, parts: &[Node]) -> Checked<Vec<Condition>> {
        let checked: Vec<_> = parts.iter().map(|part| self.condition(part)).collect();
        checked.into_iter().collect()
    }

    fn truth(&mut self, node: &Node) -> Checked<Condition> {
        match self.keyed(node)? {
            Some(Keyed::Attribute(attribute, at)) => return Some(self.held(attribute, at)),
            Some(Keyed::Rank(_)) => {
                return self.fault(
                    node.at,
                    FaultCode::TypeMismatch,
                    "a rank is not yes or no: compare it, such as <= 4",
                );
            }
            None => {}
        }
        let fact = self.fact(node)?;
        if fact.entry.kind == Kind::Boolean {
            return Some(Condition::Is(fact));
        }
        let message = format!("{} is not yes or no: compare it with a value", fact.text("member"));
        self.fault(node.at, FaultCode::TypeMismatch, message)
    }

    fn call(&mut self, at: usize, on: Option<&Node>, name: &str, arguments: &[Node]) -> Checked<Condition> {
        match (on, name, arguments) {
            (None, "has", [argument]) => match self.keyed(argument)? {
                Some(keyed) => Some(self.presence_of(keyed)),
                None => Some(Condition::Known(self.fact(argument)?)),
            },
            (Some(list), "exists", [variable, predicate]) => {
                let each = self.each(list, (variable, predicate), narrowed)?;
                Some(Condition::Some(each))
            }
            (Some(list), "all", [variable, predicate]) => {
                let each = self.each(list, (variable, predicate), implied)?;
                Some(Condition::Every(each))
            }
            (Some(list), "exists_one" | "existsOne", [variable, predicate]) => {
                let each = self.each(list, (variable, predicate), narrowed)?;
                let left = Operand::Members(Some(each));
                Some(Condition::Compare { left, order: Order::Equal, right: Operand::Whole(1) })
            }
            (Some(fact), "startsWith", [prefix]) => self.starts_with(fact, prefix),
            (Some(_), "filter", [_, _]) => {
                self.fault(at, FaultCode::TypeMismatch, "a filter is not yes or no: add .size() and compare it")
            }
            (_, "size", _) => {
                self.fault(at, FaultCode::TypeMismatch, "a size is not yes or no: compare it, such as >= 2")
            }
            (Some(_), "received" | "deliveries", _) => {
                self.fault(at, FaultCode::TypeMismatch, "this is not yes or no: compare it, such as == 0")
            }
            _ => self.unknown_function(at),
        }
    }

    pub(super) fn unknown_function<T>(&mut self, at: usize) -> Checked<T> {
        let message = "this cannot be called like this: rules have has(fact), members.exists(m, ...), \
             members.all(m, ...), members.exists_one(m, ...), members.filter(m, ...).size(), members.size(), \
             startsWith(\"...\"), family.received(\"...\", days) and family.deliveries(\"...\", days)";
        self.fault(at, FaultCode::UnknownFunction, message)
    }

    fn starts_with(&mut self, node: &Node, prefix: &Node) -> Checked<Condition> {
        let fact = self.fact(node)?;
        let is_code = matches!(fact.entry.kind, Kind::Village | Kind::District);
        match &prefix.syntax {
            Syntax::Text(text) if is_code => {
                let is_prefix = !text.is_empty() && text.chars().all(|c| c.is_ascii_digit() || c == '.');
                if is_prefix {
                    return Some(Condition::StartsWith { fact, prefix: text.clone() });
                }
                self.fault(prefix.at, FaultCode::UnknownValue, "write the first digits of a code, such as \"64.02\"")
            }
            _ => {
                let message = "startsWith asks for the first digits of family.village or family.district, in quotes";
                self.fault(prefix.at, FaultCode::TypeMismatch, message)
            }
        }
    }

    /// A condition on members, joined with those of the filters that stand before it.
    fn each(&mut self, list: &Node, (variable, predicate): (&Node, &Node), join: Join) -> Checked<Each> {
        let filter = self.list(list)?;
        let variable = self.new_variable(variable)?;
        self.variable = Some(variable.clone());
        let predicate = self.condition(predicate);
        self.variable = None;
        let predicate = match filter {
            Some(filter) => join(*filter.predicate, predicate?),
            None => predicate?,
        };
        Some(Each { variable, predicate: Box::new(predicate) })
    }

    fn new_variable(&mut self, node: &Node) -> Checked<String> {
        if self.variable.is_some() {
            let message = "a condition on members cannot stand inside another one: join them with &&";
            return self.fault(node.at, FaultCode::NestedList, message);
        }
        match &node.syntax {
            Syntax::Name(name) if name.len() <= LONGEST_NAME && !TAKEN.contains(&name.as_str()) => Some(name.clone()),
            _ => self.fault(node.at, FaultCode::Syntax, "give the member a short name of its own first, such as m"),
        }
    }

    /// `members`, or `members.filter(m, ...)` with its condition.
    pub(super) fn list(&mut self, node: &Node) -> Checked<Option<Each>> {
        match &node.syntax {
            Syntax::Name(name) if name == "members" => Some(None),
            Syntax::Call { on: Some(list), name, arguments } if name == "filter" => match arguments.as_slice() {
                [variable, predicate] => self.each(list, (variable, predicate), narrowed).map(Some),
                _ => self.fault(node.at, FaultCode::Syntax, "write filter with a name and a condition: (m, m.age < 6)"),
            },
            _ => self.fault(node.at, FaultCode::TypeMismatch, "only members and filters of it are a list of members"),
        }
    }

    pub(super) fn fault<T>(&mut self, at: usize, code: FaultCode, message: impl Into<String>) -> Checked<T> {
        self.faults.push(Fault::new(at, code, message));
        None
    }
}

/// Members of the filtered list for whom the condition holds.
fn narrowed(filter: Condition, condition: Condition) -> Condition {
    Condition::All(vec![filter, condition])
}

/// The condition holds for those of the filtered list; the others do not matter.
fn implied(filter: Condition, condition: Condition) -> Condition {
    Condition::Any(vec![Condition::Not(Box::new(filter)), condition])
}
