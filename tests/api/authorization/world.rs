//! One of everything in one sub-district, made through the API, with a client of each role.

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::{Value, json};
use sinergi::domain::CompanyId;

use crate::beneficiaries::family;
use crate::cycles::this_month;
use crate::deliveries::delivery;
use crate::programs::{rice, rules};
use crate::support::{Client, TestApp, line, line_id, send};

/// The name of a path segment, a parameter or a field, and the kind of record its ids are of.
const KINDS: &[(&str, &str)] = &[
    ("beneficiary_id", "beneficiaries"),
    ("program_id", "programs"),
    ("resource_id", "beneficiaries"),
    ("company_id", "companies"),
    ("member_id", "members"),
    ("collector_member_id", "members"),
    ("entitlement_id", "entitlements"),
    ("enrollment_id", "enrollments"),
    ("rule_set_id", "rule-sets"),
    ("cycle_id", "cycles"),
    ("suspension_order_id", "suspension-orders"),
    ("pledge_id", "pledges"),
    ("pledge_line_id", "pledge-lines"),
    ("need_id", "needs"),
    ("village_code", "villages"),
    ("parent_code", "regions"),
];

/// The kind of record that a parameter or a field names.
pub(crate) fn kind_of(name: &str) -> Option<&'static str> {
    let singular = name.strip_suffix('s').unwrap_or(name);
    KINDS.iter().find(|(known, _)| *known == name || *known == singular).map(|(_, kind)| *kind)
}

/// What there is in one sub-district.
pub(crate) struct World {
    /// A client of each role.
    pub(crate) clients: Vec<(&'static str, Client)>,
    ids: BTreeMap<&'static str, String>,
    /// Fields of bodies that are this world's own.
    fields: BTreeMap<&'static str, Value>,
}

impl World {
    /// Nothing: every id is one that nobody has.
    pub(crate) fn empty() -> Self {
        Self { clients: Vec::new(), ids: BTreeMap::new(), fields: BTreeMap::new() }
    }

    /// Sub-district 1 or 2.
    pub(crate) async fn new(app: &TestApp, area_id: i32) -> Self {
        let mut world = Self { clients: clients(app, area_id).await, ..Self::empty() };
        let village = if area_id == 1 { "64.02.10.2004" } else { "64.02.09.2001" };
        world.ids.insert("villages", village.to_owned());
        world.ids.insert("regions", "64.02.10".to_owned());
        world.ids.insert("need-kinds", "hand_tractor".to_owned());
        world.ids.insert("facts", "family.decile".to_owned());
        let (company_id, company) = company(app, area_id).await;
        world.clients.retain(|(role, _)| *role != "company");
        world.clients.push(("company", company));
        world.ids.insert("companies", company_id.to_string());
        world.families(area_id).await;
        world.programs(area_id).await;
        world.enrollments().await;
        world.imports().await;
        world.pledges().await;
        world.webhooks().await;
        // The relay and the read log need a moment.
        tokio::time::sleep(Duration::from_millis(400)).await;
        world
    }

    async fn families(&mut self, area_id: i32) {
        let village = self.id("villages").to_owned();
        let officer = self.client("kecamatan_officer").clone();
        let puskesos = self.client("puskesos").clone();
        // Five of them need something: of fewer the anonymous list would not tell.
        for number in 1..=5 {
            let (card, nik) = (format!("640210100120{area_id}00{number}"), format!("640210410190{area_id}00{number}"));
            let mut new = family(&card, &nik);
            new["village_code"] = json!(village);
            let made = officer.post("/v1/beneficiaries", &new).await.expect(201);
            let confirmation = format!("/v1/beneficiaries/{}/verifications", made.id());
            officer.post(&confirmation, &json!({})).await.expect(201);
            let need = json!({ "kind": "hand_tractor", "quantity": "1" });
            let path = format!("/v1/beneficiaries/{}/needs", made.id());
            self.ids.insert("needs", puskesos.post(&path, &need).await.expect(201).id());
            let members = officer.get(&format!("/v1/beneficiaries/{}/members", made.id())).await.expect(200);
            self.ids.insert("members", members.body["items"][1]["id"].as_str().unwrap().to_owned());
            self.ids.insert("beneficiaries", made.id());
            self.fields.insert("card_number", json!(card));
            self.fields.insert("nik", json!(nik));
        }
    }

