//! Changes that one person proposes and another one decides on.

use serde_json::{Value, json};

use crate::beneficiaries::family;
use crate::enrollments::three_families;
use crate::support::{Answer, Client, KEMBANG_JANGGUT, KENOHAN, TestApp, texts};

/// A family of the first village, with one who proposes and one who decides.
struct Desk {
    app: TestApp,
    puskesos: Client,
    officer: Client,
    family: String,
}

impl Desk {
    async fn new() -> Self {
        let app = TestApp::new().await;
        let (puskesos, officer) = (app.puskesos().await, app.kecamatan().await);
        let made = puskesos.post("/v1/beneficiaries", &family("6402101001209001", "6402104101909001")).await;
        Self { family: made.expect(201).id(), app, puskesos, officer }
    }

    async fn member(&self, index: usize) -> String {
        let members = self.officer.get(&format!("/v1/beneficiaries/{}/members", self.family)).await.expect(200);
        members.body["items"][index]["id"].as_str().unwrap().to_owned()
    }

    async fn propose(&self, changes: Value) -> Answer {
        let new = json!({ "version": 1, "changes": changes, "reason": "Kata tetangga" });
        self.puskesos.post(&format!("/v1/beneficiaries/{}/change-requests", self.family), &new).await
    }

    async fn family(&self) -> Value {
        self.officer.get(&format!("/v1/beneficiaries/{}", self.family)).await.expect(200).body
    }
}

