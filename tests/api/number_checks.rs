//! Checks on NIK and family card: what refuses, what warns, what is a state of its own.
//!
//! Source: PP 37/2007, art. 36-37.

use diesel_async::SimpleAsyncConnection;
use serde_json::{Value, json};

use crate::beneficiaries::family;
use crate::beneficiaries_as_of::moment;
use crate::support::{Answer, Client, KENOHAN, TestApp, texts};

const CARD: &str = "6402101001209001";
const NIK: &str = "6402104101909001";

/// A person with this NIK, as a family of one.
fn person(nik: &Value, sex: &str, born_on: &Value) -> Value {
    json!({
        "card_number": CARD, "village_code": "64.02.10.2004",
        "members": [{ "nik": nik, "name": "Contoh Sintetis", "sex": sex, "born_on": born_on, "relationship": "head" }],
    })
}

async fn head(client: &Client, family: &Answer) -> Value {
    let members = client.get(&format!("/v1/beneficiaries/{}/members", family.id())).await.expect(200);
    members.body["items"][0].clone()
}

fn path_of(member: &Value) -> String {
    format!("/v1/members/{}", member["id"].as_str().unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_nik_that_no_person_can_have_is_refused() {
    let app = TestApp::new().await;
    let puskesos = app.puskesos().await;
    for (wrong, why) in [
        ("0", "0 is no NIK"),
        ("", "blank is no NIK"),
        (" ", "nor is a space"),
        ("640210410190900", "fifteen digits"),
        ("64021041019090011", "seventeen digits"),
        ("64021041O1909001", "a letter"),
        ("6402104101 09001", "a space in it"),
        ("1111111111111111", "all digits equal"),
        ("0000000000000000", "all zero"),
        ("6402100001909001", "day 00"),
        ("6402103201909001", "day 32"),
        ("6402104001909001", "day 40"),
        ("6402107201909001", "day 72"),
        ("6402100100909001", "month 00"),
        ("6402100113909001", "month 13"),
        ("6402103102909001", "31 February"),
        ("6402106902909001", "29 February 1990, a woman's"),
        ("6402102902010001", "29 February of 1901 and of 2001"),
        ("6402104101900000", "serial 0000"),
    ] {
        let refused = puskesos.post("/v1/beneficiaries", &person(&json!(wrong), "female", &Value::Null)).await;
        let refused = refused.expect_problem(422, "invalid_fields");
        assert_eq!(refused.body["errors"][0]["pointer"], "/members/0/nik", "{why}");
        assert_eq!(refused.body["errors"][0]["code"], "nik_malformed", "{why}");
    }
    for number in [6_402_104_101_909_001_u64, 0] {
        let refused = puskesos.post("/v1/beneficiaries", &person(&json!(number), "female", &Value::Null)).await;
        assert_eq!(refused.expect_problem(422, "invalid_fields").body["errors"][0]["code"], "wrong_type");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn edges_of_what_a_nik_can_be_are_taken_without_a_warning() {
    let app = TestApp::new().await;
    let puskesos = app.puskesos().await;
    for (serial, (nik, sex, born_on)) in (1..).zip([
        ("6402100101900001", "male", "1990-01-01"),
        ("6402103112990001", "male", "1999-12-31"),
        ("6402104101900002", "female", "1990-01-01"),
        ("6402107112999999", "female", "1999-12-31"),
        ("6402102902000001", "male", "2000-02-29"),
        ("6402106902000001", "female", "2000-02-29"),
        ("6402090101250001", "male", "1925-01-01"),
    ]) {
        let mut new = person(&json!(nik), sex, &json!(born_on));
        new["card_number"] = json!(format!("640210100120900{serial}"));
        let made = puskesos.post("/v1/beneficiaries", &new).await.expect(201);
        let head = head(&puskesos, &made).await;
        assert_eq!((&head["warnings"], &head["nik_status"]), (&json!([]), &json!("structure_ok")), "{nik}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_nik_yet_is_a_state_and_no_two_persons_without_one_are_the_same() {
    let app = TestApp::new().await;
    let puskesos = app.puskesos().await;
    let mut new = family(CARD, NIK);
    for member in new["members"].as_array_mut().unwrap() {
        *member =
            json!({ "name": "Contoh Sintetis", "sex": "male", "relationship": member["relationship"], "nik": null });
    }
    let made = puskesos.post("/v1/beneficiaries", &new).await.expect(201);
    let members = puskesos.get(&format!("/v1/beneficiaries/{}/members", made.id())).await.expect(200);
    let members = members.body["items"].as_array().unwrap().clone();
    assert_eq!(members.len(), 2);
    for member in members {
        assert_eq!(
            (&member["nik"], &member["nik_status"], &member["warnings"]),
            (&json!(null), &json!("none"), &json!([]))
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_only_looks_odd_is_told_and_ends_when_it_is_corrected() {
    let app = TestApp::new().await;
    let puskesos = app.puskesos().await;
    // No edition has the district, the sex is the other one, and so is the birth date.
    let odd = person(&json!("9999994101909001"), "male", &json!("1991-01-01"));
    let made = puskesos.post("/v1/beneficiaries", &odd).await.expect(201);
    let head = head(&puskesos, &made).await;
    let all = ["nik_birth_date_differs", "nik_sex_differs", "nik_district_unknown"];
    assert_eq!(head["warnings"], json!(all));
    let path = path_of(&head);
    let sex = puskesos.patch(&path, "\"1\"", &json!({ "sex": "female" })).await.expect(200);
    assert_eq!(sex.body["warnings"], json!([all[0], all[2]]));
    let born = puskesos.patch(&path, "\"2\"", &json!({ "born_on": "1990-01-01" })).await.expect(200);
    assert_eq!(born.body["warnings"], json!([all[2]]));
    let unborn = puskesos.patch(&path, "\"3\"", &json!({ "born_on": null })).await.expect(200);
    assert_eq!(unborn.body["warnings"], json!([all[2]]), "nothing differs from what is not known");
    let right = puskesos.patch(&path, "\"4\"", &json!({ "nik": NIK })).await.expect(200);
    assert_eq!(right.body["warnings"], json!([]));
    let none = puskesos.patch(&path, "\"5\"", &json!({ "nik": null })).await.expect(200);
    assert_eq!((&none.body["warnings"], &none.body["nik_status"]), (&json!([]), &json!("none")));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_taken_number_names_the_other_record_to_those_who_may_see_it() {
    let app = TestApp::new().await;
    let puskesos = app.puskesos().await;
    let first = puskesos.post("/v1/beneficiaries", &family(CARD, NIK)).await.expect(201);
    let holder = head(&puskesos, &first).await;
    let same_nik = family("6402101001209002", NIK);
    let refused = puskesos.post("/v1/beneficiaries", &same_nik).await.expect_problem(409, "nik_already_registered");
    assert_eq!(
        (&refused.body["related"]["resource"], &refused.body["related"]["id"]),
        (&json!("members"), &holder["id"])
    );
    assert_eq!(refused.body["related"]["href"], path_of(&holder));
    let same_card = family(CARD, "6402104101909002");
    let refused = puskesos.post("/v1/beneficiaries", &same_card).await.expect_problem(409, "card_already_registered");
    assert_eq!(refused.body["related"]["id"], first.body["id"]);
    let joining = json!({ "nik": NIK, "name": "Ipar Contoh", "sex": "female", "relationship": "other_kin" });
    let members = format!("/v1/beneficiaries/{}/members", first.id());
    let refused = puskesos.post(&members, &joining).await.expect_problem(409, "nik_already_registered");
    assert_eq!(refused.body["related"]["id"], holder["id"]);
    let neighbour = app.client("kecamatan_officer", KENOHAN).await;
    for mut new in [same_nik, same_card] {
        new["village_code"] = json!("64.02.09.2001");
        let refused = neighbour.post("/v1/beneficiaries", &new).await.expect(409);
        assert!(refused.body.get("related").is_none(), "{}", refused.text);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_card_number_is_sixteen_digits_and_no_nik_of_a_member() {
    let app = TestApp::new().await;
    let puskesos = app.puskesos().await;
    for wrong in ["", "0", "640210100120900", "64021010012090011", "1111111111111111", "64021010012O9001"] {
        let refused = puskesos.post("/v1/beneficiaries", &family(wrong, NIK)).await;
        let refused = refused.expect_problem(422, "invalid_fields");
        assert_eq!(refused.body["errors"][0]["code"], "card_number_malformed", "{wrong:?}");
    }
    let refused = puskesos.post("/v1/beneficiaries", &family(NIK, NIK)).await.expect_problem(422, "invalid_fields");
    assert_eq!(refused.body["errors"][0]["code"], "card_number_is_nik");
    // A card has no day + 40 and its date can be any: only its district is looked at.
    let made = puskesos.post("/v1/beneficiaries", &family("6402107999999001", NIK)).await.expect(201);
    assert_eq!(made.body["warnings"], json!([]));
    let made = puskesos.post("/v1/beneficiaries", &family("9999991001209001", "6402104101909002")).await.expect(201);
    assert_eq!(made.body["warnings"], json!(["card_district_unknown"]));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_civil_registry_is_heard_and_forgotten_with_the_number() {
    let app = TestApp::new().await;
    let (officer, puskesos) = (app.kecamatan().await, app.puskesos().await);
    let made = puskesos.post("/v1/beneficiaries", &family(CARD, NIK)).await.expect(201);
    let members = puskesos.get(&format!("/v1/beneficiaries/{}/members", made.id())).await.expect(200);
    let (head, child) = (path_of(&members.body["items"][0]), path_of(&members.body["items"][1]));
    let checks = format!("{head}/nik-checks");
    puskesos.post(&checks, &json!({ "outcome": "matched" })).await.expect_problem(403, "insufficient_scope");
    let stale = json!({ "outcome": "matched", "version": 2 });
    officer.post(&checks, &stale).await.expect_problem(412, "version_stale");
    let matched = officer.post(&checks, &json!({ "outcome": "matched", "version": 1 })).await.expect(201);
    assert_eq!((&matched.body["nik_status"], &matched.body["nik_checked_by"]), (&json!("matched"), &json!(officer.id)));
    assert!(matched.body["nik_checked_at"].is_string());
    assert_eq!(officer.get(&head).await.expect(200).body, matched.body);
    let renamed = puskesos.patch(&head, "\"2\"", &json!({ "name": "Nama Lain" })).await.expect(200);
    assert_eq!(renamed.body["nik_status"], "matched", "it was said of the number");
    let conflict = officer.post(&checks, &json!({ "outcome": "conflict" })).await.expect(201);
    assert_eq!(conflict.body["nik_status"], "conflict");
    let other = puskesos.patch(&head, "\"4\"", &json!({ "nik": "6402104101909002" })).await.expect(200);
    assert_eq!(other.body["nik_status"], "structure_ok");
    assert_eq!((&other.body["nik_checked_at"], &other.body["nik_checked_by"]), (&Value::Null, &Value::Null));
    let then = matched.body["updated_at"].as_str().unwrap();
    assert_eq!(officer.get(&format!("{head}?as_of={then}")).await.expect(200).body, matched.body);
    let none = json!({ "outcome": "matched" });
    officer.post(&format!("{child}/nik-checks"), &none).await.expect_problem(409, "nik_missing");
    officer.post(&checks, &json!({ "outcome": "structure_ok" })).await.expect_problem(422, "invalid_fields");
    assert!(app.told(&officer).await.contains(&"member.nik_checked".to_owned()));
    assert!(app.recorded().await.contains(&"record_nik_check".to_owned()));
}

/// Three families: nothing odd in the first, two things in the second, one in the third.
async fn three_families(puskesos: &Client) -> [Answer; 3] {
    let mut made = Vec::new();
    for (number, village, card, nik) in [
        (1, "64.02.10.2004", "6402101001209001", "6402104101909001"),
        (2, "64.02.10.2004", "9999991001209002", "9999994101909002"),
        (3, "64.02.10.2005", "6402101001209003", "9999994101909003"),
    ] {
        let mut new = family(card, nik);
        new["village_code"] = json!(village);
        new["members"][0]["name"] = json!(format!("Contoh {}", ["Satu", "Dua", "Tiga"][number - 1]));
        made.push(puskesos.post("/v1/beneficiaries", &new).await.expect(201));
    }
    made.try_into().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn warnings_are_listed_and_counted_in_scope() {
    let app = TestApp::new().await;
    let puskesos = app.puskesos().await;
    let [_, second, third] = three_families(&puskesos).await;
    let listed = puskesos.get("/v1/warnings").await.expect(200);
    let told: Vec<_> = listed.body["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| (&one["code"], &one["beneficiary_id"], &one["name"]))
        .collect();
    let (dua, tiga) = (json!("Contoh Dua"), json!("Contoh Tiga"));
    let (card, nik) = (json!("card_district_unknown"), json!("nik_district_unknown"));
    assert_eq!(
        told,
        [(&card, &second.body["id"], &dua), (&nik, &second.body["id"], &dua), (&nik, &third.body["id"], &tiga)]
    );
    assert_eq!(listed.body["items"][0]["member_id"], Value::Null);
    let (mut path, mut paged) = ("/v1/warnings?limit=1".to_owned(), Vec::new());
    loop {
        let page = puskesos.get(&path).await.expect(200).body;
        paged.extend(page["items"].as_array().unwrap().clone());
        let Some(next) = page["next"].as_str() else { break };
        path = format!("/v1/warnings?limit=1&cursor={next}");
    }
    assert_eq!(json!(paged), listed.body["items"]);
    let of_village = puskesos.get("/v1/warnings?village_code=64.02.10.2005&count=exact").await.expect(200);
    assert_eq!(
        (of_village.body["total"].clone(), &of_village.body["items"]),
        (json!(1), &json!([listed.body["items"][2]]))
    );
    let of_code = puskesos.get("/v1/warnings?code=card_district_unknown").await.expect(200);
    assert_eq!(of_code.body["items"], json!([listed.body["items"][0]]));
    puskesos.get("/v1/warnings?code=nonsense").await.expect_problem(400, "invalid_parameters");
    let counts = puskesos.get("/v1/warning-counts").await.expect(200).body;
    let expected = json!([
        { "village_code": "64.02.10.2004", "code": "card_district_unknown", "families": 1, "warnings": 1 },
        { "village_code": "64.02.10.2004", "code": "nik_district_unknown", "families": 1, "warnings": 1 },
        { "village_code": "64.02.10.2005", "code": "nik_district_unknown", "families": 1, "warnings": 1 },
    ]);
    assert_eq!(counts["items"], expected);
    // What is corrected is gone now, and still there then.
    let then = moment().await;
    let member = head(&puskesos, &third).await["id"].as_str().unwrap().to_owned();
    puskesos.patch(&format!("/v1/members/{member}"), "\"1\"", &json!({ "nik": null })).await.expect(200);
    let left = puskesos.get("/v1/warnings?count=exact").await.expect(200).body;
    assert_eq!((&left["total"], left["items"].as_array().unwrap().len()), (&json!(2), 2));
    let past = puskesos.get(&format!("/v1/warnings?count=exact&{then}")).await.expect(200).body;
    assert_eq!((&past["total"], &past["items"]), (&json!(3), &listed.body["items"]));
    let page = puskesos.get(&format!("/v1/warnings?limit=2&{then}")).await.expect(200).body;
    let next = format!("/v1/warnings?limit=2&{then}&cursor={}", page["next"].as_str().unwrap());
    assert_eq!(puskesos.get(&next).await.expect(200).body["items"], json!([listed.body["items"][2]]));
    assert_eq!(puskesos.get(&format!("/v1/warning-counts?{then}")).await.expect(200).body["items"], expected);
    assert_eq!(puskesos.get("/v1/warning-counts?count=exact").await.expect(200).body["total"], 2);
    let neighbour = app.client("kecamatan_officer", KENOHAN).await;
    assert_eq!(neighbour.get(&format!("/v1/warnings?{then}")).await.expect(200).body["items"], json!([]));
    assert_eq!(neighbour.get("/v1/warnings").await.expect(200).body["items"], json!([]));
    assert_eq!(neighbour.get("/v1/warning-counts").await.expect(200).body["items"], json!([]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_edition_ends_the_warnings_that_it_answers() {
    let app = TestApp::new().await;
    let puskesos = app.puskesos().await;
    let [_, second, third] = three_families(&puskesos).await;
    let path = format!("/v1/beneficiaries/{}", second.id());
    let members = format!("{path}/members");
    let before = puskesos.get(&members).await.expect(200).body["items"][0].clone();
    let recheck = || sinergi::beneficiaries::recheck_warnings(&app.services.db, &app.services.keys.vault);
    assert_eq!(recheck().await.unwrap(), 0, "nothing is known anew");
    assert_eq!(puskesos.get(&path).await.expect(200).body, second.record());
    let statement = "insert into region_editions values ('older', false, now());
        insert into areas values (3, 'Lama');
        insert into regions (edition, code, level, name, parent_code, area_id) values
            ('older', '99.99.99', 'district', 'Lama', '99.99', 3)";
    app.database.owner().await.batch_execute(statement).await.unwrap();
    assert_eq!(recheck().await.unwrap(), 3, "two members and a family");
    assert_eq!(recheck().await.unwrap(), 0, "doing it twice changes nothing");
    let family = puskesos.get(&path).await.expect(200).body;
    assert_eq!((&family["warnings"], &family["version"]), (&json!([]), &json!(2)));
    let after = puskesos.get(&members).await.expect(200).body["items"][0].clone();
    assert_eq!((&after["warnings"], &after["version"]), (&json!([]), &json!(2)));
    assert_eq!(puskesos.get("/v1/warnings").await.expect(200).body["items"], json!([]));
    // The past keeps them.
    let then = second.body["updated_at"].as_str().unwrap();
    assert_eq!(puskesos.get(&format!("{path}?as_of={then}")).await.expect(200).body, second.record());
    assert_eq!(puskesos.get(&format!("{}?as_of={then}", path_of(&before))).await.expect(200).body, before);
    let made =
        puskesos.patch(&format!("/v1/beneficiaries/{}", third.id()), "\"1\"", &json!({ "address": "RT 09" })).await;
    made.expect(200);
    let query =
        "select record_count::text as found from audit_records where operation = 'recheck_warnings' order by at";
    assert_eq!(texts(&app, query).await, ["2", "1"]);
}
