//! Equipment: registered once, with one family at a time, looked at, mended, and written off by two persons.

use futures_util::future::{join, join_all};
use serde_json::{Value, json};

use crate::duplicates_mergers::{decided, merger, two_cards};
use crate::places::families;
use crate::support::{Answer, Cast, Client, HAMBAU, KEMBANG_JANGGUT, KENOHAN, TestApp, handover};

const JANGGUT: &str = "64.02.10.2004";

/// A tractor that the sub-district bought in January, and three families.
struct Store {
    app: TestApp,
    officer: Client,
    facilitator: Client,
    families: Vec<String>,
    asset: String,
}

impl Store {
    async fn new() -> Self {
        let app = TestApp::new().await;
        let officer = app.kecamatan().await;
        let families = families(&officer, 1, JANGGUT, &[1, 2, 3]).await;
        let asset = register(&officer, "KJ-1").await.expect(201).id();
        let facilitator = app.client("pkh_facilitator", KEMBANG_JANGGUT).await;
        Self { app, officer, facilitator, families, asset }
    }

    async fn send(&self, client: &Client, command: &str, body: &Value) -> Answer {
        client.post_patiently(&format!("/v1/assets/{}/{command}", self.asset), body).await
    }

    async fn command(&self, command: &str, body: &Value) -> Answer {
        self.send(&self.officer, command, body).await
    }

    async fn hand_over(&self, family: usize, on: &str) -> Answer {
        self.command("hand-overs", &hand_over(&self.families[family], on)).await
    }

    async fn check(&self, condition: &str, on: &str) -> Answer {
        let check = json!({ "condition": condition, "is_in_use": condition == "good", "checked_on": on });
        self.send(&self.facilitator, "checks", &check).await
    }

    async fn read(&self) -> Value {
        self.officer.get(&format!("/v1/assets/{}", self.asset)).await.expect(200).body
    }

    /// Missing by a check, with the write-off that the officer proposes.
    async fn proposed(&self) -> String {
        self.hand_over(0, "2026-02-01").await.expect(201);
        self.check("missing", "2026-03-01").await.expect(201);
        let loss = json!({ "kind": "lost", "reason": "Hanyut", "minutes_number": "BA/1", "happened_on": "2026-03-02" });
        self.command("write-offs", &loss).await.expect(201).id()
    }
}

pub(crate) async fn register(officer: &Client, number: &str) -> Answer {
    let new = json!({ "asset_number": number, "kind": "hand_tractor", "acquired_on": "2026-01-05" });
    officer.post("/v1/assets", &new).await
}

pub(crate) fn hand_over(family: &str, on: &str) -> Value {
    json!({ "beneficiary_id": family, "place": "Lumbung RT 02", "handover_number": "BAST/1", "started_on": on,
            "group_name": "Kelompok Tani Sintetis" })
}

fn hand_back(condition: &str, on: &str) -> Value {
    json!({ "reason": "not_used", "condition": condition, "ended_on": on })
}

fn pointer(answer: Answer) -> Value {
    answer.expect_problem(422, "invalid_fields").body["errors"][0]["pointer"].clone()
}

