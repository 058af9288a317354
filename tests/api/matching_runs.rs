//! Matching runs: told first, committed as told, explained to every family, and safe against what changes meanwhile.

use std::collections::HashSet;
use std::io::Write;
use std::process::{Command, Stdio};
use std::time::Duration;

use diesel_async::SimpleAsyncConnection;
use serde_json::{Value, json};

use crate::support::{Answer, Cast, HAMBAU, KELEKAT, NeedyFamily, line, line_id, texts};

pub(crate) fn policy(cap: u32) -> Value {
    json!({ "policy": { "cap": cap, "round_started_on": "2026-01-01" } })
}

pub(crate) async fn preview(cast: &Cast, new: &Value) -> Answer {
    cast.first.post("/v1/matching-runs", new).await.expect(201)
}

pub(crate) async fn commit(cast: &Cast, id: &str) -> Answer {
    cast.first.post(&format!("/v1/matching-runs/{id}/commits"), &json!({})).await
}

pub(crate) async fn families(cast: &Cast, id: &str, query: &str) -> Vec<Value> {
    let listed = cast.first.get(&format!("/v1/matching-runs/{id}/families?limit=200&{query}")).await.expect(200);
    listed.body["items"].as_array().unwrap().clone()
}

/// A pledge of a line each, all received.
pub(crate) async fn stocked(cast: &Cast, lines: &[Value]) -> (String, Vec<String>) {
    let committed = cast.committed(&json!({ "title": "Bantuan", "year": 2026, "lines": lines })).await;
    let mut ids = Vec::new();
    for (index, line) in lines.iter().enumerate() {
        let id = line_id(&committed, index);
        cast.receive(&committed.id(), &id, line["quantity"].as_str().unwrap()).await.expect(201);
        ids.push(id);
    }
    (committed.id(), ids)
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_preview_tells_is_what_a_commitment_reserves() {
    let cast = Cast::new().await;
    cast.app.needy_families(HAMBAU, 6, "hand_tractor", "1").await;
    cast.app.needy_families(KELEKAT, 6, "hand_tractor", "1").await;
    // Whoever takes the wide line for Hambau leaves Kelekat with nothing.
    let lines = [line("hand_tractor", "4", &[HAMBAU, KELEKAT]), line("hand_tractor", "4", &[HAMBAU])];
    let (pledge, ids) = stocked(&cast, &lines).await;
    let run = preview(&cast, &policy(2)).await;
    let id = run.id();
    assert_eq!((&run.body["status"], &run.body["portion_count"]), (&json!("previewed"), &json!(8)));
    assert_eq!((&run.body["family_count"], &run.body["served_family_count"]), (&json!(12), &json!(8)));
    assert_eq!(cast.first.get("/v1/allocations").await.expect(200).body["items"], json!([]));

    let told = families(&cast, &id, "").await;
    let committed = commit(&cast, &id).await.expect(200);
    assert_eq!(committed.body["status"], "committed");
    let made = cast.first.get(&format!("/v1/allocations?run_id={id}&limit=200")).await.expect(200);
    let made: HashSet<(String, String)> = made.body["items"].as_array().unwrap().iter().map(pair).collect();
    let foretold: HashSet<(String, String)> = told
        .iter()
        .flat_map(|family| {
            let id = family["beneficiary_id"].as_str().unwrap().to_owned();
            let grants = family["grants"].as_array().unwrap().clone();
            grants.into_iter().map(move |grant| (id.clone(), grant["pledge_line_id"].as_str().unwrap().to_owned()))
        })
        .collect();
    assert_eq!((made.len(), &made), (8, &foretold));
    let trail = cast.trail(&pledge).await;
    let reserved: Vec<&Value> =
        trail["movements"].as_array().unwrap().iter().filter(|one| one["code"] == "reserve").collect();
    assert_eq!(reserved.len(), ids.len(), "one transfer a line");
    cast.assert_sums().await;

    // Again, with another key: the same run, and nothing twice.
    assert_eq!(commit(&cast, &id).await.expect(200).body, committed.body);
    assert_eq!(cast.app.audited("commit_matching_run").await, 1);
    assert_eq!(cast.first.get(&format!("/v1/matching-runs/{id}")).await.expect(200).body, committed.body);
    let listed = cast.first.get("/v1/matching-runs?status=committed&count=exact").await.expect(200);
    assert_eq!((&listed.body["items"][0]["id"], &listed.body["total"]), (&json!(id), &json!(1)));
    // What is left finds nobody: all is given.
    assert_eq!(preview(&cast, &policy(2)).await.body["portion_count"], 0);
}

fn pair(allocation: &Value) -> (String, String) {
    let text = |name: &str| allocation[name].as_str().unwrap().to_owned();
    (text("beneficiary_id"), text("pledge_line_id"))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_preview_that_the_world_has_overtaken_is_refused() {
    let cast = Cast::new().await;
    let needy = cast.app.needy_families(HAMBAU, 4, "hand_tractor", "1").await;
    let (pledge, ids) = stocked(&cast, &[line("hand_tractor", "3", &[HAMBAU])]).await;
    let run = preview(&cast, &policy(2)).await.id();
    let one = json!({ "pledge_line_id": ids[0], "need_id": needy[0].need_id, "quantity": "1" });
    cast.first.post(&format!("/v1/pledges/{pledge}/allocations"), &one).await.expect(201);
    let refused = commit(&cast, &run).await.expect_problem(409, "matching_run_stale");
    assert!(refused.body["detail"].as_str().is_none_or(|detail| !detail.is_empty()));
    let again = preview(&cast, &policy(2)).await;
    assert_eq!(again.body["portion_count"], 2);
    commit(&cast, &again.id()).await.expect(200);
    cast.assert_sums().await;
}

/// A commitment looks before it holds anything: what is changed between the two is found by the change.
#[tokio::test(flavor = "multi_thread")]
async fn what_changes_while_a_run_is_committed_makes_it_stale_or_comes_after_it() {
    let cast = Cast::new().await;
    let needy = cast.app.needy_families(HAMBAU, 4, "hand_tractor", "1").await;
    let (_, ids) = stocked(&cast, &[line("hand_tractor", "3", &[HAMBAU])]).await;
    let run = preview(&cast, &policy(2)).await.id();
    let served = families(&cast, &run, "verdict=satisfied").await;
    let is_served = |one: &&NeedyFamily| served.iter().any(|it| it["beneficiary_id"] == json!(one.beneficiary_id));
    let touch = |one: &NeedyFamily| format!("update needs set version = version + 1 where id = '{}'", one.need_id);
    let take = format!(
        "update ledger_balances set posted = posted - 1 where account_id =
            (select id from ledger_accounts where owner_id = '{}' and kind = 'stock')",
        ids[0]
    );
    for change in [touch(needy.iter().find(is_served).unwrap()), take] {
        let run = preview(&cast, &policy(2)).await.id();
        let mut other = cast.app.database.owner().await;
        other.batch_execute(&format!("begin; {change}")).await.unwrap();
        let (answer, ()) = tokio::join!(commit(&cast, &run), async {
            waits_for_a_lock(&cast).await;
            other.batch_execute("commit").await.unwrap();
        });
        answer.expect_problem(409, "matching_run_stale");
        assert_eq!(cast.first.get("/v1/allocations").await.expect(200).body["items"], json!([]));
    }
    // Whoever is not served is not waited for.
    let run = preview(&cast, &policy(2)).await.id();
    let served = families(&cast, &run, "verdict=satisfied").await;
    let is_served = |one: &&NeedyFamily| served.iter().any(|it| it["beneficiary_id"] == json!(one.beneficiary_id));
    let left_out = needy.iter().find(|one| !is_served(one)).unwrap();
    let mut other = cast.app.database.owner().await;
    other.batch_execute(&format!("begin; {}", touch(left_out))).await.unwrap();
    commit(&cast, &run).await.expect(200);
    other.batch_execute("commit").await.unwrap();
}

/// Until a statement of the test's database waits for what another holds.
async fn waits_for_a_lock(cast: &Cast) {
    let waiting = "select count(*)::text as found from pg_stat_activity
        where datname = current_database() and wait_event_type = 'Lock'";
    for _ in 0..600 {
        if texts(&cast.app, waiting).await != ["0"] {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("nobody waits");
}

#[tokio::test(flavor = "multi_thread")]
async fn every_family_is_told_why() {
    let cast = Cast::new().await;
    let needy = cast.app.needy_families(HAMBAU, 6, "hand_tractor", "1").await;
    let elsewhere = cast.app.needy_families(KELEKAT, 1, "hand_tractor", "1").await;
    let other = cast.app.needy_families(HAMBAU, 1, "rice", "10").await;
    let unverified = &needy[5];
    cast.app
        .arrange(&format!(
            "update beneficiaries set verified_at = null, verified_by = null where id = '{}'",
            unverified.beneficiary_id
        ))
        .await;
    stocked(&cast, &[line("hand_tractor", "2", &[HAMBAU])]).await;
    let run = preview(&cast, &json!({ "kinds": ["hand_tractor"], "policy": policy(1)["policy"] })).await;
    let id = run.id();
    let told = families(&cast, &id, "").await;
    let count = |verdict: &str| told.iter().filter(|family| family["verdict"] == verdict).count();
    let counts = ["satisfied", "outranked", "no_line", "not_verified"].map(count);
    assert_eq!((told.len(), counts), (7, [2, 3, 1, 1]));
    let place = |family: &Value| family["place"].as_i64().unwrap();
    let last_served = told.iter().filter(|family| family["verdict"] == "satisfied").map(place).max().unwrap();
    let mut refused = families(&cast, &id, "verdict=outranked").await;
    refused.sort_by_key(place);
    for (family, enough) in refused.iter().zip(1..) {
        let refusal = &family["refusal"];
        assert_eq!((&refusal["kind"], &refusal["line_count"]), (&json!("hand_tractor"), &json!(1)));
        assert_eq!((&refusal["portion_count"], &refusal["class_count"]), (&json!(2), &json!(1)));
        assert_eq!(refusal["cut_off"], json!({ "turn": 1, "place": last_served }));
        assert_eq!(refusal["own"], json!({ "turn": 1, "place": family["place"] }));
        assert_eq!(refusal["portions_enough"], json!(enough), "so many wait, it among them");
    }
    for (family, verdict) in [(unverified, "not_verified"), (&elsewhere[0], "no_line"), (&other[0], "no_need")] {
        let address = format!("/v1/matching-runs/{id}/families/{}", family.beneficiary_id);
        assert_eq!(cast.first.get(&address).await.expect(200).body["verdict"], verdict);
    }
    let nobody = format!("/v1/matching-runs/{id}/families/{id}");
    cast.first.get(&nobody).await.expect_problem(404, "not_found");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stranger_can_check_the_transcript() {
    let cast = Cast::new().await;
    cast.app.needy_families(HAMBAU, 9, "hand_tractor", "1").await;
    cast.app.needy_families(KELEKAT, 5, "training_seat", "2").await;
    stocked(&cast, &[line("hand_tractor", "4", &[HAMBAU]), line("training_seat", "7", &[KELEKAT])]).await;
    let id = preview(&cast, &policy(2)).await.id();
    let transcript = cast.first.get(&format!("/v1/matching-runs/{id}/transcript")).await.expect(200).text;
    assert_eq!(check(&transcript), "right\n");
    assert!(check(&transcript.replacen("outranked", "no_line", 1)).starts_with("wrong"));
    for family in families(&cast, &id, "").await {
        assert!(!transcript.contains(family["beneficiary_id"].as_str().unwrap()));
    }
}

pub(crate) fn check(transcript: &str) -> String {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/allotment/check.py");
    let mut child = Command::new("python3").arg(script).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(transcript.as_bytes()).unwrap();
    String::from_utf8(child.wait_with_output().unwrap().stdout).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_family_had_elsewhere_counts_towards_the_cap() {
    let cast = Cast::new().await;
    let tractors = cast.app.needy_families(HAMBAU, 2, "hand_tractor", "1").await;
    let had = &tractors[0];
    cast.first
        .post(
            &format!("/v1/beneficiaries/{}/needs", had.beneficiary_id),
            &json!({ "kind": "sewing_machine", "quantity": "1" }),
        )
        .await
        .expect(201);
    let lines = [line("hand_tractor", "2", &[HAMBAU]), line("sewing_machine", "1", &[HAMBAU])];
    let (pledge, ids) = stocked(&cast, &lines).await;
    let given = json!({ "pledge_line_id": ids[0], "need_id": had.need_id, "quantity": "1" });
    cast.first.post(&format!("/v1/pledges/{pledge}/allocations"), &given).await.expect(201);
    let verdict = async |cap| {
        let id = preview(&cast, &policy(cap)).await.id();
        let address = format!("/v1/matching-runs/{id}/families/{}", had.beneficiary_id);
        let family = cast.first.get(&address).await.expect(200).body;
        (family["verdict"].clone(), family["aided_portions"].clone(), family["granted_portions"].clone())
    };
    assert_eq!(verdict(1).await, (json!("cap_reached"), json!(1), json!(0)));
    assert_eq!(verdict(2).await, (json!("satisfied"), json!(1), json!(1)));
}

#[tokio::test(flavor = "multi_thread")]
async fn goods_are_given_by_portions_and_the_last_gets_the_rest() {
    let cast = Cast::new().await;
    cast.app.needy_families(HAMBAU, 4, "rice", "25").await;
    stocked(&cast, &[line("rice", "70", &[HAMBAU])]).await;
    let mut new = policy(1);
    new["policy"]["portions"] = json!([{ "kind": "rice", "quantity": "20" }]);
    let id = preview(&cast, &new).await.id();
    let lines = cast.first.get(&format!("/v1/matching-runs/{id}/lines")).await.expect(200).body["items"].clone();
    assert_eq!((&lines[0]["portion"], &lines[0]["allocated_quantity"]), (&json!("20"), &json!("70")));
    commit(&cast, &id).await.expect(200);
    cast.assert_sums().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_company_sees_quantities_of_its_own_lines_and_no_family() {
    let cast = Cast::new().await;
    cast.app.needy_families(HAMBAU, 6, "hand_tractor", "1").await;
    let (_, ids) = stocked(&cast, &[line("hand_tractor", "3", &[HAMBAU])]).await;
    let (_, stranger) = cast.app.company("PT Contoh Lain").await;
    let id = preview(&cast, &policy(2)).await.id();
    let lines = cast.company.get(&format!("/v1/matching-runs/{id}/lines")).await.expect(200);
    assert_eq!(lines.body["items"].as_array().unwrap().len(), 1);
    assert_eq!(lines.body["items"][0]["pledge_line_id"], json!(ids[0]));
    assert!(!lines.text.contains("famil"));
    stranger.get(&format!("/v1/matching-runs/{id}/lines")).await.expect_problem(404, "not_found");
    for part in ["", "/families", "/transcript"] {
        cast.company.get(&format!("/v1/matching-runs/{id}{part}")).await.expect_problem(403, "insufficient_scope");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_who_commit_at_once_reserve_once() {
    let cast = Cast::new().await;
    cast.app.needy_families(HAMBAU, 12, "hand_tractor", "1").await;
    let (pledge, _) = stocked(&cast, &[line("hand_tractor", "5", &[HAMBAU])]).await;
    let (one, other) = (preview(&cast, &policy(2)).await.id(), preview(&cast, &policy(2)).await.id());
    let address = |id: &str| format!("/v1/matching-runs/{id}/commits");
    let (first, second) = (address(&one), address(&other));
    let nothing = json!({});
    let answers = tokio::join!(
        cast.first.post(&first, &nothing),
        cast.second.post(&second, &nothing),
        cast.run(&pledge, false),
        cast.second.post(&first, &nothing),
    );
    let codes = [answers.0.status, answers.1.status, answers.3.status].map(|status| status.as_u16());
    assert!(codes.iter().all(|code| [200, 409].contains(code)), "{codes:?}");
    assert_eq!(answers.2.status.as_u16(), 201);
    let made = cast.first.get("/v1/allocations?limit=200").await.expect(200);
    assert_eq!(made.body["items"].as_array().unwrap().len(), 5);
    cast.assert_sums().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_policy_that_cannot_be_is_refused_with_all_its_faults() {
    let cast = Cast::new().await;
    let new = json!({ "kinds": ["gold"], "policy": {
        "cap": 0, "round_started_on": "2099-01-01", "criteria": ["decile", "decile"],
        "portions": [{ "kind": "rice", "quantity": "0" }, { "kind": "rice", "quantity": "1" }]
    } });
    let refused = cast.first.post("/v1/matching-runs", &new).await.expect_problem(422, "invalid_fields");
    let pointers: Vec<&str> =
        refused.body["errors"].as_array().unwrap().iter().map(|fault| fault["pointer"].as_str().unwrap()).collect();
    for pointer in [
        "/policy/cap",
        "/policy/round_started_on",
        "/policy/criteria/1",
        "/kinds/0",
        "/policy/portions/0/quantity",
        "/policy/portions/1/kind",
    ] {
        assert!(pointers.contains(&pointer), "{pointer} of {pointers:?}");
    }
}
