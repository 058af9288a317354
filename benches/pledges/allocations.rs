//! A matching run that serves everybody, committed as one transaction, beside the bare statements for the same rows.

use std::time::Instant;

use serde_json::{Value, json};

use crate::figure::{tell_exact, tell_memory, tell_seconds_beside};
use crate::load::{psql, psql_told};
use crate::officer::Officer;
use crate::province;
use crate::service::{AREA, Service};
use crate::stocked::{committed, receive};

/// What is pledged and needed.
pub(crate) const KIND: &str = "sewing_machine";
/// Lines of the pledge.
const LINES: usize = 20;

/// Every family of the bench needs one, and nobody else does.
const NEEDS: &str = "
    update needs set status = 'withdrawn' where kind = 'KIND' and status = 'open' and met_quantity = 0;
    update beneficiaries set verified_at = now(), verified_by = 'bench'
        where area_id = AREA and head_name = 'Contoh Sintetis' and card_sealed = '\\x00';
    insert into needs (area_id, id, beneficiary_id, kind, quantity, status, recorded_by, created_at, updated_at)
    select area_id, gen_random_uuid(), id, 'KIND', 1, 'open', 'bench', now(), now() from beneficiaries
        where area_id = AREA and head_name = 'Contoh Sintetis' and card_sealed = '\\x00';
    analyze needs;
    vacuum analyze beneficiaries;
";

/// Takes the run back, and does it again with bare statements. A transfer cannot be taken back but by its opposite.
const BARE: &str = "
    create unlogged table bench_allocations as select * from allocations where area_id = AREA and run_id = 'RUN';
    create unlogged table bench_needs as
        select need_id, sum(quantity) as quantity from bench_allocations group by need_id;
    create unlogged table bench_transfers as select * from ledger_transfers
        where id in (select transfer_id from bench_allocations);
    create unlogged table bench_deltas as
        select account_id, sum(delta) as delta from (
            select debit_account_id as account_id, -quantity as delta from bench_transfers
            union all select credit_account_id, quantity from bench_transfers) as legs group by account_id;
    analyze bench_allocations, bench_needs, bench_transfers, bench_deltas;
    begin;
    delete from allocations where area_id = AREA and run_id = 'RUN';
    update needs n set met_quantity = n.met_quantity - m.quantity, status = 'open'
        from bench_needs m where n.area_id = AREA and n.id = m.need_id;
    insert into ledger_transfers (id, area_id, debit_account_id, credit_account_id, unit, quantity, code, group_id,
            client_id, at, group_kind)
        select gen_random_uuid(), area_id, credit_account_id, debit_account_id, unit, quantity, 'release', group_id,
            client_id, now(), group_kind from bench_transfers;
    update ledger_balances b set posted = b.posted - d.delta from bench_deltas d where b.account_id = d.account_id;
    commit;
    vacuum analyze allocations, needs, ledger_transfers, ledger_balances;
    \\timing on
    begin;
    insert into allocations select * from bench_allocations;
    update needs n set met_quantity = n.met_quantity + m.quantity, version = n.version + 1, updated_at = now(),
            status = case when n.met_quantity + m.quantity = n.quantity then 'met' else n.status end
        from bench_needs m where n.area_id = AREA and n.id = m.need_id;
    insert into ledger_transfers (id, area_id, debit_account_id, credit_account_id, unit, quantity, code, group_id,
            client_id, at, group_kind)
        select gen_random_uuid(), area_id, debit_account_id, credit_account_id, unit, quantity, code, group_id,
            client_id, now(), group_kind from bench_transfers;
    update ledger_balances b set posted = b.posted + d.delta from bench_deltas d where b.account_id = d.account_id;
    commit;
    \\timing off
    drop table bench_allocations, bench_needs, bench_transfers, bench_deltas;
";

/// Tells the figures; answers the pledge.
pub(crate) fn run(service: &Service, rows: usize) -> String {
    province::settle(service, rows);
    psql_told(service, &NEEDS.replace("AREA", AREA).replace("KIND", KIND));
    let units: Vec<usize> = (0..LINES).map(|line| rows / LINES + usize::from(line < rows % LINES)).collect();
    let (pledge, lines) = committed(service, (KIND, &units));
    let officer = Officer::new(service, "sandbox-kecamatan");
    for (line, units) in lines.iter().zip(units) {
        receive(&officer, (&pledge, line), units);
    }
    let policy = json!({ "kinds": [KIND], "policy": { "cap": 2, "round_started_on": "2026-01-01" } });
    let began = Instant::now();
    let run = officer.post("/v1/matching-runs", &policy);
    eprintln!("preview of {rows}: {:.2} s", began.elapsed().as_secs_f64());
    tell_exact(&format!("portions of a run over {rows} needs"), count(&run["portion_count"]), rows);
    let run = run["id"].as_str().unwrap().to_owned();
    service.forget_peak();
    let began = Instant::now();
    officer.post(&format!("/v1/matching-runs/{run}/commits"), &json!({}));
    let ours = began.elapsed().as_secs_f64();
    let peak = service.peak_mebibytes();
    let made = psql(service, &format!("select count(*) from allocations where area_id = {AREA} and run_id = '{run}'"));
    tell_exact("allocations of the run, committed", made.trim().parse().unwrap(), rows);
    let told = psql_told(service, &BARE.replace("AREA", AREA).replace("RUN", &run));
    for line in told.lines().filter(|line| line.starts_with("Time: ")) {
        eprintln!("bare: {line}");
    }
    let peer = "bare INSERT ... SELECT and UPDATE ... FROM of the same rows, in one transaction";
    tell_seconds_beside(&format!("{rows} allocations committed"), (ours, seconds(&told)), 2.0, peer);
    tell_memory(&format!("memory, {rows} allocations committed"), peak, 256.0);
    pledge
}

/// All that psql told.
fn seconds(told: &str) -> f64 {
    let times = told.lines().filter_map(|line| line.strip_prefix("Time: "));
    times.map(|time| time.split(' ').next().unwrap().parse::<f64>().unwrap() / 1_000.0).sum()
}

fn count(value: &Value) -> usize {
    usize::try_from(value.as_u64().unwrap()).unwrap()
}
