//! Relocations: within a sub-district, and from one to another.

use serde_json::{Value, json};
use sinergi::db::Db;

use crate::beneficiaries::family;
use crate::cycles::{approve, this_month};
use crate::delivery_imports::{counts, file, import};
use crate::enrollments::enrol;
use crate::households::{Home, faults_of_register, members, settle, today};
use crate::programs::{define, rice, rules};
use crate::support::{Client, KEMBANG_JANGGUT, KENOHAN, TestApp, texts};
use crate::verification_rounds::open;

const THERE: &str = "64.02.09.2001";

fn move_to(village: &str) -> Value {
    json!({ "village_code": village, "address": "RT 01", "on": "2026-02-03", "change_reason": "Ikut bekerja" })
}

/// A family that has been offered to the neighbour, and the address of the offer.
async fn offered(client: &Client, number: u32) -> (Home, String) {
    let home = settle(client, number).await;
    let offer = client.post(&format!("{}/relocations", home.path), &move_to(THERE)).await.expect(201);
    assert_eq!(offer.body["status"], "offered");
    let address = offer.header("location").to_owned();
    (home, address)
}

/// Moves a family to the neighbour, who accepts it; answers the neighbour.
pub(crate) async fn relocate(app: &TestApp, officer: &Client, family: &str) -> Client {
    let neighbour = app.client("kecamatan_officer", KENOHAN).await;
    let path = format!("/v1/beneficiaries/{family}/relocations");
    let offer = officer.post(&path, &move_to(THERE)).await.expect(201).header("location").to_owned();
    neighbour.post(&format!("{offer}/acceptances"), &json!({})).await.expect(200);
    neighbour
}

#[tokio::test(flavor = "multi_thread")]
async fn within_the_sub_district_a_family_moves_at_once() {
    let app = TestApp::new().await;
    let puskesos = app.puskesos().await;
    let home = settle(&puskesos, 1).await;
    let path = format!("{}/relocations", home.path);
    let mut stale = move_to("64.02.10.2005");
    stale["version"] = json!(4);
    puskesos.post(&path, &stale).await.expect_problem(412, "version_stale");
    let moved = puskesos.post(&path, &move_to("64.02.10.2005")).await.expect(201);
    assert_eq!(
        (&moved.body["status"], &moved.body["from_village_code"]),
        (&json!("accepted"), &json!("64.02.10.2004"))
    );
    let read = puskesos.get(&home.path).await.expect(200).body;
    assert_eq!(
        (&read["village_code"], &read["status"], &read["version"]),
        (&json!("64.02.10.2005"), &json!("live"), &json!(2))
    );
    let again = puskesos.post(&path, &move_to("64.02.10.2005")).await.expect_problem(422, "invalid_fields").body;
    assert_eq!(again["errors"][0]["code"], "village_unchanged");
    let unknown = puskesos.post(&path, &move_to("64.02.11.2001")).await.expect_problem(422, "invalid_fields").body;
    assert_eq!(unknown["errors"][0]["code"], "village_unknown");
    let history = puskesos.get(&format!("{}/history", home.path)).await.expect(200).body;
    let latest = &history["items"][0];
    assert_eq!((&latest["operation"], &latest["reason"]), (&json!("relocate_beneficiary"), &json!("Ikut bekerja")));
}

