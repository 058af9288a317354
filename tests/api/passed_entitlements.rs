//! What is still due to a family that is replaced passes to the one that takes its place, to the last kilogram and rupiah.

use serde_json::{Value, json};

use crate::benefits::{approve_quarter, cash, components, due, enrol_all, giving, home};
use crate::cycles::{approve, this_month};
use crate::deliveries::{deliver, delivery};
use crate::delivery_imports::{file, import};
use crate::delivery_returns::came_back;
use crate::enrollments::enrol;
use crate::households::today;
use crate::places::families;
use crate::programs::{define, rice, rules};
use crate::support::{Answer, Client, KENOHAN, TestApp};
use crate::suspension_orders::order;

const JANGGUT: &str = "64.02.10.2004";
const STEPS: usize = 70;

/// Numbers that are the same in each run.
struct Chance(u64);

impl Chance {
    fn below(&mut self, count: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % count
    }

    fn one_of<'a, T>(&mut self, all: &'a [T]) -> &'a T {
        &all[self.below(all.len())]
    }
}

/// A rule set that lets any family be named.
fn naming(mut rule_set: Value) -> Value {
    rule_set["replacements"] = json!({ "source": "named", "needs_deliberation": false });
    rule_set
}

fn id(row: &Value) -> &str {
    row["id"].as_str().unwrap()
}

/// The last enrollment of a family in a program.
async fn enrollment(officer: &Client, program: &str, family: &str) -> String {
    let listed = format!("/v1/enrollments?program_id={program}&beneficiary_id={family}&sort=-id");
    id(&officer.get(&listed).await.expect(200).body["items"][0]).to_owned()
}

/// Replaces a family by another one.
async fn replace(officer: &Client, program: &str, (family, by): (&str, &str), more: Value) -> Answer {
    let mut new = json!({ "reason": "moved", "sptjm_number": "SPTJM/4", "handover_number": "BAST/31",
        "beneficiary_id": by, "replaced_on": this_month() });
    new.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    let enrollment = enrollment(officer, program, family).await;
    officer.post_patiently(&format!("/v1/enrollments/{enrollment}/replacements"), &new).await
}

async fn of_cycle(officer: &Client, cycle: &str) -> Vec<Value> {
    let listed = officer.get(&format!("/v1/entitlements?cycle_id={cycle}&limit=200")).await.expect(200).body;
    listed["items"].as_array().unwrap().clone()
}

async fn entitlement(officer: &Client, row: &Value) -> Value {
    officer.get(&format!("/v1/entitlements/{}", id(row))).await.expect(200).body
}

/// Due, delivered, held, withdrawn and left of all in thousandths.
fn sums(rows: &[Value]) -> [i64; 5] {
    ["quantity", "delivered", "held", "withdrawn", "left"].map(|name| {
        let thousandths = |row: &Value| {
            let (whole, part) =
                row[name].as_str().unwrap().split_once('.').unwrap_or((row[name].as_str().unwrap(), "0"));
            whole.parse::<i64>().unwrap() * 1000 + format!("{part:0<3}").parse::<i64>().unwrap()
        };
        rows.iter().map(thousandths).sum()
    })
}

/// Rice of 10 kg for two of three families this month: program, cycle and families; the third is on no list.
async fn rice_for_two(app: &TestApp, officer: &Client) -> (String, String, Vec<String>) {
    let ids = families(officer, 1, JANGGUT, &[1, 2, 3]).await;
    let program = define(officer, &rice("RICE"), &naming(rules("true", "10", "month"))).await;
    let first = json!({ "beneficiary_ids": [ids[0], ids[1]], "started_on": this_month() });
    enrol(officer, &program, first).await;
    let cycle = approve(app, officer, &program).await;
    (program, cycle, ids)
}

