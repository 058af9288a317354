//! Evidence packs of a company's year: the sums of the ledger, the packs of its pledges, and nothing more of a few.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use sinergi::domain::CompanyId;
use sinergi::keys::{VerifyingKey, sha256};

use crate::evidence_packs::{cell, fact, file, hand_over, hex, make, rows, table};
use crate::support::{
    Answer, Cast, Client, HAMBAU, KELEKAT, KEMBANG_JANGGUT, KENOHAN, event_kinds, line, line_id, tools_and_training,
};

const STEPS: [&str; 11] = [
    "promised",
    "committed",
    "outstanding",
    "received",
    "free",
    "reserved",
    "delivered",
    "returned",
    "lost",
    "cancelled",
    "written_off",
];

async fn make_annual(client: &Client, company_id: &str, year: i32) -> Answer {
    client.post("/v1/annual-evidence-packs", &json!({ "company_id": company_id, "year": year })).await
}

/// The document of the newest pack of the year.
async fn told(cast: &Cast) -> Value {
    let pack = make_annual(&cast.company, &cast.company_id, 2026).await;
    cast.company.get(&format!("/v1/evidence-packs/{}", pack.id())).await.expect(200).body["document"].clone()
}

async fn of_pledge(cast: &Cast, pledge: &str) -> Value {
    let pack = make(&cast.company, pledge).await;
    cast.company.get(&format!("/v1/evidence-packs/{}", pack.id())).await.expect(200).body["document"].clone()
}

/// Three pledges that bind: one handed over to ten families, one received in part and called off, one given back in part.
async fn year() -> (Cast, [String; 3]) {
    let cast = Cast::new().await;
    let families = cast.app.needy_families(HAMBAU, 10, "hand_tractor", "1").await;
    let (reaching, tractors) = cast.stocked("12", &[HAMBAU]).await;
    hand_over(&cast, (&reaching, &tractors), &families).await;
    let committed = cast.committed(&tools_and_training()).await;
    cast.receive(&committed.id(), &line_id(&committed, 0), "150").await.expect(201);
    let reason = json!({ "reason": "Anggaran dihentikan" });
    cast.propose(&cast.company, &committed.id(), "cancellations", &reason).await.expect(201);
    let (refunded, stock) = cast.stocked("5", &[KELEKAT]).await;
    let refund = json!({ "reason": "Rusak", "pledge_line_id": stock, "quantity": "2" });
    cast.decided(&refunded, "refunds", &refund).await;
    (cast, [reaching, committed.id(), refunded])
}

fn number(text: &str) -> u64 {
    text.parse().unwrap_or_else(|_| panic!("{text}"))
}

