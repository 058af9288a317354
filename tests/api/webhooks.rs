//! Webhooks: what is sent, to whom, how it is signed, and what follows from an answer.

use std::collections::{BTreeSet, HashMap};

use serde_json::{Value, json};
use sinergi::webhooks::Reach;

use crate::beneficiaries::family;
use crate::support::{
    Cast, Client, HAMBAU, KELEKAT, KENOHAN, Receiver, Reply, Taken, TestApp, handover, line as line_of, line_id, send,
    texts, tools_and_training,
};

/// A service whose webhooks may reach loopback.
pub(crate) async fn app() -> TestApp {
    TestApp::with_reach(Reach::new(vec!["127.0.0.0/8".parse().unwrap()])).await
}

async fn cast() -> Cast {
    Cast::with(app().await).await
}

/// Adds a webhook; answers its address in the API and its secret.
pub(crate) async fn hook(client: &Client, receiver: &Receiver) -> (String, String) {
    let made = client.post("/v1/webhooks", &json!({ "url": receiver.url() })).await.expect(201);
    (format!("/v1/webhooks/{}", made.id()), made.body["secret"].as_str().unwrap().to_owned())
}

async fn deliveries(client: &Client, path: &str) -> Vec<Value> {
    let list = client.get(&format!("{path}/deliveries?limit=200")).await.expect(200);
    list.body["items"].as_array().unwrap().clone()
}

