//! A card that is about to be registered, checked against all members through the API, beside a search by trigrams.

use std::fmt::Write as _;
use std::time::Duration;

use serde_json::{Value, json};

use crate::figure::{p99, tell_below, tell_milliseconds};
use crate::load::{p99_milliseconds, psql, script};
use crate::members::{name, numbered};
use crate::service::Service;

/// Cards that are checked in turn.
const CARDS: usize = 10_000;
/// How long each kind of card is checked, one after the other.
const SECONDS: u32 = 8;
/// Searches of the peer: each takes as long as hundreds of checks.
const SEARCHES: usize = 100;

pub(crate) fn run(service: &Service, rows: usize) {
    psql(service, "vacuum analyze member_keys, members, memberships, beneficiaries");
    // A start looks for stale keys and sums the ledger anew; then the machine is quiet.
    std::thread::sleep(Duration::from_secs(20));
    let token = service.token("sandbox-kecamatan");
    let check = |name: &str, persons: usize, step: usize| {
        let cards = (0..CARDS).map(|number| card(number * step % rows, persons));
        p99_milliseconds(service, &script(service, name, &requests(&token, cards)), SECONDS)
    };
    check("warm.lua", 1, 7);
    let one = check("one.lua", 1, 997);
    let five = check("five.lua", 5, 991);
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

/// A wrk script that asks for the cards in turn.
fn requests(token: &str, cards: impl Iterator<Item = Value>) -> String {
    let mut lua = String::from("local sent, turn = {}, 0\nfunction init()\n");
    writeln!(lua, "  wrk.headers['Authorization'] = 'Bearer {token}'").unwrap();
    writeln!(lua, "  wrk.headers['Content-Type'] = 'application/json'").unwrap();
    for card in cards {
        writeln!(lua, "  sent[#sent + 1] = wrk.format('POST', '/v1/duplicates/checks', nil, [==[{card}]==])").unwrap();
    }
    lua.push_str("end\nfunction request()\n  turn = turn % #sent + 1\n  return sent[turn]\nend\n");
    lua
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