pub(crate) async fn listed(client: &Client, path: &str) -> Vec<String> {
    let items = client.get(path).await.expect(200).body["items"].clone();
    let id = |row: &Value| row["id"].as_str().or(row["asset_id"].as_str()).unwrap().to_owned();
    items.as_array().unwrap().iter().map(id).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_piece_is_registered_once_under_its_label() {
    let store = Store::new().await;
    let both = join(register(&store.officer, "KJ-2"), register(&store.officer, "KJ-2")).await;
    let mut answers = [both.0.status.as_u16(), both.1.status.as_u16()];
    answers.sort_unstable();
    assert_eq!(answers, [201, 409]);
    register(&store.officer, "KJ-2").await.expect_problem(409, "asset_number_taken");
    let neighbour = store.app.client("kecamatan_officer", KENOHAN).await;
    register(&neighbour, "KJ-2").await.expect(201);
    neighbour.get(&format!("/v1/assets/{}", store.asset)).await.expect_problem(404, "not_found");
    assert_eq!(listed(&neighbour, "/v1/assets?asset_number=KJ-1").await.len(), 0);

    let new = |field: &str, value: Value| {
        let mut new = json!({ "asset_number": "KJ-3", "kind": "hand_tractor" });
        new[field] = value;
        new
    };
    let faulty = async |body: Value| pointer(store.officer.post("/v1/assets", &body).await);
    assert_eq!(faulty(new("kind", json!("rice"))).await, "/kind");
    assert_eq!(faulty(new("acquired_on", json!("2999-01-01"))).await, "/acquired_on");
    assert_eq!(faulty(new("condition", json!("missing"))).await, "/condition");
    assert_eq!(faulty(new("delivery_id", json!(uuid::Uuid::now_v7()))).await, "/delivery_id");
    store
        .facilitator
        .post("/v1/assets", &new("kind", json!("hand_tractor")))
        .await
        .expect_problem(403, "insufficient_scope");

    let read = store.officer.get(&format!("/v1/assets/{}", store.asset)).await.expect(200);
    assert_eq!((read.header("etag"), &read.body["next_check_on"]), ("\"1\"", &json!("2026-07-05")));
}

#[tokio::test(flavor = "multi_thread")]
async fn no_more_pieces_come_of_a_handover_than_it_gave() {
    let cast = Cast::new().await;
    let (pledge, line) = cast.stocked("20", &[HAMBAU]).await;
    let family = cast.app.needy_families(HAMBAU, 1, "hand_tractor", "2").await.remove(0);
    let new = json!({ "pledge_line_id": line, "need_id": family.need_id, "quantity": "2" });
    let allocation = cast.first.post(&format!("/v1/pledges/{pledge}/allocations"), &new).await.expect(201).id();
    let delivery = handover("2", &family.beneficiary_id.to_string());
    let path = format!("/v1/allocations/{allocation}/deliveries");
    let delivery = cast.second.post(&path, &delivery).await.expect(201).id();
    let new = |number: usize, kind: &str| json!({ "asset_number": format!("KJ-{number}"), "kind": kind, "allocation_delivery_id": delivery });
    let wrong = cast.first.post("/v1/assets", &new(0, "sewing_machine")).await;
    assert_eq!(pointer(wrong), "/kind");
    let bodies: Vec<Value> = (0..6).map(|number| new(number, "hand_tractor")).collect();
    let answers = join_all(bodies.iter().map(|body| cast.first.post("/v1/assets", body))).await;
    let made: Vec<&Answer> = answers.iter().filter(|answer| answer.status == 201).collect();
    assert_eq!(made.len(), 2);
    for answer in answers.iter().filter(|answer| answer.status != 201) {
        assert_eq!(answer.body["code"], "asset_source_used_up");
    }
    assert_eq!((&made[0].body["aid_id"], &made[0].body["pledge_id"]), (&json!(allocation), &json!(pledge)));
    assert_eq!(listed(&cast.first, &format!("/v1/assets?aid_id={allocation}")).await.len(), 2);

    // The company is told of its pieces in steps of five, the officer how many there are.
    let of = format!("/v1/asset-counts?pledge_id={pledge}");
    let told = cast.first.get(&of).await.expect(200).body["items"][0].clone();
    assert_eq!((&told["pieces"], &told["in_custody"]), (&json!(2), &json!(0)));
    assert_eq!(cast.company.get(&of).await.expect(200).body["items"][0]["pieces"], Value::Null);
    cast.app.arrange("update allocation_deliveries set quantity = 12").await;
    for number in 10..16 {
        cast.first.post("/v1/assets", &new(number, "hand_tractor")).await.expect(201);
    }
    let told = cast.company.get(&of).await.expect(200).body["items"][0].clone();
    assert_eq!((&told["pieces"], &told["working"], &told["in_custody"]), (&json!(5), &json!(5), &Value::Null));
    let (_, other) = cast.app.company("Sawit Lain Sintetis").await;
    assert_eq!(other.get("/v1/asset-counts").await.expect(200).body["items"], json!([]));
    other.get("/v1/assets").await.expect_problem(403, "insufficient_scope");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_family_gets_a_piece_and_gives_it_back() {
    let store = Store::new().await;
    let early = store.hand_over(0, "2026-01-04").await;
    assert_eq!(pointer(early), "/started_on");
    assert_eq!(pointer(store.hand_over(0, "2999-01-01").await), "/started_on");
    let nobody = hand_over(&uuid::Uuid::now_v7().to_string(), "2026-02-01");
    assert_eq!(pointer(store.command("hand-overs", &nobody).await), "/beneficiary_id");
    store.send(&store.facilitator, "hand-overs", &nobody).await.expect_problem(403, "insufficient_scope");

    let begun = store.hand_over(0, "2026-02-01").await.expect(201);
    let custody = begun.id();
    assert_eq!((&begun.body["village_code"], &begun.body["ended_on"]), (&json!(JANGGUT), &Value::Null));
    let asset = store.read().await;
    assert_eq!(
        (&asset["status"], &asset["custody_id"], &asset["next_check_on"]),
        (&json!("in_custody"), &json!(custody), &json!("2026-05-01"))
    );
    let second = store.hand_over(1, "2026-02-02").await.expect_problem(409, "asset_in_custody");
    assert_eq!(second.body["related"]["id"], json!(custody));

    for (body, at) in [
        (json!({ "reason": "lost", "condition": "good" }), "/reason"),
        (json!({ "reason": "own_wish", "condition": "missing" }), "/condition"),
        (hand_back("good", "2026-01-31"), "/ended_on"),
    ] {
        assert_eq!(pointer(store.command("hand-backs", &body).await), at);
    }
    let ended = store.command("hand-backs", &hand_back("worn", "2026-06-01")).await.expect(200);
    assert_eq!((&ended.body["end_reason"], &ended.body["version"]), (&json!("not_used"), &json!(2)));
    let asset = store.read().await;
    assert_eq!((&asset["status"], &asset["condition"]), (&json!("in_store"), &json!("worn")));
    let again = store.command("hand-backs", &hand_back("good", "2026-06-02")).await;
    let again = again.expect_problem(409, "command_not_possible");
    assert_eq!(again.body["possible"], json!(["hand-overs", "checks", "repairs", "write-offs"]));
    let told = store.app.told(&store.officer).await;
    let kinds = ["asset.handed_over", "custody.begun", "custody.ended", "asset.handed_back"];
    assert_eq!(told[told.len() - 4..], kinds);
    let recorded = store.app.recorded().await;
    assert_eq!(recorded[recorded.len() - 2..], ["hand_back_asset", "hand_back_asset"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_families_that_race_for_a_piece_one_gets_it() {
    let store = Store::new().await;
    let answers = join_all((0..9).map(|n| store.hand_over(n % 3, "2026-02-01"))).await;
    assert_eq!(answers.iter().filter(|answer| answer.status == 201).count(), 1);
    assert!(answers.iter().filter(|answer| answer.status != 201).all(|one| one.body["code"] == "asset_in_custody"));
    assert_eq!(listed(&store.officer, &format!("/v1/custodies?asset_id={}&is_live=true", store.asset)).await.len(), 1);
    // What the service does not do by itself, the database refuses.
    let second = "insert into custodies (area_id, id, asset_id, beneficiary_id, village_code, place, handover_number,
            started_on, handed_over_by, created_at, updated_at)
        select area_id, gen_random_uuid(), asset_id, beneficiary_id, village_code, place, handover_number, started_on,
            handed_over_by, created_at, updated_at from custodies on conflict do nothing";
    store.app.arrange(second).await;
    assert_eq!(listed(&store.officer, "/v1/custodies").await.len(), 1);

    let body = hand_over(&store.families[1], "2026-04-01");
    let transfer = json!({ "hand_back": hand_back("good", "2026-03-01"), "hand_over": body });
    let back = hand_back("good", "2026-03-01");
    let (one, other) = join(store.command("transfers", &transfer), store.command("hand-backs", &back)).await;
    let live = listed(&store.officer, &format!("/v1/custodies?asset_id={}&is_live=true", store.asset)).await;
    match (one.status.as_u16(), other.status.as_u16()) {
        // Transferred, then given back by the other family: before it had it.
        (201, 422) => assert_eq!(live.len(), 1),
        (409, 200) => assert_eq!(live.len(), 0),
        other => panic!("{other:?}"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_transfer_is_both_or_nothing_and_keeps_the_chain() {
    let store = Store::new().await;
    let first = store.hand_over(0, "2026-02-01").await.expect(201).id();
    let transfer = |condition: &str, on: &str| json!({ "hand_back": hand_back(condition, "2026-03-01"), "hand_over": hand_over(&store.families[1], on) });
    let early = store.command("transfers", &transfer("good", "2026-02-20")).await;
    assert_eq!(pointer(early), "/hand_over/started_on");
    let missing = store.command("transfers", &transfer("missing", "2026-03-02")).await;
    assert_eq!(pointer(missing), "/hand_back/condition");
    let broken = store.command("transfers", &transfer("broken", "2026-03-02")).await;
    broken.expect_problem(409, "command_not_possible");
    assert_eq!(store.read().await["custody_id"], json!(first), "nothing of it was done");

    let made = store.command("transfers", &transfer("good", "2026-03-02")).await.expect(201);
    assert_eq!(made.body["follows_id"], json!(first));
    let of_asset = format!("/v1/custodies?asset_id={}", store.asset);
    assert_eq!(listed(&store.officer, &of_asset).await, [first.clone(), made.id()]);
    let of_family = format!("/v1/custodies?beneficiary_id={}&is_live=false", store.families[0]);
    assert_eq!(listed(&store.officer, &of_family).await, std::slice::from_ref(&first));
    let kept = format!("/v1/assets?beneficiary_id={}&village_code={JANGGUT}", store.families[1]);
    assert_eq!(listed(&store.officer, &kept).await, std::slice::from_ref(&store.asset));
    assert!(listed(&store.officer, &format!("/v1/assets?beneficiary_id={}", store.families[0])).await.is_empty());
    let page = store.officer.get(&format!("{of_asset}&limit=1&count=exact&sort=-id")).await.expect(200).body;
    assert_eq!((&page["total"], &page["items"][0]["id"]), (&json!(2), &json!(made.id())));
    let next = format!("{of_asset}&sort=-id&cursor={}", page["next"].as_str().unwrap());
    assert_eq!(listed(&store.officer, &next).await, [first]);
}

#[tokio::test(flavor = "multi_thread")]
async fn checks_say_how_a_piece_is_and_when_it_is_looked_at_next() {
    let store = Store::new().await;
    store.hand_over(0, "2026-02-01").await.expect(201);
    let due = async |query: &str| listed(&store.officer, &format!("/v1/due-asset-checks?{query}")).await;
    assert!(due("on=2026-04-30").await.is_empty());
    let here = std::slice::from_ref(&store.asset);
    assert_eq!(due(&format!("on=2026-05-01&village_code={JANGGUT}&kind=hand_tractor")).await, here);
    assert!(due(&format!("on=2026-05-01&village_code={HAMBAU}")).await.is_empty());

    let picture = json!({ "digest": "ab".repeat(32), "media_type": "image/jpeg" });
    let faulty = async |changes: Value| {
        let mut check = json!({ "condition": "good", "is_in_use": true, "checked_on": "2026-05-02" });
        for (name, value) in changes.as_object().unwrap() {
            check[name] = value.clone();
        }
        pointer(store.send(&store.facilitator, "checks", &check).await)
    };
    assert_eq!(faulty(json!({ "condition": "missing" })).await, "/is_in_use");
    assert_eq!(faulty(json!({ "meter_hours": -1 })).await, "/meter_hours");
    assert_eq!(faulty(json!({ "next_check_on": "2026-05-02" })).await, "/next_check_on");
    assert_eq!(faulty(json!({ "evidence": [picture, picture] })).await, "/evidence/1/digest");
    assert_eq!(faulty(json!({ "checked_on": "2026-01-01" })).await, "/checked_on");

    let check = json!({ "condition": "worn", "is_in_use": true, "checked_on": "2026-05-02", "meter_hours": 40,
                        "evidence": [picture], "next_check_on": "2026-06-01" });
    let made = store.send(&store.facilitator, "checks", &check).await.expect(201);
    assert_eq!((&made.body["village_code"], &made.body["checked_by"].is_string()), (&json!(JANGGUT), &true));
    let read = store.officer.get(&format!("/v1/asset-checks/{}", made.id())).await.expect(200);
    assert_eq!(read.body, made.body);
    assert!(due("on=2026-05-31").await.is_empty());
    assert_eq!(due("on=2026-06-01").await, here);
    // One that comes late is kept, and says nothing of today.
    store.check("broken", "2026-04-01").await.expect(201);
    let asset = store.read().await;
    assert_eq!((&asset["condition"], &asset["next_check_on"]), (&json!("worn"), &json!("2026-06-01")));
    assert_eq!(listed(&store.officer, &format!("/v1/asset-checks?asset_id={}", store.asset)).await.len(), 2);
    assert_eq!(listed(&store.officer, "/v1/asset-checks?condition=worn").await, [made.id()]);
    let told = store.app.told(&store.officer).await;
    assert_eq!(told[told.len() - 3..], ["asset.checked", "asset_check.recorded", "asset_check.recorded"]);
    let counted = store.officer.get("/v1/asset-counts").await.expect(200).body["items"][0].clone();
    assert_eq!((&counted["in_use"], &counted["working"]), (&json!(1), &json!(1)));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_broken_is_mended_and_goes_back_to_its_family() {
    let store = Store::new().await;
    let repair = json!({ "reason": "Bearing aus", "minutes_number": "BA/2", "started_on": "2026-03-02" });
    store.hand_over(0, "2026-02-01").await.expect(201);
    let early = store.command("repairs", &repair).await.expect_problem(409, "command_not_possible");
    assert_eq!(early.body["possible"], json!(["hand-backs", "transfers", "checks"]));
    store.check("broken", "2026-03-01").await.expect(201);
    let sent = store.command("repairs", &repair).await.expect(200).body;
    assert_eq!((&sent["status"], &sent["status_reason"]), (&json!("under_repair"), &json!("Bearing aus")));
    assert!(sent["custody_id"].is_string());
    store.command("repair-ends", &json!({ "condition": "missing" })).await.expect_problem(422, "invalid_fields");
    let back = store.command("repair-ends", &json!({ "condition": "good" })).await.expect(200).body;
    assert_eq!((&back["status"], &back["status_reason"]), (&json!("in_custody"), &Value::Null));

    // Given back while it is in the workshop, it comes into store.
    store.check("broken", back["status_since"].as_str().unwrap()).await.expect(201);
    store.command("repairs", &json!({ "reason": "Lagi", "minutes_number": "BA/3" })).await.expect(200);
    store.command("hand-backs", &json!({ "reason": "unfit", "condition": "broken" })).await.expect(200);
    assert_eq!(store.read().await["status"], "under_repair");
    let back = store.command("repair-ends", &json!({ "condition": "worn" })).await.expect(200).body;
    assert_eq!((&back["status"], &back["custody_id"]), (&json!("in_store"), &Value::Null));
}

#[tokio::test(flavor = "multi_thread")]
async fn two_persons_say_that_a_piece_is_lost() {
    let store = Store::new().await;
    let write_off = store.proposed().await;
    let path = format!("/v1/asset-write-offs/{write_off}");
    let twice = json!({ "kind": "lost", "reason": "Hanyut", "minutes_number": "BA/1" });
    let twice = store.command("write-offs", &twice).await.expect_problem(409, "asset_write_off_proposed");
    assert_eq!(twice.body["related"]["id"], json!(write_off));
    let agree = format!("{path}/agreements");
    store.officer.post(&agree, &json!({})).await.expect_problem(409, "second_person_needed");
    store.facilitator.post(&agree, &json!({})).await.expect_problem(403, "insufficient_scope");
    let neighbour = store.app.client("second_officer", KENOHAN).await;
    neighbour.post(&agree, &json!({})).await.expect_problem(404, "not_found");

    let second = store.app.second_officer().await;
    let (agreement, refusal) = (json!({}), json!({ "reason": "Cari dahulu" }));
    let (one, other) = join(second.post(&agree, &agreement), second.post(&agree, &agreement)).await;
    let mut answers = [one.status.as_u16(), other.status.as_u16()];
    answers.sort_unstable();
    assert_eq!(answers, [200, 409]);
    second.post(&format!("{path}/refusals"), &refusal).await.expect_problem(409, "command_not_possible");
    let asset = store.read().await;
    assert_eq!(
        (&asset["status"], &asset["custody_id"], &asset["status_minutes_number"]),
        (&json!("lost"), &Value::Null, &json!("BA/1"))
    );
    let custody = store.officer.get("/v1/custodies").await.expect(200).body["items"][0].clone();
    assert_eq!(
        (&custody["end_reason"], &custody["return_condition"], &custody["ended_on"]),
        (&json!("lost"), &json!("missing"), &json!("2026-03-02"))
    );
    store.check("good", "2026-04-01").await.expect_problem(409, "command_not_possible");
    assert!(listed(&store.officer, "/v1/due-asset-checks?on=2099-01-01").await.is_empty());
    let found = store.command("recoveries", &json!({ "condition": "worn" })).await.expect(200).body;
    assert_eq!((&found["status"], &found["condition"]), (&json!("in_store"), &json!("worn")));
    store.hand_over(1, found["status_since"].as_str().unwrap()).await.expect(201);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_write_off_is_refused_or_overtaken_by_what_is_found() {
    let store = Store::new().await;
    let write_off = store.proposed().await;
    let second = store.app.second_officer().await;
    store.check("good", "2026-03-05").await.expect(201);
    let agree = format!("/v1/asset-write-offs/{write_off}/agreements");
    second.post(&agree, &json!({})).await.expect_problem(409, "command_not_possible");
    assert_eq!(listed(&second, "/v1/asset-write-offs?status=proposed").await, std::slice::from_ref(&write_off));
    let refused = format!("/v1/asset-write-offs/{write_off}/refusals");
    let refused = second.post(&refused, &json!({ "reason": "Sudah ditemukan" })).await.expect(200).body;
    assert_eq!((&refused["status"], &refused["version"]), (&json!("refused"), &json!(2)));
    assert_eq!(store.read().await["status"], "in_custody");

    store.check("broken", "2026-03-06").await.expect(201);
    let lost = json!({ "kind": "lost", "reason": "Hilang", "minutes_number": "BA/2" });
    store.command("write-offs", &lost).await.expect_problem(409, "command_not_possible");
    let retired = json!({ "kind": "retired", "reason": "Rangka patah", "minutes_number": "BA/2" });
    let retired = store.command("write-offs", &retired).await.expect(201).id();
    second.post(&format!("/v1/asset-write-offs/{retired}/agreements"), &json!({})).await.expect(200);
    assert_eq!(store.read().await["status"], "retired");
    let told = store.app.told(&store.officer).await;
    assert_eq!(told[told.len() - 3..], ["custody.ended", "asset.written_off", "asset_write_off.agreed"]);
    let recorded = store.app.recorded().await;
    assert_eq!(recorded[recorded.len() - 3..], ["agree_to_asset_write_off"; 3]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_household_registered_twice_keeps_its_equipment_and_an_undo_gives_it_back() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    let (one, other) = two_cards(&officer).await;
    let asset = register(&officer, "KJ-1").await.expect(201).id();
    let path = format!("/v1/assets/{asset}");
    let custody = officer.post(&format!("{path}/hand-overs"), &hand_over(&other, "2026-02-01")).await.expect(201);
    let custody_path = format!("/v1/custodies/{}", custody.id());
    let holder = async || officer.get(&custody_path).await.expect(200).body["beneficiary_id"].clone();
    let pair = decided(&officer).await;
    let whole = merger(&pair, "one_member_id", &json!({ "merges_families": true }));
    let merged = officer.post("/v1/duplicates/mergers", &whole).await.expect(201);
    assert_eq!(merged.body["carried_custody_ids"], json!([custody.id()]));
    assert_eq!(holder().await, json!(one));
    assert_eq!(listed(&officer, &format!("/v1/assets?beneficiary_id={one}")).await, std::slice::from_ref(&asset));
    // A check is no change of who has it.
    let check = json!({ "condition": "good", "is_in_use": true });
    officer.post(&format!("{path}/checks"), &check).await.expect(201);
    let undo = format!("/v1/duplicates/mergers/{}/reversals", merged.id());
    officer.post(&undo, &json!({ "reason": "Two households" })).await.expect(201);
    assert_eq!(holder().await, json!(other));
    let told = app.told(&officer).await;
    assert_eq!(told.iter().filter(|kind| *kind == "custody.carried").count(), 2, "there and back");

    let again = officer.get("/v1/duplicates/pairs").await.expect(200).body["items"][0].clone();
    let decision = format!("/v1/duplicates/pairs/{}/decisions", again["id"].as_str().unwrap());
    officer.post(&decision, &json!({ "decision": "same", "reason": "One household" })).await;
    let merged = officer.post("/v1/duplicates/mergers", &whole).await.expect(201);
    let back = json!({ "reason": "own_wish", "condition": "good" });
    officer.post(&format!("{path}/hand-backs"), &back).await.expect(200);
    let undo = format!("/v1/duplicates/mergers/{}/reversals", merged.id());
    let undo = officer.post(&undo, &json!({ "reason": "Two households" })).await;
    undo.expect_problem(409, "duplicate_merger_changed_since");
}

#[tokio::test(flavor = "multi_thread")]
async fn families_that_join_take_the_equipment_along_and_what_an_ended_one_has_is_listed() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    let (ending, lasting) =
        (crate::households::settle(&officer, 1).await, crate::households::settle(&officer, 2).await);
    let asset = register(&officer, "KJ-1").await.expect(201).id();
    let hand_over = hand_over(&ending.id, "2026-02-01");
    let custody = officer.post(&format!("/v1/assets/{asset}/hand-overs"), &hand_over).await.expect(201).id();
    let joined = crate::households::merger(&ending, &lasting);
    let joined = officer.post(&format!("{}/mergers", ending.path), &joined).await.expect(201);
    assert_eq!(joined.body["carried_custody_ids"], json!([custody]));
    let kept = officer.get(&format!("/v1/custodies/{custody}")).await.expect(200).body;
    assert_eq!((&kept["beneficiary_id"], &kept["version"]), (&json!(lasting.id), &json!(2)));
    assert!(app.told(&officer).await.contains(&"custody.carried".to_owned()));

    let unsettled = "/v1/custodies?is_live=true&is_family_live=false";
    assert!(listed(&officer, unsettled).await.is_empty());
    let away = json!({ "village_code": "64.02.09.2001", "address": "RT 01", "on": crate::households::today(),
                       "change_reason": "Ikut bekerja" });
    let offer = officer.post(&format!("{}/relocations", lasting.path), &away).await.expect(201);
    let offer = offer.header("location").to_owned();
    let neighbour = app.client("kecamatan_officer", KENOHAN).await;
    neighbour.post(&format!("{offer}/acceptances"), &json!({})).await.expect(200);
    assert_eq!(listed(&officer, unsettled).await, [custody]);
    assert!(app.told(&officer).await.contains(&"custody.left_behind".to_owned()));
    assert!(listed(&neighbour, "/v1/custodies").await.is_empty(), "the tractor stays the sub-district's");
    let back = json!({ "reason": "family_moved", "condition": "good" });
    officer.post(&format!("/v1/assets/{asset}/hand-backs"), &back).await.expect(200);
    assert!(listed(&officer, unsettled).await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_family_that_is_no_more_gets_nothing_and_a_repeated_command_hands_over_once() {
    let store = Store::new().await;
    let members = store.officer.get(&format!("/v1/beneficiaries/{}/members", store.families[2])).await.expect(200);
    for member in members.body["items"].as_array().unwrap().iter().rev() {
        let path = format!("/v1/members/{}/departures", member["id"].as_str().unwrap());
        store.officer.post(&path, &json!({ "reason": "died", "on": "2026-11-20" })).await.expect(201);
    }
    store.hand_over(2, "2026-02-01").await.expect_problem(409, "beneficiary_not_live");
    let path = format!("/v1/assets/{}/hand-overs", store.asset);
    let body = hand_over(&store.families[0], "2026-02-01");
    let first = store.officer.post_keyed(&path, "hand-over-1", &body).await.expect(201);
    let again = store.officer.post_keyed(&path, "hand-over-1", &body).await.expect(201);
    assert_eq!((first.body, again.header("idempotency-replayed")), (again.body.clone(), "true"));
    assert_eq!(listed(&store.officer, "/v1/custodies").await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_delivered_to_a_family_goes_to_it_first() {
    let cast = Cast::new().await;
    let (pledge, line) = cast.stocked("20", &[HAMBAU]).await;
    let families = cast.app.needy_families(HAMBAU, 2, "hand_tractor", "1").await;
    let (family, other) = (families[0].beneficiary_id.to_string(), families[1].beneficiary_id.to_string());
    let new = json!({ "pledge_line_id": line, "need_id": families[0].need_id, "quantity": "1" });
    let allocation = cast.first.post(&format!("/v1/pledges/{pledge}/allocations"), &new).await.expect(201).id();
    let path = format!("/v1/allocations/{allocation}/deliveries");
    let delivery = cast.second.post(&path, &handover("1", &family)).await.expect(201).id();
    let new = json!({ "asset_number": "KJ-1", "kind": "hand_tractor", "allocation_delivery_id": delivery,
                      "acquired_on": "2026-01-05" });
    let asset = cast.first.post("/v1/assets", &new).await.expect(201).id();
    let over = format!("/v1/assets/{asset}/hand-overs");
    let wrong = cast.first.post(&over, &hand_over(&other, "2026-02-01")).await;
    assert!(wrong.expect_problem(409, "asset_of_another_family").text.contains(&family));
    cast.first.post(&over, &hand_over(&family, "2026-02-01")).await.expect(201);
    let back = hand_back("good", "2026-03-01");
    cast.first.post(&format!("/v1/assets/{asset}/hand-backs"), &back).await.expect(200);
    cast.first.post(&over, &hand_over(&other, "2026-03-02")).await.expect(201);
}