    async fn programs(&mut self, area_id: i32) {
        let officer = self.client("kecamatan_officer").clone();
        for number in 1..=2 {
            let made = officer.post("/v1/programs", &rice(&format!("RICE-{area_id}-{number}"))).await.expect(201);
            let path = format!("/v1/programs/{}/rule-sets", made.id());
            let rule_set = officer.post(&path, &rules("family.decile <= 4", "10", "month")).await.expect(201);
            self.ids.insert("programs", made.id());
            self.ids.insert("rule-sets", rule_set.id());
        }
    }

    async fn enrollments(&mut self) {
        let officer = self.client("kecamatan_officer").clone();
        let program = format!("/v1/programs/{}", self.id("programs"));
        let run = json!({ "decree_number": "140/07/KEP-CAMAT/2026" });
        officer.post(&format!("{program}/enrollment-runs"), &run).await.expect(200);
        let enrollments = officer.get("/v1/enrollments").await.expect(200);
        self.ids.insert("enrollments", enrollments.body["items"][0]["id"].as_str().unwrap().to_owned());
        let period = json!({ "period": this_month() });
        self.ids.insert("cycles", officer.post(&format!("{program}/cycles"), &period).await.expect(201).id());
        let approval = format!("/v1/cycles/{}/approvals", self.id("cycles"));
        self.client("second_officer").post(&approval, &json!({})).await.expect(200);
        let due = officer.get("/v1/entitlements").await.expect(200).body["items"][0].clone();
        self.ids.insert("entitlements", due["id"].as_str().unwrap().to_owned());
        let handed_over = officer.post("/v1/deliveries", &delivery(&due, "1")).await.expect(201);
        self.ids.insert("deliveries", handed_over.id());
        let order = super::operation::example_of("lay_suspension_order");
        let order = officer.post(&format!("{program}/suspension-orders"), &order).await.expect(201);
        self.ids.insert("suspension-orders", order.id());
    }

    async fn imports(&mut self) {
        let officer = self.client("kecamatan_officer");
        let file = super::operation::example_of("start_import").as_str().unwrap().to_owned();
        let request = officer.request(reqwest::Method::POST, "/v1/imports").header("Content-Type", "text/csv");
        let started = send(request.header("Idempotency-Key", "an-import-of-here").body(file)).await.expect(202);
        self.ids.insert("imports", started.id());
    }

    /// A committed pledge, received, with one allocation of it.
    async fn pledges(&mut self) {
        let (officer, company) = (self.client("kecamatan_officer").clone(), self.client("company").clone());
        // Of another kind than the needs of the five, so that the anonymous list goes on to count them.
        let need = json!({ "kind": "sewing_machine", "quantity": "2" });
        let needs = format!("/v1/beneficiaries/{}/needs", self.id("beneficiaries"));
        let need = officer.post(&needs, &need).await.expect(201).id();
        let new =
            json!({ "title": "Alat", "year": 2026, "lines": [line("sewing_machine", "5", &[self.id("villages")])] });
        let pledge = company.post("/v1/pledges", &new).await.expect(201);
        let path = format!("/v1/pledges/{}", pledge.id());
        company.post(&format!("{path}/submissions"), &json!({})).await.expect(200);
        for officer in [&officer, self.client("second_officer")] {
            officer.post(&format!("{path}/acceptances"), &json!({})).await.expect(200);
        }
        let line = line_id(&pledge, 0);
        let receipt = json!({ "pledge_line_id": line, "quantity": "3", "handover_number": "BAST/1",
                              "received_on": "2026-11-02" });
        let receipt = officer.post(&format!("{path}/receipts"), &receipt).await.expect(201);
        let allocation = json!({ "pledge_line_id": line, "need_id": need, "quantity": "2" });
        let allocation = officer.post(&format!("{path}/allocations"), &allocation).await.expect(201);
        self.ids.insert("pledges", pledge.id());
        self.ids.insert("pledge-lines", line);
        self.ids.insert("allocations", allocation.id());
        self.ids.insert("receipts", receipt.id());
        self.ids.insert("transfers", receipt.body["transfer_id"].as_str().unwrap().to_owned());
    }

