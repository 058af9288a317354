//! Pledges that are accepted and received, and families that need what they give.

use serde_json::json;

use crate::load::{lines, psql};
use crate::officer::Officer;
use crate::service::{AREA, Service};

/// All villages of the sub-district.
pub(crate) fn villages() -> Vec<String> {
    (2_001..=2_011).map(|village| format!("64.02.10.{village}")).collect()
}

/// One open need of each family for so many units of a kind; their ids, in the order of those of the families.
pub(crate) fn needs(service: &Service, (kind, units): (&str, usize), families: &[String]) -> Vec<String> {
    let listed: Vec<String> = families.iter().map(|id| format!("'{id}'")).collect();
    let listed = listed.join(", ");
    psql(
        service,
        &format!(
            "update needs set status = 'withdrawn' where kind = '{kind}' and status = 'open'
                and beneficiary_id in ({listed}) and met_quantity = 0;
            insert into needs (area_id, id, beneficiary_id, kind, quantity, status, recorded_by, created_at, updated_at)
            select {AREA}, gen_random_uuid(), id, '{kind}', {units}, 'open', 'bench', now(), now() from beneficiaries b
            where area_id = {AREA} and id in ({listed}) and not exists (select from needs n
                where n.area_id = {AREA} and n.beneficiary_id = b.id and n.kind = '{kind}' and n.status = 'open')"
        ),
    );
    let found = format!("select id from needs where recorded_by = 'bench' and kind = '{kind}' order by beneficiary_id");
    lines(service, &found)
}

/// A pledge of some lines of a kind that two officers accepted; its id and those of its lines.
pub(crate) fn committed(service: &Service, (kind, units): (&str, &[usize])) -> (String, Vec<String>) {
    let company = Officer::new(service, "sandbox-company");
    let line = |units: &usize| {
        json!({
            "kind": kind, "quantity": units.to_string(), "unit_value_rupiah": 18_000_000,
            "valuation_basis": "acquisition_value", "village_codes": villages(),
        })
    };
    let lines: Vec<_> = units.iter().map(line).collect();
    let made = company.post("/v1/pledges", &json!({ "title": "Badai", "year": 2026, "lines": lines }));
    let pledge = made["id"].as_str().unwrap().to_owned();
    company.post(&format!("/v1/pledges/{pledge}/submissions"), &json!({}));
    for officer in ["sandbox-kecamatan", "sandbox-second-officer"] {
        Officer::new(service, officer).post(&format!("/v1/pledges/{pledge}/acceptances"), &json!({}));
    }
    let lines = made["lines"].as_array().unwrap().iter();
    (pledge, lines.map(|line| line["id"].as_str().unwrap().to_owned()).collect())
}

/// Records what the company gave of a line.
pub(crate) fn receive(officer: &Officer, (pledge, line): (&str, &str), units: usize) {
    let receipt = json!({
        "pledge_line_id": line, "quantity": units.to_string(), "received_on": "2026-11-10",
        "handover_number": "BAST/BADAI/2026/001",
    });
    officer.post(&format!("/v1/pledges/{pledge}/receipts"), &receipt);
}
