//! All members as NDJSON, from the request to the last byte in a file, against `\copy` of the same rows to a file.

use std::fs::File;
use std::io::{BufRead, BufReader, Write};
use std::time::{Duration, Instant};

use reqwest::blocking::{Client as Http, Response};
use serde_json::{Value, json};

use crate::figure::{tell_memory, tell_ratio};
use crate::load::{psql, psql_file};
use crate::service::{AREA, Service};

/// Rounds, the service and its peer in turn.
const ROUNDS: usize = 3;
/// What the file has of a member, numbers sealed, in the same order.
const ROWS: &str = "select m.id, s.beneficiary_id, s.relationship, m.nik_sealed, m.nik_status, m.name, m.sex, m.born_on, \
    m.birth_place, m.mother_name, m.work, m.is_pregnant, m.has_disability, m.in_school, m.died_on, s.ended_on, \
    s.end_reason, m.warnings, m.version, m.created_at, m.updated_at \
    from members m join memberships s on s.area_id = m.area_id and s.member_id = m.id and s.ended_on is null \
    where m.area_id = AREA order by s.beneficiary_id, m.id";

pub(crate) fn run(service: &Service, rows: usize) {
    psql(service, "vacuum analyze members, memberships, beneficiaries");
    std::thread::sleep(Duration::from_secs(3));
    let rest = service.resident_mebibytes();
    let token = service.token("sandbox-kecamatan");
    let expected: usize =
        psql(service, &format!("select count(*) from ({}) m", ROWS.replace("AREA", AREA))).trim().parse().unwrap();
    assert!(expected >= rows, "{expected} members are there");
    service.forget_peak();
    let rounds: Vec<(f64, f64)> = (0..ROUNDS)
        .map(|_| (expected as f64 / export(service, &token, expected), expected as f64 / copy(service)))
        .collect();
    let peak = service.peak_mebibytes();
    tell_ratio(&format!("NDJSON export of {expected} members"), 0.7, "psql \\copy of the same rows to a file", &rounds);
    tell_memory(&format!("memory above rest, export of {expected} members"), peak - rest, 64.0);
}

/// Seconds until the file is there whole.
fn export(service: &Service, token: &str, expected: usize) -> f64 {
    let http = Http::builder().timeout(Duration::from_mins(15)).build().unwrap();
    let path = service.folder.join("members.ndjson");
    let began = Instant::now();
    let new = json!({ "list": "members", "format": "ndjson" });
    let request = http.post(format!("{}/v1/exports", service.url)).bearer_auth(token).json(&new);
    let started = request.header("Idempotency-Key", format!("bench-{}", uuid::Uuid::now_v7())).send().unwrap();
    assert_eq!(started.status().as_u16(), 202, "{}", started.text().unwrap());
    let address = format!("{}{}", service.url, started.headers()["location"].to_str().unwrap());
    let mut file: Response = http.get(format!("{address}/file")).bearer_auth(token).send().unwrap();
    assert_eq!(file.status().as_u16(), 200);
    let mut to = File::create(&path).unwrap();
    file.copy_to(&mut to).unwrap();
    to.flush().unwrap();
    let seconds = began.elapsed().as_secs_f64();
    let told: Value = http.get(&address).bearer_auth(token).send().unwrap().json().unwrap();
    assert_eq!((&told["status"], &told["rows_written"]), (&json!("done"), &json!(expected)), "{told}");
    assert_eq!(BufReader::new(File::open(&path).unwrap()).lines().count(), expected);
    std::fs::remove_file(path).unwrap();
    seconds
}

/// Seconds until `\copy` has the rows in a file.
fn copy(service: &Service) -> f64 {
    let path = service.folder.join("members.copy");
    let began = Instant::now();
    psql_file(service, &format!("\\copy ({}) to '{}'\n", ROWS.replace("AREA", AREA), path.display()));
    let seconds = began.elapsed().as_secs_f64();
    std::fs::remove_file(path).unwrap();
    seconds
}
