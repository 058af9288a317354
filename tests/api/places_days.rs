//! The day that a caller gives leads past no rule, and a run judges families as they are when it holds them.

use chrono::{Days, Months, NaiveDate, TimeDelta, Utc};
use serde_json::{Value, json};

use crate::enrollments::enrol;
use crate::places::{basis, families, for_all, quota, taken, waiting};
use crate::programs::{define, rice, rules};
use crate::races::behind;
use crate::support::{Answer, Client, TestApp};

const JANGGUT: &str = "64.02.10.2004";

/// Proposes a family; answers where its enrollment is.
async fn proposed(officer: &Client, program: &str, family: &str) -> String {
    let run = format!("/v1/programs/{program}/enrollment-proposals");
    officer.post(&run, &json!({ "beneficiary_ids": [family] })).await.expect(200);
    let listed = format!("/v1/enrollments?program_id={program}&beneficiary_id={family}&status=proposed");
    let listed = officer.get(&listed).await.expect(200).body;
    format!("/v1/enrollments/{}", listed["items"][0]["id"].as_str().unwrap())
}

async fn confirm(officer: &Client, enrollment: &str, first_day: impl ToString) -> Answer {
    let new = json!({ "decree_number": "140/10/2026", "started_on": first_day.to_string() });
    officer.post(&format!("{enrollment}/confirmations"), &new).await
}

fn ahead(days: u64) -> NaiveDate {
    (Utc::now() + TimeDelta::hours(8)).date_naive() + Days::new(days)
}

fn first_fault(answer: &Answer) -> (&Value, &Value) {
    let fault = &answer.body["errors"][0];
    (&fault["pointer"], &fault["code"])
}

#[tokio::test(flavor = "multi_thread")]
async fn no_first_day_leads_past_a_quota_of_today() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    let ids = families(&officer, 1, JANGGUT, &[1, 2, 3]).await;
    let program = for_all(&officer, "RICE").await;
    let new = json!({ "village_code": JANGGUT, "places": 1, "decree_number": "140/09/2026",
                      "effective_from": "2026-06-01", "effective_to": ahead(30) });
    let quota = officer.post(&format!("/v1/programs/{program}/quotas"), &new).await.expect(201).id();
    enrol(&officer, &program, json!({ "beneficiary_ids": [ids[0]] })).await;
    let second = proposed(&officer, &program, &ids[1]).await;
    for day in ["2026-05-31".to_owned(), ahead(31).to_string()] {
        let refused = confirm(&officer, &second, &day).await.expect_problem(409, "quota_full");
        assert_eq!(refused.body["related"]["id"], quota, "{day}");
        let run = enrol(&officer, &program, json!({ "started_on": day })).await;
        assert_eq!((&run["enrolled"], &run["already_enrolled"]), (&json!(0), &json!(1)), "{day}");
    }
    assert_eq!((taken(&app, &program).await, waiting(&officer, &program).await.len()), (1, 2));
}

