//! Rounds of home visits: their frozen lists, visits from devices that were offline, and how fresh a village is.

use chrono::{SecondsFormat, TimeDelta, Utc};
use serde_json::{Value, json};

use crate::enrollments::{register, three_families};
use crate::support::{Answer, Client, KEMBANG_JANGGUT, KENOHAN, TestApp};

const KEMBANG: &str = "64.02.10.2004";
const KELEKAT: &str = "64.02.10.2005";

/// An instant some days ago, as a device writes it.
fn days_ago(days: i64) -> String {
    (Utc::now() - TimeDelta::days(days)).to_rfc3339_opts(SecondsFormat::Millis, true)
}

/// Opens a round; answers its path.
pub(crate) async fn open(officer: &Client, rule: &str, more: Value) -> String {
    let mut new = json!({ "title": "Putaran", "rule": rule, "due_on": "2026-12-31" });
    new.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    format!("/v1/verification-rounds/{}", officer.post("/v1/verification-rounds", &new).await.expect(201).id())
}

/// A visit of a family on a round.
fn visit(family: &str, round: &str, visited_at: &str, finding: &str) -> Value {
    let round = round.rsplit('/').next().unwrap();
    json!({ "beneficiary_id": family, "round_id": round, "visited_at": visited_at, "finding": finding })
}

async fn tasks(client: &Client, round: &str, query: &str) -> Vec<Value> {
    let page = client.get(&format!("{round}/tasks?{query}")).await.expect(200);
    page.body["items"].as_array().unwrap().clone()
}

fn pointers(answer: &Answer) -> Vec<(&str, &str)> {
    let faults = answer.body["errors"].as_array().unwrap().iter();
    faults.map(|fault| (fault["pointer"].as_str().unwrap(), fault["code"].as_str().unwrap())).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_freezes_when_its_round_opens() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    let [poorest, poor, other] = three_families(&app).await;
    let round = open(&officer, "family.decile <= 4", json!({})).await;
    let listed = tasks(&officer, &round, "").await;
    let ids: Vec<_> = listed.iter().map(|task| task["beneficiary_id"].as_str().unwrap()).collect();
    assert_eq!(ids, [poorest.as_str(), poor.as_str()]);
    assert_eq!((&listed[0]["head_name"], &listed[0]["decile"]), (&json!("Contoh Sintetis"), &json!(1)));

    // One more poor family comes, one of the list moves to another village, one that is not on it grows poor.
    register(&app.puskesos().await, 4, KEMBANG, 1).await;
    let moved = json!({ "village_code": KELEKAT });
    officer.patch(&format!("/v1/beneficiaries/{poorest}"), "\"1\"", &moved).await.expect(200);
    app.arrange(&format!("update beneficiaries set decile = 1 where id = '{other}'")).await;
    assert_eq!(tasks(&officer, &round, "").await, listed);
    assert_eq!(tasks(&officer, &round, &format!("village_code={KELEKAT}")).await, listed[1..]);
    let read = officer.get(&round).await.expect(200);
    assert_eq!((&read.body["task_count"], &read.body["status"]), (&json!(2), &json!("open")));
    assert_eq!(read.header("etag"), "\"1\"");
}

