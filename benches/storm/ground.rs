//! What the storm goes over: a program with a month's list, and a pledge whose goods lie ready.

use serde_json::json;

use crate::load::psql;
use crate::officer::Officer;
use crate::service::{AREA, Service};

/// Families that are fought over; few, so that commands meet.
const FAMILIES: usize = 48;
/// What is pledged.
const KIND: &str = "hand_tractor";

pub(crate) struct Ground {
    pub(crate) program: String,
    pub(crate) families: Vec<String>,
    pub(crate) enrollments: Vec<String>,
    pub(crate) entitlements: Vec<String>,
    /// First day of the month of the list.
    pub(crate) month: String,
    pub(crate) pledge: String,
    pub(crate) line: String,
    pub(crate) needs: Vec<String>,
    /// When all was prepared, as the database tells it.
    pub(crate) since: String,
}

impl Ground {
    pub(crate) fn prepare(service: &Service) -> Self {
        let officer = Officer::new(service, "sandbox-kecamatan");
        let program = officer.define("BENCH-STORM", "true");
        let pick = format!(
            "select id from beneficiaries where area_id = {AREA} and status = 'live' and verified_at is not null
            order by card_digest limit {FAMILIES}"
        );
        let families = lines(service, &pick);
        assert_eq!(families.len(), FAMILIES);
        let run = json!({ "decree_number": "140/9/2026", "started_on": "2026-01-01", "beneficiary_ids": families });
        officer.post(&format!("/v1/programs/{program}/enrollment-runs"), &run);
        let month = psql(service, "select date_trunc('month', now() at time zone 'Asia/Makassar')::date");
        let month = month.trim().to_owned();
        let cycle = officer.post(&format!("/v1/programs/{program}/cycles"), &json!({ "period": month }));
        let approval = format!("/v1/cycles/{}/approvals", cycle["id"].as_str().unwrap());
        Officer::new(service, "sandbox-second-officer").post(&approval, &json!({}));
        let (pledge, line) = stocked(service, &officer);
        let needs = needs(service, &families);
        let of_program =
            |table: &str| lines(service, &format!("select id from {table} where program_id = '{program}'"));
        Self {
            enrollments: of_program("enrollments"),
            entitlements: of_program("entitlements"),
            since: psql(service, "select clock_timestamp()").trim().to_owned(),
            program,
            families,
            month,
            pledge,
            line,
            needs,
        }
    }
}

/// One open need of each family for a whole unit.
fn needs(service: &Service, families: &[String]) -> Vec<String> {
    let listed: Vec<String> = families.iter().map(|id| format!("'{id}'")).collect();
    let listed = listed.join(", ");
    psql(
        service,
        &format!(
            "update needs set status = 'withdrawn' where kind = '{KIND}' and status = 'open'
                and beneficiary_id in ({listed}) and met_quantity = 0;
            insert into needs (area_id, id, beneficiary_id, kind, quantity, status, recorded_by, created_at, updated_at)
            select {AREA}, gen_random_uuid(), id, '{KIND}', 1, 'open', 'bench', now(), now() from beneficiaries b
            where area_id = {AREA} and id in ({listed}) and not exists (select from needs n
                where n.area_id = {AREA} and n.beneficiary_id = b.id and n.kind = '{KIND}' and n.status = 'open')"
        ),
    );
    lines(service, "select id from needs where recorded_by = 'bench'")
}

/// A pledge that two officers accepted and whose goods were received: half as many as there are families.
fn stocked(service: &Service, officer: &Officer) -> (String, String) {
    let company = Officer::new(service, "sandbox-company");
    let units = (FAMILIES / 2).to_string();
    let line = json!({
        "kind": KIND, "quantity": units, "unit_value_rupiah": 18_000_000, "valuation_basis": "acquisition_value",
        "village_codes": (2_001..=2_011).map(|village| format!("64.02.10.{village}")).collect::<Vec<_>>(),
    });
    let made = company.post("/v1/pledges", &json!({ "title": "Badai", "year": 2026, "lines": [line] }));
    let (pledge, line) = (made["id"].as_str().unwrap(), made["lines"][0]["id"].as_str().unwrap());
    company.post(&format!("/v1/pledges/{pledge}/submissions"), &json!({}));
    for officer in [officer, &Officer::new(service, "sandbox-second-officer")] {
        officer.post(&format!("/v1/pledges/{pledge}/acceptances"), &json!({}));
    }
    let receipt = json!({
        "pledge_line_id": line, "quantity": units, "received_on": "2026-11-10", "handover_number": "BAST/BADAI/2026/001",
    });
    officer.post(&format!("/v1/pledges/{pledge}/receipts"), &receipt);
    (pledge.to_owned(), line.to_owned())
}

fn lines(service: &Service, statement: &str) -> Vec<String> {
    psql(service, statement).lines().map(ToOwned::to_owned).collect()
}
