//! Duties: recorded by facilitators, told as compliance, and cut from the next payment where they were not met.

use chrono::{TimeDelta, Utc};
use serde_json::{Value, json};

use crate::benefits::{approve_quarter, cash, components, due, enrol_all, giving, home};
use crate::programs::{define, rules};
use crate::support::{Client, KENOHAN, TestApp};

fn school(member: &str, period: &str, (due, done): (i64, i64)) -> Value {
    json!({ "member_id": member, "kind": "school_attendance", "period": period, "due_count": due, "done_count": done })
}

/// Two families with a pupil each on a program that asks for school days: officer, program, families with their pupils.
async fn two_pupils(app: &TestApp) -> (Client, String, [(String, String); 2]) {
    let (officer, puskesos) = (app.kecamatan().await, app.puskesos().await);
    let (one, of_one) = home(&puskesos, 1, false, 1).await;
    let (other, of_other) = home(&puskesos, 2, true, 1).await;
    let program = define(&officer, &cash("PKH"), &giving(&components())).await;
    enrol_all(app, &officer, &program).await;
    (officer, program, [(one, of_one[1].clone()), (other, of_other[1].clone())])
}

/// Family, status and numbers of each duty of a list.
fn told(page: &Value) -> Vec<(String, String, i64, i64)> {
    let text = |row: &Value, name: &str| row[name].as_str().unwrap().to_owned();
    let count = |row: &Value, name: &str| row[name].as_i64().unwrap();
    let row = |row: &Value| {
        (text(row, "beneficiary_id"), text(row, "status"), count(row, "due_count"), count(row, "done_count"))
    };
    page["items"].as_array().unwrap().iter().map(row).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_not_met_is_cut_from_the_next_payment_and_full_again_once_met() {
    let app = TestApp::new().await;
    let (officer, program, [(one, pupil), (other, other_pupil)]) = two_pupils(&app).await;
    let facilitator = app.client("pkh_facilitator", crate::support::KEMBANG_JANGGUT).await;
    // April to June: 84 of 100 days of one pupil, 85 of the other. July: all days.
    for (member, period, counts) in [
        (&pupil, "2026-04-01", (30, 30)),
        (&pupil, "2026-05-01", (30, 30)),
        (&pupil, "2026-06-01", (30, 15)),
        (&other_pupil, "2026-06-01", (20, 17)),
        (&pupil, "2026-07-01", (20, 20)),
    ] {
        facilitator.post("/v1/duty-records", &school(member, period, counts)).await.expect(201);
    }
    let path = format!("/v1/programs/{program}/duty-compliance");
    let page = officer.get(&format!("{path}?period=2026-04-01&count=exact")).await.expect(200).body;
    let mut expected = [(one.clone(), "not_met".to_owned(), 90, 75), (other.clone(), "met".to_owned(), 20, 17)];
    expected.sort();
    assert_eq!((told(&page), &page["total"]), (expected.to_vec(), &json!(2)));
    let failed = officer.get(&format!("{path}?period=2026-04-01&status=not_met")).await.expect(200).body;
    assert_eq!(told(&failed), [(one.clone(), "not_met".to_owned(), 90, 75)]);
    assert_eq!(failed["items"][0]["family_status"], "not_met");

    let cycle = approve_quarter(&app, &officer, &program, "2026-07-01").await;
    let omitted = format!("/v1/cycles/{}/omissions", cycle["id"].as_str().unwrap());
    let omitted = officer.get(&omitted).await.expect(200).body["items"][0].clone();
    assert_eq!((&omitted["beneficiary_id"], &omitted["reason"]), (&json!(one), &json!("duties_not_met")));
    assert_eq!(
        omitted["breakdown"],
        json!([{ "member_id": pupil, "component": "pupil", "full_quantity": "225000", "quantity": "0", "cuts": [
            { "duty": "school_attendance", "from": "2026-04-01", "to": "2026-06-30", "due_count": 90, "done_count": 75,
              "minimum_percent": 85, "percent": 100 }] }])
    );
    assert_eq!(due(&officer, &cycle, &other).await["quantity"], "975000");

    // Met in July; of the other nothing is recorded, which is no failing.
    let next = approve_quarter(&app, &officer, &program, "2026-10-01").await;
    assert_eq!(due(&officer, &next, &one).await["quantity"], "225003");
    assert_eq!(due(&officer, &next, &other).await["quantity"], "975003");
    let page = officer.get(&format!("{path}?period=2026-07-01&beneficiary_id={other}")).await.expect(200).body;
    assert_eq!(told(&page), [(other, "not_recorded".to_owned(), 0, 0)]);
    let explained = officer.get(&format!("/v1/programs/{program}/eligibility/{one}?on=2026-07-15")).await.expect(200);
    assert_eq!(explained.body["benefit"]["breakdown"], omitted["breakdown"]);
    assert_eq!(explained.body["benefit"]["reason"], "duties_not_met");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_part_is_cut_and_the_rest_is_paid() {
    let app = TestApp::new().await;
    let (officer, puskesos) = (app.kecamatan().await, app.puskesos().await);
    let (family, members) = home(&puskesos, 1, true, 1).await;
    let session = json!({ "kind": "monthly_session", "minimum_percent": 100, "cut_percent": 10 });
    let benefit = json!({ "kind": "per_component", "maximum_components": 4, "first": "listed", "components": [
        { "code": "pupil", "condition": "member.in_school", "yearly_rupiah": 900_020, "duties": [session] },
        { "code": "pregnancy", "condition": "member.is_pregnant", "yearly_rupiah": 3_000_000 }] });
    let program = define(&officer, &cash("PKH"), &giving(&benefit)).await;
    enrol_all(&app, &officer, &program).await;
    // The mother did not come; the session is the family's, so it costs where the component asks for it.
    let missed = json!({ "member_id": members[0], "kind": "monthly_session", "period": "2026-06-01", "due_count": 1,
        "done_count": 0 });
    let facilitator = app.client("pkh_facilitator", crate::support::KEMBANG_JANGGUT).await;
    facilitator.post("/v1/duty-records", &missed).await.expect(201);
    let cycle = approve_quarter(&app, &officer, &program, "2026-07-01").await;
    let paid = due(&officer, &cycle, &family).await;
    // Ten percent of 225,005, rounded down.
    assert_eq!(paid["quantity"], (225_005 - 22_500 + 750_000).to_string());
    let cuts: Vec<&Value> = paid["breakdown"].as_array().unwrap().iter().map(|share| &share["cuts"]).collect();
    assert_eq!((&cuts[0][0]["percent"], cuts[1]), (&json!(10), &json!([])));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_record_is_put_right_by_a_new_version_once() {
    let app = TestApp::new().await;
    let (officer, program, [(one, pupil), _]) = two_pupils(&app).await;
    let facilitator = app.client("pkh_facilitator", crate::support::KEMBANG_JANGGUT).await;
    let first = facilitator.post("/v1/duty-records", &school(&pupil, "2026-05-01", (20, 10))).await.expect(201);
    assert_eq!(first.header("location"), format!("/v1/duty-records/{}", first.id()));
    let again = facilitator.post("/v1/duty-records", &school(&pupil, "2026-05-01", (20, 20))).await;
    let again = again.expect_problem(409, "duty_already_recorded");
    assert!(again.text.contains(&first.id()), "{}", again.text);
    let before = Utc::now();
    tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    let mut right = school(&pupil, "2026-05-01", (20, 20));
    right["corrects"] = json!(first.id());
    let second = app.client("pkh_facilitator", crate::support::KEMBANG_JANGGUT).await;
    let answers = tokio::join!(facilitator.post("/v1/duty-records", &right), second.post("/v1/duty-records", &right));
    let mut statuses = [answers.0.status.as_u16(), answers.1.status.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [201, 409]);
    let listed = officer.get("/v1/duty-records").await.expect(200).body["items"].clone();
    assert_eq!(listed.as_array().unwrap().len(), 1);
    assert_eq!((&listed[0]["version"], &listed[0]["corrects"]), (&json!(2), &json!(first.id())));
    let then = before.to_rfc3339_opts(chrono::SecondsFormat::Micros, true);
    let as_of = officer.get(&format!("/v1/duty-records?as_of={then}")).await.expect(200).body["items"].clone();
    assert_eq!(as_of, json!([first.body]));
    assert_eq!(officer.get(&format!("/v1/duty-records/{}", first.id())).await.expect(200).body, first.body);
    let path = format!("/v1/programs/{program}/duty-compliance?period=2026-04-01&beneficiary_id={one}");
    let status =
        async |more: &str| officer.get(&format!("{path}{more}")).await.expect(200).body["items"][0]["status"].clone();
    assert_eq!(status("").await, "met");
    assert_eq!(status(&format!("&as_of={then}")).await, "not_met");
    assert_eq!(app.recorded().await.iter().filter(|operation| *operation == "record_duty").count(), 2);
    assert_eq!(app.told(&officer).await.iter().filter(|kind| *kind == "duty.recorded").count(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn only_facilitators_of_the_sub_district_record_what_can_be() {
    let app = TestApp::new().await;
    let (officer, program, [(_, pupil), _]) = two_pupils(&app).await;
    let facilitator = app.client("pkh_facilitator", crate::support::KEMBANG_JANGGUT).await;
    let right = school(&pupil, "2026-05-01", (20, 10));
    officer.post("/v1/duty-records", &right).await.expect_problem(403, "insufficient_scope");
    let neighbour = app.client("pkh_facilitator", KENOHAN).await;
    let refused = neighbour.post("/v1/duty-records", &right).await.expect_problem(422, "invalid_fields");
    assert_eq!(refused.body["errors"][0]["pointer"], "/member_id");
    let next = (Utc::now() + TimeDelta::days(62)).format("%Y-%m-01").to_string();
    for (wrong, pointer) in [
        (school(&pupil, &next, (20, 20)), "/period"),
        (school(&pupil, "2026-05-01", (32, 20)), "/due_count"),
        (school(&pupil, "2026-05-01", (20, 21)), "/done_count"),
    ] {
        let refused = facilitator.post("/v1/duty-records", &wrong).await.expect_problem(422, "invalid_fields");
        assert_eq!(refused.body["errors"][0]["pointer"], pointer);
    }
    let key = "duty-record-once-0001";
    let made = facilitator.post_keyed("/v1/duty-records", key, &right).await.expect(201);
    let replayed = facilitator.post_keyed("/v1/duty-records", key, &right).await.expect(201);
    assert_eq!((replayed.id(), replayed.header("idempotency-replayed")), (made.id(), "true"));
    neighbour.get(&format!("/v1/duty-records/{}", made.id())).await.expect_problem(404, "not_found");
    assert_eq!(neighbour.get("/v1/duty-records").await.expect(200).body["items"], json!([]));
    let elsewhere = neighbour.get(&format!("/v1/programs/{program}/duty-compliance")).await;
    elsewhere.expect_problem(404, "not_found");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rule_asks_for_the_least_that_was_kept_in_the_last_finished_quarter() {
    let app = TestApp::new().await;
    let (officer, _, [(one, pupil), (other, _)]) = two_pupils(&app).await;
    let facilitator = app.client("pkh_facilitator", crate::support::KEMBANG_JANGGUT).await;
    let rule = rules("family.least_duty_percent >= 85", "1000", "month");
    let program = define(&officer, &cash("DUTY"), &rule).await;
    let path = format!("/v1/programs/{program}/eligibility");
    let eligible = async || officer.get(&format!("{path}?on=2026-08-15")).await.expect(200).body["eligible"].clone();
    assert_eq!(eligible().await, 0, "nothing is recorded");
    let first = school(&pupil, "2026-05-01", (20, 10));
    let first = facilitator.post("/v1/duty-records", &first).await.expect(201).id();
    facilitator.post("/v1/duty-records", &school(&pupil, "2026-06-01", (20, 18))).await.expect(201);
    facilitator.post("/v1/duty-records", &school(&pupil, "2026-07-01", (20, 1))).await.expect(201);
    let fact = async |family: &str| {
        let told = officer.get(&format!("{path}/{family}?on=2026-08-15")).await.expect(200).body;
        (told["answer"].clone(), told["reasons"]["facts"][0].clone())
    };
    let used = |value: Value| json!({ "name": "family.least_duty_percent", "value": value, "source": "duty records", "on": "2026-04-01" });
    assert_eq!(fact(&one).await, (json!("no"), used(json!(70))));
    assert_eq!(fact(&other).await, (json!("unknown"), used(Value::Null)));
    let right = json!({ "member_id": pupil, "kind": "school_attendance", "period": "2026-05-01", "due_count": 20,
                        "done_count": 17, "corrects": first });
    facilitator.post("/v1/duty-records", &right).await.expect(201);
    assert_eq!((eligible().await, fact(&one).await.0), (json!(1), json!("yes")));
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_comes_to_a_session_counts_for_the_family() {
    let app = TestApp::new().await;
    let (officer, puskesos) = (app.kecamatan().await, app.puskesos().await);
    let (family, members) = home(&puskesos, 1, false, 1).await;
    let session = json!({ "kind": "monthly_session", "minimum_percent": 100, "cut_percent": 10 });
    let benefit = json!({ "kind": "per_component", "maximum_components": 4, "first": "listed", "components": [
        { "code": "pupil", "condition": "member.in_school", "yearly_rupiah": 900_000, "duties": [session] }] });
    let program = define(&officer, &cash("PKH"), &giving(&benefit)).await;
    enrol_all(&app, &officer, &program).await;
    let facilitator = app.client("pkh_facilitator", crate::support::KEMBANG_JANGGUT).await;
    for (member, period, done) in
        [(0, "2026-05-01", 1), (1, "2026-05-01", 0), (0, "2026-06-01", 0), (1, "2026-06-01", 1)]
    {
        let record = json!({ "member_id": members[member], "kind": "monthly_session", "period": period, "due_count": 1,
            "done_count": done });
        facilitator.post("/v1/duty-records", &record).await.expect(201);
    }
    let path = format!("/v1/programs/{program}/duty-compliance?period=2026-04-01");
    let page = officer.get(&path).await.expect(200).body;
    assert_eq!(told(&page), [(family.clone(), "met".to_owned(), 2, 2)]);
    let explained =
        officer.get(&format!("/v1/programs/{program}/eligibility/{family}?on=2026-07-15")).await.expect(200);
    assert_eq!(explained.body["benefit"]["breakdown"][0]["cuts"], json!([]));
    let cycle = approve_quarter(&app, &officer, &program, "2026-07-01").await;
    assert_eq!(due(&officer, &cycle, &family).await["quantity"], "225000");
    let rule = rules("family.least_duty_percent == 100", "1000", "month");
    let asked = define(&officer, &cash("DUTY"), &rule).await;
    let counted = officer.get(&format!("/v1/programs/{asked}/eligibility?on=2026-08-15")).await.expect(200).body;
    assert_eq!(counted["eligible"], 1);
    let explained = officer.get(&format!("/v1/programs/{asked}/eligibility/{family}?on=2026-08-15")).await.expect(200);
    assert_eq!(explained.body["answer"], "yes");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_family_failed_where_it_was_counts_where_it_goes() {
    let app = TestApp::new().await;
    let (officer, _, [(family, pupil), _]) = two_pupils(&app).await;
    let facilitator = app.client("pkh_facilitator", crate::support::KEMBANG_JANGGUT).await;
    let first = facilitator.post("/v1/duty-records", &school(&pupil, "2026-06-01", (20, 20))).await.expect(201).id();
    let mut right = school(&pupil, "2026-06-01", (20, 10));
    right["corrects"] = json!(first);
    facilitator.post("/v1/duty-records", &right).await.expect(201);
    let neighbour = crate::relocations::relocate(&app, &officer, &family).await;
    let listed = neighbour.get(&format!("/v1/duty-records?beneficiary_id={family}")).await.expect(200).body;
    let items = listed["items"].as_array().unwrap();
    assert_eq!((items.len(), &items[0]["version"], &items[0]["done_count"]), (1, &json!(2), &json!(10)));
    let rule = rules("family.least_duty_percent < 85", "1000", "month");
    let asked = define(&neighbour, &cash("DUTY"), &rule).await;
    let counted = neighbour.get(&format!("/v1/programs/{asked}/eligibility?on=2026-08-15")).await.expect(200).body;
    assert_eq!(counted["eligible"], 1);
}
