//! Full lists: who is not named is shown first, and leaves only by their number.

use serde_json::{Value, json};

use crate::empowerment_plans::{self, plan, plan_event, told_of_plans};
use crate::enrollments::enrol;
use crate::households::{faults_of_register, today};
use crate::imports::{assert_counts, check, file, finished, import, row, send_file, two_families};
use crate::programs::{define, rice, rules};
use crate::support::{Cast, Client, TestApp, texts};

fn path(import: &Value) -> String {
    format!("/v1/imports/{}", import["id"].as_str().unwrap())
}

/// The second family is gone, the first has another child.
fn later_list() -> Vec<String> {
    vec![
        row("6402101001209001", "6402104101909001", "Satu Contoh", "head"),
        row("6402101001209001", "6402104101909005", "Lima Contoh", "child"),
    ]
}

/// Of the two families the one that stays by that list, and the one that leaves.
async fn stays_and_leaves(officer: &Client) -> (String, String) {
    let families = officer.get("/v1/beneficiaries").await.expect(200).body["items"].clone();
    let id = |head: &str| {
        let family = families.as_array().unwrap().iter().find(|family| family["head_name"] == head).unwrap();
        family["id"].as_str().unwrap().to_owned()
    };
    (id("Satu Contoh"), id("Tiga Contoh"))
}

/// Applies that list, which two persons leave by.
async fn apply(officer: &Client, path: &str) -> Value {
    officer.post(&format!("{path}/reviews"), &json!({})).await.expect(200);
    officer.post(&format!("{path}/applications"), &json!({ "members_leaving": 2 })).await.expect(202);
    finished(officer, path).await
}

