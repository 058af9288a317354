//! Places of programs: who is kept off by another program, how many there are, and who waits.

use serde_json::{Value, json};

use crate::enrollments::{enrol, register};
use crate::programs::{define, rice, rules};
use crate::support::{Client, KENOHAN, TestApp, texts};

const JANGGUT: &str = "64.02.10.2004";
const KELEKAT: &str = "64.02.10.2005";

/// A program that every family is eligible for.
pub(crate) async fn for_all(officer: &Client, code: &str) -> String {
    define(officer, &rice(code), &rules("true", "10", "month")).await
}

pub(crate) fn basis() -> Value {
    json!({ "title": "Fokus Penggunaan Dana Desa", "number": "Permendesa 16/2025", "article": "3" })
}

/// One program excludes another; answers the id of the rule.
pub(crate) async fn exclude(officer: &Client, code: &str, (one, other): (&str, &str)) -> String {
    let new = json!({ "code": code, "kind": "excludes", "program_ids": [one], "excluded_program_ids": [other],
                      "legal_basis": basis(), "effective_from": "2026-01-01" });
    officer.post("/v1/overlap-rules", &new).await.expect(201).id()
}

/// Sets a quota of a village, or of the sub-district.
pub(crate) async fn quota(officer: &Client, program: &str, village: Option<&str>, places: u32) -> String {
    let mut new = json!({ "places": places, "decree_number": "140/09/2026", "effective_from": "2026-01-01" });
    if let Some(village) = village {
        new["village_code"] = json!(village);
    }
    officer.post(&format!("/v1/programs/{program}/quotas"), &new).await.expect(201).id()
}

/// Families of a village by their deciles; answers their ids. Numbers go on from `first`.
pub(crate) async fn families(officer: &Client, first: u16, village: &str, deciles: &[u8]) -> Vec<String> {
    let mut ids = Vec::new();
    for (number, decile) in (first..).zip(deciles) {
        ids.push(register(officer, number, village, *decile).await);
    }
    ids
}

/// Proposes all eligible families; answers their enrollments by family.
async fn propose(officer: &Client, program: &str) -> Vec<(String, String)> {
    officer.post(&format!("/v1/programs/{program}/enrollment-proposals"), &json!({})).await.expect(200);
    let listed = format!("/v1/enrollments?program_id={program}&status=proposed&limit=200");
    let listed = officer.get(&listed).await.expect(200).body;
    let of = |row: &Value| (row["beneficiary_id"].as_str().unwrap().to_owned(), row["id"].as_str().unwrap().to_owned());
    listed["items"].as_array().unwrap().iter().map(of).collect()
}

fn confirmation(id: &str) -> String {
    format!("/v1/enrollments/{id}/confirmations")
}

fn decree() -> Value {
    json!({ "decree_number": "140/10/2026" })
}

/// How many enrollments of a program have a place.
pub(crate) async fn taken(app: &TestApp, program: &str) -> usize {
    let found = format!(
        "select id::text as found from enrollments where program_id = '{program}'
         and status in ('confirmed', 'active', 'suspended')"
    );
    texts(app, &found).await.len()
}

/// Who waits for a program, in order.
pub(crate) async fn waiting(officer: &Client, program: &str) -> Vec<(String, i64)> {
    let listed = officer.get(&format!("/v1/programs/{program}/reserves?status=waiting&limit=200")).await.expect(200);
    let of = |row: &Value| (row["beneficiary_id"].as_str().unwrap().to_owned(), row["place"].as_i64().unwrap());
    listed.body["items"].as_array().unwrap().iter().map(of).collect()
}

fn part(run: &Value, name: &str) -> i64 {
    run[name].as_i64().unwrap()
}

/// Lets the members of a family die one after the other.
async fn die_out(officer: &Client, family: &str) {
    let members = officer.get(&format!("/v1/beneficiaries/{family}/members")).await.expect(200).body;
    for member in members["items"].as_array().unwrap().iter().rev() {
        let path = format!("/v1/members/{}/departures", member["id"].as_str().unwrap());
        officer.post(&path, &json!({ "reason": "died", "on": "2026-11-20" })).await.expect(201);
    }
}

