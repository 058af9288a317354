//! Ways to give each part of a rule the answer that is wanted of it.

use serde_json::{Value as Json, json};

use super::super::entries::{Entry, FactRef, Field, Kind, Scope};
use super::super::evaluate::Answer;
use super::super::facts::Subject;
use super::super::keyed::{AttributeKind, AttributeRef};
use super::super::tree::{Condition, Each, Operand, Order, Values};
use super::{Change, Changed, Setting};

/// Changes that together give the wanted answer.
type Way = Vec<Change>;

/// Most ways that are followed.
const MOST_WAYS: usize = 24;

/// Ways to the answer, the shortest first.
pub(super) fn of(condition: &Condition, subject: Subject<'_>, wanted: bool) -> Vec<Way> {
    if condition.answer(subject) == Answer::from(wanted) {
        return vec![Vec::new()];
    }
    match condition {
        Condition::Not(inner) => of(inner, subject, !wanted),
        Condition::All(parts) => joined(parts.iter().map(|part| of(part, subject, wanted)), wanted),
        Condition::Any(parts) => joined(parts.iter().map(|part| of(part, subject, wanted)), !wanted),
        Condition::Some(each) => joined(of_members(each, subject, wanted), !wanted),
        Condition::Every(each) => joined(of_members(each, subject, wanted), wanted),
        _ => atoms(condition, subject, wanted),
    }
}

/// Every change of one fact that some part of the rule asks about, at most so many, each once.
pub(super) fn changes_of(condition: &Condition, subject: Subject<'_>, most: usize) -> Vec<Change> {
    let mut all = Vec::new();
    collect(condition, subject, (&mut all, most));
    all
}

fn collect(condition: &Condition, subject: Subject<'_>, (all, most): (&mut Vec<Change>, usize)) {
    for way in [true, false].into_iter().flat_map(|wanted| atoms(condition, subject, wanted)) {
        if let [change] = way.as_slice()
            && all.len() < most
            && !all.contains(change)
        {
            all.push(change.clone());
        }
    }
    let of_members: Vec<&Each> = match condition {
        Condition::Some(each) | Condition::Every(each) => vec![each],
        _ => condition.operands().into_iter().filter_map(Operand::each).collect(),
    };
    for each in &of_members {
        for member in &subject.facts.members {
            collect(&each.predicate, subject.of(member), (&mut *all, most));
        }
    }
    if of_members.is_empty() {
        condition.parts().into_iter().for_each(|part| collect(part, subject, (&mut *all, most)));
    }
}

fn of_members(each: &Each, subject: Subject<'_>, wanted: bool) -> Vec<Vec<Way>> {
    subject.facts.members.iter().map(|member| of(&each.predicate, subject.of(member), wanted)).collect()
}

/// One of the parts, or all of them at once.
fn joined(parts: impl IntoIterator<Item = Vec<Way>>, is_all: bool) -> Vec<Way> {
    if !is_all {
        return shortest(parts.into_iter().flatten().collect());
    }
    parts.into_iter().fold(vec![Vec::new()], |ways, part| {
        let both = ways.iter().flat_map(|way| part.iter().flat_map(|more| merged(way, more)));
        shortest(both.collect())
    })
}

fn shortest(mut ways: Vec<Way>) -> Vec<Way> {
    ways.sort_by_key(Vec::len);
    ways.dedup();
    ways.truncate(MOST_WAYS);
    ways
}

/// Both ways together; where they set one fact to two values, either of these may do.
fn merged(way: &Way, more: &Way) -> Vec<Way> {
    let onto = |first: &Way, second: &Way| {
        let new = second.iter().filter(|change| !first.iter().any(|known| known.of == change.of));
        first.iter().chain(new).cloned().collect::<Way>()
    };
    let (one, other) = (onto(way, more), onto(more, way));
    if one.iter().all(|change| other.contains(change)) { vec![one] } else { vec![one, other] }
}

/// Ways of a part that is made of no others, as far as a fact can be named that does it.
fn atoms(condition: &Condition, subject: Subject<'_>, wanted: bool) -> Vec<Way> {
    match condition {
        Condition::Is(fact) => field(*fact, subject, Setting::Boolean(wanted)),
        Condition::Holds(held) => attribute(held, subject, json!(wanted)),
        Condition::Enrolled(code) => single(Changed::Program(code.clone()), Setting::Boolean(wanted)),
        Condition::Lists { list, text } => listing(list, text, (subject, wanted)),
        Condition::Compare { left, order, right } => {
            let order = if wanted { *order } else { order.negated() };
            let turned = compared(right, order.mirrored(), (left, subject));
            compared(left, order, (right, subject)).into_iter().chain(turned).collect()
        }
        Condition::OneOf { operand, values } => one_of(operand, values, (subject, wanted)),
        _ => Vec::new(),
    }
}

fn single(of: Changed, to: Setting) -> Vec<Way> {
    vec![vec![Change { of, to }]]
}

fn field(fact: FactRef, subject: Subject<'_>, to: Setting) -> Vec<Way> {
    let member = subject.place(fact.scope);
    if fact.scope != Scope::Family && member.is_none() {
        return Vec::new();
    }
    single(Changed::Field { scope: fact.scope, member, entry: fact.entry }, to)
}

fn attribute(attribute: &AttributeRef, subject: Subject<'_>, to: Json) -> Vec<Way> {
    let member = subject.place(attribute.scope);
    if attribute.scope != Scope::Family && member.is_none() {
        return Vec::new();
    }
    single(Changed::Attribute { scope: attribute.scope, member, name: attribute.name.clone() }, Setting::Json(to))
}