#[tokio::test(flavor = "multi_thread")]
async fn the_rest_of_the_month_is_due_to_the_family_that_takes_the_place() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    let (program, cycle, ids) = rice_for_two(&app, &officer).await;
    let before = of_cycle(&officer, &cycle).await;
    let old = before.iter().find(|row| row["beneficiary_id"] == ids[0]).unwrap();
    officer.post("/v1/deliveries", &delivery(old, "4")).await.expect(201);
    let ledger = format!("/v1/aid-totals?program_id={program}");
    let told_before = officer.get(&ledger).await.expect(200).body;
    let made = replace(&officer, &program, (&ids[0], &ids[2]), json!({ "reason": "deceased" })).await.expect(201);
    let passed =
        |body: &Value| [&body["takes_over_due"], &body["passed_count"], &body["passed_quantity"]].map(Clone::clone);
    assert_eq!(passed(&made.body), [json!(true), json!(1), json!("6")]);
    assert_eq!(officer.get(made.header("location")).await.expect(200).body, made.body);

    // What the one was due before, both are due now.
    let after = of_cycle(&officer, &cycle).await;
    let new = after.iter().find(|row| row["beneficiary_id"] == ids[2]).unwrap();
    let old = entitlement(&officer, old).await;
    let told =
        |row: &Value| ["quantity", "passed", "delivered", "left"].map(|name| row[name].as_str().unwrap().to_owned());
    assert_eq!(told(&old), ["4", "6", "4", "0"]);
    assert_eq!(told(new), ["6", "0", "0", "6"]);
    assert_eq!((&old["passed_to"], &new["passed_from"]), (&new["id"], &old["id"]));
    assert_eq!((&old["passed_from"], &new["passed_to"]), (&Value::Null, &Value::Null));
    assert_eq!((&new["village_code"], &new["enrollment_id"]), (&json!(JANGGUT), &made.body["new_enrollment_id"]));
    assert_eq!(sums(&after)[..1], sums(&before)[..1]);
    let mut told_after = officer.get(&ledger).await.expect(200).body;
    assert_eq!(told_after["items"][0]["families"], 3);
    told_after["items"][0]["families"] = told_before["items"][0]["families"].clone();
    assert_eq!(told_after, told_before);
    let frozen = officer.get(&format!("/v1/cycles/{cycle}")).await.expect(200).body;
    assert_eq!((&frozen["entitlement_count"], &frozen["entitled_quantity"]), (&json!(2), &json!("20")));

    // Each takes its own, the new one from its first day on.
    officer.post("/v1/deliveries", &delivery(&old, "1")).await.expect_problem(409, "entitlement_used_up");
    let mut early = delivery(new, "6");
    early["delivered_on"] = json!(this_month().pred_opt().unwrap());
    officer.post("/v1/deliveries", &early).await.expect_problem(422, "invalid_fields");
    officer.post("/v1/deliveries", &delivery(new, "6.001")).await.expect_problem(409, "entitlement_used_up");
    officer.post("/v1/deliveries", &delivery(new, "6")).await.expect(201);

    // What is explained, reported, told and kept.
    for family in [&ids[0], &ids[2]] {
        let why = officer.get(&format!("/v1/programs/{program}/eligibility/{family}")).await.expect(200).body;
        let one = &why["passed"][0];
        assert_eq!((&one["entitlement_id"], &one["new_entitlement_id"]), (&old["id"], &new["id"]), "{why}");
        assert_eq!((&one["replacement_id"], &one["quantity"]), (&made.body["id"], &json!("6")));
    }
    let figures = officer.get(&format!("/v1/replacement-counts?program_id={program}")).await.expect(200).body;
    let figures = &figures["items"][0];
    let in_kg = json!([{ "unit": "kg", "entitlements": 1, "quantity": "6" }]);
    assert_eq!((&figures["took_over"], &figures["passed"], &figures["replaced"]), (&json!(1), &in_kg, &json!(1)));
    let export = json!({ "list": "replacements", "format": "ndjson", "filter": { "program_id": program } });
    let export = officer.post("/v1/exports", &export).await.expect(202).id();
    let line = officer.get(&format!("/v1/exports/{export}/file")).await.expect(200).text;
    let line: Value = serde_json::from_str(line.lines().next().unwrap()).unwrap();
    assert_eq!((&line["takes_over_due"], &line["passed_quantity"]), (&json!(true), &json!("6")));
    let events = app.told(&officer).await;
    assert!(events.windows(2).any(|two| two == ["entitlement.passed", "enrollment.replaced"]), "{events:?}");
    assert_eq!(app.audited("replace_enrollment").await, 4);
    let neighbour = app.client("kecamatan_officer", KENOHAN).await;
    neighbour.get(&format!("/v1/entitlements/{}", id(new))).await.expect_problem(404, "not_found");
}

