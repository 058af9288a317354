//! Benefits by member and component: what a cycle gives each family, what it leaves out, and why.

use serde_json::{Value, json};

use crate::beneficiaries::family;
use crate::enrollments::enrol;
use crate::programs::{define, rice};
use crate::support::{Client, KENOHAN, TestApp};

/// The first quarter of the tests, the last of its year, and the one after it.
const QUARTERS: [&str; 2] = ["2026-07-01", "2026-10-01"];

/// A program of money to define.
pub(crate) fn cash(code: &str) -> Value {
    json!({ "code": code, "name": "Bantuan tunai", "kind": "money", "unit": "IDR", "description": "Cash by component." })
}

/// A rule set of this benefit, each quarter of 2026.
pub(crate) fn giving(benefit: &Value) -> Value {
    json!({
        "eligibility": "true", "benefit": benefit, "benefit_period": "quarter",
        "legal_basis": { "title": "Keputusan Contoh", "number": "1/2026" }, "effective_from": "2026-01-01",
    })
}

/// Mothers and pupils: at most three a family, two pupils of them; school days are asked of pupils.
pub(crate) fn components() -> Value {
    json!({ "kind": "per_component", "maximum_components": 3, "first": "amount", "components": [
        { "code": "pupil", "condition": "member.in_school", "yearly_rupiah": 900_003, "maximum": 2,
          "duties": [{ "kind": "school_attendance", "minimum_percent": 85, "cut_percent": 100 }] },
        { "code": "pregnancy", "condition": "member.is_pregnant", "yearly_rupiah": 3_000_000 },
    ] })
}

/// Registers a family: a mother, pregnant or not, and so many pupils; answers its id and those of its members, the
/// mother first.
pub(crate) async fn home(client: &Client, number: u16, is_pregnant: bool, pupils: usize) -> (String, Vec<String>) {
    let mut new = family(&format!("640210100120{:04}", 9000 + number), &format!("640210410190{:04}", 9000 + number));
    new["members"][0]["is_pregnant"] = json!(is_pregnant);
    let members = new["members"].as_array_mut().unwrap();
    members.truncate(1);
    members.extend((0..pupils).map(|_| {
        json!({ "name": "Anak Contoh", "sex": "male", "born_on": "2016-05-02", "relationship": "child",
                "in_school": true })
    }));
    let id = client.post("/v1/beneficiaries", &new).await.expect(201).id();
    let members = client.get(&format!("/v1/beneficiaries/{id}/members")).await.expect(200).body;
    let mut members: Vec<Value> = members["items"].as_array().unwrap().clone();
    members.sort_by_key(|member| member["relationship"] != "head");
    (id, members.iter().map(|member| member["id"].as_str().unwrap().to_owned()).collect())
}

/// Opens the cycle of a quarter and has it approved; answers it.
pub(crate) async fn approve_quarter(app: &TestApp, officer: &Client, program: &str, period: &str) -> Value {
    let new = json!({ "period": period });
    let opened = officer.post(&format!("/v1/programs/{program}/cycles"), &new).await.expect(201).id();
    let second = app.second_officer().await;
    second.post(&format!("/v1/cycles/{opened}/approvals"), &json!({})).await.expect(200).body
}

/// Enrolls all families from the beginning of the year on.
pub(crate) async fn enrol_all(app: &TestApp, officer: &Client, program: &str) {
    enrol(officer, program, json!({})).await;
    app.arrange("update enrollments set started_on = '2026-01-01'").await;
}

/// What is due to a family in a cycle; nothing where it is not on the list.
pub(crate) async fn due(officer: &Client, cycle: &Value, family: &str) -> Value {
    let path = format!("/v1/entitlements?cycle_id={}&beneficiary_id={family}", cycle["id"].as_str().unwrap());
    officer.get(&path).await.expect(200).body["items"][0].clone()
}

