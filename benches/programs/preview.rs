//! Who is eligible, counted by village, beside the same rule written by hand; and why one family is or is not.

use std::time::Instant;

use crate::figure::{p99, tell_exact, tell_milliseconds, tell_times};
use crate::load::{psql, psql_told};
use crate::officer::Officer;
use crate::service::{AREA, Service};

const RULE: &str = "family.decile <= 4 && members.exists(m, m.age >= 60)";

/// What somebody would write who knows the tables, without access rights and rules about rows.
const BY_HAND: &str = "
    select b.village_code, count(*) from beneficiaries b
    where b.area_id = AREA and b.status = 'live' and b.decile <= 4 and exists (
        select from memberships t join members m on m.area_id = t.area_id and m.id = t.member_id
        where t.area_id = b.area_id and t.beneficiary_id = b.id and t.ended_on is null
            and m.born_on <= (current_date - interval '60 years')::date)
    group by b.village_code order by b.village_code";

const ROUNDS: usize = 5;
/// Families that are explained.
const EXPLAINED: usize = 1_000;

pub(crate) fn run(service: &Service, rows: usize) {
    let officer = Officer::new(service, "sandbox-kecamatan");
    let program = officer.define("BENCH-PREVIEW", RULE);
    let path = format!("/v1/programs/{program}/eligibility");
    let by_hand = BY_HAND.replace("AREA", AREA);
    let found = psql(service, &format!("select sum(count) from ({by_hand}) as v (village_code, count)"));
    let told = officer.get(&path);
    let eligible = told["eligible"].as_u64().unwrap();
    tell_exact("families counted, as by hand", eligible.try_into().unwrap(), found.trim().parse().unwrap());
    let round = |_| {
        let began = Instant::now();
        officer.get(&path);
        (began.elapsed().as_secs_f64() * 1_000.0, milliseconds_of(service, &by_hand))
    };
    let rounds: Vec<(f64, f64)> = (0..ROUNDS).map(round).collect();
    let figure = format!("eligible of {rows} families, by village");
    tell_times(&figure, 1.2, "the same rule written by hand in SQL, in psql", &rounds);
    explain(service, &officer, &path, rows);
}

/// Milliseconds that psql tells of one statement.
fn milliseconds_of(service: &Service, statement: &str) -> f64 {
    let told = psql_told(service, &format!("\\timing on\n{statement};\n"));
    let line = told.lines().find_map(|line| line.strip_prefix("Time: ")).unwrap();
    line.split(' ').next().unwrap().parse().unwrap()
}

fn explain(service: &Service, officer: &Officer, path: &str, rows: usize) {
    let sample = format!(
        "select id from beneficiaries where area_id = {AREA} and head_name = 'Contoh Sintetis' order by card_digest
        limit {EXPLAINED}"
    );
    let families = psql(service, &sample);
    let took = families.lines().map(|family| {
        let began = Instant::now();
        officer.get(&format!("{path}/{family}"));
        began.elapsed().as_secs_f64() * 1_000.0
    });
    let took: Vec<f64> = took.collect();
    assert_eq!(took.len(), EXPLAINED);
    tell_milliseconds(&format!("one of {rows} families explained, p99"), p99(took), 10.0);
}
