//! Reading back: families and members as they were.

use diesel_async::SimpleAsyncConnection;
use serde_json::{Value, json};

use crate::beneficiaries::family;
use crate::support::{TestApp, texts};

/// The present moment, as a query writes it.
async fn moment() -> String {
    tokio::time::sleep(std::time::Duration::from_millis(2)).await;
    let now = chrono::Utc::now().to_rfc3339_opts(chrono::SecondsFormat::Micros, true);
    tokio::time::sleep(std::time::Duration::from_millis(2)).await;
    format!("as_of={now}")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_family_and_its_members_are_read_as_they_were() {
    let app = TestApp::new().await;
    let puskesos = app.puskesos().await;
    let before = moment().await;
    let made = puskesos.post("/v1/beneficiaries", &family("6402101001209001", "6402104101909001")).await.expect(201);
    let path = format!("/v1/beneficiaries/{}", made.id());
    let members = puskesos.get(&format!("{path}/members")).await.expect(200).body["items"].clone();
    let child = format!("/v1/members/{}", members[1]["id"].as_str().unwrap());
    let first = moment().await;
    puskesos.patch(&child, "\"1\"", &json!({ "name": "Nama Lain" })).await.expect(200);
    puskesos.patch(&path, "\"1\"", &json!({ "village_code": "64.02.10.2005" })).await.expect(200);
    let second = moment().await;
    let leave = json!({ "reason": "moved", "on": "2026-01-05" });
    puskesos.post(&format!("{child}/departures"), &leave).await.expect(201);

    puskesos.get(&format!("{path}?{before}")).await.expect_problem(404, "not_found");
    assert_eq!(puskesos.get(&format!("{path}?{first}")).await.expect(200).body, made.body);
    let names = async |moment: &str| -> Vec<Value> {
        let answer = puskesos.get(&format!("{path}/members?{moment}")).await.expect(200);
        answer.body["items"].as_array().unwrap().iter().map(|member| member["name"].clone()).collect()
    };
    assert_eq!(puskesos.get(&format!("{path}/members?{first}")).await.body["items"], members);
    assert_eq!(names(&second).await, ["Contoh Sintetis", "Nama Lain"]);
    assert_eq!(names("").await, ["Contoh Sintetis"]);
    assert_eq!(puskesos.get(&format!("{child}?{first}")).await.expect(200).body, members[1]);
    assert_eq!(puskesos.get(&format!("{child}?{second}")).await.expect(200).body["left_on"], Value::Null);
    puskesos.get(&format!("{child}?{before}")).await.expect_problem(404, "not_found");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_is_read_as_it_was_page_by_page() {
    let app = TestApp::new().await;
    let puskesos = app.puskesos().await;
    let mut made = Vec::new();
    for number in 1..=3 {
        let new = family(&format!("640210100120900{number}"), &format!("640210410190900{number}"));
        made.push(puskesos.post("/v1/beneficiaries", &new).await.expect(201));
    }
    let then = moment().await;
    let path = format!("/v1/beneficiaries/{}", made[0].id());
    puskesos.patch(&path, "\"1\"", &json!({ "village_code": "64.02.10.2005" })).await.expect(200);
    let filter = format!("village_code=64.02.10.2004&decile_max=3&limit=2&{then}");
    let page = puskesos.get(&format!("/v1/beneficiaries?{filter}")).await.expect(200);
    assert_eq!(page.body["items"], json!([made[0].record(), made[1].record()]));
    let next = format!("/v1/beneficiaries?{filter}&cursor={}", page.body["next"].as_str().unwrap());
    assert_eq!(puskesos.get(&next).await.expect(200).body["items"], json!([made[2].record()]));
    let now = puskesos.get("/v1/beneficiaries?village_code=64.02.10.2004").await.expect(200);
    assert_eq!(now.body["items"].as_array().unwrap().len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_future_cannot_be_read() {
    let app = TestApp::new().await;
    let puskesos = app.puskesos().await;
    let refused = puskesos.get("/v1/beneficiaries?as_of=2199-01-01T00:00:00Z").await;
    let refused = refused.expect_problem(422, "invalid_fields");
    assert_eq!(refused.body["errors"][0]["pointer"], "as_of");
    assert_eq!(refused.body["errors"][0]["code"], "date_in_future");
    puskesos.get("/v1/beneficiaries?as_of=yesterday").await.expect_problem(400, "invalid_parameters");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_past_of_one_family_is_looked_up_and_not_searched_for() {
    let app = TestApp::new().await;
    let puskesos = app.puskesos().await;
    let made = puskesos.post("/v1/beneficiaries", &family("6402101001209001", "6402104101909001")).await.expect(201);
    let path = format!("/v1/beneficiaries/{}", made.id());
    puskesos.patch(&path, "\"1\"", &json!({ "address": "RT 09" })).await.expect(200);
    let others = "insert into beneficiaries_history
            (area_id, id, valid_from, valid_to, version, record, card_sealed, client_id)
        select area_id, gen_random_uuid(), valid_from, valid_to, version, record, card_sealed, client_id
        from beneficiaries_history, generate_series(1, 5000); analyze beneficiaries_history";
    app.database.owner().await.batch_execute(others).await.unwrap();
    let query = "select (coalesce(seq_tup_read, 0) + coalesce(idx_tup_fetch, 0))::text as found
        from pg_stat_user_tables where relname = 'beneficiaries_history'";
    let read = async || texts(&app, query).await[0].parse::<i64>().unwrap();
    tokio::time::sleep(std::time::Duration::from_secs(2)).await;
    let before = read().await;
    let then = made.body["updated_at"].as_str().unwrap();
    // Four sessions take turns, and each tells what it read at most once a second, when it is used again.
    for _ in 0..16 {
        assert_eq!(puskesos.get(&format!("{path}?as_of={then}")).await.expect(200).body, made.body);
        tokio::time::sleep(std::time::Duration::from_millis(300)).await;
    }
    let rows = read().await - before;
    assert!((1..=16).contains(&rows), "{rows} rows of the history were read");
}
