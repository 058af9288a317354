//! Histories: who changed what, when and why, field by field.

use serde_json::{Value, json};

use crate::households::settle;
use crate::support::{KENOHAN, TestApp};

fn fields(version: &Value) -> Vec<&str> {
    version["changes"].as_array().unwrap().iter().map(|change| change["field"].as_str().unwrap()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_family_tells_its_versions_with_who_when_and_why() {
    let app = TestApp::new().await;
    let (puskesos, officer) = (app.puskesos().await, app.kecamatan().await);
    let home = settle(&puskesos, 1).await;
    let moves = json!({ "address": "RT 09", "village_code": "64.02.10.2005", "change_reason": "Pindah rumah" });
    officer.patch(&home.path, "\"1\"", &moves).await.expect(200);
    officer.post(&format!("{}/verifications", home.path), &json!({})).await.expect(201);
    let history = puskesos.get(&format!("{}/history?count=exact", home.path)).await.expect(200).body;
    assert_eq!(history["total"], 3);
    let versions = history["items"].as_array().unwrap();
    let told: Vec<_> = versions.iter().map(|one| (&one["version"], &one["client_id"], &one["operation"])).collect();
    assert_eq!(
        told,
        [
            (&json!(3), &json!(officer.id), &json!("verify_beneficiary")),
            (&json!(2), &json!(officer.id), &json!("update_beneficiary")),
            (&json!(1), &json!(puskesos.id), &json!("register_beneficiary")),
        ]
    );
    assert_eq!(fields(&versions[0]), ["verified_at", "verified_by"]);
    assert_eq!(versions[1]["changes"][0], json!({ "field": "address", "before": "RT 03", "after": "RT 09" }));
    assert_eq!(
        (fields(&versions[1]), &versions[1]["reason"]),
        (vec!["address", "village_code"], &json!("Pindah rumah"))
    );
    assert_eq!((fields(&versions[2]), &versions[0]["valid_to"]), (vec![], &Value::Null));
    assert_eq!(versions[1]["valid_to"], versions[0]["valid_from"]);
    assert_eq!(versions[2]["valid_to"], versions[1]["valid_from"]);
    // Page by page it is the same.
    let page = puskesos.get(&format!("{}/history?limit=2", home.path)).await.expect(200).body;
    let next = format!("{}/history?limit=2&cursor={}", home.path, page["next"].as_str().unwrap());
    assert_eq!(puskesos.get(&next).await.expect(200).body["items"], json!([versions[2]]));
    let first = puskesos.get(&format!("{}/history?sort=version&limit=1", home.path)).await.expect(200).body;
    assert_eq!(first["items"], json!([versions[2]]));
    let neighbour = app.client("kecamatan_officer", KENOHAN).await;
    neighbour.get(&format!("{}/history", home.path)).await.expect_problem(404, "not_found");
    neighbour.get(&format!("/v1/members/{}/history", home.members[0])).await.expect_problem(404, "not_found");
    neighbour.get(&format!("{}/memberships", home.path)).await.expect_problem(404, "not_found");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_tells_changes_of_numbers_masked_and_of_families() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    let (old, new) = (settle(&officer, 1).await, settle(&officer, 2).await);
    let path = format!("/v1/members/{}", old.members[2]);
    let nik = json!({ "nik": "6402100301909999", "change_reason": "NIK keliru ketik" });
    officer.patch(&path, "\"1\"", &nik).await.expect(200);
    let marries = json!({ "beneficiary_id": new.id, "relationship": "child_in_law", "on": "2026-02-03" });
    officer.post(&format!("{path}/moves"), &marries).await.expect(201);
    officer.post(&format!("{path}/departures"), &json!({ "reason": "died", "on": "2026-02-05" })).await.expect(201);
    let answer = officer.get(&format!("{path}/history")).await.expect(200);
    for number in ["6402100301909999", "6402100301900301"] {
        assert!(!answer.text.contains(number), "a number is told in full");
    }
    let versions = answer.body["items"].as_array().unwrap();
    let operations: Vec<_> = versions.iter().map(|one| one["operation"].as_str().unwrap()).collect();
    assert_eq!(operations, ["end_membership", "move_member", "update_member", "register_beneficiary"]);
    assert_eq!(fields(&versions[0]), ["died_on", "left_because", "left_on"]);
    assert_eq!(fields(&versions[1]), ["beneficiary_id", "relationship"]);
    assert_eq!(
        versions[2]["changes"],
        json!([{ "field": "nik", "before": "6402********0301", "after": "6402********9999" }])
    );
}
