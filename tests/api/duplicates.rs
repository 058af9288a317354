//! Records that may be one person: told when a card is registered, found by a run, decided on in the queue.

use std::time::Duration;

use diesel_async::SimpleAsyncConnection;
use serde_json::{Value, json};

use crate::cycles::this_month;
use crate::programs::{rice, rules};
use crate::support::{Answer, Client, HAMBAU, KELEKAT, KENOHAN, TestApp, send, texts};

/// A person; numbers and names are synthetic.
pub(crate) fn person(nik: Option<&str>, name: &str, born_on: &str) -> Value {
    json!({ "nik": nik, "name": name, "sex": "female", "born_on": born_on, "birth_place": "Kembang Janggut",
            "mother_name": "Rusmini Sintetis", "relationship": "head" })
}

/// A family of the persons, the first of them its head.
pub(crate) fn card(number: &str, village: &str, persons: &[Value]) -> Value {
    let mut members = persons.to_vec();
    for member in members.iter_mut().skip(1) {
        member["relationship"] = json!("child");
    }
    json!({ "card_number": number, "village_code": village, "address": "RT 03", "members": members })
}

const SULASTRI: &str = "6402105512870001";

pub(crate) fn sulastri() -> Value {
    person(Some(SULASTRI), "Sulastri Wahyuni Sintetis", "1987-12-15")
}

pub(crate) async fn registered(client: &Client, number: &str, village: &str, persons: &[Value]) -> Answer {
    client.post("/v1/beneficiaries", &card(number, village, persons)).await.expect(201)
}

/// What a check tells of one person: finding by member.
async fn checked(client: &Client, village: &str, who: &Value) -> Value {
    let new = json!({ "village_code": village, "members": [who] });
    client.post("/v1/duplicates/checks", &new).await.expect(200).body
}