#[tokio::test(flavor = "multi_thread")]
async fn of_a_quarter_the_months_to_come_pass_and_of_one_that_is_over_nothing() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    let ids = families(&officer, 1, JANGGUT, &[1, 2]).await;
    let program = define(&officer, &cash("BLT"), &naming(rules("true", "900001", "quarter"))).await;
    enrol(&officer, &program, json!({ "beneficiary_ids": [ids[0]], "started_on": "2026-01-01" })).await;
    let over = approve_quarter(&app, &officer, &program, "2026-07-01").await;
    let open = approve_quarter(&app, &officer, &program, "2026-10-01").await;
    let at = chrono::Utc::now().to_rfc3339_opts(chrono::SecondsFormat::Micros, true);
    let asked = json!({ "replaced_on": "2026-11-05" });
    let made = replace(&officer, &program, (&ids[0], &ids[1]), asked).await.expect(201);
    assert_eq!(made.body["passed_quantity"], "600000");
    let stays = due(&officer, &open, &ids[0]).await;
    assert_eq!((&stays["left"], &stays["passed"]), (&json!("300001"), &json!("600000")));
    assert_eq!(due(&officer, &open, &ids[1]).await["left"], "600000");
    assert_eq!(due(&officer, &over, &ids[0]).await["left"], "900001");
    assert_eq!(due(&officer, &over, &ids[1]).await, Value::Null);
    // What stays due is collected for the one that left; what was known before is told as it was.
    officer.post("/v1/deliveries", &delivery(&stays, "300001")).await.expect(201);
    let then = format!("/v1/aid?beneficiary_id={}&as_of={at}", ids[0]);
    let then = officer.get(&then).await.expect(200).body["items"].clone();
    assert!(then.as_array().unwrap().iter().all(|row| row["quantity"] == "900001"), "{then}");
    let then = format!("/v1/aid?beneficiary_id={}&as_of={at}", ids[1]);
    assert_eq!(officer.get(&then).await.expect(200).body["items"], json!([]));

    // A cycle that waits for its approval has a list of those who are on the program then.
    let next = approve_quarter(&app, &officer, &program, "2027-01-01").await;
    assert_eq!(due(&officer, &next, &ids[1]).await["quantity"], "900001");
    assert_eq!(due(&officer, &next, &ids[0]).await, Value::Null);
    // A closed cycle passes nothing on.
    officer.post(&format!("/v1/cycles/{}/closures", id(&open)), &json!({})).await.expect(200);
    let last = families(&officer, 5, JANGGUT, &[1]).await;
    let made =
        replace(&officer, &program, (&ids[1], &last[0]), json!({ "replaced_on": "2026-11-20" })).await.expect(201);
    assert_eq!((&made.body["passed_count"], &made.body["passed_quantity"]), (&json!(1), &json!("900001")));
    assert_eq!(due(&officer, &open, &last[0]).await, Value::Null, "{}", made.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_had_it_does_not_get_it_again() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    let ids = families(&officer, 1, JANGGUT, &[1, 2, 3]).await;
    let sewing = json!({ "code": "SEWING", "name": "Mesin jahit", "kind": "equipment", "unit": "unit",
        "description": "A machine once." });
    let program = define(&officer, &sewing, &naming(rules("true", "1", "once"))).await;
    enrol(&officer, &program, json!({ "beneficiary_ids": [ids[0], ids[1]], "started_on": "2026-09-01" })).await;
    let opened = officer.post(&format!("/v1/programs/{program}/cycles"), &json!({ "period": "2026-09-01" })).await;
    let cycle = opened.expect(201).id();
    let second = app.second_officer().await;
    second.post(&format!("/v1/cycles/{cycle}/approvals"), &json!({})).await.expect(200);
    let gone = enrollment(&officer, &program, &ids[1]).await;
    let exit = json!({ "reason": "own_wish", "ended_on": "2026-10-01" });
    officer.post(&format!("/v1/enrollments/{gone}/exits"), &exit).await.expect(200);
    let had = replace(&officer, &program, (&ids[0], &ids[1]), json!({})).await.expect_problem(409, "already_due");
    let of_second = of_cycle(&officer, &cycle).await.into_iter().find(|row| row["beneficiary_id"] == ids[1]).unwrap();
    assert_eq!(had.body["related"]["id"], of_second["id"], "{}", had.text);
    // Refused as a whole: the place is still the first family's.
    assert_eq!(of_cycle(&officer, &cycle).await.len(), 2);
    let made = replace(&officer, &program, (&ids[0], &ids[2]), json!({})).await.expect(201);
    assert_eq!(made.body["passed_quantity"], "1");
    // It is given once: the one that took over has had it, and gets none in another cycle.
    let opened = officer.post(&format!("/v1/programs/{program}/cycles"), &json!({ "period": this_month() })).await;
    let next = opened.expect(201).id();
    let approved = second.post(&format!("/v1/cycles/{next}/approvals"), &json!({})).await.expect(200).body;
    assert_eq!((&approved["entitlement_count"], &approved["omission_count"]), (&json!(0), &json!(1)));
    // Nothing passes where it is not asked for.
    let without = json!({ "takes_over_due": false, "reason": "refused" });
    let made = replace(&officer, &program, (&ids[2], &ids[1]), without).await.expect(201);
    assert_eq!((&made.body["takes_over_due"], &made.body["passed_count"]), (&json!(false), &json!(0)));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_an_order_holds_is_held_on() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    let (program, cycle, ids) = rice_for_two(&app, &officer).await;
    let laid = officer.post(&format!("/v1/programs/{program}/suspension-orders"), &order()).await.expect(201);
    replace(&officer, &program, (&ids[0], &ids[2]), json!({})).await.expect(201);
    let rows = of_cycle(&officer, &cycle).await;
    let of = |family: &str| rows.iter().find(|row| row["beneficiary_id"] == family).unwrap();
    assert_eq!((&of(&ids[0])["held"], &of(&ids[2])["held"]), (&json!("0"), &json!("10")));
    officer.post("/v1/deliveries", &delivery(of(&ids[2]), "1")).await.expect_problem(409, "program_suspended");
    let path = format!("/v1/suspension-orders/{}", laid.id());
    let holds = officer.get(&path).await.expect(200).body["holds"].clone();
    assert_eq!((&holds["quantity"], &holds["held_quantity"], &holds["count"]), (&json!("20"), &json!("20"), &json!(2)));
    let passed = officer.get(&format!("{path}/holds?status=passed")).await.expect(200).body["items"].clone();
    assert_eq!((&passed[0]["entitlement_id"], &passed[0]["passed_quantity"]), (&of(&ids[0])["id"], &json!("10")));
    let release = json!({ "outcome": "reduced", "factor": "0.5", "reason": "Arahan" });
    officer.post(&format!("{path}/releases"), &release).await.expect(200);
    let new = entitlement(&officer, of(&ids[2])).await;
    assert_eq!((&new["left"], &new["withdrawn"], &new["held"]), (&json!("5"), &json!("5"), &json!("0")));
    // A bank that paid by the old list is told.
    let old_row = format!("{},,,1,DAY,delivered,TRX-1,", id(of(&ids[0])));
    let told = import(&officer, &cycle, &file(&[&old_row])).await;
    let faults = format!("/v1/delivery-imports/{}/rows?outcome=faulty", id(&told));
    assert_eq!(officer.get(&faults).await.expect(200).body["items"][0]["code"], "entitlement_used_up");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_delivery_at_the_same_moment_is_of_the_one_or_refused() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    let ids = families(&officer, 1, JANGGUT, &[1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2]).await;
    let program = define(&officer, &rice("RICE"), &naming(rules("true", "10", "month"))).await;
    enrol(&officer, &program, json!({ "beneficiary_ids": ids[..6], "started_on": this_month() })).await;
    let cycle = approve(&app, &officer, &program).await;
    let before = of_cycle(&officer, &cycle).await;
    let mut race = Vec::new();
    for (number, row) in before.iter().enumerate() {
        let (one, other, new) = (officer.clone(), officer.clone(), delivery(row, "4"));
        let (family, by) = (row["beneficiary_id"].as_str().unwrap().to_owned(), ids[6 + number].clone());
        let program = program.clone();
        race.push(tokio::spawn(async move {
            tokio::join!(deliver(&one, &new), replace(&other, &program, (&family, &by), json!({})))
        }));
    }
    let mut delivered = 0;
    for both in race {
        let (delivery, replacement) = both.await.unwrap();
        let is_taken = delivery.status.as_u16() == 201;
        if is_taken {
            delivered += 4000;
        } else {
            delivery.expect_problem(409, "entitlement_used_up");
        }
        assert_eq!(replacement.expect(201).body["passed_quantity"], if is_taken { "6" } else { "10" });
    }
    let after = of_cycle(&officer, &cycle).await;
    assert_eq!(after.len(), 12);
    assert_eq!(sums(&after), [60_000, delivered, 0, 0, 60_000 - delivered]);
}

