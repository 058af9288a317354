//! What is known of a person stays where it belongs: out of logs, counts, events and audit, and out of the
//! database in the clear.

use std::collections::HashSet;
use std::fmt::Write as _;
use std::sync::{Mutex, OnceLock};

use diesel_async::SimpleAsyncConnection;
use log::kv::{Error, Key, Value as Field, VisitSource};
use reqwest::Method;
use serde_json::json;
use tokio_postgres::NoTls;

use crate::beneficiaries::family;
use crate::canary::{self, ADDRESS, CARD, MOTHER, NAME, NAMED, NIK, PHONE, PLANT};
use crate::draw::Draw;
use crate::examples::fill;
use crate::fuzz::{FAMILIES, Fuzz, IDS};
use crate::support::{Client, TestApp, send, texts};

/// Requests of companies.
const REQUESTS: usize = 600;

/// Everything that the service's own lines and the warnings of others say.
struct Captured(Mutex<String>);

impl log::Log for Captured {
    fn enabled(&self, about: &log::Metadata<'_>) -> bool {
        // As `logging::start` has it: crates below us are heard from warnings up.
        about.target().starts_with("sinergi") || about.level() <= log::Level::Warn
    }

    fn log(&self, record: &log::Record<'_>) {
        if self.enabled(record.metadata()) {
            let mut fields = Fields(String::new());
            record.key_values().visit(&mut fields).unwrap();
            let mut lines = self.0.lock().unwrap();
            writeln!(lines, "{} {}{}", record.target(), record.args(), fields.0).unwrap();
        }
    }

    fn flush(&self) {}
}

struct Fields(String);

impl<'kvs> VisitSource<'kvs> for Fields {
    fn visit_pair(&mut self, key: Key<'kvs>, value: Field<'kvs>) -> Result<(), Error> {
        write!(self.0, " {key}={value}").map_err(|_| Error::msg("a field cannot be written"))
    }
}

fn capture() -> &'static Captured {
    static CAPTURED: OnceLock<&'static Captured> = OnceLock::new();
    CAPTURED.get_or_init(|| {
        let captured: &'static Captured = Box::leak(Box::new(Captured(Mutex::default())));
        log::set_logger(captured).unwrap();
        log::set_max_level(log::LevelFilter::Trace);
        captured
    })
}

