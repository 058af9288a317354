//! The audit chain of a million records: sealing it, and checking all of it, beside what reading and hashing the same
//! rows costs alone, in the same run.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::as_conversions,
    clippy::cast_precision_loss,
    clippy::disallowed_methods,
    reason = "a benchmark that panics has failed"
)]

use std::path::Path;
use std::process::Command;
use std::time::Instant;

use futures_util::TryStreamExt as _;
use serde_json::{Value, json};
use sinergi::audit::{self, Fault, Stopped};
use sinergi::db::embedded::{DATABASE, Role, Throwaway};
use sinergi::db::{self, Db};
use sinergi::keys::Keys;
use tokio_postgres::{Client, NoTls};

const COMMAND: &str = "make bench NAME=audit";
const ROWS: u64 = 1_000_000;

/// Rows as writes leave them, three to a transaction.
const LOAD: &str = "
    insert into audit_records (area_id, at, id, client_id, operation, resource, resource_id, request_id, record_count,
        before_digest, after_digest, transaction_number)
    select 1 + n % 20, now() - interval '1 day' + n * interval '80 milliseconds', gen_random_uuid(),
        'kecamatan-kembang-janggut', 'update_beneficiary', 'beneficiaries', gen_random_uuid(),
        gen_random_uuid()::text, 1, sha256(int4send(n)), sha256(int4send(-n)), n / 3
    from generate_series(1, 1000000) as n;
    select continue_audit_transactions();
    analyze audit_records";

#[tokio::main(worker_threads = 2)]
async fn main() {
    // `cargo test --benches` asks for a look, not for a run.
    if std::env::args().any(|argument| argument == "--test") {
        return;
    }
    let temporary = std::env::temp_dir();
    let server = Throwaway::start(&temporary, None, std::env::var_os("PATH").unwrap_or_default()).unwrap();
    let url = |role| server.server().connection_string(role, DATABASE);
    let owner_url = url(Role::Owner);
    db::migrate(&owner_url).await.unwrap();
    let (owner, connection) = tokio_postgres::connect(&owner_url, NoTls).await.unwrap();
    tokio::spawn(connection);
    owner.batch_execute(&months()).await.unwrap();
    owner.batch_execute(LOAD).await.unwrap();

    let folder = temporary.join(format!("sinergi-bench-audit-{}", std::process::id()));
    let keys = Keys::load_or_make(&folder).unwrap();
    seal(&Db::new(&url(Role::Service), 2).unwrap(), &keys).await;
    check(&owner, &owner_url, &folder).await;
    std::fs::remove_dir_all(&folder).unwrap();
}

fn months() -> String {
    "select make_month_partition('audit_records', day::date)
        from generate_series(now() - interval '1 month', now() + interval '1 month', '1 month') as day"
        .to_owned()
}

async fn seal(db: &Db, keys: &Keys) {
    let (began, mut rows) = (Instant::now(), 0);
    loop {
        match audit::seal(db, &keys.signing).await.unwrap() {
            0 => break,
            sealed => rows += sealed,
        }
    }
    assert_eq!(rows as u64, ROWS);
    let rate = rows as f64 / began.elapsed().as_secs_f64();
    tell("audit: records sealed a second", json!(rate.round()), "1/s", ">= 20000", (None, None));
}

async fn check(owner: &Client, owner_url: &str, folder: &Path) {
    let keys = Keys::public_keys(folder).unwrap();
    let file = folder.join("audit.ndjson");
    let began = Instant::now();
    audit::export(owner_url, &keys, &file).await.unwrap();
    tell("audit: export of 1,000,000 records", seconds(began.elapsed().as_secs_f64()), "s", "<= 30", (None, None));
    let (mut ours, mut copied, mut from_file, mut hashed) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for _ in 0..3 {
        let began = Instant::now();
        let checked = audit::check_database(owner_url, &keys, None).await.unwrap();
        assert_eq!((checked.rows, checked.waiting), (ROWS, 0));
        ours.push(began.elapsed().as_secs_f64());
        copied.push(copy_out(owner).await);
        let began = Instant::now();
        assert_eq!(audit::check_file(&file, &keys, None).await.unwrap().rows, ROWS);
        from_file.push(began.elapsed().as_secs_f64());
        let began = Instant::now();
        assert!(Command::new("sha256sum").arg(&file).output().unwrap().status.success());
        hashed.push(began.elapsed().as_secs_f64());
    }
    let peer = (Some("COPY of the same rows, read and thrown away"), Some(format!("{:.2} s", median(copied))));
    tell("audit: verify 1,000,000 records", seconds(median(ours)), "s", "<= 10", peer);
    let peer = (Some("sha256sum of the file"), Some(format!("{:.2} s", median(hashed))));
    tell("audit: verify a file of 1,000,000 records", seconds(median(from_file)), "s", "<= 10", peer);
    tell("audit: memory of it all, at most", json!(peak_mebibytes()), "MiB", "<= 64", (None, None));
    flip(owner, owner_url, &keys).await;
}

/// One bit of one record, somewhere in the middle.
async fn flip(owner: &Client, owner_url: &str, keys: &[Value]) {
    let flip = "update audit_records set after_digest = set_byte(after_digest, 7, get_byte(after_digest, 7) # 1)
        where id = (select id from audit_records order by transaction_number, id offset 654321 limit 1)";
    assert_eq!(owner.execute(flip, &[]).await.unwrap(), 1);
    let found = audit::check_database(owner_url, keys, None).await;
    // Blocks hold 4,096 records each.
    let is_found = matches!(found, Err(Stopped::Fault(Fault::RowChanged(160, 3057, Some(_)))));
    tell("audit: one flipped bit is found in its record", json!(u8::from(is_found)), "count", "= 1", (None, None));
}

/// Seconds that reading the rows takes alone.
async fn copy_out(owner: &Client) -> f64 {
    let began = Instant::now();
    let stream = owner.copy_out("copy (select * from audit_records) to stdout (format binary)").await.unwrap();
    let bytes = stream.try_fold(0, async |sum, part| Ok(sum + part.len())).await.unwrap();
    assert!(bytes > 100_000_000, "{bytes}");
    began.elapsed().as_secs_f64()
}

fn peak_mebibytes() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse::<u64>().unwrap() / 1_024
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap()
}

fn seconds(value: f64) -> Value {
    json!((value * 100.0).round() / 100.0)
}

fn tell(
    figure: &str,
    value: impl Into<Value>,
    unit: &str,
    target: &str,
    (peer, peer_value): (Option<&str>, Option<String>),
) {
    println!(
        "{}",
        json!({
            "figure": figure, "value": value.into(), "unit": unit, "target": target, "peer": peer, "peer_value": peer_value,
            "command": COMMAND,
        })
    );
}
