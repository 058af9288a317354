//! Reading back: families and members as they were.

use diesel_async::SimpleAsyncConnection;
use serde_json::{Value, json};

use crate::beneficiaries::family;
use crate::cycles::this_month;
use crate::households::{settle, today};
use crate::imports::{check, file, finished, row};
use crate::support::{Client, KENOHAN, TestApp, texts};

/// The present moment, as a query writes it.
pub(crate) async fn moment() -> String {
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

/// Relationship and end of each membership of a family, in the order of joining.
async fn ties(client: &Client, path: &str, query: &str) -> Vec<(String, Option<String>)> {
    let listed = client.get(&format!("{path}/memberships?{query}")).await.expect(200).body;
    let text = |tie: &Value, name: &str| tie[name].as_str().map(ToOwned::to_owned);
    let items = listed["items"].as_array().unwrap().iter();
    items.map(|tie| (text(tie, "relationship").unwrap(), text(tie, "end_reason"))).collect()
}

fn live(relationships: &[&str]) -> Vec<(String, Option<String>)> {
    relationships.iter().map(|one| ((*one).to_owned(), None)).collect()
}

fn ended(mut ties: Vec<(String, Option<String>)>, index: usize, because: &str) -> Vec<(String, Option<String>)> {
    ties[index].1 = Some(because.to_owned());
    ties
}

#[tokio::test(flavor = "multi_thread")]
async fn memberships_are_read_as_they_were() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    let before = moment().await;
    let (home, other) = (settle(&officer, 1).await, settle(&officer, 2).await);
    let first = moment().await;
    let kin = json!({ "relationship": "grandchild" });
    officer.patch(&format!("/v1/members/{}", home.members[3]), "\"1\"", &kin).await.expect(200);
    let second = moment().await;
    // A change that leaves the tie as it is, then a marriage into the other family, and back again.
    officer.patch(&format!("/v1/members/{}", home.members[3]), "\"2\"", &json!({ "work": "farmer" })).await.expect(200);
    let goes = |to: &str, as_what: &str| json!({ "beneficiary_id": to, "relationship": as_what, "on": today() });
    let moves = format!("/v1/members/{}/moves", home.members[2]);
    officer.post(&moves, &goes(&other.id, "child_in_law")).await.expect(201);
    let third = moment().await;
    officer.post(&moves, &goes(&home.id, "child")).await.expect(201);
    let fourth = moment().await;
    let dies = json!({ "reason": "died", "on": today(), "successor_id": home.members[1] });
    officer.post(&format!("/v1/members/{}/departures", home.members[0]), &dies).await.expect(201);

    officer.get(&format!("{}/memberships?{before}", home.path)).await.expect_problem(404, "not_found");
    let at_first = live(&["head", "spouse", "child", "child"]);
    assert_eq!(ties(&officer, &home.path, &first).await, at_first);
    let at_second = live(&["head", "spouse", "child", "grandchild"]);
    assert_eq!(ties(&officer, &home.path, &second).await, at_second);
    let at_third = ended(at_second, 2, "moved");
    assert_eq!(ties(&officer, &home.path, &third).await, at_third);
    let in_other = live(&["head", "spouse", "child", "child", "child_in_law"]);
    assert_eq!(ties(&officer, &other.path, &third).await, in_other);
    let at_fourth = [at_third, live(&["child"])].concat();
    assert_eq!(ties(&officer, &home.path, &fourth).await, at_fourth);
    assert_eq!(ties(&officer, &other.path, &fourth).await, ended(in_other, 4, "moved"));
    let mut now = ended(at_fourth, 0, "died");
    now[1].0 = "head".to_owned();
    assert_eq!(ties(&officer, &home.path, "").await, now);
    assert_eq!(ties(&officer, &home.path, &moment().await).await, now);

    // Filters, counts and pages are those of the instant.
    assert_eq!(ties(&officer, &home.path, &format!("is_ended=true&{third}")).await.len(), 1);
    let of_third = format!("{}/memberships?limit=3&count=exact&{third}", home.path);
    let page = officer.get(&of_third).await.expect(200).body;
    assert_eq!((&page["total"], page["items"].as_array().unwrap().len()), (&json!(4), 3));
    let next = format!("{of_third}&cursor={}", page["next"].as_str().unwrap());
    assert_eq!(officer.get(&next).await.expect(200).body["items"][0]["relationship"], "grandchild");
    let neighbour = app.client("kecamatan_officer", KENOHAN).await;
    neighbour.get(&format!("{}/memberships?{third}", home.path)).await.expect_problem(404, "not_found");
    // What was kept of a tie is whole: each state begins where the one before ended.
    let gaps = "select t.id::text as found from memberships t left join memberships_history h using (area_id, id)
        group by t.area_id, t.id, t.valid_from having coalesce(max(h.valid_to), t.valid_from) <> t.valid_from
            or sum(h.valid_to - h.valid_from) <> max(h.valid_to) - min(h.valid_from)";
    assert!(texts(&app, gaps).await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_keeps_what_ties_and_collectors_were() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    let rows = |relationship: &str| {
        vec![
            row("6402101001209001", "6402104101909001", "Satu Contoh", "head"),
            row("6402101001209001", "6402104101909002", "Dua Contoh", relationship),
            row("6402101001209001", "6402104101909003", "Tiga Contoh", "child"),
        ]
    };
    crate::imports::import(&officer, file(&rows("child"))).await;
    let family = officer.get("/v1/beneficiaries").await.expect(200).body["items"][0]["id"].clone();
    let path = format!("/v1/beneficiaries/{}", family.as_str().unwrap());
    let third = officer.get(&format!("{path}/memberships")).await.body["items"][2]["member_id"].clone();
    let collects = json!({ "member_id": third, "valid_from": this_month() });
    officer.post(&format!("{path}/collectors"), &collects).await.expect(201);
    let first = moment().await;
    crate::imports::import(&officer, file(&rows("spouse"))).await;
    let second = moment().await;
    let checked = check(&officer, "&full_list_of=64.02.10.2004", file(&rows("spouse")[..2])).await;
    let import = format!("/v1/imports/{}", checked["id"].as_str().unwrap());
    officer.post(&format!("{import}/reviews"), &json!({})).await.expect(200);
    officer.post(&format!("{import}/applications"), &json!({ "members_leaving": 1 })).await.expect(202);
    assert_eq!(finished(&officer, &import).await["status"], "applied");

    assert_eq!(ties(&officer, &path, &first).await, live(&["head", "child", "child"]));
    let at_second = live(&["head", "spouse", "child"]);
    assert_eq!(ties(&officer, &path, &second).await, at_second);
    assert_eq!(ties(&officer, &path, "").await, ended(at_second, 2, "unlisted"));
    let end = async |query: &str| {
        let listed = officer.get(&format!("{path}/collectors?{query}")).await.expect(200).body;
        listed["items"][0]["end_reason"].clone()
    };
    assert_eq!((end(&second).await, end("").await), (Value::Null, json!("left")));
}

#[tokio::test(flavor = "multi_thread")]
async fn collectors_are_read_as_they_were() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    let home = settle(&officer, 1).await;
    let (collectors, before) = (format!("{}/collectors", home.path), moment().await);
    let of = |member: &str| json!({ "member_id": member, "valid_from": this_month() });
    let one = officer.post(&collectors, &of(&home.members[1])).await.expect(201);
    let first = moment().await;
    let two = officer.post(&collectors, &of(&home.members[2])).await.expect(201);
    let second = moment().await;
    let address = format!("/v1/collectors/{}", two.id());
    officer.post(&format!("{address}/revocations"), &json!({ "on": this_month() })).await.expect(200);

    let listed =
        async |query: &str| officer.get(&format!("{collectors}?{query}")).await.expect(200).body["items"].clone();
    assert_eq!(listed(&before).await, json!([]));
    assert_eq!(listed(&first).await, json!([one.body]));
    let replaced = officer.get(&format!("/v1/collectors/{}", one.id())).await.expect(200).body;
    assert_eq!(replaced["end_reason"], "replaced");
    assert_eq!(listed(&second).await, json!([two.body, replaced]));
    let then = officer.get(&format!("{address}?{second}")).await.expect(200);
    assert_eq!((&then.body, then.header("etag")), (&two.body, "\"1\""));
    assert_eq!(officer.get(&address).await.expect(200).body["end_reason"], "revoked");
    officer.get(&format!("{address}?{first}")).await.expect_problem(404, "not_found");
}
