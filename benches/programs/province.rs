//! The families of a province, two persons each, in the place of those of the sandbox.

use std::time::Duration;

use crate::load::{psql, psql_file};
use crate::service::{AREA, Service};

/// Of each ten, one of each decile; of each three, one with a person of over 60 years.
const FAMILIES: &str = "
    create temporary table bench_families as
        select n, gen_random_uuid() as id, gen_random_uuid() as head_id, gen_random_uuid() as other_id
        from generate_series(1, ROWS) as n;
    insert into beneficiaries (area_id, id, village_code, card_sealed, card_digest, status, head_name, member_count, decile,
            decile_source, decile_period, source, valid_from, created_at, updated_at)
        select AREA, id, '64.02.10.' || 2001 + n / 10 % 11, '\\x00', uuid_send(id), 'live', 'Contoh Sintetis', 2,
            1 + n % 10, 'DTSEN', date '2026-10-01', 'form', now(), now(), now() from bench_families;
    insert into members (area_id, id, nik_status, name, sex, born_on, is_pregnant, has_disability, in_school, warnings,
            version, valid_from, created_at, updated_at)
        select AREA, head_id, 'none', 'Contoh Sintetis', 'female', date '1980-01-01' + n % 365, false, false, false, '{}'::text [],
            1, now(), now(), now() from bench_families
        union all
        select AREA, other_id, 'none', 'Contoh Sintetis', 'male',
            case when n % 3 = 0 then date '1950-01-01' else date '2015-01-01' end + n % 365, false, false, false, '{}', 1,
            now(), now(), now() from bench_families;
    insert into memberships (area_id, id, beneficiary_id, member_id, relationship, started_on, valid_from)
        select AREA, gen_random_uuid(), id, head_id, 'head', date '2026-01-01', now() from bench_families
        union all
        select AREA, gen_random_uuid(), id, other_id, 'child', date '2026-01-01', now() from bench_families;
";

pub(crate) fn settle(service: &Service, rows: usize) {
    // Families of the sandbox would be counted among those of the figures.
    psql(service, &format!("update beneficiaries set decile = 10 where area_id = {AREA} and decile <= 4"));
    psql_file(service, &FAMILIES.replace("AREA", AREA).replace("ROWS", &rows.to_string()));
    psql(service, "vacuum analyze beneficiaries, members, memberships");
    wait_for_keys(service);
}

/// Until the watch over keys of persons has read all of them: it holds a core.
fn wait_for_keys(service: &Service) {
    let mut before = String::new();
    loop {
        let now = psql(service, "select count(*) from member_keys");
        if now == before {
            return;
        }
        before = now;
        std::thread::sleep(Duration::from_secs(10));
    }
}
