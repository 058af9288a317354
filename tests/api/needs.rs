//! Needs of families, and the anonymous list of them.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::beneficiaries::family;
use crate::support::{Client, HAMBAU, KELEKAT, KENOHAN, TestApp};

async fn registered(app: &TestApp) -> (Client, String) {
    let puskesos = app.puskesos().await;
    let id = puskesos.post("/v1/beneficiaries", &family("6402101001209001", "6402104101909001")).await.expect(201).id();
    (puskesos, format!("/v1/beneficiaries/{id}/needs"))
}

async fn cells(client: &Client, query: &str) -> Vec<Value> {
    client.get(&format!("/v1/needs{query}")).await.expect(200).body["items"].as_array().unwrap().clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_need_is_recorded_listed_and_withdrawn() {
    let app = TestApp::new().await;
    let (puskesos, needs) = registered(&app).await;
    let made = puskesos.post(&needs, &json!({ "kind": "hand_tractor", "quantity": "1" })).await.expect(201);
    assert_eq!((&made.body["status"], &made.body["met_quantity"]), (&json!("open"), &json!("0")));
    let second = puskesos.post(&needs, &json!({ "kind": "hand_tractor", "quantity": "1" })).await;
    second.expect_problem(409, "need_already_open");
    assert_eq!(puskesos.get(&needs).await.expect(200).body["items"], json!([made.body]));

    let withdrawal = json!({ "reason": "Sudah punya sendiri" });
    let address = format!("/v1/needs/{}/withdrawals", made.id());
    let withdrawn = puskesos.post(&address, &withdrawal).await.expect(200);
    assert_eq!(withdrawn.body["status"], "withdrawn");
    puskesos.post(&address, &withdrawal).await.expect_problem(409, "need_not_open");
    puskesos.post(&needs, &json!({ "kind": "hand_tractor", "quantity": "1" })).await.expect(201);
    assert_eq!((app.audited("record_need").await, app.audited("withdraw_need").await), (2, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_need_is_of_a_known_kind_and_a_possible_quantity() {
    let app = TestApp::new().await;
    let (puskesos, needs) = registered(&app).await;
    let refused = [
        ("helicopter", "1", "/kind", "reference_unknown"),
        ("hand_tractor", "0", "/quantity", "quantity_zero"),
        ("hand_tractor", "0.5", "/quantity", "quantity_not_whole"),
        ("hand_tractor", "6", "/quantity", "quantity_too_large"),
        ("hand_tractor", "-1", "/quantity", "quantity_malformed"),
    ];
    for (kind, quantity, pointer, code) in refused {
        let answer = puskesos.post(&needs, &json!({ "kind": kind, "quantity": quantity })).await;
        let answer = answer.expect_problem(422, "invalid_fields");
        assert_eq!(answer.body["errors"][0]["pointer"], pointer, "{}", answer.text);
        assert_eq!(answer.body["errors"][0]["code"], code, "{}", answer.text);
    }
    puskesos.post(&needs, &json!({ "kind": "rice", "quantity": "2.5" })).await.expect(201);
}

#[tokio::test(flavor = "multi_thread")]
async fn needs_of_another_area_or_for_a_company_are_not_there() {
    let app = TestApp::new().await;
    let (puskesos, needs) = registered(&app).await;
    let made = puskesos.post(&needs, &json!({ "kind": "hand_tractor", "quantity": "1" })).await.expect(201);
    let neighbour = app.client("kecamatan_officer", KENOHAN).await;
    neighbour.get(&needs).await.expect_problem(404, "not_found");
    let new = json!({ "kind": "rice", "quantity": "5" });
    neighbour.post(&needs, &new).await.expect_problem(404, "not_found");
    let address = format!("/v1/needs/{}/withdrawals", made.id());
    neighbour.post(&address, &json!({ "reason": "x" })).await.expect_problem(404, "not_found");
    let (_, company) = app.company("PT Contoh").await;
    company.get(&needs).await.expect_problem(403, "insufficient_scope");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_family_that_is_not_live_gets_no_need() {
    let app = TestApp::new().await;
    let (puskesos, needs) = registered(&app).await;
    app.arrange("update beneficiaries set status = 'ended'").await;
    let new = json!({ "kind": "rice", "quantity": "5" });
    puskesos.post(&needs, &new).await.expect_problem(409, "beneficiary_not_live");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_list_counts_verified_live_families_by_village_and_kind() {
    let app = TestApp::new().await;
    app.needy_families(HAMBAU, 12, "hand_tractor", "1").await;
    app.needy_families(HAMBAU, 6, "training_seat", "2").await;
    app.needy_families(KELEKAT, 7, "hand_tractor", "1").await;
    let (_, company) = app.company("PT Contoh").await;
    let expected = json!([
        { "village_code": HAMBAU, "kind": "hand_tractor", "unit": "unit", "families_at_least": 10,
          "unmet_quantity": "15", "step": "5" },
        { "village_code": HAMBAU, "kind": "training_seat", "unit": "seat", "families_at_least": 5,
          "unmet_quantity": "20", "step": "10" },
        { "village_code": KELEKAT, "kind": "hand_tractor", "unit": "unit", "families_at_least": 5,
          "unmet_quantity": "10", "step": "5" },
    ]);
    let all = cells(&company, "").await;
    assert_eq!(json!(all), expected);
    assert_eq!(cells(&company, "?kind=hand_tractor").await.len(), 2);
    assert_eq!(cells(&company, &format!("?village_code={KELEKAT}")).await, all[2..]);
    let first = company.get("/v1/needs?limit=2").await.expect(200);
    let rest = cells(&company, &format!("?limit=2&cursor={}", first.body["next"].as_str().unwrap())).await;
    assert_eq!(rest, all[2..]);

    app.arrange("update beneficiaries set verified_at = null where village_code = '64.02.10.2005'").await;
    assert_eq!(cells(&company, "").await, all[..2]);
    app.arrange("update beneficiaries set status = 'ended'").await;
    assert_eq!(cells(&company, "").await, [] as [Value; 0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unknown_filter_is_an_error_and_another_area_is_empty() {
    let app = TestApp::new().await;
    app.needy_families(HAMBAU, 12, "hand_tractor", "1").await;
    let (_, company) = app.company("PT Contoh").await;
    for wrong in ["?kinds=rice", "?village_code=64", "?count=all", "?limit=0"] {
        company.get(&format!("/v1/needs{wrong}")).await.expect_problem(400, "invalid_parameters");
    }
    // Well formed, so the request is not malformed: there is no such kind.
    company.get("/v1/needs?kind=helicopter").await.expect_problem(422, "invalid_fields");
    let neighbour = app.client("kecamatan_officer", KENOHAN).await;
    assert_eq!(cells(&neighbour, "").await, [] as [Value; 0]);
    assert_eq!(cells(&neighbour, &format!("?village_code={HAMBAU}")).await, [] as [Value; 0]);
}

/// All that a company can read of the list: with every filter and page size.
async fn all_views(company: &Client) -> BTreeSet<String> {
    let mut seen = BTreeSet::new();
    for village in ["", HAMBAU, KELEKAT] {
        for kind in ["", "hand_tractor", "rice", "training_seat"] {
            for limit in [1, 200] {
                let mut query = format!("?limit={limit}");
                for (name, value) in [("village_code", village), ("kind", kind)] {
                    if !value.is_empty() {
                        query = format!("{query}&{name}={value}");
                    }
                }
                let answer = company.get(&format!("/v1/needs{query}")).await.expect(200);
                assert!(answer.body.get("next").is_none() || limit == 1);
                seen.extend(answer.body["items"].as_array().unwrap().iter().map(ToString::to_string));
            }
        }
    }
    seen
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cell_of_four_families_leaves_no_trace() {
    let app = TestApp::new().await;
    app.needy_families(HAMBAU, 9, "hand_tractor", "1").await;
    let (_, company) = app.company("PT Contoh").await;
    let before = all_views(&company).await;
    // Four families more in three hidden cells: one beside the shown one, one of its kind, one apart.
    app.needy_families(HAMBAU, 4, "rice", "77").await;
    app.needy_families(KELEKAT, 4, "hand_tractor", "5").await;
    app.needy_families(KELEKAT, 4, "training_seat", "3").await;
    assert_eq!(all_views(&company).await, before);
    assert_eq!(before.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn comparing_two_answers_does_not_tell_what_one_family_needs() {
    let app = TestApp::new().await;
    // Kilograms of rice; the step is 100. The attacker reads before and after one family more.
    app.needy_families(HAMBAU, 6, "rice", "10").await;
    let (_, company) = app.company("PT Contoh").await;
    let before = cells(&company, "").await;
    assert_eq!(before[0]["unmet_quantity"], "100");
    let mut seen = BTreeSet::new();
    for secret in ["0.001", "1", "17.5", "39", "40"] {
        app.needy_families(HAMBAU, 1, "rice", secret).await;
        seen.insert(cells(&company, "").await[0].to_string());
        app.arrange(&format!(
            "update needs set status = 'withdrawn', withdrawal_reason = 'x' where quantity = {secret}"
        ))
        .await;
        seen.insert(cells(&company, "").await[0].to_string());
    }
    assert_eq!(seen, BTreeSet::from([before[0].to_string()]));
    // What passes the step tells that it did, and no more: whatever the quantity, the same two numbers.
    let mut beyond = BTreeSet::new();
    for secret in ["41", "63.125", "100"] {
        app.needy_families(HAMBAU, 1, "rice", secret).await;
        beyond.insert(cells(&company, "").await[0]["unmet_quantity"].to_string());
        app.arrange(&format!(
            "update needs set status = 'withdrawn', withdrawal_reason = 'x' where quantity = {secret}"
        ))
        .await;
    }
    assert_eq!(beyond, BTreeSet::from(["\"200\"".to_owned()]));
}

/// Families of a village in the order of their ids, so many of which are changed.
async fn some(app: &TestApp, many: usize, change: &str, of: &str) {
    app.arrange(&format!(
        "update {of} set {change} where id in (select id from beneficiaries where village_code = '{HAMBAU}'
             order by id limit {many})"
    ))
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_list_can_be_of_one_group() {
    let app = TestApp::new().await;
    app.needy_families(HAMBAU, 12, "hand_tractor", "1").await;
    let (_, company) = app.company("PT Contoh").await;
    let told = async |group: &str| cells(&company, &format!("?kind=hand_tractor&group={group}")).await;
    for group in ["female_head", "elderly", "disability", "under_five", "poorest"] {
        assert_eq!(told(group).await, [] as [Value; 0], "{group}: all are women, and of the others there are few");
    }
    let one = json!({ "village_code": HAMBAU, "kind": "hand_tractor", "unit": "unit", "families_at_least": 5,
                      "unmet_quantity": "10", "step": "5" });
    let changes = [
        ("female_head", "sex = 'male'", "members"),
        ("disability", "has_disability = true", "members"),
        ("elderly", "born_on = current_date - interval '60 years 1 day'", "members"),
        ("under_five", "born_on = current_date - interval '4 years'", "members"),
        ("poorest", "decile = 1, decile_source = 'DTSEN', decile_period = '2026-10-01'", "beneficiaries"),
    ];
    app.arrange("update beneficiaries set decile = 9, decile_source = 'DTSEN', decile_period = '2026-10-01'").await;
    for (group, change, of) in changes {
        some(&app, 6, change, of).await;
        assert_eq!(told(group).await, std::slice::from_ref(&one), "{group}");
        if group == "under_five" {
            assert_eq!(told("elderly").await, [] as [Value; 0], "nobody is both");
        }
    }
    assert_eq!(cells(&company, "").await[0]["families_at_least"], 10);
    company.get("/v1/needs?group=widows").await.expect_problem(400, "invalid_parameters");
}

#[tokio::test(flavor = "multi_thread")]
async fn comparing_a_group_with_all_does_not_tell_who_is_in_it() {
    let app = TestApp::new().await;
    // Twelve families, of which more and more have a member with a disability; the step is a hundred.
    app.needy_families(HAMBAU, 12, "rice", "1").await;
    let (_, company) = app.company("PT Contoh").await;
    let mut seen = Vec::new();
    for many in 0..=12 {
        some(&app, many, "has_disability = true", "members").await;
        let mut told = BTreeSet::new();
        for query in ["", "?kind=rice", "?group=disability", "?kind=rice&group=disability&count=exact"] {
            told.insert(company.get(&format!("/v1/needs{query}")).await.expect(200).text);
        }
        seen.push(told);
    }
    // None, four, eight or all of them look the same; so do five, six and seven.
    for (many, told) in seen.iter().enumerate() {
        let alike = if (5..=7).contains(&many) { &seen[5] } else { &seen[0] };
        assert_eq!(told, alike, "{many} of 12");
    }
    assert_ne!(seen[0], seen[5]);
}

#[tokio::test(flavor = "multi_thread")]
async fn how_far_a_pledge_would_go_follows_from_the_list_alone() {
    let app = TestApp::new().await;
    app.needy_families(HAMBAU, 12, "hand_tractor", "1").await;
    app.needy_families(KELEKAT, 7, "hand_tractor", "3").await;
    let (_, company) = app.company("PT Contoh").await;
    let reach = async |query: &str| {
        let told = company.get(&format!("/v1/needs/reach?kind=hand_tractor&{query}")).await.expect(200).body;
        (told["families_reached"].as_i64().unwrap(), told["unused_quantity"].as_str().unwrap().to_owned())
    };
    let whole = company.get("/v1/needs/reach?kind=hand_tractor&quantity=12").await.expect(200).body;
    // The list shows 10 families that lack 15 and 5 that lack 25.
    let expected = json!({ "kind": "hand_tractor", "unit": "unit", "quantity": "12", "portion": "1",
        "families_at_least": 15, "unmet_quantity": "40", "families_reached": 10, "unused_quantity": "0" });
    assert_eq!(whole, expected);
    assert_eq!(reach("quantity=4").await, (0, "0".to_owned()), "fewer than five");
    assert_eq!(reach("quantity=50").await, (15, "10".to_owned()));
    assert_eq!(reach("quantity=12&portion=3").await, (0, "0".to_owned()), "three each");
    assert_eq!(reach("quantity=39&portion=5").await, (10, "0".to_owned()), "who lacks less gets less");
    assert_eq!(reach(&format!("quantity=12&village_code={KELEKAT}")).await, (5, "0".to_owned()));
    assert_eq!(reach("quantity=12&group=disability").await, (0, "12".to_owned()));
    // Four families more in a hidden cell, and two more in a shown one, change nothing.
    let before = (reach("quantity=16").await, reach("quantity=39&portion=5").await);
    app.needy_families(HAMBAU, 4, "rice", "77").await;
    app.needy_families(HAMBAU, 2, "hand_tractor", "1").await;
    assert_eq!((reach("quantity=16").await, reach("quantity=39&portion=5").await), before);

    for (query, parameter, code) in [
        ("kind=hand_tractor&quantity=0", "quantity", "quantity_zero"),
        ("kind=hand_tractor&quantity=0.5", "quantity", "quantity_not_whole"),
        ("kind=hand_tractor&quantity=1&portion=0", "portion", "quantity_zero"),
        ("kind=helicopter&quantity=1", "kind", "value_unknown"),
    ] {
        let refused = company.get(&format!("/v1/needs/reach?{query}")).await.expect_problem(422, "invalid_fields");
        let told = (&refused.body["errors"][0]["pointer"], &refused.body["errors"][0]["code"]);
        assert_eq!(told, (&json!(parameter), &json!(code)), "{query}");
    }
    let unknown = company.get("/v1/needs/reach?kind=helicopter&quantity=1").await.expect(422).body;
    assert!(unknown["errors"][0]["detail"].as_str().unwrap().contains("/v1/need-kinds"), "{unknown}");
    for query in ["kind=hand_tractor", "quantity=1", "kind=hand_tractor&quantity=-1"] {
        company.get(&format!("/v1/needs/reach?{query}")).await.expect_problem(400, "invalid_parameters");
    }
    let neighbour = app.client("kecamatan_officer", KENOHAN).await;
    let there = neighbour.get("/v1/needs/reach?kind=hand_tractor&quantity=12").await.expect(200).body;
    assert_eq!((&there["families_at_least"], &there["families_reached"]), (&json!(0), &json!(0)));
}

#[tokio::test(flavor = "multi_thread")]
async fn kinds_are_listed_for_everybody_who_records_or_pledges() {
    let app = TestApp::new().await;
    for role in ["kecamatan_officer", "puskesos", "pkh_facilitator", "auditor"] {
        let kinds = app.client(role, 1).await.get("/v1/need-kinds").await.expect(200);
        let tractor = kinds.body["items"].as_array().unwrap().iter().find(|kind| kind["code"] == "hand_tractor");
        assert_eq!(tractor.unwrap()["unit"], "unit");
    }
}
