//! Sixteen clients who command pledges at random under kills, each with its book of what must become of them.

use std::sync::Mutex;
use std::time::Duration;

use serde_json::Value;

use crate::figure::tell_exact;
use crate::kills::under_kills;
use crate::load::{lines, psql};
use crate::missing::missing;
use crate::officer::Officer;
use crate::oracle::{Ask, Book, Family, PLACES, Pledge, Who};
use crate::retries::until_answered;
use crate::service::{AREA, Service};
use crate::stocked::{committed, needs, villages};

/// Clients at the same time.
const CLIENTS: usize = 16;
/// Families of each.
const FAMILIES: usize = 8;
/// What is pledged.
const KIND: &str = "fishing_gear";
/// What a family needs at first.
const NEEDED: usize = 2;
/// What the pledge common to all promises: more than they can receive.
const PROMISED: usize = 100_000_000;

/// Who acts for a client.
struct Acting {
    company: Officer,
    first: Officer,
    second: Officer,
}

impl Acting {
    fn new(service: &Service) -> Self {
        let officer = |client_id| Officer::new(service, client_id);
        Self {
            company: officer("sandbox-company"),
            first: officer("sandbox-kecamatan"),
            second: officer("sandbox-second-officer"),
        }
    }

    fn of(&self, ask: &Ask) -> &Officer {
        match ask.who {
            Who::Company => &self.company,
            Who::First => &self.first,
            Who::Second => &self.second,
        }
    }
}

pub(crate) fn run(service: &mut Service, commands: usize) {
    let (common, mut books) = prepare(service);
    let since = psql(service, "select clock_timestamp()").trim().to_owned();
    let promised = promise(service);
    let clients: Vec<Acting> = books.iter().map(|_| Acting::new(service)).collect();
    let failures = Mutex::new(Vec::new());
    let each = commands / CLIENTS;
    under_kills(service, || {
        std::thread::scope(|scope| {
            for (client, book) in clients.iter().zip(&mut books) {
                let failures = &failures;
                scope.spawn(move || command(client, book, (each, failures)));
            }
        });
    });
    let failures = failures.into_inner().unwrap();
    for told in failures.iter().take(5) {
        eprintln!("{told}");
    }
    tell_exact("answers 500 of pledges under kills", failures.len(), 0);
    let mut differences: Vec<String> = books.iter().flat_map(|book| book.differences.clone()).collect();
    differences.extend(books.iter().flat_map(Book::own).flat_map(|pledge| found(&clients[0], pledge)));
    differences.extend(common_differences(&clients[0], &common, &books));
    let entered: i64 = books.iter().flat_map(Book::own).map(Pledge::entered).sum();
    if promised - entered != promise(service) {
        differences.push(format!("the promise is {}, not {}", promise(service), promised - entered));
    }
    for told in differences.iter().take(20) {
        eprintln!("{told}");
    }
    let answered: usize = books.iter().map(|book| book.answered).sum();
    tell_exact("commands of pledges answered, of all", answered, each * CLIENTS);
    tell_exact(&format!("differences from the oracle, of {answered} commands"), differences.len(), 0);
    audit(service, &since, &books);
    let officer = &clients[0].first;
    let found = officer.get("/v1/ledger/discrepancies");
    tell_exact("discrepancies of the ledger after them", found["items"].as_array().map_or(0, Vec::len), 0);
}

/// The common pledge and its line, and a book for each client.
fn prepare(service: &Service) -> ((String, String), Vec<Book>) {
    let (pledge, made) = committed(service, (KIND, &[PROMISED]));
    let common = (pledge, made[0].clone());
    let pick = format!(
        "select id from beneficiaries where area_id = {AREA} and status = 'live' and verified_at is not null
        order by card_digest limit {}",
        CLIENTS * FAMILIES
    );
    let mut families = lines(service, &pick);
    families.sort();
    assert_eq!(families.len(), CLIENTS * FAMILIES);
    let needs = needs(service, (KIND, NEEDED), &families);
    assert_eq!(needs.len(), families.len());
    let pairs: Vec<_> = families.into_iter().zip(needs).collect();
    let quantity = i64::try_from(NEEDED).unwrap();
    let books = pairs.chunks(FAMILIES).enumerate().map(|(number, pairs)| {
        let family = |(id, need_id): &(String, String)| Family {
            id: id.clone(),
            need_id: need_id.clone(),
            need_quantity: quantity,
        };
        let families = pairs.iter().map(family).collect();
        Book::new(u64::try_from(number).unwrap(), (KIND, &villages()), families, (&common.0, &common.1))
    });
    let books = books.collect();
    (common, books)
}

