//! One family as it was, among as many families as rows with five versions each, against the same family as it is.

use std::time::{Duration, Instant};

use rand::RngExt;
use reqwest::blocking::Client as Http;

use crate::figure::{p99, tell_times};
use crate::load::psql;
use crate::service::{AREA, Service};

/// Rounds, each with families that were not read before.
const ROUNDS: usize = 5;
/// Families of a round, each read as it is and as it was.
const FAMILIES: usize = 400;
/// Days that a version was in force, the first from this day on.
const DAYS: u64 = 10;
const FIRST_DAY: &str = "2026-01-01";

/// More families beside those of the import, which alone are read: the numbers of the others do not open.
const MORE: &str = "
    insert into beneficiaries
    select (b).* from (
        select jsonb_populate_record(b, jsonb_build_object(
            'id', gen_random_uuid(), 'card_digest', uuid_send(gen_random_uuid()), 'source', 'bench'
        )) as b
        from beneficiaries b, generate_series(1, 1 + MISSING / (select count(*) from beneficiaries where area_id = AREA)) as n
        where b.area_id = AREA limit MISSING
    ) as more";

/// Four versions of each family before the present one, which is the fifth.
const VERSIONS: &str = "
    insert into beneficiaries_history (area_id, id, valid_from, valid_to, version, record, card_sealed, client_id)
    select area_id, id, timestamptz 'FIRST_DAY' + (n - 1) * interval '10 days',
        timestamptz 'FIRST_DAY' + n * interval '10 days', n,
        to_jsonb(b) - '{card_sealed,card_digest}'::text [] || jsonb_build_object('version', n, 'address', 'RT 0' || n),
        card_sealed, 'bench'
    from beneficiaries b, generate_series(1, 4) as n where area_id = AREA
    on conflict do nothing";
const PRESENT: &str = "
    update beneficiaries set version = 5, valid_from = timestamptz 'FIRST_DAY' + interval '40 days' where area_id = AREA";

pub(crate) fn run(service: &Service, rows: usize) {
    let families = make_versions(service, rows);
    let token = service.token("sandbox-kecamatan");
    let sample = ROUNDS * FAMILIES;
    let ids = psql(
        service,
        &format!(
            "select id from beneficiaries where area_id = {AREA} and source = 'import' and status = 'live'
             order by md5(id::text) limit {sample}"
        ),
    );
    let ids: Vec<&str> = ids.lines().collect();
    let http = Http::builder().timeout(Duration::from_secs(20)).build().unwrap();
    let each: Vec<&[&str]> = ids.chunks((ids.len() / ROUNDS).max(1)).take(ROUNDS).collect();
    let rounds: Vec<(f64, f64)> = each.into_iter().map(|ids| read(service, &http, &token, ids)).collect();
    let figure = format!("GET /v1/beneficiaries/{{id}}?as_of among {families} of 5 versions, p99");
    tell_times(&figure, 2.0, "the same families as they are, p99", &rounds);
}

fn make_versions(service: &Service, rows: usize) -> usize {
    let count = || -> usize {
        psql(service, &format!("select count(*) from beneficiaries where area_id = {AREA}")).trim().parse().unwrap()
    };
    let missing = rows.saturating_sub(count());
    let fill =
        |sql: &str| sql.replace("FIRST_DAY", FIRST_DAY).replace("AREA", AREA).replace("MISSING", &missing.to_string());
    if missing > 0 {
        psql(service, &fill(MORE));
    }
    psql(service, &fill(VERSIONS));
    psql(service, &fill(PRESENT));
    psql(service, "vacuum analyze beneficiaries, beneficiaries_history");
    count()
}

/// Milliseconds below which 99 of 100 reads stay, as they were and as they are.
fn read(service: &Service, http: &Http, token: &str, ids: &[&str]) -> (f64, f64) {
    let (mut past, mut present) = (Vec::new(), Vec::new());
    for id in ids {
        let version = rand::rng().random_range(1..=4_u64);
        let at = chrono::NaiveDate::from_ymd_opt(2026, 1, 1).unwrap() + chrono::Days::new((version - 1) * DAYS + 5);
        let path = format!("{}/v1/beneficiaries/{id}", service.url);
        let get = |address: String| {
            let began = Instant::now();
            let answer = http.get(address).bearer_auth(token).send().unwrap();
            assert_eq!(answer.status().as_u16(), 200, "{}", answer.text().unwrap());
            let text = answer.text().unwrap();
            (began.elapsed().as_secs_f64() * 1_000.0, text)
        };
        let (took, text) = get(format!("{path}?as_of={at}T00:00:00Z"));
        assert!(text.contains(&format!("\"version\":{version},")), "{text}");
        past.push(took);
        let (took, text) = get(path);
        assert!(text.contains("\"version\":5,"), "{text}");
        present.push(took);
    }
    (p99(past), p99(present))
}