/// Registers a family of canaries and asks for it in every right and wrong way.
///
/// Answers the secret of a webhook, which nobody should tell either.
async fn sing(app: &TestApp, officer: &Client) -> String {
    // Nobody answers there: each attempt fails.
    let hook = json!({ "url": "https://portal.example.invalid/?key=kanari-kunci" });
    let hook = officer.post("/v1/webhooks", &hook).await.expect(201);
    officer.post("/v1/webhooks", &json!({ "url": "https://127.0.0.1/?key=kanari-kunci" })).await.expect(422);
    let secret = hook.body["secret"].as_str().unwrap().trim_start_matches("whsec_").to_owned();
    let new = canary::family();
    let made = officer.post("/v1/beneficiaries", &new).await.expect(201);
    officer.post("/v1/beneficiaries", &new).await.expect(409);
    let path = format!("/v1/beneficiaries/{}", made.id());
    officer.get(&path).await.expect(200);
    officer.post("/v1/beneficiaries/search", &json!({ "nik": NIK })).await.expect(200);
    let disclosure = json!({ "purpose": "Bank account of the family" });
    officer.post(&format!("{path}/number-disclosures"), &disclosure).await;
    officer.patch(&path, "\"9\"", &json!({ "phone": PHONE })).await.expect(412);
    let complaint = json!({ "village_code": "64.02.10.2004", "channel": "desk", "category": "other",
        "description": ADDRESS, "complainant_name": NAME, "complainant_phone": PHONE });
    let complaint = officer.post("/v1/complaints", &complaint).await.expect(201);
    officer.get(complaint.header("location")).await.expect(200);
    let program = officer.post("/v1/programs", &crate::programs::rice("RICE")).await.expect(201);
    officer
        .post(&format!("/v1/programs/{}/rule-sets", program.id()), &json!({ "eligibility": NAME }))
        .await
        .expect(422);

    // In places where nobody should put them.
    officer.get(&format!("/v1/beneficiaries/{NIK}")).await.expect(404);
    officer.get(&format!("/v1/{NAME}/{NIK}")).await.expect(404);
    officer.get(&format!("/v1/beneficiaries?{NIK}={NAME}")).await.expect(400);
    officer.get(&format!("/v1/beneficiaries?village_code={NIK}")).await.expect(400);
    officer.get(&format!("/v1/beneficiaries?cursor={NIK}{NIK}")).await.expect(400);
    for body in [
        json!({ NIK: 1 }),
        json!({ "card_number": { NIK: NAME } }),
        json!({ "card_number": format!("{NIK}0") }),
        json!({ "card_number": CARD, "village_code": NAME }),
        json!([NIK, NAME]),
        json!(NAME),
    ] {
        let refused = officer.post("/v1/beneficiaries", &body).await.expect(422);
        for canary in [NIK, NAME] {
            assert!(!refused.text.contains(canary), "the answer tells {canary}: {}", refused.text);
        }
    }
    let key = officer.request(Method::POST, "/v1/beneficiaries").header("Idempotency-Key", NAME).json(&new);
    send(key).await.expect(400);
    send(officer.request(Method::GET, "/v1/regions").header("traceparent", NIK)).await.expect(200);
    officer.with_token(&format!("{NIK}.{NAME}")).get("/v1/regions").await.expect(401);
    let form = [("grant_type", "client_credentials"), ("client_id", NIK), ("client_secret", NAME)];
    send(app.stranger().request(Method::POST, "/oauth2/token").form(&form)).await.expect(401);

    // A fault of the database, which quotes the row in its details.
    let mut owner = app.database.owner().await;
    owner.batch_execute("alter table beneficiaries add constraint no_more check (false) not valid").await.unwrap();
    let mut second = family("6402101001209778", "6402104101909778");
    second["address"] = json!(ADDRESS);
    second["members"][0]["name"] = json!(NAME);
    let failed = officer.post("/v1/beneficiaries", &second).await.expect_problem(500, "internal_error");
    for canary in [NAME, ADDRESS, "6402104101909778", "no_more", "beneficiaries"] {
        assert!(!failed.text.contains(canary), "a failure tells {canary}: {}", failed.text);
    }
    owner.batch_execute("alter table beneficiaries drop constraint no_more").await.unwrap();
    secret
}

