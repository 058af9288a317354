//! What the storm goes over: a program with a month's list, and a pledge whose goods lie ready.

use serde_json::json;

use crate::load::{lines, psql};
use crate::officer::Officer;
use crate::service::{AREA, Service};
use crate::stocked::{committed, needs, receive};

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
        let units = FAMILIES / 2;
        let (pledge, made) = committed(service, (KIND, &[units]));
        let line = made[0].clone();
        receive(&officer, (&pledge, &line), units);
        let needs = needs(service, (KIND, 1), &families);
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
