//! Families confirmed in one go, the poorest first: some are kept off by another program, the rest wait in their order.

use std::time::{Duration, Instant};

use reqwest::blocking::Client as Http;
use serde_json::{Value, json};

use crate::figure::{tell_exact, tell_memory, tell_seconds};
use crate::load::psql;
use crate::service::{AREA, Service};

/// Villages of the sub-district.
const VILLAGES: usize = 11;

/// Families without members, which the rule does not ask for: of each ten, one of each decile.
const FAMILIES: &str = "
    insert into beneficiaries (area_id, id, village_code, card_sealed, card_digest, status, head_name, member_count, decile,
        decile_source, decile_period, source, valid_from, created_at, updated_at)
    select AREA, gen_random_uuid(), '64.02.10.' || 2001 + n / 10 % 11, '\\x00', uuid_send(gen_random_uuid()), 'live',
        'Contoh Sintetis', 1 + n % 7, 1 + n % 10, 'DTSEN', date '2026-10-01', 'form', now(), now(), now()
    from generate_series(1, ROWS) as n";

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
    let officer = Officer { service, token: service.token("sandbox-kecamatan"), http: http() };
    let (scarce, other) = (officer.define("BENCH-SCARCE"), officer.define("BENCH-OTHER"));
    // Families of the sandbox would be counted among those of the figure.
    psql(service, &format!("update beneficiaries set decile = 10 where area_id = {AREA} and decile <= 4"));
    psql(service, &FAMILIES.replace("AREA", AREA).replace("ROWS", &rows.to_string()));
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

fn http() -> Http {
    Http::builder().timeout(Duration::from_mins(15)).build().unwrap()
}

/// Who asks.
struct Officer<'a> {
    service: &'a Service,
    token: String,
    http: Http,
}

impl Officer<'_> {
    fn post(&self, path: &str, body: &Value) -> Value {
        let request = self.http.post(format!("{}{path}", self.service.url)).bearer_auth(&self.token).json(body);
        let answer = request.header("Idempotency-Key", format!("bench-{}", uuid::Uuid::now_v7())).send().unwrap();
        let (status, text) = (answer.status(), answer.text().unwrap());
        assert!(status.is_success(), "{path}: {text}");
        serde_json::from_str(&text).unwrap()
    }

    fn define(&self, code: &str) -> String {
        let program =
            json!({ "code": code, "name": "Contoh", "kind": "goods", "unit": "kg", "description": "Contoh." });
        let id = self.post("/v1/programs", &program)["id"].as_str().unwrap().to_owned();
        let rules = json!({
            "eligibility": "family.decile <= 4", "benefit_quantity": "10", "benefit_period": "month",
            "legal_basis": { "title": "Contoh", "number": "1/2026" }, "effective_from": "2026-01-01"
        });
        self.post(&format!("/v1/programs/{id}/rule-sets"), &rules);
        id
    }

    fn keep_off(&self, one: &str, other: &str) {
        let rule = json!({
            "code": "BENCH-NOT-BOTH", "kind": "excludes", "program_ids": [one], "excluded_program_ids": [other],
            "legal_basis": { "title": "Contoh", "number": "1/2026" }, "effective_from": "2026-01-01"
        });
        self.post("/v1/overlap-rules", &rule);
    }

    fn set_quota(&self, program: &str, village: usize, places: usize) {
        let quota = json!({
            "village_code": format!("64.02.10.{}", 2001 + village), "places": places, "decree_number": "140/2/2026",
            "effective_from": "2026-01-01"
        });
        self.post(&format!("/v1/programs/{program}/quotas"), &quota);
    }
}
