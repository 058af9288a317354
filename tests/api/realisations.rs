//! Realisations: one report that adds up to every trail and pack, and tells a company of no single family.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::support::{Cast, Client, HAMBAU, KELEKAT, KENOHAN, NeedyFamily, handover, line, line_id};

/// A third village of the tests' sub-district.
const THIRD: &str = "64.02.10.2004";
const STEPS: [&str; 9] =
    ["promised", "committed", "received", "allocated", "delivered", "returned", "lost", "cancelled", "written_off"];

async fn rows(client: &Client, query: &str) -> Vec<Value> {
    client.get(&format!("/v1/realisations?limit=200{query}")).await.expect(200).body["items"]
        .as_array()
        .unwrap()
        .clone()
}

fn number(value: &Value) -> i64 {
    value.as_str().unwrap_or_else(|| panic!("{value}")).parse().unwrap()
}

/// The sum of each step.
fn sums(rows: &[Value]) -> BTreeMap<&'static str, i64> {
    STEPS.into_iter().map(|step| (step, rows.iter().map(|row| number(&row[step])).sum())).collect()
}

fn of_village<'a>(rows: &'a [Value], village: &str) -> Vec<&'a Value> {
    rows.iter().filter(|row| row["village_code"] == village).collect()
}

async fn allocate(cast: &Cast, (pledge, line): (&str, &str), family: &NeedyFamily) -> String {
    let new = json!({ "pledge_line_id": line, "need_id": family.need_id, "quantity": "1" });
    cast.first.post(&format!("/v1/pledges/{pledge}/allocations"), &new).await.expect(201).id()
}

/// Gives a tractor to so many families of each village.
async fn give(cast: &Cast, stock: (&str, &str), villages: &[(&str, i64)]) {
    for (village, count) in villages {
        for family in cast.app.needy_families(village, *count, "hand_tractor", "1").await {
            let allocation = allocate(cast, stock, &family).await;
            let address = format!("/v1/allocations/{allocation}/deliveries");
            cast.second.post(&address, &handover("1", &family.beneficiary_id.to_string())).await.expect(201);
        }
    }
}

/// Tractors that were handed over, reserved, given back and lost; seats that were called off; seats that only wait.
async fn told() -> (Cast, Vec<String>) {
    let cast = Cast::new().await;
    let (tractors, line_of_tractors) = cast.stocked("20", &[HAMBAU, KELEKAT]).await;
    give(&cast, (&tractors, &line_of_tractors), &[(HAMBAU, 7), (KELEKAT, 3)]).await;
    let waiting = cast.app.needy_families(HAMBAU, 1, "hand_tractor", "1").await;
    allocate(&cast, (&tractors, &line_of_tractors), &waiting[0]).await;
    let one = json!({ "reason": "Rusak", "pledge_line_id": line_of_tractors, "quantity": "1" });
    cast.decided(&tractors, "refunds", &one).await;
    let mut lost = one.clone();
    lost["site"] = json!("Gudang");
    cast.decided(&tractors, "losses", &lost).await;
    let seats = json!({ "title": "Kursi", "year": 2026, "lines": [line("training_seat", "40", &[HAMBAU])] });
    let cancelled = cast.committed(&seats).await.id();
    let reason = json!({ "reason": "Anggaran" });
    cast.propose(&cast.first, &cancelled, "cancellations", &reason).await.expect(201);
    let waiting = cast.submitted(&seats).await;
    let rejected = cast.submitted(&seats).await;
    cast.first.post(&format!("/v1/pledges/{rejected}/rejections"), &reason).await.expect(200);
    cast.draft(&seats).await;
    (cast, vec![tractors, cancelled, waiting])
}

