//! Whom the new persons of a file may be: told while it waits for a review.

use std::sync::Arc;

use serde_json::{Value, json};

use crate::duplicates::{card, person};
use crate::imports::{check, finished, import, send_file};
use crate::support::{Answer, Client, HAMBAU, KELEKAT, KENOHAN, TestApp, texts};

const HEADER: &str = "card_number,nik,name,sex,born_on,relationship,village_code,mother_name,birth_place";

/// The row of a head of a family; all of one mother.
fn row(card: &str, nik: &str, name: &str, village: &str) -> String {
    format!("{card},{nik},{name},P,1987-12-15,head,{village},Rusmini Sintetis,Kembang Janggut")
}

fn file(rows: &[String]) -> String {
    format!("{HEADER}\n{}\n", rows.join("\n"))
}

fn sulastri() -> Value {
    person(Some("6402105512870001"), "Sulastri Wahyuni Sintetis", "1987-12-15")
}

/// Her on another card, her name in other words and no number.
fn again(card: &str) -> String {
    row(card, "", "SULASTRI WAHJUNI SINTETIS", KELEKAT)
}

async fn registered(client: &Client) -> Answer {
    client.post("/v1/beneficiaries", &card("6402101001209001", HAMBAU, &[sulastri()])).await.expect(201)
}

fn path(import: &Value) -> String {
    format!("/v1/imports/{}", import["id"].as_str().unwrap())
}

async fn listed(client: &Client, import: &Value, query: &str) -> Answer {
    client.get(&format!("{}/possible-duplicates?{query}", path(import))).await.expect(200)
}

/// Rows with a finding, each with the other row where it is one.
async fn rows(client: &Client, import: &Value, query: &str) -> Vec<(i64, Option<i64>)> {
    let listed = listed(client, import, query).await;
    let row = |one: &Value| (one["row"].as_i64().unwrap(), one["other_row"].as_i64());
    listed.body["items"].as_array().unwrap().iter().map(row).collect()
}

