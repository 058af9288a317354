//! A month's list of a province: beside the bare insert of its rows, repeated, and killed in the middle.

use std::time::{Duration, Instant};

use serde_json::json;

use crate::figure::{tell_exact, tell_memory, tell_ratio, tell_seconds};
use crate::load::{psql, psql_told};
use crate::officer::{Officer, new_key};
use crate::service::{AREA, Service};

/// All families of the bench are on the program.
const ALL_ENROLLED: &str = "
    insert into enrollments (area_id, id, program_id, beneficiary_id, rule_set_id, status, decided_by, started_on,
        quota_village_code, created_at, updated_at)
    select b.area_id, gen_random_uuid(), r.program_id, b.id, r.id, 'active', 'bench', '2026-01-01', b.village_code, now(),
        now()
    from beneficiaries b join rule_sets r on r.program_id = 'PROGRAM'
    where b.area_id = AREA and b.head_name = 'Contoh Sintetis' and b.card_sealed = '\\x00' and b.member_count = 2";

/// The rows of a list, taken out and put back into the table where they were, as bare as it goes.
const BARE: &str = "
    create unlogged table bench_rows as select * from entitlements where area_id = AREA and cycle_id = 'CYCLE';
    delete from entitlements where area_id = AREA and cycle_id = 'CYCLE';
    vacuum entitlements;
    \\timing on
    insert into entitlements select * from bench_rows;
    \\timing off
    drop table bench_rows;
";

pub(crate) fn run(service: &mut Service, rows: usize) {
    let program = Officer::new(service, "sandbox-kecamatan").define("BENCH-MONTH", "true");
    psql(service, &ALL_ENROLLED.replace("PROGRAM", &program).replace("AREA", AREA));
    psql(service, "vacuum analyze enrollments");
    let cycle = open(service, &program, "2026-10-01");
    let approval = format!("/v1/cycles/{cycle}/approvals");
    let second = Officer::new(service, "sandbox-second-officer");
    let key = new_key();
    service.forget_peak();
    let began = Instant::now();
    let approved = second.send(&approval, &json!({}), &key).unwrap();
    let ours = began.elapsed().as_secs_f64();
    assert_eq!(approved.0, 200, "{}", approved.1);
    let peak = service.peak_mebibytes();
    tell_exact("entitlements of a month's list", count(service, &cycle), rows);
    let again = second.send(&approval, &json!({}), &key).unwrap();
    assert_eq!(again, approved, "the same command again has the same answer");
    let other = second.send(&approval, &json!({}), &new_key()).unwrap();
    assert_eq!(other.0, 409, "{}", other.1);
    tell_exact("rows added by a month's list again", count(service, &cycle) - rows, 0);
    let told = psql_told(service, &BARE.replace("CYCLE", &cycle).replace("AREA", AREA));
    let line = told.lines().find_map(|line| line.strip_prefix("Time: ")).unwrap();
    let theirs = line.split(' ').next().unwrap().parse::<f64>().unwrap() / 1_000.0;
    let figure = format!("a month's list of {rows} entitlements");
    let rounds = [(rows as f64 / ours, rows as f64 / theirs)];
    tell_ratio(&figure, 0.6, "bare INSERT ... SELECT of the same rows into the same table and indexes", &rounds);
    tell_memory(&format!("memory, a month's list of {rows}"), peak, 128.0);
    killed(service, &program, rows, ours);
}

/// Kills the service and its Postgres at several moments of the next month's list, and asks again by the same key.
fn killed(service: &mut Service, program: &str, rows: usize, whole: f64) {
    let cycle = open(service, program, "2026-11-01");
    let approval = format!("/v1/cycles/{cycle}/approvals");
    let key = new_key();
    for share in [0.2, 0.5, 0.9] {
        let second = Officer::new(service, "sandbox-second-officer");
        let asked = std::thread::spawn({
            let (approval, key) = (approval.clone(), key.clone());
            move || second.send(&approval, &json!({}), &key)
        });
        std::thread::sleep(Duration::from_secs_f64(whole * share));
        service.kill();
        asked.join().unwrap();
        let seconds = service.restart();
        tell_seconds(&format!("start after a kill at {:.0} % of a month's list", share * 100.0), seconds, 10.0);
        let half = count(service, &cycle);
        assert!(half == 0 || half == rows, "{half} rows of a list that has all or none");
    }
    let second = Officer::new(service, "sandbox-second-officer");
    let (status, told) = second.send(&approval, &json!({}), &key).unwrap();
    assert_eq!(status, 200, "{told}");
    tell_exact("entitlements of a month's list that was killed three times", count(service, &cycle), rows);
}

fn open(service: &Service, program: &str, period: &str) -> String {
    let officer = Officer::new(service, "sandbox-kecamatan");
    let cycle = officer.post(&format!("/v1/programs/{program}/cycles"), &json!({ "period": period }));
    cycle["id"].as_str().unwrap().to_owned()
}

fn count(service: &Service, cycle: &str) -> usize {
    let count = format!("select count(*) from entitlements where area_id = {AREA} and cycle_id = '{cycle}'");
    psql(service, &count).trim().parse().unwrap()
}
