//! Places of programs where something else than a run gives or frees them: meetings, mergers, moves.

use serde_json::{Value, json};

use crate::duplicates_mergers::{decided, merger, two_cards};
use crate::enrollments::enrol;
use crate::places::{exclude, families, for_all, quota, taken, waiting};
use crate::support::{Client, HAMBAU, KEMBANG_JANGGUT, KENOHAN, TestApp, texts};

const KELEKAT: &str = "64.02.10.2005";

/// Records a meeting of a village with decisions of families; answers where it is applied.
async fn meet(officer: &Client, program: &str, number: &str, decisions: &[(&str, &str)]) -> String {
    let mut order = 0;
    let mut one = |(family, decision): &(&str, &str)| {
        let mut one = json!({ "beneficiary_id": family, "decision": decision, "reason": "Hasil musyawarah" });
        match *decision {
            "remove" => one["exit_reason"] = json!("graduated"),
            "reserve" => {
                order += 1;
                one["reserve_order"] = json!(order);
            }
            _ => {}
        }
        one
    };
    let decisions: Vec<Value> = decisions.iter().map(&mut one).collect();
    let new = json!({ "village_code": KELEKAT, "program_id": program, "held_on": "2026-11-10",
        "minutes_number": number, "minutes_digest": "ab".repeat(32), "minutes_media_type": "application/pdf",
        "attendee_count": 31, "decisions": decisions });
    let made = officer.post("/v1/deliberations", &new).await.expect(201);
    format!("/v1/deliberations/{}/applications", made.id())
}

fn decree() -> Value {
    json!({ "decree_number": "7/KEPDES/2026", "effective_on": "2026-11-15" })
}

