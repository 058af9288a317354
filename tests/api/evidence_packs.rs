//! Evidence packs: equal to the ledger, the same each time, proven, and without a family.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use reqwest::Method;
use serde_json::{Value, json};
use sinergi::domain::Digest;
use sinergi::keys::{VerifyingKey, sha256};

use crate::support::{Answer, Cast, Client, HAMBAU, KELEKAT, NeedyFamily, handover, line, send, tools_and_training};

pub(crate) async fn make(client: &Client, pledge: &str) -> Answer {
    client.post(&format!("/v1/pledges/{pledge}/evidence-packs"), &json!({})).await
}

pub(crate) async fn file(client: &Client, pack: &str, form: &str) -> Answer {
    let path = format!("/v1/evidence-packs/{pack}/file");
    send(client.request(Method::GET, &path).header("Accept", form)).await
}

/// Allocates one to each family and hands it over.
pub(crate) async fn hand_over(cast: &Cast, (pledge, line): (&str, &str), families: &[NeedyFamily]) {
    for family in families {
        let new = json!({ "pledge_line_id": line, "need_id": family.need_id, "quantity": "1" });
        let made = cast.first.post(&format!("/v1/pledges/{pledge}/allocations"), &new).await.expect(201);
        let address = format!("/v1/allocations/{}/deliveries", made.id());
        cast.second.post(&address, &handover("1", &family.beneficiary_id.to_string())).await.expect(201);
    }
}

/// Seven families of one village and three of another got a tractor each.
pub(crate) async fn reached() -> (Cast, String, String) {
    let cast = Cast::new().await;
    let mut families = cast.app.needy_families(HAMBAU, 7, "hand_tractor", "1").await;
    families.extend(cast.app.needy_families(KELEKAT, 3, "hand_tractor", "1").await);
    let (pledge, line) = cast.stocked("12", &[HAMBAU, KELEKAT]).await;
    hand_over(&cast, (&pledge, &line), &families).await;
    (cast, pledge, line)
}

pub(crate) fn table<'a>(document: &'a Value, group: usize, code: &str) -> &'a Value {
    let tables = document["groups"][group - 1]["tables"].as_array().unwrap();
    tables.iter().find(|table| table["code"] == code).unwrap_or_else(|| panic!("no table {code}"))
}

pub(crate) fn cell<'a>(table: &'a Value, row: usize, column: &str) -> &'a str {
    let at = table["columns"].as_array().unwrap().iter().position(|one| one["code"] == column).unwrap();
    table["rows"][row]["cells"][at].as_str().unwrap()
}

pub(crate) fn fact<'a>(document: &'a Value, group: usize, code: &str) -> &'a Value {
    let facts = document["groups"][group - 1]["facts"].as_array().unwrap();
    facts.iter().find(|fact| fact["code"] == code).unwrap_or_else(|| panic!("no fact {code}"))
}

