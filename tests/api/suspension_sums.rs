//! Every rupiah is accounted for, whatever orders are laid, on whatever part, and however they end.

use serde_json::{Value, json};

use crate::benefits::{approve_quarter, cash, components, enrol_all, giving, home};
use crate::deliveries::delivery;
use crate::delivery_returns::came_back;
use crate::programs::define;
use crate::support::{Client, TestApp};

const STEPS: usize = 90;

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

fn sum(row: &Value, name: &str) -> i64 {
    row[name].as_str().unwrap().parse().unwrap()
}

/// What is played on: a program with two quarters of three families in two villages.
struct Ground {
    officer: Client,
    program: String,
    cycles: Vec<String>,
    /// Orders, with what each of them was laid on.
    orders: Vec<(String, Value)>,
    deliveries: Vec<String>,
    returned_for_good: i64,
}

impl Ground {
    async fn new(app: &TestApp) -> Self {
        let (officer, puskesos) = (app.kecamatan().await, app.puskesos().await);
        for (number, is_pregnant, pupils) in [(1, true, 2), (2, true, 0), (3, false, 2)] {
            home(&puskesos, number, is_pregnant, pupils).await;
        }
        let (elsewhere, _) = home(&puskesos, 4, true, 1).await;
        app.arrange(&format!("update beneficiaries set village_code = '64.02.10.2005' where id = '{elsewhere}'")).await;
        let program = define(&officer, &cash("PKH"), &giving(&components())).await;
        enrol_all(app, &officer, &program).await;
        let mut cycles = Vec::new();
        for quarter in ["2026-04-01", "2026-07-01"] {
            let cycle = approve_quarter(app, &officer, &program, quarter).await;
            cycles.push(cycle["id"].as_str().unwrap().to_owned());
        }
        Self { officer, program, cycles, orders: Vec::new(), deliveries: Vec::new(), returned_for_good: 0 }
    }

    async fn entitlements(&self) -> Vec<Value> {
        let path = format!("/v1/entitlements?program_id={}", self.program);
        self.officer.get(&path).await.expect(200).body["items"].as_array().unwrap().clone()
    }

    async fn lay(&mut self, chance: &mut Chance) {
        let villages = chance.one_of(&[json!([]), json!(["64.02.10.2005"]), json!(["64.02.10.2004"])]).clone();
        let cycles = chance.one_of(&[json!([]), json!([self.cycles[0]]), json!([self.cycles[1]])]).clone();
        let component = chance.one_of(&[json!(null), json!("pupil"), json!("pregnancy")]).clone();
        let first = *chance.one_of(&["2026-01-01", "2026-05-20", "2026-08-01"]);
        let scope = json!({ "village_codes": villages, "cycle_ids": cycles, "component": component });
        let new = json!({
            "directive": { "title": "Penundaan", "number": "CONTOH/1", "dated_on": "2026-01-01" },
            "reason": "Menunggu arahan", "effective_from": first, "scope": scope,
        });
        let of_program = format!("/v1/programs/{}", self.program);
        let would = self.officer.post(&format!("{of_program}/suspension-order-previews"), &new).await.expect(200).body;
        let laid = self.officer.post(&format!("{of_program}/suspension-orders"), &new).await.expect(201);
        assert_eq!(laid.body["holds"]["held_quantity"], would["total"]["quantity"], "{new}");
        assert_eq!(laid.body["holds"]["held_count"], would["total"]["entitlements"], "{new}");
        let reach = json!({ "scope": scope, "first": first });
        self.orders.push((laid.id(), reach));
    }

    async fn release(&self, chance: &mut Chance) {
        if self.orders.is_empty() {
            return;
        }
        let (id, _) = chance.one_of(&self.orders);
        let ways = [
            json!({ "outcome": "released" }),
            json!({ "outcome": "released", "pays_arrears": false, "resumes_on": "2026-08-10" }),
            json!({ "outcome": "reduced", "factor": "0.333" }),
            json!({ "outcome": "reduced", "factor": "0.7", "pays_arrears": false }),
            json!({ "outcome": "reduced", "released_quantity_each": "50001" }),
            json!({ "outcome": "voided" }),
        ];
        let mut how = chance.one_of(&ways).clone();
        how["reason"] = json!("Arahan sudah diterima");
        let ended = self.officer.post(&format!("/v1/suspension-orders/{id}/releases"), &how).await;
        assert!([200, 409].contains(&ended.status.as_u16()), "{}", ended.text);
    }

