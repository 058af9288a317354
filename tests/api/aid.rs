//! The one ledger of aid: programs and companies side by side, as of any date, and what is double in it.

use serde_json::{Value, json};

use crate::beneficiaries_as_of::moment;
use crate::cycles::rice_for_three;
use crate::deliveries::delivery;
use crate::duplicates_mergers::{decided, merger, program, two_cards};
use crate::support::{Cast, Client, KENOHAN, handover, line, line_id};
use crate::suspension_orders::order;

/// Three families on a program of rice, and rice of a company for the first of them.
struct Helped {
    cast: Cast,
    program: String,
    due: Vec<Value>,
    family: String,
    pledge: String,
    allocation: String,
}

impl Helped {
    async fn new() -> Self {
        let cast = Cast::new().await;
        let (program, _, due) = rice_for_three(&cast.app, &cast.first).await;
        let (family, village) = (text(&due[0], "beneficiary_id"), text(&due[0], "village_code"));
        let pledge = json!({ "title": "Beras", "year": 2026, "lines": [line("rice", "30", &[&village])] });
        let committed = cast.committed(&pledge).await;
        let (pledge, line) = (committed.id(), line_id(&committed, 0));
        cast.receive(&pledge, &line, "30").await.expect(201);
        let allocation = allocate(&cast, (&pledge, &line), &family).await;
        Self { cast, program, due, family, pledge, allocation }
    }

    async fn aid(&self, query: &str) -> Vec<Value> {
        aid(&self.cast.first, &format!("beneficiary_id={}&{query}", self.family)).await
    }
}

/// Reserves 20 kg of a line for a family, which is verified for it.
async fn allocate(cast: &Cast, (pledge, line): (&str, &str), family: &str) -> String {
    cast.app.arrange("update beneficiaries set verified_at = now(), verified_by = 'officer'").await;
    let need = json!({ "kind": "rice", "quantity": "20" });
    let need = cast.first.post(&format!("/v1/beneficiaries/{family}/needs"), &need).await.expect(201).id();
    let new = json!({ "pledge_line_id": line, "need_id": need, "quantity": "20" });
    cast.first.post(&format!("/v1/pledges/{pledge}/allocations"), &new).await.expect(201).id()
}

async fn aid(client: &Client, query: &str) -> Vec<Value> {
    client.get(&format!("/v1/aid?{query}")).await.expect(200).body["items"].as_array().unwrap().clone()
}

async fn doubles(client: &Client, query: &str) -> Vec<Value> {
    client.get(&format!("/v1/double-aid?{query}")).await.expect(200).body["items"].as_array().unwrap().clone()
}

fn text(row: &Value, field: &str) -> String {
    row[field].as_str().unwrap().to_owned()
}

