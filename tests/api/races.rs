//! What happens to one family at the same moment: nothing is lost, nothing doubled.

use std::future::Future;
use std::pin::pin;
use std::time::Duration;

use chrono::{DateTime, SubsecRound as _, Utc};
use diesel_async::{AsyncConnection, AsyncPgConnection, SimpleAsyncConnection};
use serde_json::{Value, json};

use crate::beneficiaries::family;
use crate::cycles::{rice_for_three, this_month};
use crate::deliveries::delivery;
use crate::delivery_returns::came_back;
use crate::duplicates_mergers::{decided, merger as made_one, two_cards};
use crate::enrollments::enrol;
use crate::households::{faults_of_register, merger, settle, today};
use crate::programs::{define, rice, rules};
use crate::stock::{at, receive, rice_at, site, transfer};
use crate::support::{Answer, Client, KEMBANG_JANGGUT, KENOHAN, TestApp, texts};

/// Rounds of each race; the order in which two who wait go on is the database's.
const ROUNDS: u32 = 4;

/// Sends two requests while somebody else holds families, so that both have begun when they are let go.
async fn at_once(
    app: &TestApp,
    families: &[&str],
    (one, other): (impl Future<Output = Answer>, impl Future<Output = Answer>),
) -> (Answer, Answer) {
    let ids: Vec<String> = families.iter().map(|id| format!("'{id}'")).collect();
    let mut holder = app.database.owner().await;
    let hold = format!("begin; select from beneficiaries where id in ({}) order by id for update", ids.join(", "));
    holder.batch_execute(&hold).await.unwrap();
    let let_go = async {
        tokio::time::sleep(Duration::from_millis(250)).await;
        holder.batch_execute("commit").await.unwrap();
    };
    let (one, other, ()) = tokio::join!(one, other, let_go);
    (one, other)
}

/// Sends a request that must wait for rows; answers it, and an instant at which it waited.
pub(crate) async fn behind(
    app: &TestApp,
    rows: &str,
    request: impl Future<Output = Answer>,
) -> (Answer, DateTime<Utc>) {
    let mut holder = app.database.owner().await;
    holder.batch_execute(&format!("begin; select from {rows}")).await.unwrap();
    // Who waits for what is shown to the role that waits.
    let mut other = AsyncPgConnection::establish(&app.database.service_url).await.unwrap();
    let wait = "do $$ begin
        while not exists (
            select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'
        ) loop
            perform pg_sleep(0.02), pg_stat_clear_snapshot();
        end loop;
    end $$";
    let mut request = pin!(request);
    tokio::select! {
        answer = &mut request => panic!("it did not wait for {rows}: {}", answer.text),
        waits = other.batch_execute(wait) => waits.unwrap(),
    }
    let at = Utc::now().trunc_subsecs(6);
    holder.batch_execute("commit").await.unwrap();
    (request.await, at)
}

pub(crate) fn instant(of: &Value) -> DateTime<Utc> {
    of.as_str().unwrap().parse().unwrap()
}

/// A program of the state that every family is eligible for.
async fn program(app: &TestApp, officer: &Client, code: &str) -> String {
    let program = define(officer, &rice(code), &rules("true", "10", "month")).await;
    app.arrange(&format!("update programs set owner_area_id = null where id = '{program}'")).await;
    program
}

/// Opens this month's cycle; answers where it is approved.
async fn planned(officer: &Client, program: &str) -> String {
    let new = json!({ "period": this_month() });
    let cycle = officer.post(&format!("/v1/programs/{program}/cycles"), &new).await.expect(201).id();
    format!("/v1/cycles/{cycle}/approvals")
}

