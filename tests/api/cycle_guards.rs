//! What keeps a cycle from giving twice or too much: what is given once, months of two periods, quotas; and the way out of
//! one that cannot be approved.

use chrono::{Months, NaiveDate};
use serde_json::{Value, json};

use crate::cycles::this_month;
use crate::enrollments::{enrol, register, three_families};
use crate::households::{merger, settle};
use crate::places::{families, for_all, quota};
use crate::programs::{define, rice, rules};
use crate::support::{Answer, Client, KEMBANG_JANGGUT, KENOHAN, TestApp, texts};

const JANGGUT: &str = "64.02.10.2004";
const KELEKAT: &str = "64.02.10.2005";

/// A month by how many it is away from this one.
fn month(ahead: u32) -> NaiveDate {
    this_month() + Months::new(ahead)
}

async fn open(officer: &Client, program: &str, period: impl ToString) -> Answer {
    officer.post(&format!("/v1/programs/{program}/cycles"), &json!({ "period": period.to_string() })).await
}

fn approvals(cycle: &str) -> String {
    format!("/v1/cycles/{cycle}/approvals")
}

/// Opens a cycle and has it approved; answers it.
async fn approved(officers: (&Client, &Client), program: &str, period: impl ToString) -> Value {
    let opened = open(officers.0, program, period).await.expect(201).id();
    officers.1.post(&approvals(&opened), &json!({})).await.expect(200).body
}

