//! What happens to families as such: splitting, joining, going over, another head.

use serde_json::{Value, json};

use crate::beneficiaries::family;
use crate::cycles::rice_for_three;
use crate::enrollments::enrol;
use crate::programs::{define, rice, rules};
use crate::support::{Answer, Client, KENOHAN, TestApp, texts};

/// A registered family of four: head, spouse and two children, of whom the last has no NIK.
pub(crate) struct Home {
    pub(crate) id: String,
    pub(crate) path: String,
    /// Ids of head, spouse and children.
    pub(crate) members: Vec<String>,
}

/// Today in the sub-district: a membership that began today ends no earlier.
pub(crate) fn today() -> String {
    (chrono::Utc::now() + chrono::TimeDelta::hours(8)).date_naive().to_string()
}

/// Registers a family; numbers are synthetic and told apart by `number`, 1 to 99.
pub(crate) async fn settle(client: &Client, number: u32) -> Home {
    let nik = |day: u32, serial: u32| format!("640210{day:02}0190{serial:02}{number:02}");
    let mut new = family(&format!("64021010012090{number:02}"), &nik(41, 1));
    new["members"] = json!([
        { "nik": nik(41, 1), "name": "Ibu Contoh", "sex": "female", "born_on": "1990-01-01", "relationship": "head" },
        { "nik": nik(2, 2), "name": "Ayah Contoh", "sex": "male", "born_on": "1990-01-02", "relationship": "spouse" },
        { "nik": nik(3, 3), "name": "Anak Satu", "sex": "male", "born_on": "1990-01-03", "relationship": "child" },
        { "name": "Anak Dua", "sex": "male", "born_on": "2019-05-02", "relationship": "child" },
    ]);
    let made = client.post("/v1/beneficiaries", &new).await.expect(201);
    let path = format!("/v1/beneficiaries/{}", made.id());
    let members = members(client, &path).await.iter().map(|one| one["id"].as_str().unwrap().to_owned()).collect();
    Home { id: made.id(), path, members }
}

pub(crate) async fn members(client: &Client, path: &str) -> Vec<Value> {
    client.get(&format!("{path}/members")).await.expect(200).body["items"].as_array().unwrap().clone()
}

/// A split of some members; the first one is the head of the new family.
fn split_of(card: &str, members: &[&str]) -> Value {
    let relationship = |index: usize| if index == 0 { "head" } else { "child" };
    let placed: Vec<_> = members.iter().enumerate().map(|(index, id)| placed(id, relationship(index))).collect();
    json!({ "card_number": card, "village_code": "64.02.10.2005", "address": "RT 09", "on": "2026-02-03",
            "members": placed })
}

fn placed(id: &str, relationship: &str) -> Value {
    json!({ "member_id": id, "relationship": relationship })
}

/// A merger of everybody into another family.
pub(crate) fn merger(from: &Home, into: &Home) -> Value {
    let placed: Vec<_> = from.members.iter().map(|id| placed(id, "other_kin")).collect();
    json!({ "into_beneficiary_id": into.id, "on": "2026-02-03", "members": placed })
}

#[track_caller]
fn fault(answer: Answer) -> (Value, Value) {
    let refused = answer.expect_problem(422, "invalid_fields").body;
    (refused["errors"][0]["pointer"].clone(), refused["errors"][0]["code"].clone())
}