    /// A delivery is taken exactly where it is of what is left and not held.
    async fn deliver(&mut self, chance: &mut Chance) {
        let due = chance.one_of(&self.entitlements().await).clone();
        let quantity = i64::try_from(chance.below(200_000)).unwrap() + 1;
        let made = self.officer.post("/v1/deliveries", &delivery(&due, &quantity.to_string())).await;
        let is_free = quantity <= sum(&due, "left") - sum(&due, "held");
        assert_eq!(made.status.as_u16(), if is_free { 201 } else { 409 }, "{quantity} of {due}: {}", made.text);
        if is_free {
            self.deliveries.push(made.id());
        }
    }

    async fn give_back(&mut self, chance: &mut Chance) {
        if self.deliveries.is_empty() {
            return;
        }
        let id = chance.one_of(&self.deliveries).clone();
        let quantity = i64::try_from(chance.below(60_000)).unwrap() + 1;
        let is_due_again = chance.below(3) > 0;
        let path = format!("/v1/deliveries/{id}/returns");
        let back = self.officer.post(&path, &came_back(&quantity.to_string(), is_due_again)).await;
        if back.status.as_u16() == 201 && !is_due_again {
            self.returned_for_good += quantity;
        }
    }

    /// Due = delivered + withdrawn + left, of which a part is held; what orders tell adds up to what families are told.
    async fn assert_accounted(&self) {
        let due = self.entitlements().await;
        assert_eq!(due.len(), 8);
        let of_all = |name: &str| due.iter().map(|row| sum(row, name)).sum::<i64>();
        let mut of_orders = [0; 2];
        for (id, reach) in &self.orders {
            let order = self.officer.get(&format!("/v1/suspension-orders/{id}")).await.expect(200).body;
            let [quantity, held, released, withdrawn, lapsed] =
                ["quantity", "held_quantity", "released_quantity", "withdrawn_quantity", "lapsed_quantity"]
                    .map(|name| sum(&order["holds"], name));
            assert_eq!(quantity, held + released + withdrawn, "{order}");
            assert!(lapsed <= withdrawn && (order["status"] == "in_force" || held == 0), "{order}");
            of_orders = [of_orders[0] + held, of_orders[1] + withdrawn];
            if order["status"] == "in_force" {
                self.assert_stopped(&due, reach);
            }
        }
        for row in &due {
            let [quantity, delivered, withdrawn, left, held] =
                ["quantity", "delivered", "withdrawn", "left", "held"].map(|name| sum(row, name));
            assert_eq!(quantity, delivered + withdrawn + left, "{row}");
            assert!(held <= left, "{row}");
        }
        assert_eq!(of_orders, [of_all("held"), of_all("withdrawn") - self.returned_for_good]);
    }

    /// All that is left is held where an order on all of it reaches.
    fn assert_stopped(&self, due: &[Value], reach: &Value) {
        let names = |list: &Value, one: &Value| {
            let list = list.as_array().unwrap();
            list.is_empty() || list.contains(one)
        };
        let scope = &reach["scope"];
        // The second quarter of the year ends before August.
        let is_over = |row: &Value| reach["first"] == "2026-08-01" && row["cycle_id"] == json!(self.cycles[0]);
        let reached = due.iter().filter(|row| {
            scope["component"].is_null()
                && names(&scope["village_codes"], &row["village_code"])
                && names(&scope["cycle_ids"], &row["cycle_id"])
                && !is_over(row)
        });
        for row in reached {
            assert_eq!(row["held"], row["left"], "{reach} {row}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_rupiah_is_accounted_for_at_each_step() {
    let app = TestApp::new().await;
    let mut ground = Ground::new(&app).await;
    let mut chance = Chance(20_261_129);
    for _ in 0..STEPS {
        match chance.below(10) {
            0..=1 => ground.lay(&mut chance).await,
            2..=4 => ground.release(&mut chance).await,
            5..=7 => ground.deliver(&mut chance).await,
            _ => ground.give_back(&mut chance).await,
        }
        ground.assert_accounted().await;
    }
    assert!(ground.orders.len() > 5 && ground.deliveries.len() > 5, "the walk played too little");
}
