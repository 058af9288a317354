//! An evidence pack over many handovers: how long it takes, that it is the same again, and that it is what the ledger says.

use std::time::Instant;

use serde_json::{Value, json};

use crate::figure::{tell_exact, tell_seconds};
use crate::load::{psql, psql_file};
use crate::officer::{Officer, new_key};
use crate::service::{AREA, Service};

/// Handovers of one unit each, by the heads of the families, over some days.
const DELIVERIES: &str = "
    create unlogged table bench_handed as
        select a.*, gen_random_uuid() as delivery_id, gen_random_uuid() as handed_id, t.member_id as head_id,
            row_number() over (order by a.id) as n
        from (select * from allocations where area_id = AREA and pledge_id = 'PLEDGE' and status = 'reserved'
            order by id limit COUNT) as a
        join memberships t on t.area_id = a.area_id and t.beneficiary_id = a.beneficiary_id
            and t.relationship = 'head' and t.ended_on is null;
    begin;
    insert into allocation_deliveries (area_id, id, allocation_id, pledge_id, pledge_line_id, beneficiary_id, quantity,
            delivered_on, collector_member_id, collector_kind, handover_number, proof_digest, proof_media_type,
            transfer_id, recorded_by, created_at)
        select area_id, delivery_id, id, pledge_id, pledge_line_id, beneficiary_id, quantity,
            date '2026-11-01' + (n % 20)::int, head_id, 'member', 'BAST/BUKTI/' || n, sha256(uuid_send(id)), 'image/jpeg',
            handed_id, 'bench', now() from bench_handed;
    update allocations a set status = 'delivered', delivered_quantity = a.quantity, version = a.version + 1,
            updated_at = now()
        from bench_handed h where a.area_id = h.area_id and a.id = h.id;
    insert into ledger_transfers (id, area_id, debit_account_id, credit_account_id, unit, quantity, code, group_id,
            client_id, at, group_kind)
        select h.handed_id, h.area_id, d.id, c.id, d.unit, h.quantity, 'deliver', h.pledge_id, 'bench', now(), 'pledge'
        from bench_handed h
        join ledger_accounts d on d.owner_id = h.pledge_line_id and d.kind = 'reserved'
        join ledger_accounts c on c.owner_id = h.pledge_line_id and c.kind = 'delivered';
    update ledger_balances b set posted = b.posted + m.delta from (
        select account_id, sum(delta) as delta from (
            select t.credit_account_id as account_id, t.quantity as delta from ledger_transfers t
                join bench_handed h on h.handed_id = t.id
            union all
            select t.debit_account_id, -t.quantity from ledger_transfers t join bench_handed h on h.handed_id = t.id
        ) as legs group by account_id) as m
        where b.account_id = m.account_id;
    commit;
    drop table bench_handed;
    vacuum analyze allocations, allocation_deliveries, ledger_transfers, ledger_balances;
";

/// What each line has in each place, summed anew from its transfers, as the pack names the places.
const PLACES: &str = "
    select a.owner_id || '|' || case a.kind when 'commitment' then 'outstanding' when 'stock' then 'free' else a.kind end
        || '|' || trim_scale(sum(case a.id when t.credit_account_id then t.quantity else -t.quantity end))
    from ledger_transfers t join ledger_accounts a on a.id in (t.credit_account_id, t.debit_account_id)
    where t.area_id = AREA and t.group_id = 'PLEDGE' and a.kind <> 'promise' group by a.owner_id, a.kind";

/// What was received and what entered of each line, from its transfers.
const FLOWS: &str = "
    select a.owner_id || '|' || f.step || '|' || trim_scale(sum(t.quantity))
    from ledger_transfers t join ledger_accounts a on a.id = t.credit_account_id
    join (values ('receive', 'received'), ('accept', 'committed'), ('accept', 'promised')) as f (code, step)
        on f.code = t.code
    where t.area_id = AREA and t.group_id = 'PLEDGE' group by a.owner_id, f.step";

/// Handovers of each line and day.
const DAYS: &str = "
    select pledge_line_id || '|' || delivered_on || '|' || count(*) / 5 * 5 || '|' || trim_scale(sum(quantity)) || '|'
        || encode(sha256(string_agg(proof_digest, ''::bytea order by proof_digest)), 'hex')
    from allocation_deliveries where area_id = AREA and pledge_id = 'PLEDGE' group by pledge_line_id, delivered_on";