/// What is walked on: a program by components with three quarters, families on it and families that are not.
struct Ground {
    officer: Client,
    program: String,
    cycles: Vec<String>,
    families: Vec<String>,
    orders: Vec<String>,
    deliveries: Vec<String>,
    replaced: usize,
    passed: usize,
}

impl Ground {
    async fn new(app: &TestApp) -> Self {
        let (officer, puskesos) = (app.kecamatan().await, app.puskesos().await);
        let mut families = Vec::new();
        for (number, is_pregnant, pupils) in [(1, true, 2), (2, true, 0), (3, false, 2), (4, true, 1)] {
            families.push(home(&puskesos, number, is_pregnant, pupils).await.0);
        }
        let program = define(&officer, &cash("PKH"), &naming(giving(&components()))).await;
        enrol_all(app, &officer, &program).await;
        let mut cycles = Vec::new();
        for quarter in ["2026-04-01", "2026-07-01", "2026-10-01"] {
            cycles.push(id(&approve_quarter(app, &officer, &program, quarter).await).to_owned());
        }
        for number in 5..14 {
            families.push(home(&puskesos, number, number % 2 == 0, 1).await.0);
        }
        let (orders, deliveries) = (Vec::new(), Vec::new());
        Self { officer, program, cycles, families, orders, deliveries, replaced: 0, passed: 0 }
    }

