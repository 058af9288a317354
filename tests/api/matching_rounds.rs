//! What a round of aid counts, whom it puts first, and how long a line serves: matching runs as families see them.

use chrono::{Datelike, NaiveDate, TimeDelta, Utc};
use serde_json::{Value, json};
use sinergi::housekeeping::tidy_up;
use uuid::Uuid;

use crate::deliveries::delivery;
use crate::duplicates_mergers::{decided, merger, program, two_cards};
use crate::matching_runs::{check, commit, families, policy, preview, stocked};
use crate::support::{Cast, HAMBAU, KEMBANG_JANGGUT, KENOHAN, NeedyFamily, line};

/// The policy, with more said.
fn with(cap: u32, more: &Value) -> Value {
    let mut new = policy(cap);
    for (name, value) in more.as_object().unwrap() {
        new["policy"][name] = value.clone();
    }
    new
}

async fn family(cast: &Cast, run: &str, id: &str) -> Value {
    cast.first.get(&format!("/v1/matching-runs/{run}/families/{id}")).await.expect(200).body
}

async fn taken(cast: &Cast, run: &str) -> Vec<Value> {
    let lines = cast.first.get(&format!("/v1/matching-runs/{run}/lines")).await.expect(200).body;
    lines["items"].as_array().unwrap().iter().map(|line| line["allocated_quantity"].clone()).collect()
}

async fn need(cast: &Cast, family: &str, kind: &str) -> String {
    let new = json!({ "kind": kind, "quantity": "1" });
    cast.first.post(&format!("/v1/beneficiaries/{family}/needs"), &new).await.expect(201).id()
}

async fn transcript(cast: &Cast, run: &str) -> Value {
    let text = cast.first.get(&format!("/v1/matching-runs/{run}/transcript")).await.expect(200).text;
    assert_eq!(check(&text), "right\n");
    serde_json::from_str(&text).unwrap()
}

fn verdicts(told: &[Value], verdict: &str) -> usize {
    told.iter().filter(|family| family["verdict"] == verdict).count()
}

