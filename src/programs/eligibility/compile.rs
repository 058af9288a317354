//! Compiles a rule to one SQL condition over a family, for whole populations in one statement.
//!
//! SQL has three truth values too, but `EXISTS` and `count` lose the third: a member whose condition is
//! unknown looks like one for whom it fails. So each part is compiled for the answer that is wanted of it:
//! "holds for certain" or "fails for certain", and where the opposite is needed, "may hold" is written as
//! "does not fail for certain" (`IS NOT TRUE`). A family is never eligible because something is unknown.

use chrono::NaiveDate;

use super::entries::{FactRef, Field, Scope};
use super::facts::last_birth_date;
use super::sql::{Parameter, Sql};
use super::tree::{Condition, Each, Operand, Order, Values};

const LIVE_MEMBERS: &str = "FROM memberships ms JOIN members m ON m.area_id = ms.area_id AND m.id = ms.member_id \
     WHERE ms.area_id = b.area_id AND ms.beneficiary_id = b.id AND ms.ended_on IS NULL";
const LIVE_HEAD: &str = "FROM memberships hs JOIN members h ON h.area_id = hs.area_id AND h.id = hs.member_id \
     WHERE hs.area_id = b.area_id AND hs.beneficiary_id = b.id AND hs.ended_on IS NULL AND hs.relationship = 'head'";
const LIVE_ENROLLMENTS: &str = "FROM enrollments e JOIN programs p ON p.id = e.program_id \
     WHERE e.area_id = b.area_id AND e.beneficiary_id = b.id AND e.status <> 'exited'";

/// Compiles the condition; its placeholders are numbered from `first`.
pub(super) fn compile(condition: &Condition, reference_on: NaiveDate, first: usize) -> Sql {
    let mut writer = Writer { reference_on, first, parameters: Vec::new() };
    let condition = writer.certain(condition, true);
    Sql { condition, parameters: writer.parameters }
}

struct Writer {
    reference_on: NaiveDate,
    first: usize,
    parameters: Vec<Parameter>,
}

impl Writer {
    /// True exactly where the answer is the wanted one; elsewhere false or null.
    fn certain(&mut self, condition: &Condition, wanted: bool) -> String {
        match condition {
            Condition::Always(value) => (*value == wanted).to_string(),
            Condition::Is(fact) => {
                let column = column(*fact);
                in_head(&[*fact], if wanted { format!("({column})") } else { format!("(NOT ({column}))") })
            }
            Condition::Known(fact) => {
                let known = in_head(&[*fact], format!("(({}) IS NOT NULL)", column(*fact)));
                if wanted { known } else { format!("(NOT {known})") }
            }
            Condition::Enrolled(code) => {
                let code = self.bind(Parameter::Text(code.clone()));
                exists(wanted, LIVE_ENROLLMENTS, &format!("p.code = {code}"))
            }
            Condition::Compare { left, order, right } => {
                let order = if wanted { *order } else { order.negated() };
                in_head(&condition.facts(), self.compare(left, order, right))
            }
            Condition::OneOf { operand, values } => in_head(&condition.facts(), self.one_of(operand, values, wanted)),
            Condition::StartsWith { fact, prefix } => {
                let prefix = self.bind(Parameter::Text(prefix.clone()));
                let not = if wanted { "" } else { "NOT " };
                in_head(&[*fact], format!("({not}starts_with({}, {prefix}))", column(*fact)))
            }
            Condition::Not(inner) => self.certain(inner, !wanted),
            Condition::All(parts) => self.joined(parts, wanted, if wanted { " AND " } else { " OR " }),
            Condition::Any(parts) => self.joined(parts, wanted, if wanted { " OR " } else { " AND " }),
            Condition::Some(each) if wanted => exists(true, LIVE_MEMBERS, &self.certain(&each.predicate, true)),
            Condition::Some(each) => exists(false, LIVE_MEMBERS, &self.possible(&each.predicate, true)),
            Condition::Every(each) if wanted => exists(false, LIVE_MEMBERS, &self.possible(&each.predicate, false)),
            Condition::Every(each) => exists(true, LIVE_MEMBERS, &self.certain(&each.predicate, false)),
        }
    }

    /// True exactly where the answer is the wanted one or unknown, never null.
    fn possible(&mut self, condition: &Condition, wanted: bool) -> String {
        if condition.may_be_unknown() {
            format!("({} IS NOT TRUE)", self.certain(condition, !wanted))
        } else {
            self.certain(condition, wanted)
        }
    }

    fn joined(&mut self, parts: &[Condition], wanted: bool, between: &str) -> String {
        let parts: Vec<_> = parts.iter().map(|part| self.certain(part, wanted)).collect();
        format!("({})", parts.join(between))
    }

    fn compare(&mut self, left: &Operand, order: Order, right: &Operand) -> String {
        match (left, right) {
            (Operand::Fact(fact), Operand::Whole(years)) if fact.entry.field == Field::Age => {
                self.age(*fact, order, *years)
            }
            (Operand::Whole(years), Operand::Fact(fact)) if fact.entry.field == Field::Age => {
                self.age(*fact, order.mirrored(), *years)
            }
            _ => self.spans(left, order, right),
        }
    }

