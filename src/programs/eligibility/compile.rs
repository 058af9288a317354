//! Compiles a rule to one SQL condition over a family, for whole populations in one statement.
//!
//! SQL has three truth values too, but `EXISTS` and `count` lose the third: a member whose condition is
//! unknown looks like one for whom it fails. So each part is compiled for the answer that is wanted of it:
//! "holds for certain" or "fails for certain", and where the opposite is needed, "may hold" is written as
//! "does not fail for certain" (`IS NOT TRUE`). A family is never eligible because something is unknown.
//!
//! A condition on some families looks up what it needs for each; one on a population joins it, so that each table is
//! read once. There only what all families must have stays an `EXISTS`, because it is planned as a semi-join.

use chrono::NaiveDate;

use super::entries::{BY_MONTH, DUTIES_OF_PERIOD, DUTY_KEPT, FactRef, Field, OF_MONTH, Scope};
use super::evaluate::MOST_FRACTION;
use super::facts::{first_day, last_birth_date, last_quarter};
use super::joins::Joins;
use super::keyed::{Aid, AidMeasure, AttributeKind, AttributeRef};
use super::sql::{Parameter, Sql};
use super::tree::{Condition, Each, Operand, Order, Values};

const LIVE_MEMBERS: &str = "FROM memberships ms JOIN members m ON m.area_id = ms.area_id AND m.id = ms.member_id \
     WHERE ms.area_id = b.area_id AND ms.beneficiary_id = b.id AND ms.ended_on IS NULL";
const LIVE_HEAD: &str = "FROM memberships hs JOIN members h ON h.area_id = hs.area_id AND h.id = hs.member_id \
     WHERE hs.area_id = b.area_id AND hs.beneficiary_id = b.id AND hs.ended_on IS NULL AND hs.relationship = 'head'";
const LIVE_ENROLLMENTS: &str = "FROM enrollments e JOIN programs p ON p.id = e.program_id \
     WHERE e.area_id = b.area_id AND e.beneficiary_id = b.id AND e.status <> 'exited'";
const RANKS: &str = "FROM welfare_ranks r WHERE r.area_id = b.area_id AND r.beneficiary_id = b.id";
const DELIVERIES: &str = "FROM family_aid_given d JOIN programs p ON p.id = d.program_id \
     WHERE d.area_id = b.area_id AND d.beneficiary_id = b.id";

/// Compiles the condition for some families; its placeholders are numbered from `first`.
pub(super) fn compile(condition: &Condition, reference_on: NaiveDate, first: usize) -> Sql {
    written(Writer { reference_on, first, parameters: Vec::new(), joins: None, is_required: true }, condition)
}

/// Compiles the condition for all families of the areas that the placeholder `areas` holds.
pub(super) fn compile_population(condition: &Condition, reference_on: NaiveDate, areas: usize, first: usize) -> Sql {
    let joins = Some(Joins::of(areas));
    written(Writer { reference_on, first, parameters: Vec::new(), joins, is_required: true }, condition)
}

fn written(mut writer: Writer, condition: &Condition) -> Sql {
    let condition = writer.certain(condition, true);
    let joins = writer.joins.map(|joins| joins.text()).unwrap_or_default();
    Sql { joins, condition, parameters: writer.parameters }
}

struct Writer {
    reference_on: NaiveDate,
    first: usize,
    parameters: Vec<Parameter>,
    joins: Option<Joins>,
    /// All families that are found have the part that is written: it stands in no `OR`, and in nothing turned round.
    is_required: bool,
}