/// The deliveries, once one of them is as wanted.
async fn until(client: &Client, path: &str, is_so: impl Fn(&Value) -> bool) -> Value {
    for _ in 0..1_500 {
        if let Some(found) = deliveries(client, path).await.into_iter().find(&is_so) {
            return found;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    panic!("{:?}", deliveries(client, path).await);
}

/// Waits until the events so far were handed out to webhooks.
async fn handed_out(app: &TestApp) {
    app.relayed().await;
    let waiting = "select count(*)::text as found from events, webhook_progress p where events.position > p.position";
    while texts(app, waiting).await != ["0"] {
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
}

/// Waits until nothing is left to be sent; answers how much came.
async fn sent(app: &TestApp, receiver: &Receiver) -> usize {
    handed_out(app).await;
    let pending = "select count(*)::text as found from webhook_deliveries where status = 'pending'";
    while texts(app, pending).await != ["0"] {
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    receiver.taken().len()
}

async fn patch(client: &Client, path: &str, changes: &Value) -> Value {
    let tag = client.get(path).await.expect(200).header("etag").to_owned();
    client.patch(path, &tag, changes).await.expect(200).body
}

/// A refusal that asks for an hour's wait, so that the next attempt is made when the test wants it.
fn not_now() -> Reply {
    Reply::Bytes("HTTP/1.1 500 X\r\nretry-after: 3600\r\ncontent-length: 0\r\n\r\n".to_owned())
}

/// Lets the next attempt at everything be due.
async fn hurry(app: &TestApp) {
    app.arrange(
        "update webhook_deliveries set next_attempt_at = now() where status = 'pending' and claimed_until is null",
    )
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_event_is_sent_signed_and_as_the_feed_tells_it() {
    let (cast, receiver) = (cast().await, Receiver::new().await);
    let (path, secret) = hook(&cast.company, &receiver).await;
    let public_key = cast.company.get(&path).await.expect(200).body["public_key"].as_str().unwrap().to_owned();
    let pledge = cast.draft(&tools_and_training()).await.id();
    let mut taken = receiver.wait_for(2).await;
    // Events of two records may come in either order.
    taken.sort_by_key(|one| one.json()["sequence"].to_string());
    let feed = cast.company.get("/v1/events").await.expect(200);
    let told = feed.body["items"].as_array().unwrap();
    for (one, event) in taken.iter().zip(&told[told.len() - 2..]) {
        assert!(one.head.starts_with("POST /events?portal=1 HTTP/1.1"), "{}", one.head);
        assert_eq!(one.header("host"), receiver.address.to_string());
        assert_eq!(one.header("content-type"), "application/cloudevents+json; charset=utf-8");
        assert!(one.is_by_secret(&secret) && one.is_by_key(&public_key), "{}", one.head);
        assert!(!one.is_by_secret("whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="));
        assert_eq!(one.json(), *event);
        assert_eq!(one.header("webhook-id"), event["id"].as_str().unwrap());
        let seconds: i64 = one.header("webhook-timestamp").parse().unwrap();
        assert!((chrono::Utc::now().timestamp() - seconds).abs() < 60);
    }
    assert_eq!((taken[0].kind(), taken[1].kind()), ("webhook.added".to_owned(), "pledge.drafted".to_owned()));
    assert_eq!(taken[1].json()["subject"], format!("pledges/{pledge}"));
    assert_eq!(taken[1].json()["specversion"], "1.0");
    assert!(taken[0].json()["sequence"].as_str() < taken[1].json()["sequence"].as_str());
    until(&cast.company, &path, |one| one["event_type"] == "pledge.drafted" && one["status"] == "delivered").await;
    // Nothing comes twice.
    tokio::time::sleep(std::time::Duration::from_millis(600)).await;
    assert_eq!(receiver.taken().len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn each_gets_what_its_own_feed_shows() {
    let cast = cast().await;
    let (_, rival) = cast.app.company("PT Contoh Saingan").await;
    let neighbour = cast.app.client("kecamatan_officer", KENOHAN).await;
    let (own, theirs, office, elsewhere) =
        (Receiver::new().await, Receiver::new().await, Receiver::new().await, Receiver::new().await);
    for (client, receiver) in
        [(&cast.company, &own), (&rival, &theirs), (&cast.first, &office), (&neighbour, &elsewhere)]
    {
        hook(client, receiver).await;
    }
    cast.submitted(&tools_and_training()).await;
    cast.first.post("/v1/beneficiaries", &family("6402101001200001", "6402104101900001")).await.expect(201);
    let kinds = |receiver: &Receiver| receiver.taken().iter().map(crate::support::Taken::kind).collect::<Vec<_>>();
    own.wait_for(3).await;
    office.wait_for(2).await;
    theirs.wait_for(1).await;
    elsewhere.wait_for(1).await;
    tokio::time::sleep(std::time::Duration::from_millis(600)).await;
    assert!(kinds(&office).contains(&"beneficiary.registered".to_owned()), "{:?}", kinds(&office));
    // The order holds for the events of one record: those of another may come before or between.
    let (pledges, others): (Vec<_>, Vec<_>) = kinds(&own).into_iter().partition(|kind| kind.starts_with("pledge."));
    assert_eq!(pledges, ["pledge.drafted", "pledge.submitted"]);
    assert_eq!(others, ["webhook.added"]);
    assert_eq!(kinds(&theirs), ["webhook.added"]);
    assert_eq!(kinds(&elsewhere), ["webhook.added"]);
    for (client, receiver) in [(&cast.company, &own), (&cast.first, &office)] {
        let feed = client.get("/v1/events?limit=200").await.expect(200);
        let told: Vec<Value> = feed.body["items"].as_array().unwrap().clone();
        assert!(receiver.taken().iter().all(|one| told.contains(&one.json())));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_webhook_of_a_client_gets_each_event() {
    let cast = cast().await;
    let receivers = [Receiver::new().await, Receiver::new().await, Receiver::new().await];
    let mut paths = Vec::new();
    for receiver in &receivers {
        paths.push(hook(&cast.company, receiver).await.0);
    }
    let pledge = cast.draft(&tools_and_training()).await.id();
    for path in &paths {
        until(&cast.company, path, |one| one["event_type"] == "pledge.drafted" && one["status"] == "delivered").await;
    }
    for receiver in &receivers {
        let taken = receiver.taken();
        assert!(taken.iter().any(|one| one.json()["subject"] == format!("pledges/{pledge}")));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_body_names_a_person() {
    let (app, receiver) = (app().await, Receiver::new().await);
    let officer = app.kecamatan().await;
    hook(&officer, &receiver).await;
    let mut new = family("6402101001200001", "6402104101900001");
    new["members"][0]["name"] = json!("Kanari Rahasia");
    new["phone"] = json!("081200000001");
    officer.post("/v1/beneficiaries", &new).await.expect(201);
    let taken = receiver.wait_for(2).await;
    for one in taken {
        for canary in ["6402101001200001", "6402104101900001", "Kanari", "081200000001"] {
            assert!(!one.body.contains(canary) && !one.head.contains(canary), "{canary}: {}", one.body);
        }
        assert!(one.body.len() < 2_000);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn only_the_types_asked_for_are_sent() {
    let (cast, receiver) = (cast().await, Receiver::new().await);
    let new = json!({ "url": receiver.url(), "event_types": ["pledge.submitted"] });
    cast.company.post("/v1/webhooks", &new).await.expect(201);
    cast.submitted(&tools_and_training()).await;
    assert_eq!(receiver.wait_for(1).await[0].kind(), "pledge.submitted");
    let wrong = json!({ "url": receiver.url(), "event_types": ["pledge.submitted", "pledge.vanished"] });
    let refused = cast.company.post("/v1/webhooks", &wrong).await.expect_problem(422, "invalid_fields");
    assert_eq!(refused.body["errors"][0]["pointer"], "/event_types/1");
    assert_eq!(refused.body["errors"][0]["code"], "event_type_unknown");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_not_taken_comes_again() {
    let (cast, receiver) = (cast().await, Receiver::new().await);
    receiver.reply([Reply::Status(204), Reply::Status(500), Reply::Status(503)]);
    let (path, secret) = hook(&cast.company, &receiver).await;
    receiver.wait_for(1).await;
    cast.draft(&tools_and_training()).await;
    let waiting = until(&cast.company, &path, |one| one["last_status"] == 500).await;
    assert_eq!((&waiting["status"], &waiting["last_failure"]), (&json!("pending"), &json!("refused")));
    assert_eq!(waiting["attempt_count"], 1);
    let instant = |name: &str| waiting[name].as_str().unwrap().parse::<chrono::DateTime<chrono::Utc>>().unwrap();
    let wait = instant("next_attempt_at") - instant("last_attempt_at");
    assert!((5_000..=6_000).contains(&wait.num_milliseconds()), "{wait}");
    assert!(cast.company.get(&path).await.expect(200).body["failing_since"].is_string());
    hurry(&cast.app).await;
    until(&cast.company, &path, |one| one["last_status"] == 503).await;
    hurry(&cast.app).await;
    until(&cast.company, &path, |one| one["attempt_count"] == 3 && one["status"] == "delivered").await;
    let taken = receiver.taken();
    assert_eq!(taken.len(), 4);
    assert!(taken[1..].iter().all(|one| one.header("webhook-id") == taken[1].header("webhook-id")));
    assert!(taken[1..].iter().all(|one| one.body == taken[1].body && one.is_by_secret(&secret)));
    assert!(cast.company.get(&path).await.expect(200).body["failing_since"].is_null());
}

#[tokio::test(flavor = "multi_thread")]
async fn events_of_one_record_keep_their_order() {
    let (cast, receiver) = (cast().await, Receiver::new().await);
    let (path, _) = hook(&cast.company, &receiver).await;
    receiver.wait_for(1).await;
    receiver.reply([not_now()]);
    let first = cast.submitted(&tools_and_training()).await;
    until(&cast.company, &path, |one| one["last_status"] == 500).await;
    let other = cast.draft(&tools_and_training()).await.id();
    let taken = receiver.wait_for(3).await;
    assert_eq!(taken[2].json()["subject"], format!("pledges/{other}"), "another record goes ahead");
    tokio::time::sleep(std::time::Duration::from_millis(500)).await;
    assert_eq!(receiver.taken().len(), 3, "the second event of the first waits");
    hurry(&cast.app).await;
    let taken = receiver.wait_for(5).await;
    let of_first: Vec<String> = taken
        .iter()
        .filter(|one| one.json()["subject"] == format!("pledges/{first}"))
        .map(crate::support::Taken::kind)
        .collect();
    assert_eq!(of_first, ["pledge.drafted", "pledge.drafted", "pledge.submitted"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_last_failure_disables_and_is_told() {
    let (cast, receiver) = (cast().await, Receiver::new().await);
    let (path, _) = hook(&cast.company, &receiver).await;
    receiver.wait_for(1).await;
    receiver.reply([not_now(), not_now()]);
    cast.draft(&tools_and_training()).await;
    until(&cast.company, &path, |one| one["last_status"] == 500).await;
    cast.app.arrange("update webhook_deliveries set attempt_count = 9 where status = 'pending'").await;
    hurry(&cast.app).await;
    until(&cast.company, &path, |one| one["status"] == "failed" && one["attempt_count"] == 10).await;
    let hook = cast.company.get(&path).await.expect(200).body;
    assert_eq!((&hook["is_enabled"], &hook["disabled_reason"]), (&json!(false), &json!("failing")));
    assert!(cast.app.told(&cast.company).await.contains(&"webhook.disabled".to_owned()));
    assert_eq!(cast.app.audited("disable_webhook").await, 1);
    // What happens meanwhile is not queued; enabled again, it is replayed on demand.
    cast.draft(&tools_and_training()).await;
    cast.app.told(&cast.company).await;
    tokio::time::sleep(std::time::Duration::from_millis(600)).await;
    assert_eq!(receiver.taken().len(), 3);
    let enabled = patch(&cast.company, &path, &json!({ "is_enabled": true })).await;
    assert_eq!((&enabled["is_enabled"], &enabled["failing_since"]), (&json!(true), &Value::Null));
    receiver.wait_for(4).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_receiver_that_is_gone_gets_nothing_more() {
    let (cast, receiver) = (cast().await, Receiver::new().await);
    receiver.reply([Reply::Status(410)]);
    let (path, _) = hook(&cast.company, &receiver).await;
    until(&cast.company, &path, |one| one["status"] == "failed" && one["last_status"] == 410).await;
    let hook = cast.company.get(&path).await.expect(200).body;
    assert_eq!((&hook["is_enabled"], &hook["disabled_reason"]), (&json!(false), &json!("gone")));
    cast.draft(&tools_and_training()).await;
    cast.app.told(&cast.company).await;
    tokio::time::sleep(std::time::Duration::from_millis(600)).await;
    assert_eq!(receiver.taken().len(), 1);
    assert!(cast.app.told(&cast.company).await.contains(&"webhook.disabled".to_owned()));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_waits_goes_on_when_a_webhook_is_enabled_again() {
    let (cast, receiver) = (cast().await, Receiver::new().await);
    let (path, _) = hook(&cast.company, &receiver).await;
    receiver.wait_for(1).await;
    receiver.reply([not_now()]);
    cast.draft(&tools_and_training()).await;
    until(&cast.company, &path, |one| one["last_status"] == 500).await;
    let hook = patch(&cast.company, &path, &json!({ "is_enabled": false })).await;
    assert_eq!(hook["disabled_reason"], "by_client");
    hurry(&cast.app).await;
    tokio::time::sleep(std::time::Duration::from_millis(600)).await;
    assert_eq!(receiver.taken().len(), 2);
    patch(&cast.company, &path, &json!({ "is_enabled": true })).await;
    until(&cast.company, &path, |one| one["event_type"] == "pledge.drafted" && one["status"] == "delivered").await;
    let drafted = receiver.taken().iter().filter(|one| one.kind() == "pledge.drafted").count();
    assert_eq!(drafted, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_test_is_sent_once_to_a_disabled_webhook_as_well() {
    let (cast, receiver) = (cast().await, Receiver::new().await);
    let (path, secret) = hook(&cast.company, &receiver).await;
    receiver.wait_for(1).await;
    patch(&cast.company, &path, &json!({ "is_enabled": false })).await;
    receiver.reply([Reply::Status(500)]);
    cast.company.post(&format!("{path}/test-deliveries"), &json!([])).await.expect_problem(422, "invalid_fields");
    let test = cast.company.post(&format!("{path}/test-deliveries"), &json!({})).await.expect(202);
    assert_eq!(test.header("location"), format!("{path}/deliveries"));
    let taken = receiver.wait_for(2).await;
    assert_eq!((taken[1].kind().as_str(), taken[1].is_by_secret(&secret)), ("webhook.tested", true));
    assert_eq!(taken[1].json()["subject"], path.trim_start_matches("/v1/"));
    let failed = until(&cast.company, &path, |one| one["is_test"] == true && one["status"] == "failed").await;
    assert_eq!((&failed["last_status"], &failed["next_attempt_at"]), (&json!(500), &Value::Null));
    let feed = cast.app.told(&cast.company).await;
    assert!(!feed.contains(&"webhook.tested".to_owned()) && !feed.contains(&"webhook.disabled".to_owned()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_missed_part_of_the_feed_is_replayed() {
    let (cast, receiver) = (cast().await, Receiver::new().await);
    let (path, _) = hook(&cast.company, &receiver).await;
    receiver.wait_for(1).await;
    patch(&cast.company, &path, &json!({ "is_enabled": false })).await;
    let position = cast.company.get("/v1/events?limit=200").await.expect(200).body["last_position"].as_i64().unwrap();
    let missed: Vec<String> =
        vec![cast.draft(&tools_and_training()).await.id(), cast.draft(&tools_and_training()).await.id()];
    // Handed out while the webhook was disabled, and so not to it.
    handed_out(&cast.app).await;
    patch(&cast.company, &path, &json!({ "is_enabled": true })).await;
    let replays = format!("{path}/replays");
    cast.company.post(&replays, &json!({})).await.expect_problem(422, "invalid_fields");
    let replay = cast.company.post(&replays, &json!({ "after": position })).await.expect(202);
    assert_eq!(replay.body["has_more"], false);
    assert!(replay.body["event_count"].as_u64().unwrap() >= 2, "{}", replay.text);
    let count = sent(&cast.app, &receiver).await;
    let subjects: Vec<Value> = receiver.taken().iter().map(|one| one.json()["subject"].clone()).collect();
    assert!(missed.iter().all(|id| subjects.contains(&json!(format!("pledges/{id}")))), "{subjects:?}");
    // Once more, by the time: the same events with the same ids.
    let all = cast.company.post(&replays, &json!({ "since": "2020-01-01T00:00:00Z" })).await.expect(202);
    let again = usize::try_from(all.body["event_count"].as_i64().unwrap()).unwrap();
    let taken = receiver.wait_for(count + again).await;
    let ids = |part: &[crate::support::Taken]| {
        part.iter().map(|one| one.header("webhook-id").to_owned()).collect::<std::collections::BTreeSet<_>>()
    };
    assert!(ids(&taken[count..]).is_superset(&ids(&taken[..count])));
    let later = cast.company.post(&replays, &json!({ "since": "2100-01-01T00:00:00Z" })).await.expect(202);
    assert_eq!(later.body["event_count"], 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn both_secrets_sign_while_one_gives_way_to_the_other() {
    let (cast, receiver) = (cast().await, Receiver::new().await);
    let (path, old) = hook(&cast.company, &receiver).await;
    let rotated = cast.company.post(&format!("{path}/secrets"), &json!({})).await.expect(201);
    let new = rotated.body["secret"].as_str().unwrap().to_owned();
    assert!(new != old && rotated.body["earlier_secret_until"].is_string());
    let count = receiver.wait_for(2).await.len();
    cast.company.post(&format!("{path}/test-deliveries"), &json!({})).await.expect(202);
    let taken = receiver.wait_for(count + 1).await;
    let last = taken.last().unwrap();
    assert!(last.is_by_secret(&old) && last.is_by_secret(&new) && last.count_of_secrets() == 2);
    cast.app.arrange("update webhooks set earlier_secret_until = now()").await;
    cast.company.post(&format!("{path}/test-deliveries"), &json!({})).await.expect(202);
    let taken = receiver.wait_for(count + 2).await;
    let last = taken.last().unwrap();
    assert!(!last.is_by_secret(&old) && last.is_by_secret(&new) && last.count_of_secrets() == 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_secret_is_told_once_and_kept_sealed() {
    let (cast, receiver) = (cast().await, Receiver::new().await);
    let new = json!({ "url": receiver.url(), "title": "Portal" });
    let key = "a-key-of-the-test";
    let made = cast.company.post_keyed("/v1/webhooks", key, &new).await.expect(201);
    let again = cast.company.post_keyed("/v1/webhooks", key, &new).await.expect(201);
    assert_eq!(again.header("idempotency-replayed"), "true");
    assert_eq!(again.text, made.text);
    let secret = made.body["secret"].as_str().unwrap();
    let path = format!("/v1/webhooks/{}", made.id());
    assert_eq!(made.header("location"), path);
    let read = cast.company.get(&path).await.expect(200);
    let list = cast.company.get("/v1/webhooks").await.expect(200);
    assert_eq!(list.body["items"], json!([read.body]));
    let changed = cast.company.patch(&path, read.header("etag"), &json!({ "title": null })).await.expect(200);
    for answer in [&read, &list, &changed] {
        assert!(!answer.text.contains("whsec_") && !answer.text.contains("sealed"), "{}", answer.text);
    }
    let encoded = secret.trim_start_matches("whsec_");
    for table in ["webhooks", "idempotency_keys", "events", "outbox", "audit_records", "webhook_deliveries"] {
        let rows = format!(
            "select '{table}' as found from {table} as one where position('{encoded}' in one::text) > 0
             or position(encode(convert_to('{encoded}', 'UTF8'), 'hex') in one::text) > 0"
        );
        assert_eq!(texts(&cast.app, &rows).await, Vec::<String>::new());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_sees_and_changes_its_own_webhooks_only() {
    let (cast, receiver) = (cast().await, Receiver::new().await);
    let (path, _) = hook(&cast.company, &receiver).await;
    let colleague = cast.app.kecamatan().await;
    let puskesos = cast.app.puskesos().await;
    for other in [&cast.first, &colleague, &puskesos] {
        other.get(&path).await.expect_problem(404, "not_found");
        other.get(&format!("{path}/deliveries")).await.expect_problem(404, "not_found");
        other.patch(&path, "\"1\"", &json!({ "is_enabled": false })).await.expect_problem(404, "not_found");
        for noun in ["secrets", "test-deliveries", "replays"] {
            let body = if noun == "replays" { json!({ "after": 0 }) } else { json!({}) };
            other.post(&format!("{path}/{noun}"), &body).await.expect_problem(404, "not_found");
        }
        assert_eq!(other.get("/v1/webhooks").await.expect(200).body["items"], json!([]));
    }
    cast.second.get(&path).await.expect_problem(403, "insufficient_scope");
    let remove = |tag: Option<&'static str>| {
        let request = cast.company.request(reqwest::Method::DELETE, &path);
        send(tag.iter().fold(request, |request, tag| request.header("If-Match", *tag)))
    };
    remove(None).await.expect_problem(428, "version_missing");
    remove(Some("\"7\"")).await.expect_problem(412, "version_stale");
    remove(Some("\"1\"")).await.expect(204);
    cast.company.get(&path).await.expect_problem(404, "not_found");
    for operation in ["create_webhook", "remove_webhook"] {
        assert_eq!(cast.app.audited(operation).await, 1, "{operation}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_has_ten_webhooks_at_most() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    let new = json!({ "url": "https://portal.example.invalid/" });
    for _ in 0..10 {
        officer.post("/v1/webhooks", &new).await.expect(201);
    }
    officer.post("/v1/webhooks", &new).await.expect_problem(409, "webhooks_too_many");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_disabled_client_is_sent_nothing() {
    let (cast, receiver) = (cast().await, Receiver::new().await);
    hook(&cast.company, &receiver).await;
    receiver.wait_for(1).await;
    let id = &cast.company.id;
    cast.app.arrange(&format!("update clients set is_disabled = true where id = '{id}'")).await;
    cast.draft(&tools_and_training()).await;
    tokio::time::sleep(std::time::Duration::from_millis(800)).await;
    assert_eq!(receiver.taken().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn several_processes_send_each_event_once() {
    let (cast, receiver) = (cast().await, Receiver::new().await);
    let _beside = cast.app.beside(1_000_000).await;
    let _third = cast.app.beside(1_000_000).await;
    hook(&cast.company, &receiver).await;
    for _ in 0..30 {
        cast.draft(&tools_and_training()).await;
    }
    receiver.wait_for(31).await;
    tokio::time::sleep(std::time::Duration::from_millis(600)).await;
    let ids: std::collections::BTreeSet<String> =
        receiver.taken().iter().map(|one| one.header("webhook-id").to_owned()).collect();
    assert_eq!((ids.len(), receiver.taken().len()), (31, 31));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_claim_of_a_process_that_died_runs_out() {
    let (cast, receiver) = (cast().await, Receiver::new().await);
    receiver.reply([Reply::Silence]);
    let (path, _) = hook(&cast.company, &receiver).await;
    receiver.wait_for(1).await;
    // As if a minute had passed and nobody had settled it.
    cast.app
        .arrange("update webhook_deliveries set claimed_until = now() - interval '1 s', next_attempt_at = now()")
        .await;
    let taken = receiver.wait_for(2).await;
    assert_eq!(taken[0].header("webhook-id"), taken[1].header("webhook-id"));
    until(&cast.company, &path, |one| one["status"] == "delivered" && one["attempt_count"] == 2).await;
}

/// Everything that can move or be decided of committed pledges, once.
async fn all_that_moves(cast: &Cast) {
    let reason = json!({ "reason": "Alasan" });
    let family = cast.app.needy_families(HAMBAU, 1, "hand_tractor", "2").await.remove(0);
    let (id, line) = cast.stocked("10", &[HAMBAU]).await;
    let path = format!("/v1/pledges/{id}");
    let need = json!({ "pledge_line_id": line, "need_id": family.need_id, "quantity": "1" });
    let released = cast.first.post(&format!("{path}/allocations"), &need).await.expect(201).id();
    cast.first.post(&format!("/v1/allocations/{released}/releases"), &reason).await.expect(200);
    let kept = cast.first.post(&format!("{path}/allocations"), &need).await.expect(201).id();
    let taken = handover("1", &family.beneficiary_id.to_string());
    cast.second.post(&format!("/v1/allocations/{kept}/deliveries"), &taken).await.expect(201);
    let back = json!({ "quantity": "1", "returned_on": "2026-11-20", "reason": "not_used", "is_usable": true,
                       "is_still_needed": false, "handover_number": "BAST-R/1" });
    cast.first.post(&format!("/v1/allocations/{kept}/returns"), &back).await.expect(201);
    let some = json!({ "reason": "Rusak", "pledge_line_id": line, "quantity": "1" });
    let with = |name: &str, value: Value| {
        let mut body = some.clone();
        body[name] = value;
        body
    };
    cast.decided(&id, "refunds", &some).await;
    let lost = cast.decided(&id, "losses", &with("site", json!("Gudang"))).await;
    let wrong = json!({ "reason": "Ditemukan", "transfer_id": lost.body["transfer_ids"][0] });
    cast.decided(&id, "corrections", &wrong).await;
    let moved = cast.propose(&cast.first, &id, "reallocations", &with("village_codes", json!([KELEKAT]))).await;
    cast.agree(&cast.company, &moved.expect(201)).await.expect(200);
    let refused = cast.propose(&cast.first, &id, "refunds", &some).await.expect(201).id();
    cast.second.post(&format!("/v1/pledge-decisions/{refused}/refusals"), &reason).await.expect(200);

    let other = cast.committed(&tools_and_training()).await;
    let surplus = json!({ "pledge_line_id": line_id(&other, 1), "quantity": "41", "handover_number": "BAST/2",
                          "received_on": "2026-11-02", "is_surplus_taken": true });
    cast.first.post(&format!("/v1/pledges/{}/receipts", other.id()), &surplus).await.expect(201);
    let more = json!({ "reason": "Tambahan", "lines": [{ "pledge_line_id": line_id(&other, 0), "quantity": "210" }] });
    cast.amended(&other.id(), &more).await;

    let late = json!({ "title": "Lalu", "year": 2024, "lines": [line_of("rice", "5", &[HAMBAU])] });
    let late = cast.committed(&late).await.id();
    cast.decided(&late, "write-offs", &reason).await;
    let called_off = cast.committed(&tools_and_training()).await.id();
    cast.propose(&cast.first, &called_off, "cancellations", &reason).await.expect(201);
    cast.first.post(&format!("/v1/pledges/{called_off}/evidence-packs"), &json!({})).await.expect(201);
    cast.propose(&cast.first, &called_off, "closures", &reason).await.expect(201);
    cast.decided(&called_off, "reopenings", &reason).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn each_movement_and_decision_reaches_the_webhook_of_the_company() {
    let (cast, receiver) = (cast().await, Receiver::new().await);
    hook(&cast.company, &receiver).await;
    all_that_moves(&cast).await;
    sent(&cast.app, &receiver).await;
    let taken = receiver.taken();
    let came: BTreeSet<String> = taken.iter().map(Taken::kind).collect();
    for moved in [
        "drafted",
        "submitted",
        "accepted_first",
        "committed",
        "received",
        "surplus_received",
        "allocated",
        "released",
        "delivered",
        "taken_back",
        "refunded",
        "lost",
        "corrected",
        "reallocated",
        "amended",
        "cancelled",
        "written_off",
        "closed",
        "reopened",
    ] {
        assert!(came.contains(&format!("pledge.{moved}")), "{moved} is not told: {came:?}");
    }
    for decided in ["proposed", "agreed", "refused"] {
        assert!(came.contains(&format!("pledge_decision.{decided}")), "{decided} is not told: {came:?}");
    }
    // Of each pledge in the order of what happened, and of no family.
    let mut last: HashMap<String, String> = HashMap::new();
    for one in &taken {
        let event = one.json();
        let (subject, sequence) = (event["subject"].to_string(), event["sequence"].to_string());
        let before = last.insert(subject, sequence.clone());
        assert!(before.is_none_or(|before| before < sequence), "{event} comes late");
        assert!(!one.body.contains("Kanari") && !one.body.contains("beneficiary_id"), "{}", one.body);
    }
}