async fn count(app: &TestApp, from: &str) -> i64 {
    texts(app, &format!("select count(*)::text as found from {from}")).await[0].parse().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_month_is_due_once_to_a_family_that_moves_while_the_list_freezes() {
    let app = TestApp::new().await;
    let both = app.client_of("kecamatan_officer", &[KEMBANG_JANGGUT, KENOHAN], None).await;
    let (officer, second) = (app.kecamatan().await, app.second_officer().await);
    let (neighbour, fourth) =
        (app.client("kecamatan_officer", KENOHAN).await, app.client("second_officer", KENOHAN).await);
    for round in 0..ROUNDS {
        let home = settle(&officer, 1 + round).await;
        let program = program(&app, &officer, &format!("RICE-{round}")).await;
        enrol(&officer, &program, json!({ "beneficiary_ids": [home.id] })).await;
        let approval = planned(&officer, &program).await;
        let moves = json!({ "village_code": "64.02.09.2001", "address": "RT 01", "on": "2026-02-03" });
        let (path, nothing) = (format!("{}/relocations", home.path), json!({}));
        let (frozen, moved) =
            at_once(&app, &[&home.id], (second.post(&approval, &nothing), both.post(&path, &moves))).await;
        let due_here = frozen.expect(200).body["entitlement_count"].as_i64().unwrap();
        moved.expect(201);
        // What froze here is known there, and the other sub-district owes the rest.
        let of_family = format!("where beneficiary_id = '{}' and program_id = '{program}'", home.id);
        assert_eq!(count(&app, &format!("entitlements {of_family}")).await, due_here);
        assert_eq!(count(&app, &format!("carried_entitlements {of_family}")).await, due_here);
        enrol(&neighbour, &program, json!({ "beneficiary_ids": [home.id] })).await;
        let approval = planned(&neighbour, &program).await;
        fourth.post(&approval, &json!({})).await.expect(200);
        assert_eq!(count(&app, &format!("entitlements {of_family}")).await, 1);
        assert_eq!(count(&app, &format!("enrollments {of_family} and area_id = 1 and status <> 'exited'")).await, 0);
    }
    assert_eq!(faults_of_register(&app).await, Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_month_is_due_once_to_a_household_that_is_made_one_while_the_list_freezes() {
    for _ in 0..ROUNDS {
        let app = TestApp::new().await;
        let (officer, second) = (app.kecamatan().await, app.second_officer().await);
        two_cards(&officer).await;
        let pair = decided(&officer).await;
        let (one, other) =
            (pair["one_beneficiary_id"].as_str().unwrap(), pair["other_beneficiary_id"].as_str().unwrap());
        let program = program(&app, &officer, "RICE").await;
        enrol(&officer, &program, json!({ "beneficiary_ids": [other] })).await;
        let approval = planned(&officer, &program).await;
        let (whole, nothing) = (made_one(&pair, "one_member_id", &json!({ "merges_families": true })), json!({}));
        let requests = (second.post(&approval, &nothing), officer.post("/v1/duplicates/mergers", &whole));
        let (frozen, merged) = at_once(&app, &[one, other], requests).await;
        assert_eq!(frozen.expect(200).body["entitlement_count"], 1, "whichever of the two has the enrollment");
        merged.expect(201);
        assert_eq!(count(&app, "entitlements").await, 1);
        assert_eq!(count(&app, &format!("enrollments where beneficiary_id = '{one}' and status = 'active'")).await, 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_waits_is_younger_than_what_it_waited_for() {
    let app = TestApp::new().await;
    let (officer, second) = (app.kecamatan().await, app.second_officer().await);
    let (_, _, due) = rice_for_three(&app, &officer).await;
    let held = |table: &str, id: &Value| format!("{table} where id = '{}' for update", id.as_str().unwrap());

    // A list is not older than the families that it was frozen from.
    let other = self::program(&app, &officer, "OTHER").await;
    enrol(&officer, &other, json!({})).await;
    let (approval, nothing) = (planned(&officer, &other).await, json!({}));
    let family = held("beneficiaries", &due[0]["beneficiary_id"]);
    let (approved, waited) = behind(&app, &family, second.post(&approval, &nothing)).await;
    assert!(instant(&approved.expect(200).body["approved_at"]) >= waited);

    let made = officer.post("/v1/deliveries", &delivery(&due[0], "10")).await.expect(201).id();
    let (returns, new) = (format!("/v1/deliveries/{made}/returns"), came_back("4", true));
    let entitlement = held("entitlements", &due[0]["id"]);
    let (back, waited) = behind(&app, &entitlement, officer.post(&returns, &new)).await;
    assert!(instant(&back.expect(201).body["created_at"]) >= waited);
}

#[tokio::test(flavor = "multi_thread")]
async fn goods_were_there_before_they_were_taken_away() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    let (from, to) = (site(&officer, "Gudang A").await, site(&officer, "Gudang B").await);
    let lot = receive(&officer, &rice_at(&from, "7")).await;
    let held = "ledger_balances b where account_id in (select id from ledger_accounts where kind = 'stock') for update";
    let (path, new) = (format!("/v1/stock-lots/{lot}/transfers"), transfer(&from, &to, "7"));
    let (moved, waited) = behind(&app, held, officer.post(&path, &new)).await;
    assert!(instant(&moved.expect(201).body["created_at"]) >= waited);
    // What it waited for could have been what it takes: then nothing had left yet.
    let then = waited.to_rfc3339_opts(chrono::SecondsFormat::Micros, true);
    let there = officer.get(&format!("/v1/stock-balances?stock_lot_id={lot}&as_of={then}")).await.expect(200).body;
    assert_eq!(there["items"][0]["stock_site_id"], json!(from));
    assert_eq!(at(&officer, &lot, &to).await, "7");
}

/// Enrollments that live on in families that do not.
const STRAY: &str = "enrollments e join beneficiaries b on b.area_id = e.area_id and b.id = e.beneficiary_id
    where e.status <> 'exited' and b.status <> 'live'";

#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_enrolled_who_ends_or_joins_another_family_at_that_moment() {
    let app = TestApp::new().await;
    let (officer, other) = (app.kecamatan().await, app.kecamatan().await);
    for round in 0..ROUNDS {
        let (ending, lasting) = (settle(&officer, 10 + 2 * round).await, settle(&officer, 11 + 2 * round).await);
        let program = program(&app, &officer, &format!("RICE-{round}")).await;
        let (runs, run) =
            (format!("/v1/programs/{program}/enrollment-runs"), json!({ "decree_number": "140/07/2026" }));
        let (mergers, joins) = (format!("{}/mergers", ending.path), merger(&ending, &lasting));
        let requests = (officer.post(&runs, &run), other.post(&mergers, &joins));
        let (enrolled, merged) = at_once(&app, &[&ending.id], requests).await;
        enrolled.expect(200);
        let told = merged.expect(201).body["ended_enrollments"].as_array().unwrap().len();
        assert_eq!(count(&app, STRAY).await, 0, "round {round}");
        let of_ending = format!("enrollments where beneficiary_id = '{}' and program_id = '{program}'", ending.id);
        assert_eq!(count(&app, &of_ending).await, i64::try_from(told).unwrap(), "an enrollment that ended is told");

        // The last one of a family leaves.
        let card = format!("64021010012090{:02}", 60 + round);
        let alone = officer.post("/v1/beneficiaries", &one_person(&card)).await.expect(201);
        let members = officer.get(&format!("/v1/beneficiaries/{}/members", alone.id())).await.expect(200).body;
        let departures = format!("/v1/members/{}/departures", members["items"][0]["id"].as_str().unwrap());
        let leaves = json!({ "reason": "moved", "on": today() });
        let requests = (officer.post(&runs, &run), other.post(&departures, &leaves));
        let (enrolled, left) = at_once(&app, &[&alone.id()], requests).await;
        enrolled.expect(200);
        left.expect(201);
        assert_eq!(count(&app, STRAY).await, 0, "round {round}");
    }
    assert_eq!(faults_of_register(&app).await, Vec::<String>::new());
}

fn one_person(card: &str) -> Value {
    let mut new = family(card, "6402104101909001");
    new["members"] = json!([{ "name": "Contoh Sendiri", "sex": "female", "relationship": "head" }]);
    new
}

#[tokio::test(flavor = "multi_thread")]
async fn of_a_request_and_a_patch_of_one_record_none_is_overwritten() {
    let app = TestApp::new().await;
    let (puskesos, officer, other) = (app.puskesos().await, app.kecamatan().await, app.kecamatan().await);
    for round in 0..ROUNDS {
        let home = settle(&puskesos, 1 + round).await;
        let member = format!("/v1/members/{}", home.members[0]);
        for (path, asked, patched) in [
            (&home.path, json!({ "address": "RT 07" }), json!({ "phone": "+6284000012345" })),
            (&member, json!({ "work": "farmer" }), json!({ "work": "teacher" })),
        ] {
            let before = officer.get(path).await.expect(200).body;
            let version = before["version"].as_i64().unwrap();
            let new = json!({ "version": version, "changes": asked });
            let request = puskesos.post(&format!("{path}/change-requests"), &new).await.expect(201).id();
            let (approval, nothing) = (format!("/v1/change-requests/{request}/approvals"), json!({}));
            let etag = format!("\"{version}\"");
            let requests = (officer.post(&approval, &nothing), other.patch(path, &etag, &patched));
            let (applied, changed) = at_once(&app, &[&home.id], requests).await;
            let statuses = [applied.status.as_u16(), changed.status.as_u16()];
            let wins = statuses.iter().filter(|status| **status == 200).count();
            assert!(wins > 0, "{} {}", applied.text, changed.text);
            if statuses[0] != 200 {
                applied.expect_problem(409, "change_request_stale");
            }
            if statuses[1] != 200 {
                changed.expect_problem(412, "version_stale");
            }
            // What was answered with yes is there, and nothing else.
            let after = officer.get(path).await.expect(200).body;
            assert_eq!(after["version"], version + i64::try_from(wins).unwrap());
            for (is_in, changes) in [(statuses[0] == 200, &asked), (statuses[1] == 200, &patched)] {
                for (field, value) in changes.as_object().unwrap() {
                    assert_eq!(after[field] == *value, is_in, "{field} after {statuses:?}");
                }
            }
            let status =
                officer.get(&format!("/v1/change-requests/{request}")).await.expect(200).body["status"].clone();
            assert_eq!(status, if statuses[0] == 200 { "applied" } else { "pending" });
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_command_whose_connection_was_lost_is_asked_again_by_its_key() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    let home = settle(&officer, 1).await;
    let (path, key) = (format!("{}/relocations", home.path), uuid::Uuid::now_v7().to_string());
    let moves = json!({ "village_code": "64.02.10.2005", "address": "RT 01", "on": "2026-02-03" });
    let mut holder = app.database.owner().await;
    holder
        .batch_execute(&format!("begin; select from beneficiaries where id = '{}' for update", home.id))
        .await
        .unwrap();
    // Whoever has the same role may end a connection.
    let mut other = AsyncPgConnection::establish(&app.database.service_url).await.unwrap();
    let end = other.batch_execute(
        "do $$ declare ended int := 0; begin
            while ended = 0 loop
                perform pg_sleep(0.05), pg_stat_clear_snapshot();
                select count(*) filter (where pg_terminate_backend(pid)) into ended from pg_stat_activity
                where datname = current_database() and wait_event_type = 'Lock';
            end loop;
        end $$",
    );
    let (lost, ended) = tokio::join!(officer.post_keyed(&path, &key, &moves), end);
    ended.unwrap();
    let lost = lost.expect_problem(503, "service_unavailable");
    assert_eq!(lost.header("retry-after"), "2");
    holder.batch_execute("commit").await.unwrap();
    officer.post_keyed(&path, &key, &moves).await.expect(201);
    assert_eq!(count(&app, "relocations").await, 1);
}