fn listing(list: &AttributeRef, text: &str, (subject, wanted): (Subject<'_>, bool)) -> Vec<Way> {
    let mut items = match subject.attribute_value(list) {
        Some(Json::Array(items)) => items.clone(),
        _ => Vec::new(),
    };
    items.retain(|item| item.as_str() != Some(text));
    if wanted {
        items.push(json!(text));
    }
    attribute(list, subject, Json::Array(items))
}

/// Ways to change the operand so that it stands to the other as it should.
fn compared(operand: &Operand, order: Order, (other, subject): (&Operand, Subject<'_>)) -> Vec<Way> {
    if let Some(text) = other.text_value(subject) {
        let to = |text: &str| Setting::Text(text.to_owned());
        return match order {
            Order::Equal => set(operand, subject, to(text)),
            _ => words(operand).filter(|word| *word != text).flat_map(|word| set(operand, subject, to(word))).collect(),
        };
    }
    let Some(number) = other.whole_value(subject) else { return Vec::new() };
    let numbers = match order {
        Order::Less => vec![number - 1],
        Order::More => vec![number + 1],
        Order::AtMost | Order::AtLeast | Order::Equal => vec![number],
        Order::Differs => vec![number - 1, number + 1],
    };
    numbers.into_iter().flat_map(|number| reach(operand, number, subject)).collect()
}

fn one_of(operand: &Operand, values: &Values, (subject, wanted): (Subject<'_>, bool)) -> Vec<Way> {
    match values {
        Values::Text(texts) => {
            let given = texts.iter().map(String::as_str);
            let others = words(operand).filter(|word| !texts.iter().any(|text| text == word));
            let to: Vec<&str> = if wanted { given.collect() } else { others.collect() };
            to.into_iter().flat_map(|text| set(operand, subject, Setting::Text(text.to_owned()))).collect()
        }
        Values::Whole(numbers) => {
            let beside = numbers.iter().flat_map(|number| [number - 1, number + 1]);
            let others = beside.filter(|number| !numbers.contains(number));
            let to: Vec<i64> = if wanted { numbers.clone() } else { others.collect() };
            to.into_iter().flat_map(|number| reach(operand, number, subject)).collect()
        }
    }
}

/// Ways to make the operand that number.
fn reach(operand: &Operand, number: i64, subject: Subject<'_>) -> Vec<Way> {
    match operand {
        Operand::Members(Some(each)) => counted(each, number, subject),
        _ => set(operand, subject, Setting::Whole(number)),
    }
}

/// The members for whom it takes least, as many as are missing or too many.
fn counted(each: &Each, number: i64, subject: Subject<'_>) -> Vec<Way> {
    let members = &subject.facts.members;
    let answers: Vec<Answer> = members.iter().map(|member| each.predicate.answer(subject.of(member))).collect();
    let sure = answers.iter().filter(|answer| **answer == Answer::Yes).count();
    let Ok(number) = usize::try_from(number) else { return Vec::new() };
    let is_more = number > sure;
    // Those who may count are settled where the count must not be more than it is.
    let must = |answer: Answer| if is_more { answer != Answer::Yes } else { answer != Answer::No };
    let open = members.iter().zip(&answers).filter(|(_, answer)| must(**answer)).map(|(member, _)| member);
    let mut ways: Vec<Way> =
        open.filter_map(|member| of(&each.predicate, subject.of(member), is_more).into_iter().next()).collect();
    let missing = if is_more { number - sure } else { ways.len().saturating_sub(number) };
    if ways.len() < missing {
        return Vec::new();
    }
    ways.sort_by_key(Vec::len);
    ways.truncate(missing);
    joined(ways.into_iter().map(|way| vec![way]), true)
}

/// Sets a fact that is a number or a text, where it can be that.
fn set(operand: &Operand, subject: Subject<'_>, to: Setting) -> Vec<Way> {
    match (operand, &to) {
        (Operand::Fact(fact), _) if fits(fact.entry, &to) => field(*fact, subject, to),
        (Operand::Rank(source), Setting::Whole(1..=10)) => single(Changed::Rank(source.clone()), to),
        (Operand::Aid(aid), Setting::Whole(0..)) => single(Changed::Aid(aid.clone()), to),
        (Operand::Attribute { attribute: of, kind: AttributeKind::Number }, Setting::Whole(number)) => {
            attribute(of, subject, json!(number))
        }
        (Operand::Attribute { attribute: of, kind: AttributeKind::Text }, Setting::Text(text)) => {
            attribute(of, subject, json!(text))
        }
        _ => Vec::new(),
    }
}

fn fits(entry: &Entry, to: &Setting) -> bool {
    match (entry.kind, to) {
        (Kind::Whole { least, most }, Setting::Whole(number)) => (least..=most).contains(number),
        (Kind::Word(words), Setting::Text(text)) => words.contains(&text.as_str()),
        (Kind::Village, Setting::Text(_)) => true,
        // A district is changed by the village in it, which the rule does not name.
        (Kind::District, Setting::Text(_)) => entry.field == Field::District,
        _ => false,
    }
}

/// The words that a fact can be.
fn words(operand: &Operand) -> impl Iterator<Item = &'static str> + use<> {
    let words: &'static [&'static str] = match operand.fact().map(|fact| fact.entry.kind) {
        Some(Kind::Word(words)) => words,
        _ => &[],
    };
    words.iter().copied()
}
