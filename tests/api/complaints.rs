//! Complaints: from the desk to the answer in time, by whom they may be closed, who never sees them, and their figures.

use chrono::NaiveDate;
use diesel_async::SimpleAsyncConnection;
use futures_util::future::join;
use reqwest::Method;
use serde_json::{Value, json};

use crate::evidence_packs::{fact, file, hand_over, make};
use crate::households::{merger, settle};
use crate::support::{
    Answer, Cast, Client, HAMBAU, KELEKAT, KEMBANG_JANGGUT, KENOHAN, TestApp, send, texts, tools_and_training,
};

const JANGGUT: &str = "64.02.10.2004";
const WHO: &str = "Kanari Pelapor Tiga";
const SAID: &str = "Kanari mengadu tentang beras";

/// A village desk and those who see to what it writes down.
struct Desk {
    app: TestApp,
    officer: Client,
    second: Client,
    puskesos: Client,
    village: Client,
    auditor: Client,
}

impl Desk {
    async fn new() -> Self {
        let app = TestApp::new().await;
        let (officer, second, puskesos) = (app.kecamatan().await, app.second_officer().await, app.puskesos().await);
        let village = app.client("village_office", KEMBANG_JANGGUT).await;
        let auditor = app.client("auditor", KEMBANG_JANGGUT).await;
        Self { app, officer, second, puskesos, village, auditor }
    }

    /// A complaint of a category, with more of it.
    async fn lodged(&self, category: &str, more: &Value) -> String {
        self.puskesos.post("/v1/complaints", &complaint(category, more)).await.expect(201).id()
    }

    /// One that the desk answered.
    async fn answered(&self, finding: &str) -> String {
        let id = self.lodged("aid_short", &json!({})).await;
        step(&self.puskesos, &id, "answers", &answer(finding)).await.expect(200);
        id
    }
}

fn complaint(category: &str, more: &Value) -> Value {
    let mut new = json!({ "village_code": JANGGUT, "channel": "desk", "category": category, "description": SAID });
    for (name, value) in more.as_object().unwrap() {
        new[name] = value.clone();
    }
    new
}

fn answer(finding: &str) -> Value {
    json!({ "finding": finding, "answer": "Kekurangan sudah diserahkan" })
}

fn outcome() -> Value {
    json!({ "outcome": "Pelapor menerima jawaban" })
}

fn reason() -> Value {
    json!({ "reason": "Masih kurang" })
}

/// A step by a key.
async fn step_by(client: &Client, id: &str, noun: &str, key: &str, body: &Value) -> Answer {
    let request = client.request(Method::POST, &format!("/v1/complaints/{id}/{noun}"));
    send(request.header("Idempotency-Key", key).json(body)).await
}

pub(crate) async fn step(client: &Client, id: &str, noun: &str, body: &Value) -> Answer {
    client.post(&format!("/v1/complaints/{id}/{noun}"), body).await
}

async fn listed(client: &Client, query: &str) -> Vec<String> {
    let items = client.get(&format!("/v1/complaints?{query}")).await.expect(200).body["items"].clone();
    items.as_array().unwrap().iter().map(|row| row["id"].as_str().unwrap().to_owned()).collect()
}

async fn counted(client: &Client, query: &str) -> Vec<Value> {
    let counts = client.get(&format!("/v1/complaint-counts?{query}")).await.expect(200).body;
    counts["items"].as_array().unwrap().clone()
}

