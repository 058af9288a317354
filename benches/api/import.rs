//! A CSV import, from upload to applied, against `\copy` of the rows it made into the same tables and indexes.

use std::fmt::Write;
use std::fs::File;
use std::path::Path;
use std::time::{Duration, Instant};

use reqwest::blocking::Client as Http;
use serde_json::Value;

use crate::figure::tell_ratio;
use crate::load::{ROUNDS, psql, psql_file, script};
use crate::service::Service;

/// Families of a file, four members each.
const FAMILIES: usize = 10_000;
const MEMBERS: usize = 4;

/// Tables that an import fills for a family, parents first; how this round's rows are found, and what is set anew so
/// that they can stand beside themselves.
const TABLES: [(&str, &str, &str); 8] = [
    (
        "beneficiaries",
        "id in (select id from bench_families)",
        "id = bench_other(id), card_digest = sha256(card_digest)",
    ),
    (
        "beneficiary_locators",
        "beneficiary_id in (select id from bench_families)",
        "beneficiary_id = bench_other(beneficiary_id)",
    ),
    (
        "card_claims",
        "beneficiary_id in (select id from bench_families)",
        "beneficiary_id = bench_other(beneficiary_id), card_digest = sha256(card_digest)",
    ),
    (
        "welfare_ranks",
        "beneficiary_id in (select id from bench_families)",
        "beneficiary_id = bench_other(beneficiary_id)",
    ),
    ("members", "id in (select id from bench_members)", "id = bench_other(id), nik_digest = sha256(nik_digest)"),
    (
        "identity_claims",
        "member_id in (select id from bench_members)",
        "member_id = bench_other(member_id), nik_digest = sha256(nik_digest)",
    ),
    (
        "memberships",
        "beneficiary_id in (select id from bench_families)",
        "id = bench_other(id), beneficiary_id = bench_other(beneficiary_id), member_id = bench_other(member_id)",
    ),
    (
        "member_keys",
        "member_id in (select id from bench_members)",
        "member_id = bench_other(member_id), beneficiary_id = bench_other(beneficiary_id)",
    ),
];

/// Which families this round made, and another id beside each id, as young as it.
const ROUND: &str = "
create or replace function bench_other(id uuid) returns uuid language sql immutable as $$
    select (left(id::text, 35) || translate(right(id::text, 1), '0123456789abcdef', '123456789abcdef0'))::uuid $$;
drop table if exists bench_families, bench_members;
create table bench_families as select id from beneficiaries where created_at >= 'BEGAN' and source = 'import';
create table bench_members as select member_id as id from memberships
    where beneficiary_id in (select id from bench_families);
analyze bench_families;
analyze bench_members;
";

pub(crate) fn run(service: &Service) {
    let token = service.token("sandbox-kecamatan");
    let rounds: Vec<(f64, f64)> = (0..ROUNDS)
        .map(|round| {
            let began_at = psql(service, "select clock_timestamp()");
            let csv = script(service, "import.csv", &file(round));
            let ours = import(service, &token, &csv, (FAMILIES, MEMBERS));
            (ours, copy(service, began_at.trim(), FAMILIES * MEMBERS))
        })
        .collect();
    tell_ratio("CSV import, members", 0.25, "psql \\copy of the same rows, same tables and indexes", &rounds);
}

/// Members a second from the first byte sent to applied.
pub(crate) fn import(service: &Service, token: &str, csv: &Path, (families, members): (usize, usize)) -> f64 {
    let http = Http::builder().timeout(Duration::from_mins(15)).build().unwrap();
    let began = Instant::now();
    let sent = http
        .post(format!("{}/v1/imports", service.url))
        .bearer_auth(token)
        .header("Content-Type", "text/csv")
        .header("Idempotency-Key", format!("bench-{}", uuid::Uuid::now_v7()))
        .body(File::open(csv).unwrap())
        .send()
        .unwrap();
    assert_eq!(sent.status().as_u16(), 202, "{}", sent.text().unwrap());
    let address = format!("{}{}", service.url, sent.headers()["location"].to_str().unwrap());
    loop {
        let told: Value = http.get(&address).bearer_auth(token).send().unwrap().json().unwrap();
        if told["status"] == "applied" {
            assert_eq!(told["families_created"], families, "{told}");
            return (families * members) as f64 / began.elapsed().as_secs_f64();
        }
        assert_ne!(told["status"], "failed", "{told}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// Writes the round's rows to files, as of other families, and times how `\copy` puts those in.
pub(crate) fn copy(service: &Service, began_at: &str, members: usize) -> f64 {
    let folder = service.folder.display();
    let (mut out, mut back) = (ROUND.replace("BEGAN", began_at), String::from("begin;\n"));
    for (table, condition, anew) in TABLES {
        writeln!(
            out,
            "create temp table copied as select * from {table} where {condition};\n\
             update copied set {anew};\n\
             \\copy copied to '{folder}/{table}.copy'\n\
             drop table copied;"
        )
        .unwrap();
        writeln!(back, "\\copy {table} from '{folder}/{table}.copy'").unwrap();
    }
    // They go again, as no key opens numbers under other ids. The last flush is left out with it: to the peer's favour.
    back.push_str("rollback;\n");
    psql_file(service, &out);
    let began = Instant::now();
    psql_file(service, &back);
    members as f64 / began.elapsed().as_secs_f64()
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
            let (relationship, year) =
                if member == 0 { ("head", 70 + round) } else { ("child", 80 + round * MEMBERS + member) };
            let month = 1 + (round * MEMBERS + member) % 12;
            writeln!(
                csv,
                "640205{day:02}01{round:02}{serial:04},640205{day:02}{month:02}{year:02}{serial:04},Contoh Sintetis {member},\
                 male,19{year:02}-{month:02}-{day:02},{relationship},64.02.10.{village},RT 03,2,DTSEN,2026-10-01"
            )
            .unwrap();
        }
    }
    csv
}