#[tokio::test(flavor = "multi_thread")]
async fn another_sub_district_accepts_what_is_offered_to_it() {
    let app = TestApp::new().await;
    let (officer, neighbour) = (app.kecamatan().await, app.client("kecamatan_officer", KENOHAN).await);
    let (home, offer) = offered(&officer, 1).await;
    officer
        .post(&format!("{}/needs", home.path), &json!({ "kind": "hand_tractor", "quantity": "2" }))
        .await
        .expect(201);
    officer
        .post(&format!("{}/relocations", home.path), &move_to(THERE))
        .await
        .expect_problem(409, "relocation_already_offered");
    // Before it accepts, the neighbour sees the offer and nothing of the family.
    neighbour.get(&home.path).await.expect_problem(404, "not_found");
    let listed = neighbour.get("/v1/relocations?is_incoming=true&status=offered").await.expect(200).body;
    assert_eq!(
        (&listed["items"][0]["beneficiary_id"], &listed["items"][0]["member_count"]),
        (&json!(home.id), &json!(4))
    );
    let own =
        officer.post(&format!("{offer}/acceptances"), &json!({})).await.expect_problem(409, "command_not_possible");
    assert_eq!(own.body["possible"], json!(["withdrawals"]));
    app.client("puskesos", KENOHAN)
        .await
        .post(&format!("{offer}/acceptances"), &json!({}))
        .await
        .expect_problem(403, "insufficient_scope");

    let accepted =
        neighbour.post(&format!("{offer}/acceptances"), &json!({ "change_reason": "Benar" })).await.expect(200);
    assert_eq!((&accepted.body["status"], &accepted.body["decided_by"]), (&json!("accepted"), &json!(neighbour.id)));
    let there = neighbour.get(&home.path).await.expect(200).body;
    assert_eq!(
        (&there["status"], &there["village_code"], &there["member_count"]),
        (&json!("live"), &json!(THERE), &json!(4))
    );
    assert_eq!(
        (&there["card_number"], &there["version"], &there["decile"]),
        (&json!("6402********9001"), &json!(3), &json!(2))
    );
    let here = officer.get(&home.path).await.expect(200).body;
    assert_eq!((&here["status"], &here["member_count"], &here["version"]), (&json!("moved"), &json!(0), &json!(2)));
    let persons = members(&neighbour, &home.path).await;
    assert_eq!(persons.iter().map(|one| one["id"].as_str().unwrap()).collect::<Vec<_>>(), home.members);
    assert_eq!((&persons[0]["nik"], &persons[0]["relationship"]), (&json!("6402********0101"), &json!("head")));
    let left = officer.get(&format!("/v1/members/{}", home.members[0])).await.expect(200).body;
    assert_eq!((&left["left_because"], &left["left_on"]), (&json!("moved"), &json!(today())));
    assert_eq!(members(&officer, &home.path).await, Vec::<Value>::new());
    // Claims followed: nobody else takes card or NIK, and the neighbour finds them.
    let twin = family("6402101001209001", "6402104102909077");
    officer.post("/v1/beneficiaries", &twin).await.expect_problem(409, "card_already_registered");
    let found =
        neighbour.post("/v1/beneficiaries/search", &json!({ "nik": "6402104101900101" })).await.expect(200).body;
    assert_eq!(found["items"][0]["id"], json!(home.id));
    let needs = neighbour.get(&format!("{}/needs", home.path)).await.expect(200).body;
    assert_eq!((&needs["items"][0]["status"], &needs["items"][0]["quantity"]), (&json!("open"), &json!("2")));
    let closed = officer.get(&format!("{}/needs", home.path)).await.expect(200).body;
    assert_eq!(closed["items"][0]["status"], "withdrawn");
    let changes = json!({ "work": "farmer" });
    officer
        .patch(&format!("/v1/members/{}", home.members[0]), "\"2\"", &changes)
        .await
        .expect_problem(409, "member_not_live");
    neighbour.patch(&format!("/v1/members/{}", home.members[0]), "\"3\"", &changes).await.expect(200);
    assert_eq!(faults_of_register(&app).await, Vec::<String>::new());
    neighbour.post(&format!("{offer}/acceptances"), &json!({})).await.expect_problem(409, "command_not_possible");
    assert!(app.told(&neighbour).await.contains(&"beneficiary.relocated".to_owned()));
}