#[tokio::test(flavor = "multi_thread")]
async fn no_first_day_leads_past_an_overlap_rule_of_today() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    let ids = families(&officer, 1, JANGGUT, &[1]).await;
    let (blt, pkh) = (for_all(&officer, "BLT").await, for_all(&officer, "PKH").await);
    let rule = json!({ "code": "BLT-NOT-PKH", "kind": "excludes", "program_ids": [blt], "excluded_program_ids": [pkh],
                       "legal_basis": basis(), "effective_from": "2026-06-01", "effective_to": ahead(30) });
    officer.post("/v1/overlap-rules", &rule).await.expect(201);
    enrol(&officer, &pkh, json!({})).await;
    let family = proposed(&officer, &blt, &ids[0]).await;
    for day in ["2026-05-31".to_owned(), ahead(31).to_string()] {
        confirm(&officer, &family, &day).await.expect_problem(409, "program_overlaps");
        assert_eq!(enrol(&officer, &blt, json!({ "started_on": day })).await["refused"], 1, "{day}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_comes_onto_a_program_by_rules_that_are_over() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    let ids = families(&officer, 1, JANGGUT, &[1, 4]).await;
    let program = define(&officer, &rice("RICE"), &rules("family.decile <= 4", "10", "month")).await;
    let mut stricter = rules("family.decile <= 2", "10", "month");
    stricter["effective_from"] = json!("2026-06-01");
    officer.post(&format!("/v1/programs/{program}/rule-sets"), &stricter).await.expect(201);
    let path = format!("/v1/programs/{program}/enrollment-proposals");
    let made = officer.post(&path, &json!({ "started_on": "2026-05-31" })).await.expect(200).body;
    assert_eq!((&made["proposed"], &made["not_eligible"]), (&json!(1), &json!(1)));
    let run = enrol(&officer, &program, json!({ "started_on": "2026-05-31" })).await;
    assert_eq!((&run["enrolled"], &run["not_eligible"]), (&json!(1), &json!(1)));
    assert_eq!(run["rule_set_number"], 1);
    app.arrange(&format!("update beneficiaries set decile = 1 where id = '{}'", ids[1])).await;
    let family = proposed(&officer, &program, &ids[1]).await;
    app.arrange(&format!("update beneficiaries set decile = 4 where id = '{}'", ids[1])).await;
    confirm(&officer, &family, "2026-05-31").await.expect_problem(409, "no_longer_eligible");
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_active_before_the_first_day() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    let ids = families(&officer, 1, JANGGUT, &[1, 2]).await;
    let program = for_all(&officer, "RICE").await;
    let family = proposed(&officer, &program, &ids[0]).await;
    let refused = confirm(&officer, &family, ahead(400)).await.expect_problem(422, "invalid_fields");
    assert_eq!(first_fault(&refused), (&json!("/started_on"), &json!("date_too_far_ahead")));
    let proposal = json!({ "beneficiary_ids": [ids[1]], "started_on": ahead(400) });
    let refused = officer.post(&format!("/v1/programs/{program}/enrollment-proposals"), &proposal).await;
    let refused = refused.expect_problem(422, "invalid_fields");
    assert_eq!(first_fault(&refused), (&json!("/started_on"), &json!("date_too_far_ahead")));
    confirm(&officer, &family, ahead(10)).await.expect(200);
    let refused = officer.post(&format!("{family}/activations"), &json!({})).await;
    let refused = refused.expect_problem(409, "enrollment_not_begun");
    assert!(refused.body["detail"].as_str().unwrap().contains(&ahead(10).to_string()), "{}", refused.text);
    let run = format!("/v1/programs/{program}/enrollment-activations");
    let refused = officer.post(&run, &json!({ "on": ahead(10) })).await.expect_problem(422, "invalid_fields");
    assert_eq!(first_fault(&refused), (&json!("/on"), &json!("date_in_future")));
    assert_eq!(officer.post(&run, &json!({})).await.expect(200).body["activated"], 0);
    // A run confirms them until then, whatever they shall become.
    let enrolled = enrol(&officer, &program, json!({ "started_on": ahead(10), "becomes": "active" })).await;
    assert_eq!(enrolled["enrolled"], 1);
    let listed = officer.get(&format!("/v1/enrollments?program_id={program}&status=confirmed")).await.expect(200);
    assert_eq!(listed.body["items"].as_array().unwrap().len(), 2);
    let active = enrol(&officer, &for_all(&officer, "SEEDS").await, json!({})).await;
    assert_eq!(active["enrolled"], 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn whole_lists_begin_within_a_year() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    let ids = families(&officer, 1, JANGGUT, &[1]).await;
    let last = sinergi::db::today().checked_add_months(Months::new(12)).unwrap();
    for (code, run) in [("RICE", "enrollment-proposals"), ("SEEDS", "enrollment-runs")] {
        let program = for_all(&officer, code).await;
        let from = async |day: NaiveDate| {
            let mut new = json!({ "beneficiary_ids": ids, "started_on": day });
            if run == "enrollment-runs" {
                new["decree_number"] = json!("140/07/2026");
            }
            officer.post(&format!("/v1/programs/{program}/{run}"), &new).await
        };
        let refused = from(last.succ_opt().unwrap()).await.expect_problem(422, "invalid_fields");
        assert_eq!(first_fault(&refused), (&json!("/started_on"), &json!("date_too_far_ahead")), "{run}");
        let listed = format!("/v1/enrollments?program_id={program}");
        assert_eq!(officer.get(&listed).await.expect(200).body["items"], json!([]), "{run}");
        assert_eq!(from(last).await.expect(200).body["started_on"], json!(last), "{run}");
        assert_eq!(officer.get(&listed).await.expect(200).body["items"].as_array().unwrap().len(), 1, "{run}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_replacement_is_of_a_day_that_was() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    let ids = families(&officer, 1, JANGGUT, &[1, 2]).await;
    let program = for_all(&officer, "RICE").await;
    quota(&officer, &program, Some(JANGGUT), 1).await;
    enrol(&officer, &program, json!({})).await;
    let listed = officer.get(&format!("/v1/enrollments?beneficiary_id={}", ids[0])).await.expect(200).body;
    let path = format!("/v1/enrollments/{}/replacements", listed["items"][0]["id"].as_str().unwrap());
    let papers = json!({ "reason": "moved", "sptjm_number": "SPTJM/4", "handover_number": "BAST/31",
                         "replaced_on": ahead(1) });
    let refused = officer.post(&path, &papers).await.expect_problem(422, "invalid_fields");
    assert_eq!(first_fault(&refused), (&json!("/replaced_on"), &json!("date_in_future")));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_judges_and_orders_by_what_was_recorded_until_it_holds_the_families() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    let ids = families(&officer, 1, JANGGUT, &[1, 1, 3]).await;
    let program = define(&officer, &rice("RICE"), &rules("family.decile <= 4", "10", "month")).await;
    quota(&officer, &program, Some(JANGGUT), 1).await;
    // Ranks come in meanwhile: one family is rich by them, another one less poor than the third.
    let ranks = format!(
        "beneficiaries where id in ('{0}', '{1}') order by id for update;
         update beneficiaries set decile = 9 where id = '{0}'; update beneficiaries set decile = 4 where id = '{1}'",
        ids[0], ids[1]
    );
    let path = format!("/v1/programs/{program}/enrollment-runs");
    let decree = json!({ "decree_number": "140/07/2026" });
    let (run, _) = behind(&app, &ranks, officer.post(&path, &decree)).await;
    let run = run.expect(200).body;
    assert_eq!(
        (&run["enrolled"], &run["reserved"], &run["not_eligible"], &run["considered"]),
        (&json!(1), &json!(1), &json!(1), &json!(3))
    );
    let placed = officer.get(&format!("/v1/enrollments?program_id={program}")).await.expect(200).body;
    assert_eq!(placed["items"][0]["beneficiary_id"], ids[2]);
    assert_eq!(waiting(&officer, &program).await, [(ids[1].clone(), 1)]);
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_has_left_before_the_last_day() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    let ids = families(&officer, 1, JANGGUT, &[1]).await;
    let program = for_all(&officer, "RICE").await;
    enrol(&officer, &program, json!({})).await;
    let listed = officer.get(&format!("/v1/enrollments?program_id={program}")).await.expect(200).body;
    let exits = format!("/v1/enrollments/{}/exits", listed["items"][0]["id"].as_str().unwrap());
    let exit = |day: NaiveDate| json!({ "reason": "graduated", "ended_on": day });
    let early = officer.post(&exits, &exit(ahead(1))).await.expect_problem(422, "invalid_fields");
    assert_eq!(first_fault(&early), (&json!("/ended_on"), &json!("date_in_future")));
    let meeting = json!({ "village_code": JANGGUT, "program_id": program, "held_on": "2026-11-10",
        "minutes_number": "BA/1", "minutes_digest": "ab".repeat(32), "minutes_media_type": "application/pdf",
        "attendee_count": 31, "decisions": [{ "beneficiary_id": ids[0], "decision": "remove", "reason": "Hasil musyawarah",
            "exit_reason": "graduated" }] });
    let meeting = officer.post("/v1/deliberations", &meeting).await.expect(201).id();
    let applications = format!("/v1/deliberations/{meeting}/applications");
    let apply = |day: NaiveDate| json!({ "decree_number": "7/KEPDES/2026", "effective_on": day });
    let early = officer.post(&applications, &apply(ahead(1))).await.expect_problem(422, "invalid_fields");
    assert_eq!(first_fault(&early), (&json!("/effective_on"), &json!("date_in_future")));
    assert_eq!(taken(&app, &program).await, 1);
    officer.post(&applications, &apply(ahead(0))).await.expect(200);
    assert_eq!(taken(&app, &program).await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_has_not_begun_ends_on_its_first_day() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    families(&officer, 1, JANGGUT, &[1, 2]).await;
    let program = for_all(&officer, "RICE").await;
    let run = enrol(&officer, &program, json!({ "started_on": ahead(10) })).await;
    assert_eq!((&run["enrolled"], taken(&app, &program).await), (&json!(2), 2));
    let listed = officer.get(&format!("/v1/enrollments?program_id={program}")).await.expect(200).body;
    let exits = |place: usize| format!("/v1/enrollments/{}/exits", listed["items"][place]["id"].as_str().unwrap());
    for (day, code) in [(ahead(11), "date_in_future"), (ahead(9), "dates_out_of_order")] {
        let exit = json!({ "reason": "graduated", "ended_on": day });
        let refused = officer.post(&exits(0), &exit).await.expect_problem(422, "invalid_fields");
        assert_eq!(first_fault(&refused), (&json!("/ended_on"), &json!(code)));
    }
    let named =
        officer.post(&exits(0), &json!({ "reason": "graduated", "ended_on": ahead(10) })).await.expect(200).body;
    let left_out = officer.post(&exits(1), &json!({ "reason": "graduated" })).await.expect(200).body;
    assert_eq!((&named["ended_on"], &left_out["ended_on"]), (&json!(ahead(10)), &json!(ahead(10))));
    assert_eq!(taken(&app, &program).await, 0);
}