#[tokio::test(flavor = "multi_thread")]
async fn villages_are_shared_out_among_their_visitors() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    for number in 1..=5 {
        register(&officer, number, KEMBANG, 2).await;
    }
    for number in 6..=8 {
        register(&officer, number, KELEKAT, 2).await;
    }
    let (one, other) =
        (app.client("pkh_facilitator", KEMBANG_JANGGUT).await, app.client("village_office", KEMBANG_JANGGUT).await);
    let assignments = json!([
        { "client_id": one.id, "village_code": KEMBANG }, { "client_id": other.id, "village_code": KEMBANG },
    ]);
    let round = open(&officer, "true", json!({ "assignments": assignments })).await;
    let of = async |query: String| tasks(&one, &round, &query).await.len();
    assert_eq!(of(format!("assigned_to={}", one.id)).await, 3);
    assert_eq!(of(format!("assigned_to={}", other.id)).await, 2);
    assert!(tasks(&one, &round, &format!("village_code={KELEKAT}")).await.iter().all(|t| t["assigned_to"].is_null()));
    let progress = one.get(&format!("{round}/progress")).await.expect(200).body;
    assert_eq!((&progress["tasks"], &progress["visited"]), (&json!(8), &json!(0)));
    assert_eq!(progress["parts"].as_array().unwrap().len(), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_round_names_must_be_there() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    three_families(&app).await;
    let auditor = app.client("auditor", KEMBANG_JANGGUT).await;
    let stranger = app.client("pkh_facilitator", KENOHAN).await;
    let new = |rule: &str, more: Value| {
        let mut new = json!({ "title": "x", "rule": rule, "due_on": "2026-12-31" });
        new.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        new
    };
    let assignments = json!({ "village_codes": [KEMBANG, "64.02.09.2001"], "assignments": [
        { "client_id": auditor.id, "village_code": KEMBANG }, { "client_id": stranger.id, "village_code": KELEKAT },
    ] });
    let refused = officer.post("/v1/verification-rounds", &new("true", assignments)).await;
    let refused = refused.expect_problem(422, "invalid_fields");
    let expected = [
        ("/village_codes/1", "village_unknown"),
        ("/assignments/0/client_id", "client_unknown"),
        ("/assignments/1/client_id", "client_unknown"),
        ("/assignments/1/village_code", "village_unknown"),
    ];
    assert_eq!(pointers(&refused), expected);
    let rule = new("family.wealth < 3 || \"NONE\" in family.programs", json!({}));
    let refused = officer.post("/v1/verification-rounds", &rule).await.expect_problem(422, "invalid_fields");
    assert_eq!(pointers(&refused), [("/rule", "expression_invalid")]);
    let nobody = new("family.decile == 9", json!({}));
    officer.post("/v1/verification-rounds", &nobody).await.expect_problem(409, "round_empty");
    assert_eq!(officer.get("/v1/verification-rounds").await.expect(200).body["items"], json!([]));
}

