//! Packages: several kinds of help that a family gets as one, or not at all.

use futures_util::future::join_all;
use serde_json::{Value, json};

use crate::matching_runs::{commit, families, policy, preview, stocked};
use crate::support::{Answer, Cast, Client, HAMBAU, TestApp, handover, line};

async fn record(client: &Client, family: &str, kind: &str) -> Answer {
    client.post_patiently(&format!("/v1/beneficiaries/{family}/needs"), &json!({ "kind": kind, "quantity": "1" })).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_kind_tells_what_is_in_a_package() {
    let app = TestApp::new().await;
    let (_, company) = app.company("PT Contoh").await;
    let package = company.get("/v1/need-kinds/oil_palm_package").await.expect(200).body;
    assert_eq!((&package["category"], &package["unit"]), (&json!("package"), &json!("package")));
    let contents = json!([{ "kind": "oil_palm_tools", "units": 1 }, { "kind": "seedlings", "units": 50 },
                          { "kind": "training_seat", "units": 1 }]);
    assert_eq!(package["contents"], contents);
    let listed = company.get("/v1/need-kinds").await.expect(200).body;
    let plain = listed["items"].as_array().unwrap().iter().find(|kind| kind["code"] == "rice").unwrap();
    assert_eq!(plain["contents"], json!([]));
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_needs_a_package_and_what_is_in_it() {
    let app = TestApp::new().await;
    let puskesos = app.client("puskesos", crate::support::KEMBANG_JANGGUT).await;
    let families = app.needy_families(HAMBAU, 3, "fishing_gear", "1").await;
    let [one, other, third] = [0, 1, 2].map(|index: usize| families[index].beneficiary_id.to_string());

    let package = record(&puskesos, &one, "sewing_package").await.expect(201).id();
    let refused = record(&puskesos, &one, "sewing_machine").await.expect_problem(409, "need_overlaps");
    assert_eq!(refused.body["related"]["id"], package);
    // A package that shares only something with another is another help.
    record(&puskesos, &one, "oil_palm_package").await.expect(201);

    let machine = record(&puskesos, &other, "sewing_machine").await.expect(201).id();
    record(&puskesos, &other, "sewing_package").await.expect_problem(409, "need_overlaps");
    let reason = json!({ "reason": "Paket lebih baik" });
    puskesos.post(&format!("/v1/needs/{machine}/withdrawals"), &reason).await.expect(200);
    record(&puskesos, &other, "sewing_package").await.expect(201);

    let kinds = ["sewing_package", "sewing_machine"].repeat(4);
    let answers = join_all(kinds.iter().map(|kind| record(&puskesos, &third, kind))).await;
    assert_eq!(answers.iter().filter(|answer| answer.status == 201).count(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_package_is_matched_handed_over_and_followed_as_one() {
    let cast = Cast::new().await;
    let needy = cast.app.needy_families(HAMBAU, 3, "sewing_package", "1").await;
    let (pledge, lines) = stocked(&cast, &[line("sewing_package", "2", &[HAMBAU])]).await;
    let run = preview(&cast, &policy(2)).await.id();
    let told = families(&cast, &run, "").await;
    let granted: Vec<&Value> = told.iter().map(|family| &family["granted_portions"]).collect();
    assert_eq!(granted.iter().filter(|portions| ***portions == 1).count(), 2);
    commit(&cast, &run).await.expect(200);

    let allocations = cast.first.get(&format!("/v1/allocations?pledge_id={pledge}")).await.expect(200).body;
    let allocation = allocations["items"][0].clone();
    let family = allocation["beneficiary_id"].as_str().unwrap();
    assert!(needy.iter().any(|one| one.beneficiary_id.to_string() == family));
    let path = format!("/v1/allocations/{}/deliveries", allocation["id"].as_str().unwrap());
    let delivery = cast.second.post(&path, &handover("1", family)).await.expect(201).id();

    let piece =
        |number: &str, kind: &str| json!({ "asset_number": number, "kind": kind, "allocation_delivery_id": delivery });
    for kind in ["sewing_package", "hand_tractor"] {
        cast.first.post("/v1/assets", &piece("KJ-1", kind)).await.expect_problem(422, "invalid_fields");
    }
    cast.first.post("/v1/assets", &piece("KJ-2", "sewing_machine")).await.expect(201);
    let second = cast.first.post("/v1/assets", &piece("KJ-3", "sewing_machine")).await;
    second.expect_problem(409, "asset_source_used_up");

    let course = |seats: i64| {
        json!({
            "title": "Menjahit", "kind": "training_seat", "provider": "BLK Contoh", "village_code": HAMBAU,
            "place": "Balai Desa", "seats": seats, "begins_on": "2026-01-05", "ends_on": "2026-01-09",
            "pledge_line_id": lines[0]
        })
    };
    cast.first.post("/v1/trainings", &course(3)).await.expect_problem(409, "not_enough_left");
    cast.first.post("/v1/trainings", &course(2)).await.expect(201);

    let due = cast.first.get(&format!("/v1/due-follow-ups?pledge_id={pledge}&on=2027-03-01")).await.expect(200).body;
    assert_eq!((&due["items"][0]["kind"], &due["items"][0]["month_mark"]), (&json!("equipment"), &json!(3)));
    let got = cast.first.get(&format!("/v1/aid?beneficiary_id={family}&kind=equipment")).await.expect(200).body;
    assert_eq!((&got["items"][0]["kind"], &got["items"][0]["unit"]), (&json!("equipment"), &json!("package")));
    cast.assert_sums().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_reserved_for_a_family_is_in_no_package_of_it() {
    let cast = Cast::new().await;
    let family = cast.app.needy_families(HAMBAU, 1, "sewing_machine", "1").await.remove(0);
    let (pledge, lines) = stocked(&cast, &[line("sewing_machine", "1", &[HAMBAU])]).await;
    let new = json!({ "pledge_line_id": lines[0], "need_id": family.need_id, "quantity": "1" });
    cast.first.post(&format!("/v1/pledges/{pledge}/allocations"), &new).await.expect(201);
    let refused = record(&cast.first, &family.beneficiary_id.to_string(), "sewing_package").await;
    let refused = refused.expect_problem(409, "need_overlaps");
    assert_eq!(refused.body["related"]["id"], json!(family.need_id));
}
