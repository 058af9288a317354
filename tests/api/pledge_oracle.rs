//! Random commands on pledges by several clients at once, each answer as it was worked out beforehand.

use serde_json::Value;

use crate::oracle::{Ask, Book, Family, PLACES, Pledge, Who};
use crate::support::{Answer, Cast, Client, HAMBAU, KELEKAT, line, line_id, texts};

/// What is pledged.
const KIND: &str = "fishing_gear";
/// Clients at the same time.
const CLIENTS: usize = 4;
/// Families of each.
const FAMILIES: usize = 5;
/// Commands of each.
const COMMANDS: usize = 250;
/// What the pledge common to all promises.
const PROMISED: i64 = 10_000;

fn client_of<'a>(cast: &'a Cast, ask: &Ask) -> &'a Client {
    match ask.who {
        Who::Company => &cast.company,
        Who::First => &cast.first,
        Who::Second => &cast.second,
    }
}

/// Sends a command, now and then once more by the same key: the answer is the same.
async fn send(cast: &Cast, ask: &Ask, number: usize) -> Answer {
    let (client, key) = (client_of(cast, ask), uuid::Uuid::now_v7().to_string());
    let answer = client.post_keyed(&ask.path, &key, &ask.body).await;
    if answer.status.is_success() && number.is_multiple_of(3) {
        let again = client.post_keyed(&ask.path, &key, &ask.body).await;
        assert_eq!((again.status, &again.body), (answer.status, &answer.body), "{}", ask.path);
    }
    answer
}

async fn play(cast: &Cast, mut book: Book) -> Book {
    for number in 0..COMMANDS {
        let ask = book.next();
        let answer = send(cast, &ask, number).await;
        book.heard(&ask, answer.status.as_u16(), &answer.body);
        if let Some(path) = book.unnamed() {
            book.name(&cast.first.get(&path).await.expect(200).body);
        }
    }
    book
}

async fn compare(cast: &Cast, pledge: &Pledge) -> Vec<String> {
    let told = cast.first.get(&format!("/v1/pledges/{}", pledge.id)).await.expect(200);
    pledge.differences(&told.body, &cast.trail(&pledge.id).await)
}

/// The parts of all in the common pledge add up to its trail.
fn assert_common(trail: &Value, books: &[Book]) {
    for (at, place) in PLACES.iter().enumerate() {
        let parts: i64 = books.iter().map(|book| book.common().lines[0].balances[at]).sum();
        let began = if at == 0 { PROMISED } else { 0 };
        assert_eq!(trail["lines"][0][*place], (began + parts).to_string(), "{place}");
    }
}

/// Audit rows of the commands that this many acknowledgements make, one for each; a proposal that ends with its pledge
/// was nobody's command.
async fn assert_recorded(cast: &Cast, books: &[Book]) {
    let rows = "select operation || ' ' || resource_id as found from audit_records where after_digest is not null
        and (resource <> 'pledges' or operation in ('draft_pledge', 'submit_pledge', 'withdraw_pledge', 'return_pledge',
            'reject_pledge', 'accept_pledge')) and operation <> 'end_pledge_decision'";
    let acknowledged = books.iter().flat_map(|book| &book.acknowledged);
    let acknowledged = acknowledged.flat_map(|(operation, ids)| ids.iter().map(move |id| format!("{operation} {id}")));
    let mut acknowledged: Vec<String> = acknowledged.collect();
    // What was done before the clients began.
    let began: Vec<String> = acknowledged_before(cast).await;
    acknowledged.extend(began);
    let mut there = texts(&cast.app, rows).await;
    acknowledged.sort();
    there.sort();
    assert_eq!(there, acknowledged);
}

/// The company, and the steps of the common pledge.
async fn acknowledged_before(cast: &Cast) -> Vec<String> {
    let company = format!("add_company {}", cast.company_id);
    let steps = ["draft_pledge", "submit_pledge", "accept_pledge", "accept_pledge"];
    let pledge = texts(&cast.app, "select id::text as found from pledges order by created_at, id limit 1").await;
    std::iter::once(company).chain(steps.map(|step| format!("{step} {}", pledge[0]))).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn random_commands_do_just_what_was_worked_out() {
    let cast = Cast::new().await;
    let villages = [HAMBAU, KELEKAT];
    let common = serde_json::json!({ "title": "Bersama", "year": 2026,
        "lines": [line(KIND, &PROMISED.to_string(), &villages)] });
    let common = cast.committed(&common).await;
    let (pledge, line) = (common.id(), line_id(&common, 0));
    let mut books = Vec::new();
    for seed in 0..CLIENTS {
        let needy = cast.app.needy_families(HAMBAU, i64::try_from(FAMILIES).unwrap(), KIND, "2").await;
        let family = |needy: crate::support::NeedyFamily| Family {
            id: needy.beneficiary_id.to_string(),
            need_id: needy.need_id.to_string(),
            need_quantity: 2,
        };
        let families = needy.into_iter().map(family).collect();
        let villages = villages.map(ToOwned::to_owned);
        books.push(Book::new(u64::try_from(seed).unwrap(), (KIND, &villages), families, (&pledge, &line)));
    }
    let books = futures_util::future::join_all(books.into_iter().map(|book| play(&cast, book))).await;
    let mut differences: Vec<String> = books.iter().flat_map(|book| book.differences.clone()).collect();
    for pledge in books.iter().flat_map(Book::own) {
        differences.extend(compare(&cast, pledge).await);
    }
    assert!(differences.is_empty(), "{}", differences.join("\n"));
    // Something of everything happened, and something of everything was refused.
    let refused: usize = books.iter().map(|book| book.refused).sum();
    let operations: std::collections::BTreeSet<_> =
        books.iter().flat_map(|book| book.acknowledged.keys().copied()).collect();
    assert!(refused > CLIENTS * COMMANDS / 10 && operations.len() > 18, "{refused} refused, done: {operations:?}");
    assert_common(&cast.trail(&pledge).await, &books);
    assert_recorded(&cast, &books).await;
    cast.assert_sums().await;
}