#[tokio::test(flavor = "multi_thread")]
async fn attributes_and_visits_come_along() {
    let app = TestApp::new().await;
    let (officer, neighbour) = (app.kecamatan().await, app.client("kecamatan_officer", KENOHAN).await);
    let visitor = app.client("pkh_facilitator", KEMBANG_JANGGUT).await;
    for (subject, name) in [("beneficiaries", "roof"), ("members", "vaccinated")] {
        let definition = json!({ "type": "object", "properties": { name: { "type": "boolean" } } });
        let new = json!({ "subject": subject, "definition": definition });
        officer.post("/v1/attribute-schemas", &new).await.expect(201);
    }
    let (home, offer) = offered(&officer, 1).await;
    let member = format!("/v1/members/{}", home.members[3]);
    let fact = json!({ "value": true, "source": "visit", "observed_on": "2026-11-01" });
    officer.patch(&home.path, "\"1\"", &json!({ "attributes": { "roof": fact } })).await.expect(200);
    officer.patch(&member, "\"1\"", &json!({ "attributes": { "vaccinated": fact } })).await.expect(200);
    let round = open(&officer, "family.member_count >= 1", json!({})).await;
    let visit = json!({ "beneficiary_id": home.id, "round_id": round.rsplit('/').next().unwrap(),
                        "visited_at": "2026-11-01T02:00:00Z", "finding": "confirmed", "note": "Di rumah" });
    let visited = visitor.post("/v1/visits", &visit).await.expect(201);
    neighbour.post(&format!("{offer}/acceptances"), &json!({})).await.expect(200);

    let there = neighbour.get(&home.path).await.expect(200).body;
    assert_eq!(there["attributes"], json!({ "roof": fact }));
    assert_eq!(neighbour.get(&member).await.expect(200).body["attributes"], json!({ "vaccinated": fact }));
    // The schema that checked them is read there, and rules nothing there.
    let schema = format!("/v1/attribute-schemas/{}", there["attribute_schema_id"].as_str().unwrap());
    assert_eq!(neighbour.get(&schema).await.expect(200).body, officer.get(&schema).await.body);
    assert_eq!(neighbour.get("/v1/attribute-schemas").await.expect(200).body["items"], json!([]));
    let stranger = app.client("kecamatan_officer", 3).await;
    stranger.get(&schema).await.expect_problem(404, "not_found");
    // The visit came along without its round, which stays with the list that it was on.
    let visits = format!("/v1/visits?beneficiary_id={}", home.id);
    let mut expected = visited.body.clone();
    expected["round_id"] = Value::Null;
    assert_eq!(neighbour.get(&visits).await.expect(200).body["items"], json!([expected]));
    assert_eq!(officer.get(&visits).await.expect(200).body["items"], json!([visited.body]));
    let fresh = neighbour.get("/v1/verification-coverage?within_days=3650").await.expect(200).body;
    assert_eq!((&fresh["items"][0]["village_code"], &fresh["items"][0]["visited"]), (&json!(THERE), &json!(1)));
    // There and back: it is there once.
    neighbour.post(&format!("{}/relocations", home.path), &move_to("64.02.10.2005")).await.expect(201);
    let back = officer.get("/v1/relocations?is_incoming=true&status=offered").await.expect(200).body;
    let back = format!("/v1/relocations/{}", back["items"][0]["id"].as_str().unwrap());
    officer.post(&format!("{back}/acceptances"), &json!({})).await.expect(200);
    assert_eq!(officer.get(&visits).await.expect(200).body["items"], json!([visited.body]));
    assert_eq!(officer.get(&home.path).await.expect(200).body["attributes"], json!({ "roof": fact }));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_offer_is_refused_or_taken_back() {
    let app = TestApp::new().await;
    let (officer, neighbour) = (app.kecamatan().await, app.client("second_officer", KENOHAN).await);
    let (home, offer) = offered(&officer, 1).await;
    let why = json!({ "reason": "Tidak tinggal di sini" });
    let theirs = neighbour.post(&format!("{offer}/withdrawals"), &why).await;
    theirs.expect_problem(403, "insufficient_scope");
    let refused = neighbour.post(&format!("{offer}/refusals"), &why).await.expect(200);
    assert_eq!((&refused.body["status"], &refused.body["decision_reason"]), (&json!("refused"), &why["reason"]));
    officer.post(&format!("{offer}/withdrawals"), &why).await.expect_problem(409, "command_not_possible");
    assert_eq!(officer.get(&home.path).await.expect(200).body["status"], "live");
    let again = officer.post(&format!("{}/relocations", home.path), &move_to(THERE)).await.expect(201);
    let again = again.header("location").to_owned();
    officer.post(&format!("{again}/withdrawals"), &why).await.expect(200);
    neighbour.post(&format!("{again}/acceptances"), &json!({})).await.expect_problem(409, "command_not_possible");
    // A family that ended meanwhile cannot be taken in.
    let third = officer.post(&format!("{}/relocations", home.path), &move_to(THERE)).await.expect(201);
    let third = third.header("location").to_owned();
    let lasting = settle(&officer, 2).await;
    let placed: Vec<_> = home.members.iter().map(|id| json!({ "member_id": id, "relationship": "other" })).collect();
    let merger = json!({ "into_beneficiary_id": lasting.id, "on": "2026-02-03", "members": placed });
    officer.post(&format!("{}/mergers", home.path), &merger).await.expect(201);
    neighbour.post(&format!("{third}/acceptances"), &json!({})).await.expect_problem(409, "beneficiary_not_live");
    assert_eq!(officer.get(&third).await.expect(200).body["status"], "offered");
    assert_eq!(faults_of_register(&app).await, Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn who_holds_both_sub_districts_moves_at_once_there_and_back() {
    let app = TestApp::new().await;
    let both = app.client_of("kecamatan_officer", &[KEMBANG_JANGGUT, KENOHAN], None).await;
    let home = settle(&both, 1).await;
    let path = format!("{}/relocations", home.path);
    for (village, version) in [(THERE, 3), ("64.02.10.2005", 5), (THERE, 7)] {
        let moved = both.post(&path, &move_to(village)).await.expect(201);
        assert_eq!(moved.body["status"], "accepted");
        let read = both.get(&home.path).await.expect(200);
        assert_eq!((&read.body["village_code"], &read.body["status"]), (&json!(village), &json!("live")));
        assert_eq!(read.header("etag"), format!("\"{version}\""));
        assert_eq!(members(&both, &home.path).await.len(), 4);
        assert_eq!(faults_of_register(&app).await, Vec::<String>::new());
    }
    let history = both.get(&format!("{}/history", home.path)).await.expect(200).body;
    let versions: Vec<_> =
        history["items"].as_array().unwrap().iter().map(|one| one["version"].as_i64().unwrap()).collect();
    assert_eq!(versions, [7, 6, 5, 4, 3, 2, 1]);
    assert_eq!(both.get("/v1/beneficiaries?status=live").await.expect(200).body["items"].as_array().unwrap().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_month_that_is_due_in_one_sub_district_is_not_due_in_the_other() {
    let app = TestApp::new().await;
    let (officer, neighbour) = (app.kecamatan().await, app.client("kecamatan_officer", KENOHAN).await);
    let program = define(&officer, &rice("RICE"), &rules("true", "10", "month")).await;
    app.arrange(&format!("update programs set owner_area_id = null where id = '{program}'")).await;
    let (home, offer) = offered(&officer, 1).await;
    enrol(&officer, &program, json!({})).await;
    let cycles = format!("/v1/programs/{program}/cycles");
    let due = async |planner: &Client, approver: &Client| {
        let cycle = planner.post(&cycles, &json!({ "period": this_month() })).await.expect(201).id();
        let approved = approver.post(&format!("/v1/cycles/{cycle}/approvals"), &json!({})).await.expect(200);
        approved.body["entitlement_count"].clone()
    };
    assert_eq!(due(&officer, &app.second_officer().await).await, 1);
    neighbour.post(&format!("{offer}/acceptances"), &json!({})).await.expect(200);
    let left = officer.get(&format!("/v1/enrollments?beneficiary_id={}", home.id)).await.expect(200).body;
    assert_eq!((&left["items"][0]["status"], &left["items"][0]["exit_reason"]), (&json!("exited"), &json!("moved")));
    enrol(&neighbour, &program, json!({})).await;
    let second = app.client("second_officer", KENOHAN).await;
    assert_eq!(due(&neighbour, &second).await, 0);
    // What is due stays where it is, and an alternate collects it there.
    let there = officer.get(&format!("/v1/entitlements?beneficiary_id={}", home.id)).await.expect(200).body;
    let paper = json!({ "entitlement_id": there["items"][0]["id"], "quantity": "10", "delivered_on": this_month(),
                        "power_of_attorney": "SK/1", "receiver_name": "Contoh Kerabat", "handover_number": "BAST/1" });
    officer.post("/v1/deliveries", &paper).await.expect(201);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_stays_due_to_a_family_that_moved_is_collected_by_those_who_were_of_it() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    let home = settle(&officer, 1).await;
    let stranger = settle(&officer, 2).await;
    let program = define(&officer, &rice("RICE"), &rules("true", "10", "month")).await;
    enrol(&officer, &program, json!({})).await;
    let cycle = approve(&app, &officer, &program).await;
    relocate(&app, &officer, &home.id).await;
    let due = officer.get(&format!("/v1/entitlements?beneficiary_id={}", home.id)).await.expect(200).body;
    let due = due["items"][0]["id"].as_str().unwrap().to_owned();
    let taken_by = |member: &str| {
        json!({ "entitlement_id": due, "quantity": "2", "delivered_on": this_month(), "collector_member_id": member,
                "handover_number": "BAST/1" })
    };
    officer.post("/v1/deliveries", &taken_by(&stranger.members[0])).await.expect_problem(422, "collector_not_member");
    let taken = officer.post("/v1/deliveries", &taken_by(&home.members[0])).await.expect(201);
    assert_eq!(taken.body["collector_member_id"], json!(home.members[0]));

    // The bank has paid by the list, whichever way it names the family.
    let by_id = format!("{due},,,2,DAY,delivered,TRX-1,");
    let rows = [&by_id, ",6402101001209001,,2,DAY,delivered,TRX-2,", ",,6402104101900101,2,DAY,delivered,TRX-3,"];
    let done = import(&officer, &cycle, &file(&rows)).await;
    assert_eq!(counts(&done), [3, 0, 0, 3, 0]);
    let read = officer.get(&format!("/v1/entitlements/{due}")).await.expect(200).body;
    assert_eq!(read["left"], "2");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_policy_alone_keeps_an_offer_from_third_parties() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    let (_, offer) = offered(&officer, 1).await;
    let id = offer.rsplit('/').next().unwrap();
    let db: &Db = &app.services.db;
    for (areas, expected) in [(vec![1], 1), (vec![2], 1), (vec![3], 0)] {
        let scope = sinergi::domain::Scope { area_ids: areas, company_id: None };
        let session = db.session(&scope).await.unwrap();
        let rows = session.query(&format!("select from relocations where id = '{id}'"), &[]).await.unwrap();
        assert_eq!(rows.len(), expected);
        let families = session.query("select from beneficiaries where area_id = 1", &[]).await.unwrap();
        assert_eq!(families.len(), usize::from(scope.area_ids == [1]));
    }
    assert_eq!(texts(&app, "select status as found from relocations").await, ["offered"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_came_or_left_since_the_offer_is_counted() {
    let app = TestApp::new().await;
    let (officer, neighbour) = (app.kecamatan().await, app.client("kecamatan_officer", KENOHAN).await);
    let (home, offer) = offered(&officer, 1).await;
    let born = json!({ "name": "Anak Tiga", "sex": "female", "born_on": "2026-11-01", "relationship": "child" });
    officer.post(&format!("{}/members", home.path), &born).await.expect(201);
    neighbour.post(&format!("{offer}/acceptances"), &json!({})).await.expect(200);
    let there = neighbour.get(&home.path).await.expect(200).body;
    assert_eq!((&there["member_count"], members(&neighbour, &home.path).await.len()), (&json!(5), 5));
    assert_eq!(faults_of_register(&app).await, Vec::<String>::new());
}