#[tokio::test(flavor = "multi_thread")]
async fn rows_add_up_to_the_trails_and_the_pack() {
    let (cast, pledges) = told().await;
    let mut lines = Vec::new();
    for pledge in &pledges {
        lines.extend(cast.trail(pledge).await["lines"].as_array().unwrap().clone());
    }
    let trails = sums(&lines);
    assert_eq!((trails["promised"], trails["committed"], trails["delivered"]), (100, 60, 10));
    let all = rows(&cast.first, "").await;
    assert_eq!(sums(&all), trails);
    assert_eq!(sums(&rows(&cast.company, "").await), trails, "what is folded is not left out");

    let (here, there) = (of_village(&all, HAMBAU), of_village(&all, KELEKAT));
    assert_eq!((&here[0]["delivered"], &here[0]["families_reached"]), (&json!("7"), &json!(7)));
    assert_eq!((&there[0]["promised"], &there[0]["families_reached"]), (&json!("3"), &json!(3)));
    assert_eq!(here[0]["delivered_rupiah"], 7_000_000);
    let rest = rows(&cast.first, "&field=economy").await;
    let rest = rest.iter().find(|row| row["village_code"].is_null()).unwrap();
    let told = ["promised", "received", "allocated", "delivered", "returned", "lost"].map(|step| number(&rest[step]));
    assert_eq!(told, [10, 10, 1, 0, 1, 1]);
    let seats = rows(&cast.first, "&field=education").await;
    assert_eq!(seats.len(), 1);
    assert_eq!(
        (&seats[0]["promised"], &seats[0]["committed"], &seats[0]["cancelled"]),
        (&json!("80"), &json!("40"), &json!("40"))
    );

    let pack = cast.company.post(&format!("/v1/pledges/{}/evidence-packs", pledges[0]), &json!({})).await.expect(201);
    let pack = cast.company.get(pack.header("location")).await.expect(200);
    let table = pack.body["document"]["groups"][3]["tables"][0].clone();
    let tractors = sums(&rows(&cast.first, "&field=economy").await);
    for (at, column) in table["columns"].as_array().unwrap().iter().enumerate() {
        if let Some(sum) = tractors.get(column["code"].as_str().unwrap()) {
            assert_eq!(number(&table["rows"][0]["cells"][at]), *sum, "{column}");
        }
    }
    cast.assert_sums().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_company_is_told_of_no_village_of_few_families() {
    let cast = Cast::new().await;
    let (pledge, line) = cast.stocked("40", &[HAMBAU, KELEKAT, THIRD]).await;
    let stock = (pledge.as_str(), line.as_str());
    give(&cast, stock, &[(HAMBAU, 7), (KELEKAT, 3)]).await;
    let told = rows(&cast.company, "").await;
    assert_eq!(told.len(), 1, "seven of ten would leave three: {told:?}");
    let rest = (&told[0]["village_code"], &told[0]["delivered"], &told[0]["families_reached"]);
    assert_eq!(rest, (&Value::Null, &json!("10"), &json!(10)));
    assert_eq!(rows(&cast.company, &format!("&village_code={KELEKAT}")).await, Vec::<Value>::new());

    give(&cast, stock, &[(THIRD, 4)]).await;
    let told = rows(&cast.company, "").await;
    let villages: Vec<_> = told.iter().map(|row| (&row["village_code"], &row["families_reached"])).collect();
    assert_eq!(villages, [(&Value::Null, &json!(5)), (&json!(HAMBAU), &json!(5))], "in steps of five");
    assert_eq!(number(&told[1]["delivered"]), 7);
    let (_, rival) = cast.app.company("PT Lain").await;
    assert_eq!(rows(&rival, "").await, Vec::<Value>::new());
    assert_eq!(rival.get("/v1/realisation-totals").await.expect(200).body["items"], json!([]));
}

#[tokio::test(flavor = "multi_thread")]
async fn fewer_than_five_families_in_all_are_not_counted() {
    let cast = Cast::new().await;
    let (pledge, line) = cast.stocked("5", &[HAMBAU]).await;
    give(&cast, (&pledge, &line), &[(HAMBAU, 2)]).await;
    let told = rows(&cast.company, "").await;
    assert_eq!((told.len(), &told[0]["families_reached"]), (1, &Value::Null));
    let total = cast.company.get("/v1/realisation-totals").await.expect(200).body["items"].clone();
    assert_eq!((&total[0]["families_reached"], &total[0]["delivered_rupiah"]), (&Value::Null, &json!(2_000_000)));
    let total = cast.first.get("/v1/realisation-totals").await.expect(200).body["items"].clone();
    assert_eq!(total[0]["families_reached"], 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn totals_are_the_rows_in_rupiah_and_a_family_counts_once() {
    let (cast, _) = told().await;
    let family = cast.app.needy_families(HAMBAU, 1, "hand_tractor", "2").await.remove(0);
    for _ in 0..2 {
        let (pledge, line) = cast.stocked("1", &[HAMBAU]).await;
        let allocation = allocate(&cast, (&pledge, &line), &family).await;
        let address = format!("/v1/allocations/{allocation}/deliveries");
        cast.second.post(&address, &handover("1", &family.beneficiary_id.to_string())).await.expect(201);
    }
    let all = rows(&cast.first, "").await;
    let totals = cast.first.get("/v1/realisation-totals?year=2026").await.expect(200).body["items"].clone();
    for total in totals.as_array().unwrap() {
        let own: Vec<&Value> = all.iter().filter(|row| row["field"] == total["field"]).collect();
        for step in ["promised", "committed", "received", "delivered"] {
            let name = format!("{step}_rupiah");
            let sum: i64 = own.iter().map(|row| row[&name].as_i64().unwrap()).sum();
            assert_eq!(total[&name], sum, "{name} of {total}");
        }
    }
    assert_eq!(totals.as_array().unwrap().len(), 2);
    assert_eq!((&totals[0]["field"], &totals[0]["families_reached"]), (&json!("economy"), &json!(11)));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_line_counts_for_the_field_of_its_kind_unless_it_says_otherwise() {
    let cast = Cast::new().await;
    let mut health = line("training_seat", "4", &[HAMBAU]);
    health["field"] = json!("health");
    let lines = json!([line("hand_tractor", "3", &[HAMBAU]), line("rice", "5", &[HAMBAU]), health]);
    let pledge = cast.committed(&json!({ "title": "Campuran", "year": 2026, "lines": lines })).await;
    let fields = |body: &Value| -> Vec<Value> {
        body["lines"].as_array().unwrap().iter().map(|line| line["field"].clone()).collect()
    };
    assert_eq!(fields(&pledge.body), ["economy", "social", "health"]);
    let mut wrong = line("rice", "5", &[HAMBAU]);
    wrong["field"] = json!("sport");
    let refused = cast.company.post("/v1/pledges", &json!({ "title": "X", "year": 2026, "lines": [wrong] })).await;
    assert_eq!(refused.status.as_u16(), 422, "{}", refused.text);

    let tractor = line_id(&pledge, 0);
    let amendment = json!({ "reason": "Untuk banjir", "lines": [
        { "pledge_line_id": tractor, "quantity": "3", "field": "disaster" }] });
    cast.amended(&pledge.id(), &amendment).await;
    let after = cast.company.get(&format!("/v1/pledges/{}", pledge.id())).await.expect(200);
    assert_eq!(fields(&after.body), ["disaster", "social", "health"]);
    let quantity = json!({ "reason": "Kurang", "lines": [{ "pledge_line_id": tractor, "quantity": "2" }] });
    cast.amended(&pledge.id(), &quantity).await;
    let told = rows(&cast.first, "&field=disaster").await;
    assert_eq!((told.len(), &told[0]["promised"]), (1, &json!("2")), "what is not said stays");
    let pack = cast.company.post(&format!("/v1/pledges/{}/evidence-packs", pledge.id()), &json!({})).await.expect(201);
    let pack = cast.company.get(pack.header("location")).await.expect(200);
    let group = &pack.body["document"]["groups"][5];
    assert_eq!(group["tables"][0]["rows"][0]["cells"], json!([tractor, "hand_tractor", "disaster"]));
    assert_eq!(group["facts"][1]["value"], "disaster, health, social");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_list_is_walked_filtered_counted_and_taken_out() {
    let (cast, _) = told().await;
    let all = rows(&cast.first, "").await;
    assert_eq!(all.len(), 4);
    for sort in ["year", "-year"] {
        let mut walked = Vec::new();
        let mut address = format!("/v1/realisations?limit=1&sort={sort}");
        loop {
            let page = cast.first.get(&address).await.expect(200);
            walked.extend(page.body["items"].as_array().unwrap().clone());
            let Some(next) = page.body["next"].as_str() else { break };
            address = format!("/v1/realisations?limit=1&sort={sort}&cursor={next}");
        }
        if sort == "-year" {
            walked.reverse();
        }
        assert_eq!(walked, all, "{sort}");
    }
    let counted = cast.first.get("/v1/realisations?count=exact&limit=1&fields=field,village_code").await.expect(200);
    assert_eq!(counted.body["total"], 4);
    assert_eq!(counted.body["items"][0].as_object().unwrap().len(), 2);
    assert_eq!(rows(&cast.first, "&year=2025").await, Vec::<Value>::new());
    assert_eq!(rows(&cast.first, &format!("&company_id={}", cast.company_id)).await, all);
    assert_eq!(rows(&cast.first, &format!("&village_code={HAMBAU}")).await.len(), 1);
    cast.first.get("/v1/realisations?field=sport").await.expect(400);

    let new = json!({ "list": "realisations", "format": "ndjson", "filter": { "year": 2026 } });
    let export = cast.first.post("/v1/exports", &new).await.expect(202);
    let file = cast.first.get(&format!("{}/file", export.header("location"))).await.expect(200);
    let taken: Vec<Value> = file.text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(taken, all);
    let new = json!({ "list": "realisations", "format": "csv", "filter": { "field": "education" } });
    let export = cast.first.post("/v1/exports", &new).await.expect(202);
    let file = cast.first.get(&format!("{}/file", export.header("location"))).await.expect(200);
    assert_eq!(file.text.lines().count(), 2, "{}", file.text);
    let new = json!({ "list": "realisations", "format": "csv", "filter": { "status": "closed" } });
    cast.first.post("/v1/exports", &new).await.expect_problem(422, "invalid_fields");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_regency_sees_all_its_sub_districts_in_one_answer() {
    let cast = Cast::new().await;
    let (pledge, own) = cast.stocked("5", &[HAMBAU]).await;
    give(&cast, (&pledge, &own), &[(HAMBAU, 2)]).await;
    let company_id = sinergi::domain::CompanyId(cast.company_id.parse().unwrap());
    let wide = cast.app.client_of("company", &[1, KENOHAN], Some(company_id)).await;
    let new = json!({ "title": "Kenohan", "year": 2026, "lines": [line("hand_tractor", "8", &["64.02.09.2001"])] });
    let there = wide.post("/v1/pledges", &new).await.expect(201);
    let path = format!("/v1/pledges/{}", there.id());
    wide.post(&format!("{path}/submissions"), &json!({})).await.expect(200);
    for role in ["kecamatan_officer", "second_officer"] {
        let officer = cast.app.client(role, KENOHAN).await;
        officer.post(&format!("{path}/acceptances"), &json!({})).await.expect(200);
    }
    let receipt = json!({ "pledge_line_id": line_id(&there, 0), "quantity": "3", "handover_number": "BAST/7",
                          "received_on": "2026-11-02" });
    cast.app.client("kecamatan_officer", KENOHAN).await.post(&format!("{path}/receipts"), &receipt).await.expect(201);

    let regency = cast.app.client_of("auditor", &[1, KENOHAN], None).await;
    let told = rows(&regency, "&year=2026").await;
    let mut places: Vec<_> =
        told.iter().map(|row| (row["sub_district"].as_str().unwrap(), number(&row["promised"]))).collect();
    places.sort_unstable();
    places.dedup_by_key(|(place, _)| *place);
    assert_eq!(places.len(), 2, "{told:?}");
    let all = sums(&told);
    assert_eq!((all["promised"], all["received"], all["delivered"]), (13, 8, 2));
    let totals = regency.get("/v1/realisation-totals?year=2026").await.expect(200).body["items"].clone();
    assert_eq!(totals.as_array().unwrap().len(), 1, "one company and field: {totals}");
    assert_eq!((&totals[0]["promised_rupiah"], &totals[0]["families_reached"]), (&json!(13_000_000), &json!(2)));
    assert_eq!(sums(&rows(&cast.first, "").await)["promised"], 5, "an officer sees the own sub-district");
}