    /// A webhook of the officer, at an address that nothing answers at.
    async fn webhooks(&mut self) {
        let new = super::operation::example_of("create_webhook");
        let made = self.client("kecamatan_officer").post("/v1/webhooks", &new).await.expect(201);
        self.ids.insert("webhooks", made.id());
    }

    pub(crate) fn client(&self, role: &str) -> &Client {
        &self.clients.iter().find(|(known, _)| *known == role).unwrap().1
    }

    /// The id of the one of that kind.
    pub(crate) fn id(&self, kind: &str) -> &str {
        match self.ids.get(kind) {
            Some(id) => id,
            None if self.clients.is_empty() && kind == "regions" => "99.99",
            None if self.clients.is_empty() => "01a20f00-0000-7000-8000-000000000000",
            None => panic!("make one of `{kind}` in World of tests/api/authorization/world.rs"),
        }
    }

    /// What tells that an answer shows something of here.
    pub(crate) fn marks(&self) -> Vec<String> {
        self.ids
            .iter()
            .filter(|(kind, _)| !["regions", "need-kinds", "facts"].contains(kind))
            .map(|(_, id)| id.clone())
            .collect()
    }

    /// A body with the ids and numbers of here in the place of those of the example.
    pub(crate) fn fill(&self, example: &Value) -> Value {
        match example {
            Value::Object(object) => object.iter().map(|(name, value)| (name.clone(), self.own(name, value))).collect(),
            Value::Array(list) => list.iter().map(|value| self.fill(value)).collect(),
            other => other.clone(),
        }
    }

    fn own(&self, name: &str, value: &Value) -> Value {
        if let ("name" | "code", Value::String(_)) = (name, value) {
            // What is taken once is new each time.
            let number = uuid::Uuid::now_v7().simple().to_string().to_uppercase();
            return json!(format!("N-{}", &number[12..]));
        }
        match (self.fields.get(name), kind_of(name)) {
            (Some(own), _) => own.clone(),
            (_, Some(kind)) if value.is_string() => json!(self.id(kind)),
            (_, Some(kind)) if value.is_array() => json!([self.id(kind)]),
            _ => self.fill(value),
        }
    }
}

/// A client of each role in a sub-district; the company is one of its own there.
pub(crate) async fn clients(app: &TestApp, area_id: i32) -> Vec<(&'static str, Client)> {
    let roles = ["kecamatan_officer", "second_officer", "puskesos", "pkh_facilitator", "village_office", "auditor"];
    let mut clients = Vec::new();
    for role in roles {
        clients.push((role, app.client(role, area_id).await));
    }
    clients.push(("company", company(app, area_id).await.1));
    clients
}

/// A company that pledges in a sub-district, and its client.
pub(crate) async fn company(app: &TestApp, area_id: i32) -> (CompanyId, Client) {
    use diesel_async::SimpleAsyncConnection;
    let id = CompanyId::new();
    let mut owner = app.database.owner().await;
    let statement = format!(
        "insert into companies (id, name, sector, area_ids, created_at, updated_at)
         values ('{id}', 'PT Contoh {area_id} {id}', 'palm_oil', '{{{area_id}}}', now(), now())"
    );
    owner.batch_execute(&statement).await.unwrap();
    (id, app.client_of("company", &[area_id], Some(id)).await)
}