fn findings(check: &Value) -> Vec<&str> {
    check["candidates"].as_array().unwrap().iter().map(|one| one["finding"].as_str().unwrap()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_card_is_registered_and_those_who_may_be_on_it_are_told() {
    let app = TestApp::new().await;
    let puskesos = app.puskesos().await;
    let first = registered(&puskesos, "6402101001209001", HAMBAU, &[sulastri()]).await;
    assert_eq!(first.body.get("possible_duplicates"), None);
    // The name in other words, and a slip in the number: of another card, in another village.
    let again = person(Some("6402105512780001"), "SULASTRI WAHJUNI SINTETIS", "1987-12-15");
    let second = registered(&puskesos, "6402101001209002", KELEKAT, &[again]).await;
    let told = &second.body["possible_duplicates"]["candidates"];
    assert_eq!(told[0]["beneficiary_id"], first.body["id"], "{}", second.text);
    assert_eq!(told[0]["finding"], "same");
    assert_eq!(told[0]["member_index"], 0);
    let bits = |field: &str| {
        let fields = told[0]["fields"].as_array().unwrap();
        fields.iter().find(|one| one["field"] == field).unwrap()["bits"].as_f64().unwrap()
    };
    assert!(bits("born_on") > 0.0 && bits("mother_name") > 0.0, "{}", second.text);
    assert!(!second.text.contains("5512870001"));
    let read = puskesos.get(&format!("/v1/beneficiaries/{}", second.id())).await.expect(200);
    assert_eq!(read.body.get("possible_duplicates"), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_who_joins_a_family_is_looked_for_as_well() {
    let app = TestApp::new().await;
    let puskesos = app.puskesos().await;
    let first = registered(&puskesos, "6402101001209001", HAMBAU, &[sulastri()]).await;
    let head = person(Some("6402104203700001"), "Maimunah Contoh Lain", "1970-03-02");
    let second = registered(&puskesos, "6402101001209002", KELEKAT, &[head]).await;
    let members = format!("/v1/beneficiaries/{}/members", second.id());
    let mut child = person(Some("6402104506100001"), "Rahma Putri Sintetis", "2010-06-05");
    (child["relationship"], child["mother_name"]) = (json!("child"), json!("Maimunah Contoh Lain"));
    let joined = puskesos.post(&members, &child).await.expect(201);
    assert_eq!(joined.body.get("possible_duplicates"), None, "{}", joined.text);
    let mut again = person(Some("6402105512780001"), "SULASTRI WAHJUNI SINTETIS", "1987-12-15");
    again["relationship"] = json!("other_kin");
    let joined = puskesos.post(&members, &again).await.expect(201);
    let told = &joined.body["possible_duplicates"]["candidates"];
    assert_eq!((told.as_array().unwrap().len(), &told[0]["finding"]), (1, &json!("same")), "{}", joined.text);
    assert_eq!((&told[0]["beneficiary_id"], &told[0]["member_index"]), (&first.body["id"], &json!(0)));
    assert!(!joined.text.contains("5512870001"));
    let read = puskesos.get(&format!("/v1/members/{}", joined.id())).await.expect(200);
    assert_eq!(read.body, joined.record());
    app.reads_recorded().await;
    let reads = "select resource || ' ' || record_count as found from audit_records
        where operation = 'add_member' and after_digest is null";
    assert_eq!(texts(&app, reads).await, ["members 1"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn twins_namesakes_and_strangers_with_like_numbers_are_not_one_person() {
    let app = TestApp::new().await;
    let puskesos = app.puskesos().await;
    registered(&puskesos, "6402101001209001", HAMBAU, &[sulastri()]).await;
    let twin = person(Some("6402105512870002"), "Sulasmi Wahyuni Sintetis", "1987-12-15");
    let mut daughter = person(Some("6402104203100001"), "Sulastri Wahyuni Sintetis", "2010-03-02");
    daughter["mother_name"] = json!("Sulastri Wahyuni");
    let mut stranger = person(Some("6402105512870011"), "Maimunah Contoh Lain", "1971-02-08");
    stranger["mother_name"] = json!("Halimah Contoh");
    for other in [twin, daughter, stranger] {
        let check = checked(&puskesos, HAMBAU, &other).await;
        assert!(!findings(&check).contains(&"same"), "{other}: {check}");
    }
    assert_eq!(findings(&checked(&puskesos, HAMBAU, &sulastri()).await), ["same"]);
    assert_eq!(puskesos.get("/v1/beneficiaries").await.body["items"].as_array().unwrap().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_told_of_members_of_another_sub_district() {
    let app = TestApp::new().await;
    registered(&app.puskesos().await, "6402101001209001", HAMBAU, &[sulastri()]).await;
    let neighbour = app.client("puskesos", KENOHAN).await;
    let check = checked(&neighbour, "64.02.09.2001", &sulastri()).await;
    assert_eq!(check, json!({ "candidates": [], "skipped": [] }));
    let elsewhere = json!({ "village_code": HAMBAU, "members": [sulastri()] });
    let refused = neighbour.post("/v1/duplicates/checks", &elsewhere).await.expect_problem(422, "invalid_fields");
    assert_eq!(refused.body["errors"][0]["pointer"], "/village_code");
    let nobody = json!({ "village_code": HAMBAU, "members": [] });
    app.puskesos().await.post("/v1/duplicates/checks", &nobody).await.expect_problem(422, "invalid_fields");
    // All that is wrong is told at once.
    let refused = neighbour.post("/v1/duplicates/checks", &nobody).await.expect_problem(422, "invalid_fields");
    let faults = refused.body["errors"].as_array().unwrap();
    let pointers: Vec<_> = faults.iter().map(|fault| (&fault["pointer"], &fault["code"])).collect();
    assert_eq!(
        pointers,
        [(&json!("/members"), &json!("wrong_type")), (&json!("/village_code"), &json!("village_unknown"))]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_follow_what_changes() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    let made = registered(&officer, "6402101001209001", HAMBAU, &[sulastri(), child("Bunga Mawar Sintetis")]).await;
    let family = format!("/v1/beneficiaries/{}", made.id());
    let members = officer.get(&format!("{family}/members")).await.expect(200).body["items"].clone();
    let flower = members[1]["id"].as_str().unwrap();
    let without_date = |name: &str| json!({ "name": name, "sex": "female", "relationship": "other" });
    let found = async |village: &str, name: &str| {
        let check = checked(&officer, village, &without_date(name)).await;
        check["candidates"].as_array().unwrap().len()
    };
    assert_eq!(found(HAMBAU, "Bunga Mawar Sintetis").await, 1);
    // The name and the village are all that is known: each has to be the present one.
    officer
        .patch(&format!("/v1/members/{flower}"), "\"1\"", &json!({ "name": "Melati Putih Contoh" }))
        .await
        .expect(200);
    assert_eq!(found(HAMBAU, "Bunga Mawar Sintetis").await, 0);
    assert_eq!(found(HAMBAU, "Melati Putih Contoh").await, 1);
    officer.patch(&family, "\"1\"", &json!({ "village_code": KELEKAT })).await.expect(200);
    assert_eq!(found(HAMBAU, "Melati Putih Contoh").await, 0);
    assert_eq!(found(KELEKAT, "Melati Putih Contoh").await, 1);
    let leaves = json!({ "reason": "moved", "on": "2026-11-02" });
    officer.post(&format!("/v1/members/{flower}/departures"), &leaves).await.expect(201);
    assert_eq!(found(KELEKAT, "Melati Putih Contoh").await, 0);
    officer.post(&format!("{family}/members"), &child("Melati Putih Contoh")).await.expect(201);
    assert_eq!(found(KELEKAT, "Melati Putih Contoh").await, 1);
}

pub(crate) fn child(name: &str) -> Value {
    json!({ "name": name, "sex": "female", "born_on": "2014-06-07", "relationship": "child" })
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_that_are_missing_are_made_while_serving() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    registered(&officer, "6402101001209001", HAMBAU, &[sulastri()]).await;
    app.database.owner().await.batch_execute("delete from member_keys").await.unwrap();
    let slip = person(None, "Sulastri Wahyuni Sintetis", "1987-12-15");
    assert_eq!(findings(&checked(&officer, HAMBAU, &slip).await), [""; 0]);
    let keys = std::sync::Arc::clone(&app.services.keys);
    let watch = tokio::spawn(sinergi::beneficiaries::watch_member_keys(app.services.db.clone(), keys));
    while texts(&app, "select count(*)::text as found from member_keys").await != ["1"] {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    watch.abort();
    assert_eq!(findings(&checked(&officer, HAMBAU, &slip).await), ["same"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_that_very_many_share_is_left_out_and_told() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    for half in 1..=2 {
        let name = |number: u32| {
            format!("Contoh {}", ["Satu", "Dua", "Tiga", "Empat"][number as usize % 4].repeat(number as usize + 1))
        };
        let many: Vec<Value> =
            (0..21).map(|number| person(None, &name(number)[..40.min(name(number).len())], "1990-01-01")).collect();
        registered(&officer, &format!("640210100120900{half}"), HAMBAU, &many).await;
    }
    let check = checked(&officer, HAMBAU, &person(None, "Sulastri Sintetis", "1990-01-01")).await;
    assert!(
        check["skipped"].as_array().unwrap().contains(&json!({ "member_index": 0, "key": "born_village" })),
        "{check}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_that_fewest_share_come_first() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    let plain = |name: &str, born_on: &str| json!({ "name": name, "sex": "female", "born_on": born_on, "relationship": "head" });
    let words = ["Mawar", "Melati", "Kenanga", "Anggrek", "Cempaka", "Dahlia"];
    let name = |number: usize| format!("{} {}", words[number % 6], words[number / 6].repeat(2));
    let of_one_day: Vec<Value> = (0..24).map(|number| plain(&name(number), "1987-12-15")).collect();
    let namesakes = |from: usize| -> Vec<Value> {
        let years = (from..from + 15).map(|number| format!("{}-03-04", 1950 + number));
        years.map(|born_on| plain("Sulastri Wahyuni Sintetis", &born_on)).collect()
    };
    registered(&officer, "6402101001209001", HAMBAU, &of_one_day).await;
    registered(&officer, "6402101001209002", HAMBAU, &namesakes(0)).await;
    registered(&officer, "6402101001209003", HAMBAU, &namesakes(15)).await;
    let known = person(Some(SULASTRI), "Maimunah Contoh", "1971-02-08");
    let family = registered(&officer, "6402101001209004", KELEKAT, &[known]).await;
    let check = checked(&officer, HAMBAU, &sulastri()).await;
    // Both together are more than are compared: the key that fewer share is taken, the other told.
    assert_eq!(check["skipped"], json!([{ "member_index": 0, "key": "name_village" }]), "{check}");
    let told: Vec<&Value> = check["candidates"].as_array().unwrap().iter().map(|one| &one["beneficiary_id"]).collect();
    assert!(told.contains(&&family.body["id"]), "{check}");
    // Of another day they are few enough again.
    let mut other = plain("Sulastri Wahyuni Sintetis", "1949-01-02");
    other["relationship"] = json!("child");
    let check = checked(&officer, HAMBAU, &other).await;
    assert_eq!(check["skipped"], json!([]), "{check}");
    assert_eq!(check["candidates"].as_array().unwrap().len(), 20, "{check}");
}

/// Starts a run and waits for its end.
pub(crate) async fn run(client: &Client, new: &Value) -> Value {
    let started = client.post("/v1/duplicates/runs", new).await.expect(202);
    ended(client, &started.id()).await
}

async fn ended(client: &Client, id: &str) -> Value {
    loop {
        let run = client.get(&format!("/v1/duplicates/runs/{id}")).await.expect(200).body;
        if run["status"] != "running" {
            return run;
        }
        tokio::time::sleep(Duration::from_millis(30)).await;
    }
}

pub(crate) async fn pairs(client: &Client, query: &str) -> Vec<Value> {
    client.get(&format!("/v1/duplicates/pairs?{query}")).await.expect(200).body["items"].as_array().unwrap().clone()
}

/// Two cards with one person on both, and a pair of twins on the first.
async fn registered_twice(officer: &Client) -> (String, String) {
    let twins = [("6402104705150001", "Kartika Sintetis"), ("6402104705150002", "Kartini Sintetis")];
    let [one, other] = twins.map(|(nik, name)| person(Some(nik), name, "2015-05-07"));
    let first = registered(officer, "6402101001209001", HAMBAU, &[sulastri(), one, other]).await;
    let again = person(None, "Sulastri Wahyuni Sintetis", "1987-12-15");
    let second = registered(officer, "6402101001209002", HAMBAU, &[again]).await;
    (first.id(), second.id())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_leaves_pairs_and_people_decide() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    let (first, second) = registered_twice(&officer).await;
    let over = run(&officer, &json!({})).await;
    assert_eq!(
        (&over["status"], &over["members_read"], &over["pairs_same"]),
        (&json!("done"), &json!(4), &json!(1)),
        "{over}"
    );
    assert_eq!(over["persons_registered_again"], 1);
    let names: Vec<&Value> = over["weights"].as_array().unwrap().iter().map(|field| &field["field"]).collect();
    assert!(names.contains(&&json!("born_on")), "{over}");
    let levels = over["weights"][0]["levels"].as_array().unwrap();
    assert!(levels[1]["same"].as_f64().unwrap() > levels[1]["stranger"].as_f64().unwrap(), "{over}");
    let open = pairs(&officer, "status=open&finding=same").await;
    let groups = format!("/v1/duplicates/runs/{}/clusters?count=exact", over["id"].as_str().unwrap());
    let groups = officer.get(&groups).await.expect(200).body;
    assert_eq!((&groups["total"], &groups["items"][0]["member_count"]), (&json!(1), &json!(2)));
    assert_eq!(groups["items"][0]["member_ids"], json!([open[0]["one_member_id"], open[0]["other_member_id"]]));
    assert_eq!(groups["items"][0]["beneficiary_ids"], json!([first, second]));
    assert_eq!(open.len(), 1);
    assert_eq!((&open[0]["one_beneficiary_id"], &open[0]["other_beneficiary_id"]), (&json!(first), &json!(second)));

    let path = format!("/v1/duplicates/pairs/{}", open[0]["id"].as_str().unwrap());
    let side_by_side = officer.get(&path).await.expect(200);
    assert_eq!(side_by_side.body["one"]["nik"], "6402********0001");
    assert_eq!(side_by_side.body["other_family"]["id"], json!(second));
    assert!(!side_by_side.text.contains(SULASTRI));

    let reasoned = json!({ "decision": "different", "reason": "Met both at home" });
    let decided = officer.post(&format!("{path}/decisions"), &reasoned).await.expect(201);
    assert_eq!(
        (&decided.body["status"], &decided.body["decision_reason"]),
        (&json!("different"), &json!("Met both at home"))
    );
    let next = run(&officer, &json!({})).await;
    assert_eq!(pairs(&officer, "status=open&finding=same").await, [Value::Null; 0]);
    let kept = officer.get(&path).await.expect(200).body;
    // The pair is of the run that compared it last, and no other for that.
    assert_eq!((&kept["run_id"], &kept["version"]), (&next["id"], &decided.body["version"]));
    let of_run =
        async |run: &Value| pairs(&officer, &format!("finding=same&run_id={}", run["id"].as_str().unwrap())).await;
    assert_eq!((of_run(&over).await.len(), of_run(&next).await.len()), (0, 1));
    assert_eq!((&kept["status"], &kept["is_found"]), (&json!("different"), &json!(true)));
    assert_eq!(kept["decisions"][0]["reason"], "Met both at home");
    let again = json!({ "decision": "undecided", "reason": "The neighbours say otherwise" });
    assert_eq!(officer.post(&format!("{path}/decisions"), &again).await.expect(201).body["status"], "open");
    assert!(app.recorded().await.contains(&"decide_duplicate_pair".to_owned()));
    let told = app.told(&officer).await;
    assert!(told.contains(&"duplicate_run.finished".to_owned()) && told.contains(&"duplicate_pair.decided".to_owned()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_later_run_clears_what_is_no_longer_true() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    let (_, second) = registered_twice(&officer).await;
    run(&officer, &json!({})).await;
    let pair = pairs(&officer, "finding=same").await.remove(0);
    let path = format!("/v1/duplicates/pairs/{}", pair["id"].as_str().unwrap());
    let members = officer.get(&format!("/v1/beneficiaries/{second}/members")).await.expect(200).body;
    let member = format!("/v1/members/{}", members["items"][0]["id"].as_str().unwrap());
    let other = json!({ "name": "Maimunah Contoh", "born_on": "1971-02-08", "mother_name": "Halimah", "sex": "male" });
    officer.patch(&member, "\"1\"", &other).await.expect(200);
    // A run over another village has not looked at the pair.
    assert_eq!(run(&officer, &json!({ "village_codes": [KELEKAT] })).await["pairs_cleared"], 0);
    assert_eq!(officer.get(&path).await.body["status"], "open");
    assert_eq!(run(&officer, &json!({ "village_codes": [HAMBAU] })).await["pairs_cleared"], 1);
    assert_eq!(officer.get(&path).await.body["status"], "cleared");
    let back = json!({ "name": "Sulastri Wahyuni Sintetis", "born_on": "1987-12-15", "mother_name": "Rusmini Sintetis", "sex": "female" });
    officer.patch(&member, "\"2\"", &back).await.expect(200);
    run(&officer, &json!({})).await;
    assert_eq!(officer.get(&path).await.body["status"], "open");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_moved_is_looked_for_where_they_live_now() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    let first = registered(&officer, "6402101001209001", HAMBAU, &[sulastri()]).await.id();
    let again = person(None, "Sulastri Wahyuni Sintetis", "1987-12-15");
    let stranger = |name: &str| json!({ "name": name, "sex": "male", "born_on": "1951-02-08", "relationship": "head" });
    let host = registered(&officer, "6402101001209002", HAMBAU, &[stranger("Maimun Contoh"), again]).await.id();
    let third = registered(&officer, "6402101001209003", KELEKAT, &[stranger("Halim Lain")]).await.id();
    run(&officer, &json!({})).await;
    let pair = pairs(&officer, &format!("beneficiary_id={first}")).await.remove(0);
    assert_eq!(pair["other_beneficiary_id"], json!(host), "{pair}");
    let path = format!("/v1/duplicates/pairs/{}", pair["id"].as_str().unwrap());
    let member = format!("/v1/members/{}", pair["other_member_id"].as_str().unwrap());
    let moves = json!({ "beneficiary_id": third, "relationship": "other_kin", "on": "2026-11-02" });
    officer.post(&format!("{member}/moves"), &moves).await.expect(201);
    // The family of before lives in the village still, but the run does not read who left it.
    assert_eq!(run(&officer, &json!({ "village_codes": [HAMBAU] })).await["pairs_cleared"], 0);
    assert_eq!(officer.get(&path).await.body["status"], "open");
    for query in [format!("village_code={KELEKAT}"), format!("beneficiary_id={third}")] {
        assert_eq!(pairs(&officer, &query).await[0]["id"], pair["id"], "{query}");
    }
    // A run over both villages reads both, and finds them alike still; who is no member is nobody's double.
    run(&officer, &json!({ "village_codes": [HAMBAU, KELEKAT] })).await;
    let found = officer.get(&path).await.body;
    assert_eq!((&found["status"], &found["other_beneficiary_id"]), (&json!("open"), &json!(third)));
    officer.post(&format!("{member}/departures"), &json!({ "reason": "died", "on": "2026-11-03" })).await.expect(201);
    assert_eq!(run(&officer, &json!({ "village_codes": [HAMBAU] })).await["pairs_cleared"], 1);
    assert_eq!(officer.get(&path).await.body["status"], "cleared");
}

#[tokio::test(flavor = "multi_thread")]
async fn suspected_duplicates_stay_paid() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    registered_twice(&officer).await;
    run(&officer, &json!({})).await;
    assert_eq!(pairs(&officer, "status=open&finding=same").await.len(), 1);
    let program = officer.post("/v1/programs", &rice("RICE-1")).await.expect(201).id();
    let program = format!("/v1/programs/{program}");
    officer.post(&format!("{program}/rule-sets"), &rules("family.member_count >= 1", "10", "month")).await.expect(201);
    let list = json!({ "decree_number": "140/07/KEP-CAMAT/2026" });
    let enrolled = officer.post(&format!("{program}/enrollment-runs"), &list).await.expect(200);
    assert_eq!(enrolled.body["enrolled"], 2);
    let cycle = officer.post(&format!("{program}/cycles"), &json!({ "period": this_month() })).await.expect(201).id();
    let approved = app.second_officer().await.post(&format!("/v1/cycles/{cycle}/approvals"), &json!({})).await;
    assert_eq!(approved.expect(200).body["entitlement_count"], 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_run_goes_on_at_a_time_and_a_lost_one_is_marked() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    // What a killed process leaves: a row that says it runs, and nobody who holds its lock.
    let lost = "insert into duplicate_runs (area_id, id, client_id, status, step, normalisation, created_at)
        values (1, '01a20f00-0000-7000-8000-00000000d001', 'lost', 'running', 'weighing', 1, now())";
    app.database.owner().await.batch_execute(lost).await.unwrap();
    officer.post("/v1/duplicates/runs", &json!({})).await.expect_problem(409, "duplicate_run_in_progress");
    let keys = std::sync::Arc::clone(&app.services.keys);
    let watch = tokio::spawn(sinergi::duplicates::watch(app.services.db.clone(), keys));
    assert_eq!(ended(&officer, "01a20f00-0000-7000-8000-00000000d001").await["status"], "failed");
    watch.abort();
    assert_eq!(app.told(&officer).await, ["duplicate_run.failed"]);
    assert!(app.recorded().await.contains(&"fail_duplicate_run".to_owned()));
    assert_eq!(run(&officer, &json!({})).await["status"], "done");
    let unknown = json!({ "village_codes": ["64.02.09.2001"] });
    officer.post("/v1/duplicates/runs", &unknown).await.expect_problem(422, "invalid_fields");
}

async fn import(client: &Client, file: String) {
    let request = client.request(reqwest::Method::POST, "/v1/imports").header("Idempotency-Key", "the-one-file");
    let started = send(request.header("Content-Type", "text/csv").body(file)).await.expect(202);
    let path = format!("/v1/imports/{}", started.id());
    while client.get(&path).await.expect(200).body["status"] != "applied" {
        tokio::time::sleep(Duration::from_millis(30)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_import_is_followed_by_a_run() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    registered(&officer, "6402101001209001", HAMBAU, &[sulastri()]).await;
    let file = format!(
        "card_number,name,sex,born_on,relationship,village_code,mother_name,birth_place\n\
         6402101001209002,Sulastri Wahyuni Sintetis,P,1987-12-15,head,{HAMBAU},Rusmini Sintetis,Kembang Janggut\n"
    );
    import(&officer, file).await;
    assert_eq!(
        findings(&checked(&officer, HAMBAU, &person(None, "Sulastri Wahyuni Sintetis", "1987-12-15")).await).len(),
        2
    );
    sinergi::duplicates::follow_imports(&app.services.db, &app.services.keys).await.unwrap();
    let runs = officer.get("/v1/duplicates/runs").await.expect(200).body["items"].clone();
    assert_eq!((&runs[0]["status"], runs[0]["import_id"].is_string()), (&json!("done"), true), "{runs}");
    assert_eq!(pairs(&officer, "status=open&finding=same").await.len(), 1);
    sinergi::duplicates::follow_imports(&app.services.db, &app.services.keys).await.unwrap();
    assert_eq!(officer.get("/v1/duplicates/runs").await.body["items"].as_array().unwrap().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_that_came_to_nothing_or_over_another_village_follows_no_import() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    registered(&officer, "6402101001209001", HAMBAU, &[sulastri()]).await;
    let file = format!(
        "card_number,name,sex,born_on,relationship,village_code,mother_name,birth_place\n\
         6402101001209002,Sulastri Wahyuni Sintetis,P,1987-12-15,head,{HAMBAU},Rusmini Sintetis,Kembang Janggut\n"
    );
    import(&officer, file).await;
    assert_eq!(run(&officer, &json!({ "village_codes": [KELEKAT] })).await["status"], "done");
    let fail = "insert into duplicate_runs
            (area_id, id, client_id, import_id, status, step, normalisation, created_at, finished_at)
        select area_id, gen_random_uuid(), 'lost', id, 'failed', 'over', 1, now(), now() from imports";
    app.arrange(fail).await;
    let followed = async || {
        sinergi::duplicates::follow_imports(&app.services.db, &app.services.keys).await.unwrap();
        let runs = officer.get("/v1/duplicates/runs?status=done").await.expect(200).body["items"].clone();
        runs.as_array().unwrap().iter().filter(|run| run["import_id"].is_string()).count()
    };
    assert_eq!(followed().await, 1);
    assert_eq!(pairs(&officer, "status=open&finding=same").await.len(), 1);
    assert_eq!(followed().await, 1, "it is followed once");
    // What fails again and again is left to people.
    app.arrange("delete from duplicate_pairs; delete from duplicate_clusters; delete from duplicate_runs").await;
    for _ in 0..3 {
        app.arrange(fail).await;
    }
    assert_eq!(followed().await, 0);
}