fn faults(answer: &Value) -> Vec<(Value, Value)> {
    let faults = answer["errors"].as_array().unwrap().iter();
    faults.map(|fault| (fault["pointer"].clone(), fault["code"].clone())).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_meeting_gives_no_more_places_than_there_are_and_none_beside_an_excluded_program() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    let ids = families(&officer, 1, KELEKAT, &[1, 2, 3, 4, 5]).await;
    let (rice, pkh) = (for_all(&officer, "RICE").await, for_all(&officer, "PKH").await);
    exclude(&officer, "RICE-NOT-PKH", (&rice, &pkh)).await;
    quota(&officer, &rice, Some(KELEKAT), 1).await;
    enrol(&officer, &pkh, json!({ "beneficiary_ids": [ids[4]] })).await;
    enrol(&officer, &rice, json!({ "beneficiary_ids": [ids[0]], "started_on": "2026-11-01" })).await;

    let both = [(ids[1].as_str(), "add"), (ids[4].as_str(), "add"), (ids[2].as_str(), "reserve")];
    let path = meet(&officer, &rice, "BA/1", &both).await;
    let refused = officer.post(&path, &decree()).await.expect_problem(422, "invalid_fields");
    let mut told = faults(&refused.body);
    told.sort_by_key(|(pointer, _)| pointer.to_string());
    let expected = [
        (json!("/decisions/0/beneficiary_id"), json!("quota_full")),
        (json!("/decisions/1/beneficiary_id"), json!("program_overlaps")),
    ];
    assert_eq!(told, expected);
    assert!(waiting(&officer, &rice).await.is_empty());

    // One that leaves makes room for one that comes, in the same meeting; the others wait in its order.
    let swap = [
        (ids[3].as_str(), "reserve"),
        (ids[1].as_str(), "add"),
        (ids[0].as_str(), "remove"),
        (ids[2].as_str(), "reserve"),
    ];
    let path = meet(&officer, &rice, "BA/2", &swap).await;
    officer.post(&path, &decree()).await.expect(200);
    assert_eq!(taken(&app, &rice).await, 1);
    assert_eq!(waiting(&officer, &rice).await, [(ids[3].clone(), 1), (ids[2].clone(), 2)]);
    let list = officer.get(&format!("/v1/programs/{rice}/reserves")).await.expect(200).body;
    assert_eq!(
        (&list["items"][0]["reason"], &list["items"][0]["decree_number"]),
        (&json!("meeting"), &json!("7/KEPDES/2026"))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_meeting_confirms_those_that_were_proposed() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    let ids = families(&officer, 1, KELEKAT, &[1]).await;
    let rice = for_all(&officer, "RICE").await;
    officer.post(&format!("/v1/programs/{rice}/enrollment-proposals"), &json!({})).await.expect(200);
    let path = meet(&officer, &rice, "BA/1", &[(ids[0].as_str(), "add")]).await;
    officer.post(&path, &decree()).await.expect(200);
    let listed = officer.get(&format!("/v1/enrollments?program_id={rice}")).await.expect(200).body;
    let rows = listed["items"].as_array().unwrap();
    assert_eq!((rows.len(), &rows[0]["status"], &rows[0]["version"]), (1, &json!("active"), &json!(2)));
    assert_eq!(rows[0]["decree_number"], "7/KEPDES/2026");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_household_that_is_made_one_keeps_no_two_programs_that_exclude_each_other() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    let (one, other) = two_cards(&officer).await;
    let (blt, pkh) = (for_all(&officer, "BLT").await, for_all(&officer, "PKH").await);
    exclude(&officer, "BLT-NOT-PKH", (&blt, &pkh)).await;
    enrol(&officer, &pkh, json!({ "beneficiary_ids": [one] })).await;
    quota(&officer, &blt, Some(HAMBAU), 1).await;
    enrol(&officer, &blt, json!({ "beneficiary_ids": [other] })).await;
    let newcomer = families(&officer, 31, HAMBAU, &[2]).await;
    let pair = decided(&officer).await;
    let whole = merger(&pair, "one_member_id", &json!({ "merges_families": true }));
    let merged = officer.post("/v1/duplicates/mergers", &whole).await.expect(201);
    assert_eq!(merged.body["ended_enrollment_ids"].as_array().unwrap().len(), 1);
    assert_eq!((taken(&app, &pkh).await, taken(&app, &blt).await), (1, 0));

    // The place is free; while another family has it there is no way back, and then there is.
    let taking = enrol(&officer, &blt, json!({ "beneficiary_ids": newcomer })).await;
    assert_eq!(taking["enrolled"], 1);
    let path = format!("/v1/duplicates/mergers/{}/reversals", merged.id());
    let why = json!({ "reason": "Two households after all" });
    let refused = officer.post(&path, &why).await.expect_problem(409, "quota_full");
    assert_eq!(refused.body["related"]["resource"], "quotas");
    quota(&officer, &blt, Some(HAMBAU), 2).await;
    officer.post(&path, &why).await.expect(201);
    assert_eq!((taken(&app, &pkh).await, taken(&app, &blt).await), (1, 2));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_place_on_the_reserve_list_goes_over_with_the_household_and_back() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    let (one, other) = two_cards(&officer).await;
    let rice = for_all(&officer, "RICE").await;
    quota(&officer, &rice, None, 0).await;
    enrol(&officer, &rice, json!({ "beneficiary_ids": [other] })).await;
    let pair = decided(&officer).await;
    let whole = merger(&pair, "one_member_id", &json!({ "merges_families": true }));
    let merged = officer.post("/v1/duplicates/mergers", &whole).await.expect(201).id();
    assert_eq!(waiting(&officer, &rice).await, [(one, 1)]);
    let path = format!("/v1/duplicates/mergers/{merged}/reversals");
    officer.post(&path, &json!({ "reason": "Two households after all" })).await.expect(201);
    assert_eq!(waiting(&officer, &rice).await, [(other.clone(), 1)]);
    let carried = async |kind: &str| app.told(&officer).await.iter().filter(|told| *told == kind).count();
    assert_eq!((carried("reserve.carried").await, carried("reserve.removed").await), (2, 0));

    // Where both wait one of them is taken off, and waits again after an undo.
    enrol(&officer, &rice, json!({})).await;
    assert_eq!(waiting(&officer, &rice).await.len(), 2);
    let merged = officer.post("/v1/duplicates/mergers", &whole).await.expect(201).id();
    assert_eq!(carried("reserve.removed").await, 1);
    let path = format!("/v1/duplicates/mergers/{merged}/reversals");
    officer.post(&path, &json!({ "reason": "Two households after all" })).await.expect(201);
    assert_eq!((waiting(&officer, &rice).await.len(), carried("reserve.restored").await), (2, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_family_that_moves_to_another_sub_district_leaves_its_place() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    let both = app.client_of("kecamatan_officer", &[KEMBANG_JANGGUT, KENOHAN], None).await;
    let ids = families(&officer, 1, KELEKAT, &[1, 2]).await;
    let rice = for_all(&officer, "RICE").await;
    quota(&officer, &rice, Some(KELEKAT), 1).await;
    enrol(&officer, &rice, json!({})).await;
    let offer = json!({ "village_code": "64.02.09.2001", "on": "2026-11-01" });
    both.post(&format!("/v1/beneficiaries/{}/relocations", ids[0]), &offer).await.expect(201);
    let ended = texts(&app, "select exit_reason as found from enrollments where status = 'exited'").await;
    if ended.is_empty() {
        let offered = both.get("/v1/relocations?status=offered").await.expect(200).body["items"][0]["id"].clone();
        let path = format!("/v1/relocations/{}/acceptances", offered.as_str().unwrap());
        both.post(&path, &json!({})).await.expect(200);
    }
    assert_eq!(taken(&app, &rice).await, 0);
    let run = enrol(&officer, &rice, json!({ "source": "reserve" })).await;
    assert_eq!((&run["enrolled"], taken(&app, &rice).await), (&json!(1), 1));
}
