//! Sealed audit records: blocks and proofs as an auditor reads them, and that every row is sealed once, whatever happens.

use std::io::Write as _;
use std::ops::RangeInclusive;
use std::process::{Command, Stdio};
use std::time::Duration;

use diesel_async::SimpleAsyncConnection;
use serde_json::{Value, json};
use sinergi::audit::{self, Checked};

use crate::beneficiaries::family;
use crate::support::{KEMBANG_JANGGUT, TestApp, texts};

/// Numbers of the family of this number.
fn numbered(number: usize) -> Value {
    family(&format!("6402101001209{number:03}"), &format!("6402104101909{number:03}"))
}

async fn register(app: &TestApp, count: usize) {
    register_numbered(app, 1..=count).await;
}

async fn register_numbered(app: &TestApp, numbers: RangeInclusive<usize>) {
    let puskesos = app.puskesos().await;
    for number in numbers {
        puskesos.post("/v1/beneficiaries", &numbered(number)).await.expect(201);
    }
}

/// Checks the whole chain of the test's database.
pub(crate) async fn checked(app: &TestApp) -> Result<Checked, audit::Stopped> {
    let keys = sinergi::keys::Keys::public_keys(&app.keys_folder).unwrap();
    audit::check_database(app.database.owner_url(), &keys, None).await
}

/// All rows are sealed, each once, and as they are. Reads are recorded after their answers: those of the last calls may
/// come while the chain is checked, which then is checked again.
async fn assert_sealed(app: &TestApp) {
    let count = "select count(*)::text as found from audit_records";
    for tries in 0.. {
        let before = texts(app, count).await;
        app.sealed().await;
        let checked = checked(app).await.unwrap();
        assert!(checked.blocks > 0);
        if before == texts(app, count).await || tries == 20 {
            assert_eq!((checked.rows.to_string(), checked.waiting), (before[0].clone(), 0));
            return;
        }
    }
}

/// The text of the block of code of a guide.
fn python_of(guide: &str) -> &str {
    guide.split("```python\n").nth(1).unwrap().split("```").next().unwrap()
}