    async fn rows(&self) -> Vec<Vec<Value>> {
        let mut rows = Vec::new();
        for cycle in &self.cycles {
            rows.push(of_cycle(&self.officer, cycle).await);
        }
        rows
    }

    async fn lay(&mut self, chance: &mut Chance) {
        let mut new = order();
        new["effective_from"] = json!(chance.one_of(&["2026-01-01", "2026-08-01"]));
        new["scope"] = json!({ "component": chance.one_of(&[json!(null), json!("pupil"), json!("pregnancy")]) });
        let path = format!("/v1/programs/{}/suspension-orders", self.program);
        self.orders.push(self.officer.post(&path, &new).await.expect(201).id());
    }

    async fn release(&self, chance: &mut Chance) {
        if self.orders.is_empty() {
            return;
        }
        let ways = [
            json!({ "outcome": "released" }),
            json!({ "outcome": "released", "pays_arrears": false, "resumes_on": "2026-08-10" }),
            json!({ "outcome": "reduced", "factor": "0.333" }),
            json!({ "outcome": "voided" }),
        ];
        let mut how = chance.one_of(&ways).clone();
        how["reason"] = json!("Arahan sudah diterima");
        let path = format!("/v1/suspension-orders/{}/releases", chance.one_of(&self.orders));
        let ended = self.officer.post(&path, &how).await;
        assert!([200, 409].contains(&ended.status.as_u16()), "{}", ended.text);
    }