/// The parts of a run add up.
fn adds_up(run: &Value) {
    let parts = [
        "enrolled",
        "already_enrolled",
        "exited_before",
        "not_eligible",
        "refused",
        "reserved",
        "waiting",
        "without_place",
    ];
    assert_eq!(part(run, "considered"), parts.map(|name| part(run, name)).iter().sum::<i64>(), "{run}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rule_is_added_read_and_ended_and_never_changed() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    let (blt, pkh) = (for_all(&officer, "BLT").await, for_all(&officer, "PKH").await);
    let new = json!({ "code": "BLT-NOT-PKH", "kind": "excludes", "program_ids": [blt], "excluded_program_ids": [pkh],
                      "legal_basis": basis(), "effective_from": "2026-01-01" });
    let made = officer.post("/v1/overlap-rules", &new).await.expect(201);
    let path = format!("/v1/overlap-rules/{}", made.id());
    assert_eq!((made.header("location"), &made.body["legal_basis"]), (path.as_str(), &basis()));
    assert_eq!(officer.get(&path).await.expect(200).body, made.body);
    officer.post("/v1/overlap-rules", &new).await.expect_problem(409, "overlap_rule_code_taken");

    let neighbour = app.client("kecamatan_officer", KENOHAN).await;
    neighbour.get(&path).await.expect_problem(404, "not_found");
    let theirs = json!({ "code": "THEIRS", "kind": "one_of", "program_ids": [blt, pkh], "legal_basis": basis(),
                         "effective_from": "2026-01-01" });
    let refused = neighbour.post("/v1/overlap-rules", &theirs).await.expect_problem(422, "invalid_fields");
    assert_eq!(refused.body["errors"][1]["code"], "reference_unknown");

    let last = json!({ "effective_to": "2026-06-30" });
    let ended = officer.post(&format!("{path}/endings"), &last).await.expect(200);
    assert_eq!((&ended.body["effective_to"], &ended.body["ended_by"]), (&json!("2026-06-30"), &json!(officer.id)));
    officer.post(&format!("{path}/endings"), &last).await.expect_problem(409, "overlap_rule_ended");
    let covering = |day: &str| format!("/v1/overlap-rules?program_id={pkh}&on={day}&count=exact");
    assert_eq!(officer.get(&covering("2026-06-30")).await.expect(200).body["total"], 1);
    assert_eq!(officer.get(&covering("2026-07-01")).await.expect(200).body["total"], 0);
    assert_eq!(app.recorded().await[4..], ["add_overlap_rule", "end_overlap_rule"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_has_a_program_is_kept_off_the_one_that_it_excludes() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    let ids = families(&officer, 1, JANGGUT, &[1, 2, 3]).await;
    let (blt, pkh) = (for_all(&officer, "BLT").await, for_all(&officer, "PKH").await);
    let rule = exclude(&officer, "BLT-NOT-PKH", (&blt, &pkh)).await;
    enrol(&officer, &pkh, json!({ "beneficiary_ids": [ids[0]] })).await;

    // The preview tells who would be refused, by which rule and program.
    let preview = officer.get(&format!("/v1/programs/{blt}/overlaps?count=exact")).await.expect(200).body;
    let row = &preview["items"][0];
    assert_eq!((&preview["total"], &row["beneficiary_id"], &row["rule_id"]), (&json!(1), &json!(ids[0]), &json!(rule)));
    assert_eq!((&row["program_code"], &row["status"]), (&json!("PKH"), &Value::Null));
    let counts = officer.get(&format!("/v1/programs/{blt}/overlap-counts")).await.expect(200).body;
    assert_eq!((&counts["items"][0]["eligible"], &counts["items"][0]["on_both"]), (&json!(1), &json!(0)));

    let run = enrol(&officer, &blt, json!({})).await;
    adds_up(&run);
    assert_eq!((part(&run, "enrolled"), part(&run, "refused")), (2, 1));
    assert_eq!(run["refused_by"], json!([{ "rule_id": rule, "rule_code": "BLT-NOT-PKH", "families": 1 }]));
    // The other way round as well, and one by one with the rule, its basis and the program.
    let proposed = propose(&officer, &pkh).await;
    assert_eq!(proposed.len(), 2);
    let refused = officer.post(&confirmation(&proposed[0].1), &decree()).await.expect_problem(409, "program_overlaps");
    let overlap = &refused.body["overlap"];
    assert_eq!((&overlap["rule_id"], &overlap["rule_code"]), (&json!(rule), &json!("BLT-NOT-PKH")));
    assert_eq!((&overlap["program_id"], &overlap["program_code"]), (&json!(blt), &json!("BLT")));
    assert_eq!(overlap["legal_basis_number"], "Permendesa 16/2025");
    assert_eq!(refused.body["related"]["href"], format!("/v1/overlap-rules/{rule}"));

    // Once the other enrollment has ended nothing stands against it.
    let other = officer.get(&format!("/v1/enrollments?program_id={blt}&beneficiary_id={}", proposed[0].0)).await;
    let other = other.expect(200).body["items"][0]["id"].as_str().unwrap().to_owned();
    officer.post(&format!("/v1/enrollments/{other}/exits"), &json!({ "reason": "own_wish" })).await.expect(200);
    let confirmed = officer.post(&confirmation(&proposed[0].1), &decree()).await.expect(200);
    assert_eq!(
        (&confirmed.body["status"], &confirmed.body["decree_number"]),
        (&json!("confirmed"), &json!("140/10/2026"))
    );
    let active = officer.post(&format!("/v1/enrollments/{}/activations", proposed[0].1), &json!({})).await.expect(200);
    assert_eq!((&active.body["status"], active.header("etag")), (&json!("active"), "\"3\""));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_family_has_at_most_so_many_of_some_programs() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    let ids = families(&officer, 1, JANGGUT, &[1]).await;
    let mut food = Vec::new();
    for code in ["RICE", "SEMBAKO", "EGGS"] {
        food.push(for_all(&officer, code).await);
    }
    let new = json!({ "code": "TWO-FOODS", "kind": "one_of", "most": 2, "program_ids": food,
                      "legal_basis": basis(), "effective_from": "2026-01-01" });
    officer.post("/v1/overlap-rules", &new).await.expect(201);
    let mut enrolled = Vec::new();
    for program in &food {
        enrolled.push(part(&enrol(&officer, program, json!({ "beneficiary_ids": ids })).await, "enrolled"));
    }
    assert_eq!(enrolled, [1, 1, 0]);
    // A pause keeps the place; only an end frees it.
    let first = officer.get(&format!("/v1/enrollments?program_id={}", food[0])).await.expect(200);
    let first = format!("/v1/enrollments/{}", first.body["items"][0]["id"].as_str().unwrap());
    officer.post(&format!("{first}/suspensions"), &json!({ "reason": "Away" })).await.expect(200);
    assert_eq!(part(&enrol(&officer, &food[2], json!({})).await, "refused"), 1);
    officer.post(&format!("{first}/exits"), &json!({ "reason": "own_wish" })).await.expect(200);
    assert_eq!(part(&enrol(&officer, &food[2], json!({})).await, "enrolled"), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_poorest_get_the_places_and_the_rest_wait_in_order() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    let here = families(&officer, 1, JANGGUT, &[4, 1, 3, 2]).await;
    let there = families(&officer, 11, KELEKAT, &[5, 6]).await;
    let rice = for_all(&officer, "RICE").await;
    quota(&officer, &rice, Some(JANGGUT), 2).await;
    let run = enrol(&officer, &rice, json!({ "seed": "undian-2026" })).await;
    adds_up(&run);
    assert_eq!((part(&run, "enrolled"), part(&run, "reserved")), (4, 2));
    assert_eq!(run["ordered_by"], "decile, lots of undian-2026");
    assert_eq!(waiting(&officer, &rice).await, [(here[2].clone(), 1), (here[0].clone(), 2)]);
    let list = officer.get(&format!("/v1/programs/{rice}/reserves")).await.expect(200).body;
    assert_eq!((&list["items"][0]["reason"], &list["items"][0]["decile"]), (&json!("village_quota"), &json!(3)));

    let counts = officer.get(&format!("/v1/programs/{rice}/place-counts")).await.expect(200).body;
    let counts = &counts["items"][0];
    assert_eq!((&counts["places"], &counts["taken"], &counts["free"]), (&json!(2), &json!(2), &json!(0)));
    assert_eq!((&counts["village_code"], &counts["waiting"]), (&json!(JANGGUT), &json!(2)));

    // Again: nothing changes.
    let again = enrol(&officer, &rice, json!({ "seed": "undian-2026" })).await;
    adds_up(&again);
    assert_eq!((part(&again, "enrolled"), part(&again, "waiting"), part(&again, "reserved")), (0, 2, 0));
    assert_eq!(waiting(&officer, &rice).await.len(), 2);

    // A new quota gives one place; the first who waits gets it, before a poorer newcomer.
    let newcomer = families(&officer, 21, JANGGUT, &[1]).await;
    quota(&officer, &rice, Some(JANGGUT), 3).await;
    let more = enrol(&officer, &rice, json!({})).await;
    adds_up(&more);
    assert_eq!((part(&more, "enrolled"), part(&more, "waiting"), part(&more, "reserved")), (1, 1, 1));
    assert_eq!(waiting(&officer, &rice).await, [(here[0].clone(), 2), (newcomer[0].clone(), 3)]);
    let status = officer.get(&format!("/v1/programs/{rice}/reserves?status=taken")).await.expect(200).body;
    assert_eq!(status["items"][0]["beneficiary_id"], here[2]);
    assert!(status["items"][0]["enrollment_id"].is_string());

    // Off the list by hand: the place stays empty.
    let id = officer.get(&format!("/v1/programs/{rice}/reserves?status=waiting")).await.expect(200);
    let path = format!("/v1/reserves/{}", id.body["items"][0]["id"].as_str().unwrap());
    let removed = officer.post(&format!("{path}/removals"), &json!({ "reason": "Moved away" })).await.expect(200);
    assert_eq!(removed.body["status"], "removed");
    officer
        .post(&format!("{path}/removals"), &json!({ "reason": "x" }))
        .await
        .expect_problem(409, "reserve_not_waiting");
    assert_eq!(waiting(&officer, &rice).await, [(newcomer[0].clone(), 3)]);
    assert_eq!(taken(&app, &rice).await, 3 + there.len());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_quota_of_the_sub_district_holds_beside_those_of_villages() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    families(&officer, 1, JANGGUT, &[1, 1, 1]).await;
    families(&officer, 11, KELEKAT, &[2, 2, 2]).await;
    let rice = for_all(&officer, "RICE").await;
    quota(&officer, &rice, Some(JANGGUT), 2).await;
    let whole = quota(&officer, &rice, None, 4).await;
    let run = enrol(&officer, &rice, json!({ "becomes": "confirmed", "tie_break": "registered" })).await;
    adds_up(&run);
    assert_eq!((part(&run, "enrolled"), part(&run, "reserved")), (4, 2));
    let list = officer.get(&format!("/v1/programs/{rice}/reserves")).await.expect(200).body;
    let reasons: Vec<&Value> = list["items"].as_array().unwrap().iter().map(|row| &row["reason"]).collect();
    assert_eq!(reasons, [&json!("village_quota"), &json!("district_quota")]);
    assert_eq!(officer.get(&format!("/v1/quotas/{whole}")).await.expect(200).body["places"], 4);
    // Confirmed families are activated in one go, each once.
    let path = format!("/v1/programs/{rice}/enrollment-activations");
    assert_eq!(officer.post(&path, &json!({})).await.expect(200).body["activated"], 4);
    assert_eq!(officer.post(&path, &json!({})).await.expect(200).body["activated"], 0);
    // Without the reserve list they are only counted.
    families(&officer, 21, JANGGUT, &[1]).await;
    let run = enrol(&officer, &rice, json!({ "keeps_reserve": false })).await;
    adds_up(&run);
    assert_eq!((part(&run, "without_place"), part(&run, "waiting")), (1, 2));
}

#[tokio::test(flavor = "multi_thread")]
async fn only_those_that_were_proposed_or_wait_are_looked_at_where_asked() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    let ids = families(&officer, 1, JANGGUT, &[1, 2, 3]).await;
    let rice = for_all(&officer, "RICE").await;
    let path = format!("/v1/programs/{rice}/enrollment-proposals");
    let proposed = officer.post(&path, &json!({ "beneficiary_ids": [ids[1], ids[2]] })).await.expect(200).body;
    assert_eq!((&proposed["proposed"], &proposed["considered"]), (&json!(2), &json!(2)));
    let again = officer.post(&path, &json!({})).await.expect(200).body;
    assert_eq!((&again["proposed"], &again["already_enrolled"]), (&json!(1), &json!(2)));
    quota(&officer, &rice, None, 1).await;
    let nobody = enrol(&officer, &rice, json!({ "source": "reserve" })).await;
    assert_eq!(part(&nobody, "considered"), 0);
    let run = enrol(&officer, &rice, json!({ "source": "proposed", "becomes": "confirmed" })).await;
    adds_up(&run);
    assert_eq!((part(&run, "enrolled"), part(&run, "reserved")), (1, 2));
    quota(&officer, &rice, None, 2).await;
    let run = enrol(&officer, &rice, json!({ "source": "reserve" })).await;
    assert_eq!((part(&run, "considered"), part(&run, "enrolled"), part(&run, "waiting")), (2, 1, 1));
    let kept = texts(&app, "select record ->> 'status' as found from enrollments_history").await;
    assert_eq!(kept, ["proposed", "proposed"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_confirms_a_list_is_a_decree_or_a_meeting() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    let ids = families(&officer, 1, KELEKAT, &[1]).await;
    let rice = for_all(&officer, "RICE").await;
    let path = format!("/v1/programs/{rice}/enrollment-runs");
    let none = officer.post(&path, &json!({})).await.expect_problem(422, "invalid_fields");
    assert_eq!(none.body["errors"][0]["pointer"], "/decree_number");
    let meeting = json!({ "village_code": KELEKAT, "program_id": rice, "held_on": "2026-11-10",
        "minutes_number": "BA/7", "minutes_digest": "ab".repeat(32), "minutes_media_type": "application/pdf",
        "attendee_count": 31, "decisions": [
            { "beneficiary_id": ids[0], "decision": "reserve", "reserve_order": 1, "reason": "Layak" }] });
    let meeting = officer.post("/v1/deliberations", &meeting).await.expect(201).id();
    let both = json!({ "decree_number": "1", "deliberation_id": meeting });
    officer.post(&path, &both).await.expect_problem(422, "invalid_fields");
    let run = officer.post(&path, &json!({ "deliberation_id": meeting })).await.expect(200).body;
    assert_eq!((&run["decree_number"], &run["enrolled"]), (&json!("BA/7"), &json!(1)));
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_confirmations_at_once_that_exclude_each_other_one_wins() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    for round in 0..6_u16 {
        let (one, other) = (format!("A{round}"), format!("B{round}"));
        let (one, other) = (for_all(&officer, &one).await, for_all(&officer, &other).await);
        exclude(&officer, &format!("R{round}"), (&one, &other)).await;
        if round == 0 {
            families(&officer, 1, JANGGUT, &[1]).await;
        }
        let (first, second) = (propose(&officer, &one).await, propose(&officer, &other).await);
        let (first, second) = (confirmation(&first[0].1), confirmation(&second[0].1));
        let body = decree();
        let (first, second) = tokio::join!(officer.post(&first, &body), officer.post(&second, &body));
        let statuses = [first.status.as_u16(), second.status.as_u16()];
        assert!(statuses == [200, 409] || statuses == [409, 200], "{} {}", first.text, second.text);
        assert_eq!(taken(&app, &one).await + taken(&app, &other).await, 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn sixteen_who_race_for_five_places_get_five() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    families(&officer, 1, JANGGUT, &[1; 16]).await;
    let rice = for_all(&officer, "RICE").await;
    quota(&officer, &rice, Some(JANGGUT), 5).await;
    let race = propose(&officer, &rice).await.into_iter().map(|(_, id)| {
        let officer = officer.clone();
        tokio::spawn(async move { officer.post_patiently(&confirmation(&id), &decree()).await })
    });
    let mut statuses = Vec::new();
    for answer in race.collect::<Vec<_>>() {
        let answer = answer.await.unwrap();
        if answer.status == 409 {
            assert_eq!(
                (&answer.body["code"], &answer.body["related"]["resource"]),
                (&json!("quota_full"), &json!("quotas"))
            );
        }
        statuses.push(answer.status.as_u16());
    }
    statuses.sort_unstable();
    assert_eq!(statuses, [[200; 5].as_slice(), [409; 11].as_slice()].concat());
    assert_eq!(taken(&app, &rice).await, 5);
}

#[tokio::test(flavor = "multi_thread")]
async fn runs_at_once_of_programs_that_exclude_each_other_leave_nobody_on_both() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    families(&officer, 1, JANGGUT, &[1; 12]).await;
    let (one, other) = (for_all(&officer, "ONE").await, for_all(&officer, "OTHER").await);
    exclude(&officer, "NOT-BOTH", (&one, &other)).await;
    quota(&officer, &one, None, 7).await;
    let runs = [&one, &other, &one, &other].map(|program| {
        let (officer, program) = (officer.clone(), program.clone());
        tokio::spawn(async move { enrol(&officer, &program, json!({ "include_exited": true })).await })
    });
    for run in runs {
        adds_up(&run.await.unwrap());
    }
    let both = "select beneficiary_id::text as found from enrollments where status <> 'exited'
        group by beneficiary_id having count(*) > 1";
    assert!(texts(&app, both).await.is_empty());
    assert!(taken(&app, &one).await <= 7);
    let places = texts(&app, "select place::text as found from reserves where status = 'waiting' order by place").await;
    assert!(places.windows(2).all(|pair| pair[0] != pair[1]), "{places:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_ends_an_enrollment_frees_its_place() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    let ids = families(&officer, 1, JANGGUT, &[1, 2]).await;
    let rice = for_all(&officer, "RICE").await;
    quota(&officer, &rice, Some(JANGGUT), 1).await;
    assert_eq!(part(&enrol(&officer, &rice, json!({})).await, "reserved"), 1);
    // The family moves to another village of the sub-district: its place stays where it is.
    let move_on = json!({ "village_code": KELEKAT, "on": "2026-11-01" });
    officer.post(&format!("/v1/beneficiaries/{}/relocations", ids[0]), &move_on).await.expect(201);
    assert_eq!(part(&enrol(&officer, &rice, json!({})).await, "enrolled"), 0);
    // Its members die one after the other; with the last of them the place is free.
    die_out(&officer, &ids[0]).await;
    assert_eq!(taken(&app, &rice).await, 0);
    // Nor does a family that has ended wait on.
    let (gone, other) = (families(&officer, 21, JANGGUT, &[3]).await, for_all(&officer, "EGGS").await);
    quota(&officer, &other, None, 0).await;
    enrol(&officer, &other, json!({ "beneficiary_ids": gone })).await;
    assert_eq!(waiting(&officer, &other).await, [(gone[0].clone(), 1)]);
    die_out(&officer, &gone[0]).await;
    assert_eq!(waiting(&officer, &other).await, []);
    let run = enrol(&officer, &rice, json!({})).await;
    assert_eq!((part(&run, "enrolled"), taken(&app, &rice).await), (1, 1));
}

/// What eight clients do at random, and the invariants of places all the while.
#[tokio::test(flavor = "multi_thread")]
async fn random_commands_of_several_clients_pass_no_quota_and_give_nobody_two() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    families(&officer, 1, JANGGUT, &[1, 1, 2, 2, 3, 3]).await;
    families(&officer, 11, KELEKAT, &[1, 2, 3, 4]).await;
    let (one, other) = (for_all(&officer, "ONE").await, for_all(&officer, "OTHER").await);
    exclude(&officer, "NOT-BOTH", (&one, &other)).await;
    for (program, village, places) in [(&one, JANGGUT, 3), (&one, KELEKAT, 2), (&other, JANGGUT, 2)] {
        quota(&officer, program, Some(village), places).await;
    }
    quota(&officer, &other, None, 3).await;
    let clients = (0..8_u64).map(|number| {
        let (officer, programs) = (officer.clone(), [one.clone(), other.clone()]);
        tokio::spawn(async move {
            let mut draw = number.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
            for _ in 0..14 {
                draw ^= draw << 13;
                draw ^= draw >> 7;
                draw ^= draw << 17;
                let program = &programs[usize::try_from(draw % 2).unwrap()];
                let answer = random_command(&officer, program, draw >> 8).await;
                assert!([200, 201, 409, 422].contains(&answer.0), "{}", answer.1);
            }
        })
    });
    for client in clients.collect::<Vec<_>>() {
        client.await.unwrap();
    }
    let two =
        "select beneficiary_id::text as found from enrollments where status in ('confirmed', 'active', 'suspended')
        group by beneficiary_id having count(*) > 1";
    assert_eq!(texts(&app, two).await, Vec::<String>::new());
    let passed = "select q.id::text as found from quotas q where q.places < (
        select count(*) from enrollments e where e.area_id = q.area_id and e.program_id = q.program_id
            and e.status in ('confirmed', 'active', 'suspended')
            and (q.village_code is null or q.village_code = e.quota_village_code))";
    assert_eq!(texts(&app, passed).await, Vec::<String>::new());
    let both = "select r.id::text as found from reserves r join enrollments e on e.area_id = r.area_id
            and e.program_id = r.program_id and e.beneficiary_id = r.beneficiary_id
        where r.status = 'waiting' and e.status in ('confirmed', 'active', 'suspended')";
    assert_eq!(texts(&app, both).await, Vec::<String>::new());
}

/// One command; answers its status and text.
async fn random_command(officer: &Client, program: &str, draw: u64) -> (u16, String) {
    let listed = officer.get(&format!("/v1/enrollments?program_id={program}&limit=200")).await.expect(200).body;
    let rows = listed["items"].as_array().unwrap().clone();
    let row = rows.get(usize::try_from(draw >> 8).unwrap_or_default() % rows.len().max(1));
    let path = row.map(|row| format!("/v1/enrollments/{}", row["id"].as_str().unwrap()));
    let (path, body) = match (draw % 8, path) {
        (0, _) | (_, None) => {
            (format!("/v1/programs/{program}/enrollment-runs"), json!({ "decree_number": "1", "include_exited": true }))
        }
        (1, _) => (
            format!("/v1/programs/{program}/enrollment-runs"),
            json!({ "decree_number": "2", "source": "reserve", "becomes": "confirmed" }),
        ),
        (2, _) => (format!("/v1/programs/{program}/enrollment-proposals"), json!({ "include_exited": true })),
        (3, Some(path)) => (format!("{path}/confirmations"), decree()),
        (4, Some(path)) => (format!("{path}/exits"), json!({ "reason": "moved" })),
        (5, Some(path)) => (format!("{path}/suspensions"), json!({ "reason": "Away" })),
        (6, Some(path)) => (format!("{path}/resumptions"), json!({})),
        (_, Some(path)) => {
            let new = json!({ "reason": "moved", "sptjm_number": "SPTJM/1", "handover_number": "BAST/1" });
            (format!("{path}/replacements"), new)
        }
    };
    let answer = officer.post_patiently(&path, &body).await;
    (answer.status.as_u16(), answer.text)
}