/// Persons with more than one live membership, families with other than one head, counts and claims that are wrong.
pub(crate) async fn faults_of_register(app: &TestApp) -> Vec<String> {
    let query = "
        select 'two families: ' || member_id as found from memberships where ended_on is null
            group by member_id having count(*) > 1
        union all
        select 'heads: ' || b.id from beneficiaries b left join memberships s
            on s.area_id = b.area_id and s.beneficiary_id = b.id and s.ended_on is null
            where b.status = 'live' group by b.id having count(*) filter (where s.relationship = 'head') <> 1
        union all
        select 'counted wrongly: ' || b.id from beneficiaries b where b.member_count <> (
            select count(*) from memberships s
            where s.area_id = b.area_id and s.beneficiary_id = b.id and s.ended_on is null)
        union all
        select 'live in an ended family: ' || s.member_id from memberships s join beneficiaries b
            on b.area_id = s.area_id and b.id = s.beneficiary_id where s.ended_on is null and b.status <> 'live'
        union all
        select 'nik not claimed by its live holder: ' || m.id from members m join memberships s
            on s.area_id = m.area_id and s.member_id = m.id and s.ended_on is null
            left join identity_claims c on c.nik_digest = m.nik_digest
            where m.nik_digest is not null
                and (c.member_id is distinct from m.id or c.area_id is distinct from m.area_id)
        union all
        select 'claim without its live holder: ' || c.member_id from identity_claims c where not exists (
            select from members m join memberships s
                on s.area_id = m.area_id and s.member_id = m.id and s.ended_on is null
            where m.area_id = c.area_id and m.id = c.member_id and m.nik_digest = c.nik_digest)
        union all
        select 'card not claimed by its live family: ' || b.id from beneficiaries b
            left join card_claims c on c.card_digest = b.card_digest
            where b.status = 'live' and (c.beneficiary_id is distinct from b.id or c.area_id is distinct from b.area_id)
        union all
        select 'card claimed by an ended family: ' || c.beneficiary_id from card_claims c where not exists (
            select from beneficiaries b where b.area_id = c.area_id and b.id = c.beneficiary_id and b.status = 'live')
        union all
        select 'located wrongly: ' || b.id from beneficiaries b join beneficiary_locators l on l.beneficiary_id = b.id
            where b.status = 'live' and l.area_id <> b.area_id
        union all
        select 'versions overlap: ' || id from members_history h
            where exists (select from members_history o where o.area_id = h.area_id and o.id = h.id
                and o.valid_from > h.valid_from and o.valid_from < h.valid_to)";
    texts(app, query).await
}