fn command(client: &Acting, book: &mut Book, (commands, failures): (usize, &Mutex<Vec<String>>)) {
    for _ in 0..commands {
        let ask = book.next();
        let failed = |told| failures.lock().unwrap().push(told);
        let (status, told) = until_answered(client.of(&ask), (&ask.path, &ask.body), failed);
        let told: Value = serde_json::from_str(&told).unwrap_or_default();
        book.heard(&ask, status, &told);
        while let Some(path) = book.unnamed() {
            match client.first.read(&path) {
                Some((200, told)) => book.name(&serde_json::from_str(&told).unwrap()),
                _ => std::thread::sleep(Duration::from_millis(50)),
            }
        }
    }
}

fn found(client: &Acting, pledge: &Pledge) -> Vec<String> {
    let told = client.first.get(&format!("/v1/pledges/{}", pledge.id));
    let trail = client.first.get(&format!("/v1/pledges/{}/trail?limit=1", pledge.id));
    pledge.differences(&told, &trail)
}

/// The parts of all clients in the common pledge add up to what the service tells of it.
fn common_differences(client: &Acting, (pledge, line): &(String, String), books: &[Book]) -> Vec<String> {
    let trail = client.first.get(&format!("/v1/pledges/{pledge}/trail?limit=1"));
    let told = trail["lines"].as_array().unwrap().iter().find(|one| one["pledge_line_id"] == line.as_str()).unwrap();
    let mut differences = Vec::new();
    for (at, place) in PLACES.iter().enumerate() {
        let parts: i64 = books.iter().map(|book| book.common().lines[0].balances[at]).sum();
        let began = if at == 0 { i64::try_from(PROMISED).unwrap() } else { 0 };
        if told[*place] != (began + parts).to_string().as_str() {
            differences.push(format!("common pledge: {place} is {}, not {}", told[*place], began + parts));
        }
    }
    differences
}

/// Balance of what the company promised of the kind; below zero.
fn promise(service: &Service) -> i64 {
    let found = psql(
        service,
        &format!(
            "select trim_scale(coalesce(sum(b.posted), 0)) from ledger_accounts a join ledger_balances b on b.account_id = a.id
            where a.area_id = {AREA} and a.kind = 'promise' and a.unit = (select unit from need_kinds where code = '{KIND}')
                and a.owner_id = (select company_id from clients where id = 'sandbox-company')"
        ),
    );
    found.trim().parse().unwrap()
}

/// Each acknowledged command has one audit row, and no other has one.
fn audit(service: &Service, since: &str, books: &[Book]) {
    let mut operations: Vec<&str> = books.iter().flat_map(|book| book.acknowledged.keys().copied()).collect();
    operations.sort_unstable();
    operations.dedup();
    let (mut lost, mut doubled, mut all) = (0, 0, 0);
    for operation in operations {
        let of = |book: &Book| book.acknowledged.get(operation).cloned().unwrap_or_default();
        let acknowledged: Vec<String> = books.iter().flat_map(of).collect();
        // A decision that takes effect has a row of its own besides that of its pledge.
        let rows = format!(
            "select resource_id from audit_records where operation = '{operation}' and at > '{since}' and (resource <>
            'pledges' or operation in ('draft_pledge', 'submit_pledge', 'withdraw_pledge', 'return_pledge',
            'reject_pledge', 'accept_pledge'))"
        );
        let there = lines(service, &rows);
        all += acknowledged.len();
        let (gone, more) = (missing(&acknowledged, &there), missing(&there, &acknowledged));
        if gone + more > 0 {
            eprintln!("{operation}: {gone} lost and {more} doubled of {}", acknowledged.len());
        }
        lost += gone;
        doubled += more;
    }
    tell_exact(&format!("commands of pledges lost, of {all} acknowledged"), lost, 0);
    tell_exact("commands of pledges doubled", doubled, 0);
}
