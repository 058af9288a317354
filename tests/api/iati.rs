//! The pack of a pledge as an activity of the IATI Standard 2.03: in the order of its schema, with what it asks for, and
//! with the sums of the ledger.

use std::collections::BTreeMap;

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use serde_json::json;

use crate::evidence_packs::{file, hand_over, make, reached};
use crate::support::{Cast, HAMBAU, KELEKAT, line, line_id};

#[derive(Debug, Default, Clone)]
struct Node {
    name: String,
    attributes: BTreeMap<String, String>,
    children: Vec<Node>,
    text: String,
}

impl Node {
    fn of(start: &BytesStart<'_>) -> Self {
        let attributes = start.attributes().map(|one| {
            let one = one.unwrap();
            (one.key.as_ref().to_owned(), one.value.to_string())
        });
        let name = start.name().as_ref().to_owned();
        Self { name, attributes: attributes.collect(), ..Self::default() }
    }

    fn all<'a>(&'a self, name: &str) -> Vec<&'a Self> {
        self.children.iter().filter(|child| child.name == name).collect()
    }

    fn only(&self, name: &str) -> &Self {
        let all = self.all(name);
        assert_eq!(all.len(), 1, "{name} in {self:?}");
        all[0]
    }
}

fn parsed(text: &str) -> Node {
    let mut reader = Reader::from_str(text);
    let mut open = vec![Node::default()];
    loop {
        match reader.read_event().unwrap() {
            Event::Start(start) => open.push(Node::of(&start)),
            Event::Empty(start) => open.last_mut().unwrap().children.push(Node::of(&start)),
            Event::Text(text) => open.last_mut().unwrap().text.push_str(text.trim()),
            Event::End(_) => {
                let done = open.pop().unwrap();
                open.last_mut().unwrap().children.push(done);
            }
            Event::Eof => break,
            _ => {}
        }
    }
    assert_eq!(open.len(), 1);
    open.remove(0).children.remove(0)
}

/// What each element may hold, in the order of the schema. Source: iati-activities-schema.xsd 2.03, read 2026-11-29.
const ORDER: &[(&str, &[&str])] = &[
    ("iati-activities", &["iati-activity"]),
    (
        "iati-activity",
        &[
            "iati-identifier",
            "reporting-org",
            "title",
            "description",
            "participating-org",
            "other-identifier",
            "activity-status",
            "activity-date",
            "activity-scope",
            "recipient-country",
            "location",
            "sector",
            "default-flow-type",
            "default-finance-type",
            "default-aid-type",
            "budget",
            "transaction",
            "result",
        ],
    ),
    ("reporting-org", &["narrative"]),
    ("title", &["narrative"]),
    ("description", &["narrative"]),
    ("participating-org", &["narrative"]),
    ("name", &["narrative"]),
    ("location", &["location-reach", "name", "exactness"]),
    ("budget", &["period-start", "period-end", "value"]),
    ("transaction", &["transaction-type", "transaction-date", "value", "description", "provider-org", "receiver-org"]),
    ("provider-org", &["narrative"]),
    ("receiver-org", &["narrative"]),
    ("result", &["title", "indicator"]),
    ("indicator", &["title", "period"]),
    ("period", &["period-start", "period-end", "target", "actual"]),
];

/// What each element must say of itself.
const REQUIRED: &[(&str, &[&str])] = &[
    ("iati-activities", &["version"]),
    ("iati-activity", &["default-currency", "xml:lang", "last-updated-datetime"]),
    ("reporting-org", &["ref", "type"]),
    ("participating-org", &["role"]),
    ("other-identifier", &["ref", "type"]),
    ("activity-status", &["code"]),
    ("activity-date", &["type", "iso-date"]),
    ("activity-scope", &["code"]),
    ("recipient-country", &["code"]),
    ("location-reach", &["code"]),
    ("exactness", &["code"]),
    ("sector", &["code", "vocabulary", "percentage"]),
    ("default-flow-type", &["code"]),
    ("default-finance-type", &["code"]),
    ("default-aid-type", &["code"]),
    ("period-start", &["iso-date"]),
    ("period-end", &["iso-date"]),
    ("value", &["value-date"]),
    ("transaction-type", &["code"]),
    ("transaction-date", &["iso-date"]),
    ("result", &["type"]),
    ("indicator", &["measure"]),
    ("actual", &["value"]),
    ("target", &["value"]),
];

fn check(node: &Node) {
    let order = ORDER.iter().find(|(name, _)| *name == node.name).map(|(_, order)| *order).unwrap_or_default();
    let places: Vec<usize> = node
        .children
        .iter()
        .map(|child| {
            let place = order.iter().position(|name| *name == child.name);
            place.unwrap_or_else(|| panic!("{} is not for {}", child.name, node.name))
        })
        .collect();
    assert!(places.is_sorted(), "{}: {places:?}", node.name);
    let required = REQUIRED.iter().find(|(name, _)| *name == node.name).map(|(_, required)| *required);
    for attribute in required.unwrap_or_default() {
        let value = node.attributes.get(*attribute).map(String::as_str).unwrap_or_default();
        assert!(!value.is_empty(), "{} says no {attribute}", node.name);
    }
    node.children.iter().for_each(check);
}

async fn activity(cast: &Cast, pledge: &str) -> (Node, String) {
    let pack = make(&cast.company, pledge).await;
    let text = file(&cast.company, &pack.id(), "application/xml").await.expect(200).text;
    let root = parsed(&text);
    check(&root);
    (root.only("iati-activity").clone(), text)
}