#[tokio::test(flavor = "multi_thread")]
async fn leavers_are_shown_and_leave_only_by_their_number() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    let mut all = two_families();
    all.push(row("6402101001209007", "6402104101909007", "Desa Lain", "head").replace("2004", "2005"));
    import(&officer, file(&all)).await;
    let checked = check(&officer, "&full_list_of=64.02.10.2004", file(&later_list())).await;
    assert_eq!((&checked["members_leaving"], &checked["families_leaving"]), (&json!(2), &json!(1)));
    let path = path(&checked);
    let leavers = officer.get(&format!("{path}/leavers?count=exact")).await.expect(200).body;
    let names: Vec<_> = leavers["items"].as_array().unwrap().iter().map(|one| one["name"].as_str().unwrap()).collect();
    assert_eq!((names, &leavers["total"]), (vec!["Dua Contoh", "Tiga Contoh"], &json!(2)));
    officer.post(&format!("{path}/reviews"), &json!({})).await.expect(200);
    for wrong in [json!({}), json!({ "members_leaving": 1 })] {
        officer.post(&format!("{path}/applications"), &wrong).await.expect_problem(409, "leavers_not_confirmed");
    }
    officer.post(&format!("{path}/applications"), &json!({ "members_leaving": 2 })).await.expect(202);
    let applied = finished(&officer, &path).await;
    assert_counts(&applied, [0, 1, 0], [1, 0, 1]);
    assert_eq!((&applied["members_leaving"], &applied["families_leaving"]), (&json!(2), &json!(1)));
    let ended = "select m.name || ' ' || t.end_reason || ' ' || m.version as found from memberships t
        join members m on m.id = t.member_id where t.ended_on is not null order by 1";
    assert_eq!(texts(&app, ended).await, ["Dua Contoh unlisted 2", "Tiga Contoh unlisted 2"]);
    let families =
        "select status || ' ' || member_count as found from beneficiaries order by created_at, card_digest, 1";
    let mut families = texts(&app, families).await;
    families.sort();
    assert_eq!(families, ["ended 0", "live 1", "live 2"]);
    // Their numbers are free again, and what they were is kept.
    assert_eq!(texts(&app, "select count(*)::text as found from card_claims").await, ["2"]);
    assert_eq!(texts(&app, "select count(*)::text as found from members_history").await, ["2"]);
    let again = [row("6402101001209002", "6402104101909002", "Tiga Contoh", "head")];
    assert_counts(&import(&officer, file(&again)).await, [1, 0, 0], [1, 0, 0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_leaves_a_family_that_moved_meanwhile_is_counted_off() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    import(&officer, file(&two_families())).await;
    let checked = check(&officer, "&full_list_of=64.02.10.2004", file(&later_list())).await;
    let (stays, _) = stays_and_leaves(&officer).await;
    let moved = json!({ "village_code": "64.02.10.2005" });
    officer.patch(&format!("/v1/beneficiaries/{stays}"), "\"1\"", &moved).await.expect(200);
    apply(&officer, &path(&checked)).await;
    let counts = "select member_count || ' of ' || (select count(*) from memberships t where t.beneficiary_id = b.id
        and t.ended_on is null) as found from beneficiaries b where status = 'live'";
    assert_eq!(texts(&app, counts).await, ["2 of 2"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_leaves_by_a_list_with_a_fault_or_one_that_is_not_full() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    import(&officer, file(&two_families())).await;
    let mut rows = later_list();
    rows.push(row("6402101001209002", "6402104101909002", "Tiga Contoh", "boss"));
    let checked = check(&officer, "&full_list_of=64.02.10", file(&rows)).await;
    // Of the family with the faulty row nobody leaves.
    assert_eq!(checked["members_leaving"], 1, "{checked}");
    let path = path(&checked);
    officer.post(&format!("{path}/reviews"), &json!({})).await.expect(200);
    let faulty = officer.post(&format!("{path}/applications"), &json!({ "members_leaving": 1 })).await;
    faulty.expect_problem(409, "full_list_faulty");
    let partial = import(&officer, file(&later_list())).await;
    assert_eq!((&partial["members_leaving"], &partial["full_list_of"]), (&json!(0), &Value::Null));
    assert_eq!(texts(&app, "select count(*)::text as found from memberships where ended_on is not null").await, ["0"]);
    for query in ["?full_list_of=64.02.10&apply=automatically", "?full_list_of=64.02.09.2001"] {
        let refused = send_file(&officer, query, "text/csv", file(&later_list())).await;
        refused.expect_problem(422, "invalid_fields");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_rests_on_a_family_that_left_ends_with_it() {
    let cast = Cast::new().await;
    let (app, officer) = (&cast.app, &cast.first);
    import(officer, file(&two_families())).await;
    let program = define(officer, &rice("RICE"), &rules("true", "10", "month")).await;
    assert_eq!(enrol(officer, &program, json!({})).await["enrolled"], 2);
    let (stays, leaves) = stays_and_leaves(officer).await;
    // Pledged aid waits for both; what waits for the one that leaves is told, and stays until somebody releases it.
    let (pledge, line) = cast.stocked("2", &["64.02.10.2004"]).await;
    let mut allocations = Vec::new();
    // Of one need all is reserved, of the other half.
    for (family, needed) in [(&stays, "2"), (&leaves, "1")] {
        let path = format!("/v1/beneficiaries/{family}");
        let need = json!({ "kind": "hand_tractor", "quantity": needed });
        let need = officer.post(&format!("{path}/needs"), &need).await.expect(201).id();
        officer.post(&format!("{path}/verifications"), &json!({})).await.expect(201);
        let new = json!({ "pledge_line_id": line, "need_id": need, "quantity": "1" });
        let made = officer.post(&format!("/v1/pledges/{pledge}/allocations"), &new).await.expect(201);
        allocations.push(made.body["id"].clone());
    }
    let checked = check(officer, "&full_list_of=64.02.10.2004", file(&later_list())).await;
    assert_eq!(checked["allocations_reserved"], 1, "{checked}");
    let path = path(&checked);
    let told = async || {
        let leavers = officer.get(&format!("{path}/leavers")).await.expect(200).body;
        let rows = leavers["items"].as_array().unwrap().clone();
        let told: Vec<Value> = rows.iter().map(|one| json!([one["name"], one["reserved_allocation_ids"]])).collect();
        json!(told)
    };
    let expected = json!([["Dua Contoh", [allocations[0]]], ["Tiga Contoh", [allocations[1]]]]);
    assert_eq!(told().await, expected);
    let applied = apply(officer, &path).await;
    assert_eq!((&applied["status"], &applied["allocations_reserved"]), (&json!("applied"), &json!(1)));
    assert_eq!(told().await, expected);
    let waits = officer.get(&format!("/v1/allocations?status=reserved&beneficiary_id={leaves}")).await.expect(200);
    assert_eq!(waits.body["items"][0]["id"], allocations[1]);
    let release = format!("/v1/allocations/{}/releases", allocations[1].as_str().unwrap());
    officer.post(&release, &json!({ "reason": "Keluarga tidak lagi tercatat" })).await.expect(200);
    for (family, enrollment, need) in [(stays, "active", "open"), (leaves, "exited", "withdrawn")] {
        let enrolled = officer.get(&format!("/v1/enrollments?beneficiary_id={family}")).await.expect(200).body;
        assert_eq!(enrolled["items"][0]["status"], enrollment);
        let needs = officer.get(&format!("/v1/beneficiaries/{family}/needs")).await.expect(200).body;
        assert_eq!(needs["items"][0]["status"], need);
    }
    let told = app.told(officer).await;
    for kind in ["enrollment.exited", "need.withdrawn", "allocation.left_behind"] {
        assert_eq!(told.iter().filter(|one| *one == kind).count(), 1, "{kind}: {told:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_plan_of_a_family_that_left_ends_with_it() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    import(&officer, file(&two_families())).await;
    let program = empowerment_plans::define(&officer, "PAKET").await;
    enrol(&officer, &program, json!({ "started_on": "2026-01-05" })).await;
    let (stays, leaves) = stays_and_leaves(&officer).await;
    let going_on = plan(&officer, &stays, &program).await.expect(201).id();
    let ending = plan(&officer, &leaves, &program).await.expect(201).id();
    let due = async || {
        let listed = officer.get("/v1/due-empowerment-milestones?on=2027-12-31&limit=200").await.expect(200).body;
        let rows = listed["items"].as_array().unwrap().iter();
        rows.map(|row| row["plan_id"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert!(due().await.contains(&ending));

    let checked = check(&officer, "&full_list_of=64.02.10.2004", file(&later_list())).await;
    assert_eq!(apply(&officer, &path(&checked)).await["status"], "applied");
    let read = async |id: &str| officer.get(&format!("/v1/empowerment-plans/{id}")).await.expect(200).body;
    let ended = read(&ending).await;
    let told = ["status", "end_reason", "ended_on", "ended_by", "version"].map(|field| ended[field].clone());
    assert_eq!(json!(told), json!(["ended", "other", today(), officer.id, 2]));
    assert_eq!(read(&going_on).await["status"], "in_progress");
    let due = due().await;
    assert!(due.contains(&going_on) && !due.contains(&ending), "{due:?}");
    let told = told_of_plans(&app, &officer).await;
    assert_eq!(told[2..], [plan_event("ended", &ending, &leaves)]);
}

/// Checks a full list of the village, reviews it and applies it with its leavers.
async fn apply_list(officer: &Client, rows: &[String], members_leaving: u32) -> Value {
    let checked = check(officer, "&full_list_of=64.02.10.2004", file(rows)).await;
    let told = (&checked["members_leaving"], &checked["rows_faulty"]);
    assert_eq!(told, (&json!(members_leaving), &json!(0)), "{checked}");
    let path = path(&checked);
    officer.post(&format!("{path}/reviews"), &json!({})).await.expect(200);
    let number = json!({ "members_leaving": members_leaving });
    officer.post(&format!("{path}/applications"), &number).await.expect(202);
    let applied = finished(officer, &path).await;
    assert_eq!((&applied["status"], &applied["members_leaving"]), (&json!("applied"), &json!(members_leaving)));
    applied
}

#[tokio::test(flavor = "multi_thread")]
async fn a_family_whose_head_left_has_the_head_that_the_list_names() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    import(&officer, file(&two_families())).await;
    let (family, other) = stays_and_leaves(&officer).await;
    let list = [
        row("6402101001209001", "", "Dua Contoh", "head"),
        row("6402101001209002", "6402104101909002", "Tiga Contoh", "head"),
    ];
    let applied = apply_list(&officer, &list, 1).await;
    assert_counts(&applied, [0, 1, 1], [0, 1, 1]);
    let after = officer.get(&format!("/v1/beneficiaries/{family}")).await.expect(200).body;
    let told = ["head_name", "member_count", "status", "version"].map(|field| after[field].clone());
    assert_eq!(json!(told), json!(["Dua Contoh", 1, "live", 2]));
    let untouched = officer.get(&format!("/v1/beneficiaries/{other}")).await.expect(200).body;
    assert_eq!((&untouched["status"], &untouched["version"]), (&json!("live"), &json!(1)));
    assert_eq!(faults_of_register(&app).await, Vec::<String>::new());
    // The successor can be new as well.
    let list = [row("6402101001209001", "", "Baru Contoh", "head"), list[1].clone()];
    assert_counts(&apply_list(&officer, &list, 1).await, [0, 1, 1], [1, 0, 1]);
    assert_eq!(faults_of_register(&app).await, Vec::<String>::new());
    let again = check(&officer, "&full_list_of=64.02.10.2004", file(&list)).await;
    assert_eq!((&again["members_leaving"], &again["families_changed"]), (&json!(0), &json!(0)));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_large_family_of_which_nobody_stayed_is_in() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    let of = |who: &str| -> Vec<String> {
        let relationship = |n: u32| if n == 0 { "head" } else { "other_kin" };
        (0..28).map(|n| row("6402101001209001", "", &format!("{who} {n}"), relationship(n))).collect()
    };
    import(&officer, file(&of("Lama"))).await;
    assert_counts(&apply_list(&officer, &of("Baru"), 28).await, [0, 1, 0], [28, 0, 0]);
    let families = officer.get("/v1/beneficiaries").await.expect(200).body["items"].clone();
    assert_eq!((&families[0]["member_count"], &families[0]["head_name"]), (&json!(28), &json!("Baru 0")));
    assert_eq!(faults_of_register(&app).await, Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_leaves_a_family_that_somebody_joined_since_the_check() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    import(&officer, file(&two_families())).await;
    let (stays, leaves) = stays_and_leaves(&officer).await;
    let checked = check(&officer, "&full_list_of=64.02.10.2004", file(&later_list())).await;
    let born = json!({ "name": "Bayi Contoh", "sex": "female", "born_on": today(), "relationship": "child" });
    for family in [&stays, &leaves] {
        officer.post(&format!("/v1/beneficiaries/{family}/members"), &born).await.expect(201);
    }
    let applied = apply(&officer, &path(&checked)).await;
    let told = ["status", "members_leaving", "families_leaving"].map(|field| applied[field].clone());
    assert_eq!(json!(told), json!(["applied", 1, 0]));
    let count =
        async |family: &str| officer.get(&format!("/v1/beneficiaries/{family}")).await.body["member_count"].clone();
    assert_eq!((count(&stays).await, count(&leaves).await), (json!(3), json!(2)));
    assert_eq!(faults_of_register(&app).await, Vec::<String>::new());
}