#[track_caller]
fn fault(answer: Answer) -> (String, String) {
    let refused = answer.expect_problem(422, "invalid_fields").body;
    let text = |name: &str| refused["errors"][0][name].as_str().unwrap().to_owned();
    (text("pointer"), text("code"))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_complaint_goes_from_the_desk_to_its_end() {
    let desk = Desk::new().await;
    let person = json!({ "complainant_name": WHO, "complainant_phone": "+6284000012345" });
    let lodged = desk.village.post("/v1/complaints", &complaint("aid_short", &person)).await.expect(201);
    let id = lodged.id();
    assert_eq!((&lodged.body["status"], &lodged.body["complainant"]), (&json!("received"), &json!("person")));
    let day = |name: &str| -> NaiveDate { lodged.body[name].as_str().unwrap().parse().unwrap() };
    assert_eq!((day("due_on") - day("received_on")).num_days(), 20);

    let read = desk.puskesos.get(lodged.header("location")).await.expect(200);
    assert_eq!((&read.body, read.header("etag")), (&lodged.body, "\"1\""));
    assert_eq!(read.body["complainant_name"], WHO);
    let known = desk.puskesos.request(Method::GET, lodged.header("location")).header("If-None-Match", "\"1\"");
    send(known).await.expect(304);
    let page = desk.puskesos.get("/v1/complaints?count=exact").await.expect(200);
    assert_eq!((&page.body["total"], &page.body["items"][0]["description"]), (&json!(1), &json!(SAID)));
    assert!(!page.text.contains(WHO), "a list names who complains");

    step(&desk.village, &id, "answers", &answer("founded")).await.expect_problem(403, "insufficient_scope");
    let early = step(&desk.officer, &id, "closures", &outcome()).await.expect_problem(409, "command_not_possible");
    assert_eq!(early.body["possible"], json!(["assign", "answer", "refer", "withdraw"]));
    let to = |client: &Client| json!({ "assigned_to": client.id, "note": "Timbang ulang" });
    let wrong = step(&desk.officer, &id, "assignments", &to(&desk.village)).await;
    assert_eq!(fault(wrong), ("/assigned_to".to_owned(), "reference_unknown".to_owned()));
    let assigned = step(&desk.officer, &id, "assignments", &to(&desk.puskesos)).await.expect(200);
    assert_eq!((&assigned.body["assigned_to"], assigned.header("etag")), (&json!(desk.puskesos.id), "\"2\""));
    assert_eq!(listed(&desk.officer, &format!("assigned_to={}&status=assigned", desk.puskesos.id)).await, [&*id]);
    let answered = step(&desk.puskesos, &id, "answers", &answer("founded")).await.expect(200).body;
    assert_eq!((&answered["answered_by"], &answered["complainant_name"]), (&json!(desk.puskesos.id), &json!(WHO)));

    // What came of it, where that is on record.
    let family = settle(&desk.officer, 1).await;
    let change = json!({ "version": 1, "changes": { "address": "RT 09" } });
    let change = desk.puskesos.post(&format!("{}/change-requests", family.path), &change).await.expect(201).id();
    let unknown = json!({ "outcome": "Data diubah", "change_request_id": id });
    let wrong = step(&desk.puskesos, &id, "closures", &unknown).await;
    assert_eq!(fault(wrong), ("/change_request_id".to_owned(), "reference_unknown".to_owned()));
    let closure = json!({ "outcome": "Data diubah", "change_request_id": change });
    let closed = step(&desk.puskesos, &id, "closures", &closure).await.expect(200).body;
    assert_eq!((&closed["status"], &closed["closed_by"]), (&json!("closed"), &json!(desk.puskesos.id)));
    let steps = desk.auditor.get(&format!("/v1/complaints/{id}/steps?count=exact")).await.expect(200).body;
    let told = |name: &str| -> Vec<Value> {
        steps["items"].as_array().unwrap().iter().map(|step| step[name].clone()).collect()
    };
    assert_eq!((told("command"), &steps["total"]), (vec![json!("assign"), json!("answer"), json!("close")], &json!(3)));
    assert_eq!(told("note"), ["Timbang ulang", "Kekurangan sudah diserahkan", "Data diubah"]);
    assert_eq!(told("change_request_id"), [Value::Null, Value::Null, json!(change)]);
    let told = desk.app.told(&desk.village).await;
    let told: Vec<&str> = told.iter().map(String::as_str).filter(|kind| kind.starts_with("complaint.")).collect();
    assert_eq!(told, ["complaint.received", "complaint.assigned", "complaint.answered", "complaint.closed"]);
    for operation in ["lodge_complaint", "assign_complaint", "answer_complaint", "close_complaint"] {
        assert_eq!(desk.app.audited(operation).await, 1, "{operation}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_found_unfounded_a_second_person_closes() {
    let desk = Desk::new().await;
    let id = desk.answered("unfounded").await;
    step(&desk.puskesos, &id, "closures", &outcome()).await.expect_problem(409, "second_person_needed");
    step(&desk.officer, &id, "closures", &outcome()).await.expect(200);
    let founded = desk.answered("partly_founded").await;
    step(&desk.puskesos, &founded, "closures", &outcome()).await.expect(200);
    // Who is accused may be known by name only, and answer it.
    let levy = desk.lodged("illegal_levy", &json!({})).await;
    step(&desk.officer, &levy, "answers", &answer("partly_founded")).await.expect(200);
    step(&desk.officer, &levy, "closures", &outcome()).await.expect_problem(409, "second_person_needed");
    step(&desk.second, &levy, "closures", &outcome()).await.expect(200);
    // What the service does not do by itself, the database refuses.
    let mut owner = desk.app.database.owner().await;
    for which in ["finding = 'unfounded'", "category = 'illegal_levy'"] {
        let alone = format!("update complaints set closed_by = answered_by where {which}");
        let refused = owner.batch_execute(&alone).await.unwrap_err();
        assert!(refused.to_string().contains("complaints_two_persons"), "{refused}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_complaint_is_referred_taken_back_and_reopened_once() {
    let desk = Desk::new().await;
    let id = desk.answered("founded").await;
    step(&desk.officer, &id, "closures", &outcome()).await.expect(200);
    let reopened = step(&desk.village, &id, "reopenings", &reason()).await.expect(200).body;
    assert_eq!((&reopened["status"], &reopened["answer"]), (&json!("reopened"), &Value::Null));
    assert_eq!(reopened["is_reopened"], true);
    let referral = json!({ "referred_to": "Dinas Sosial", "reason": "Data di kabupaten" });
    let referred = step(&desk.puskesos, &id, "referrals", &referral).await.expect(200).body;
    assert_eq!((&referred["status"], &referred["referred_to"]), (&json!("referred"), &json!("Dinas Sosial")));
    let again = step(&desk.puskesos, &id, "answers", &answer("founded")).await.expect(200).body;
    assert_eq!(again["referred_to"], "Dinas Sosial");
    let twice = step(&desk.village, &id, "reopenings", &reason()).await.expect_problem(409, "command_not_possible");
    assert_eq!(twice.body["possible"], json!(["close"]));
    let steps = desk.officer.get(&format!("/v1/complaints/{id}/steps?sort=-id&limit=1")).await.expect(200).body;
    assert_eq!(steps["items"][0]["command"], "answer");
    let next = format!("/v1/complaints/{id}/steps?sort=-id&cursor={}", steps["next"].as_str().unwrap());
    assert_eq!(desk.officer.get(&next).await.expect(200).body["items"].as_array().unwrap().len(), 4);

    let other = desk.lodged("other", &json!({})).await;
    step(&desk.village, &other, "withdrawals", &reason()).await.expect(200);
    let done = step(&desk.officer, &other, "answers", &answer("founded")).await;
    assert_eq!(done.expect_problem(409, "command_not_possible").body["possible"], json!([]));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_accuses_somebody_is_kept_close() {
    let desk = Desk::new().await;
    let open = desk.lodged("aid_late", &json!({})).await;
    let levy = desk.lodged("illegal_levy", &json!({})).await;
    let own = desk.village.post("/v1/complaints", &complaint("staff_conduct", &json!({}))).await.expect(201).id();
    let facilitator = desk.app.client("pkh_facilitator", KEMBANG_JANGGUT).await;
    for client in [&desk.village, &desk.puskesos, &facilitator] {
        let page = client.get("/v1/complaints?count=exact&limit=1").await.expect(200).body;
        assert_eq!((&page["total"], &page["items"][0]["id"]), (&json!(1), &json!(open)), "{}", client.id);
        assert!(page["next"].is_null(), "a cursor leads on to what is kept close");
        assert!(listed(client, "category=illegal_levy").await.is_empty());
        assert!(listed(client, "category=staff_conduct").await.is_empty());
        let counts = counted(client, "").await;
        assert_eq!((counts.len(), &counts[0]["category"]), (1, &json!("aid_late")));
        for id in [&levy, &own] {
            client.get(&format!("/v1/complaints/{id}")).await.expect_problem(404, "not_found");
            client.get(&format!("/v1/complaints/{id}/steps")).await.expect_problem(404, "not_found");
            step(client, id, "withdrawals", &reason()).await.expect_problem(404, "not_found");
        }
    }
    for client in [&desk.officer, &desk.second, &desk.auditor] {
        assert_eq!(listed(client, "").await, [open.clone(), levy.clone(), own.clone()]);
        assert_eq!(counted(client, "").await.len(), 3);
    }
    let to = json!({ "assigned_to": desk.puskesos.id });
    let wrong = step(&desk.officer, &levy, "assignments", &to).await;
    assert_eq!(fault(wrong).0, "/assigned_to");
    step(&desk.officer, &levy, "assignments", &json!({})).await.expect(200);
    step(&desk.officer, &levy, "answers", &answer("founded")).await.expect(200);

    // The feed is read by the village office too, and by webhooks.
    desk.app.relayed().await;
    let feed = desk.officer.get("/v1/events?limit=200").await.expect(200);
    assert!(feed.text.contains(&open) && !feed.text.contains(&levy) && !feed.text.contains(&own), "{}", feed.text);
    let exported = async |client: &Client, list: &str| {
        let new = json!({ "list": list, "format": "ndjson" });
        let export = client.post("/v1/exports", &new).await.expect(202).header("location").to_owned();
        send(client.request(Method::GET, &format!("{export}/file"))).await.expect(200).text
    };
    let list = exported(&desk.officer, "complaints").await;
    assert!(list.contains(&open) && !list.contains(&levy) && !list.contains(SAID), "{list}");
    let list = exported(&desk.officer, "sensitive_complaints").await;
    assert!(!list.contains(&open) && list.contains(&levy) && !list.contains(SAID), "{list}");
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_complained_of_neither_reads_nor_decides() {
    let desk = Desk::new().await;
    let against = json!({ "against_client_id": desk.second.id });
    let id = desk.lodged("staff_conduct", &against).await;
    assert_eq!(listed(&desk.officer, "").await, [&*id]);
    assert!(listed(&desk.second, "").await.is_empty() && counted(&desk.second, "").await.is_empty());
    desk.second.get(&format!("/v1/complaints/{id}")).await.expect_problem(404, "not_found");
    step(&desk.second, &id, "answers", &answer("unfounded")).await.expect_problem(404, "not_found");
    let wrong = step(&desk.officer, &id, "assignments", &json!({ "assigned_to": desk.second.id })).await;
    assert_eq!(fault(wrong).0, "/assigned_to");
    let new = json!({ "list": "sensitive_complaints", "format": "ndjson" });
    let export = desk.second.post("/v1/exports", &new).await.expect(202).header("location").to_owned();
    let list = send(desk.second.request(Method::GET, &format!("{export}/file"))).await.expect(200).text;
    assert!(!list.contains(&id), "{list}");
    for (category, client) in [("other", &desk.second.id), ("staff_conduct", &"nobody-here".to_owned())] {
        let new = complaint(category, &json!({ "against_client_id": client }));
        assert_eq!(fault(desk.puskesos.post("/v1/complaints", &new).await).0, "/against_client_id");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_complaint_is_about_one_thing_of_its_own_sub_district() {
    let desk = Desk::new().await;
    let neighbour = desk.app.client("kecamatan_officer", KENOHAN).await;
    let id = desk.lodged("other", &json!({})).await;
    neighbour.get(&format!("/v1/complaints/{id}")).await.expect_problem(404, "not_found");
    assert!(listed(&neighbour, "").await.is_empty() && counted(&neighbour, "").await.is_empty());
    step(&neighbour, &id, "answers", &answer("founded")).await.expect_problem(404, "not_found");

    let (_, cycle, due) = crate::cycles::rice_for_three(&desk.app, &desk.officer).await;
    let delivered = crate::deliveries::deliver(&desk.officer, &crate::deliveries::delivery(&due[0], "1")).await;
    let delivered = delivered.expect(201).body;
    let about = async |name: &str, id: &Value| {
        let new = complaint("aid_short", &json!({ name: id }));
        desk.puskesos.post("/v1/complaints", &new).await
    };
    let of = about("delivery_id", &delivered["id"]).await.expect(201).body;
    assert_eq!((&of["program_id"], &of["beneficiary_id"]), (&due[0]["program_id"], &due[0]["beneficiary_id"]));
    let of = about("cycle_id", &json!(cycle)).await.expect(201).body;
    assert_eq!((&of["program_id"], &of["beneficiary_id"]), (&due[0]["program_id"], &Value::Null));
    about("program_id", &due[0]["program_id"]).await.expect(201);
    about("beneficiary_id", &due[0]["beneficiary_id"]).await.expect(201);
    let program = format!("program_id={}", due[0]["program_id"].as_str().unwrap());
    assert_eq!(listed(&desk.officer, &program).await.len(), 3);
    let names = [
        "beneficiary_id",
        "program_id",
        "cycle_id",
        "delivery_id",
        "pledge_id",
        "allocation_delivery_id",
        "complainant_beneficiary_id",
    ];
    for name in names {
        let (pointer, code) = fault(about(name, &json!(uuid::Uuid::now_v7())).await);
        assert_eq!((pointer, code), (format!("/{name}"), "reference_unknown".to_owned()));
    }
    for (more, pointer) in [
        (json!({ "program_id": due[0]["program_id"], "cycle_id": cycle }), "/cycle_id"),
        (json!({ "complainant_phone": "0811" }), "/complainant_name"),
        (
            json!({ "complainant_beneficiary_id": due[0]["beneficiary_id"], "complainant_name": WHO }),
            "/complainant_name",
        ),
        (json!({ "received_on": "2999-01-01" }), "/received_on"),
        (json!({ "village_code": "64.02.09.2001" }), "/village_code"),
    ] {
        assert_eq!(fault(desk.puskesos.post("/v1/complaints", &complaint("other", &more)).await).0, pointer);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_answered_by_its_day_is_late() {
    let desk = Desk::new().await;
    let early = json!({ "received_on": "2026-01-05", "village_code": HAMBAU });
    let late = desk.lodged("data_wrong", &early).await;
    let answered = desk.lodged("data_wrong", &early).await;
    step(&desk.puskesos, &answered, "answers", &answer("founded")).await.expect(200);
    let elsewhere = desk.lodged("data_wrong", &early).await;
    let referral = json!({ "referred_to": "Dukcapil", "reason": "NIK ganda" });
    step(&desk.puskesos, &elsewhere, "referrals", &referral).await.expect(200);
    let fresh = desk.lodged("data_wrong", &json!({ "village_code": HAMBAU })).await;
    step(&desk.puskesos, &fresh, "answers", &answer("founded")).await.expect(200);

    assert_eq!(listed(&desk.officer, "is_overdue=true").await, [&*late]);
    assert_eq!(listed(&desk.officer, "is_overdue=false").await.len(), 3);
    let counts = counted(&desk.officer, &format!("village_code={HAMBAU}")).await;
    let told =
        ["received", "answered", "answered_in_time", "overdue", "median_days"].map(|name| counts[0][name].clone());
    assert_eq!(told, [json!(4), json!(2), json!(1), json!(1), json!(0)]);
    assert!(counted(&desk.officer, &format!("village_code={KELEKAT}")).await.is_empty());
    assert_eq!(counted(&desk.officer, "to=2026-01-05").await[0]["received"], 3);
    // Opened again it has its days anew.
    let again = step(&desk.village, &answered, "reopenings", &reason()).await.expect(200).body;
    assert!(again["due_on"].as_str() > Some("2026-11-01"), "{again}");
    assert_eq!(listed(&desk.officer, "is_overdue=true").await, [&*late]);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_answers_at_once_one_is_told() {
    let desk = Desk::new().await;
    let id = desk.lodged("aid_short", &json!({})).await;
    let (founded, unfounded) = (answer("founded"), answer("unfounded"));
    let (one, other) = join(
        step_by(&desk.puskesos, &id, "answers", "answer-of-desk", &founded),
        step_by(&desk.officer, &id, "answers", "answer-of-officer", &unfounded),
    )
    .await;
    let mut answers = [one.status.as_u16(), other.status.as_u16()];
    answers.sort_unstable();
    assert_eq!(answers, [200, 409]);
    let (winner, key, body) = if one.status == 200 {
        (&desk.puskesos, "answer-of-desk", &founded)
    } else {
        (&desk.officer, "answer-of-officer", &unfounded)
    };
    // Sent again it is the same answer, and no second step.
    let replayed = step_by(winner, &id, "answers", key, body).await.expect(200);
    assert_eq!(replayed.header("idempotency-replayed"), "true");
    let steps = desk.officer.get(&format!("/v1/complaints/{id}/steps")).await.expect(200).body;
    assert_eq!(steps["items"].as_array().unwrap().len(), 1);
    assert_eq!(steps["items"][0]["recorded_by"], json!(winner.id));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_merged_familys_complaints_are_found_by_the_one_that_goes_on() {
    let desk = Desk::new().await;
    let (from, into) = (settle(&desk.officer, 1).await, settle(&desk.officer, 2).await);
    let by = desk.lodged("other", &json!({ "complainant_beneficiary_id": from.id })).await;
    let about = desk.lodged("data_wrong", &json!({ "beneficiary_id": from.id })).await;
    let of = |family: &str| format!("beneficiary_id={family}");
    assert!(listed(&desk.officer, &of(&into.id)).await.is_empty());
    desk.officer.post(&format!("{}/mergers", from.path), &merger(&from, &into)).await.expect(201);
    assert_eq!(listed(&desk.officer, &of(&into.id)).await, [by.clone(), about.clone()]);
    assert_eq!(listed(&desk.officer, &of(&from.id)).await, [by, about]);
}

#[tokio::test(flavor = "multi_thread")]
async fn group_14_of_a_pack_tells_what_the_register_has() {
    let cast = Cast::new().await;
    let families = cast.app.needy_families(HAMBAU, 1, "hand_tractor", "1").await;
    let (pledge, line) = cast.stocked("12", &[HAMBAU, KELEKAT]).await;
    hand_over(&cast, (&pledge, &line), &families).await;
    let told = async |reader: &Client| {
        make(reader, &pledge).await;
        let packs = reader.get(&format!("/v1/pledges/{pledge}/evidence-packs?sort=-version")).await.expect(200).body;
        let pack = packs["items"][0]["id"].as_str().unwrap().to_owned();
        let document = file(reader, &pack, "application/json").await.expect(200);
        let value = |code: &str| fact(&document.body, 14, code)["value"].clone();
        (["received", "answered", "median_days"].map(value), document.text)
    };
    assert_eq!(told(&cast.company).await.0, [json!("0"), json!("0"), Value::Null]);

    let delivery = cast.first.get("/v1/allocation-deliveries").await.expect(200).body["items"][0]["id"].clone();
    let puskesos = cast.app.puskesos().await;
    let mut ids = Vec::new();
    for (category, more) in [
        ("aid_late", json!({ "pledge_id": pledge, "received_on": "2026-11-02", "complainant_name": WHO })),
        ("aid_quality", json!({ "allocation_delivery_id": delivery })),
        ("illegal_levy", json!({ "pledge_id": pledge })),
        ("other", json!({})),
    ] {
        ids.push(puskesos.post("/v1/complaints", &complaint(category, &more)).await.expect(201).id());
    }
    let draft = cast.draft(&tools_and_training()).await.id();
    let early = complaint("other", &json!({ "pledge_id": draft }));
    assert_eq!(fault(puskesos.post("/v1/complaints", &early).await).0, "/pledge_id");
    for id in &ids[..2] {
        step(&puskesos, id, "answers", &answer("founded")).await.expect(200);
    }
    let counts = counted(&cast.first, &format!("pledge_id={pledge}")).await;
    let sum = |name: &str| counts.iter().map(|count| count[name].as_i64().unwrap()).sum::<i64>();
    let (figures, text) = told(&cast.company).await;
    assert_eq!(figures, [json!(sum("received").to_string()), json!(sum("answered").to_string()), json!("0")]);
    assert_eq!((sum("received"), sum("answered")), (3, 2));
    assert!(!text.contains(WHO) && !text.contains(SAID) && ids.iter().all(|id| !text.contains(id)));
    assert_eq!(told(&cast.first).await.1, text, "officer and company read one pack");

    let year = json!({ "company_id": cast.company_id, "year": 2026 });
    let year = cast.company.post("/v1/annual-evidence-packs", &year).await.expect(201).id();
    let year = file(&cast.company, &year, "application/json").await.expect(200).body;
    assert_eq!(fact(&year, 14, "received")["value"], "3");
    cast.company.get("/v1/complaints").await.expect_problem(403, "insufficient_scope");
    let told = cast.app.told(&cast.company).await;
    assert!(!told.is_empty() && told.iter().all(|kind| !kind.starts_with("complaint.")));
}

#[tokio::test(flavor = "multi_thread")]
async fn who_complains_and_what_was_said_stays_in_the_register() {
    let desk = Desk::new().await;
    let id = desk.lodged("aid_short", &json!({ "complainant_name": WHO, "complainant_phone": "0811-KANARI" })).await;
    step(&desk.puskesos, &id, "answers", &json!({ "finding": "founded", "answer": SAID })).await.expect(200);
    desk.app.relayed().await;
    desk.app.reads_recorded().await;
    for table in ["events", "outbox", "audit_records"] {
        let told = format!("select 'told' as found from {table} t where lower(t::text) like '%kanari%'");
        assert!(texts(&desk.app, &told).await.is_empty(), "{table} tells it");
    }
    for sealed in [
        "idempotency_keys t where position('Kanari'::bytea in t.body) > 0",
        "complaints t where position('Kanari'::bytea in t.complainant_sealed) > 0",
    ] {
        assert!(texts(&desk.app, &format!("select 'told' as found from {sealed}")).await.is_empty(), "{sealed}");
    }
    let kept = texts(&desk.app, "select id::text as found from complaints where complainant_sealed is not null").await;
    assert_eq!(kept, [id], "there is nothing to look for");
}
