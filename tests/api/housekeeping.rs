//! What the service does beside the requests.

use chrono::{Months, TimeDelta, Utc};
use diesel::prelude::*;
use diesel_async::{RunQueryDsl, SimpleAsyncConnection};
use serde_json::json;
use sinergi::housekeeping::{Removed, tidy_up};
use sinergi::schema::{client_assertions, idempotency_keys, rate_windows};

use crate::beneficiaries::family;
use crate::support::TestApp;

#[tokio::test(flavor = "multi_thread")]
async fn what_has_served_its_time_is_removed() {
    let app = TestApp::new().await;
    let puskesos = app.puskesos().await;
    let new = family("6402101001209001", "6402104101909001");
    puskesos.post_keyed("/v1/beneficiaries", "key-number-1", &new).await.expect(201);
    let mut owner = app.database.owner().await;
    owner
        .batch_execute(
            "insert into client_assertions values ('a-client', 'old', now() - interval '1 hour'),
                ('a-client', 'new', now() + interval '1 minute')",
        )
        .await
        .unwrap();
    let db = &app.services.db;
    let removed = tidy_up(db, Utc::now() + TimeDelta::hours(23)).await.unwrap();
    assert_eq!(removed.answers, 0, "an answer is kept for 24 hours");
    assert_eq!(removed.assertions, 2);
    puskesos.post_keyed("/v1/beneficiaries", "key-number-1", &new).await.expect(201);
    let removed = tidy_up(db, Utc::now() + TimeDelta::hours(25)).await.unwrap();
    assert_eq!(removed.answers, 1);
    assert_eq!(idempotency_keys::table.count().get_result::<i64>(&mut owner).await.unwrap(), 0);
    assert_eq!(client_assertions::table.count().get_result::<i64>(&mut owner).await.unwrap(), 0);
    assert_eq!(rate_windows::table.count().get_result::<i64>(&mut owner).await.unwrap(), 0);
    assert_eq!(tidy_up(db, Utc::now()).await.unwrap(), Removed::default());
}

#[tokio::test(flavor = "multi_thread")]
async fn deliveries_to_webhooks_are_kept_for_thirty_days() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    let hook = json!({ "url": "https://portal.example.invalid/" });
    let hook = officer.post("/v1/webhooks", &hook).await.expect(201).id();
    officer.post(&format!("/v1/webhooks/{hook}/test-deliveries"), &json!({})).await.expect(202);
    app.told(&officer).await;
    let removed = tidy_up(&app.services.db, Utc::now() + TimeDelta::days(29)).await.unwrap();
    assert_eq!(removed.deliveries, 0);
    let removed = tidy_up(&app.services.db, Utc::now() + TimeDelta::days(31)).await.unwrap();
    assert!(removed.deliveries > 0);
}

#[derive(QueryableByName)]
struct Names {
    #[diesel(sql_type = diesel::sql_types::Array<diesel::sql_types::Text>)]
    names: Vec<String>,
}

#[tokio::test(flavor = "multi_thread")]
async fn the_coming_months_have_their_partitions() {
    let app = TestApp::new().await;
    let later = Utc::now() + Months::new(30);
    tidy_up(&app.services.db, later).await.unwrap();
    let mut owner = app.database.owner().await;
    let found: Names = diesel::sql_query(
        "select array_agg(relname::text) as names from pg_class where relispartition and relkind = 'r'",
    )
    .get_result(&mut owner)
    .await
    .unwrap();
    for table in sinergi::db::KEPT_BY_MONTH {
        for months in [29, 30, 31, 32] {
            let name = format!("{table}_{}", (Utc::now() + Months::new(months)).format("%Y_%m"));
            assert!(found.names.contains(&name), "{name} is missing");
        }
    }
}
