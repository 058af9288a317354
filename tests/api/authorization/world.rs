//! One of everything in one sub-district, made through the API, with a client of each role.

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::{Value, json};
use sinergi::domain::CompanyId;

use crate::beneficiaries::family;
use crate::cycles::this_month;
use crate::deliveries::delivery;
use crate::devices::{Device, item};
use crate::programs::{rice, rules};
use crate::support::{Client, TestApp, handover, line, line_id, send};

/// The name of a path segment, a parameter or a field, and the kind of record its ids are of.
const KINDS: &[(&str, &str)] = &[
    ("beneficiary_id", "beneficiaries"),
    ("into_beneficiary_id", "beneficiaries"),
    ("complainant_beneficiary_id", "beneficiaries"),
    ("change_request_id", "change-requests"),
    ("replacement_id", "replacements"),
    ("program_id", "programs"),
    ("excluded_program_id", "programs"),
    ("resource_id", "beneficiaries"),
    ("pair_id", "pairs"),
    ("keep_member_id", "kept-members"),
    ("company_id", "companies"),
    ("member_id", "members"),
    ("head_id", "members"),
    ("successor_id", "members"),
    ("collector_member_id", "members"),
    ("granted_by_id", "members"),
    ("entitlement_id", "entitlements"),
    ("aid_id", "allocations"),
    ("allocation_id", "allocations"),
    ("run_id", "allocation-runs"),
    ("allocation_delivery_id", "allocation-deliveries"),
    ("transfer_id", "transfers"),
    ("owner_id", "pledge-lines"),
    ("mapping_id", "import-mappings"),
    ("deliberation_id", "deliberations"),
    ("evidence_id", "training-certificates"),
    ("enrollment_id", "enrollments"),
    ("rule_set_id", "rule-sets"),
    ("against_rule_set_id", "rule-sets"),
    ("cycle_id", "cycles"),
    ("delivery_id", "deliveries"),
    ("asset_id", "assets"),
    ("device_id", "devices"),
    ("delivery_batch_id", "delivery-batches"),
    ("batch_id", "delivery-batches"),
    ("delivery_import_id", "delivery-imports"),
    ("stock_site_id", "stock-sites"),
    ("from_site_id", "stock-sites"),
    ("to_site_id", "stock-sites"),
    ("stock_lot_id", "stock-lots"),
    ("suspension_order_id", "suspension-orders"),
    ("pledge_id", "pledges"),
    ("pledge_line_id", "pledge-lines"),
    ("training_id", "trainings"),
    ("participant_id", "training-participants"),
    ("need_id", "needs"),
    ("round_id", "verification-rounds"),
    ("visit_id", "visits"),
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
        world.attributes().await;
        world.families(area_id).await;
        world.civil_events(app).await;
        world.programs(area_id).await;
        world.enrollments().await;
        world.graduations(area_id).await;
        world.verification().await;
        world.imports().await;
        world.exports().await;
        world.duplicates().await;
        world.pledges().await;
        world.complaints().await;
        world.trainings().await;
        world.packages(area_id).await;
        world.webhooks().await;
        app.relayed().await;
        app.reads_recorded().await;
        world.audit(app).await;
        world
    }

    /// A sealed record.
    async fn audit(&mut self, app: &TestApp) {
        // Imports and files go on meanwhile, and each record of theirs waits for its seal: the one looked at is sealed.
        let records = self.client("auditor").get("/v1/audit-records").await.expect(200);
        app.sealed().await;
        self.ids.insert("audit-records", records.body["items"][0]["id"].as_str().unwrap().to_owned());
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
            // Of a district that no edition has: something to warn of.
            new["members"][1]["nik"] = json!(format!("999999020519{area_id}00{number}"));
            let made = officer.post("/v1/beneficiaries", &new).await.expect(201);
            let confirmation = format!("/v1/beneficiaries/{}/verifications", made.id());
            officer.post(&confirmation, &json!({})).await.expect(201);
            // Another source that lies apart.
            let rank = json!({ "source": "SURVEY", "period": "2026-07-01", "decile": 9 });
            officer.post(&format!("/v1/beneficiaries/{}/ranks", made.id()), &rank).await.expect(201);
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

    /// A collector, and a relocation that is offered to a third sub-district.
    async fn civil_events(&mut self, app: &TestApp) {
        app.arrange(
            "insert into areas (area_id, name) values (3, 'Tabang') on conflict do nothing;
             insert into regions (edition, code, level, name, parent_code, area_id) values
                 ('test', '64.02.12', 'district', 'Tabang', '64.02', 3),
                 ('test', '64.02.12.2001', 'village', 'Contoh Tabang', '64.02.12', 3) on conflict do nothing;",
        )
        .await;
        let officer = self.client("kecamatan_officer").clone();
        let path = format!("/v1/beneficiaries/{}", self.id("beneficiaries"));
        let collector = json!({ "member_id": self.id("members"), "valid_from": "2026-01-01" });
        self.ids.insert("collectors", officer.post(&format!("{path}/collectors"), &collector).await.expect(201).id());
        let offer = json!({ "village_code": "64.02.12.2001", "on": "2026-01-01" });
        self.ids.insert("relocations", officer.post(&format!("{path}/relocations"), &offer).await.expect(201).id());
    }

    async fn attributes(&mut self) {
        let new = super::operation::example_of("register_attribute_schema");
        let made = self.client("kecamatan_officer").post("/v1/attribute-schemas", &new).await.expect(201);
        self.ids.insert("attribute-schemas", made.id());
    }

    async fn programs(&mut self, area_id: i32) {
        let officer = self.client("kecamatan_officer").clone();
        for number in 1..=2 {
            let made = officer.post("/v1/programs", &rice(&format!("RICE-{area_id}-{number}"))).await.expect(201);
            let path = format!("/v1/programs/{}/rule-sets", made.id());
            let rule_set = officer.post(&path, &rules("family.decile <= 4", "10", "month")).await.expect(201);
            if number == 1 {
                self.ids.insert("scarce-programs", made.id());
            }
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
        self.places().await;
        let period = json!({ "period": this_month() });
        self.ids.insert("cycles", officer.post(&format!("{program}/cycles"), &period).await.expect(201).id());
        let approval = format!("/v1/cycles/{}/approvals", self.id("cycles"));
        self.client("second_officer").post(&approval, &json!({})).await.expect(200);
        let due = officer.get("/v1/entitlements").await.expect(200).body["items"][0].clone();
        self.ids.insert("entitlements", due["id"].as_str().unwrap().to_owned());
        let handed_over = officer.post("/v1/deliveries", &delivery(&due, "1")).await.expect(201);
        self.ids.insert("deliveries", handed_over.id());
        let came_back =
            json!({ "quantity": "0.5", "returned_on": this_month(), "reason": "damaged", "is_due_again": true });
        let path = format!("/v1/deliveries/{}/returns", handed_over.id());
        self.ids.insert("delivery-returns", officer.post(&path, &came_back).await.expect(201).id());
        let lost = json!({ "quantity": "1", "stage": "transport", "reason": "weather", "lost_on": this_month(),
            "liable": "Angkutan sungai" });
        let path = format!("/v1/cycles/{}/losses", self.id("cycles"));
        self.ids.insert("delivery-losses", officer.post(&path, &lost).await.expect(201).id());
        self.stock().await;
        // The village of the example is not of this world.
        let mut order = super::operation::example_of("lay_suspension_order");
        order.as_object_mut().unwrap().remove("scope");
        let order = officer.post(&format!("{program}/suspension-orders"), &order).await.expect(201);
        self.ids.insert("suspension-orders", order.id());
        // What a device brings under the order is a conflict.
        let device = Device::register(&officer).await;
        let item = item(&due, "1");
        let batch = device.batch(1, std::slice::from_ref(&item));
        self.ids.insert("delivery-batches", officer.post("/v1/delivery-batches", &batch).await.expect(201).id());
        self.ids.insert("delivery-conflicts", item["id"].as_str().unwrap().to_owned());
        self.ids.insert("devices", device.id);
        // The families with a scarce place have rice from both.
        let scarce = format!("/v1/programs/{}/cycles", self.id("scarce-programs"));
        let cycle = officer.post(&scarce, &period).await.expect(201).id();
        self.client("second_officer").post(&format!("/v1/cycles/{cycle}/approvals"), &json!({})).await.expect(200);
    }

    /// Rice in a warehouse, and a loss of it that waits.
    async fn stock(&mut self) {
        let officer = self.client("kecamatan_officer").clone();
        let site = self.fill(&super::operation::example_of("add_stock_site"));
        self.ids.insert("stock-sites", officer.post("/v1/stock-sites", &site).await.expect(201).id());
        let lot = self.fill(&super::operation::example_of("receive_stock_lot"));
        self.ids.insert("stock-lots", officer.post("/v1/stock-lots", &lot).await.expect(201).id());
        let movements = officer.get("/v1/stock-movements").await.expect(200);
        self.ids.insert("stock-movements", movements.body["items"][0]["id"].as_str().unwrap().to_owned());
        let loss = self.fill(&super::operation::example_of("propose_stock_loss"));
        self.ids.insert("stock-losses", officer.post("/v1/stock-losses", &loss).await.expect(201).id());
    }

    /// A program with fewer places than families: one waits, and one took the place of another.
    async fn places(&mut self) {
        let officer = self.client("kecamatan_officer").clone();
        let scarce = format!("/v1/programs/{}", self.id("scarce-programs"));
        let quota = json!({ "places": 3, "decree_number": "140/09/2026", "effective_from": "2026-01-01" });
        self.ids.insert("quotas", officer.post(&format!("{scarce}/quotas"), &quota).await.expect(201).id());
        let run = json!({ "decree_number": "140/10/2026" });
        officer.post(&format!("{scarce}/enrollment-runs"), &run).await.expect(200);
        let enrolled = format!("/v1/enrollments?program_id={}", self.id("scarce-programs"));
        let enrolled = officer.get(&enrolled).await.expect(200).body["items"][0]["id"].as_str().unwrap().to_owned();
        let new = super::operation::example_of("replace_enrollment");
        let replaced = officer.post(&format!("/v1/enrollments/{enrolled}/replacements"), &new).await.expect(201);
        self.ids.insert("replacements", replaced.id());
        let waiting = officer.get(&format!("{scarce}/reserves?status=waiting")).await.expect(200);
        self.ids.insert("reserves", waiting.body["items"][0]["id"].as_str().unwrap().to_owned());
        let rule = json!({ "code": "ONE-RICE", "kind": "one_of", "effective_from": "2030-01-01",
            "program_ids": [self.id("programs"), self.id("scarce-programs")],
            "legal_basis": { "title": "Contoh", "number": "1/2026" } });
        self.ids.insert("overlap-rules", officer.post("/v1/overlap-rules", &rule).await.expect(201).id());
    }

    /// Criteria that all on aid meet, and a family that graduated by them.
    async fn graduations(&mut self, area_id: i32) {
        let officer = self.client("kecamatan_officer").clone();
        let criteria = json!({ "readiness": "true", "after_care_months": 12, "decree_number": "140/20/2026",
                               "effective_from": "2026-01-01" });
        let criteria = officer.post("/v1/graduation-criteria", &criteria).await.expect(201).id();
        let mut new = family(&format!("640210100120{area_id}009"), &format!("640210410190{area_id}009"));
        new["village_code"] = json!(self.id("villages"));
        let sixth = officer.post("/v1/beneficiaries", &new).await.expect(201).id();
        let run = json!({ "decree_number": "140/07/KEP-CAMAT/2026" });
        let program = self.id("programs").to_owned();
        officer.post(&format!("/v1/programs/{program}/enrollment-runs"), &run).await.expect(200);
        let graduation = officer.post("/v1/graduations", &json!({ "beneficiary_id": sixth })).await.expect(201).id();
        self.ids.insert("graduation-criteria", criteria);
        self.ids.insert("graduations", graduation);
    }

    /// A round over all families, and a visit of one of them.
    async fn verification(&mut self) {
        let officer = self.client("kecamatan_officer").clone();
        let new = json!({ "title": "Putaran", "rule": "true", "due_on": "2026-12-31" });
        let round = officer.post("/v1/verification-rounds", &new).await.expect(201).id();
        let visit = json!({ "beneficiary_id": self.id("beneficiaries"), "round_id": round,
                            "visited_at": "2026-11-02T01:00:00Z", "finding": "confirmed" });
        let facilitator = self.client("pkh_facilitator").clone();
        let visit = facilitator.post("/v1/visits", &visit).await.expect(201).id();
        let duty = json!({ "member_id": self.id("members"), "kind": "monthly_session", "period": "2026-01-01",
            "due_count": 1, "done_count": 1 });
        self.ids.insert("duty-records", facilitator.post("/v1/duty-records", &duty).await.expect(201).id());
        let change = json!({ "version": 2, "changes": { "address": "RT 99" } });
        let path = format!("/v1/beneficiaries/{}/change-requests", self.id("beneficiaries"));
        let change = self.client("puskesos").post(&path, &change).await.expect(201).id();
        let meeting = json!({ "village_code": self.id("villages"), "program_id": self.id("programs"),
            "held_on": "2026-11-10", "minutes_number": "BA/1", "minutes_digest": "ab".repeat(32),
            "minutes_media_type": "application/pdf", "attendee_count": 9, "decisions": [
                { "beneficiary_id": self.id("beneficiaries"), "decision": "keep", "reason": "Masih layak" }] });
        let meeting = self.client("village_office").post("/v1/deliberations", &meeting).await.expect(201).id();
        self.ids.insert("deliberations", meeting);
        self.ids.insert("change-requests", change);
        self.ids.insert("verification-rounds", round);
        self.ids.insert("visits", visit);
    }

    async fn imports(&mut self) {
        let officer = self.client("kecamatan_officer").clone();
        let file = super::operation::example_of("start_import").as_str().unwrap().to_owned();
        let request = officer.request(reqwest::Method::POST, "/v1/imports").header("Content-Type", "text/csv");
        let started = send(request.header("Idempotency-Key", "an-import-of-here").body(file)).await.expect(202);
        self.ids.insert("imports", started.id());
        let mapping = super::operation::example_of("add_import_mapping");
        let mapping = officer.post("/v1/import-mappings", &mapping).await.expect(201).id();
        self.ids.insert("import-mappings", mapping);
        let file = super::operation::example_of("import_deliveries").as_str().unwrap().to_owned();
        let path = format!("/v1/cycles/{}/delivery-imports", self.id("cycles"));
        let request = officer.request(reqwest::Method::POST, &path).header("Content-Type", "text/csv");
        let started = send(request.header("Idempotency-Key", "results-of-here").body(file)).await.expect(202);
        self.ids.insert("delivery-imports", started.id());
        let file = super::operation::example_of("import_ranks").as_str().unwrap().to_owned();
        let request = officer.request(reqwest::Method::POST, "/v1/rank-imports").header("Content-Type", "text/csv");
        let started = send(request.header("Idempotency-Key", "ranks-of-here").body(file)).await.expect(202);
        self.ids.insert("rank-imports", started.id());
    }

    async fn exports(&mut self) {
        let new = self.fill(&super::operation::example_of("start_export"));
        let started = self.client("kecamatan_officer").post("/v1/exports", &new).await.expect(202);
        self.ids.insert("exports", started.id());
    }

    /// The children of the families are of one name, birth date and village.
    async fn duplicates(&mut self) {
        let officer = self.client("kecamatan_officer").clone();
        let run = officer.post("/v1/duplicates/runs", &json!({})).await.expect(202).id();
        while officer.get(&format!("/v1/duplicates/runs/{run}")).await.body["status"] == "running" {
            tokio::time::sleep(Duration::from_millis(30)).await;
        }
        let (pair, kept) = pair_of_children(&officer).await;
        let decision = json!({ "decision": "same", "reason": "One child on two cards" });
        officer.post(&format!("/v1/duplicates/pairs/{pair}/decisions"), &decision).await.expect(201);
        let merger = json!({ "persons": [{ "pair_id": pair, "keep_member_id": kept }], "reason": "One child" });
        self.ids.insert("mergers", officer.post("/v1/duplicates/mergers", &merger).await.expect(201).id());
        let (pair, kept) = pair_of_children(&officer).await;
        self.ids.insert("pairs", pair);
        self.ids.insert("kept-members", kept);
        self.ids.insert("runs", run);
    }

    /// A committed pledge, received, with one allocation of it.
    async fn pledges(&mut self) {
        let (officer, company) = (self.client("kecamatan_officer").clone(), self.client("company").clone());
        // Of another kind than the needs of the five, so that the anonymous list goes on to count them.
        let need = json!({ "kind": "sewing_machine", "quantity": "3" });
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
        let receipt = json!({ "pledge_line_id": line, "quantity": "4", "handover_number": "BAST/1",
                              "received_on": "2026-01-15" });
        let receipt = officer.post(&format!("{path}/receipts"), &receipt).await.expect(201);
        let allocation = json!({ "pledge_line_id": line, "need_id": need, "quantity": "3" });
        let allocation = officer.post(&format!("{path}/allocations"), &allocation).await.expect(201);
        let mut handover = handover("1", self.id("members"));
        handover["delivered_on"] = json!("2026-01-20");
        let path_of_allocation = format!("/v1/allocations/{}/deliveries", allocation.id());
        let delivered = self.client("second_officer").post(&path_of_allocation, &handover).await.expect(201);
        let visit =
            json!({ "aid_id": allocation.id(), "month_mark": 6, "visited_on": "2026-08-01", "is_found": false });
        let visit = self.client("puskesos").post("/v1/follow-ups", &visit).await.expect(201).id();
        self.ids.insert("follow-ups", visit);
        let asset = json!({ "asset_number": "KJ-1", "kind": "sewing_machine", "acquired_on": "2026-01-20",
            "allocation_delivery_id": delivered.id() });
        self.assets(&asset).await;
        let run = officer.post(&format!("{path}/allocation-runs"), &json!({})).await.expect(201).id();
        self.ids.insert("allocation-runs", run);
        let run = json!({ "policy": { "cap": 2, "round_started_on": "2026-01-01" } });
        let run = officer.post("/v1/matching-runs", &run).await.expect(201).id();
        self.ids.insert("matching-runs", run);
        let pack = officer.post(&format!("{path}/evidence-packs"), &json!({})).await.expect(201);
        self.ids.insert("evidence-packs", pack.id());
        let year = json!({ "company_id": self.id("companies"), "year": 2026 });
        officer.post("/v1/annual-evidence-packs", &year).await.expect(201);
        let refund = json!({ "reason": "Rusak", "pledge_line_id": line, "quantity": "1" });
        let decision = officer.post(&format!("{path}/refunds"), &refund).await.expect(201);
        self.ids.insert("pledge-decisions", decision.id());
        let disclosure = json!({ "lines": [{ "pledge_line_id": line, "gri": ["413-1"] }] });
        let disclosure = company.post(&format!("{path}/disclosures"), &disclosure).await.expect(201).id();
        self.ids.insert("pledge-disclosures", disclosure);
        self.ids.insert("allocation-deliveries", delivered.id());
        self.ids.insert("pledges", pledge.id());
        self.ids.insert("pledge-lines", line);
        let more = self.client("second_officer").post(&path_of_allocation, &handover).await.expect(201);
        let mut back = super::operation::example_of("record_allocation_return");
        back["allocation_delivery_id"] = json!(more.id());
        let path = format!("/v1/allocations/{}/returns", allocation.id());
        self.ids.insert("allocation-returns", officer.post(&path, &back).await.expect(201).id());
        self.ids.insert("allocations", allocation.id());
        self.ids.insert("receipts", receipt.id());
        self.ids.insert("transfers", receipt.body["transfer_id"].as_str().unwrap().to_owned());
    }

    /// A complaint about the pledge, which somebody sees to.
    async fn complaints(&mut self) {
        let puskesos = self.client("puskesos").clone();
        let new = self.fill(&super::operation::example_of("lodge_complaint"));
        let complaint = puskesos.post("/v1/complaints", &new).await.expect(201).id();
        let assignment = super::operation::example_of("assign_complaint");
        crate::complaints::step(&puskesos, &complaint, "assignments", &assignment).await.expect(200);
        self.ids.insert("complaints", complaint);
    }

    /// A piece of equipment that a family has, missing by a check, with a write-off that waits.
    async fn assets(&mut self, new: &Value) {
        let officer = self.client("kecamatan_officer").clone();
        let asset = officer.post("/v1/assets", new).await.expect(201).id();
        let path = format!("/v1/assets/{asset}");
        let hand_over = json!({ "beneficiary_id": self.id("beneficiaries"), "place": "Rumah", "handover_number": "BAST/1",
            "started_on": "2026-01-20" });
        let custody = officer.post(&format!("{path}/hand-overs"), &hand_over).await.expect(201).id();
        let check = json!({ "condition": "missing", "is_in_use": false, "checked_on": "2026-02-20" });
        let check = self.client("puskesos").post(&format!("{path}/checks"), &check).await.expect(201).id();
        let loss = json!({ "kind": "lost", "reason": "Hilang", "minutes_number": "BA/1" });
        let write_off = officer.post(&format!("{path}/write-offs"), &loss).await.expect(201).id();
        self.ids.insert("assets", asset);
        self.ids.insert("custodies", custody);
        self.ids.insert("asset-checks", check);
        self.ids.insert("asset-write-offs", write_off);
    }

    /// A training that was held, with a certificate of the head of a family.
    async fn trainings(&mut self) {
        let officer = self.client("kecamatan_officer").clone();
        let mut new = self.fill(&super::operation::example_of("plan_training"));
        (new["begins_on"], new["ends_on"]) = (json!("2026-01-05"), json!("2026-01-09"));
        let training = officer.post("/v1/trainings", &new).await.expect(201).id();
        let path = format!("/v1/trainings/{training}");
        officer.post(&format!("{path}/openings"), &json!({})).await.expect(200);
        let members = format!("/v1/beneficiaries/{}/members", self.id("beneficiaries"));
        let head = officer.get(&members).await.expect(200).body["items"][0]["id"].clone();
        let seat = json!({ "member_id": head });
        let participant = officer.post(&format!("{path}/participants"), &seat).await.expect(201).id();
        let session = json!({ "held_on": "2026-01-05", "lesson_hours": 8, "topic": "Pengenalan" });
        let session = officer.post(&format!("{path}/sessions"), &session).await.expect(201).id();
        let marks = json!({ "marks": [{ "participant_id": participant, "mark": "present" }] });
        officer.post(&format!("/v1/training-sessions/{session}/attendance"), &marks).await.expect(200);
        officer.post(&format!("{path}/completions"), &json!({})).await.expect(200);
        let prefix = json!({ "number_prefix": "421/PLT", "issued_on": "2026-01-12" });
        let issued = officer.post(&format!("{path}/certificates"), &prefix).await.expect(200);
        let certificate = issued.body["issued"][0]["id"].as_str().unwrap().to_owned();
        self.ids.insert("trainings", training);
        self.ids.insert("training-participants", participant);
        self.ids.insert("training-sessions", session);
        self.ids.insert("training-certificates", certificate);
    }

    /// A plan of a package for a family that is on its program.
    async fn packages(&mut self, area_id: i32) {
        let officer = self.client("kecamatan_officer").clone();
        let program = crate::empowerment_plans::define(&officer, &format!("PAKET-{area_id}")).await;
        let run = json!({ "decree_number": "140/08/KEP-CAMAT/2026", "started_on": "2026-01-05" });
        officer.post(&format!("/v1/programs/{program}/enrollment-runs"), &run).await.expect(200);
        let new = json!({ "beneficiary_id": self.id("beneficiaries"), "program_id": program,
            "started_on": "2026-01-05" });
        let plan = officer.post("/v1/empowerment-plans", &new).await.expect(201);
        let milestone = plan.body["milestones"][0]["id"].as_str().unwrap().to_owned();
        self.ids.insert("empowerment-plans", plan.id());
        self.ids.insert("empowerment-milestones", milestone);
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
        if let ("name" | "code" | "asset_number", Value::String(_)) = (name, value) {
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

/// Ids of an open pair and of its first member, neither of the two being the head of a family.
async fn pair_of_children(officer: &Client) -> (String, String) {
    let id = |pair: &Value, name: &str| pair[name].as_str().unwrap().to_owned();
    let pairs = officer.get("/v1/duplicates/pairs?status=open&limit=200").await.expect(200).body;
    for pair in pairs["items"].as_array().unwrap() {
        let mut relationships = Vec::new();
        for member in ["one_member_id", "other_member_id"] {
            let member = officer.get(&format!("/v1/members/{}", id(pair, member))).await.expect(200);
            relationships.push(member.body["relationship"].clone());
        }
        if !relationships.contains(&json!("head")) {
            return (id(pair, "id"), id(pair, "one_member_id"));
        }
    }
    panic!("no pair of children among {pairs}");
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