#[tokio::test(flavor = "multi_thread")]
async fn families_that_lack_less_than_a_portion_leave_the_rest_to_others() {
    let cast = Cast::new().await;
    cast.app.needy_families(HAMBAU, 3, "rice", "20").await;
    stocked(&cast, &[line("rice", "100", &[HAMBAU])]).await;
    let run = preview(&cast, &policy(2)).await.id();
    assert_eq!(verdicts(&families(&cast, &run, "").await, "satisfied"), 3);
    assert_eq!(taken(&cast, &run).await, [json!("60")]);
    transcript(&cast, &run).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_line_serves_in_the_order_until_nothing_is_left() {
    let cast = Cast::new().await;
    for quantity in ["10", "20", "50", "90"] {
        cast.app.needy_families(HAMBAU, 8, "rice", quantity).await;
    }
    let lines = ["333", "250", "7.5"].map(|quantity| line("rice", quantity, &[HAMBAU]));
    stocked(&cast, &lines).await;
    let run = preview(&cast, &policy(2)).await.id();
    let told = families(&cast, &run, "").await;
    assert!(verdicts(&told, "outranked") > 0);
    let mut taken = taken(&cast, &run).await;
    taken.sort_by_key(Value::to_string);
    assert_eq!(taken, [json!("250"), json!("333"), json!("7.5")], "who is refused is refused what is not there");
    transcript(&cast, &run).await;
    // The last of a line got less than it lacks and is not told that it has all.
    assert_eq!(verdicts(&told, "got_rest"), 1);
    commit(&cast, &run).await.expect(200);
    cast.assert_sums().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn money_below_the_most_a_family_can_need_serves_too() {
    let cast = Cast::new().await;
    cast.app.needy_families(HAMBAU, 3, "cash", "600000").await;
    stocked(&cast, &[line("cash", "1500000", &[HAMBAU])]).await;
    let run = preview(&cast, &policy(2)).await.id();
    let told = families(&cast, &run, "").await;
    assert_eq!((verdicts(&told, "satisfied"), verdicts(&told, "got_rest")), (2, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn who_lacks_more_than_the_cap_allows_is_told_so() {
    let cast = Cast::new().await;
    let needy = cast.app.needy_families(HAMBAU, 1, "training_seat", "5").await;
    stocked(&cast, &[line("training_seat", "10", &[HAMBAU])]).await;
    let run = preview(&cast, &policy(2)).await.id();
    let told = family(&cast, &run, &needy[0].beneficiary_id.to_string()).await;
    assert_eq!((&told["verdict"], &told["granted_portions"]), (&json!("cap_reached"), &json!(2)));
    transcript(&cast, &run).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_chooses_the_lots() {
    let cast = Cast::new().await;
    let needy = cast.app.needy_families(HAMBAU, 9, "hand_tractor", "1").await;
    stocked(&cast, &[line("hand_tractor", "4", &[HAMBAU])]).await;
    let mut seeds = Vec::new();
    for day in ["2025-04-01", "2026-01-01", "2026-04-01"] {
        seeds.push(preview(&cast, &with(1, &json!({ "round_started_on": day }))).await.body["policy"]["seed"].clone());
    }
    let today = (Utc::now() + TimeDelta::hours(8)).date_naive();
    let quarter = NaiveDate::from_ymd_opt(today.year(), today.month0() / 3 * 3 + 1, 1).unwrap();
    assert_eq!(seeds, vec![json!(format!("64.02.10/{quarter}")); 3]);
    for day in ["2026-02-01", "2026-01-02"] {
        let new = with(1, &json!({ "round_started_on": day }));
        let refused = cast.first.post("/v1/matching-runs", &new).await.expect_problem(422, "invalid_fields");
        assert_eq!(refused.body["errors"][0]["pointer"], "/policy/round_started_on");
        assert_eq!(refused.body["errors"][0]["code"], "round_unfit");
    }
    // What is told of a family is what the order was made of, and who swaps two of them is found out.
    let run = preview(&cast, &policy(1)).await.id();
    let mut told = transcript(&cast, &run).await;
    for one in needy {
        let explained = family(&cast, &run, &one.beneficiary_id.to_string()).await;
        let row = &told["families"][usize::try_from(explained["place"].as_u64().unwrap()).unwrap() - 1];
        let decile = explained["decile"].as_u64().unwrap_or(11);
        assert_eq!(row["standing"], json!([decile, 12 - explained["months_since_aid"].as_u64().unwrap(), 0]));
        assert_eq!((&row["lot"], &row["key"]), (&explained["lot"], &json!(key_of(one.beneficiary_id))));
    }
    told["families"].as_array_mut().unwrap().swap(0, 1);
    assert!(check(&told.to_string()).starts_with("wrong"));
}

fn key_of(id: Uuid) -> String {
    let hash = sinergi::keys::sha256(id.as_bytes());
    hash[..16].iter().fold(String::new(), |text, byte| text + &format!("{byte:02x}"))
}

/// Two records of one household; the first is verified and needs a tractor, of which there is one.
async fn registered_twice(cast: &Cast, on_the_program: impl Fn(&str, &str) -> String) -> (String, String, String) {
    let (one, other) = two_cards(&cast.first).await;
    let rice = program(&cast.app, &cast.first, "RICE-2", Some(&[&on_the_program(&one, &other)])).await;
    cast.app.arrange("update beneficiaries set verified_at = now(), verified_by = 'officer'").await;
    need(cast, &one, "hand_tractor").await;
    let village = cast.first.get(&format!("/v1/beneficiaries/{one}")).await.expect(200).body["village_code"].clone();
    stocked(cast, &[line("hand_tractor", "1", &[village.as_str().unwrap()])]).await;
    (one, other, rice)
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_program_owes_counts_where_the_policy_names_it() {
    let cast = Cast::new().await;
    let (one, _, rice) = registered_twice(&cast, |one, _| one.to_owned()).await;
    let told = async |new: &Value| family(&cast, &preview(&cast, new).await.id(), &one).await;
    let owed = told(&policy(1)).await;
    assert_eq!((&owed["verdict"], &owed["aided_portions"]), (&json!("cap_reached"), &json!(1)));
    assert_eq!((&owed["aids"][0]["program_id"], &owed["aids"][0]["portions"]), (&json!(rice), &json!(1)));
    assert_eq!(owed["months_since_aid"], 12, "nothing was handed over yet");
    let none = told(&with(1, &json!({ "program_ids": [] }))).await;
    assert_eq!((&none["verdict"], &none["aided_portions"]), (&json!("satisfied"), &json!(0)));
    assert_eq!(told(&with(1, &json!({ "program_ids": [rice] }))).await["verdict"], "cap_reached");
    let unknown = with(1, &json!({ "program_ids": [rice, one] }));
    let refused = cast.first.post("/v1/matching-runs", &unknown).await.expect_problem(422, "invalid_fields");
    assert_eq!(refused.body["errors"][0]["pointer"], "/policy/program_ids/1");
    let many = with(1, &json!({ "program_ids": vec![rice; 101] }));
    cast.first.post("/v1/matching-runs", &many).await.expect_problem(422, "invalid_fields");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_record_had_goes_along_with_a_merger() {
    let cast = Cast::new().await;
    let (one, _, rice) = registered_twice(&cast, |_, other| other.to_owned()).await;
    let told = async || family(&cast, &preview(&cast, &policy(1)).await.id(), &one).await;
    let due = cast.first.get("/v1/entitlements").await.expect(200).body["items"][0].clone();
    cast.first.post("/v1/deliveries", &delivery(&due, "10")).await.expect(201);
    let before = told().await;
    assert_eq!((&before["verdict"], &before["months_since_aid"]), (&json!("satisfied"), &json!(12)));
    assert_eq!(before["aids"], json!([]));

    let pair = decided(&cast.first).await;
    let whole = merger(&pair, "one_member_id", &json!({ "merges_families": true }));
    cast.first.post("/v1/duplicates/mergers", &whole).await.expect(201);
    let after = told().await;
    assert_eq!((&after["verdict"], &after["months_since_aid"]), (&json!("cap_reached"), &json!(0)));
    assert_eq!((&after["aided_portions"], &after["aids"][0]["program_id"]), (&json!(1), &json!(rice)));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_family_brought_along_counts_as_what_it_had_here() {
    let cast = Cast::new().await;
    let needy = cast.app.needy_families(HAMBAU, 2, "hand_tractor", "1").await;
    stocked(&cast, &[line("hand_tractor", "2", &[HAMBAU])]).await;
    let (came, stayed) = (needy[0].beneficiary_id, needy[1].beneficiary_id);
    let (aid, pledge) = (Uuid::now_v7(), Uuid::now_v7());
    cast.app
        .arrange(&format!(
            "insert into carried_aid (area_id, id, beneficiary_id, from_area_id, from_district_code, source,
                 village_code, pledge_id, pledge_line_id, title, kind, unit, due_on, quantity, withdrawn_quantity,
                 carried_at)
             values ({KEMBANG_JANGGUT}, '{aid}', '{came}', {KENOHAN}, '64.02.09', 'company', '64.02.09.2001',
                 '{pledge}', '{pledge}', 'Mesin jahit', 'equipment', 'unit', current_date, 1, 0, now());
             insert into carried_handovers (area_id, id, aid_id, beneficiary_id, quantity, delivered_on, recorded_at)
             values ({KEMBANG_JANGGUT}, '{aid}', '{aid}', '{came}', 1, current_date, now())"
        ))
        .await;
    let run = preview(&cast, &policy(1)).await.id();
    let (came, stayed) = (family(&cast, &run, &came.to_string()).await, family(&cast, &run, &stayed.to_string()).await);
    assert_eq!((&came["verdict"], &came["months_since_aid"]), (&json!("cap_reached"), &json!(0)));
    assert_eq!((&came["aided_portions"], &came["aids"][0]["pledge_id"]), (&json!(1), &json!(pledge)));
    assert_eq!((&stayed["verdict"], &stayed["aided_portions"]), (&json!("satisfied"), &json!(0)));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_round_begins_at_midnight_where_the_families_live() {
    let cast = Cast::new().await;
    let needy = cast.app.needy_families(HAMBAU, 1, "hand_tractor", "2").await;
    let (pledge, ids) = stocked(&cast, &[line("hand_tractor", "2", &[HAMBAU])]).await;
    let given = json!({ "pledge_line_id": ids[0], "need_id": needy[0].need_id, "quantity": "1" });
    cast.first.post(&format!("/v1/pledges/{pledge}/allocations"), &given).await.expect(201);
    let id = needy[0].beneficiary_id.to_string();
    for (instant, aided) in [("2026-01-01 00:30+08", 1), ("2025-12-31 23:30+08", 0)] {
        cast.app.arrange(&format!("update allocations set created_at = '{instant}'")).await;
        let told = family(&cast, &preview(&cast, &policy(2)).await.id(), &id).await;
        assert_eq!(told["aided_portions"], aided, "{instant}");
    }
}

/// Who was handed something lately, of the poorest; and who was not, of those who are less poor.
#[tokio::test(flavor = "multi_thread")]
async fn the_first_criterion_decides_most_and_turns_can_be_left_out() {
    let cast = Cast::new().await;
    let needy = cast.app.needy_families(HAMBAU, 2, "hand_tractor", "2").await;
    let (poor, waiting) = (&needy[0], &needy[1]);
    for (family, decile) in [(poor, 1), (waiting, 4)] {
        cast.app
            .arrange(&format!(
                "update beneficiaries set decile = {decile}, decile_source = 'DTSEN', decile_period = '2026-10-01'
                 where id = '{}'",
                family.beneficiary_id
            ))
            .await;
    }
    let sewing = need(&cast, &poor.beneficiary_id.to_string(), "sewing_machine").await;
    let lines = [line("sewing_machine", "1", &[HAMBAU]), line("hand_tractor", "2", &[HAMBAU])];
    let (pledge, ids) = stocked(&cast, &lines).await;
    let given = json!({ "pledge_line_id": ids[0], "need_id": sewing, "quantity": "1" });
    let given = cast.first.post(&format!("/v1/pledges/{pledge}/allocations"), &given).await.expect(201).id();
    let yesterday = (Utc::now() - TimeDelta::days(1)).date_naive().to_string();
    let mut taken = crate::support::handover("1", &poor.beneficiary_id.to_string());
    taken["delivered_on"] = json!(yesterday);
    cast.second.post(&format!("/v1/allocations/{given}/deliveries"), &taken).await.expect(201);
    let places = async |criteria: Value| {
        let new = with(4, &json!({ "criteria": criteria, "program_ids": [] }));
        let run = preview(&cast, &new).await.id();
        (place(&cast, &run, poor).await, place(&cast, &run, waiting).await)
    };
    assert_eq!(places(json!(["decile", "months_since_aid"])).await, (1, 2));
    assert_eq!(places(json!(["months_since_aid", "decile"])).await, (2, 1));
    let granted = async |is_turn_by_turn: bool| {
        let new = with(4, &json!({ "criteria": ["decile"], "is_turn_by_turn": is_turn_by_turn }));
        let run = preview(&cast, &new).await.id();
        transcript(&cast, &run).await;
        family(&cast, &run, &waiting.beneficiary_id.to_string()).await["granted_portions"].clone()
    };
    // The poorer one had a turn elsewhere: without turns it takes both all the same.
    assert_eq!((granted(true).await, granted(false).await), (json!(1), json!(0)));
}

async fn place(cast: &Cast, run: &str, of: &NeedyFamily) -> u64 {
    family(cast, run, &of.beneficiary_id.to_string()).await["place"].as_u64().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_committed_run_sets_the_cap_for_all_that_is_reserved() {
    let cast = Cast::new().await;
    let needy = cast.app.needy_families(HAMBAU, 3, "hand_tractor", "1").await;
    let lines = [
        line("hand_tractor", "1", &[HAMBAU]),
        line("sewing_machine", "9", &[HAMBAU]),
        line("fishing_gear", "9", &[HAMBAU]),
    ];
    let (pledge, ids) = stocked(&cast, &lines).await;
    // Of a round of this quarter: one that began more than a year ago is over.
    let today = sinergi::db::today();
    let quarter = NaiveDate::from_ymd_opt(today.year(), today.month0() / 3 * 3 + 1, 1);
    let run = preview(&cast, &with(1, &json!({ "round_started_on": quarter }))).await.id();
    commit(&cast, &run).await.expect(200);
    let served = families(&cast, &run, "verdict=satisfied").await[0]["beneficiary_id"].clone();
    let is_served = |one: &&NeedyFamily| served == json!(one.beneficiary_id);
    let has = needy.iter().find(is_served).unwrap().beneficiary_id.to_string();
    let others: Vec<String> =
        needy.iter().filter(|one| !is_served(one)).map(|one| one.beneficiary_id.to_string()).collect();
    let path = format!("/v1/pledges/{pledge}/allocations");
    let asked = |line: usize, need: &str| json!({ "pledge_line_id": ids[line], "need_id": need, "quantity": "1" });
    let sewing = need(&cast, &has, "sewing_machine").await;
    let refused = cast.first.post(&path, &asked(1, &sewing)).await.expect_problem(409, "family_cap_reached");
    assert!(refused.body["detail"].as_str().unwrap().contains("1 of 1"), "{}", refused.text);

    // Two reserve for one family at once: it gets one portion.
    let (one, other) = (need(&cast, &others[0], "sewing_machine").await, need(&cast, &others[0], "fishing_gear").await);
    let (one, other) = (asked(1, &one), asked(2, &other));
    let answers = tokio::join!(cast.first.post(&path, &one), cast.second.post(&path, &other));
    let mut codes = [answers.0.status.as_u16(), answers.1.status.as_u16()];
    codes.sort_unstable();
    assert_eq!(codes, [201, 409]);

    // A run of the pledge serves who has nothing yet, and nobody twice.
    need(&cast, &others[1], "sewing_machine").await;
    let made = cast.run(&pledge, false).await.expect(201);
    let counts: i64 =
        made.body["lines"].as_array().unwrap().iter().map(|line| line["family_count"].as_i64().unwrap()).sum();
    assert_eq!(counts, 1, "{}", made.text);
    cast.assert_sums().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_preview_that_nobody_commits_is_forgotten() {
    let cast = Cast::new().await;
    cast.app.needy_families(HAMBAU, 3, "hand_tractor", "1").await;
    stocked(&cast, &[line("hand_tractor", "1", &[HAMBAU])]).await;
    let (kept, forgotten) = (preview(&cast, &policy(1)).await.id(), preview(&cast, &policy(1)).await.id());
    commit(&cast, &kept).await.expect(200);
    let db = &cast.app.services.db;
    assert_eq!(tidy_up(db, Utc::now() + TimeDelta::days(29)).await.unwrap().previews, 0);
    assert_eq!(tidy_up(db, Utc::now() + TimeDelta::days(31)).await.unwrap().previews, 1);
    cast.first.get(&format!("/v1/matching-runs/{forgotten}")).await.expect_problem(404, "not_found");
    assert_eq!(families(&cast, &kept, "").await.len(), 3);
}