    /// Compares the ends of the two spans that make it certain.
    fn spans(&mut self, left: &Operand, order: Order, right: &Operand) -> String {
        let is_uncertain = left.may_be_uncertain() || right.may_be_uncertain();
        let symbol = match order {
            Order::Less => "<",
            Order::AtMost => "<=",
            Order::More | Order::AtLeast => return self.spans(right, order.mirrored(), left),
            Order::Equal if is_uncertain => {
                return self.both_orders(left, right, Order::AtMost, " AND ");
            }
            Order::Differs if is_uncertain => {
                return self.both_orders(left, right, Order::Less, " OR ");
            }
            Order::Equal => "=",
            Order::Differs => "<>",
        };
        let left = self.end(left, End::Most);
        let right = self.end(right, End::Least);
        format!("({left} {symbol} {right})")
    }

    fn both_orders(&mut self, left: &Operand, right: &Operand, order: Order, between: &str) -> String {
        let one = self.spans(left, order, right);
        let other = self.spans(right, order, left);
        format!("({one}{between}{other})")
    }

    /// Ages against a number are birth dates against a date, which an index and the planner understand.
    fn age(&mut self, fact: FactRef, order: Order, years: i64) -> String {
        let born_on = column(fact);
        let mut completed = |years| {
            let last = last_birth_date(years, self.reference_on);
            self.bind(Parameter::Date(last))
        };
        match order {
            Order::AtLeast => format!("({born_on} <= {})", completed(years)),
            Order::More => format!("({born_on} <= {})", completed(years + 1)),
            Order::Less => format!("({born_on} > {})", completed(years)),
            Order::AtMost => format!("({born_on} > {})", completed(years + 1)),
            Order::Equal => format!("({born_on} <= {} AND {born_on} > {})", completed(years), completed(years + 1)),
            Order::Differs => format!("({born_on} > {} OR {born_on} <= {})", completed(years), completed(years + 1)),
        }
    }

    fn one_of(&mut self, operand: &Operand, values: &Values, wanted: bool) -> String {
        match (values, operand) {
            (Values::Whole(numbers), Operand::Fact(fact)) if !fact.entry.field.is_counted() => {
                self.any_of(*fact, Parameter::WholeList(numbers.clone()), wanted)
            }
            (Values::Text(texts), Operand::Fact(fact)) => {
                self.any_of(*fact, Parameter::TextList(texts.clone()), wanted)
            }
            (Values::Whole(numbers), _) => {
                let order = if wanted { Order::Equal } else { Order::Differs };
                let compared: Vec<_> =
                    numbers.iter().map(|number| self.compare(operand, order, &Operand::Whole(*number))).collect();
                format!("({})", compared.join(if wanted { " OR " } else { " AND " }))
            }
            // Only facts are texts: the type check lets nothing else through.
            (Values::Text(_), _) => "false".to_owned(),
        }
    }

    fn any_of(&mut self, fact: FactRef, values: Parameter, wanted: bool) -> String {
        let comparison = if wanted { "= ANY" } else { "<> ALL" };
        format!("({} {comparison} ({}))", column(fact), self.bind(values))
    }

    fn end(&mut self, operand: &Operand, end: End) -> String {
        match operand {
            Operand::Whole(number) => self.bind(Parameter::Whole(*number)),
            Operand::Text(text) => self.bind(Parameter::Text(text.clone())),
            Operand::Fact(fact) if fact.entry.field == Field::Age => self.completed_years(*fact),
            Operand::Fact(fact) if fact.entry.field == Field::DaysSinceVisit => self.days_since(*fact),
            Operand::Fact(fact) => column(*fact),
            Operand::Members(None) => format!("(SELECT count(*) {LIVE_MEMBERS})"),
            Operand::Members(Some(each)) => format!("(SELECT count(*) {LIVE_MEMBERS} AND {})", self.counted(each, end)),
            Operand::Programs => format!("(SELECT count(*) {LIVE_ENROLLMENTS})"),
        }
    }

    fn counted(&mut self, each: &Each, end: End) -> String {
        match end {
            End::Least => self.certain(&each.predicate, true),
            End::Most => self.possible(&each.predicate, true),
        }
    }

    /// The age itself, where it is compared with another fact.
    fn completed_years(&mut self, fact: FactRef) -> String {
        let today = self.bind(Parameter::Date(self.reference_on));
        let born_on = column(fact);
        format!("floor((to_char({today}, 'YYYYMMDD')::int - to_char({born_on}, 'YYYYMMDD')::int) / 10000.0)")
    }

    fn days_since(&mut self, fact: FactRef) -> String {
        let today = self.bind(Parameter::Date(self.reference_on));
        format!("({today} - {})", column(fact))
    }

    fn bind(&mut self, parameter: Parameter) -> String {
        let cast = parameter.sql_type();
        self.parameters.push(parameter);
        let number = self.first + self.parameters.len() - 1;
        format!("${number}::{cast}")
    }
}

/// Which end of a span.
#[derive(Clone, Copy)]
enum End {
    Least,
    Most,
}

fn column(fact: FactRef) -> String {
    let (member, membership) = if fact.scope == Scope::Head { ("h", "hs") } else { ("m", "ms") };
    fact.entry.sql.replace("{m}", member).replace("{ms}", membership)
}

/// Where the head is asked, the comparison stands inside a look-up of the head.
fn in_head(facts: &[FactRef], comparison: String) -> String {
    if facts.iter().any(|fact| fact.scope == Scope::Head) { exists(true, LIVE_HEAD, &comparison) } else { comparison }
}

fn exists(wanted: bool, rows: &str, condition: &str) -> String {
    let not = if wanted { "" } else { "NOT " };
    format!("({not}EXISTS (SELECT 1 {rows} AND {condition}))")
}
