//! What is there, against what the clients were told, and against what must always hold.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::figure::tell_exact;
use crate::ground::Ground;
use crate::load::psql;
use crate::missing::missing;
use crate::officer::Officer;
use crate::service::{AREA, Service};
use crate::tally::Tally;

/// Operations whose audit rows are about what was acknowledged.
const RECORDED: [&str; 8] = [
    "record_delivery",
    "suspend_enrollment",
    "resume_enrollment",
    "exit_enrollment",
    "allocate_to_need",
    "release_allocation",
    "lay_suspension_order",
    "release_suspension_order",
];

/// Statements that must find nothing.
const NEVER: [(&str, &str); 7] = [
    (
        "families twice on the program",
        "select from enrollments where program_id = 'PROGRAM' and status <> 'exited' group by beneficiary_id
        having count(*) > 1",
    ),
    (
        "entitlements delivered beyond what is due",
        "select from entitlements e where e.program_id = 'PROGRAM' and e.quantity < (select coalesce(sum(d.quantity), 0)
            from deliveries d where d.area_id = e.area_id and d.entitlement_id = e.id)",
    ),
    (
        "deliveries under an order in force",
        "select from deliveries d join suspension_orders o on o.program_id = d.program_id and o.area_id = d.area_id
        where d.program_id = 'PROGRAM' and d.created_at > o.created_at
            and d.created_at < coalesce(o.released_at, 'infinity')",
    ),
    (
        "ended holds that do not add up",
        "select from holds h join suspension_orders o on o.area_id = h.area_id and o.id = h.suspension_order_id
        where o.program_id = 'PROGRAM' and h.status <> 'held' and h.quantity <> h.released_quantity + h.withdrawn_quantity",
    ),
    ("balances below their floor", "select from ledger_balances where is_floored and posted < 0"),
    (
        "units allocated beyond what was pledged",
        "select from allocations where pledge_line_id = 'LINE' and status <> 'released' group by pledge_line_id
        having sum(quantity) > UNITS",
    ),
    (
        "needs with two live allocations",
        "select from allocations where pledge_line_id = 'LINE' and status <> 'released' group by need_id
        having count(*) > 1",
    ),
];

pub(crate) fn tell(service: &Service, ground: &Ground, tally: &Tally) {
    for told in tally.failures().iter().take(5) {
        eprintln!("{told}");
    }
    tell_exact("answers 500 in the storm", tally.failures().len(), 0);
    for operation in RECORDED {
        let there = recorded(service, ground, operation);
        let acknowledged = tally.of(operation);
        assert!(!acknowledged.is_empty(), "nobody succeeded with {operation}");
        let lost = missing(&acknowledged, &there);
        tell_exact(&format!("{operation}: lost, of {} acknowledged", acknowledged.len()), lost, 0);
        tell_exact(&format!("{operation}: doubled"), missing(&there, &acknowledged), 0);
    }
    versions(service, ground, tally);
    enrolled(service, ground, tally);
    for (name, statement) in NEVER {
        let statement = statement.replace("PROGRAM", &ground.program).replace("LINE", &ground.line);
        let statement = statement.replace("UNITS", &(ground.families.len() / 2).to_string());
        tell_exact(name, count(service, &format!("({statement}) as found")), 0);
    }
    let officer = Officer::new(service, "sandbox-kecamatan");
    let found = officer.get("/v1/ledger/discrepancies");
    tell_exact("discrepancies of the ledger", found["items"].as_array().map_or(0, Vec::len), 0);
}

/// Ids of what has an audit row of an operation since the storm began, one for each row.
fn recorded(service: &Service, ground: &Ground, operation: &str) -> Vec<String> {
    let rows = format!(
        "select resource_id from audit_records where operation = '{operation}' and at > '{}' order by 1",
        ground.since
    );
    psql(service, &rows).lines().map(ToOwned::to_owned).collect()
}

/// Each acknowledged step made one version of its enrollment, and no other did.
fn versions(service: &Service, ground: &Ground, tally: &Tally) {
    let mut steps = BTreeMap::<String, usize>::new();
    for operation in ["suspend_enrollment", "resume_enrollment", "exit_enrollment"] {
        for id in tally.of(operation) {
            *steps.entry(id).or_default() += 1;
        }
    }
    let told = psql(service, &format!("select id, version from enrollments where program_id = '{}'", ground.program));
    let wrong = told.lines().filter(|line| {
        let (id, version) = line.split_once('|').unwrap();
        version.parse::<usize>().unwrap() != 1 + steps.get(id).copied().unwrap_or_default()
    });
    tell_exact("enrollments with another version than their steps made", wrong.count(), 0);
}

/// Each family that a run enrolled has an enrollment, and no other has.
fn enrolled(service: &Service, ground: &Ground, tally: &Tally) {
    let acknowledged: usize = tally.of("run_enrollment").iter().map(|count| count.parse::<usize>().unwrap()).sum();
    let there = count(service, &format!("enrollments where area_id = {AREA} and program_id = '{}'", ground.program));
    let new = there - ground.enrollments.len();
    tell_exact("enrollments that runs made", new, acknowledged);
}

fn count(service: &Service, from: &str) -> usize {
    let told: Value = psql(service, &format!("select count(*) from {from}")).trim().parse().unwrap();
    told.as_u64().unwrap().try_into().unwrap()
}