/// Due, delivered, held, withdrawn, left.
fn sums(row: &Value) -> [&str; 5] {
    ["quantity", "delivered", "held", "withdrawn", "left"].map(|field| row[field].as_str().unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_programs_and_companies_give_a_family_stands_in_one_ledger() {
    let helped = Helped::new().await;
    let (cast, officer) = (&helped.cast, &helped.cast.first);
    let before = moment().await;
    officer.post("/v1/deliveries", &delivery(&helped.due[0], "4")).await.expect(201);
    let members = officer.get(&format!("/v1/beneficiaries/{}/members", helped.family)).await.expect(200).body;
    let taken = handover("15", members["items"][0]["id"].as_str().unwrap());
    let path = format!("/v1/allocations/{}/deliveries", helped.allocation);
    cast.second.post(&path, &taken).await.expect(201);

    let rows = helped.aid("sort=-id").await;
    assert_eq!(rows.len(), 2);
    let (company, program) = (&rows[0], &rows[1]);
    assert_eq!(sums(program), ["10", "4", "0", "0", "6"]);
    assert_eq!((&program["program_id"], &program["pledge_id"]), (&json!(helped.program), &Value::Null));
    assert_eq!(sums(company), ["20", "15", "0", "0", "5"]);
    assert_eq!((&company["pledge_id"], &company["program_id"]), (&json!(helped.pledge), &Value::Null));
    for row in &rows {
        assert_eq!((&row["kind"], &row["unit"]), (&json!("goods"), &json!("kg")));
    }

    let then: Vec<Value> = helped.aid(&format!("sort=-id&{before}")).await;
    assert_eq!((sums(&then[0]), sums(&then[1])), (["20", "0", "0", "0", "20"], ["10", "0", "0", "0", "10"]));
    assert_eq!(then[0]["last_delivered_on"], Value::Null);
    assert_eq!(helped.aid("as_of=2026-01-01T00:00:00Z").await, Vec::<Value>::new());
    cast.assert_sums().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_kept_back_or_given_up_is_told_apart_from_what_is_left() {
    let helped = Helped::new().await;
    let officer = &helped.cast.first;
    officer.post("/v1/deliveries", &delivery(&helped.due[0], "4")).await.expect(201);
    let before = moment().await;
    officer.post(&format!("/v1/programs/{}/suspension-orders", helped.program), &order()).await.expect(201);
    let why = json!({ "reason": "Sudah tidak perlu" });
    officer.post(&format!("/v1/allocations/{}/releases", helped.allocation), &why).await.expect(200);
    let rows = helped.aid("sort=id").await;
    assert_eq!(sums(&rows[0]), ["10", "4", "6", "0", "6"]);
    assert_eq!(sums(&rows[1]), ["20", "0", "0", "20", "0"]);
    let then = helped.aid(&format!("sort=id&{before}")).await;
    assert_eq!((sums(&then[0]), sums(&then[1])), (["10", "4", "0", "0", "6"], ["20", "0", "0", "0", "20"]));
    let totals = officer.get(&format!("/v1/aid-totals?program_id={}", helped.program)).await.expect(200).body;
    let totals = totals["items"].as_array().unwrap();
    assert_eq!(totals.iter().map(|row| row["families"].as_i64().unwrap()).sum::<i64>(), 3);
    let held: i64 = totals.iter().map(|row| text(row, "held").parse::<i64>().unwrap()).sum();
    assert_eq!(held, 26);
}

#[tokio::test(flavor = "multi_thread")]
async fn filters_leave_what_they_say_and_a_total_is_the_sum_of_its_rows() {
    let helped = Helped::new().await;
    let officer = &helped.cast.first;
    assert_eq!(aid(officer, "").await.len(), 4);
    assert_eq!(aid(officer, "source=company").await.len(), 1);
    assert_eq!(aid(officer, &format!("program_id={}", helped.program)).await.len(), 3);
    assert_eq!(aid(officer, &format!("pledge_id={}", helped.pledge)).await.len(), 1);
    let both = format!("pledge_id={}&program_id={}", helped.pledge, helped.program);
    assert_eq!(aid(officer, &both).await.len(), 0);
    assert_eq!(aid(officer, "kind=money").await.len(), 0);
    assert_eq!(aid(officer, "to=2025-12-31").await.len(), 0);
    assert_eq!(aid(officer, "from=2025-12-31&kind=goods").await.len(), 4);
    officer.get("/v1/aid?colour=red").await.expect_problem(400, "invalid_parameters");

    let counted = officer.get("/v1/aid?limit=1&count=exact").await.expect(200).body;
    assert_eq!(counted["total"], 4);
    let totals = officer.get("/v1/aid-totals").await.expect(200).body["items"].as_array().unwrap().clone();
    let sum = |rows: &[Value]| rows.iter().map(|row| text(row, "quantity").parse::<i64>().unwrap()).sum::<i64>();
    assert_eq!((sum(&totals), sum(&aid(officer, "").await)), (50, 50));
}

#[tokio::test(flavor = "multi_thread")]
async fn double_help_is_seen_before_it_is_handed_over() {
    let helped = Helped::new().await;
    let officer = &helped.cast.first;
    let told = doubles(officer, "").await;
    assert_eq!(told.len(), 1);
    assert_eq!(
        (&told[0]["beneficiary_id"], &told[0]["is_ahead"], &told[0]["left"]),
        (&json!(helped.family), &json!(true), &json!("30"))
    );
    let sources = (&told[0]["program_ids"], &told[0]["pledge_ids"]);
    assert_eq!(sources, (&json!([helped.program]), &json!([helped.pledge])));
    assert_eq!(told[0]["titles"].as_array().unwrap().len(), 2);
    assert_eq!(doubles(officer, "is_ahead=false").await.len(), 0);
    assert_eq!(doubles(officer, "kind=money").await.len(), 0);

    // Nothing of the company is due any more, and nothing came of it: the family has one source.
    let why = json!({ "reason": "Dialihkan" });
    officer.post(&format!("/v1/allocations/{}/releases", helped.allocation), &why).await.expect(200);
    assert_eq!(doubles(officer, "").await.len(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn aid_of_a_record_that_became_one_with_a_family_is_aid_of_the_family() {
    let cast = Cast::new().await;
    let officer = &cast.first;
    let (one, other) = two_cards(officer).await;
    let village = officer.get(&format!("/v1/beneficiaries/{other}")).await.expect(200).body;
    let village = text(&village, "village_code");
    let pledge = json!({ "title": "Beras", "year": 2026, "lines": [line("rice", "30", &[&village])] });
    let committed = cast.committed(&pledge).await;
    cast.receive(&committed.id(), &line_id(&committed, 0), "30").await.expect(201);
    allocate(&cast, (&committed.id(), &line_id(&committed, 0)), &other).await;
    program(&cast.app, officer, "RICE-1", Some(&[&one])).await;
    let of_one = format!("beneficiary_id={one}");
    assert_eq!((aid(officer, &of_one).await.len(), doubles(officer, "").await.len()), (1, 0));
    let pair = decided(officer).await;
    let keep = if pair["one_beneficiary_id"] == json!(one) { "one_member_id" } else { "other_member_id" };
    let whole = merger(&pair, keep, &json!({ "merges_families": true }));
    let merged = officer.post("/v1/duplicates/mergers", &whole).await.expect(201).id();
    let found = aid(officer, &of_one).await;
    assert_eq!(found.iter().map(|row| text(row, "quantity")).collect::<Vec<_>>(), ["20", "10"]);
    for query in ["", &of_one] {
        let told = doubles(officer, query).await;
        assert_eq!(told.len(), 1, "{query}");
        assert_eq!((&told[0]["beneficiary_id"], &told[0]["left"]), (&json!(one), &json!("30")));
    }

    let path = format!("/v1/duplicates/mergers/{merged}/reversals");
    officer.post(&path, &json!({ "reason": "Two households" })).await.expect(201);
    assert_eq!((aid(officer, &of_one).await.len(), doubles(officer, "").await.len()), (1, 0));
}

/// Two households that joined are one family: what either was due and got is its aid, here and where it moves to.
#[tokio::test(flavor = "multi_thread")]
async fn aid_of_a_family_that_joined_another_one_is_aid_of_that_one() {
    let helped = Helped::new().await;
    let (app, officer, ending) = (&helped.cast.app, &helped.cast.first, &helped.family);
    let other = helped.due.iter().find(|one| one["beneficiary_id"] != json!(ending)).unwrap();
    let lasting = text(other, "beneficiary_id");
    officer.post("/v1/deliveries", &delivery(&helped.due[0], "4")).await.expect(201);
    let members = officer.get(&format!("/v1/beneficiaries/{ending}/members")).await.expect(200).body;
    let placed = members["items"].as_array().unwrap().iter();
    let placed: Vec<Value> = placed.map(|one| json!({ "member_id": one["id"], "relationship": "other_kin" })).collect();
    let merger = json!({ "into_beneficiary_id": lasting, "on": "2026-02-03", "members": placed });
    officer.post(&format!("/v1/beneficiaries/{ending}/mergers"), &merger).await.expect(201);

    let of_both = format!("beneficiary_id={lasting}");
    let found = async |client: &Client| {
        let mut rows: Vec<String> = aid(client, &of_both).await.iter().map(|row| sums(row)[..2].join(" ")).collect();
        rows.sort();
        rows
    };
    assert_eq!(found(officer).await, ["10 0", "10 4", "20 0"]);
    let double = doubles(officer, &of_both).await;
    assert_eq!((double.len(), &double[0]["delivered"]), (1, &json!("4")));
    assert_eq!(double[0]["beneficiary_id"], json!(lasting));
    let neighbour = crate::relocations::relocate(app, officer, &lasting).await;
    assert_eq!(found(&neighbour).await, ["10 0", "10 4", "20 0"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn another_sub_district_and_a_company_see_none_of_it() {
    let helped = Helped::new().await;
    let there = helped.cast.app.client("kecamatan_officer", KENOHAN).await;
    assert_eq!(aid(&there, "").await, Vec::<Value>::new());
    assert_eq!(aid(&there, &format!("beneficiary_id={}", helped.family)).await, Vec::<Value>::new());
    assert_eq!(doubles(&there, "").await, Vec::<Value>::new());
    assert_eq!(there.get("/v1/aid-totals").await.expect(200).body["items"], json!([]));
    helped.cast.company.get("/v1/aid").await.expect_problem(403, "insufficient_scope");
    let desk = helped.cast.app.client("puskesos", 1).await;
    assert_eq!(aid(&desk, "").await.len(), 4);
}

#[tokio::test(flavor = "multi_thread")]
async fn aid_comes_along_with_a_family_that_moves_to_another_sub_district() {
    let helped = Helped::new().await;
    let (app, officer, family) = (&helped.cast.app, &helped.cast.first, &helped.family);
    let state = format!("update programs set owner_area_id = null where id = '{}'", helped.program);
    app.arrange(&state).await;
    let of_family = helped.due.iter().find(|one| one["beneficiary_id"] == json!(family)).unwrap();
    let given = officer.post("/v1/deliveries", &delivery(of_family, "4")).await.expect(201).id();
    let back = json!({ "quantity": "1", "returned_on": crate::cycles::this_month(), "reason": "damaged",
                       "is_due_again": false });
    officer.post(&format!("/v1/deliveries/{given}/returns"), &back).await.expect(201);
    let members = officer.get(&format!("/v1/beneficiaries/{family}/members")).await.expect(200).body;
    let taken = handover("15", members["items"][0]["id"].as_str().unwrap());
    let path = format!("/v1/allocations/{}/deliveries", helped.allocation);
    helped.cast.second.post(&path, &taken).await.expect(201);
    let before = moment().await;
    let neighbour = crate::relocations::relocate(app, officer, family).await;

    let mut rows = aid(&neighbour, &format!("beneficiary_id={family}")).await;
    rows.sort_by_key(|row| row["source"] != "program");
    assert_eq!((rows.len(), sums(&rows[0])), (2, ["10", "3", "0", "1", "6"]));
    // What was still reserved there is handed to nobody who moved: the need came along instead.
    assert_eq!(sums(&rows[1]), ["20", "15", "0", "5", "0"]);
    assert_eq!((&rows[0]["from_district_code"], &rows[0]["id"]), (&json!("64.02.10"), &of_family["id"]));
    assert_eq!(rows[1]["id"], json!(helped.allocation));
    assert_eq!(aid(&neighbour, &format!("beneficiary_id={family}&{before}")).await.len(), 0);
    assert_eq!(aid(&neighbour, &format!("beneficiary_id={family}&source=company")).await, [rows[1].clone()]);
    // It is no aid of the villages there; and double help is seen there.
    assert_eq!(aid(&neighbour, "").await.len(), 0);
    assert_eq!(neighbour.get("/v1/aid-totals").await.expect(200).body["items"], json!([]));
    let double = doubles(&neighbour, "").await;
    assert_eq!((double.len(), &double[0]["beneficiary_id"]), (1, &json!(family)));
    // Who sees both sub-districts sees each once, as it stands now.
    let both = app.client_of("kecamatan_officer", &[crate::support::KEMBANG_JANGGUT, KENOHAN], None).await;
    let seen = aid(&both, &format!("beneficiary_id={family}")).await;
    assert_eq!((seen.len(), seen.iter().filter(|row| row["from_district_code"].is_null()).count()), (2, 2));

    // Rules there ask for what it got here.
    let rule = crate::programs::rules("family.received(\"RICE\", 365) >= 3", "1", "month");
    let asked = crate::programs::define(&neighbour, &crate::programs::rice("MORE"), &rule).await;
    let counted = neighbour.get(&format!("/v1/programs/{asked}/eligibility")).await.expect(200).body;
    assert_eq!(counted["eligible"], 1);
    let why = neighbour.get(&format!("/v1/programs/{asked}/eligibility/{family}")).await.expect(200).body;
    assert_eq!((&why["answer"], &why["reasons"]["facts"][0]["value"]), (&json!("yes"), &json!(3)));
    // It goes back: what was due here is here, and stands here once.
    let path = format!("/v1/beneficiaries/{family}/relocations");
    let home = json!({ "village_code": "64.02.10.2004", "on": "2026-03-03", "change_reason": "Kembali" });
    let offer = neighbour.post(&path, &home).await.expect(201).header("location").to_owned();
    officer.post(&format!("{offer}/acceptances"), &json!({})).await.expect(200);
    assert_eq!(aid(officer, &format!("beneficiary_id={family}")).await.len(), 2);
}