pub(crate) fn run(service: &Service, pledge: &str, deliveries: usize) {
    let with = |sql: &str| sql.replace("AREA", AREA).replace("PLEDGE", pledge);
    psql_file(service, &with(DELIVERIES).replace("COUNT", &deliveries.to_string()));
    let company = Officer::new(service, "sandbox-company");
    let path = format!("/v1/pledges/{pledge}/evidence-packs");
    let began = Instant::now();
    let pack = company.post(&path, &json!({}));
    let seconds = began.elapsed().as_secs_f64();
    let id = pack["id"].as_str().unwrap();
    let file = |id: &str| company.read(&format!("/v1/evidence-packs/{id}/file")).unwrap().1;
    let bytes = file(id);
    tell_seconds(&format!("evidence pack over {deliveries} handovers"), seconds, 1.0);

    let again = company.send(&path, &json!({}), &new_key()).unwrap();
    let same: Value = serde_json::from_str(&again.1).unwrap();
    let is_same = again.0 == 200 && same == pack && file(same["id"].as_str().unwrap()) == bytes;
    tell_exact("evidence pack made again: bytes that differ", usize::from(!is_same), 0);
    assert!(is_same, "{} is another pack than {pack}", again.1);
    let anew = anew(service, &company, (&path, id));
    let whole: Value = serde_json::from_str(&bytes).unwrap();
    assert_eq!(told(&anew), told(&whole), "the same evidence, made anew");

    let wrong = differences(service, &whole, with);
    for line in wrong.iter().take(5) {
        eprintln!("{line}");
    }
    tell_exact("figures of the pack that are not those of the ledger", wrong.len(), 0);
    assert!(wrong.is_empty(), "the pack is not what the ledger says");
}

/// The document made anew as if nobody had made one.
fn anew(service: &Service, company: &Officer, (path, id): (&str, &str)) -> Value {
    psql(service, &format!("delete from evidence_packs where id = '{id}'"));
    let pack = company.post(path, &json!({}));
    let id = pack["id"].as_str().unwrap();
    serde_json::from_str(&company.read(&format!("/v1/evidence-packs/{id}/file")).unwrap().1).unwrap()
}

/// All that a pack tells, without its id and time; as text, so that the order of rows counts.
fn told(document: &Value) -> String {
    let groups = document["groups"].as_array().unwrap();
    format!("{} {}", document["inputs_digest"], Value::from(groups[1..].to_vec()))
}

/// Figures that SQL tells otherwise than the pack, and the other way round.
fn differences(service: &Service, document: &Value, with: impl Fn(&str) -> String) -> Vec<String> {
    let mut wrong = Vec::new();
    let quantities = table(document, 4, "quantities");
    let mut seen = 0;
    for (sql, what) in [(PLACES, "places"), (FLOWS, "flows")] {
        for figure in psql(service, &with(sql)).lines() {
            let [line, step, quantity] = figure.split('|').collect::<Vec<_>>()[..] else { panic!("{figure}") };
            let row = quantities.iter().find(|row| row["pledge_line_id"] == line);
            let told = row.and_then(|row| row[step].as_str()).unwrap_or_default();
            seen += 1;
            if told != quantity {
                wrong.push(format!("{what}: {step} of {line} is {told} in the pack and {quantity} in the ledger"));
            }
        }
    }
    assert!(seen > 4 * quantities.len(), "{seen} figures of {} lines", quantities.len());
    wrong.extend(rupiah(document, &quantities));
    let days = table(document, 11, "deliveries");
    let text = |row: &Value| {
        let cells = ["pledge_line_id", "delivered_on", "handovers_at_least", "quantity", "proofs_digest"];
        cells.map(|cell| row[cell].as_str().unwrap().to_owned()).join("|")
    };
    let mut ours: Vec<String> = days.iter().map(text).collect();
    let mut theirs: Vec<String> = psql(service, &with(DAYS)).lines().map(ToOwned::to_owned).collect();
    ours.sort();
    theirs.sort();
    if ours != theirs {
        wrong.push(format!("{} days of handovers in the pack, {} in the ledger", ours.len(), theirs.len()));
    }
    wrong
}

/// Values that are not the quantity times the value of a unit.
fn rupiah(document: &Value, quantities: &[Value]) -> Vec<String> {
    let values = table(document, 4, "rupiah");
    let number = |value: &Value| value.as_str().unwrap().parse::<u128>().unwrap();
    let mut wrong = Vec::new();
    for (row, value) in quantities.iter().zip(&values) {
        for step in ["promised", "committed", "outstanding", "received", "free", "reserved", "delivered"] {
            if number(&row[step]) * number(&value["unit_value_rupiah"]) != number(&value[step]) {
                wrong.push(format!("rupiah: {step} of {} is {}", row["pledge_line_id"], value[step]));
            }
        }
    }
    wrong
}

/// Rows of a table of the pack, each by the names of its columns.
fn table(document: &Value, group: usize, code: &str) -> Vec<Value> {
    let tables = document["groups"][group - 1]["tables"].as_array().unwrap();
    let table = tables.iter().find(|table| table["code"] == code).unwrap();
    let names = table["columns"].as_array().unwrap();
    let row = |row: &Value| {
        let cells = names.iter().zip(row["cells"].as_array().unwrap());
        cells.map(|(name, cell)| (name["code"].as_str().unwrap().to_owned(), cell.clone())).collect()
    };
    table["rows"].as_array().unwrap().iter().map(row).collect()
}