    /// A delivery is taken exactly where it is of what is left and not held; one for a component may have less.
    async fn deliver(&mut self, chance: &mut Chance) {
        let rows = self.rows().await.concat();
        let due = chance.one_of(&rows);
        let quantity = i64::try_from(chance.below(200_000)).unwrap() + 1;
        let mut new = delivery(due, &quantity.to_string());
        new["delivered_on"] = json!(today());
        let is_named = chance.below(2) > 0;
        if is_named {
            new["component"] = chance.one_of(due["components"].as_array().unwrap())["component"].clone();
        }
        let made = self.officer.post("/v1/deliveries", &new).await;
        let [_, _, held, _, left] = sums(std::slice::from_ref(due));
        let is_free = quantity * 1000 <= left - held;
        let is_taken = made.status.as_u16() == 201;
        assert!(is_taken == is_free || is_named && !is_taken, "{quantity} of {due}: {}", made.text);
        if is_taken {
            self.deliveries.push(made.id());
        }
    }

    async fn give_back(&self, chance: &mut Chance) {
        if self.deliveries.is_empty() {
            return;
        }
        let path = format!("/v1/deliveries/{}/returns", chance.one_of(&self.deliveries));
        let mut back = came_back(&(chance.below(60_000) + 1).to_string(), chance.below(3) > 0);
        back["returned_on"] = json!(today());
        self.officer.post(&path, &back).await;
    }

    /// A replacement moves what is due and changes no sum of a cycle.
    async fn replace(&mut self, chance: &mut Chance) {
        let path = format!("/v1/enrollments?program_id={}&status=active&limit=200", self.program);
        let live = self.officer.get(&path).await.expect(200).body["items"].as_array().unwrap().clone();
        let family = chance.one_of(&live)["beneficiary_id"].as_str().unwrap().to_owned();
        let by = chance.one_of(&self.families).clone();
        let on = *chance.one_of(&["2026-05-10", "2026-08-15", "2026-11-02", "2026-11-20"]);
        let reason = *chance.one_of(&["deceased", "moved", "duplicate", "refused"]);
        let more = json!({ "replaced_on": on, "reason": reason });
        let before = self.rows().await;
        let made = replace(&self.officer, &self.program, (&family, &by), more).await;
        let after = self.rows().await;
        for (before, after) in before.iter().zip(&after) {
            assert_eq!(sums(before), sums(after), "{}", made.text);
        }
        if made.status.as_u16() == 201 {
            self.replaced += 1;
            self.passed += usize::from(made.body["passed_count"] != 0);
        }
    }

    /// Each row adds up, and what orders hold is what families are told is held.
    async fn assert_accounted(&self) {
        let rows = self.rows().await.concat();
        for row in &rows {
            let [quantity, delivered, held, withdrawn, left] = sums(std::slice::from_ref(row));
            assert!(quantity == delivered + withdrawn + left && held <= left, "{row}");
            assert_eq!(sums(row["components"].as_array().unwrap()), sums(std::slice::from_ref(row)), "{row}");
        }
        let mut held = 0;
        for order in &self.orders {
            let order = self.officer.get(&format!("/v1/suspension-orders/{order}")).await.expect(200).body;
            let sum = |name: &str| order["holds"][name].as_str().unwrap().parse::<i64>().unwrap();
            assert_eq!(sum("quantity"), sum("held_quantity") + sum("released_quantity") + sum("withdrawn_quantity"));
            held += sum("held_quantity") * 1000;
        }
        assert_eq!(sums(&rows)[2], held);
        let told = self.officer.get(&format!("/v1/aid-totals?program_id={}", self.program)).await.expect(200).body;
        assert_eq!(sums(told["items"].as_array().unwrap()), sums(&rows));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_replacement_changes_what_is_due_delivered_held_or_left_of_a_cycle() {
    let app = TestApp::new().await;
    let mut ground = Ground::new(&app).await;
    let mut chance = Chance(20_261_130);
    for _ in 0..STEPS {
        match chance.below(12) {
            0 => ground.lay(&mut chance).await,
            1..=2 => ground.release(&mut chance).await,
            3..=5 => ground.deliver(&mut chance).await,
            6 => ground.give_back(&mut chance).await,
            _ => ground.replace(&mut chance).await,
        }
        ground.assert_accounted().await;
    }
    assert!(ground.replaced > 5 && ground.passed > 3, "{} replaced, {} passed", ground.replaced, ground.passed);
}