impl Writer {
    /// True exactly where the answer is the wanted one; elsewhere false or null.
    fn certain(&mut self, condition: &Condition, wanted: bool) -> String {
        match condition {
            Condition::Always(value) => (*value == wanted).to_string(),
            Condition::Is(fact) => {
                let column = self.column(*fact);
                self.in_head(condition, turned(wanted, &format!("({column})")))
            }
            Condition::Known(fact) => {
                let column = self.column(*fact);
                let known = self.in_head(condition, format!("(({column}) IS NOT NULL)"));
                turned(wanted, &known)
            }
            Condition::Enrolled(code) => self.enrolled(code, wanted),
            Condition::Ranked(source) => self.ranked(source, wanted),
            Condition::Present(attribute) => {
                let value = value_of(attribute);
                let present = self.in_head(condition, format!("((jsonb_typeof({value}) <> 'null') IS TRUE)"));
                turned(wanted, &present)
            }
            Condition::Holds(attribute) => {
                let value = typed(attribute, "boolean", "::boolean");
                self.in_head(condition, turned(wanted, &value))
            }
            Condition::Lists { list, text } => {
                let text = self.bind(Parameter::Text(text.clone()));
                let listed = typed(list, "array", &format!(" ? {text}"));
                self.in_head(condition, turned(wanted, &listed))
            }
            Condition::Compare { left, order, right } => {
                let order = if wanted { *order } else { order.negated() };
                let compared = self.compare(left, order, right);
                self.in_head(condition, compared)
            }
            Condition::OneOf { operand, values } => {
                let compared = self.one_of(operand, values, wanted);
                self.in_head(condition, compared)
            }
            Condition::StartsWith { fact, prefix } => {
                let prefix = self.bind(Parameter::Text(prefix.clone()));
                let begins = format!("(starts_with({}, {prefix}))", self.column(*fact));
                self.in_head(condition, turned(wanted, &begins))
            }
            Condition::Not(inner) => self.certain(inner, !wanted),
            Condition::All(parts) => self.joined(parts, wanted, wanted),
            Condition::Any(parts) => self.joined(parts, wanted, !wanted),
            Condition::Some(each) => self.some(&each.predicate, (true, wanted)),
            Condition::Every(each) => self.some(&each.predicate, (false, !wanted)),
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

    /// Some member gives the answer for certain, or none gives it, not even perhaps.
    fn some(&mut self, predicate: &Condition, (answer, wanted): (bool, bool)) -> String {
        let is_required = std::mem::replace(&mut self.is_required, false);
        let members = if wanted { self.certain(predicate, answer) } else { self.possible(predicate, answer) };
        self.is_required = is_required;
        match &mut self.joins {
            Some(joins) if !is_required && predicate.is_of_member() => {
                format!("({} {} 0)", joins.count_members(Some(members)), if wanted { ">" } else { "=" })
            }
            _ => exists(wanted, LIVE_MEMBERS, &members),
        }
    }

    fn enrolled(&mut self, code: &str, wanted: bool) -> String {
        let code = self.bind(Parameter::Text(code.to_owned()));
        match &mut self.joins {
            Some(joins) if !self.is_required => turned(wanted, &joins.on_program(&code)),
            _ => exists(wanted, LIVE_ENROLLMENTS, &format!("p.code = {code}")),
        }
    }

    fn ranked(&mut self, source: &str, wanted: bool) -> String {
        let source = self.bind(Parameter::Text(source.to_owned()));
        match &mut self.joins {
            Some(joins) => turned(wanted, &format!("({} IS NOT NULL)", joins.rank(&source))),
            None => exists(wanted, RANKS, &format!("r.source = {source}")),
        }
    }

    /// Where the head is asked, the comparison stands inside a look-up of the head, or beside the one that is joined.
    fn in_head(&mut self, condition: &Condition, comparison: String) -> String {
        match &mut self.joins {
            _ if !condition.reads_head() => comparison,
            Some(joins) => {
                joins.head();
                format!("(h.id IS NOT NULL AND {comparison})")
            }
            // Postgres 15 has answered wrongly where it hashed such a look-up inside one of members (`m.sex == head.sex`)
            // and should have hashed it anew for each family: with an offset it does not hash.
            None if condition.reads_member() => format!("(EXISTS (SELECT 1 {LIVE_HEAD} AND {comparison} OFFSET 0))"),
            None => exists(true, LIVE_HEAD, &comparison),
        }
    }

    fn joined(&mut self, parts: &[Condition], wanted: bool, is_and: bool) -> String {
        let is_required = self.is_required;
        self.is_required = is_required && is_and;
        let parts: Vec<_> = parts.iter().map(|part| self.certain(part, wanted)).collect();
        self.is_required = is_required;
        format!("({})", parts.join(if is_and { " AND " } else { " OR " }))
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
        let born_on = self.column(fact);
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
        let is_age = operand.fact().is_some_and(|fact| fact.entry.field == Field::Age);
        match values {
            Values::Text(texts) => self.any_of(operand, Parameter::TextList(texts.clone()), wanted),
            Values::Whole(numbers) if !is_age && !operand.may_be_uncertain() => {
                self.any_of(operand, Parameter::WholeList(numbers.clone()), wanted)
            }
            Values::Whole(numbers) => {
                let order = if wanted { Order::Equal } else { Order::Differs };
                let compared: Vec<_> =
                    numbers.iter().map(|number| self.compare(operand, order, &Operand::Whole(*number))).collect();
                format!("({})", compared.join(if wanted { " OR " } else { " AND " }))
            }
        }
    }

    fn any_of(&mut self, operand: &Operand, values: Parameter, wanted: bool) -> String {
        let comparison = if wanted { "= ANY" } else { "<> ALL" };
        let operand = self.end(operand, End::Least);
        format!("({operand} {comparison} ({}))", self.bind(values))
    }

    fn end(&mut self, operand: &Operand, end: End) -> String {
        match operand {
            Operand::Whole(number) => self.bind(Parameter::Whole(*number)),
            Operand::Text(text) => self.bind(Parameter::Text(text.clone())),
            Operand::Fact(fact) if fact.entry.field == Field::Age => self.completed_years(*fact),
            Operand::Fact(fact) if fact.entry.field == Field::DaysSinceVisit => self.days_since(*fact),
            Operand::Fact(fact) => self.column(*fact),
            Operand::Members(each) => self.members(each.as_ref(), end),
            Operand::Programs => match &mut self.joins {
                Some(joins) => joins.count_programs(),
                None => format!("(SELECT count(*) {LIVE_ENROLLMENTS})"),
            },
            Operand::Rank(source) => {
                let source = self.bind(Parameter::Text(source.clone()));
                match &mut self.joins {
                    Some(joins) => joins.rank(&source),
                    None => format!("(SELECT r.decile {RANKS} AND r.source = {source} ORDER BY r.period DESC LIMIT 1)"),
                }
            }
            Operand::Attribute { attribute, kind: AttributeKind::Number } => number(attribute),
            Operand::Attribute { attribute, .. } => typed(attribute, "string", " #>> '{}'"),
            Operand::Aid(aid) => self.aid(aid),
        }
    }

    fn members(&mut self, each: Option<&Each>, end: End) -> String {
        let is_of_member = each.is_none_or(|each| each.predicate.is_of_member());
        let condition = each.map(|each| self.counted(each, end));
        match (&mut self.joins, condition) {
            (Some(joins), condition) if is_of_member => joins.count_members(condition),
            (_, Some(condition)) => format!("(SELECT count(*) {LIVE_MEMBERS} AND {condition})"),
            (_, None) => format!("(SELECT count(*) {LIVE_MEMBERS})"),
        }
    }

    fn counted(&mut self, each: &Each, end: End) -> String {
        let is_required = std::mem::replace(&mut self.is_required, false);
        let condition = match end {
            End::Least => self.certain(&each.predicate, true),
            End::Most => self.possible(&each.predicate, true),
        };
        self.is_required = is_required;
        condition
    }

    fn aid(&mut self, aid: &Aid) -> String {
        let code = self.bind(Parameter::Text(aid.code.clone()));
        let first = self.bind(Parameter::Date(first_day(self.reference_on, aid.days)));
        let last = self.bind(Parameter::Date(self.reference_on));
        let asked = format!("p.code = {code} AND d.delivered_on >= {first} AND d.delivered_on <= {last}");
        let what = match aid.measure {
            AidMeasure::Quantity => "sum(d.quantity)",
            AidMeasure::Deliveries => "sum(d.deliveries)",
        };
        match &mut self.joins {
            Some(joins) => joins.aid(what, &asked),
            None => format!("(SELECT coalesce({what}, 0) {DELIVERIES} AND {asked})"),
        }
    }

    /// The age itself, where it is compared with another fact.
    fn completed_years(&mut self, fact: FactRef) -> String {
        let today = self.bind(Parameter::Date(self.reference_on));
        let born_on = self.column(fact);
        format!("floor((to_char({today}, 'YYYYMMDD')::int - to_char({born_on}, 'YYYYMMDD')::int) / 10000.0)")
    }

    fn days_since(&mut self, fact: FactRef) -> String {
        let today = self.bind(Parameter::Date(self.reference_on));
        format!("({today} - {})", self.column(fact))
    }

    fn column(&mut self, fact: FactRef) -> String {
        if fact.entry.field == Field::LeastDuty {
            return self.least_duty();
        }
        match &mut self.joins {
            Some(joins) if fact.entry.field == Field::DaysSinceVisit => joins.last_visit().to_owned(),
            _ => column(fact),
        }
    }

    fn least_duty(&mut self) -> String {
        let (from, before) = last_quarter(self.reference_on);
        let (from, before) = (self.bind(Parameter::Date(from)), self.bind(Parameter::Date(before)));
        match &mut self.joins {
            Some(joins) => joins.least_duty((from, before)),
            None => format!(
                "(SELECT min(u.kept) FROM (SELECT {DUTY_KEPT} FROM (SELECT {OF_MONTH} FROM duty_records r \
                 WHERE r.area_id = b.area_id AND r.beneficiary_id = b.id AND {} GROUP BY {BY_MONTH}) k \
                 GROUP BY k.kind, k.subject) u)",
                DUTIES_OF_PERIOD.replace("{from}", &from).replace("{before}", &before)
            ),
        }
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

/// What a record has as the value of the attribute.
fn value_of(attribute: &AttributeRef) -> String {
    let record = match attribute.scope {
        Scope::Family => "b",
        Scope::Head => "h",
        Scope::Member => "m",
    };
    format!("{record}.attributes #> '{{{},value}}'", attribute.name)
}

/// The value as the rule takes it; null where it is of another type.
fn typed(attribute: &AttributeRef, json_type: &str, taken: &str) -> String {
    let value = value_of(attribute);
    format!("(CASE WHEN jsonb_typeof({value}) = '{json_type}' THEN ({value}){taken} END)")
}

fn number(attribute: &AttributeRef) -> String {
    format!("trunc({}, {MOST_FRACTION})", typed(attribute, "number", "::numeric"))
}

fn turned(wanted: bool, condition: &str) -> String {
    if wanted { condition.to_owned() } else { format!("(NOT {condition})") }
}

fn exists(wanted: bool, rows: &str, condition: &str) -> String {
    let not = if wanted { "" } else { "NOT " };
    format!("({not}EXISTS (SELECT 1 {rows} AND {condition}))")
}
