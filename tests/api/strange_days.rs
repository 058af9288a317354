//! Days of years that chrono reads and the database does not know: refused, and no fault of the service.

use serde_json::{Value, json};

use crate::cycles::rice_for_three;
use crate::deliveries::{delivery, left};
use crate::devices::{Device, item};
use crate::support::{Answer, TestApp};

const LONG_AGO: &str = "-5000-01-01";

/// Where the first fault is, and what it is.
fn fault(answer: &Answer) -> (&Value, &Value) {
    let first = &answer.body["errors"][0];
    (&first["pointer"], &first["code"])
}

#[tokio::test(flavor = "multi_thread")]
async fn a_parameter_is_a_day_of_a_plain_year() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    for on in [LONG_AGO, "0000-01-01", "%2B12345-01-01"] {
        let refused = officer.get(&format!("/v1/due-empowerment-milestones?on={on}")).await;
        let refused = refused.expect_problem(400, "invalid_parameters");
        assert_eq!(fault(&refused), (&json!("on"), &json!("wrong_type")), "{on}");
    }
    officer.get("/v1/due-empowerment-milestones?on=0001-01-01").await.expect(200);
    let refused = officer.get(&format!("/v1/beneficiaries?as_of={LONG_AGO}T00:00:00Z")).await;
    assert_eq!(fault(&refused.expect_problem(400, "invalid_parameters")), (&json!("as_of"), &json!("wrong_type")));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_database_knows_no_day_of_is_refused() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    let program = crate::empowerment_plans::define(&officer, "PAKET").await;
    let new = json!({ "beneficiary_id": uuid::Uuid::now_v7(), "program_id": program, "started_on": LONG_AGO });
    let refused = officer.post("/v1/empowerment-plans", &new).await.expect_problem(422, "invalid_fields");
    assert_eq!(fault(&refused), (&json!(""), &json!("wrong_type")));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_delivery_of_no_day_does_not_keep_its_batch_off() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    let (_, _, due) = rice_for_three(&app, &officer).await;
    let device = Device::register(&officer).await;
    let mut strange = item(&due[0], "1");
    strange["delivered_on"] = json!(LONG_AGO);
    let batch = device.batch(1, &[strange.clone(), item(&due[1], "2")]);
    let taken = officer.post_patiently("/v1/delivery-batches", &batch).await.expect(201).body;
    assert_eq!((&taken["accepted_count"], &taken["conflict_count"]), (&json!(1), &json!(1)));
    let conflict = format!("/v1/delivery-conflicts/{}", strange["id"].as_str().unwrap());
    let conflict = officer.get(&conflict).await.expect(200).body;
    assert_eq!((&conflict["pointer"], &conflict["code"]), (&json!("/delivered_on"), &json!("wrong_type")));
    assert_eq!(conflict["said"]["delivered_on"], LONG_AGO);
    assert_eq!((left(&officer, &due[0]).await, left(&officer, &due[1]).await), (json!("10"), json!("8")));

    let mut single = delivery(&due[0], "1");
    single["delivered_on"] = json!(LONG_AGO);
    let refused = officer.post("/v1/deliveries", &single).await.expect_problem(422, "invalid_fields");
    assert_eq!(fault(&refused), (&json!("/delivered_on"), &json!("wrong_type")));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_export_is_refused_when_it_is_asked_for() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    for (name, day) in [("from", LONG_AGO), ("to", "+12345-01-01")] {
        let new = json!({ "list": "replacements", "format": "csv", "filter": { name: day } });
        let refused = officer.post("/v1/exports", &new).await.expect_problem(422, "invalid_fields");
        assert_eq!(fault(&refused), (&json!(format!("/filter/{name}")), &json!("wrong_type")));
    }
}
