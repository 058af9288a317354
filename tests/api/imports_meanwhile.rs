//! Imports beside the work of the office: nothing that was reviewed is lost, and how far they are is told.

use std::time::Duration;

use diesel_async::SimpleAsyncConnection;
use serde_json::{Value, json};

use crate::imports::{assert_counts, check, file, finished, import, row, send_file, two_families};
use crate::support::{TestApp, texts};

fn path(import: &Value) -> String {
    format!("/v1/imports/{}", import["id"].as_str().unwrap())
}

fn elsewhere() -> Vec<String> {
    two_families().iter().map(|row| row.replace("RT 03", "RT 09")).collect()
}

/// Waits until a session waits for a lock of another one, or the import is done.
async fn is_held_up(app: &TestApp, import: &str) -> bool {
    let query = format!(
        "select (select status from imports where id = '{import}') || ' ' || exists (select from pg_stat_activity
            where datname = current_database() and wait_event_type = 'Lock')::text as found"
    );
    for _ in 0..600 {
        match texts(app, &query).await.remove(0).as_str() {
            "running true" => return true,
            "running false" => tokio::time::sleep(Duration::from_millis(10)).await,
            _ => return false,
        }
    }
    panic!("the import does not go on");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_import_takes_up_what_the_office_changes_meanwhile() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    import(&officer, file(&two_families())).await;
    let checked = check(&officer, "", file(&elsewhere())).await;
    officer.post(&format!("{}/reviews", path(&checked)), &json!({})).await.expect(200);
    // Somebody who changes the families again and again, each time just before they are written.
    let hold = "begin; select id from beneficiaries for update";
    let change = "update beneficiaries set phone = '0811' || version, version = version + 1,
        valid_from = clock_timestamp(), updated_at = clock_timestamp(); commit";
    let mut office = app.database.owner().await;
    office.batch_execute(hold).await.unwrap();
    officer.post(&format!("{}/applications", path(&checked)), &json!({})).await.expect(202);
    let mut changes = 0;
    while is_held_up(&app, checked["id"].as_str().unwrap()).await {
        office.batch_execute(change).await.unwrap();
        changes += 1;
        office.batch_execute(hold).await.unwrap();
    }
    office.batch_execute("rollback").await.unwrap();
    let applied = finished(&officer, &path(&checked)).await;
    assert_counts(&applied, [0, 2, 0], [0, 0, 3]);
    let families = officer.get("/v1/beneficiaries").await.expect(200).body["items"].clone();
    for family in families.as_array().unwrap() {
        assert_eq!((&family["address"], &family["version"]), (&json!("RT 09"), &json!(changes + 2)), "{family}");
        assert_eq!(family["phone"], json!(format!("0811{changes}")));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reviewed_import_that_cannot_be_applied_waits_for_another_review() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    import(&officer, file(&two_families())).await;
    let checked = check(&officer, "", file(&elsewhere())).await;
    let path = path(&checked);
    let mut owner = app.database.owner().await;
    let no_more = "alter table beneficiaries add constraint no_more check (address <> 'RT 09') not valid";
    owner.batch_execute(no_more).await.unwrap();
    officer.post(&format!("{path}/reviews"), &json!({ "note": "Seen" })).await.expect(200);
    officer.post(&format!("{path}/applications"), &json!({})).await.expect(202);
    let returned = finished(&officer, &path).await;
    let told = ["status", "failure_code", "reviewed_by", "review_note", "finished_at", "rows_done"];
    assert_eq!(json!(told.map(|field| returned[field].clone())), json!(["checked", "gave_up", null, null, null, 3]));
    assert_eq!(texts(&app, "select count(*)::text as found from import_parts").await, ["1"]);
    owner.batch_execute("alter table beneficiaries drop constraint no_more").await.unwrap();
    officer.post(&format!("{path}/applications"), &json!({})).await.expect_problem(409, "command_not_possible");
    officer.post(&format!("{path}/reviews"), &json!({})).await.expect(200);
    officer.post(&format!("{path}/applications"), &json!({})).await.expect(202);
    let applied = finished(&officer, &path).await;
    assert_counts(&applied, [0, 2, 0], [0, 0, 3]);
    assert_eq!(applied["failure_code"], Value::Null);
    let told = app.told(&officer).await;
    assert_eq!(told[told.len() - 4..], ["import.returned", "import.reviewed", "import.applying", "import.applied"]);
    assert!(app.recorded().await.contains(&"return_import".to_owned()));
}

#[tokio::test(flavor = "multi_thread")]
async fn how_far_a_check_is_is_told_while_it_goes_on() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    // Nothing can be told of its faults for now.
    let mut owner = app.database.owner().await;
    owner.batch_execute("begin; lock table import_faults in access exclusive mode").await.unwrap();
    let rows = file(&[two_families(), vec![row("6402101001209003", "123", "Salah", "head")]].concat());
    let sent = send_file(&officer, "?apply=after_review", "text/csv", rows).await.expect(202);
    let mut done = 0;
    for _ in 0..600 {
        let import = officer.get(sent.header("location")).await.expect(200).body;
        assert_eq!(import["status"], "uploaded");
        done = import["rows_done"].as_i64().unwrap();
        if done == 3 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert_eq!(done, 3, "four of five steps over four rows");
    owner.batch_execute("rollback").await.unwrap();
    let checked = finished(&officer, sent.header("location")).await;
    assert_eq!((&checked["status"], &checked["rows_done"]), (&json!("checked"), &json!(4)));
}