fn run_python(script: &str, input: &str) -> (bool, String) {
    let mut command = Command::new("python3");
    let mut child = command
        .args(["-c", script])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    (output.status.success(), String::from_utf8(output.stdout).unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn anyone_can_check_the_proof_of_a_record() {
    let app = TestApp::new().await;
    // A block of one record has no siblings: a place in it is told by nothing else.
    for numbers in [1..=1, 2..=3, 4..=8] {
        register_numbered(&app, numbers).await;
        app.sealed().await;
    }
    let auditor = app.client("auditor", KEMBANG_JANGGUT).await;
    // Without the reads of those calls, which are recorded after their answers.
    let written = "/v1/audit-records?operation=register_beneficiary&resource=beneficiaries";
    let records = auditor.get(written).await.expect(200);
    assert_eq!(records.body["items"].as_array().unwrap().len(), 8);
    let script = python_of(include_str!("../../docs/guides/auditor.md"));
    for record in records.body["items"].as_array().unwrap() {
        let address = format!("/v1/audit-records/{}", record["id"].as_str().unwrap());
        assert_eq!(auditor.get(&address).await.expect(200).body, *record);
        let proof = auditor.get(&format!("{address}/proof")).await.expect(200);
        let leaf: Value = serde_json::from_str(proof.body["leaf"].as_str().unwrap()).unwrap();
        for column in ["id", "client_id", "operation", "resource_id", "request_id", "after_digest"] {
            assert_eq!(leaf[column], record[column], "{column}");
        }
        let (is_right, told) = run_python(script, &proof.text);
        assert!(is_right && told.contains(record["id"].as_str().unwrap()), "{told}");
        // One other letter anywhere, and the proof fails.
        let forged = proof.text.replace("register_beneficiary", "register_beneficiarz");
        assert!(!run_python(script, &forged).0);
        let mut forged = proof.body.clone();
        forged["leaf_index"] = json!(proof.body["leaf_index"].as_u64().unwrap() ^ 1);
        assert!(!run_python(script, &forged.to_string()).0);
    }
    let blocks = auditor.get("/v1/audit-blocks?count=exact").await.expect(200);
    let all = blocks.body["items"].as_array().unwrap();
    assert_eq!(blocks.body["total"].as_u64().unwrap(), all.len() as u64);
    assert_eq!(all[0]["previous_hash"], "0".repeat(64));
    assert!(all.windows(2).all(|two| two[1]["previous_hash"] == two[0]["hash"]));
    let last = auditor.get("/v1/audit-blocks?sort=-number&limit=1").await.expect(200);
    assert_eq!(last.body["items"][0]["number"], all.last().unwrap()["number"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_record_that_waits_or_was_altered_is_not_proved() {
    let app = TestApp::new().await;
    let auditor = app.client("auditor", KEMBANG_JANGGUT).await;
    // A transaction that is still running may yet write a row that goes before those of later ones.
    let mut running = app.database.owner().await;
    running.batch_execute("begin; select pg_current_xact_id()").await.unwrap();
    register(&app, 1).await;
    let record = auditor.get("/v1/audit-records?operation=register_beneficiary").await.expect(200);
    let address = format!("/v1/audit-records/{}/proof", record.body["items"][0]["id"].as_str().unwrap());
    audit::seal(&app.services.db, &app.services.keys.signing).await.unwrap();
    let waiting = auditor.get(&address).await.expect_problem(409, "audit_record_not_sealed");
    assert_eq!(waiting.header("retry-after"), "10");
    running.batch_execute("commit").await.unwrap();
    app.sealed().await;
    auditor.get(&address).await.expect(200);
    running.batch_execute("update audit_records set client_id = 'somebody'").await.unwrap();
    auditor.get(&address).await.expect_problem(409, "audit_record_altered");
    for unknown in ["0198f0c2-7b1e-7a40-9c55-2f6f4b1d8e01", "6f1c5c9e-3b8e-4d53-8f4b-0d0c7d5b2a11", "7"] {
        auditor.get(&format!("/v1/audit-records/{unknown}/proof")).await.expect_problem(404, "not_found");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn rows_that_commit_late_are_sealed_in_their_turn() {
    let app = TestApp::new().await;
    register(&app, 1).await;
    app.sealed().await;
    let mut late = app.database.owner().await;
    let row = "begin; insert into audit_records (area_id, at, id, client_id, operation, resource)
        values (1, now() - interval '1 hour', gen_random_uuid(), 'late', 'late', 'beneficiaries')";
    late.batch_execute(row).await.unwrap();
    let puskesos = app.puskesos().await;
    puskesos.post("/v1/beneficiaries", &numbered(2)).await.expect(201);
    let mut later = app.database.owner().await;
    later.batch_execute(&format!("{row}; commit")).await.unwrap();
    for _ in 0..3 {
        audit::seal(&app.services.db, &app.services.keys.signing).await.unwrap();
    }
    let sealed = checked(&app).await.unwrap();
    assert!(sealed.waiting >= 2, "rows behind an open transaction wait: {sealed:?}");
    late.batch_execute("commit").await.unwrap();
    assert_sealed(&app).await;
    assert!(checked(&app).await.unwrap().blocks > sealed.blocks);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_processes_seal_at_once_and_no_row_is_sealed_twice() {
    let app = TestApp::new().await;
    let beside = app.beside(1_000_000).await;
    let writing = register(&app, 30);
    let sealing = |app: &TestApp| {
        let (db, keys) = (app.services.db.clone(), app.services.keys.clone());
        tokio::spawn(async move {
            for _ in 0..60 {
                audit::seal(&db, &keys.signing).await.unwrap();
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        })
    };
    let sealers = [sealing(&app), sealing(&app), sealing(&beside), sealing(&beside)];
    writing.await;
    for sealer in sealers {
        sealer.await.unwrap();
    }
    assert_sealed(&app).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sealer_that_is_cut_off_leaves_nothing_half_done() {
    let app = TestApp::new().await;
    register(&app, 10).await;
    // Cut off after ever more of the way, from before the lock to after the commit.
    for step in 0..40_u64 {
        let cut = Duration::from_micros(200 * step);
        tokio::time::timeout(cut, audit::seal(&app.services.db, &app.services.keys.signing)).await.ok();
    }
    assert_sealed(&app).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rows_restored_into_another_cluster_are_followed_by_new_ones() {
    let app = TestApp::new().await;
    register(&app, 1).await;
    let owner = app.database.owner().await;
    assert!(!audit::continue_numbers(&owner).await.unwrap(), "nothing was restored");
    app.sealed().await;
    // As if they came from a cluster that had counted much further.
    let restored = "update audit_records set transaction_number = transaction_number + 1000000000000;
        delete from audit_blocks";
    app.database.owner().await.batch_execute(restored).await.unwrap();
    assert!(audit::continue_numbers(&owner).await.unwrap());
    assert!(!audit::continue_numbers(&owner).await.unwrap(), "once is enough");
    app.puskesos().await.post("/v1/beneficiaries", &numbered(2)).await.expect(201);
    let order = "select operation || count(*) over (order by transaction_number rows unbounded preceding) as found
        from audit_records where operation = 'register_beneficiary' and resource = 'beneficiaries'";
    assert_eq!(texts(&app, order).await.len(), 2);
    assert_sealed(&app).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_service_can_slip_no_row_among_sealed_ones() {
    let app = TestApp::new().await;
    let (service, connection) =
        tokio_postgres::connect(&app.database.service_url, tokio_postgres::NoTls).await.unwrap();
    tokio::spawn(connection);
    let columns = "area_id, at, id, client_id, operation, resource";
    let values = "1, now(), gen_random_uuid(), 'me', 'me', 'beneficiaries'";
    service.batch_execute(&format!("insert into audit_records ({columns}) values ({values})")).await.unwrap();
    let numbered = format!("insert into audit_records ({columns}, transaction_number) values ({values}, 1)");
    for refused in [
        numbered.as_str(),
        "update audit_records set operation = 'x'",
        "delete from audit_records",
        "update audit_blocks set row_count = 1",
        "delete from audit_blocks",
        "select continue_audit_transactions()",
    ] {
        let error = service.batch_execute(refused).await.unwrap_err();
        assert_eq!(error.code().unwrap().code(), "42501", "{refused}");
    }
}