/// Sum of the transactions of a type.
fn sum(activity: &Node, code: &str) -> i64 {
    let of_type = |one: &&&Node| one.only("transaction-type").attributes["code"] == code;
    let all = activity.all("transaction");
    all.iter().filter(of_type).map(|one| one.only("value").text.parse::<i64>().unwrap()).sum()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_activity_has_the_order_of_the_schema_and_the_sums_of_the_ledger() {
    let (cast, pledge, of_line) = reached().await;
    let (activity, _) = activity(&cast, &pledge).await;
    let reporter = "ID-KDN-64.02.10";
    assert_eq!(activity.only("iati-identifier").text, format!("{reporter}-{pledge}"));
    assert_eq!(activity.only("reporting-org").attributes["ref"], reporter);
    assert_eq!(activity.only("title").only("narrative").text, "Traktor");
    let roles: Vec<&str> =
        activity.all("participating-org").iter().map(|one| one.attributes["role"].as_str()).collect();
    assert_eq!(roles, ["1", "4"]);
    assert_eq!(activity.only("activity-status").attributes["code"], "2");
    let trail = cast.trail(&pledge).await["lines"][0].clone();
    let worth = |step: &str| trail[step].as_str().unwrap().parse::<i64>().unwrap() * 1_000_000;
    assert_eq!(activity.only("budget").only("value").text, worth("promised").to_string());
    assert_eq!(sum(&activity, "11"), worth("committed"));
    assert_eq!(sum(&activity, "1"), worth("received"));
    assert_eq!(sum(&activity, "4"), worth("delivered"));
    let villages: Vec<&str> = activity.all("location").iter().map(|one| one.attributes["ref"].as_str()).collect();
    assert_eq!(villages, [HAMBAU, KELEKAT]);
    let sectors: Vec<&str> = activity.all("sector").iter().map(|one| one.attributes["percentage"].as_str()).collect();
    assert_eq!(sectors, ["100"]);
    let results = activity.all("result");
    let handed = results[0].only("indicator").only("period");
    assert_eq!(
        (&handed.only("target").attributes["value"], &handed.only("actual").attributes["value"]),
        (&"12".to_owned(), &"10".to_owned())
    );
    assert_eq!(results[1].only("indicator").only("period").only("actual").attributes["value"], "10");

    // What is given back comes off what came in.
    let refund = json!({ "reason": "Rusak", "pledge_line_id": of_line, "quantity": "2" });
    cast.decided(&pledge, "refunds", &refund).await;
    let (activity, _) = self::activity(&cast, &pledge).await;
    assert_eq!(sum(&activity, "1"), worth("received") - 2_000_000);
    let seal = make(&cast.company, &pledge).await.body["digest"].clone();
    let others: Vec<&str> = activity.all("other-identifier").iter().map(|one| one.attributes["ref"].as_str()).collect();
    assert_eq!(others, [pledge.as_str(), seal.as_str().unwrap()]);
}

#[tokio::test(flavor = "multi_thread")]
async fn shares_of_sectors_add_up_and_a_title_is_text() {
    let cast = Cast::new().await;
    let mut lines = vec![line("hand_tractor", "1", &[HAMBAU]), line("training_seat", "1", &[HAMBAU])];
    lines.push(line("rice", "1", &[KELEKAT]));
    let new = json!({ "title": "Alat & <latih>", "year": 2026, "lines": lines });
    let pledge = cast.committed(&new).await;
    let (activity, text) = activity(&cast, &pledge.id()).await;
    assert!(text.contains("Alat &amp; &lt;latih&gt;"), "{text}");
    let hundredths = |one: &&Node| {
        let (whole, part) = one.attributes["percentage"].split_once('.').unwrap_or((&one.attributes["percentage"], ""));
        format!("{whole}{part:0<2}").parse::<u64>().unwrap()
    };
    let sectors = activity.all("sector");
    assert_eq!(sectors.len(), 3);
    assert_eq!(sectors.iter().map(hundredths).sum::<u64>(), 10_000);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_has_no_value_is_no_transaction_and_a_closed_pledge_ends_on_a_day() {
    let cast = Cast::new().await;
    let mut free = line("hand_tractor", "1", &[HAMBAU]);
    free["unit_value_rupiah"] = json!(0);
    let pledge = cast.committed(&json!({ "title": "Tanpa nilai", "year": 2026, "lines": [free] })).await;
    cast.receive(&pledge.id(), &line_id(&pledge, 0), "1").await.expect(201);
    let family = cast.app.needy_families(HAMBAU, 1, "hand_tractor", "1").await;
    hand_over(&cast, (&pledge.id(), &line_id(&pledge, 0)), &family).await;
    make(&cast.company, &pledge.id()).await.expect(201);
    let reason = json!({ "reason": "Selesai" });
    cast.propose(&cast.first, &pledge.id(), "closures", &reason).await.expect(201);
    let (activity, _) = activity(&cast, &pledge.id()).await;
    assert_eq!((activity.all("transaction").len(), activity.all("budget").len()), (0, 0));
    assert_eq!(activity.only("activity-status").attributes["code"], "4");
    let dates: Vec<&str> = activity.all("activity-date").iter().map(|one| one.attributes["type"].as_str()).collect();
    assert_eq!(dates, ["1", "2", "3", "4"]);
    assert_eq!(activity.all("result").len(), 1, "one family is not told");
}
