//! What holds for every path: methods, bodies, parameters, limits, headers, languages.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use chrono::{Timelike, Utc};
use reqwest::Method;
use serde_json::{Value, json};
use sinergi::error::{Code, Kind};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::beneficiaries::family;
use crate::support::{Answer, Client, TestApp, send};

const FAMILIES: &str = "/v1/beneficiaries";

/// Sends bytes as they are and reads until the service closes, at most so long.
async fn raw(app: &TestApp, request: &[u8], patience: Duration) -> (String, bool) {
    let mut stream = TcpStream::connect(app.url.strip_prefix("http://").unwrap()).await.unwrap();
    stream.write_all(request).await.unwrap();
    let mut answer = Vec::new();
    let is_closed = tokio::time::timeout(patience, stream.read_to_end(&mut answer)).await.is_ok();
    (String::from_utf8_lossy(&answer).into_owned(), is_closed)
}

/// POST of a body as it is.
async fn post_raw(client: &Client, path: &str, content_type: &str, body: impl Into<reqwest::Body>) -> Answer {
    let request = client.request(Method::POST, path).header("Idempotency-Key", uuid::Uuid::now_v7().to_string());
    send(request.header("Content-Type", content_type).body(body)).await
}

#[test]
fn the_committed_document_which_a_release_serves_is_that_of_the_code() {
    let committed = include_str!("../../openapi/openapi.json");
    let written = serde_json::to_string_pretty(&sinergi::openapi::Written(&sinergi::app::document())).unwrap();
    assert!(committed.trim_end() == written, "the document has changed: read the difference, then run: make openapi");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_known_path_names_its_methods_to_any_other() {
    let app = TestApp::new().await;
    let client = app.kecamatan().await;
    let document = sinergi::app::document();
    let operations = sinergi::http::Operations::of(document.to_string().as_bytes()).unwrap();
    for (template, item) in document["paths"].as_object().unwrap() {
        let path = template
            .replace("{id}", "01a20f00-0000-7000-8000-000000000000")
            .replace("{code}", "64")
            .replace("{name}", "a");
        assert!(!item.as_object().unwrap().is_empty());
        // `search` is also what an id could look like.
        let known: BTreeSet<String> = operations.methods_of(&path).iter().cloned().collect();
        for method in ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "TRACE", "BREW"] {
            if known.contains(method) {
                continue;
            }
            let answer = send(client.request(method.parse().unwrap(), &path)).await.expect(405);
            let allowed: BTreeSet<String> = answer.header("allow").split(", ").map(ToOwned::to_owned).collect();
            assert_eq!(allowed, known, "{method} {path}");
        }
    }
    send(client.request(Method::GET, "/v1/nothing")).await.expect_problem(404, "not_found");
    for path in ["/livez", "/openapi.json", "/metrics", "/.well-known/jwks.json"] {
        let answer = send(client.request(Method::DELETE, path)).await.expect_problem(405, "method_not_allowed");
        assert_eq!(answer.header("allow"), "GET", "{path}");
    }
    // A method in another header is nobody's wish.
    let overridden = client.request(Method::GET, FAMILIES).header("X-HTTP-Method-Override", "DELETE");
    send(overridden).await.expect(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_of_another_type_is_not_read() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    for content_type in
        ["text/plain", "application/xml", "application/json; charset=utf-16", "multipart/form-data", "x"]
    {
        let answer = post_raw(&officer, FAMILIES, content_type, "{}").await;
        answer.expect_problem(415, "media_type_unsupported");
    }
    post_raw(&officer, FAMILIES, "application/json; charset=UTF-8", "{}").await.expect(422);
    let program = officer.post("/v1/programs", &crate::programs::rice("RICE")).await.expect(201);
    let path = format!("/v1/programs/{}", program.id());
    let request = officer.request(Method::PATCH, &path).header("If-Match", "\"1\"").json(&json!({ "name": "Beras" }));
    let answer = send(request).await.expect_problem(415, "media_type_unsupported");
    assert_eq!(answer.header("accept-patch"), "application/merge-patch+json");
    officer.patch(&path, "\"7\"", &json!({ "name": "Beras" })).await.expect_problem(412, "version_stale");
    let request = officer.request(Method::PATCH, &path).header("Content-Type", "application/merge-patch+json");
    send(request.body("{}")).await.expect_problem(428, "version_missing");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_path_that_no_operation_could_have_is_not_looked_for() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    // One that is compared by part, and one that is not.
    for path in ["/v1/pledges", "/v1/webhooks"] {
        let long = format!("{path}/{}", "1".repeat(3_000));
        officer.get(&long).await.expect_problem(404, "not_found");
        officer.get(&format!("{path}/{}", uuid::Uuid::now_v7())).await.expect_problem(404, "not_found");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_json_is_told_as_such() {
    let app = TestApp::new().await;
    let puskesos = app.puskesos().await;
    let good = family("6402101001209001", "6402104101909001").to_string();
    let broken: Vec<(&str, Vec<u8>)> = vec![
        ("nothing", Vec::new()),
        ("half of it", good.as_bytes()[..good.len() / 2].to_vec()),
        ("trailing garbage", format!("{good} x").into_bytes()),
        ("two values", format!("{good}{good}").into_bytes()),
        (
            "invalid UTF-8",
            good.replace("Contoh", "\u{1}")
                .into_bytes()
                .into_iter()
                .map(|byte| if byte == 1 { 0xff } else { byte })
                .collect(),
        ),
        ("a lone surrogate", good.replace("Contoh", "\\ud800").into_bytes()),
        ("a raw control character", good.replace("Contoh", "\u{1}").into_bytes()),
        ("a number without end", good.replace("\"decile\":2", "\"decile\":1e400").into_bytes()),
        ("not a number", good.replace("\"decile\":2", "\"decile\":NaN").into_bytes()),
        ("a byte order mark", format!("\u{feff}{good}").into_bytes()),
        ("brackets without end", "[".repeat(100_000).into_bytes()),
        ("braces without end", "{\"a\":".repeat(100_000).into_bytes()),
        (
            "depth inside a field",
            good.replace("\"RT 03\"", &format!("{}1{}", "[".repeat(50_000), "]".repeat(50_000))).into_bytes(),
        ),
    ];
    for (what, body) in broken {
        let answer = post_raw(&puskesos, FAMILIES, "application/json", body).await;
        assert!([400, 422].contains(&answer.status.as_u16()), "{what}: {} {}", answer.status, answer.text);
        assert_eq!(answer.header("content-type"), "application/problem+json", "{what}");
    }
    let refused: Vec<(&str, String, &str)> = vec![
        ("a field twice", good.replacen('{', "{\"address\":\"RT 04\",", 1), "wrong_type"),
        ("an unknown field", good.replacen('{', "{\"score\":1,", 1), "unknown_field"),
        ("a field of the answer", good.replacen('{', "{\"status\":\"live\",", 1), "unknown_field"),
        ("U+0000", good.replace("Contoh Sintetis", "Contoh\\u0000"), "text_has_hidden_characters"),
        ("a direction mark", good.replace("Contoh Sintetis", "Contoh\u{202e}"), "text_has_hidden_characters"),
        ("a huge number", good.replace("\"decile\":2", "\"decile\":9007199254740993"), "wrong_type"),
        ("a fraction", good.replace("\"decile\":2", "\"decile\":2.5"), "wrong_type"),
        (
            "combining marks without end",
            good.replace("Contoh Sintetis", &format!("C{}", "\u{301}".repeat(100_000))),
            "text_too_long",
        ),
    ];
    for (what, body, code) in refused {
        let answer = post_raw(&puskesos, FAMILIES, "application/json", body).await;
        assert_eq!(answer.status.as_u16(), 422, "{what}: {}", answer.text);
        assert_eq!(answer.body["errors"][0]["code"], code, "{what}: {}", answer.text);
    }
    assert_eq!(puskesos.get(FAMILIES).await.expect(200).body["items"], json!([]), "nothing was registered");
    // What is unusual and right is taken: escapes, spaces, emoji of four bytes.
    let unusual = good.replace("Contoh Sintetis", "\\u0043ontoh 🌾").replace(',', " ,\n\t");
    post_raw(&puskesos, FAMILIES, "application/json", unusual).await.expect(201);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_is_at_most_a_mebibyte() {
    let app = TestApp::new().await;
    let puskesos = app.puskesos().await;
    let good = family("6402101001209001", "6402104101909001").to_string();
    let padded = |length: usize| format!("{good}{}", " ".repeat(length - good.len()));
    post_raw(&puskesos, FAMILIES, "application/json", padded(1 << 20)).await.expect(201);
    for length in [(1 << 20) + 1, 10 << 20] {
        let request = puskesos.request(Method::POST, FAMILIES).header("Idempotency-Key", "a-large-body");
        let request = request.header("Content-Type", "application/json").body(padded(length));
        // The service may close before everything was sent.
        if let Ok(answer) = request.send().await {
            assert_eq!(answer.status().as_u16(), 413, "{length} bytes");
        }
    }
    // A length that is promised and not kept is refused before anything comes.
    let head = format!(
        "POST {FAMILIES} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {}\r\nIdempotency-Key: a-large-body\r\n\
         Content-Type: application/json\r\nContent-Length: 99999999999\r\n\r\n",
        puskesos.token()
    );
    let (answer, is_closed) = raw(&app, head.as_bytes(), Duration::from_secs(5)).await;
    assert!(answer.starts_with("HTTP/1.1 413"), "{answer}");
    assert!(is_closed);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dribbled_body_ends_in_time() {
    let app = TestApp::new().await;
    let puskesos = app.puskesos().await;
    let heads = [
        format!("POST {FAMILIES} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {}\r\nIdempotency-Key: slow-body-1\r\nContent-Type: application/json\r\nContent-Length: 5000\r\n\r\n", puskesos.token()),
        format!("POST {FAMILIES} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {}\r\nIdempotency-Key: slow-body-2\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n", puskesos.token()),
        "POST /oauth2/token HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 5000\r\n\r\n".to_owned(),
        format!("POST {FAMILIES} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 5000\r\n\r\n"),
        "GET /v1/regions HTTP/1.1\r\nHost: x\r\nX-Slow".to_owned(),
    ];
    let started = Instant::now();
    let address = app.url.strip_prefix("http://").unwrap().to_owned();
    let dribbles = heads.into_iter().map(|head| {
        let address = address.clone();
        tokio::spawn(async move {
            let mut stream = TcpStream::connect(address).await.unwrap();
            stream.write_all(head.as_bytes()).await.unwrap();
            let (mut reader, mut writer) = stream.into_split();
            let drip = if head.contains("chunked") { "1\r\n \r\n" } else { " " };
            let dripping = tokio::spawn(async move {
                while writer.write_all(drip.as_bytes()).await.is_ok() {
                    tokio::time::sleep(Duration::from_millis(500)).await;
                }
            });
            let mut answer = Vec::new();
            let is_closed =
                tokio::time::timeout(Duration::from_secs(25), reader.read_to_end(&mut answer)).await.is_ok();
            dripping.abort();
            (head, String::from_utf8_lossy(&answer).into_owned(), is_closed)
        })
    });
    for dribble in dribbles.collect::<Vec<_>>() {
        let (head, answer, is_closed) = dribble.await.unwrap();
        let head = head.lines().next().unwrap().to_owned();
        assert!(is_closed, "{head}: still open after {:?}: {answer}", started.elapsed());
        let status = answer.get(9..12).unwrap_or_default();
        assert!(["408", "401", "400"].contains(&status), "{head}: {answer}");
    }
    puskesos.get("/v1/regions").await.expect(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_that_two_readers_could_part_differently_is_refused() {
    let app = TestApp::new().await;
    let body = "0\r\n\r\nGET /livez HTTP/1.1\r\nHost: x\r\n\r\n";
    let length = body.len();
    let heads = [
        format!(
            "POST {FAMILIES} HTTP/1.1\r\nHost: x\r\nContent-Length: {length}\r\nTransfer-Encoding: chunked\r\n\r\n{body}"
        ),
        format!("POST {FAMILIES} HTTP/1.1\r\nHost: x\r\nContent-Length: {length}\r\nContent-Length: 5\r\n\r\n{body}"),
        format!("POST {FAMILIES} HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: xchunked\r\n\r\n{body}"),
        format!("POST {FAMILIES} HTTP/1.1\r\nHost: x\r\nContent-Length: +{length}\r\n\r\n{body}"),
        format!("GET /livez HTTP/1.1\r\nHost : x\r\n\r\n{body}"),
        "GET /livez HTTP/1.1\r\nX\0: y\r\n\r\n".to_owned(),
    ];
    for head in heads {
        let (answer, _) = raw(&app, head.as_bytes(), Duration::from_secs(2)).await;
        assert!(!answer.contains("\"status\":\"ok\""), "{head}\n{answer}");
    }
    let many = format!("GET /livez HTTP/1.1\r\nHost: x\r\n{}\r\n", "X-Many: y\r\n".repeat(10_000));
    let (answer, _) = raw(&app, many.as_bytes(), Duration::from_secs(5)).await;
    assert!(!answer.starts_with("HTTP/1.1 200"), "10,000 headers: {answer}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_parameter_that_is_not_known_is_refused_everywhere() {
    let app = TestApp::new().await;
    let world = crate::authorization::world::World::new(&app, 1).await;
    for operation in crate::authorization::operation::operations() {
        let (_, client) = world.clients.iter().find(|(role, _)| operation.is_allowed_to(role)).unwrap();
        let answer = operation.call_with(client, &world, "nonsense=1").await;
        assert_eq!(answer.status.as_u16(), 400, "{}: {}", operation.id, answer.text);
        assert_eq!(answer.body["code"], "invalid_parameters", "{}", operation.id);
        assert_eq!(answer.body["errors"][0]["pointer"], "nonsense", "{}", operation.id);
    }
    let client = app.puskesos().await;
    for query in
        ["limit=0", "limit=201", "limit=1000000000", "limit=-1", "limit=x", "limit=1&limit=2", "decile_max=%00"]
    {
        client.get(&format!("{FAMILIES}?{query}")).await.expect_problem(400, "invalid_parameters");
    }
    let many = "nonsense=1&".repeat(1_000);
    let mut quickest = Duration::MAX;
    // What it costs is the least of a few: a machine that others hold up says nothing.
    for _ in 0..5 {
        let started = Instant::now();
        client.get(&format!("{FAMILIES}?{many}")).await.expect_problem(400, "invalid_parameters");
        quickest = quickest.min(started.elapsed());
    }
    assert!(quickest < Duration::from_secs(1), "{quickest:?}");
}

#[test]
fn the_document_tells_every_event() {
    let document = sinergi::app::document();
    let told = document["webhooks"].as_object().map_or(0, serde_json::Map::len);
    assert!(told > 30, "the document tells {told} events");
    assert!(document["components"]["schemas"]["Event"].is_object());
}

#[tokio::test(flavor = "multi_thread")]
async fn who_reads_no_json_is_told_before_anything_is_done() {
    let app = TestApp::new().await;
    let client = app.kecamatan().await;
    for accepted in ["image/png", "text/html", "application/json;q=0"] {
        let request = client.request(Method::GET, FAMILIES).header("Accept", accepted);
        let refused = send(request).await.expect_problem(406, "not_acceptable");
        assert!(refused.body["detail"].as_str().unwrap().ends_with("(application/json)"), "{}", refused.text);
        let new = client
            .request(Method::POST, FAMILIES)
            .header("Accept", accepted)
            .json(&family("6402101001209001", "6402104101909001"));
        send(new.header("Idempotency-Key", "who-reads-no-json")).await.expect_problem(406, "not_acceptable");
    }
    let request = client.request(Method::GET, FAMILIES).header("Accept", "text/html, application/*;q=0.5");
    assert!(send(request).await.expect(200).body["items"].as_array().unwrap().is_empty());
    // What is no part of the API is of other types, or the same for everybody.
    send(app.stranger().request(Method::GET, "/metrics").header("Accept", "text/plain")).await.expect(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_has_not_changed_is_not_sent_again() {
    let app = TestApp::new().await;
    let world = crate::authorization::world::World::new(&app, 1).await;
    let operations = crate::authorization::operation::operations();
    let conditional = operations.iter().filter(|operation| operation.is_conditional);
    for operation in conditional {
        let (_, client) = world.clients.iter().find(|(role, _)| operation.is_allowed_to(role)).unwrap();
        let whole = operation.call(client, &world, &world).await.expect(200);
        let tag = whole.header("etag").to_owned();
        assert!(tag.starts_with('"') && tag.len() > 2, "{}: {tag}", operation.id);
        for known in [tag.clone(), format!("\"x\", {tag}"), format!("W/{tag}"), "*".to_owned()] {
            let spared = operation.call_unless(client, &world, &known).await.expect(304);
            assert_eq!((spared.header("etag"), spared.text.as_str()), (tag.as_str(), ""), "{}", operation.id);
        }
        let other = operation.call_unless(client, &world, "\"another\"").await.expect(200);
        assert_eq!(other.body, whole.body, "{}", operation.id);
    }
    // A record that is read by its id alone has a tag; what is reckoned anew at each call, or written as it goes out, has none.
    let singles = operations.iter().filter(|operation| operation.id.starts_with("get_") && !operation.is_conditional);
    let singles: Vec<&str> = singles.map(|operation| operation.id.as_str()).collect();
    let reckoned = ["get_deliberation_report", "get_export_file", "get_pledge_state_machine", "get_pledge_trail"];
    assert_eq!(singles, [&reckoned[..], &["get_round_progress", "get_targeting_error"]].concat());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_id_of_no_form_is_answered_like_an_unknown_one() {
    let app = TestApp::new().await;
    let client = app.puskesos().await;
    let unknown = client.get(&format!("{FAMILIES}/01a20f00-0000-7000-8000-000000000000")).await;
    let unknown = unknown.expect_problem(404, "not_found");
    for id in ["1", "x", "%00", "%ff", "..%2f..", "'", "01a20f00-0000-7000-8000-00000000000g", &"a".repeat(2_000)] {
        let answer = client.get(&format!("{FAMILIES}/{id}")).await.expect_problem(404, "not_found");
        assert_eq!(answer.body["detail"], unknown.body["detail"], "{id}");
    }
}

/// Requests a minute, where they are counted.
const QUOTA: i32 = 60;

/// Waits for the beginning of a minute where it is nearly over: counts are by the minute.
async fn early_in_a_minute() {
    let second = Utc::now().second();
    if second > 40 {
        tokio::time::sleep(Duration::from_secs(u64::from(61 - second))).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_processes_grant_together_what_one_would() {
    let app = TestApp::with_rate(QUOTA).await;
    let beside = app.beside(QUOTA).await;
    // Counted again by another client where the minute turned meanwhile.
    let (client, granted, refused) = loop {
        early_in_a_minute().await;
        let client = app.puskesos().await;
        // The other process hears of a new client only by and by.
        beside.services.states.refresh(&beside.services.db.unscoped().await.unwrap()).await.unwrap();
        let there = Client::stranger(&beside.url).with_token(client.token());
        let began = Utc::now().minute();
        let (granted, refused) = granted(&client, &there).await;
        if Utc::now().minute() == began {
            break (client, granted, refused);
        }
    };
    assert_eq!(granted, QUOTA, "{refused} were refused");
    // Others are not in the way of each other.
    app.puskesos().await.get("/v1/regions?limit=1").await.expect(200);
    for probe in ["/livez", "/readyz", "/metrics"] {
        client.get(probe).await.expect(200);
    }
}

/// How many requests two processes granted a client, and how many they refused.
async fn granted(here: &Client, there: &Client) -> (i32, i32) {
    let (mut granted, mut refused) = (0, 0);
    for _ in 0..QUOTA {
        for one in [here, there] {
            let answer = one.get("/v1/regions?limit=1").await;
            assert_eq!(answer.header("ratelimit-policy"), format!("\"client\";q={QUOTA};w=60"));
            assert!(answer.header("ratelimit").starts_with("\"client\";r="), "{}", answer.header("ratelimit"));
            if answer.status.as_u16() == 200 {
                granted += 1;
                continue;
            }
            refused += 1;
            let answer = answer.expect_problem(429, "too_many_requests");
            assert!((1..=60).contains(&answer.header("retry-after").parse::<i32>().unwrap()));
            assert!(answer.header("ratelimit").starts_with("\"client\";r=0;"));
        }
    }
    (granted, refused)
}

#[tokio::test(flavor = "multi_thread")]
async fn every_code_has_its_page_in_two_languages() {
    let app = TestApp::new().await;
    let mut seen = BTreeSet::new();
    for code in Code::ALL {
        assert!(seen.insert(code.as_str()), "{code:?} twice");
        for is_indonesian in [false, true] {
            assert!(!code.title(is_indonesian).is_empty() && code.advice(is_indonesian).ends_with('.'), "{code:?}");
        }
        assert_ne!(code.title(false), code.title(true), "{code:?}");
        let page = app.stranger().get(&format!("/problems/{}", code.as_str())).await.expect(200);
        assert_eq!(page.header("content-type"), "text/html; charset=utf-8");
        for part in [code.as_str(), "lang=\"en\"", "lang=\"id\"", code.advice(true), code.advice(false)] {
            assert!(page.text.contains(part), "{code:?}: {part}");
        }
        assert!(
            sinergi::http::status_of(code.kind()).is_client_error()
                || matches!(code.kind(), Kind::Unavailable | Kind::Internal)
        );
    }
    app.stranger().get("/problems/unheard_of").await.expect_problem(404, "not_found");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_problem_is_told_in_the_language_that_is_asked_for() {
    let app = TestApp::new().await;
    let languages = [
        ("", "en"),
        ("id", "id"),
        ("id-ID", "id"),
        ("ID", "id"),
        ("en", "en"),
        ("en, id", "en"),
        ("id, en;q=0.5", "id"),
        ("id;q=0.2, en;q=0.8", "en"),
        ("de", "en"),
        ("de, id;q=0.1", "id"),
        ("*", "en"),
        ("id;q=0", "en"),
        ("id;q=x,,;;", "en"),
    ];
    for (accepted, told) in languages {
        let request = app.stranger().request(Method::GET, FAMILIES).header("Accept-Language", accepted);
        let answer = send(request).await.expect_problem(401, "token_missing");
        assert_eq!(answer.header("content-language"), told, "{accepted:?}");
        assert_eq!(answer.body["title"], Code::TokenMissing.title(told == "id"), "{accepted:?}");
        let page = answer.body["type"].as_str().unwrap().strip_prefix(&app.url).unwrap();
        app.stranger().get(page).await.expect(200);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_command_that_still_runs_is_not_run_again() {
    let app = TestApp::new().await;
    let puskesos = app.puskesos().await;
    let new = family("6402101001209001", "6402104101909001");
    // The lock that the running command would hold.
    let name = format!("{} POST {FAMILIES} {}", puskesos.id, "a-running-key");
    let lock = i64::from_be_bytes(sinergi::keys::sha256(name.as_bytes())[..8].try_into().unwrap());
    let (running, connection) = tokio_postgres::connect(app.database.owner_url(), tokio_postgres::NoTls).await.unwrap();
    tokio::spawn(connection);
    running.execute("select pg_advisory_lock($1)", &[&lock]).await.unwrap();
    let answer = puskesos.post_keyed(FAMILIES, "a-running-key", &new).await;
    answer.expect_problem(409, "request_in_progress");
    running.execute("select pg_advisory_unlock($1)", &[&lock]).await.unwrap();
    puskesos.post_keyed(FAMILIES, "a-running-key", &new).await.expect(201);
}

#[tokio::test(flavor = "multi_thread")]
async fn many_repeats_at_once_have_one_effect() {
    let app = TestApp::new().await;
    let puskesos = app.puskesos().await;
    let new = family("6402101001209001", "6402104101909001");
    let repeats: Vec<_> = (0..20)
        .map(|_| {
            let (puskesos, new) = (puskesos.clone(), new.clone());
            tokio::spawn(async move { puskesos.post_keyed_patiently(FAMILIES, "many-at-once", &new).await })
        })
        .collect();
    let mut bodies = BTreeSet::new();
    for repeat in repeats {
        let answer = repeat.await.unwrap();
        match answer.status.as_u16() {
            201 => assert!(bodies.insert(answer.text.clone()) || bodies.contains(&answer.text)),
            _ => drop(answer.expect_problem(409, "request_in_progress")),
        }
    }
    assert_eq!(bodies.len(), 1, "one effect, told alike");
    assert_eq!(puskesos.get(FAMILIES).await.expect(200).body["items"].as_array().unwrap().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_is_needed_and_belongs_to_one_client_and_path() {
    let app = TestApp::new().await;
    let (puskesos, other) = (app.puskesos().await, app.puskesos().await);
    let new = family("6402101001209001", "6402104101909001");
    for key in [None, Some(""), Some("short"), Some("with space in it"), Some("schlüssel-1"), Some(&*"k".repeat(65))] {
        let mut request = puskesos.request(Method::POST, FAMILIES).json(&new);
        if let Some(key) = key {
            request =
                request.header("Idempotency-Key", reqwest::header::HeaderValue::from_bytes(key.as_bytes()).unwrap());
        }
        let answer = send(request).await;
        assert_eq!(answer.status.as_u16(), 400, "{key:?}: {}", answer.text);
        assert_eq!(answer.body["code"], "idempotency_key_missing", "{key:?}");
    }
    puskesos.post_keyed(FAMILIES, "the-same-key", &new).await.expect(201);
    let second = family("6402101001209002", "6402104101909002");
    let made = other.post_keyed(FAMILIES, "the-same-key", &second).await.expect(201);
    assert_eq!(made.header("idempotency-replayed"), "", "another client's key is another key");
    // What was refused had no effect, so the key may be used for what was meant.
    puskesos.post_keyed(FAMILIES, "after-a-refusal", &json!({})).await.expect(422);
    let third = family("6402101001209003", "6402104101909003");
    puskesos.post_keyed(FAMILIES, "after-a-refusal", &third).await.expect(201);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cursor_fits_one_list_one_filter_and_one_caller() {
    let app = TestApp::new().await;
    let (puskesos, other) = (app.puskesos().await, app.puskesos().await);
    for number in 1..=3 {
        let new = family(&format!("640210100120900{number}"), &format!("640210410190900{number}"));
        puskesos.post(FAMILIES, &new).await.expect(201);
    }
    let page = puskesos.get(&format!("{FAMILIES}?limit=1&decile_max=4")).await.expect(200);
    let cursor = page.body["next"].as_str().unwrap().to_owned();
    let fits = async |client: &Client, query: &str| client.get(&format!("{FAMILIES}?{query}")).await;
    fits(&puskesos, &format!("decile_max=4&cursor={cursor}")).await.expect(200);
    fits(&puskesos, &format!("limit=200&decile_max=4&cursor={cursor}")).await.expect(200);
    for query in ["", "decile_max=5&", "decile_max=4&status=live&"] {
        fits(&puskesos, &format!("{query}cursor={cursor}")).await.expect_problem(400, "cursor_invalid");
    }
    fits(&other, &format!("decile_max=4&cursor={cursor}")).await.expect_problem(400, "cursor_invalid");
    for at in 0..cursor.len() {
        let mut changed = cursor.clone().into_bytes();
        changed[at] = if changed[at] == b'A' { b'B' } else { b'A' };
        let changed = String::from_utf8(changed).unwrap();
        let answer = fits(&puskesos, &format!("decile_max=4&cursor={changed}")).await;
        // The last letter holds bits that stand for nothing; whatever they say, the place is the same.
        let is_same_place = at == cursor.len() - 1 && answer.status.as_u16() == 200;
        assert!(is_same_place || answer.body["code"] == "cursor_invalid", "letter {at}: {}", answer.text);
    }
    for cursor in ["", "AAAA", "%00", "null", &"A".repeat(600), &"A".repeat(4_000), &format!("{cursor}AAAA")] {
        let answer = fits(&puskesos, &format!("decile_max=4&cursor={cursor}")).await;
        assert_eq!(answer.status.as_u16(), 400, "{cursor}: {}", answer.text);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_answer_carries_an_id_and_is_safe_to_show() {
    let app = TestApp::new().await;
    let client = app.puskesos().await;
    let mut ids = BTreeSet::new();
    for (path, status) in [
        ("/v1/regions", 200),
        ("/v1/regions/99", 404),
        ("/v1/nothing", 404),
        ("/v1/audit-records", 403),
        ("/v1/regions?x=1", 400),
        ("/livez", 200),
        ("/openapi.json", 200),
        ("/problems/not_found", 200),
        ("/docs/", 200),
    ] {
        let answer = client.get(path).await.expect(status);
        let id = answer.header("x-request-id").to_owned();
        assert!(uuid::Uuid::parse_str(&id).is_ok() && ids.insert(id.clone()), "{path}: {id}");
        if status >= 400 {
            assert_eq!(answer.body["trace_id"], id.as_str(), "{path}");
            assert_eq!(answer.header("cache-control"), "no-store", "{path}");
        }
        for (name, value) in
            [("x-content-type-options", "nosniff"), ("x-frame-options", "DENY"), ("referrer-policy", "no-referrer")]
        {
            assert_eq!(answer.header(name), value, "{path}");
        }
        let policy = answer.header("content-security-policy");
        assert!(policy.starts_with("default-src 'none'") || path == "/docs/", "{path}: {policy}");
        for told in ["server", "x-powered-by", "set-cookie"] {
            assert_eq!(answer.header(told), "", "{path}");
        }
        assert_ne!(answer.header("cache-control"), "", "{path}");
    }
    let from_elsewhere = client.request(Method::GET, "/v1/regions").header("Origin", "https://elsewhere.example");
    let answer = send(from_elsewhere).await.expect(200);
    assert!(!["*", "https://elsewhere.example"].contains(&answer.header("access-control-allow-origin")));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_trace_is_taken_over_and_told_back() {
    let app = TestApp::new().await;
    let (trace, parent) = ("4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7");
    let named = app.stranger().request(Method::GET, "/livez");
    let answer = send(named.header("traceparent", format!("00-{trace}-{parent}-01"))).await.expect(200);
    let told: Vec<&str> = answer.header("traceparent").split('-').collect();
    assert_eq!((told[0], told[1], told[3]), ("00", trace, "01"));
    assert_ne!(told[2], parent);
    for bad in ["00-0-0-0", "garbage", "00-00000000000000000000000000000000-00f067aa0ba902b7-01"] {
        let request = app.stranger().request(Method::GET, "/livez").header("traceparent", bad);
        let answer = send(request).await.expect(200);
        let begun = answer.header("x-request-id").replace('-', "");
        assert_eq!(answer.header("traceparent").split('-').nth(1), Some(begun.as_str()));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_counts_name_routes_and_nobody() {
    let app = TestApp::new().await;
    let client = app.puskesos().await;
    let id = "01a20f00-0000-7000-8000-00000000cafe";
    client.get(&format!("{FAMILIES}/{id}")).await.expect(404);
    client.get(&format!("/v1/{id}")).await.expect(404);
    send(client.request("BREW".parse().unwrap(), FAMILIES)).await.expect(405);
    let counts = app.stranger().get("/metrics").await.expect(200);
    assert!(counts.header("content-type").starts_with("application/openmetrics-text"));
    let line = r#"sinergi_http_requests_total{method="GET",route="/v1/beneficiaries/{id}",status="404"} 1"#;
    assert!(counts.text.contains(line), "{}", counts.text);
    assert!(counts.text.trim_end().ends_with("# EOF"));
    for said in [id, &client.id, "BREW", "127.0.0.1"] {
        assert!(!counts.text.contains(said), "{said} is told");
    }
}