/// Member, component and quantity of each share.
fn shares(breakdown: &Value) -> Vec<(&str, &str, &str)> {
    let shares = breakdown.as_array().unwrap().iter();
    shares
        .map(|share| {
            let text = |name: &str| share[name].as_str().unwrap_or_default();
            (text("member_id"), text("component"), text("quantity"))
        })
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_family_is_paid_for_its_members_and_the_parts_of_a_year_add_up() {
    let app = TestApp::new().await;
    let (officer, puskesos) = (app.kecamatan().await, app.puskesos().await);
    let (large, members) = home(&puskesos, 1, true, 3).await;
    let (small, of_small) = home(&puskesos, 2, false, 1).await;
    let (none, _) = home(&puskesos, 3, false, 0).await;
    let program = define(&officer, &cash("PKH"), &giving(&components())).await;
    enrol_all(&app, &officer, &program).await;
    let cycle = approve_quarter(&app, &officer, &program, QUARTERS[0]).await;
    assert_eq!((&cycle["entitlement_count"], &cycle["omission_count"]), (&json!(2), &json!(1)));
    assert_eq!(cycle["entitled_quantity"], (750_000 + 3 * 225_000).to_string());

    // The mother first, for hers is the higher amount; then two of her three pupils, as the component has it.
    let of_large = due(&officer, &cycle, &large).await;
    assert_eq!(of_large["quantity"], (750_000 + 2 * 225_000).to_string());
    let mut pupils = members[1..].to_vec();
    pupils.sort();
    let expected = [
        (members[0].as_str(), "pregnancy", "750000"),
        (pupils[0].as_str(), "pupil", "225000"),
        (pupils[1].as_str(), "pupil", "225000"),
    ];
    assert_eq!(shares(&of_large["breakdown"]), expected);
    let of_one = due(&officer, &cycle, &small).await;
    assert_eq!(shares(&of_one["breakdown"]), [(of_small[1].as_str(), "pupil", "225000")]);

    // What does not divide by four is in the last quarter.
    let last = approve_quarter(&app, &officer, &program, QUARTERS[1]).await;
    assert_eq!(due(&officer, &last, &small).await["quantity"], "225003");

    let path = format!("/v1/cycles/{}/omissions", cycle["id"].as_str().unwrap());
    let omitted = officer.get(&path).await.expect(200).body["items"].clone();
    assert_eq!(omitted.as_array().unwrap().len(), 1);
    assert_eq!((&omitted[0]["beneficiary_id"], &omitted[0]["reason"]), (&json!(none), &json!("no_component")));
    let neighbour = app.client("kecamatan_officer", KENOHAN).await;
    neighbour.get(&path).await.expect_problem(404, "not_found");
    let of_reason = officer.get(&format!("{path}?reason=duties_not_met")).await.expect(200).body["items"].clone();
    assert_eq!(of_reason, json!([]));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_explanation_tells_what_a_cycle_would_give() {
    let app = TestApp::new().await;
    let (officer, puskesos) = (app.kecamatan().await, app.puskesos().await);
    let (large, members) = home(&puskesos, 1, true, 3).await;
    let program = define(&officer, &cash("PKH"), &giving(&components())).await;
    enrol_all(&app, &officer, &program).await;
    let explained = officer.get(&format!("/v1/programs/{program}/eligibility/{large}?on=2026-08-20")).await.expect(200);
    let benefit = &explained.body["benefit"];
    let cycle = approve_quarter(&app, &officer, &program, QUARTERS[0]).await;
    let paid = due(&officer, &cycle, &large).await;
    assert_eq!(
        (&benefit["period"], &benefit["quantity"], &benefit["breakdown"], &benefit["reason"]),
        (&json!(QUARTERS[0]), &paid["quantity"], &paid["breakdown"], &Value::Null)
    );
    let last = members[1..].iter().max().unwrap();
    assert_eq!(benefit["left_out"], json!([{ "member_id": last, "component": "pupil", "reason": "component_full" }]));
}

/// What PKH gives, as it comes with the service.
fn pkh() -> Value {
    let state: Value = serde_json::from_str(sinergi::programs::STATE_PROGRAMS).unwrap();
    let programs = state["programs"].as_array().unwrap();
    programs.iter().find(|one| one["program"]["code"] == "PKH").unwrap()["rule_sets"][0]["benefit"].clone()
}

/// A sub-district that records victims of gross human-rights violations and pays them by the rules of PKH: an officer,
/// the program, a family of a mother who is one with a pupil, and a family of a mother and a pupil.
async fn with_victim(app: &TestApp) -> (Client, String, (String, Vec<String>), (String, Vec<String>)) {
    let (officer, puskesos) = (app.kecamatan().await, app.puskesos().await);
    let schema = json!({ "subject": "members", "definition": { "type": "object", "properties": {
        "rights_violation_victim": { "type": "boolean" } } } });
    officer.post("/v1/attribute-schemas", &schema).await.expect(201);
    let (of_victim, other) = (home(&puskesos, 1, false, 1).await, home(&puskesos, 2, false, 1).await);
    let attributes = json!({ "attributes": { "rights_violation_victim": {
        "value": true, "source": "ministry list", "observed_on": "2025-11-10" } } });
    let path = format!("/v1/members/{}", of_victim.1[0]);
    officer.patch(&path, "\"1\"", &attributes).await.expect(200);
    let program = define(&officer, &cash("PKH"), &giving(&pkh())).await;
    enrol_all(app, &officer, &program).await;
    (officer, program, of_victim, other)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_victim_of_gross_violations_is_paid_once_and_first() {
    let app = TestApp::new().await;
    let (officer, program, (of_victim, members), (other, _)) = with_victim(&app).await;
    // She is elderly too, and counts for the higher amount alone.
    app.arrange(&format!("update members set born_on = '1950-01-01' where id = '{}'", members[0])).await;
    let explained = async |family: &str| {
        let path = format!("/v1/programs/{program}/eligibility/{family}?on=2026-08-20");
        officer.get(&path).await.expect(200).body["benefit"].clone()
    };
    let (told, told_other) = (explained(&of_victim).await, explained(&other).await);
    let cycle = approve_quarter(&app, &officer, &program, QUARTERS[0]).await;
    let paid = due(&officer, &cycle, &of_victim).await;
    let expected =
        [(members[0].as_str(), "rights_violation_victim", "2700000"), (members[1].as_str(), "pupil_primary", "225000")];
    assert_eq!(shares(&paid["breakdown"]), expected);
    assert_eq!((&paid["quantity"], &told["breakdown"]), (&json!("2925000"), &paid["breakdown"]));
    // Of whom nothing is recorded, nothing is told either.
    assert_eq!((&told_other["quantity"], &told_other["left_out"]), (&json!("225000"), &json!([])));
    assert_eq!(due(&officer, &cycle, &other).await["quantity"], "225000");
    // What is in a year of four quarters.
    let last = approve_quarter(&app, &officer, &program, QUARTERS[1]).await;
    assert_eq!(due(&officer, &last, &of_victim).await["breakdown"][0]["quantity"], "2700000");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_a_victim_is_told_in_no_event_and_to_no_company() {
    let app = TestApp::new().await;
    let (officer, program, (of_victim, members), _) = with_victim(&app).await;
    let cycle = approve_quarter(&app, &officer, &program, QUARTERS[0]).await;
    let entitlement = due(&officer, &cycle, &of_victim).await["id"].as_str().unwrap().to_owned();
    let (_, company) = app.company("PT Contoh").await;
    let paths = [
        format!("/v1/members/{}", members[0]),
        format!("/v1/beneficiaries/{of_victim}/members"),
        format!("/v1/programs/{program}/eligibility/{of_victim}"),
        format!("/v1/entitlements/{entitlement}"),
        format!("/v1/cycles/{}/omissions", cycle["id"].as_str().unwrap()),
    ];
    for path in paths {
        assert!(officer.get(&path).await.expect(200).text.len() > 2, "{path}");
        company.get(&path).await.expect_problem(403, "insufficient_scope");
    }
    assert!(officer.get(&format!("/v1/members/{}", members[0])).await.text.contains("rights_violation"));
    for client in [&officer, &company] {
        let kinds = app.told(client).await;
        let feed = client.get("/v1/events?limit=200").await.expect(200);
        assert!(!feed.text.contains("rights_violation"), "{kinds:?}");
    }
    assert!(app.told(&officer).await.iter().any(|kind| kind == "member.updated"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_family_is_paid_for_each_member_within_limits() {
    let app = TestApp::new().await;
    let (officer, puskesos) = (app.kecamatan().await, app.puskesos().await);
    let mut families = Vec::new();
    for pupils in 0..=4 {
        families.push(home(&puskesos, u16::try_from(pupils).unwrap() + 1, false, pupils).await.0);
    }
    let benefit = json!({ "kind": "per_member", "quantity": "2.5", "condition": "member.in_school",
        "minimum_members": 2, "maximum_members": 3 });
    let program = define(&officer, &rice("MILK"), &giving(&benefit)).await;
    enrol_all(&app, &officer, &program).await;
    let cycle = approve_quarter(&app, &officer, &program, QUARTERS[0]).await;
    assert_eq!((&cycle["entitlement_count"], &cycle["omission_count"]), (&json!(3), &json!(2)));
    let mut quantities = Vec::new();
    for family in &families {
        quantities.push(due(&officer, &cycle, family).await["quantity"].clone());
    }
    assert_eq!(quantities, [Value::Null, Value::Null, json!("5"), json!("7.5"), json!("7.5")]);
    let rule_sets = officer.get(&format!("/v1/programs/{program}/rule-sets")).await.expect(200).body;
    assert_eq!(
        (&rule_sets["items"][0]["benefit"], &rule_sets["items"][0]["benefit_quantity"]),
        (&benefit, &json!("7.5"))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn rules_are_tried_at_what_the_members_of_the_families_would_bring() {
    let app = TestApp::new().await;
    let (officer, puskesos) = (app.kecamatan().await, app.puskesos().await);
    home(&puskesos, 1, true, 3).await;
    home(&puskesos, 2, false, 1).await;
    home(&puskesos, 3, false, 0).await;
    let per_member = json!({ "kind": "per_member", "quantity": "50000", "condition": "member.in_school",
        "minimum_members": 1, "maximum_members": 2 });
    let program = define(&officer, &cash("PKH"), &giving(&per_member)).await;
    let path = format!("/v1/programs/{program}/simulations");
    let new =
        json!({ "eligibility": "true", "benefit": components(), "benefit_period": "quarter", "on": "2026-08-20" });
    let tried = officer.post(&path, &new).await.expect(200).body;
    let (quarter, year) = (750_000 + 3 * 225_000, 3_000_000 + 3 * 900_003);
    let rupiah = |period: i32, year: i32| json!({ "unit": "IDR", "per_period": period.to_string(), "per_year": year.to_string() });
    assert_eq!(tried["cost"], rupiah(quarter, year));
    assert_eq!(tried["cost_before"], rupiah(3 * 50_000, 4 * 3 * 50_000));
    assert_eq!(tried["total"]["eligible"], 3, "the third is eligible, and gets nothing");

    let mut poorest = new.clone();
    poorest["eligibility"] = json!("members.exists(m, m.is_pregnant)");
    let tried = officer.post(&path, &poorest).await.expect(200).body;
    assert_eq!(tried["cost"], rupiah(750_000 + 2 * 225_000, 3_000_000 + 2 * 900_003));

    let fault_of = async |change: Value| {
        let mut wrong = new.clone();
        for (name, value) in change.as_object().unwrap() {
            wrong[name] = value.clone();
        }
        let errors = officer.post(&path, &wrong).await.expect_problem(422, "invalid_fields").body["errors"].clone();
        (errors[0]["pointer"].clone(), errors[0]["code"].clone())
    };
    let both = fault_of(json!({ "benefit_quantity": "1" })).await;
    assert_eq!(both, (json!("/benefit"), json!("either_one")));
    let nothing = fault_of(json!({ "benefit": null })).await;
    assert_eq!(nothing, (json!("/benefit"), json!("required")));
    let goods = define(&officer, &rice("RICE"), &crate::programs::rules("true", "1", "month")).await;
    let told = officer.post(&format!("/v1/programs/{goods}/simulations"), &new).await;
    assert_eq!(told.expect_problem(422, "invalid_fields").body["errors"][0]["pointer"], "/benefit/kind");
}

#[tokio::test(flavor = "multi_thread")]
async fn both_ways_to_say_a_fixed_benefit_are_one() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    let program = officer.post("/v1/programs", &rice("RICE")).await.expect(201).id();
    let path = format!("/v1/programs/{program}/rule-sets");
    let benefit = json!({ "kind": "fixed", "quantity": "1", "contents": [
        { "name": "Beras", "quantity": "5", "unit": "kg" }, { "name": "Minyak goreng", "quantity": "2", "unit": "l" }] });
    let made = officer.post(&path, &giving(&benefit)).await.expect(201).body;
    assert_eq!((&made["benefit"], &made["benefit_quantity"]), (&benefit, &json!("1")));
    let mut old = giving(&benefit);
    old.as_object_mut().unwrap().remove("benefit");
    let neither = officer.post(&path, &old).await.expect_problem(422, "invalid_fields");
    assert_eq!(neither.body["errors"][0]["pointer"], "/benefit");
    old["benefit_quantity"] = json!("10");
    let made = officer.post(&path, &old).await.expect(201).body;
    assert_eq!(made["benefit"], json!({ "kind": "fixed", "quantity": "10" }));
    old["benefit"] = benefit;
    let both = officer.post(&path, &old).await.expect_problem(422, "invalid_fields");
    assert_eq!(both.body["errors"][0]["code"], "either_one");
    let components = officer.post(&path, &giving(&components())).await.expect_problem(422, "invalid_fields");
    assert_eq!(components.body["errors"][0]["code"], "not_for_this_kind");
    let stray = json!({ "kind": "fixed", "quantity": "1", "colour": "red" });
    let stray = officer.post(&path, &giving(&stray)).await.expect_problem(422, "invalid_fields");
    assert_eq!(stray.body["errors"][0]["pointer"], "/benefit/colour");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_beyond_the_ceiling_of_its_cycle_is_not_approved() {
    let app = TestApp::new().await;
    let (officer, puskesos) = (app.kecamatan().await, app.puskesos().await);
    home(&puskesos, 1, true, 1).await;
    let program = define(&officer, &cash("PKH"), &giving(&components())).await;
    enrol_all(&app, &officer, &program).await;
    let path = format!("/v1/programs/{program}/cycles");
    let second = app.second_officer().await;
    let low = json!({ "period": QUARTERS[0], "ceiling_quantity": "974999" });
    let low = officer.post(&path, &low).await.expect(201);
    assert_eq!(low.body["ceiling_quantity"], "974999");
    let approval = format!("/v1/cycles/{}/approvals", low.id());
    let refused = second.post(&approval, &json!({})).await.expect_problem(409, "cycle_over_ceiling");
    assert!(refused.body["detail"].as_str().unwrap().contains("975000 > 974999 (+1) IDR"), "{}", refused.text);
    assert_eq!(officer.get("/v1/entitlements").await.expect(200).body["items"], json!([]));
    let zero = json!({ "period": "2026-04-01", "ceiling_quantity": "0" });
    officer.post(&path, &zero).await.expect_problem(422, "invalid_fields");
    // It is opened anew with enough.
    let enough = json!({ "period": QUARTERS[0], "ceiling_quantity": "975000" });
    officer.post(&path, &enough).await.expect_problem(409, "cycle_exists");
    let reason = json!({ "reason": "Pagu terlalu rendah" });
    officer.post(&format!("/v1/cycles/{}/cancellations", low.id()), &reason).await.expect(200);
    let enough = officer.post(&path, &enough).await.expect(201).id();
    let approved = second.post(&format!("/v1/cycles/{enough}/approvals"), &json!({})).await.expect(200).body;
    assert_eq!(approved["entitled_quantity"], "975000");
    // In the last quarter there are three rupiah more.
    let less = json!({ "period": QUARTERS[1], "ceiling_quantity": "975000" });
    let less = officer.post(&path, &less).await.expect(201).id();
    second.post(&format!("/v1/cycles/{less}/approvals"), &json!({})).await.expect_problem(409, "cycle_over_ceiling");
}