async fn decide(client: &Client, id: &str, how: &str) -> Answer {
    client.post(&format!("/v1/change-requests/{id}/{how}"), &json!({ "reason": "Sesuai kartu keluarga" })).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_person_applies_a_change_the_way_of_patch() {
    let desk = Desk::new().await;
    let made = desk.propose(json!({ "address": "RT 09", "phone": null })).await.expect(201);
    let changes = json!([{ "field": "address", "before": "RT 03", "after": "RT 09" }]);
    assert_eq!((&made.body["status"], &made.body["changes"]), (&json!("pending"), &changes));
    assert_eq!(desk.family().await["address"], "RT 03");

    let applied = decide(&desk.officer, &made.id(), "approvals").await.expect(200);
    assert_eq!((&applied.body["status"], &applied.body["decided_by"]), (&json!("applied"), &json!(desk.officer.id)));
    let family = desk.family().await;
    assert_eq!((&family["address"], &family["version"]), (&json!("RT 09"), &json!(2)));
    let told = desk.app.told(&desk.officer).await;
    let own = ["beneficiary.registered", "change_request.proposed", "beneficiary.updated", "change_request.applied"];
    assert_eq!(told, own);
    let recorded = desk.app.recorded().await;
    let own = ["register_beneficiary", "propose_family_change", "update_beneficiary", "approve_change_request"];
    assert_eq!(recorded, own);
    let before = format!("/v1/beneficiaries/{}?as_of={}", desk.family, made.body["created_at"].as_str().unwrap());
    assert_eq!(desk.officer.get(&before).await.expect(200).body["address"], "RT 03");
    let read = desk.officer.get(&format!("/v1/change-requests/{}", made.id())).await.expect(200);
    assert_eq!((&read.body, read.header("etag")), (&applied.body, applied.header("etag")));
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_decides_their_own_and_nothing_twice() {
    let desk = Desk::new().await;
    let own = json!({ "version": 1, "changes": { "address": "RT 08" } });
    let path = format!("/v1/beneficiaries/{}/change-requests", desk.family);
    let own = desk.officer.post(&path, &own).await.expect(201).id();
    for how in ["approvals", "rejections"] {
        decide(&desk.officer, &own, how).await.expect_problem(409, "second_person_needed");
    }
    let second = desk.app.second_officer().await;
    let rejected = decide(&second, &own, "rejections").await.expect(200);
    assert_eq!((&rejected.body["status"], &rejected.body["is_stale"]), (&json!("rejected"), &json!(false)));
    decide(&second, &own, "approvals").await.expect_problem(409, "change_request_decided");
    assert_eq!(desk.family().await["version"], 1);
    second
        .post(&format!("/v1/change-requests/{own}/rejections"), &json!({}))
        .await
        .expect_problem(422, "invalid_fields");
    desk.puskesos
        .post(&format!("/v1/change-requests/{own}/approvals"), &json!({}))
        .await
        .expect_problem(403, "insufficient_scope");
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_who_decide_at_once_one_does() {
    let desk = Desk::new().await;
    let second = desk.app.second_officer().await;
    for round in 0..5 {
        let changes = json!({ "version": 1 + round, "changes": { "address": format!("RT 1{round}") } });
        let path = format!("/v1/beneficiaries/{}/change-requests", desk.family);
        let id = desk.puskesos.post(&path, &changes).await.expect(201).id();
        let (yes, no) = tokio::join!(decide(&desk.officer, &id, "approvals"), decide(&second, &id, "approvals"),);
        let statuses = [yes.status.as_u16(), no.status.as_u16()];
        assert!(statuses == [200, 409] || statuses == [409, 200], "{statuses:?}");
        let refused = if statuses[0] == 409 { yes } else { no };
        refused.expect_problem(409, "change_request_decided");
        assert_eq!(desk.family().await["version"], 2 + round);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_has_changed_since_is_not_overwritten() {
    let desk = Desk::new().await;
    let stale = desk.propose(json!({ "address": "RT 09" })).await.expect(201).id();
    let other_field = desk.propose(json!({ "village_code": "64.02.10.2005" })).await.expect(201).id();
    let changes = json!({ "address": "RT 05" });
    desk.officer.patch(&format!("/v1/beneficiaries/{}", desk.family), "\"1\"", &changes).await.expect(200);
    let read = desk.officer.get(&format!("/v1/change-requests/{stale}")).await.expect(200);
    assert_eq!(read.body["is_stale"], true);
    decide(&desk.officer, &stale, "approvals").await.expect_problem(409, "change_request_stale");
    // Another field of the same record is as it was when the change was proposed.
    decide(&desk.officer, &other_field, "approvals").await.expect(200);
    let family = desk.family().await;
    assert_eq!((&family["address"], &family["village_code"]), (&json!("RT 05"), &json!("64.02.10.2005")));
    decide(&desk.officer, &stale, "rejections").await.expect(200);
    desk.propose(json!({ "address": "RT 02" })).await.expect_problem(412, "version_stale");
}

#[tokio::test(flavor = "multi_thread")]
async fn requests_for_one_field_tell_of_each_other() {
    let desk = Desk::new().await;
    let one = desk.propose(json!({ "address": "RT 04", "phone": "+628111" })).await.expect(201).id();
    let apart = desk.propose(json!({ "phone": "+628222" })).await.expect(201);
    let other = desk.propose(json!({ "address": "RT 05" })).await.expect(201);
    assert_eq!(apart.body["conflicts_with"], json!([one]));
    assert_eq!(other.body["conflicts_with"], json!([one]));
    let listed = desk.officer.get("/v1/change-requests?status=pending").await.expect(200).body;
    assert_eq!(listed["items"][0]["conflicts_with"], json!([apart.id(), other.id()]));
    let refused = decide(&desk.officer, &other.id(), "approvals").await;
    let refused = refused.expect_problem(409, "change_request_in_conflict");
    assert_eq!(refused.body["related"]["id"], json!(one));
    let meant = json!({ "despite_conflicts": true });
    desk.officer.post(&format!("/v1/change-requests/{}/approvals", other.id()), &meant).await.expect(200);
    // The first one is stale now; the one of another field stands against nothing that is still to be decided.
    let first = desk.officer.get(&format!("/v1/change-requests/{one}")).await.expect(200).body;
    assert_eq!((&first["is_stale"], &first["conflicts_with"]), (&json!(true), &json!([apart.id()])));
    decide(&desk.officer, &one, "rejections").await.expect(200);
    decide(&desk.officer, &apart.id(), "approvals").await.expect(200);
    assert_eq!(desk.family().await["phone"], "+628222");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_nik_is_proposed_without_being_shown() {
    let desk = Desk::new().await;
    let child = desk.member(1).await;
    let path = format!("/v1/members/{child}/change-requests");
    let new = json!({ "version": 1, "changes": { "nik": "6402100205199001", "work": "pelajar" } });
    let made = desk.puskesos.post(&path, &new).await.expect(201);
    let changes = made.body["changes"].as_array().unwrap();
    let nik = changes.iter().find(|change| change["field"] == "nik").unwrap();
    assert_eq!((&nik["before"], &nik["after"]), (&Value::Null, &json!("6402********9001")));
    let kept = texts(&desk.app, "select to_jsonb(c)::text as found from change_requests c").await;
    assert!(!kept[0].contains("6402100205199001"), "{kept:?}");
    decide(&desk.officer, &made.id(), "approvals").await.expect(200);
    let members = desk.officer.get(&format!("/v1/beneficiaries/{}/members", desk.family)).await.expect(200);
    assert_eq!(
        (&members.body["items"][1]["nik"], &members.body["items"][1]["work"]),
        (&json!("6402********9001"), &json!("pelajar"))
    );
    let found = desk.officer.post("/v1/beneficiaries/search", &json!({ "nik": "6402100205199001" })).await.expect(200);
    assert_eq!(found.body["items"].as_array().unwrap().len(), 1);
    desk.app.told(&desk.officer).await;
    assert!(!desk.officer.get("/v1/events?limit=200").await.expect(200).text.contains("6402100205199001"));
    let sealed = texts(&desk.app, "select count(nik_sealed)::text as found from change_requests").await;
    assert_eq!(sealed, ["0"], "the number is not kept once it is decided");

    // A NIK of somebody else is refused when it is applied, and nothing is.
    let taken = json!({ "version": 2, "changes": { "nik": "6402104101909001" } });
    let taken = desk.puskesos.post(&path, &taken).await.expect(201).id();
    decide(&desk.officer, &taken, "approvals").await.expect_problem(409, "nik_already_registered");
    let still = desk.officer.get(&format!("/v1/change-requests/{taken}")).await.expect(200).body;
    assert_eq!(still["status"], "pending");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_proposal_has_the_form_of_a_patch() {
    let desk = Desk::new().await;
    let faults = async |changes: Value| {
        let refused = desk.propose(changes).await.expect_problem(422, "invalid_fields");
        let fault = &refused.body["errors"][0];
        (fault["pointer"].as_str().unwrap().to_owned(), fault["code"].as_str().unwrap().to_owned())
    };
    let told = |pointer: &str, code: &str| (pointer.to_owned(), code.to_owned());
    assert_eq!(faults(json!({ "colour": "red" })).await, told("/changes/colour", "unknown_field"));
    assert_eq!(faults(json!({ "village_code": 7 })).await, told("/changes/village_code", "wrong_type"));
    assert_eq!(faults(json!({ "address": "RT 03" })).await, told("/changes", "nothing_changes"));
    // Values of attributes are taken as they come; what no text in the database can be is refused all the same.
    let below = |value: Value| {
        let fact = json!({ "value": value, "source": "visit", "observed_on": "2026-11-01" });
        json!({ "attributes": { "roof": fact } })
    };
    let roof = "/changes/attributes/roof/value";
    for (value, pointer) in [
        (json!("zinc\0"), roof.to_owned()),
        (json!([1, { "wall": "\0" }]), format!("{roof}/1/wall")),
        (json!({ "a\0": 1 }), roof.to_owned()),
    ] {
        assert_eq!(faults(below(value)).await, told(&pointer, "text_has_hidden_characters"));
    }
    let child = desk.member(1).await;
    let new = json!({ "version": 1, "changes": { "nik": "123" } });
    let refused = desk.puskesos.post(&format!("/v1/members/{child}/change-requests"), &new).await;
    let refused = refused.expect_problem(422, "invalid_fields");
    assert_eq!(refused.body["errors"][0]["pointer"], "/changes/nik");
    assert!(!refused.text.contains("123\""));
}

#[tokio::test(flavor = "multi_thread")]
async fn why_a_change_is_asked_for_is_no_field_of_it() {
    let desk = Desk::new().await;
    let nothing = desk.propose(json!({ "change_reason": "Pindah rumah" })).await.expect_problem(422, "invalid_fields");
    assert_eq!(nothing.body["errors"][0]["code"], "nothing_changes");
    let made = desk.propose(json!({ "address": "RT 09", "change_reason": "Pindah rumah" })).await.expect(201);
    assert_eq!(made.body["is_stale"], false);
    let other = desk.propose(json!({ "phone": "+628222", "change_reason": "Nomor baru" })).await.expect(201);
    assert_eq!(other.body["conflicts_with"], json!([]));
    decide(&desk.officer, &made.id(), "approvals").await.expect(200);
    decide(&desk.officer, &other.id(), "approvals").await.expect(200);
    let family = desk.family().await;
    assert_eq!((&family["address"], &family["phone"]), (&json!("RT 09"), &json!("+628222")));
    let history = desk.officer.get(&format!("/v1/beneficiaries/{}/history", desk.family)).await.expect(200);
    assert!(history.text.contains("Nomor baru"), "{}", history.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_visit_brings_its_corrections_as_requests() {
    let app = TestApp::new().await;
    let (officer, visitor) = (app.kecamatan().await, app.client("pkh_facilitator", KEMBANG_JANGGUT).await);
    let [family, other, _] = three_families(&app).await;
    let members = async |family: &str| {
        let members = officer.get(&format!("/v1/beneficiaries/{family}/members")).await.expect(200);
        members.body["items"][0]["id"].as_str().unwrap().to_owned()
    };
    let (head, foreign) = (members(&family).await, members(&other).await);
    let visit = |finding: &str, member: &str| {
        json!({ "beneficiary_id": family, "visited_at": "2026-11-20T03:15:00Z", "finding": finding,
                "family_correction": { "version": 1, "changes": { "address": "RT 07" } },
                "member_corrections": [{ "member_id": member, "version": 1, "changes": { "work": "nelayan" } }] })
    };
    let unfit = visitor.post("/v1/visits", &visit("confirmed", &head)).await.expect_problem(422, "invalid_fields");
    assert_eq!(unfit.body["errors"][0]["code"], "finding_unfit");
    for unknown in [foreign, uuid::Uuid::now_v7().to_string()] {
        let refused = visitor.post("/v1/visits", &visit("corrected", &unknown)).await;
        let refused = refused.expect_problem(422, "invalid_fields");
        assert_eq!(refused.body["errors"][0]["pointer"], "/member_corrections/0/member_id");
    }
    let made = visitor.post("/v1/visits", &visit("corrected", &head)).await.expect(201).id();
    let listed = officer.get(&format!("/v1/change-requests?visit_id={made}")).await.expect(200).body;
    let fields: Vec<_> = listed["items"].as_array().unwrap().iter().map(|one| &one["changes"][0]["field"]).collect();
    assert_eq!(fields, ["address", "work"]);
    assert_eq!(listed["items"][0]["requested_by"], json!(visitor.id));
    for request in listed["items"].as_array().unwrap() {
        decide(&officer, request["id"].as_str().unwrap(), "approvals").await.expect(200);
    }
    assert_eq!(officer.get(&format!("/v1/members/{head}")).await.expect(200).body["work"], "nelayan");
}

#[tokio::test(flavor = "multi_thread")]
async fn another_sub_district_has_no_part_in_a_change_request() {
    let desk = Desk::new().await;
    let id = desk.propose(json!({ "address": "RT 09" })).await.expect(201).id();
    let neighbour = desk.app.client("second_officer", KENOHAN).await;
    assert_eq!(neighbour.get("/v1/change-requests").await.expect(200).body["items"], json!([]));
    neighbour.get(&format!("/v1/change-requests/{id}")).await.expect_problem(404, "not_found");
    for how in ["approvals", "rejections"] {
        decide(&neighbour, &id, how).await.expect_problem(404, "not_found");
    }
    let new = json!({ "version": 1, "changes": { "address": "RT 01" } });
    let path = format!("/v1/beneficiaries/{}/change-requests", desk.family);
    neighbour.post(&path, &new).await.expect_problem(404, "not_found");
    assert_eq!(desk.family().await["version"], 1);
}