#[tokio::test(flavor = "multi_thread")]
async fn visits_count_by_when_they_were_whatever_their_order() {
    let app = TestApp::new().await;
    let (officer, visitor) = (app.kecamatan().await, app.client("pkh_facilitator", KEMBANG_JANGGUT).await);
    let [family, ..] = three_families(&app).await;
    let round = open(&officer, "family.decile <= 4", json!({})).await;
    let last = visitor.post("/v1/visits", &visit(&family, &round, &days_ago(1), "confirmed")).await.expect(201);
    visitor.post("/v1/visits", &visit(&family, &round, &days_ago(3), "not_found")).await.expect(201);
    let noted = tasks(&officer, &round, "is_visited=true").await;
    assert_eq!(noted.len(), 1);
    assert_eq!((&noted[0]["finding"], &noted[0]["visit_id"]), (&json!("confirmed"), &json!(last.id())));
    let progress = officer.get(&format!("{round}/progress")).await.expect(200).body;
    let counts = ["tasks", "visited", "confirmed", "not_found"].map(|name| progress[name].as_i64().unwrap());
    assert_eq!(counts, [2, 1, 1, 0]);
    let of_family = officer.get(&format!("/v1/visits?beneficiary_id={family}&sort=id")).await.expect(200).body;
    let findings: Vec<_> = of_family["items"].as_array().unwrap().iter().map(|visit| &visit["finding"]).collect();
    assert_eq!(findings, ["confirmed", "not_found"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_visit_that_is_sent_again_is_there_once() {
    let app = TestApp::new().await;
    let (officer, visitor) = (app.kecamatan().await, app.client("pkh_facilitator", KEMBANG_JANGGUT).await);
    let [family, ..] = three_families(&app).await;
    let round = open(&officer, "true", json!({})).await;
    let new = visit(&family, &round, "2026-11-02T03:15:00.123456Z", "refused");
    let sent = (0..6).map(|_| {
        let (visitor, new) = (visitor.clone(), new.clone());
        tokio::spawn(async move { visitor.post("/v1/visits", &new).await })
    });
    let mut made = Vec::new();
    let mut earlier = Vec::new();
    for answer in sent.collect::<Vec<_>>() {
        let answer = answer.await.unwrap();
        if answer.status.as_u16() == 201 {
            made.push(answer.id());
        } else {
            let refused = answer.expect_problem(409, "visit_already_recorded");
            earlier.push(refused.body["related"]["id"].as_str().unwrap().to_owned());
        }
    }
    assert_eq!((made.len(), earlier.len()), (1, 5));
    assert!(earlier.iter().all(|id| *id == made[0]));
    // Another visitor at that moment is another visit.
    app.puskesos().await.post("/v1/visits", &new).await.expect(201);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_visit_is_told_without_what_was_noted() {
    let app = TestApp::new().await;
    let (officer, visitor) = (app.kecamatan().await, app.client("pkh_facilitator", KEMBANG_JANGGUT).await);
    let [family, ..] = three_families(&app).await;
    let round = open(&officer, "true", json!({})).await;
    let mut new = visit(&family, &round, &days_ago(1), "moved");
    new["note"] = json!("Rahasia sekali");
    new["evidence"] = json!([{ "digest": "ab".repeat(32), "media_type": "image/jpeg", "place": "Rumah rahasia",
                               "latitude": -0.25, "longitude": 116.5 }]);
    let made = visitor.post("/v1/visits", &new).await.expect(201);
    assert_eq!(made.body["evidence"][0]["longitude"], 116.5);
    let read = officer.get(made.header("location")).await.expect(200);
    assert_eq!((&read.body, read.header("etag")), (&made.body, made.header("etag")));
    app.told(&officer).await;
    let feed = officer.get("/v1/events?limit=200").await.expect(200);
    let told = feed.body["items"].as_array().unwrap().last().unwrap().clone();
    assert_eq!(told["type"], "visit.recorded");
    let data = json!({ "beneficiary_id": family, "round_id": round.rsplit('/').next().unwrap(), "finding": "moved",
                       "evidence_count": 1 });
    assert_eq!(told["data"], data);
    assert!(!feed.text.contains("ahasia"));
    assert_eq!(app.recorded().await[3..], ["open_verification_round", "record_visit"].map(str::to_owned)[..]);

    let wrong = json!({ "beneficiary_id": family, "finding": "moved",
        "visited_at": (Utc::now() + TimeDelta::hours(1)).to_rfc3339_opts(SecondsFormat::Secs, true),
        "evidence": [{ "digest": "ab".repeat(32), "media_type": "image/jpeg" }, { "digest": "ab".repeat(32),
                       "media_type": "image/jpeg" }] });
    let refused = visitor.post("/v1/visits", &wrong).await.expect_problem(422, "invalid_fields");
    assert_eq!(pointers(&refused), [("/visited_at", "date_in_future"), ("/evidence/1/digest", "value_twice")]);
    let off_earth = json!({ "beneficiary_id": family, "finding": "moved", "visited_at": days_ago(2),
        "evidence": [{ "digest": "ab".repeat(32), "media_type": "image/jpeg",
                       "latitude": 91.0, "longitude": 0.0 }] });
    let refused = visitor.post("/v1/visits", &off_earth).await.expect_problem(422, "invalid_fields");
    assert_eq!(pointers(&refused), [("/evidence/0", "coordinate_out_of_range")]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_visit_confirms_the_version_that_was_compared() {
    let app = TestApp::new().await;
    let visitor = app.client("pkh_facilitator", KEMBANG_JANGGUT).await;
    let [one, other, _] = three_families(&app).await;
    let compared = |family: &str, days: i64, version: Option<i32>| json!({ "beneficiary_id": family, "visited_at": days_ago(days), "finding": "confirmed", "version": version });
    let confirmed = async |client: &Client, new: Value| {
        client.post("/v1/visits", &new).await.expect(201).body["has_confirmed"].as_bool().unwrap()
    };
    // Who may not confirm families, and who compared nothing, leaves the record as it is.
    assert!(!confirmed(&app.puskesos().await, compared(&one, 9, Some(1))).await);
    assert!(!confirmed(&visitor, compared(&one, 8, None)).await);
    assert!(confirmed(&visitor, compared(&one, 7, Some(1))).await);
    let family = visitor.get(&format!("/v1/beneficiaries/{one}")).await.expect(200).body;
    assert_eq!((&family["version"], &family["verified_by"]), (&json!(2), &json!(visitor.id)));
    // The other one has changed since the visitor took the list along.
    visitor.patch(&format!("/v1/beneficiaries/{other}"), "\"1\"", &json!({ "address": "RT 09" })).await.expect(200);
    assert!(!confirmed(&visitor, compared(&other, 6, Some(1))).await);
    assert_eq!(visitor.get(&format!("/v1/beneficiaries/{other}")).await.expect(200).body["verified_at"], Value::Null);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_closed_round_takes_no_visit_and_the_family_does() {
    let app = TestApp::new().await;
    let (officer, visitor) = (app.kecamatan().await, app.client("village_office", KEMBANG_JANGGUT).await);
    let [family, _, other] = three_families(&app).await;
    let round = open(&officer, "family.decile <= 4", json!({})).await;
    let off_list = visitor.post("/v1/visits", &visit(&other, &round, &days_ago(2), "confirmed")).await;
    off_list.expect_problem(409, "family_not_in_round");
    let closed = officer.post(&format!("{round}/closures"), &json!({})).await.expect(200);
    assert_eq!((&closed.body["status"], &closed.body["closed_by"]), (&json!("closed"), &json!(officer.id)));
    officer.post(&format!("{round}/closures"), &json!({})).await.expect_problem(409, "round_not_open");
    let mut late = visit(&family, &round, &days_ago(1), "confirmed");
    visitor.post("/v1/visits", &late).await.expect_problem(409, "round_not_open");
    late["round_id"] = Value::Null;
    visitor.post("/v1/visits", &late).await.expect(201);
    let progress = officer.get(&format!("{round}/progress")).await.expect(200).body;
    assert_eq!(progress["visited"], 0);
    let of_round = format!("/v1/visits?round_id={}", round.rsplit('/').next().unwrap());
    assert_eq!(officer.get(&of_round).await.expect(200).body["items"], json!([]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_village_tells_who_was_visited_and_who_waits() {
    let app = TestApp::new().await;
    let (officer, visitor) = (app.kecamatan().await, app.client("pkh_facilitator", KEMBANG_JANGGUT).await);
    let [one, two, three] = three_families(&app).await;
    let mut visits = Vec::new();
    for (family, days, finding) in
        [(&one, 400, "confirmed"), (&one, 10, "not_found"), (&two, 200, "corrected"), (&two, 3, "confirmed")]
    {
        let new = json!({ "beneficiary_id": family, "visited_at": days_ago(days), "finding": finding });
        visits.push(visitor.post("/v1/visits", &new).await.expect(201).body["visited_at"].clone());
    }
    let coverage = officer.get("/v1/verification-coverage?count=exact").await.expect(200).body;
    let expected = json!({ "total": 2, "items": [
        { "village_code": KEMBANG, "families": 1, "visited": 0, "stale": 1, "never_visited": 0,
          "oldest_visit_at": visits[0] },
        { "village_code": KELEKAT, "families": 2, "visited": 1, "stale": 0, "never_visited": 1,
          "oldest_visit_at": visits[3] },
    ] });
    assert_eq!(coverage, expected);
    let years = officer.get("/v1/verification-coverage?within_days=730&limit=1").await;
    assert_eq!(years.expect(200).body["items"][0]["visited"], 1);
    officer.get("/v1/verification-coverage?within_days=0").await.expect_problem(400, "invalid_parameters");

    // The next round takes those who wait: visited too long ago, or never.
    let waits = "!has(family.days_since_visit) || family.days_since_visit >= 180";
    let round = open(&officer, waits, json!({})).await;
    let listed = tasks(&officer, &round, "").await;
    let ids: Vec<_> = listed.iter().map(|task| task["beneficiary_id"].as_str().unwrap()).collect();
    assert_eq!(ids, [one.as_str(), three.as_str()]);
}

#[tokio::test(flavor = "multi_thread")]
async fn another_sub_district_has_no_part_in_a_round() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    let [family, ..] = three_families(&app).await;
    let round = open(&officer, "true", json!({})).await;
    let made = officer.post("/v1/visits", &visit(&family, &round, &days_ago(1), "confirmed")).await.expect(201);
    let neighbour = app.client("kecamatan_officer", KENOHAN).await;
    for path in [&round, &format!("{round}/tasks"), &format!("{round}/progress"), made.header("location")] {
        neighbour.get(path).await.expect_problem(404, "not_found");
    }
    neighbour.post(&format!("{round}/closures"), &json!({})).await.expect_problem(404, "not_found");
    for list in ["/v1/verification-rounds", "/v1/visits", "/v1/verification-coverage"] {
        assert_eq!(neighbour.get(list).await.expect(200).body["items"], json!([]), "{list}");
    }
    let refused = neighbour.post("/v1/visits", &visit(&family, &round, &days_ago(2), "confirmed")).await;
    assert_eq!(pointers(&refused.expect_problem(422, "invalid_fields")), [("/beneficiary_id", "reference_unknown")]);
    let regency = app.client_of("kecamatan_officer", &[KEMBANG_JANGGUT, KENOHAN], None).await;
    let new = json!({ "title": "x", "rule": "true", "due_on": "2026-12-31" });
    let unclear = regency.post("/v1/verification-rounds", &new).await.expect_problem(422, "invalid_fields");
    assert_eq!(pointers(&unclear), [("/district_code", "required")]);
    open(&regency, "true", json!({ "district_code": "64.02.10" })).await;
}
