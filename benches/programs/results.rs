//! A file of results: until it is staged, against `\copy` of the same rows into the staging table; and from there to its
//! deliveries, against the bare insert of those.

use std::fmt::Write;
use std::fs::File;
use std::path::Path;
use std::time::{Duration, Instant};

use reqwest::blocking::Client as Http;
use serde_json::Value;

use crate::figure::{tell_exact, tell_memory, tell_ratio};
use crate::load::{psql, psql_file, psql_told, script};
use crate::service::{AREA, Service};

/// A program with one approved cycle, to which every family that the bench makes is entitled; each has a head.
const LIST: &str = "
    create temporary table bench_list as
        select gen_random_uuid() as family_id, gen_random_uuid() as member_id, gen_random_uuid() as enrollment_id,
            gen_random_uuid() as entitlement_id
        from generate_series(1, ROWS);
    insert into programs (id, code, name, kind, unit, description, owner_area_id, created_at, updated_at)
        values ('PROGRAM', 'BENCH-RESULTS', 'Contoh', 'goods', 'kg', 'Contoh', AREA, now(), now());
    insert into rule_sets (id, program_id, number, eligibility, benefit, benefit_quantity, benefit_period,
            legal_basis_title, legal_basis_number, effective_from, created_by, created_at)
        values (gen_random_uuid(), 'PROGRAM', 1, 'true', '{\"kind\": \"fixed\", \"quantity\": \"10\"}', 10, 'month',
            'Contoh', '1/2026', '2026-01-01', 'bench', now());
    insert into cycles (area_id, id, program_id, rule_set_id, period, status, planned_by, approved_by, approved_at,
            created_at, updated_at)
        select AREA, 'CYCLE', 'PROGRAM', id, min_period.period, 'approved', 'bench', 'other', now(), now(), now()
        from rule_sets cross join (select date_trunc('month', now())::date as period) as min_period
        where program_id = 'PROGRAM';
    insert into beneficiaries (area_id, id, village_code, card_sealed, card_digest, status, head_name, member_count, decile,
            decile_source, decile_period, source, valid_from, created_at, updated_at)
        select AREA, family_id, '64.02.10.2004', '\\x00', uuid_send(family_id), 'live', 'Contoh Sintetis', 1, 2, 'DTSEN',
            date '2026-10-01', 'form', now(), now(), now() from bench_list;
    insert into members (area_id, id, nik_status, name, sex, is_pregnant, has_disability, in_school, warnings, version,
            valid_from, created_at, updated_at)
        select AREA, member_id, 'none', 'Contoh Sintetis', 'female', false, false, false, '{}', 1, now(), now(), now()
        from bench_list;
    insert into memberships (area_id, id, beneficiary_id, member_id, relationship, started_on, valid_from)
        select AREA, gen_random_uuid(), family_id, member_id, 'head', '2026-01-01', now() from bench_list;
    insert into enrollments (area_id, id, program_id, beneficiary_id, rule_set_id, status, decided_by, started_on,
            quota_village_code, created_at, updated_at)
        select AREA, enrollment_id, 'PROGRAM', family_id, c.rule_set_id, 'active', 'bench', '2026-01-01', '64.02.10.2004',
            now(), now()
        from bench_list cross join cycles c where c.id = 'CYCLE';
    insert into entitlements (area_id, period, id, cycle_id, program_id, beneficiary_id, enrollment_id, village_code,
            quantity, snapshot)
        select AREA, c.period, entitlement_id, c.id, 'PROGRAM', family_id, enrollment_id, '64.02.10.2004', 10, '{}'
        from bench_list cross join cycles c where c.id = 'CYCLE';
    analyze;
";

/// A table as the staging table is.
const STAGE: &str = "
    create unlogged table bench_results (entitlement_id uuid, quantity numeric, told_on date, outcome text, reference text,
        failure_reason text);
";