#[tokio::test(flavor = "multi_thread")]
async fn no_line_of_the_log_names_a_person() {
    let captured = capture();
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    let secret = sing(&app, &officer).await;
    app.reads_recorded().await;
    // A request is logged behind its answer, the last of all as well.
    let mut lines = captured.0.lock().unwrap().clone();
    for _ in 0..500 {
        if lines.contains("POST /v1/beneficiaries 500") {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        lines = captured.0.lock().unwrap().clone();
    }
    assert!(lines.contains("POST /v1/beneficiaries 500"), "the last request is not told");
    assert!(lines.contains("POST /v1/beneficiaries 201") && lines.contains("request failed"), "nothing was captured");
    let counts = app.stranger().get("/metrics").await.expect(200).text;
    for canary in [
        NIK,
        CARD,
        NAME,
        PHONE,
        ADDRESS,
        MOTHER,
        officer.token(),
        &officer.secret,
        "6402104101909778",
        &secret,
        "kanari-kunci",
    ] {
        for (place, text) in [("the log", &lines), ("the counts", &counts)] {
            let line = text.lines().find(|line| line.contains(canary));
            assert!(line.is_none(), "{place} tells {canary}: {line:?}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stolen_dump_gives_no_number_and_the_records_no_name() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    let secret = sing(&app, &officer).await;
    app.reads_recorded().await;
    app.relayed().await;
    let (database, connection) = tokio_postgres::connect(app.database.owner_url(), NoTls).await.unwrap();
    tokio::spawn(connection);
    let columns = "select table_name::text, column_name::text, data_type::text from information_schema.columns
        where table_schema = 'public' and table_name in (select relname from pg_class where not relispartition)";
    let may_name = ["beneficiaries", "beneficiaries_history", "members", "members_history", "idempotency_keys"];
    let mut found = Vec::new();
    for column in database.query(columns, &[]).await.unwrap() {
        let (table, name, kind): (String, String, String) = (column.get(0), column.get(1), column.get(2));
        let canaries = [
            (NIK, true),
            (CARD, true),
            (&officer.secret, true),
            (&secret, true),
            (officer.token(), true),
            (NAME, false),
            (PHONE, false),
            (MOTHER, false),
        ];
        for (canary, is_secret) in canaries {
            if !is_secret && may_name.contains(&table.as_str()) {
                continue;
            }
            let condition = match kind.as_str() {
                "bytea" => format!("position(convert_to($1::text, 'UTF8') in {name}) > 0"),
                _ => format!("position($1::text in {name}::text) > 0"),
            };
            let rows = database.query(&format!("select 1 from {table} where {condition}"), &[&canary]).await.unwrap();
            if !rows.is_empty() {
                found.push(format!("{table}.{name} holds {canary}"));
            }
        }
    }
    assert!(found.is_empty(), "in the clear:\n{}", found.join("\n"));
}

/// Fills every personal column with canaries, and lets all companies make their evidence anew from it.
async fn plant(app: &TestApp, clients: &[(Client, String)]) {
    let (officer, _) = clients.iter().find(|(client, _)| client.id == "sandbox-kecamatan").unwrap();
    officer.post("/v1/beneficiaries", &canary::family()).await.expect(201);
    app.arrange(PLANT).await;
    let planted = texts(app, "select place as found from canary_columns").await;
    for column in NAMED {
        assert!(planted.iter().any(|place| place == column), "no canary in {column}; only in {planted:?}");
    }
    for (company, _) in clients.iter().filter(|(_, role)| role == "company") {
        let pledges = company.get("/v1/pledges?limit=200").await.expect(200);
        for pledge in pledges.body["items"].as_array().unwrap() {
            let address = format!("/v1/pledges/{}/evidence-packs", pledge["id"].as_str().unwrap());
            company.post(&address, &json!({})).await;
        }
    }
}

/// Clients of companies, each with the id of its company.
async fn companies<'a>(app: &TestApp, clients: &'a [(Client, String)]) -> Vec<(&'a Client, String)> {
    let mut companies = Vec::new();
    for (client, _) in clients.iter().filter(|(_, role)| role == "company") {
        let of = format!("select company_id::text as found from clients where id = '{}'", client.id);
        companies.push((client, texts(app, &of).await.remove(0)));
    }
    companies
}

/// Whoever may see persons sees canaries by the same requests.
async fn assert_seen(app: &TestApp, officer: &Client, families: &HashSet<String>) {
    let fuzz = Fuzz::new(&sinergi::app::document(), "kecamatan_officer", &texts(app, IDS).await);
    let (mut draw, mut seen) = (Draw::new(8), 0);
    for _ in 0..120 {
        let request = fuzz.request(&mut draw, &[]);
        let answer = officer.get(&request.path).await;
        seen += usize::from(canary::leak(&answer.text, &request.path, "", families).is_some());
    }
    assert!(seen > 5, "{seen} answers to an officer tell of somebody");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_company_reads_no_person_and_no_other_company_whatever_it_asks() {
    let app = TestApp::new().await;
    let clients = fill(&app).await;
    plant(&app, &clients).await;
    let families: HashSet<String> = texts(&app, FAMILIES).await.into_iter().collect();
    let fuzz = Fuzz::new(&sinergi::app::document(), "company", &texts(&app, IDS).await);
    let (mut draw, mut cursors, mut leaks, mut shown) = (Draw::new(7), Vec::new(), Vec::new(), 0);
    let companies = companies(&app, &clients).await;
    for number in 0..REQUESTS {
        let (client, company) = &companies[number % companies.len()];
        let request = fuzz.request(&mut draw, &cursors);
        let sent = client.request(Method::GET, &request.path);
        let answer = send(sent.header("Accept", request.accept.as_deref().unwrap_or("application/json"))).await;
        assert!(answer.status.as_u16() < 500, "{}: {}", request.path, answer.text);
        shown += usize::from(answer.status.is_success());
        cursors.extend(answer.body["next"].as_str().map(ToOwned::to_owned));
        if let Some(leak) = canary::leak(&answer.text, &request.path, company, &families) {
            leaks.push(format!("{} tells {leak}: {}", request.path, answer.text));
        }
    }
    assert!(leaks.is_empty(), "{}", leaks.join("\n"));
    let officer = &clients.iter().find(|(_, role)| role == "kecamatan_officer").unwrap().0;
    assert_seen(&app, officer, &families).await;
    assert!(shown > REQUESTS / 3, "only {shown} of {REQUESTS} requests were answered with something");
}