/// Families on the list of a cycle, and those left out of it.
fn counts(cycle: &Value) -> (i64, i64) {
    (cycle["entitlement_count"].as_i64().unwrap(), cycle["omission_count"].as_i64().unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_given_once_is_due_once_by_a_rule_set() {
    let app = TestApp::new().await;
    let (officer, second) = (app.kecamatan().await, app.second_officer().await);
    let officers = (&officer, &second);
    let [first, ..] = three_families(&app).await;
    let program = define(&officer, &rice("TOOLS"), &rules("true", "1", "once")).await;
    enrol(&officer, &program, json!({})).await;
    let path = |ahead| format!("/v1/programs/{program}/eligibility/{first}?on={}", month(ahead));
    assert_eq!(officer.get(&path(1)).await.expect(200).body["benefit"]["quantity"], "1");
    assert_eq!(counts(&approved(officers, &program, month(0)).await), (3, 0));

    let late = register(&officer, 4, JANGGUT, 1).await;
    enrol(&officer, &program, json!({})).await;
    let next = approved(officers, &program, month(1)).await;
    assert_eq!((counts(&next), &next["entitled_quantity"]), ((1, 3), &json!("1")));
    let cycle = next["id"].as_str().unwrap();
    let due = officer.get(&format!("/v1/entitlements?cycle_id={cycle}")).await.expect(200).body;
    assert_eq!(due["items"][0]["beneficiary_id"], late);
    let left_out = format!("/v1/cycles/{cycle}/omissions?reason=already_given");
    assert_eq!(officer.get(&left_out).await.expect(200).body["items"].as_array().unwrap().len(), 3);
    // The explanation says what the cycles do: due in its own month, and given already in every other.
    let benefit = officer.get(&path(1)).await.expect(200).body["benefit"].clone();
    assert_eq!((&benefit["quantity"], &benefit["reason"]), (&json!("0"), &json!("already_given")));
    let benefit = officer.get(&path(0)).await.expect(200).body["benefit"].clone();
    assert_eq!((&benefit["quantity"], &benefit["reason"]), (&json!("1"), &Value::Null));

    // Another rule set assigns anew.
    let mut anew = rules("true", "1", "once");
    anew["effective_from"] = json!(month(2));
    officer.post(&format!("/v1/programs/{program}/rule-sets"), &anew).await.expect(201);
    assert_eq!(counts(&approved(officers, &program, month(2)).await), (4, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_approvals_at_once_one_gives_what_is_given_once() {
    let app = TestApp::new().await;
    let (officer, second) = (app.kecamatan().await, app.second_officer().await);
    three_families(&app).await;
    // By members, so that a plan says what is due to each.
    let mut by_member = rules("true", "1", "once");
    by_member.as_object_mut().unwrap().remove("benefit_quantity");
    by_member["benefit"] = json!({ "kind": "per_member", "quantity": "1", "minimum_members": 1, "maximum_members": 1 });
    for (code, given) in [("TOOLS", rules("true", "1", "once")), ("SEEDS", by_member)] {
        let program = define(&officer, &rice(code), &given).await;
        enrol(&officer, &program, json!({})).await;
        let one = open(&officer, &program, month(0)).await.expect(201).id();
        let other = open(&officer, &program, month(1)).await.expect(201).id();
        let (one, other, nothing) = (approvals(&one), approvals(&other), json!({}));
        let (one, other) = tokio::join!(second.post(&one, &nothing), second.post(&other, &nothing));
        let (one, other) = (counts(&one.expect(200).body), counts(&other.expect(200).body));
        assert_eq!((one.0 + other.0, one.1 + other.1), (3, 3), "{code}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_due_before_a_move_is_not_due_again_after_it() {
    let app = TestApp::new().await;
    let both = app.client_of("kecamatan_officer", &[KEMBANG_JANGGUT, KENOHAN], None).await;
    let (officer, second) = (app.kecamatan().await, app.second_officer().await);
    let (neighbour, fourth) =
        (app.client("kecamatan_officer", KENOHAN).await, app.client("second_officer", KENOHAN).await);
    let home = settle(&officer, 1).await;
    let (tools, quarterly) = (rules("true", "1", "once"), rules("true", "30", "quarter"));
    let (tools, cash) =
        (define(&officer, &rice("TOOLS"), &tools).await, define(&officer, &rice("RICE"), &quarterly).await);
    let mut monthly = rules("true", "10", "month");
    monthly["effective_from"] = json!("2026-02-01");
    officer.post(&format!("/v1/programs/{cash}/rule-sets"), &monthly).await.expect(201);
    app.arrange("update programs set owner_area_id = null").await;
    for program in [&tools, &cash] {
        enrol(&officer, program, json!({ "started_on": "2026-01-01" })).await;
        assert_eq!(counts(&approved((&officer, &second), program, "2026-01-01").await), (1, 0));
    }
    let moves = json!({ "village_code": "64.02.09.2001", "address": "RT 01", "on": "2026-02-03" });
    both.post(&format!("{}/relocations", home.path), &moves).await.expect(201);
    for program in [&tools, &cash] {
        enrol(&neighbour, program, json!({ "started_on": "2026-02-04" })).await;
    }
    let there = (&neighbour, &fourth);
    assert_eq!(counts(&approved(there, &tools, "2026-05-01").await), (0, 1));
    // The quarter that was due there has March in it, and April begins another one.
    for (period, due) in [("2026-02-01", 0), ("2026-03-01", 0), ("2026-04-01", 1)] {
        assert_eq!(counts(&approved(there, &cash, period).await).0, due, "{period}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_due_to_a_record_that_was_merged_moves_with_the_family_it_went_on_as() {
    let app = TestApp::new().await;
    let both = app.client_of("kecamatan_officer", &[KEMBANG_JANGGUT, KENOHAN], None).await;
    let (officer, second) = (app.kecamatan().await, app.second_officer().await);
    let (neighbour, fourth) =
        (app.client("kecamatan_officer", KENOHAN).await, app.client("second_officer", KENOHAN).await);
    let (lasting, ending) = (settle(&officer, 1).await, settle(&officer, 2).await);
    let (tools, monthly) = (rules("true", "1", "once"), rules("true", "10", "month"));
    let programs = [define(&officer, &rice("TOOLS"), &tools).await, define(&officer, &rice("RICE"), &monthly).await];
    app.arrange("update programs set owner_area_id = null").await;
    for program in &programs {
        enrol(&officer, program, json!({ "beneficiary_ids": [ending.id], "started_on": "2026-01-01" })).await;
        assert_eq!(counts(&approved((&officer, &second), program, "2026-02-01").await), (1, 0));
    }
    officer.post(&format!("{}/mergers", ending.path), &merger(&ending, &lasting)).await.expect(201);
    let moves = json!({ "village_code": "64.02.09.2001", "address": "RT 01", "on": "2026-02-10" });
    both.post(&format!("{}/relocations", lasting.path), &moves).await.expect(201);
    for (program, period) in programs.iter().zip(["2026-05-01", "2026-02-01"]) {
        enrol(&neighbour, program, json!({ "started_on": "2026-02-11" })).await;
        let there = approved((&neighbour, &fourth), program, period).await;
        assert_eq!(counts(&there).0, 0, "{period}");
    }
}

/// A program by quarters first and by months from February on.
async fn quarters_then_months(officer: &Client) -> String {
    let program = define(officer, &rice("RICE"), &rules("true", "30", "quarter")).await;
    let mut monthly = rules("true", "10", "month");
    monthly["effective_from"] = json!("2026-02-01");
    officer.post(&format!("/v1/programs/{program}/rule-sets"), &monthly).await.expect(201);
    program
}

#[tokio::test(flavor = "multi_thread")]
async fn no_two_cycles_stand_for_the_same_month() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    let program = quarters_then_months(&officer).await;
    let quarter = open(&officer, &program, "2026-01-01").await.expect(201).id();
    for month in ["2026-01-01", "2026-02-01", "2026-03-01"] {
        let refused = open(&officer, &program, month).await.expect_problem(409, "cycle_exists");
        assert_eq!(refused.body["related"]["id"], quarter, "{month}");
    }
    open(&officer, &program, "2026-04-01").await.expect(201);
    let reason = json!({ "reason": "Triwulan pertama dibayar per bulan" });
    officer.post(&format!("/v1/cycles/{quarter}/cancellations"), &reason).await.expect(200);
    let march = open(&officer, &program, "2026-03-01").await.expect(201).id();
    let refused = open(&officer, &program, "2026-01-01").await.expect_problem(409, "cycle_exists");
    assert_eq!(refused.body["related"]["id"], march);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_has_waited_since_before_months_were_claimed_gives_none_twice() {
    let app = TestApp::new().await;
    let (officer, second) = (app.kecamatan().await, app.second_officer().await);
    let program = quarters_then_months(&officer).await;
    let quarter = open(&officer, &program, "2026-01-01").await.expect(201).id();
    app.arrange("delete from cycle_months").await;
    let february = open(&officer, &program, "2026-02-01").await.expect(201).id();
    let refused = second.post(&approvals(&quarter), &json!({})).await.expect_problem(409, "cycle_exists");
    assert_eq!(refused.body["related"]["id"], february);
    second.post(&approvals(&february), &json!({})).await.expect(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_cycles_at_once_that_share_a_month_one_is_opened() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    let program = quarters_then_months(&officer).await;
    let periods = ["2026-01-01", "2026-02-01"];
    let (one, other) = tokio::join!(open(&officer, &program, periods[0]), open(&officer, &program, periods[1]));
    let mut statuses = [one.status.as_u16(), other.status.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [201, 409]);
    let refused = if one.status == 409 { one } else { other };
    refused.expect_problem(409, "cycle_exists");
    assert_eq!(texts(&app, "select id::text as found from cycles").await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cycle_that_waits_for_approval_can_be_cancelled() {
    let app = TestApp::new().await;
    let (officer, second) = (app.kecamatan().await, app.second_officer().await);
    three_families(&app).await;
    let program = for_all(&officer, "RICE").await;
    enrol(&officer, &program, json!({})).await;
    let id = open(&officer, &program, month(0)).await.expect(201).id();
    let path = format!("/v1/cycles/{id}/cancellations");
    let reason = json!({ "reason": "Pagu keliru" });
    officer.post(&path, &json!({})).await.expect_problem(422, "invalid_fields");
    let neighbour = app.client("kecamatan_officer", KENOHAN).await;
    neighbour.post(&path, &reason).await.expect_problem(404, "not_found");
    let cancelled = officer.post(&path, &reason).await.expect(200);
    assert_eq!(
        (&cancelled.body["status"], &cancelled.body["cancelled_by"], &cancelled.body["cancellation_reason"]),
        (&json!("cancelled"), &json!(officer.id), &json!("Pagu keliru"))
    );
    assert_eq!(officer.get(&format!("/v1/cycles/{id}")).await.expect(200).body, cancelled.body);
    officer.post(&path, &reason).await.expect_problem(409, "cycle_not_planned");
    second.post(&approvals(&id), &json!({})).await.expect_problem(409, "cycle_not_planned");
    let lost =
        json!({ "quantity": "1", "stage": "transport", "reason": "accident", "lost_on": month(0), "liable": "Bulog" });
    officer.post(&format!("/v1/cycles/{id}/losses"), &lost).await.expect_problem(409, "cycle_not_approved");
    assert_eq!(app.told(&officer).await.last().unwrap(), "cycle.cancelled");
    assert_eq!(app.recorded().await.last().unwrap(), "cancel_cycle");
    // Its period is free, and what is approved stays.
    let anew = approved((&officer, &second), &program, month(0)).await;
    assert_eq!(counts(&anew), (3, 0));
    let path = format!("/v1/cycles/{}/cancellations", anew["id"].as_str().unwrap());
    officer.post(&path, &reason).await.expect_problem(409, "cycle_not_planned");
    let listed = format!("/v1/programs/{program}/cycles?period={}", month(0));
    assert_eq!(officer.get(&listed).await.expect(200).body["items"].as_array().unwrap().len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_with_more_families_than_places_is_not_approved() {
    let app = TestApp::new().await;
    let (officer, second) = (app.kecamatan().await, app.second_officer().await);
    let [_, other, _] = three_families(&app).await;
    let program = for_all(&officer, "RICE").await;
    enrol(&officer, &program, json!({})).await;
    let cycle = open(&officer, &program, month(0)).await.expect(201).id();
    // Set afterwards: who has a place keeps it, and the list is what is held to it.
    let of_village = quota(&officer, &program, Some(KELEKAT), 1).await;
    quota(&officer, &program, None, 2).await;
    let refused = second.post(&approvals(&cycle), &json!({})).await.expect_problem(409, "cycle_over_quota");
    let detail = refused.body["detail"].as_str().unwrap();
    assert!(detail.contains("64.02.10.2005: 2 > 1") && detail.contains("total: 3 > 2"), "{detail}");
    assert_eq!(refused.body["related"]["id"], of_village);
    assert_eq!(texts(&app, "select id::text as found from entitlements").await.len(), 0);

    let listed = officer.get(&format!("/v1/enrollments?beneficiary_id={other}")).await.expect(200).body;
    let rests = format!("/v1/enrollments/{}/suspensions", listed["items"][0]["id"].as_str().unwrap());
    officer.post(&rests, &json!({ "reason": "Away" })).await.expect(200);
    let approved = second.post(&approvals(&cycle), &json!({})).await.expect(200).body;
    assert_eq!(counts(&approved), (2, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_keeps_to_its_quota_while_somebody_is_activated() {
    let app = TestApp::new().await;
    let (officer, second) = (app.kecamatan().await, app.second_officer().await);
    let ids = families(&officer, 1, JANGGUT, &[1, 2, 3]).await;
    for round in 0..4 {
        let program = for_all(&officer, &format!("RICE-{round}")).await;
        enrol(&officer, &program, json!({ "beneficiary_ids": ids[..2] })).await;
        enrol(&officer, &program, json!({ "becomes": "confirmed" })).await;
        quota(&officer, &program, Some(JANGGUT), 2).await;
        let cycle = open(&officer, &program, month(0)).await.expect(201).id();
        let activation = format!("/v1/programs/{program}/enrollment-activations");
        let (approval, nothing) = (approvals(&cycle), json!({}));
        let (frozen, active) = tokio::join!(second.post(&approval, &nothing), officer.post(&activation, &nothing));
        assert_eq!(active.expect(200).body["activated"], 1);
        if frozen.status == 200 {
            assert_eq!(counts(&frozen.body), (2, 0));
        } else {
            frozen.expect_problem(409, "cycle_over_quota");
        }
        let due = format!("select id::text as found from entitlements where program_id = '{program}'");
        assert!(texts(&app, &due).await.len() <= 2);
    }
}
