//! Families confirmed in one go, the poorest first: some are kept off by another program, the rest wait in their order.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::figure::{tell_exact, tell_memory, tell_seconds};
use crate::load::psql;
use crate::officer::Officer;
use crate::service::{AREA, Service};

/// Villages of the sub-district.
const VILLAGES: usize = 11;

/// One of twenty eligible families is on the program that keeps it off.
const ON_THE_OTHER: &str = "
    insert into enrollments (area_id, id, program_id, beneficiary_id, rule_set_id, status, decided_by, started_on,
        quota_village_code, created_at, updated_at)
    select b.area_id, gen_random_uuid(), r.program_id, b.id, r.id, 'active', 'bench', '2026-01-01', b.village_code, now(),
        now()
    from (
        select *, row_number() over (order by id) as number from beneficiaries
        where area_id = AREA and head_name = 'Contoh Sintetis' and decile <= 4 and card_sealed = '\\x00'
    ) as b join rule_sets r on r.program_id = 'PROGRAM'
    where b.number % 20 = 0";

pub(crate) fn run(service: &Service, rows: usize) {
    let officer = Officer::new(service, "sandbox-kecamatan");
    let poor = "family.decile <= 4";
    let (scarce, other) = (officer.define("BENCH-SCARCE", poor), officer.define("BENCH-OTHER", poor));
    psql(service, &ON_THE_OTHER.replace("AREA", AREA).replace("PROGRAM", &other));
    officer.keep_off(&scarce, &other);
    let places = rows * 3 / 10;
    for village in 0..VILLAGES {
        // The places of all villages are those of the figure.
        let of_village = places / VILLAGES + usize::from(village < places % VILLAGES);
        officer.set_quota(&scarce, village, of_village);
    }
    psql(service, "vacuum analyze beneficiaries, enrollments");
    std::thread::sleep(Duration::from_secs(3));
    service.forget_peak();
    let began = Instant::now();
    let run =
        officer.post(&format!("/v1/programs/{scarce}/enrollment-runs"), &json!({ "decree_number": "140/1/2026" }));
    let seconds = began.elapsed().as_secs_f64();
    let peak = service.peak_mebibytes();
    let (refused, reserved) = (part(&run, "refused"), part(&run, "reserved"));
    assert!(refused > 0 && reserved > 0, "{run}");
    tell_exact(&format!("places given, of {rows} families"), part(&run, "enrolled"), places);
    let figure = format!("{places} of {rows} enrolled, {refused} refused, {reserved} on the reserve list");
    tell_seconds(&figure, seconds, 60.0);
    tell_memory(&format!("memory, {places} of {rows} enrolled"), peak, 128.0);
    let again =
        officer.post(&format!("/v1/programs/{scarce}/enrollment-runs"), &json!({ "decree_number": "140/1/2026" }));
    tell_exact("rows changed by the same run again", part(&again, "enrolled") + part(&again, "reserved"), 0);
}

/// How many families of a run became so.
fn part(run: &Value, name: &str) -> usize {
    usize::try_from(run[name].as_u64().unwrap()).unwrap()
}