#[tokio::test(flavor = "multi_thread")]
async fn every_figure_of_the_year_is_the_sum_of_the_ledger() {
    let (cast, pledges) = year().await;
    // What does not bind is not of the year, nor is what is of another one.
    cast.draft(&tools_and_training()).await;
    cast.submitted(&tools_and_training()).await;
    let mut other = tools_and_training();
    other["year"] = json!(2025);
    cast.committed(&other).await;
    let document = told(&cast).await;
    assert_eq!(document["pledge_id"], json!(null));
    let mut sums: std::collections::BTreeMap<(String, &str), u64> = std::collections::BTreeMap::new();
    let mut balances = std::collections::BTreeMap::<String, u64>::new();
    for pledge in &pledges {
        for of_line in cast.trail(pledge).await["lines"].as_array().unwrap() {
            for step in STEPS {
                let quantity = of_line[step].as_str().map(number).unwrap_or_default();
                *sums.entry((of_line["kind"].as_str().unwrap().to_owned(), step)).or_default() += quantity;
            }
            let line = of_line["pledge_line_id"].as_str().unwrap();
            let accounts = cast.first.get(&format!("/v1/ledger/accounts?owner_id={line}&limit=200")).await.expect(200);
            for account in accounts.body["items"].as_array().unwrap() {
                let kind = account["kind"].as_str().unwrap().to_owned();
                *balances.entry(kind).or_default() += number(account["balance"].as_str().unwrap());
            }
        }
    }
    let quantities = table(&document, 4, "quantities");
    assert_eq!(rows(quantities).len(), 2, "hand tractors and seats");
    for (at, row) in rows(quantities).iter().enumerate() {
        for step in STEPS {
            assert_eq!(number(cell(quantities, at, step)), sums[&(row[0].clone(), step)], "{step} of {row:?}");
        }
    }
    let rupiah = table(&document, 4, "rupiah");
    let kinds = [
        ("commitment", "outstanding"),
        ("stock", "free"),
        ("reserved", "reserved"),
        ("delivered", "delivered"),
        ("returned", "returned"),
        ("cancelled", "cancelled"),
    ];
    for (kind, step) in kinds {
        assert_eq!(number(cell(rupiah, 0, step)), balances[kind] * 1_000_000, "{step}");
    }
    let of_pledges = table(&document, 4, "rupiah_sums");
    for step in STEPS {
        let sum: u64 = (0..3).map(|at| number(cell(of_pledges, at, step))).sum();
        assert_eq!(number(cell(rupiah, 0, step)), sum, "{step}");
    }
    assert_eq!(fact(&document, 3, "pledges")["value"], "3");
    assert_eq!(fact(&document, 11, "handovers_at_least")["value"], "10");
    assert_eq!(cell(table(&document, 12, "outputs"), 0, "delivered"), "10");
    assert_eq!(cell(table(&document, 5, "realisation"), 0, "planned"), "217");
    cast.assert_sums().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn each_pledge_stands_in_it_as_in_its_own_pack() {
    let (cast, pledges) = year().await;
    let document = told(&cast).await;
    let numbers: Vec<u64> =
        document["groups"].as_array().unwrap().iter().map(|group| group["number"].as_u64().unwrap()).collect();
    assert_eq!(numbers, (1..=18).collect::<Vec<_>>());
    let mut compared = 0;
    for pledge in &pledges {
        let own = of_pledge(&cast, pledge).await;
        for (at, group) in own["groups"].as_array().unwrap().iter().enumerate().skip(1) {
            for of_pledge in group["tables"].as_array().unwrap() {
                let code = format!("{}_by_pledge", of_pledge["code"].as_str().unwrap());
                let all = rows(table(&document, at + 1, &code));
                let here: Vec<Vec<String>> =
                    all.into_iter().filter(|row| row[0] == *pledge).map(|row| row[1..].to_vec()).collect();
                assert_eq!(here, rows(of_pledge), "{code} of {pledge}");
                compared += here.len();
            }
            let by_pledge = document["groups"][at]["tables"].as_array().unwrap();
            let Some(by_pledge) = by_pledge.iter().find(|table| table["code"] == "by_pledge") else { continue };
            let row = rows(by_pledge).iter().position(|row| row[0] == *pledge).unwrap();
            for column in by_pledge["columns"].as_array().unwrap().iter().skip(1) {
                let code = column["code"].as_str().unwrap();
                let value = fact(&own, at + 1, code)["value"].as_str().unwrap_or_default();
                assert_eq!(cell(by_pledge, row, code), value, "{code} of {pledge}");
                compared += 1;
            }
        }
    }
    assert!(compared > 60, "{compared}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_is_made_once_whoever_asks_and_what_changed_is_the_next_version() {
    let (cast, pledges) = year().await;
    let first = make_annual(&cast.company, &cast.company_id, 2026).await.expect(201);
    assert_eq!(first.header("location"), format!("/v1/evidence-packs/{}", first.id()));
    let again = make_annual(&cast.first, &cast.company_id, 2026).await.expect(200);
    assert_eq!(first.body, again.body, "officer and company make one pack");
    for form in ["application/json", "text/csv", "text/html"] {
        let (one, other) = (file(&cast.company, &first.id(), form).await, file(&cast.first, &first.id(), form).await);
        let (one, other) = (one.expect(200), other.expect(200));
        assert_eq!(one.text, other.text, "{form}");
    }
    let refused = file(&cast.company, &first.id(), "application/xml").await.expect_problem(406, "not_acceptable");
    let known = "(application/json, text/csv, text/html)";
    assert!(refused.body["detail"].as_str().unwrap().ends_with(known), "{}", refused.text);
    let line =
        cast.company.get(&format!("/v1/pledges/{}", pledges[2])).await.expect(200).body["lines"][0]["id"].clone();
    let loss = json!({ "reason": "Banjir", "pledge_line_id": line, "quantity": "1", "site": "Gudang" });
    cast.decided(&pledges[2], "losses", &loss).await;
    let second = make_annual(&cast.company, &cast.company_id, 2026).await.expect(201);
    assert_eq!((&second.body["version"], second.header("etag")), (&json!(2), "\"2\""));
    let document = file(&cast.company, &second.id(), "application/json").await.expect(200).body;
    assert_eq!(document["previous_digest"], first.body["digest"]);
    let listed = cast.company.get("/v1/annual-evidence-packs?year=2026&sort=-created_at&count=exact").await.expect(200);
    assert_eq!((&listed.body["items"], &listed.body["total"]), (&json!([second.body, first.body]), &json!(2)));
    assert_eq!(cast.company.get("/v1/annual-evidence-packs?year=2025").await.expect(200).body["items"], json!([]));
    let of_pledge = cast.company.get(&format!("/v1/pledges/{}/evidence-packs", pledges[0])).await.expect(200);
    assert_eq!(of_pledge.body["items"], json!([]));
    assert_eq!(cast.app.audited("make_annual_evidence_pack").await, 2);
    let told = made_events(&cast.company, 2).await;
    let data = |event: &Value| (event["data"]["pledge_id"].clone(), event["data"]["year"].clone());
    assert_eq!(told.iter().map(data).collect::<Vec<_>>(), [(json!(null), json!(2026)), (json!(null), json!(2026))]);
}

/// The events of packs that were made, once the relay has brought as many as expected.
async fn made_events(client: &Client, expected: usize) -> Vec<Value> {
    let mut all = 0;
    loop {
        let events = event_kinds(client, all + 1).await;
        all = events.len();
        let made: Vec<Value> = events.into_iter().filter(|event| event["type"] == "evidence_pack.made").collect();
        if made.len() >= expected {
            return made;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn many_at_once_make_one_version() {
    let (cast, pledges) = year().await;
    let made = futures_util::future::join_all((0..6).map(|at| {
        let (cast, pledges) = (&cast, &pledges);
        async move {
            if at % 2 == 0 {
                make_annual(&cast.company, &cast.company_id, 2026).await
            } else {
                make(&cast.first, &pledges[0]).await
            }
        }
    }));
    let made = made.await;
    let new =
        |kind: &Value| made.iter().filter(|one| one.status.as_u16() == 201 && one.body["pledge_id"] == *kind).count();
    assert_eq!((new(&json!(null)), new(&json!(pledges[0]))), (1, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_signature_is_of_the_very_bytes() {
    let (cast, _) = year().await;
    let pack = make_annual(&cast.company, &cast.company_id, 2026).await.expect(201);
    let text = file(&cast.company, &pack.id(), "application/json").await.expect(200).text;
    let digest = sha256(text.as_bytes());
    assert_eq!(pack.body["digest"], hex(&digest));
    let keys = cast.app.stranger().get("/.well-known/jwks.json").await.expect(200).body;
    let key = keys["keys"].as_array().unwrap().iter().find(|key| key["kid"] == pack.body["key_id"]).unwrap();
    let key = VerifyingKey::from_jwk(key).unwrap();
    let (header, signature) = pack.body["signature"].as_str().unwrap().split_once("..").unwrap();
    let signed = |digest: &[u8]| format!("{header}.{}", URL_SAFE_NO_PAD.encode(digest));
    assert!(key.verifies(signed(&digest).as_bytes(), signature));
    let other = sha256(text.replacen("217", "218", 1).as_bytes());
    assert!(!key.verifies(signed(&other).as_bytes(), signature));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_family_of_two_pledges_is_one_family_of_the_year() {
    let cast = Cast::new().await;
    let families = cast.app.needy_families(HAMBAU, 12, "hand_tractor", "1").await;
    let (tractors, of_tractors) = cast.stocked("12", &[HAMBAU]).await;
    hand_over(&cast, (&tractors, &of_tractors), &families).await;
    let machines = json!({ "title": "Mesin jahit", "year": 2026, "lines": [line("sewing_machine", "8", &[HAMBAU])] });
    let machines = cast.committed(&machines).await;
    cast.receive(&machines.id(), &line_id(&machines, 0), "8").await.expect(201);
    let mut again = families[..8].to_vec();
    for family in &mut again {
        let path = format!("/v1/beneficiaries/{}/needs", family.beneficiary_id);
        let need = cast.first.post(&path, &json!({ "kind": "sewing_machine", "quantity": "1" })).await.expect(201).id();
        family.need_id = need.parse().unwrap();
    }
    hand_over(&cast, (&machines.id(), &line_id(&machines, 0)), &again).await;
    let document = told(&cast).await;
    assert_eq!(fact(&document, 9, "families_at_least")["value"], "10", "twelve, not twenty");
    let groups: Vec<String> = rows(table(&document, 9, "reached")).into_iter().map(|row| row.join(" ")).collect();
    assert!(groups.contains(&"earlier_help new 10".to_owned()) && groups.contains(&"earlier_help repeat 5".to_owned()));
    assert_eq!(cell(table(&document, 8, "villages"), 0, "families_at_least"), "10");
}

/// A pledge that reached few of a village adds nothing to what the year tells of it: the year less the other pledges
/// tells the same, whether there were such families or not.
#[tokio::test(flavor = "multi_thread")]
async fn the_year_less_a_pledge_tells_nothing_of_a_few() {
    let cast = Cast::new().await;
    let many = cast.app.needy_families(HAMBAU, 9, "hand_tractor", "1").await;
    let (large, of_large) = cast.stocked("9", &[HAMBAU]).await;
    hand_over(&cast, (&large, &of_large), &many).await;
    let (small, of_small) = cast.stocked("10", &[HAMBAU, KELEKAT]).await;
    let families_of = |document: &Value| {
        let villages = table(document, 8, "villages").clone();
        let facts = ["families_at_least", "people_at_least"].map(|code| fact(document, 9, code).clone());
        (villages, table(document, 9, "reached").clone(), facts, fact(document, 10, "share_to_poorest_40").clone())
    };
    let before = families_of(&told(&cast).await);
    assert_eq!(cell(&before.0, 0, "families_at_least"), "5");
    // Nine and four are thirteen: by the sum alone, ten would be told, and a company could take five away.
    let few = cast.app.needy_families(HAMBAU, 4, "hand_tractor", "1").await;
    hand_over(&cast, (&small, &of_small), &few).await;
    assert_eq!(families_of(&told(&cast).await), before);
    // As soon as its own pack tells the pledge, the year does.
    let more = cast.app.needy_families(KELEKAT, 4, "hand_tractor", "1").await;
    hand_over(&cast, (&small, &of_small), &more).await;
    let after = told(&cast).await;
    assert_eq!(fact(&after, 9, "families_at_least")["value"], "15");
    assert_eq!(table(&after, 8, "villages"), &before.0, "no village of the small pledge has five");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_company_gets_its_own_and_an_officer_what_tells_of_no_other_sub_district() {
    let (cast, pledges) = year().await;
    let pack = make_annual(&cast.company, &cast.company_id, 2026).await.expect(201);
    let (rival_id, rival) = cast.app.company("PT Contoh Lain").await;
    let neighbour = cast.app.client("kecamatan_officer", KENOHAN).await;
    for stranger in [&rival, &neighbour] {
        let refused = make_annual(stranger, &cast.company_id, 2026).await.expect_problem(422, "invalid_fields");
        let fault = &refused.body["errors"][0];
        assert_eq!((&fault["pointer"], &fault["code"]), (&json!("/company_id"), &json!("reference_unknown")));
        stranger.get(pack.header("location")).await.expect_problem(404, "not_found");
        assert_eq!(stranger.get("/v1/annual-evidence-packs").await.expect(200).body["items"], json!([]));
    }
    make_annual(&rival, &rival_id, 2026).await.expect_problem(409, "nothing_committed");
    make_annual(&cast.company, &cast.company_id, 2025).await.expect_problem(409, "nothing_committed");

    // One of the pledges is to the sub-district beside it.
    cast.app.arrange(&format!("update pledges set area_id = {KENOHAN} where id = '{}'", pledges[2])).await;
    make_annual(&cast.first, &cast.company_id, 2026).await.expect_problem(403, "pledges_elsewhere");
    let wide = make_annual(&cast.company, &cast.company_id, 2026).await.expect(201);
    cast.first.get(wide.header("location")).await.expect_problem(404, "not_found");
    cast.first.get(pack.header("location")).await.expect(200);
    for area_id in [KEMBANG_JANGGUT, KENOHAN] {
        let path = format!("/v1/audit-records?operation=make_annual_evidence_pack&resource_id={}", wide.id());
        let found = cast.app.client("auditor", area_id).await.get(&path).await.expect(200).body;
        assert_eq!(found["items"].as_array().unwrap().len(), 1, "{area_id}");
    }
    let company_id = CompanyId(cast.company_id.parse().unwrap());
    let company = cast.app.client_of("company", &[KEMBANG_JANGGUT], Some(company_id)).await;
    let document = company.get(wide.header("location")).await.expect(200).body["document"].clone();
    assert_eq!(fact(&document, 8, "sub_district")["value"], "Kembang Janggut, Kenohan");
    let both = cast.app.client_of("kecamatan_officer", &[KEMBANG_JANGGUT, KENOHAN], None).await;
    assert_eq!(make_annual(&both, &cast.company_id, 2026).await.expect(200).body, wide.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_of_a_family_is_in_any_form() {
    let (cast, _) = year().await;
    let pack = make_annual(&cast.company, &cast.company_id, 2026).await.expect(201);
    let allocations = cast.first.get("/v1/allocations?limit=200").await.expect(200);
    let mut forbidden = Vec::new();
    for record in allocations.body["items"].as_array().unwrap() {
        for name in ["id", "need_id", "beneficiary_id"] {
            forbidden.push(record[name].as_str().unwrap().to_owned());
        }
    }
    assert_eq!(forbidden.len(), 30);
    for form in ["application/json", "text/csv", "text/html"] {
        let text = file(&cast.company, &pack.id(), form).await.expect(200).text;
        let found = forbidden.iter().find(|canary| text.contains(canary.as_str()));
        assert!(found.is_none(), "{found:?} in {form}");
        assert!(text.contains("217"), "{form}");
    }
}