pub(crate) fn run(service: &Service, rows: usize) {
    let (program, cycle) = (uuid::Uuid::now_v7().to_string(), uuid::Uuid::now_v7().to_string());
    let list = LIST.replace("PROGRAM", &program).replace("CYCLE", &cycle);
    psql_file(service, &list.replace("AREA", AREA).replace("ROWS", &rows.to_string()));
    let csv = script(service, "results.csv", &file(service, &cycle));
    psql(service, STAGE);
    service.forget_peak();
    let (staged, applied) = import(service, (&cycle, &csv), rows);
    let peak = service.peak_mebibytes();
    let peer = "psql \\copy of the same rows into a staging table";
    tell_ratio(
        &format!("file of {rows} results, received and staged"),
        0.5,
        peer,
        &[(staged, copy(service, &csv, rows))],
    );
    let told = psql_told(service, &BARE.replace("PROGRAM", &program).replace("AREA", AREA));
    let line = told.lines().find_map(|line| line.strip_prefix("Time: ")).unwrap();
    let seconds = line.split(' ').next().unwrap().parse::<f64>().unwrap() / 1_000.0;
    let peer = "bare INSERT ... SELECT of the same deliveries into the same table and indexes";
    tell_ratio(&format!("file of {rows} results, staged to applied"), 0.3, peer, &[(applied, rows as f64 / seconds)]);
    tell_memory(&format!("memory, file of {rows} results"), peak, 256.0);
    let made = psql(service, &format!("select count(*) from deliveries where program_id = '{program}'"));
    tell_exact(&format!("deliveries of a file of {rows} results"), made.trim().parse().unwrap(), rows);
}

/// The deliveries of the file, taken out and put back into the table where they were, as bare as it goes.
/// Without the analysis the check of each key goes through all deliveries of the area that were deleted before.
const BARE: &str = "
    create unlogged table bench_deliveries as select * from deliveries where area_id = AREA and program_id = 'PROGRAM';
    analyze deliveries;
    delete from deliveries where area_id = AREA and program_id = 'PROGRAM';
    vacuum deliveries;
    \\timing on
    insert into deliveries select * from bench_deliveries;
    \\timing off
    drop table bench_deliveries;
";

/// All that is due was handed over on the first day of the month.
fn file(service: &Service, cycle: &str) -> String {
    let due = psql(service, &format!("select id || ',' || period from entitlements where cycle_id = '{cycle}'"));
    let mut csv = String::from("entitlement_id,quantity,on,outcome,reference,failure_reason\n");
    for (number, one) in due.lines().enumerate() {
        let (id, day) = one.split_once(',').unwrap();
        writeln!(csv, "{id},10,{day},delivered,TRX-SINTETIS-{number},").unwrap();
    }
    csv
}

/// Rows a second from the first byte sent to the answer, when all are staged, and from there to applied.
fn import(service: &Service, (cycle, csv): (&str, &Path), rows: usize) -> (f64, f64) {
    let token = service.token("sandbox-kecamatan");
    let http = Http::builder().timeout(Duration::from_mins(15)).build().unwrap();
    let began = Instant::now();
    let sent = http
        .post(format!("{}/v1/cycles/{cycle}/delivery-imports", service.url))
        .bearer_auth(&token)
        .header("Content-Type", "text/csv")
        .header("Idempotency-Key", format!("bench-{}", uuid::Uuid::now_v7()))
        .body(File::open(csv).unwrap())
        .send()
        .unwrap();
    assert_eq!(sent.status().as_u16(), 202, "{}", sent.text().unwrap());
    let staged = began.elapsed().as_secs_f64();
    let address = format!("{}{}", service.url, sent.headers()["location"].to_str().unwrap());
    loop {
        let told: Value = http.get(&address).bearer_auth(&token).send().unwrap().json().unwrap();
        if told["status"] == "applied" {
            assert_eq!(told["deliveries_added"], rows, "{told}");
            return (rows as f64 / staged, rows as f64 / (began.elapsed().as_secs_f64() - staged));
        }
        assert_ne!(told["status"], "failed", "{told}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// Rows a second of `\copy`.
fn copy(service: &Service, csv: &Path, rows: usize) -> f64 {
    let began = Instant::now();
    psql_file(service, &format!("\\copy bench_results from '{}' with (format csv, header)", csv.display()));
    rows as f64 / began.elapsed().as_secs_f64()
}