#[tokio::test(flavor = "multi_thread")]
async fn some_members_get_a_card_of_their_own() {
    let app = TestApp::new().await;
    let puskesos = app.puskesos().await;
    let home = settle(&puskesos, 1).await;
    let new = split_of("6402101001209050", &[&home.members[2], &home.members[3]]);
    let key = uuid::Uuid::now_v7().to_string();
    let made = puskesos.post_keyed(&format!("{}/splits", home.path), &key, &new).await.expect(201);
    let path = format!("/v1/beneficiaries/{}", made.id());
    assert_eq!(made.header("location"), path);
    assert_eq!((&made.body["head_name"], &made.body["member_count"]), (&json!("Anak Satu"), &json!(2)));
    assert_eq!((&made.body["decile"], &made.body["verified_at"]), (&Value::Null, &Value::Null));
    assert_eq!(puskesos.get(&path).await.expect(200).body, made.body);
    let again = puskesos.post_keyed(&format!("{}/splits", home.path), &key, &new).await.expect(201);
    assert_eq!((again.header("idempotency-replayed"), &again.text), ("true", &made.text));

    let listed = members(&puskesos, &path).await;
    assert_eq!(listed.iter().map(|one| &one["id"]).collect::<Vec<_>>(), [&home.members[2], &home.members[3]]);
    assert_eq!((&listed[0]["nik"], &listed[0]["version"]), (&json!("6402********0301"), &json!(2)));
    let left = puskesos.get(&home.path).await.expect(200).body;
    assert_eq!(
        (&left["member_count"], &left["version"], &left["head_name"]),
        (&json!(2), &json!(2), &json!("Ibu Contoh"))
    );
    let ended = puskesos.get(&format!("{}/memberships?is_ended=true&count=exact", home.path)).await.expect(200).body;
    assert_eq!(ended["total"], 2);
    assert_eq!((&ended["items"][0]["end_reason"], &ended["items"][0]["ended_on"]), (&json!("split"), &json!(today())));
    // The card is taken, and so are the NIKs: the persons have kept them.
    let taken = family("6402101001209050", "6402100301900301");
    puskesos.post("/v1/beneficiaries", &taken).await.expect_problem(409, "card_already_registered");
    let taken = family("6402101001209051", "6402100301900301");
    puskesos.post("/v1/beneficiaries", &taken).await.expect_problem(409, "nik_already_registered");
    assert_eq!(faults_of_register(&app).await, Vec::<String>::new());
    let told = app.told(&puskesos).await;
    let since = &told[1..];
    assert_eq!(since, ["member.moved", "member.moved", "beneficiary.split", "beneficiary.registered"]);
    assert_eq!(app.recorded().await[1..], ["split_beneficiary"; 4]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_split_that_leaves_something_undone_is_refused() {
    let app = TestApp::new().await;
    let puskesos = app.puskesos().await;
    let home = settle(&puskesos, 1).await;
    let other = settle(&puskesos, 2).await;
    let path = format!("{}/splits", home.path);
    let (head, child) = (&home.members[0], &home.members[2]);
    let leaving = split_of("6402101001209050", &[head]);
    assert_eq!(fault(puskesos.post(&path, &leaving).await), (json!("/successor_id"), json!("head_missing")));
    let mut gone = leaving.clone();
    gone["successor_id"] = json!(head);
    assert_eq!(fault(puskesos.post(&path, &gone).await), (json!("/successor_id"), json!("reference_unknown")));
    let everybody: Vec<&str> = home.members.iter().map(String::as_str).collect();
    let empty = split_of("6402101001209050", &everybody);
    assert_eq!(fault(puskesos.post(&path, &empty).await), (json!("/members"), json!("family_left_empty")));
    let foreign = split_of("6402101001209050", &[child, &other.members[3]]);
    assert_eq!(
        fault(puskesos.post(&path, &foreign).await),
        (json!("/members/1/member_id"), json!("reference_unknown"))
    );
    let mut headless = split_of("6402101001209050", &[child]);
    headless["members"][0]["relationship"] = json!("child");
    assert_eq!(fault(puskesos.post(&path, &headless).await), (json!("/members"), json!("head_missing")));
    let mut elsewhere = split_of("6402101001209050", &[child]);
    elsewhere["village_code"] = json!("64.02.09.2001");
    assert_eq!(fault(puskesos.post(&path, &elsewhere).await), (json!("/village_code"), json!("village_unknown")));
    let nik = split_of("6402100301900301", &[child]);
    assert_eq!(fault(puskesos.post(&path, &nik).await), (json!("/card_number"), json!("card_number_is_nik")));
    let mut later = split_of("6402101001209050", &[child]);
    later["on"] = json!("2199-01-01");
    assert_eq!(fault(puskesos.post(&path, &later).await), (json!("/on"), json!("date_in_future")));
    let taken = split_of("6402101001209002", &[child]);
    puskesos.post(&path, &taken).await.expect_problem(409, "card_already_registered");
    let mut stale = split_of("6402101001209050", &[child]);
    stale["version"] = json!(7);
    puskesos.post(&path, &stale).await.expect_problem(412, "version_stale");
    let neighbour = app.client("kecamatan_officer", KENOHAN).await;
    neighbour.post(&path, &split_of("6402101001209050", &[child])).await.expect_problem(404, "not_found");
    // Nothing of all that left a trace, and the head may go once somebody succeeds.
    assert_eq!(puskesos.get(&home.path).await.expect(200).body["version"], 1);
    let mut succeeded = leaving;
    succeeded["successor_id"] = json!(home.members[1]);
    puskesos.post(&path, &succeeded).await.expect(201);
    assert_eq!(puskesos.get(&home.path).await.expect(200).body["head_name"], "Ayah Contoh");
    assert_eq!(faults_of_register(&app).await, Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn two_households_join_on_one_card() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    let (ending, lasting) = (settle(&officer, 1).await, settle(&officer, 2).await);
    let program = define(&officer, &rice("RICE"), &rules("true", "10", "month")).await;
    let only = define(&officer, &rice("MORE"), &rules("true", "10", "month")).await;
    enrol(&officer, &program, json!({})).await;
    enrol(&officer, &only, json!({ "beneficiary_ids": [ending.id] })).await;
    for (home, kind) in [(&ending, "hand_tractor"), (&ending, "sewing_machine"), (&lasting, "sewing_machine")] {
        officer.post(&format!("{}/needs", home.path), &json!({ "kind": kind, "quantity": "1" })).await.expect(201);
    }
    let suspended = officer.get(&format!("/v1/enrollments?beneficiary_id={}&program_id={only}", ending.id)).await;
    let suspended = format!("/v1/enrollments/{}", suspended.body["items"][0]["id"].as_str().unwrap());
    officer.post(&format!("{suspended}/suspensions"), &json!({ "reason": "Away" })).await.expect(200);

    let made = officer.post(&format!("{}/mergers", ending.path), &merger(&ending, &lasting)).await.expect(201);
    assert_eq!(made.header("location"), lasting.path);
    assert_eq!(
        (&made.body["beneficiary"]["member_count"], &made.body["ended"]["status"]),
        (&json!(8), &json!("merged"))
    );
    assert_eq!(made.body["ended"]["continued_in_id"], json!(lasting.id));
    let ended = made.body["ended_enrollments"].as_array().unwrap();
    let told: Vec<_> =
        ended.iter().map(|one| (&one["program_id"], &one["was_suspended"], &one["is_continued"])).collect();
    assert_eq!(told.len(), 2);
    assert!(told.contains(&(&json!(program), &json!(false), &json!(true))), "{told:?}");
    assert!(told.contains(&(&json!(only), &json!(true), &json!(false))), "{told:?}");
    // Nothing was enrolled or resumed by the way.
    assert_eq!(officer.get(&suspended).await.expect(200).body["exit_reason"], "replaced");
    let there = officer.get(&format!("/v1/enrollments?beneficiary_id={}", lasting.id)).await.expect(200).body;
    assert_eq!(there["items"].as_array().unwrap().len(), 1);
    let needs = officer.get(&format!("{}/needs", lasting.path)).await.expect(200).body;
    let kinds: Vec<_> = needs["items"].as_array().unwrap().iter().map(|need| need["kind"].as_str().unwrap()).collect();
    assert_eq!((kinds.len(), kinds.contains(&"hand_tractor")), (2, true));
    let carried: Vec<_> =
        made.body["ended_needs"].as_array().unwrap().iter().map(|need| need["carried_to_id"].is_string()).collect();
    assert_eq!((carried.len(), carried.iter().filter(|is| **is).count()), (2, 1));

    // The card is free, the family is not live, the members are.
    officer.post("/v1/beneficiaries", &family("6402101001209001", "6402104101909077")).await.expect(201);
    let refused = officer.post(&format!("{}/splits", ending.path), &split_of("6402101001209050", &[])).await;
    refused.expect_problem(409, "beneficiary_not_live");
    assert_eq!(members(&officer, &ending.path).await, Vec::<Value>::new());
    let member = officer.get(&format!("/v1/members/{}", ending.members[0])).await.expect(200).body;
    assert_eq!((&member["beneficiary_id"], &member["left_on"]), (&json!(lasting.id), &Value::Null));
    assert_eq!(faults_of_register(&app).await, Vec::<String>::new());
    let told = app.told(&officer).await;
    for kind in ["beneficiary.merged", "enrollment.exited", "need.withdrawn", "need.recorded"] {
        assert!(told.iter().any(|one| one == kind), "{kind} is not told");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_merger_that_leaves_something_undone_is_refused() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    let (ending, lasting) = (settle(&officer, 1).await, settle(&officer, 2).await);
    let path = format!("{}/mergers", ending.path);
    let whole = merger(&ending, &lasting);
    let with = |field: &str, value: Value| {
        let mut new = whole.clone();
        new[field] = value;
        new
    };
    let itself = with("into_beneficiary_id", json!(ending.id));
    assert_eq!(fault(officer.post(&path, &itself).await), (json!("/into_beneficiary_id"), json!("reference_unknown")));
    let unknown = with("into_beneficiary_id", json!(uuid::Uuid::now_v7()));
    assert_eq!(fault(officer.post(&path, &unknown).await), (json!("/into_beneficiary_id"), json!("reference_unknown")));
    let missing = with("members", json!([placed(&ending.members[0], "parent")]));
    assert_eq!(fault(officer.post(&path, &missing).await), (json!("/members"), json!("members_missing")));
    let mut second_head = whole.clone();
    second_head["members"][0]["relationship"] = json!("head");
    assert_eq!(fault(officer.post(&path, &second_head).await), (json!("/members/0/relationship"), json!("head_twice")));
    officer.post(&path, &with("version", json!(9))).await.expect_problem(412, "version_stale");
    officer.post(&path, &with("into_version", json!(9))).await.expect_problem(412, "version_stale");
    // A card has thirty lines.
    for number in 0..23 {
        let new = json!({ "name": format!("Kerabat {}", "Contoh ".repeat(number % 3 + 1).trim()), "sex": "male",
                          "relationship": "other_kin" });
        officer.post(&format!("{}/members", lasting.path), &new).await.expect(201);
    }
    officer.post(&path, &whole).await.expect_problem(409, "family_full");
    let to_full = json!({ "beneficiary_id": lasting.id, "relationship": "other_kin", "on": "2026-02-03" });
    for member in &ending.members[1..] {
        officer.post(&format!("/v1/members/{member}/moves"), &to_full).await.expect(201);
    }
    let last = officer.post(&format!("/v1/members/{}/moves", ending.members[0]), &to_full).await;
    last.expect_problem(409, "family_full");
    assert_eq!(faults_of_register(&app).await, Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_marries_into_another_family() {
    let app = TestApp::new().await;
    let puskesos = app.puskesos().await;
    let (old, new) = (settle(&puskesos, 1).await, settle(&puskesos, 2).await);
    let path = format!("/v1/members/{}/moves", old.members[2]);
    let marries = json!({ "version": 1, "beneficiary_id": new.id, "relationship": "child_in_law", "on": "2026-02-03",
                          "change_reason": "Menikah" });
    let moved = puskesos.post(&path, &marries).await.expect(201);
    assert_eq!((&moved.body["beneficiary_id"], &moved.body["relationship"]), (&json!(new.id), &json!("child_in_law")));
    assert_eq!((moved.header("etag"), &moved.body["nik"]), ("\"2\"", &json!("6402********0301")));
    let counts = [&old.path, &new.path].map(|path| puskesos.get(path));
    let [left, joined] = counts;
    assert_eq!(
        (left.await.body["member_count"].clone(), joined.await.body["member_count"].clone()),
        (json!(3), json!(5))
    );
    puskesos.post(&path, &marries).await.expect_problem(422, "invalid_fields");
    let mut stale = marries.clone();
    stale["beneficiary_id"] = json!(old.id);
    puskesos.post(&path, &stale).await.expect_problem(412, "version_stale");
    let head = format!("/v1/members/{}/moves", old.members[0]);
    let mut leaves = json!({ "beneficiary_id": new.id, "relationship": "parent", "on": "2026-02-03" });
    assert_eq!(fault(puskesos.post(&head, &leaves).await), (json!("/successor_id"), json!("head_missing")));
    leaves["successor_id"] = json!(old.members[1]);
    puskesos.post(&head, &leaves).await.expect(201);
    assert_eq!(puskesos.get(&old.path).await.body["head_name"], "Ayah Contoh");
    let second_head = json!({ "beneficiary_id": new.id, "relationship": "head", "on": "2026-02-03" });
    let answer = puskesos.post(&format!("/v1/members/{}/moves", old.members[3]), &second_head).await;
    assert_eq!(fault(answer), (json!("/relationship"), json!("head_twice")));
    // The last ones go: the family ends.
    let goes = json!({ "beneficiary_id": new.id, "relationship": "other_kin", "on": "2026-02-03" });
    for member in [3, 1] {
        puskesos.post(&format!("/v1/members/{}/moves", old.members[member]), &goes).await.expect(201);
    }
    let ended = puskesos.get(&old.path).await.expect(200).body;
    assert_eq!((&ended["status"], &ended["member_count"]), (&json!("ended"), &json!(0)));
    assert_eq!(faults_of_register(&app).await, Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_family_gets_another_head_and_everybody_their_place() {
    let app = TestApp::new().await;
    let puskesos = app.puskesos().await;
    let home = settle(&puskesos, 1).await;
    let path = format!("{}/head-changes", home.path);
    let change = json!({ "version": 1, "head_id": home.members[2], "members": [
        placed(&home.members[0], "parent"), placed(&home.members[1], "parent"), placed(&home.members[3], "other_kin"),
    ] });
    let mut two = change.clone();
    two["members"][1]["relationship"] = json!("head");
    assert_eq!(fault(puskesos.post(&path, &two).await), (json!("/members/1/relationship"), json!("head_twice")));
    let without = json!({ "head_id": home.members[2], "members": [placed(&home.members[1], "parent")] });
    assert_eq!(fault(puskesos.post(&path, &without).await), (json!("/members"), json!("head_twice")));
    let changed = puskesos.post(&path, &change).await.expect(201);
    assert_eq!((&changed.body["head_name"], changed.header("etag")), (&json!("Anak Satu"), "\"2\""));
    let places: Vec<_> = members(&puskesos, &home.path).await.iter().map(|one| one["relationship"].clone()).collect();
    assert_eq!(places, ["parent", "parent", "head", "other_kin"]);
    puskesos.post(&path, &change).await.expect_problem(412, "version_stale");
    assert!(app.told(&puskesos).await.contains(&"beneficiary.head_changed".to_owned()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_child_is_born_without_a_nik_and_gets_one_later() {
    let app = TestApp::new().await;
    let puskesos = app.puskesos().await;
    let home = settle(&puskesos, 1).await;
    let child = json!({ "name": "Anak Baru", "sex": "female", "born_on": "2026-02-03", "relationship": "child",
                        "mother_name": "Ibu Contoh" });
    let born = puskesos.post(&format!("{}/members", home.path), &child).await.expect(201);
    assert_eq!((&born.body["nik_status"], &born.body["nik"]), (&json!("none"), &Value::Null));
    let path = format!("/v1/members/{}", born.id());
    let change = json!({ "nik": "6402104302269001", "change_reason": "Akta kelahiran terbit" });
    let given = puskesos.patch(&path, "\"1\"", &change).await.expect(200);
    assert_eq!((&given.body["nik_status"], &given.body["warnings"]), (&json!("structure_ok"), &json!([])));
    let history = puskesos.get(&format!("{path}/history")).await.expect(200).body;
    let latest = &history["items"][0];
    assert_eq!((&latest["operation"], &latest["reason"]), (&json!("update_member"), &json!("Akta kelahiran terbit")));
    assert_eq!(
        (&latest["changes"][0]["field"], &latest["changes"][0]["after"]),
        (&json!("nik"), &json!("6402********9001"))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_rests_on_a_family_ends_with_its_last_member() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    let (program, _, due) = rice_for_three(&app, &officer).await;
    let family = due[0]["beneficiary_id"].as_str().unwrap();
    let path = format!("/v1/beneficiaries/{family}");
    officer.post(&format!("{path}/needs"), &json!({ "kind": "hand_tractor", "quantity": "1" })).await.expect(201);
    let everybody = members(&officer, &path).await;
    for (index, member) in everybody.iter().enumerate() {
        let mut death = json!({ "reason": "died", "on": "2026-02-03" });
        if index + 1 < everybody.len() {
            death["successor_id"] = everybody[index + 1]["id"].clone();
        }
        let address = format!("/v1/members/{}/departures", member["id"].as_str().unwrap());
        officer.post(&address, &death).await.expect(201);
    }
    let enrollments = officer.get(&format!("/v1/enrollments?beneficiary_id={family}")).await.expect(200).body;
    let one = &enrollments["items"][0];
    assert_eq!(
        (&one["program_id"], &one["status"], &one["exit_reason"]),
        (&json!(program), &json!("exited"), &json!("deceased"))
    );
    let needs = officer.get(&format!("{path}/needs")).await.expect(200).body;
    assert_eq!(needs["items"][0]["status"], "withdrawn");
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_commands_about_one_family_at_once_one_wins() {
    let app = TestApp::new().await;
    let (one, other) = (app.puskesos().await, app.kecamatan().await);
    for round in 0..4_u32 {
        let (home, lasting) = (settle(&one, 10 + 2 * round).await, settle(&one, 11 + 2 * round).await);
        let mut split = split_of(&format!("640210100120906{round}"), &[&home.members[2]]);
        split["version"] = json!(1);
        let mut joins = merger(&home, &lasting);
        joins["version"] = json!(1);
        let (splits, mergers) = (format!("{}/splits", home.path), format!("{}/mergers", home.path));
        let (left, right) = tokio::join!(one.post(&splits, &split), other.post(&mergers, &joins));
        let statuses = [left.status.as_u16(), right.status.as_u16()];
        assert!(matches!(statuses, [201, 412] | [409 | 412, 201]), "{} {}", left.text, right.text);
        assert_eq!(faults_of_register(&app).await, Vec::<String>::new());
    }
}