fn counts(import: &Value) -> [Value; 4] {
    ["same", "look", "left_out", "skipped"].map(|what| import["possible_duplicates"][what].clone())
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_in_the_register_on_another_card_is_told_before_anything_is_written() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    let known = registered(&officer).await;
    let member = officer.get(&format!("/v1/beneficiaries/{}/members", known.id())).await.body["items"][0].clone();
    let rows_of_file = [
        row("6402101001209004", "6402104203710011", "Maimunah Contoh Lain", HAMBAU).replace("1987-12-15", "1971-03-02"),
        again("6402101001209002"),
    ];
    let checked = check(&officer, "", file(&rows_of_file)).await;
    let same = listed(&officer, &checked, "finding=same&count=exact").await;
    assert_eq!((same.body["items"].as_array().unwrap().len(), &same.body["total"]), (1, &json!(1)), "{}", same.text);
    let told = &same.body["items"][0];
    assert_eq!((&told["row"], &told["other_row"], &told["finding"]), (&json!(3), &Value::Null, &json!("same")));
    assert_eq!((&told["member_id"], &told["beneficiary_id"]), (&member["id"], &known.body["id"]));
    let facts = ["name", "sex", "born_on", "village_code"].map(|field| told[field].clone());
    assert_eq!(facts, [json!("Sulastri Wahyuni Sintetis"), json!("female"), json!("1987-12-15"), json!(HAMBAU)]);
    let fields = told["fields"].as_array().unwrap();
    assert!(fields.iter().any(|one| one["field"] == "born_on" && one["bits"].as_f64() > Some(0.0)), "{told}");
    let all = listed(&officer, &checked, "").await;
    assert!(!all.text.contains("551287"), "{}", all.text);
    let looks = rows(&officer, &checked, "finding=look").await;
    assert_eq!(counts(&checked), [json!(1), json!(looks.len()), json!(0), Value::Null]);
    app.reads_recorded().await;
    let reads = "select distinct client_id || ' ' || resource as found from audit_records
        where operation = 'list_import_duplicates'";
    assert_eq!(texts(&app, reads).await, [format!("{} imports", officer.id)]);

    // It refuses nothing; from then on the queue tells the same, as surely.
    officer.post(&format!("{}/reviews", path(&checked)), &json!({})).await.expect(200);
    assert_eq!(rows(&officer, &checked, "finding=same").await, [(3, None)]);
    officer.post(&format!("{}/applications", path(&checked)), &json!({})).await.expect(202);
    let applied = finished(&officer, &path(&checked)).await;
    assert_eq!((&applied["status"], &applied["members_created"]), (&json!("applied"), &json!(2)));
    assert_eq!(counts(&applied), counts(&checked));
    assert_eq!(rows(&officer, &applied, "").await, []);
    sinergi::duplicates::follow_imports(&app.services.db, &app.services.keys).await.unwrap();
    let queue = officer.get("/v1/duplicates/pairs?finding=same").await.expect(200).body["items"].clone();
    assert_eq!((queue.as_array().unwrap().len(), &queue[0]["bits"]), (1, &told["bits"]), "{queue}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_twin_is_not_the_same_also_where_a_row_without_a_number_may_be_either() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    registered(&officer).await;
    let twin = row("6402101001209003", "6402105512870002", "Sulasmi Wahyuni Sintetis", HAMBAU);
    let checked = check(&officer, "", file(std::slice::from_ref(&twin))).await;
    assert_eq!(rows(&officer, &checked, "finding=same").await, []);
    let checked = check(&officer, "", file(&[twin, again("6402101001209002")])).await;
    assert_eq!(rows(&officer, &checked, "finding=same").await, [(3, None), (3, Some(2))]);
    assert_eq!(rows(&officer, &checked, "finding=look").await, [(2, None)]);
}

#[tokio::test(flavor = "multi_thread")]
async fn rows_of_two_cards_that_may_be_one_person_are_told_with_each_other() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    let stranger = row("6402101001209005", "6402104203710011", "Maimunah Contoh Lain", HAMBAU);
    let rows_of_file =
        [stranger.replace("1987-12-15", "1971-03-02"), again("6402101001209002"), again("6402101001209003")];
    let checked = check(&officer, "", file(&rows_of_file)).await;
    assert_eq!(counts(&checked), [json!(1), json!(0), json!(0), Value::Null]);
    assert_eq!(rows(&officer, &checked, "").await, [(4, Some(3))]);
    let told = listed(&officer, &checked, "").await.body["items"][0].clone();
    let of_members = ["member_id", "beneficiary_id", "name", "sex", "born_on", "village_code"];
    assert!(of_members.iter().all(|field| told[field].is_null()), "{told}");
    for (query, expected) in [("row=3", 1), ("row=4", 1), ("row=2", 0), ("finding=same", 1), ("finding=look", 0)] {
        assert_eq!(rows(&officer, &checked, query).await.len(), expected, "{query}");
    }
    let path = format!("{}/possible-duplicates", path(&checked));
    for query in ["row=0", "finding=maybe", "member=1"] {
        officer.get(&format!("{path}?{query}")).await.expect_problem(400, "invalid_parameters");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn candidates_come_page_by_page() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    registered(&officer).await;
    let checked = check(&officer, "", file(&[again("6402101001209002"), again("6402101001209003")])).await;
    for sort in ["row", "-row"] {
        let whole = listed(&officer, &checked, &format!("sort={sort}")).await.body["items"].clone();
        let (mut paged, mut cursor) = (Vec::new(), String::new());
        loop {
            let page = listed(&officer, &checked, &format!("sort={sort}&limit=1{cursor}")).await.body;
            paged.extend(page["items"].as_array().unwrap().iter().cloned());
            let Some(next) = page["next"].as_str() else { break };
            cursor = format!("&cursor={next}");
        }
        assert_eq!((json!(paged), paged.len()), (whole, 3), "each row with her, and the second with the first");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn members_of_another_sub_district_are_never_candidates() {
    let app = TestApp::new().await;
    let (officer, neighbour) = (app.kecamatan().await, app.client("kecamatan_officer", KENOHAN).await);
    let theirs = card("6402091001209001", "64.02.09.2001", &[sulastri()]);
    neighbour.post("/v1/beneficiaries", &theirs).await.expect(201);
    let checked = check(&officer, "", file(&[again("6402101001209002")])).await;
    assert_eq!(counts(&checked), [json!(0), json!(0), json!(0), Value::Null]);
    assert_eq!(rows(&officer, &checked, "").await, []);
    let path = format!("{}/possible-duplicates", path(&checked));
    neighbour.get(&path).await.expect_problem(404, "not_found");
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_left_of_the_candidates_of_a_cancelled_import() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    registered(&officer).await;
    let checked = check(&officer, "", file(&[again("6402101001209002")])).await;
    assert_eq!(rows(&officer, &checked, "").await, [(2, None)]);
    officer.post(&format!("{}/cancellations", path(&checked)), &json!({})).await.expect(200);
    assert_eq!(rows(&officer, &checked, "").await, []);
    assert_eq!(texts(&app, "select count(*)::text as found from import_duplicates").await, ["0"]);
    // Nor of one that nobody has applied for a month.
    let waiting = check(&officer, "", file(&[again("6402101001209002")])).await;
    assert_eq!(rows(&officer, &waiting, "").await, [(2, None)]);
    let later = chrono::Utc::now() + chrono::TimeDelta::days(31);
    sinergi::beneficiaries::remove_old_imports(&app.services.db, later).await.unwrap();
    assert_eq!(texts(&app, "select count(*)::text as found from import_duplicates").await, ["0"]);
}

/// Cards of as many persons who have nothing in common, and hers.
fn many() -> Vec<String> {
    let stranger = |n: u32| {
        let name = format!(
            "Contoh {}",
            ["Ba", "Du", "Ki", "Lo", "Mu", "Ra", "Se", "To"].map(|part| part.repeat(2))[n as usize % 8]
        );
        let born_on = chrono::NaiveDate::from_ymd_opt(1940, 1, 1).unwrap() + chrono::TimeDelta::days(i64::from(n * 5));
        row(&format!("64021010012{n:05}"), "", &name, HAMBAU).replace("1987-12-15", &born_on.to_string())
    };
    (1..4_000).map(stranger).chain([again("6402101001299001")]).collect()
}

const KILL: &str = "select count(pg_terminate_backend(pid))::text as found from pg_locks
    where locktype = 'advisory' and database = (select oid from pg_database where datname = current_database())";

#[tokio::test(flavor = "multi_thread")]
async fn a_check_that_is_killed_or_lost_begins_again_and_tells_each_candidate_once() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    registered(&officer).await;
    let sent = send_file(&officer, "?apply=after_review", "text/csv", file(&many())).await.expect(202);
    let mut killed = "0".to_owned();
    while killed == "0" {
        killed = texts(&app, KILL).await.remove(0);
    }
    let checked = finished(&officer, sent.header("location")).await;
    assert_eq!(checked["status"], "checked", "{checked}");
    assert_eq!(texts(&app, "select attempts::text as found from imports").await, ["1"]);
    let of_her = rows(&officer, &checked, "row=4001&finding=same").await;
    assert_eq!(of_her, [(4001, None)]);
    // As a process leaves it that was killed while it checked.
    texts(&app, "update imports set status = 'uploaded' returning status as found").await;
    let (db, keys) = (app.services.db.clone(), Arc::clone(&app.services.keys));
    let watch = tokio::spawn(sinergi::beneficiaries::watch_imports(db, keys));
    let again = finished(&officer, &path(&checked)).await;
    watch.abort();
    assert_eq!((&again["status"], counts(&again)), (&json!("checked"), counts(&checked)));
    assert_eq!(rows(&officer, &again, "row=4001&finding=same").await, of_her);
    let kept = texts(&app, "select count(*)::text as found from import_duplicates").await.remove(0);
    let [same, look, left_out, _] = counts(&again).map(|count| count.as_i64().unwrap_or_default());
    assert!(left_out > 0, "more than anybody can look at: {again}");
    assert_eq!(kept, (same + look - left_out).to_string());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_import_tells_why_nobody_was_looked_for() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    registered(&officer).await;
    let automatic = import(&officer, file(&[row("6402101001209005", "", "Maimunah Contoh Lain", HAMBAU)])).await;
    assert_eq!(counts(&automatic), [json!(0), json!(0), json!(0), json!("not_reviewed")]);
    let new = file(&[again("6402101001209002")]);
    // A member whose number does not open keeps nothing from being checked.
    app.arrange("update members set nik_sealed = '\\x00' where nik_sealed is not null").await;
    let checked = check(&officer, "", new.clone()).await;
    assert_eq!((&checked["status"], counts(&checked)[3].clone()), (&json!("checked"), json!("not_possible")));
    // Families as a whole province has them.
    app.arrange(
        "insert into beneficiaries select (jsonb_populate_record(
            null::beneficiaries, to_jsonb(b) || jsonb_build_object(
                'id', gen_random_uuid(), 'member_count', 50, 'card_digest', sha256(n::text::bytea)
            )
        )).* from (select * from beneficiaries limit 1) as b cross join generate_series(1, 4001) as n",
    )
    .await;
    let checked = check(&officer, "", new).await;
    assert_eq!((&checked["status"], counts(&checked)[3].clone()), (&json!("checked"), json!("too_many_persons")));
    assert_eq!(rows(&officer, &checked, "").await, []);
    // A file without new persons has nobody to look for.
    let same = file(&[row("6402101001209005", "", "Maimunah Contoh Lain", HAMBAU)]);
    let checked = check(&officer, "", same).await;
    assert_eq!(counts(&checked), [json!(0), json!(0), json!(0), Value::Null]);
}
