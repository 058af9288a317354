//! A card that is about to be registered, checked against all members through the API, beside a search by trigrams.

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use reqwest::blocking::Client as Http;
use serde_json::{Value, json};

use crate::figure::{p99, tell_below, tell_milliseconds};
use crate::load::psql;
use crate::members::{name, numbered};
use crate::service::Service;

/// Checks of a figure.
const CHECKS: usize = 1_000;
/// Searches of the peer: each takes as long as hundreds of checks.
const SEARCHES: usize = 100;

pub(crate) fn run(service: &Service, rows: usize) {
    psql(service, "vacuum analyze member_keys, members, memberships, beneficiaries");
    // A start looks for stale keys and sums the ledger anew; then the machine is quiet.
    std::thread::sleep(Duration::from_secs(20));
    let token = service.token("sandbox-kecamatan");
    let http = Http::builder().timeout(Duration::from_secs(30)).build().unwrap();
    let check = |number: usize, persons: usize| took(service, &http, &token, &card(number, persons));
    for number in 0..50 {
        check(number * 7 + 1, 1);
    }
    let one = p99((0..CHECKS).map(|number| check(number * 997 % rows, 1)).collect());
    let five = p99((0..CHECKS).map(|number| check(number * 991 % rows, 5)).collect());
    tell_milliseconds(&format!("check of one person against {rows}, p99"), one, 2.0);
    tell_milliseconds(&format!("check of a card of five against {rows}, p99"), five, 6.0);
    let peer = p99(trigrams(service, rows));
    let figure = format!("check of one person against {rows}, times faster than a search by trigrams");
    tell_below(&figure, peer / one, 150.0, "pg_trgm at 0.5, GIN index, p99 as ours", &format!("{peer:.1} ms"));
}

/// Persons as the file has them, one letter of each name slipped.
fn card(number: usize, persons: usize) -> Value {
    let member = |place: usize| {
        let mut name = name(number + place);
        name.replace_range(1..2, "o");
        let relationship = if place == 0 { "head" } else { "child" };
        let (born_on, _) = numbered("640202", number + place);
        json!({ "name": name, "sex": "male", "born_on": born_on, "relationship": relationship })
    };
    json!({ "village_code": "64.02.10.2004", "address": "RT 03", "members": (0..persons).map(member).collect::<Vec<_>>() })
}

/// Milliseconds until the answer is there.
fn took(service: &Service, http: &Http, token: &str, card: &Value) -> f64 {
    let request = http.post(format!("{}/v1/duplicates/checks", service.url)).bearer_auth(token).json(card);
    let began = Instant::now();
    let answer = request.send().unwrap();
    let (status, text) = (answer.status(), answer.text().unwrap());
    assert_eq!(status.as_u16(), 200, "{text}");
    began.elapsed().as_secs_f64() * 1_000.0
}

/// Milliseconds of searches in the database itself, without a service around them.
fn trigrams(service: &Service, rows: usize) -> Vec<f64> {
    psql(service, "create extension if not exists pg_trgm");
    psql(service, "create index bench_names on members using gin (name gin_trgm_ops)");
    let mut script = String::from("set pg_trgm.similarity_threshold = 0.5;\n\\timing on\n");
    for number in 0..SEARCHES {
        let mut name = name(number * 997 % rows);
        name.replace_range(1..2, "o");
        writeln!(script, "select count(*) from members where name % '{name}';").unwrap();
    }
    let told = crate::load::psql_told(service, &script);
    psql(service, "drop index bench_names");
    let times = told.lines().filter_map(|line| line.strip_prefix("Time: ")?.split(' ').next()?.parse().ok());
    let times: Vec<f64> = times.collect();
    assert_eq!(times.len(), SEARCHES, "{told}");
    times
}