pub(crate) fn rows(table: &Value) -> Vec<Vec<String>> {
    let cells = |row: &'_ Value| -> Vec<String> { serde_json::from_value(row["cells"].clone()).unwrap() };
    table["rows"].as_array().unwrap().iter().map(cells).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_figure_is_a_balance_of_the_ledger() {
    let (cast, pledge, line) = reached().await;
    let pack = make(&cast.company, &pledge).await.expect(201);
    let whole = cast.company.get(pack.header("location")).await.expect(200);
    let document = &whole.body["document"];
    let numbers: Vec<u64> =
        document["groups"].as_array().unwrap().iter().map(|group| group["number"].as_u64().unwrap()).collect();
    assert_eq!(numbers, (1..=18).collect::<Vec<_>>());

    let accounts = cast.first.get(&format!("/v1/ledger/accounts?owner_id={line}&limit=200")).await.expect(200);
    let quantities = table(document, 4, "quantities");
    let rupiah = table(document, 4, "rupiah");
    let steps =
        [("commitment", "outstanding"), ("stock", "free"), ("reserved", "reserved"), ("delivered", "delivered")];
    for (kind, step) in steps {
        let account = accounts.body["items"].as_array().unwrap().iter().find(|one| one["kind"] == kind).unwrap();
        let balance = account["balance"].as_str().unwrap();
        assert_eq!(cell(quantities, 0, step), balance, "{step}");
        assert_eq!(cell(rupiah, 0, step), (balance.parse::<u64>().unwrap() * 1_000_000).to_string(), "{step}");
    }
    let trail = cast.trail(&pledge).await;
    for step in ["promised", "committed", "received", "free", "reserved", "delivered", "outstanding"] {
        assert_eq!(cell(quantities, 0, step), trail["lines"][0][step], "{step}");
    }
    assert_eq!(cell(table(document, 3, "receipts"), 0, "quantity"), "12");
    let deliveries = table(document, 11, "deliveries");
    assert_eq!((cell(deliveries, 0, "handovers_at_least"), cell(deliveries, 0, "quantity")), ("10", "10"));
    assert_eq!(fact(document, 11, "handovers_at_least")["value"], "10");
    let proofs = sha256(&[0xab; 320]);
    assert_eq!(cell(deliveries, 0, "proofs_digest"), hex(&proofs));
    cast.assert_sums().await;
}

pub(crate) fn hex(digest: &[u8; 32]) -> String {
    Digest::from(*digest).to_string()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_system_does_not_know_is_said_with_its_reason() {
    let (cast, pledge, _) = reached().await;
    let pack = make(&cast.first, &pledge).await.expect(201);
    let document = cast.first.get(pack.header("location")).await.expect(200).body["document"].clone();
    for group in document["groups"].as_array().unwrap() {
        let (facts, tables) = (group["facts"].as_array().unwrap(), group["tables"].as_array().unwrap());
        assert!(!facts.is_empty() || !tables.is_empty(), "{group}");
        for fact in facts {
            assert_ne!(fact["value"].is_null(), fact["missing_reason"].is_null(), "{fact}");
        }
    }
    for (group, code) in
        [(2, "npwp"), (5, "late_reasons"), (7, "sdg_target"), (13, "asset_in_use"), (14, "median_days")]
    {
        assert!(fact(&document, group, code)["value"].is_null(), "{code} is invented");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_is_made_once_and_what_changed_is_the_next_version() {
    let (cast, pledge, line) = reached().await;
    let first = make(&cast.company, &pledge).await.expect(201);
    let again = make(&cast.first, &pledge).await.expect(200);
    assert_eq!(first.body, again.body, "officer and company make one pack");
    assert_eq!((first.header("etag"), again.header("etag")), ("\"1\"", "\"1\""));
    for (form, tag) in [("application/json", "1-json"), ("text/csv", "1-csv"), ("text/html", "1-html")] {
        let (one, other) = (file(&cast.company, &first.id(), form).await, file(&cast.first, &first.id(), form).await);
        let (one, other) = (one.expect(200), other.expect(200));
        assert_eq!(one.header("etag"), format!("\"{tag}\""));
        assert!(one.header("content-type").starts_with(form), "{form}: {}", one.header("content-type"));
        assert_eq!(one.text, other.text, "{form}");
    }
    let xml = file(&cast.company, &first.id(), "application/xml").await.expect(200);
    assert_eq!((xml.header("etag"), xml.header("content-type")), ("\"1-iati\"", "application/xml"));
    let named = file(&cast.company, &first.id(), "text/html, application/xml;q=0.9, */*;q=0.8").await.expect(200);
    assert_eq!(named.header("etag"), "\"1-html\"", "the form that is named first");
    let refused = file(&cast.company, &first.id(), "image/png").await.expect_problem(406, "not_acceptable");
    let known = "(application/json, text/csv, text/html, application/xml)";
    assert!(refused.body["detail"].as_str().unwrap().ends_with(known), "{}", refused.text);

    let late = cast.app.needy_families(HAMBAU, 1, "hand_tractor", "1").await;
    hand_over(&cast, (&pledge, &line), &late).await;
    let second = make(&cast.company, &pledge).await.expect(201);
    assert_eq!(second.body["version"], 2);
    let document = file(&cast.company, &second.id(), "application/json").await.expect(200).body;
    assert_eq!(document["previous_digest"], first.body["digest"]);
    let listed = cast.company.get(&format!("/v1/pledges/{pledge}/evidence-packs?sort=-version&count=exact")).await;
    let listed = listed.expect(200);
    assert_eq!((&listed.body["items"], &listed.body["total"]), (&json!([second.body, first.body]), &json!(2)));
    assert_eq!(cast.app.audited("make_evidence_pack").await, 2);
    let known = cast.company.request(Method::GET, second.header("location")).header("If-None-Match", "\"2\"");
    send(known).await.expect(304);
}

#[tokio::test(flavor = "multi_thread")]
async fn many_at_once_make_one_version() {
    let (cast, pledge, _) = reached().await;
    let made = futures_util::future::join_all((0..6).map(|_| make(&cast.company, &pledge))).await;
    let new = made.iter().filter(|answer| answer.status.as_u16() == 201).count();
    assert_eq!(new, 1);
    assert!(made.iter().all(|answer| answer.body == made[0].body));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_signature_is_of_the_key_that_the_service_publishes() {
    let (cast, pledge, _) = reached().await;
    let pack = make(&cast.company, &pledge).await.expect(201);
    let text = file(&cast.company, &pack.id(), "application/json").await.expect(200).text;
    let digest = sha256(text.as_bytes());
    assert_eq!(pack.body["digest"], hex(&digest));
    let keys = cast.app.stranger().get("/.well-known/jwks.json").await.expect(200).body;
    let key = keys["keys"].as_array().unwrap().iter().find(|key| key["kid"] == pack.body["key_id"]).unwrap();
    let key = VerifyingKey::from_jwk(key).unwrap();
    let (header, signature) = pack.body["signature"].as_str().unwrap().split_once("..").unwrap();
    let said: Value = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(header).unwrap()).unwrap();
    assert_eq!((&said["alg"], &said["kid"]), (&json!("EdDSA"), &pack.body["key_id"]));
    let signed = |digest: &[u8]| format!("{header}.{}", URL_SAFE_NO_PAD.encode(digest));
    assert!(key.verifies(signed(&digest).as_bytes(), signature));
    let other = sha256(text.replacen("12", "13", 1).as_bytes());
    assert!(!key.verifies(signed(&other).as_bytes(), signature));
    // The signature with its payload in place is no access token.
    let token = format!("{}.{signature}", signed(&digest));
    cast.company.with_token(&token).get("/v1/pledges").await.expect_problem(401, "token_invalid");
    // The document in the envelope is the one that is signed.
    let whole = cast.company.get(pack.header("location")).await.expect(200);
    assert!(whole.text.ends_with(&format!("\"document\":{text}}}")));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_company_gets_its_own_packs_only_and_none_before_the_pledge_binds() {
    let (cast, pledge, _) = reached().await;
    let pack = make(&cast.company, &pledge).await.expect(201);
    let (_, rival) = cast.app.company("PT Contoh Lain").await;
    make(&rival, &pledge).await.expect_problem(404, "not_found");
    rival.get(&format!("/v1/pledges/{pledge}/evidence-packs")).await.expect_problem(404, "not_found");
    rival.get(pack.header("location")).await.expect_problem(404, "not_found");
    for form in ["application/json", "text/csv", "text/html", "application/xml"] {
        let refused = file(&rival, &pack.id(), form).await;
        assert_eq!(refused.status.as_u16(), 404, "{form}");
    }
    let draft = cast.draft(&tools_and_training()).await.id();
    let refused = make(&cast.company, &draft).await.expect_problem(409, "command_not_possible");
    assert_eq!(refused.body["possible"], json!(["edit", "submit", "withdraw"]));
}

#[tokio::test(flavor = "multi_thread")]
async fn groups_of_fewer_than_five_families_are_not_told_and_counts_go_in_steps() {
    let (cast, pledge, line) = reached().await;
    let told = async || {
        let pack = make(&cast.company, &pledge).await;
        cast.company.get(&format!("/v1/evidence-packs/{}", pack.id())).await.expect(200).body["document"].clone()
    };
    let document = told().await;
    let village = table(&document, 8, "villages");
    assert_eq!(rows(village).iter().map(|row| (row[0].as_str(), row[2].as_str())).collect::<Vec<_>>(), [(HAMBAU, "5")]);
    assert_eq!(fact(&document, 9, "families_at_least")["value"], "10");
    let groups = rows(table(&document, 9, "reached")).into_iter().map(|row| row.join(" ")).collect::<Vec<_>>();
    assert!(groups.contains(&"head_sex female 10".to_owned()) && groups.contains(&"earlier_help new 10".to_owned()));
    for row in &groups {
        let count: u64 = row.rsplit(' ').next().unwrap().parse().unwrap();
        assert!(count >= 5 && count.is_multiple_of(5), "{row}");
    }
    // Two families more, of either village: what is told of families stays as it was.
    let mut more = cast.app.needy_families(HAMBAU, 1, "hand_tractor", "1").await;
    more.extend(cast.app.needy_families(KELEKAT, 1, "hand_tractor", "1").await);
    hand_over(&cast, (&pledge, &line), &more).await;
    let after = told().await;
    assert_eq!(table(&after, 8, "villages"), village);
    assert_eq!(fact(&after, 9, "families_at_least"), fact(&document, 9, "families_at_least"));
    assert_eq!(fact(&after, 9, "people_at_least"), fact(&document, 9, "people_at_least"));
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_of_a_family_is_in_any_form() {
    let (cast, pledge, line) = reached().await;
    // One typed too many, and taken back.
    let more = json!({ "pledge_line_id": line, "quantity": "1", "handover_number": "BAST/2",
                       "received_on": "2026-11-02", "is_surplus_taken": true });
    let more = cast.first.post(&format!("/v1/pledges/{pledge}/receipts"), &more).await.expect(201);
    let correction = json!({ "reason": "Salah ketik", "transfer_id": more.body["transfer_id"] });
    cast.decided(&pledge, "corrections", &correction).await;
    // What an officer may have written where no name belongs.
    cast.app
        .arrange(
            "update allocation_deliveries set handover_number = 'Kanari BAST', proof_media_type = 'Kanari/Foto';
             update receipts set handover_number = 'BAST/1 Kanari'",
        )
        .await;
    let loss = json!({ "reason": "Dipakai Kanari", "pledge_line_id": line, "quantity": "1", "site": "Gudang" });
    cast.decided(&pledge, "losses", &loss).await;
    let pack = make(&cast.company, &pledge).await.expect(201);
    let mut forbidden = vec!["kanari".to_owned()];
    let allocations = cast.first.get(&format!("/v1/allocations?pledge_line_id={line}&limit=200")).await.expect(200);
    for record in allocations.body["items"].as_array().unwrap() {
        for name in ["id", "need_id", "beneficiary_id"] {
            forbidden.push(record[name].as_str().unwrap().to_owned());
        }
    }
    assert!(forbidden.len() > 30);
    let told: Value = file(&cast.company, &pack.id(), "application/json").await.expect(200).body;
    assert_eq!(cell(table(&told, 16, "corrections"), 0, "handover_number"), "", "no name may stand in it");
    let whole = cast.company.get(pack.header("location")).await.expect(200).text;
    let mut texts = vec![whole, pack.text.clone()];
    for form in ["application/json", "text/csv", "text/html", "application/xml"] {
        texts.push(file(&cast.company, &pack.id(), form).await.expect(200).text);
    }
    for text in texts.iter().map(|text| text.to_lowercase()) {
        let found = forbidden.iter().find(|canary| text.contains(canary.as_str()));
        assert!(found.is_none(), "{found:?} in {text}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_computes_nothing_and_asks_nobody() {
    let cast = Cast::new().await;
    let new = json!({ "title": "=HYPERLINK(\"//evil.example\",\"<script>alert(1)</script>\")", "year": 2026,
                      "lines": [line("hand_tractor", "4", &[HAMBAU])] });
    let pledge = cast.committed(&new).await.id();
    let pack = make(&cast.company, &pledge).await.expect(201).id();
    let csv = file(&cast.company, &pack, "text/csv").await.expect(200).text;
    assert!(csv.contains("\"'=HYPERLINK"), "{csv}");
    for record in csv.split("\r\n").flat_map(|line| line.split(',')) {
        assert!(!record.trim_start_matches('"').starts_with(['=', '+', '@']), "{record}");
    }
    let page = file(&cast.company, &pack, "text/html").await.expect(200);
    let policy = page.header("content-security-policy");
    assert!(policy.starts_with("default-src 'none'; style-src 'sha256-"), "{policy}");
    let text = page.text.to_lowercase();
    assert!(text.contains("<svg") && text.contains("@media print") && text.contains("&lt;script&gt;"));
    for outside in ["<script", "http:", "https:", " src=", " href=", "url(", "@import", "<link", "<iframe"] {
        let found = text.find(outside).map(|at| &text[at..(at + 60).min(text.len())]);
        assert!(found.is_none(), "{found:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pack_tells_the_number_of_minutes_that_has_the_form_of_one_and_handovers_in_steps() {
    let cast = Cast::new().await;
    let families = cast.app.needy_families(HAMBAU, 7, "hand_tractor", "1").await;
    let (pledge, line) = cast.stocked("9", &[HAMBAU]).await;
    let told = async |handovers: usize| {
        hand_over(&cast, (&pledge, &line), &families[handovers..=handovers]).await;
        let pack = make(&cast.company, &pledge).await.expect(201).id();
        let document = file(&cast.company, &pack, "application/json").await.expect(200).body;
        let deliveries = table(&document, 11, "deliveries");
        assert_eq!(cell(deliveries, 0, "quantity"), (handovers + 1).to_string());
        assert_eq!(cell(table(&document, 3, "receipts"), 0, "handover_number"), "BAST/1");
        let fact = fact(&document, 11, "handovers_at_least")["value"].clone();
        (cell(deliveries, 0, "handovers_at_least").to_owned(), fact)
    };
    for handovers in 0..7 {
        let expected = if handovers < 4 { (String::new(), json!(null)) } else { ("5".to_owned(), json!("5")) };
        assert_eq!(told(handovers).await, expected, "{handovers}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pack_tells_the_order_of_each_run_and_counts_families_not_allocations() {
    let cast = Cast::new().await;
    let families = cast.app.needy_families(HAMBAU, 3, "hand_tractor", "1").await;
    let puskesos = cast.app.puskesos().await;
    for family in &families {
        let needs = format!("/v1/beneficiaries/{}/needs", family.beneficiary_id);
        puskesos.post(&needs, &json!({ "kind": "training_seat", "quantity": "1" })).await.expect(201);
    }
    let pledge = cast.committed(&tools_and_training()).await;
    let id = pledge.id();
    for at in 0..2 {
        cast.receive(&id, &crate::support::line_id(&pledge, at), "20").await.expect(201);
    }
    cast.run(&id, false).await.expect(201);
    let runs = async || {
        let pack = make(&cast.company, &id).await.expect(201).id();
        let document = file(&cast.company, &pack, "application/json").await.expect(200).body;
        let method = fact(&document, 10, "method")["value"].as_str().unwrap().to_owned();
        assert!(method.contains("in the order that each run tells"), "{method}");
        table(&document, 10, "runs").clone()
    };
    let told = runs().await;
    assert_eq!(cell(&told, 0, "families_at_least"), "", "three families of two kinds each are three families");
    assert!(cell(&told, 0, "order").starts_with("decile ascending"), "{told}");

    cast.app.needy_families(HAMBAU, 6, "hand_tractor", "1").await;
    let policy = json!({ "policy": { "cap": 2, "round_started_on": "2026-01-01",
                                     "criteria": ["months_since_aid", "decile"] } });
    let run = cast.first.post("/v1/matching-runs", &policy).await.expect(201).id();
    cast.first.post(&format!("/v1/matching-runs/{run}/commits"), &json!({})).await.expect(200);
    let told = runs().await;
    let at = rows(&told).iter().position(|row| row[0] == run).unwrap();
    assert_eq!(cell(&told, at, "families_at_least"), "5");
    let order = cell(&told, at, "order").to_owned();
    let (months, decile) = (order.find("months since the last aid"), order.find("decile ascending"));
    assert!(months.is_some() && months < decile && order.contains("seed 64.02.10/"), "{order}");

    // Two of the six are released: the four that are left are not told.
    let reserved = cast.first.get(&format!("/v1/allocations?run_id={run}")).await.expect(200).body;
    for allocation in reserved["items"].as_array().unwrap().iter().take(2) {
        let path = format!("/v1/allocations/{}/releases", allocation["id"].as_str().unwrap());
        cast.first.post(&path, &json!({ "reason": "Pindah" })).await.expect(200);
    }
    let told = runs().await;
    let at = rows(&told).iter().position(|row| row[0] == run).unwrap();
    assert_eq!(cell(&told, at, "families_at_least"), "");
}
