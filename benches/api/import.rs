//! A CSV import, from upload to applied, against `\copy` of the rows it made into the same tables and indexes.

use std::fmt::Write;
use std::time::{Duration, Instant};

use reqwest::blocking::Client as Http;
use serde_json::Value;

use crate::figure::tell_ratio;
use crate::load::{ROUNDS, psql, psql_file};
use crate::service::Service;

/// Families of a file, four members each.
const FAMILIES: usize = 10_000;
const MEMBERS: usize = 4;

/// Tables that an import fills for a family, parents first, and the condition that finds this round's rows.
const TABLES: [(&str, &str); 7] = [
    ("beneficiaries", "id in (select id from bench_families)"),
    ("beneficiary_locators", "beneficiary_id in (select id from bench_families)"),
    ("card_claims", "beneficiary_id in (select id from bench_families)"),
    ("welfare_ranks", "beneficiary_id in (select id from bench_families)"),
    ("members", "id in (select member_id from memberships where beneficiary_id in (select id from bench_families))"),
    (
        "identity_claims",
        "member_id in (select member_id from memberships where beneficiary_id in (select id from bench_families))",
    ),
    ("memberships", "beneficiary_id in (select id from bench_families)"),
];

pub(crate) fn run(service: &Service) {
    let token = service.token("sandbox-kecamatan");
    let rounds: Vec<(f64, f64)> = (0..ROUNDS)
        .map(|round| {
            let began_at = psql(service, "select clock_timestamp()");
            let ours = import(service, &token, &file(round));
            (ours, copy(service, began_at.trim()))
        })
        .collect();
    tell_ratio("CSV import, members", 0.25, "psql \\copy of the same rows, same tables and indexes", &rounds);
}

/// Members a second from the first byte sent to applied.
fn import(service: &Service, token: &str, csv: &str) -> f64 {
    let http = Http::builder().timeout(Duration::from_mins(5)).build().unwrap();
    let began = Instant::now();
    let sent = http
        .post(format!("{}/v1/imports", service.url))
        .bearer_auth(token)
        .header("Content-Type", "text/csv")
        .header("Idempotency-Key", format!("bench-{}", uuid::Uuid::now_v7()))
        .body(csv.to_owned())
        .send()
        .unwrap();
    assert_eq!(sent.status().as_u16(), 202, "{}", sent.text().unwrap());
    let address = format!("{}{}", service.url, sent.headers()["location"].to_str().unwrap());
    loop {
        let told: Value = http.get(&address).bearer_auth(token).send().unwrap().json().unwrap();
        if told["status"] == "applied" {
            assert_eq!(told["families_created"], FAMILIES, "{told}");
            return (FAMILIES * MEMBERS) as f64 / began.elapsed().as_secs_f64();
        }
        assert_ne!(told["status"], "failed", "{told}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// Takes the rows of the round out and times how `\copy` puts them back.
fn copy(service: &Service, began_at: &str) -> f64 {
    let folder = service.folder.display();
    let mut out = format!(
        "drop table if exists bench_families;\n\
         create table bench_families as select id from beneficiaries where created_at >= '{began_at}' and source = 'import';\n"
    );
    for (table, condition) in TABLES {
        writeln!(out, "\\copy (select * from {table} where {condition}) to '{folder}/{table}.copy'").unwrap();
    }
    for (table, condition) in TABLES.iter().rev().filter(|(table, _)| !["members", "memberships"].contains(table)) {
        if *table == "beneficiaries" {
            // Members are found through memberships, so both go once nothing else needs them.
            out.push_str(
                "create temp table gone as select member_id from memberships where beneficiary_id in (select id from bench_families);\n\
                 delete from memberships where beneficiary_id in (select id from bench_families);\n\
                 delete from members where id in (select member_id from gone);\n",
            );
        }
        writeln!(out, "delete from {table} where {condition};").unwrap();
    }
    out.push_str("vacuum;\n");
    psql_file(service, &out);
    let mut back = String::from("begin;\n");
    for (table, _) in TABLES {
        writeln!(back, "\\copy {table} from '{folder}/{table}.copy'").unwrap();
    }
    back.push_str("commit;\n");
    let began = Instant::now();
    psql_file(service, &back);
    (FAMILIES * MEMBERS) as f64 / began.elapsed().as_secs_f64()
}

/// A file of new families; numbers are valid in form and of serials that no registry reaches.
fn file(round: usize) -> String {
    let mut csv = String::from(
        "card_number,nik,name,sex,born_on,relationship,village_code,address,decile,decile_source,decile_period\n",
    );
    for family in 0..FAMILIES {
        let (day, serial) = (1 + family / 1_000, 9_000 + family % 1_000);
        let village = 2_001 + family % 11;
        for member in 0..MEMBERS {
            let (relationship, year) = if member == 0 { ("head", 70 + round) } else { ("child", 90 + member) };
            let month = 1 + (round * MEMBERS + member) % 12;
            writeln!(
                csv,
                "640297{day:02}01{round:02}{serial:04},640297{day:02}{month:02}{year:02}{serial:04},Contoh Sintetis {member},\
                 male,19{year:02}-{month:02}-{day:02},{relationship},64.02.10.{village},RT 03,2,DTSEN,2026-10-01"
            )
            .unwrap();
        }
    }
    csv
}
