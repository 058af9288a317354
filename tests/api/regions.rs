//! Official regions.

use serde_json::{Value, json};

use crate::support::TestApp;

fn codes(body: &Value) -> Vec<&str> {
    body["items"].as_array().unwrap().iter().map(|region| region["code"].as_str().unwrap()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_region_is_read_by_its_code() {
    let app = TestApp::new().await;
    let client = app.puskesos().await;
    let region = client.get("/v1/regions/64.02.10").await.expect(200).body;
    let expected = json!({
        "code": "64.02.10", "level": "district", "name": "Kembang Janggut", "parent_code": "64.02",
        "bps_code": null, "edition": "test",
    });
    assert_eq!(region, expected);
    for code in ["64.02.99", "6402", "64.2", "x", "%2e%2e", "64.02.10.2001.1"] {
        client.get(&format!("/v1/regions/{code}")).await.expect_problem(404, "not_found");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn regions_are_listed_by_level_parent_and_name() {
    let app = TestApp::new().await;
    let client = app.puskesos().await;
    let list = async |filter: &str| client.get(&format!("/v1/regions?{filter}")).await.expect(200).body;
    assert_eq!(codes(&list("level=province").await), ["64"]);
    assert_eq!(codes(&list("level=district").await), ["64.02.09", "64.02.10"]);
    assert_eq!(codes(&list("parent_code=64.02.10").await).len(), 11);
    assert_eq!(codes(&list("name_prefix=ken").await), ["64.02.09"]);
    assert_eq!(codes(&list("name_prefix=%25").await), Vec::<&str>::new(), "a wildcard is a letter like any other");
    assert_eq!(
        codes(&list("name_prefix=desa%201&level=village").await),
        ["64.02.10.2001", "64.02.10.2010", "64.02.10.2011"]
    );
    for unknown in ["level=hamlet", "parent_code=6402", "name_prefix=", "q=x", "limit=0", "limit=201"] {
        client.get(&format!("/v1/regions?{unknown}")).await.expect_problem(400, "invalid_parameters");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_hold_every_region_once() {
    let app = TestApp::new().await;
    let client = app.puskesos().await;
    let (mut path, mut seen) = ("/v1/regions?limit=4".to_owned(), Vec::new());
    loop {
        let page = client.get(&path).await.expect(200);
        seen.extend(codes(&page.body).into_iter().map(ToOwned::to_owned));
        let Some(next) = page.body["next"].as_str() else { break };
        assert_eq!(page.header("link"), format!("</v1/regions?limit=4&cursor={next}>; rel=\"next\""));
        path = format!("/v1/regions?limit=4&cursor={next}");
    }
    assert_eq!(seen.len(), 16);
    assert!(seen.is_sorted());
}
