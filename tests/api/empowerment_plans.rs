//! Packages by milestones: one unit of what is due, reached by evidence in its order, lapsed where that does not hold.

use futures_util::future::join;
use serde_json::{Value, json};

use crate::assets::{self, hand_over};
use crate::cycles::approve;
use crate::deliveries::{deliver, delivery};
use crate::duplicates_mergers::{decided, merger, two_cards};
use crate::enrollments::enrol;
use crate::households::{self, today};
use crate::places::{families, for_all};
use crate::support::{Answer, Cast, Client, HAMBAU, KEMBANG_JANGGUT, KENOHAN, TestApp, handover};
use crate::trainings::{certify, mark, opened, seat, session, step};

const JANGGUT: &str = "64.02.10.2004";

fn milestone(number: i64, kind: &str, days: i64, needs: &[i64]) -> Value {
    json!({ "number": number, "kind": kind, "title": format!("Langkah {number}"), "due_after_days": days,
            "needs": needs })
}

/// A training, then a machine; goods for the start; then two visits.
fn sewing() -> Vec<Value> {
    vec![
        milestone(1, "training", 30, &[]),
        milestone(2, "equipment", 60, &[1]),
        milestone(3, "goods", 60, &[]),
        milestone(4, "visit", 90, &[2, 3]),
        milestone(5, "visit", 180, &[]),
    ]
}

fn package(milestones: &[Value]) -> Value {
    json!({ "eligibility": "true", "benefit": { "kind": "package", "milestones": milestones },
            "benefit_period": "month", "legal_basis": { "title": "Contoh", "number": "1/2026" },
            "effective_from": "2026-01-01" })
}

fn tools(code: &str) -> Value {
    json!({ "code": code, "name": "Paket usaha", "kind": "equipment", "unit": "package", "description": "Paket" })
}

/// A program that gives every family the package; answers its id.
pub(crate) async fn define(officer: &Client, code: &str) -> String {
    crate::programs::define(officer, &tools(code), &package(&sewing())).await
}

/// Two families on a program of packages, the first with a plan of February.
struct Village {
    app: TestApp,
    officer: Client,
    facilitator: Client,
    families: Vec<String>,
    program: String,
    plan: String,
    milestones: Vec<String>,
}

pub(crate) async fn plan(officer: &Client, family: &str, program: &str) -> Answer {
    let new = json!({ "beneficiary_id": family, "program_id": program, "started_on": "2026-02-02" });
    officer.post("/v1/empowerment-plans", &new).await
}

/// What became of plans, oldest first: what happened, the plan, and whose it is.
pub(crate) async fn told_of_plans(app: &TestApp, officer: &Client) -> Vec<[String; 3]> {
    app.relayed().await;
    let feed = officer.get("/v1/events?limit=200").await.expect(200).body;
    let told = |event: &Value| {
        let fields = [&event["type"], &event["subject"], &event["data"]["beneficiary_id"]];
        fields.map(|field| field.as_str().unwrap().to_owned())
    };
    let of_plans = |event: &&Value| event["type"].as_str().unwrap().starts_with("empowerment_plan.");
    feed["items"].as_array().unwrap().iter().filter(of_plans).map(told).collect()
}

/// An event of a plan and its family, as `told_of_plans` tells it.
pub(crate) fn plan_event(kind: &str, plan: &str, family: &str) -> [String; 3] {
    [format!("empowerment_plan.{kind}"), format!("empowerment-plans/{plan}"), family.to_owned()]
}

fn ids(plan: &Value) -> Vec<String> {
    let milestones = plan["milestones"].as_array().unwrap().iter();
    milestones.map(|one| one["id"].as_str().unwrap().to_owned()).collect()
}

fn statuses(plan: &Value) -> Vec<String> {
    let milestones = plan["milestones"].as_array().unwrap().iter();
    milestones.map(|one| one["status"].as_str().unwrap().to_owned()).collect()
}

fn pointer(answer: Answer) -> Value {
    answer.expect_problem(422, "invalid_fields").body["errors"][0]["pointer"].clone()
}

impl Village {
    async fn new() -> Self {
        let app = TestApp::new().await;
        let officer = app.kecamatan().await;
        let families = families(&officer, 1, JANGGUT, &[1, 2]).await;
        for family in &families {
            officer.post(&format!("/v1/beneficiaries/{family}/verifications"), &json!({})).await.expect(201);
        }
        let program = define(&officer, "PAKET").await;
        enrol(&officer, &program, json!({ "started_on": "2026-01-05" })).await;
        let made = plan(&officer, &families[0], &program).await.expect(201);
        let facilitator = app.client("pkh_facilitator", KEMBANG_JANGGUT).await;
        let milestones = ids(&made.body);
        Self { app, officer, facilitator, families, program, plan: made.id(), milestones }
    }

    async fn read(&self) -> Value {
        self.officer.get(&format!("/v1/empowerment-plans/{}", self.plan)).await.expect(200).body
    }

    async fn reach(&self, number: usize, kind: &str, evidence: &str) -> Answer {
        let path = format!("/v1/empowerment-milestones/{}/attainments", self.milestones[number - 1]);
        self.facilitator.post(&path, &json!({ "evidence_kind": kind, "evidence_id": evidence })).await
    }

    async fn waive(&self, client: &Client, number: usize) -> Answer {
        let path = format!("/v1/empowerment-milestones/{}/waivers", self.milestones[number - 1]);
        client.post(&path, &json!({ "reason": "Sudah memiliki mesin" })).await
    }

    /// Two certificates of the head of a family, of two trainings.
    async fn certificate(&self, family: usize, prefix: &str) -> String {
        let head = households::members(&self.officer, &format!("/v1/beneficiaries/{}", self.families[family])).await;
        let training = opened(&self.officer, 5).await;
        let seat = seat(&self.officer, &training, head[0]["id"].as_str().unwrap()).await.expect(201).id();
        let session = session(&self.officer, &training, "2026-01-05", 8).await.expect(201).id();
        mark(&self.officer, &session, &[(&seat, "present")]).await.expect(200);
        step(&self.officer, &training, "completions").await.expect(200);
        let issued = certify(&self.officer, &training, prefix).await.expect(200);
        issued.body["issued"][0]["id"].as_str().unwrap().to_owned()
    }

    /// A piece of equipment that the first family has, and that it does.
    async fn custody(&self, number: &str) -> (String, String) {
        let asset = assets::register(&self.officer, number).await.expect(201).id();
        let path = format!("/v1/assets/{asset}/hand-overs");
        let custody = self.officer.post(&path, &hand_over(&self.families[0], "2026-03-01")).await.expect(201).id();
        (asset, custody)
    }

    /// The package of the first family, handed over.
    async fn delivery(&self) -> String {
        let cycle = approve(&self.app, &self.officer, &self.program).await;
        let due = format!("/v1/entitlements?cycle_id={cycle}&beneficiary_id={}", self.families[0]);
        let due = self.officer.get(&due).await.expect(200).body["items"].clone();
        assert_eq!((due.as_array().unwrap().len(), &due[0]["quantity"]), (1, &json!("1")), "a package is one unit");
        deliver(&self.officer, &delivery(&due[0], "1")).await.expect(201).id()
    }

    async fn visit(&self, at: &str, finding: &str) -> String {
        let visit = json!({ "beneficiary_id": self.families[0], "visited_at": at, "finding": finding });
        self.facilitator.post("/v1/visits", &visit).await.expect(201).id()
    }

    async fn due(&self, query: &str) -> Vec<(i64, bool)> {
        let page = self.facilitator.get(&format!("/v1/due-empowerment-milestones?limit=200{query}")).await.expect(200);
        let told = |row: &Value| (row["number"].as_i64().unwrap(), row["is_ready"].as_bool().unwrap());
        page.body["items"].as_array().unwrap().iter().map(told).collect()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_package_says_its_milestones_in_order_and_is_not_money() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    let program = officer.post("/v1/programs", &tools("PAKET")).await.expect(201).id();
    let path = format!("/v1/programs/{program}/rule-sets");
    let faulty = async |milestones: &[Value]| pointer(officer.post(&path, &package(milestones)).await);
    assert_eq!(faulty(&[]).await, "/benefit/milestones");
    assert_eq!(faulty(&[milestone(2, "visit", 1, &[])]).await, "/benefit/milestones/0/number");
    assert_eq!(faulty(&[milestone(1, "visit", 1, &[1])]).await, "/benefit/milestones/0/needs/0");
    assert_eq!(
        faulty(&[milestone(1, "visit", 1, &[]), milestone(2, "visit", 0, &[1])]).await,
        "/benefit/milestones/1/due_after_days"
    );
    let made = officer.post(&path, &package(&sewing())).await.expect(201).body;
    assert_eq!((&made["benefit_quantity"], &made["benefit"]["milestones"][1]["needs"]), (&json!("1"), &json!([1])));

    let mut cash = tools("UANG");
    (cash["kind"], cash["unit"]) = (json!("money"), json!("IDR"));
    let cash = officer.post("/v1/programs", &cash).await.expect(201).id();
    let refused = officer.post(&format!("/v1/programs/{cash}/rule-sets"), &package(&sewing())).await;
    assert_eq!(pointer(refused), "/benefit/kind");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_family_has_one_plan_of_a_program_at_a_time() {
    let village = Village::new().await;
    let made = village.read().await;
    assert_eq!((&made["status"], &made["version"]), (&json!("in_progress"), &json!(1)));
    assert_eq!(made["milestones"][3]["due_on"], "2026-05-03");
    assert_eq!(statuses(&made), ["pending"; 5]);
    let again = plan(&village.officer, &village.families[0], &village.program).await;
    let again = again.expect_problem(409, "empowerment_plan_exists");
    assert_eq!(again.body["related"]["id"], json!(village.plan));

    let new =
        |family: &str, day: &str| json!({ "beneficiary_id": family, "program_id": village.program, "started_on": day });
    let other = village.families[1].as_str();
    let faulty = async |body: Value| pointer(village.officer.post("/v1/empowerment-plans", &body).await);
    assert_eq!(faulty(new(other, "2999-01-01")).await, "/started_on");
    let nobody = uuid::Uuid::now_v7().to_string();
    assert_eq!(faulty(new(&nobody, "2026-02-02")).await, "/beneficiary_id");
    let rice = for_all(&village.officer, "RICE").await;
    let of_rice = plan(&village.officer, other, &rice).await.expect_problem(422, "invalid_fields");
    assert_eq!(
        (&of_rice.body["errors"][0]["pointer"], &of_rice.body["errors"][0]["code"]),
        (&json!("/program_id"), &json!("program_has_no_package"))
    );
    let idle = define(&village.officer, "PAKET-2").await;
    plan(&village.officer, other, &idle).await.expect_problem(409, "enrollment_not_active");
    let early = village.officer.post("/v1/empowerment-plans", &new(other, "2025-02-02")).await;
    early.expect_problem(409, "no_rule_set_in_force");
    plan(&village.facilitator, other, &village.program).await.expect_problem(403, "insufficient_scope");
    let neighbour = village.app.client("kecamatan_officer", KENOHAN).await;
    assert_eq!(pointer(plan(&neighbour, other, &village.program).await), "/program_id");
    neighbour.get(&format!("/v1/empowerment-plans/{}", village.plan)).await.expect_problem(404, "not_found");
    let milestone = format!("/v1/empowerment-milestones/{}", village.milestones[0]);
    neighbour.get(&milestone).await.expect_problem(404, "not_found");

    let both = join(plan(&village.officer, other, &village.program), plan(&village.officer, other, &village.program));
    let (one, two) = both.await;
    let mut answers = [one.status.as_u16(), two.status.as_u16()];
    answers.sort_unstable();
    assert_eq!(answers, [201, 409]);
    let told = village.app.told(&village.officer).await;
    assert_eq!(told.iter().filter(|kind| *kind == "empowerment_plan.planned").count(), 2);
    assert_eq!(village.app.audited("plan_empowerment").await, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn milestones_are_reached_in_their_order_by_records_of_the_family() {
    let village = Village::new().await;
    let certificate = village.certificate(0, "421/A").await;
    let (_, custody) = village.custody("KJ-1").await;
    let early = village.reach(2, "custody", &custody).await.expect_problem(409, "milestone_needs_others");
    assert_eq!(early.body["lacking"], json!([1]));
    let late = village.reach(4, "visit", &custody).await.expect_problem(409, "milestone_needs_others");
    assert_eq!(late.body["lacking"], json!([2, 3]));

    assert_eq!(pointer(village.reach(1, "custody", &custody).await), "/evidence_kind");
    assert_eq!(pointer(village.reach(1, "training_certificate", &custody).await), "/evidence_id");
    let of_other = village.certificate(1, "421/B").await;
    assert_eq!(pointer(village.reach(1, "training_certificate", &of_other).await), "/evidence_id");
    let plan = village.reach(1, "training_certificate", &certificate).await.expect(200).body;
    let first = &plan["milestones"][0];
    assert_eq!(
        (&first["status"], &first["reached_on"], &first["evidence_id"]),
        (&json!("reached"), &json!("2026-01-12"), &json!(certificate))
    );
    village.reach(1, "training_certificate", &certificate).await.expect_problem(409, "command_not_possible");
    village.reach(2, "custody", &custody).await.expect(200);

    let before = village.visit("2026-01-20T02:00:00Z", "confirmed").await;
    let absent = village.visit("2026-04-20T02:00:00Z", "not_found").await;
    let visit = village.visit("2026-05-20T02:00:00Z", "confirmed").await;
    assert_eq!(pointer(village.reach(5, "visit", &before).await), "/evidence_id", "no visit of the plan");
    village.reach(5, "visit", &absent).await.expect_problem(409, "evidence_void");
    village.reach(5, "visit", &visit).await.expect(200);
    let goods = village.delivery().await;
    assert_eq!(village.reach(3, "delivery", &goods).await.expect(200).body["status"], "in_progress");
    village.reach(4, "visit", &visit).await.expect_problem(409, "evidence_used");
    let second = village.visit("2026-06-20T02:00:00Z", "corrected").await;
    let done = village.reach(4, "visit", &second).await.expect(200);
    assert_eq!((&done.body["status"], &done.body["completed_on"]), (&json!("completed"), &json!(today())));
    let read = village.officer.get(&format!("/v1/empowerment-plans/{}", village.plan)).await.expect(200);
    assert_eq!((&read.body, read.header("etag")), (&done.body, done.header("etag")));
    village.waive(&village.app.second_officer().await, 4).await.expect_problem(409, "command_not_possible");

    let told = village.app.told(&village.officer).await;
    assert_eq!(told[told.len() - 2..], ["empowerment_milestone.reached", "empowerment_plan.completed"]);
    assert_eq!(village.app.audited("reach_milestone").await, 6, "five milestones and the plan");
    // What is over makes room for another one.
    self::plan(&village.officer, &village.families[0], &village.program).await.expect(201);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_milestone_lapses_with_its_evidence_and_is_reached_again() {
    let village = Village::new().await;
    let certificate = village.certificate(0, "421/A").await;
    village.reach(1, "training_certificate", &certificate).await.expect(200);
    let tagged = village.officer.get(&format!("/v1/empowerment-plans/{}", village.plan)).await.expect(200);
    let second = village.app.second_officer().await;
    let revocation = format!("/v1/training-certificates/{certificate}/revocations");
    second.post(&revocation, &json!({ "reason": "Daftar hadir keliru" })).await.expect(200);
    let lapsed = village.officer.get(&format!("/v1/empowerment-plans/{}", village.plan)).await.expect(200);
    assert_ne!(tagged.header("etag"), lapsed.header("etag"), "no version hides that it lapsed");
    let first = &lapsed.body["milestones"][0];
    assert_eq!((&first["status"], &first["lapse_reason"]), (&json!("lapsed"), &json!("certificate_revoked")));
    let (asset, custody) = village.custody("KJ-1").await;
    let early = village.reach(2, "custody", &custody).await.expect_problem(409, "milestone_needs_others");
    assert_eq!(early.body["lacking"], json!([1]));
    village.reach(1, "training_certificate", &certificate).await.expect_problem(409, "evidence_void");
    let found = |query: &str| format!("/v1/empowerment-plans?{query}&count=exact");
    let total = async |query: &str| village.officer.get(&found(query)).await.expect(200).body["total"].clone();
    assert_eq!((total("has_lapsed=true").await, total("has_lapsed=false").await), (json!(1), json!(0)));
    assert!(village.due("&on=2026-03-04").await.contains(&(1, true)), "it is to be reached again");

    let again = village.certificate(0, "421/B").await;
    village.reach(1, "training_certificate", &again).await.expect(200);
    village.reach(2, "custody", &custody).await.expect(200);
    let back = json!({ "reason": "not_used", "condition": "good" });
    village.officer.post(&format!("/v1/assets/{asset}/hand-backs"), &back).await.expect(200);
    let goods = village.delivery().await;
    village.reach(3, "delivery", &goods).await.expect(200);
    let returned = json!({ "quantity": "1", "returned_on": today(), "reason": "damaged", "is_due_again": true });
    village.officer.post(&format!("/v1/deliveries/{goods}/returns"), &returned).await.expect(201);
    let read = village.read().await;
    assert_eq!(statuses(&read), ["reached", "lapsed", "lapsed", "pending", "pending"]);
    let reasons = [1, 2].map(|place: usize| read["milestones"][place]["lapse_reason"].clone());
    assert_eq!(reasons, ["custody_ended", "delivery_returned"]);
    village.reach(3, "delivery", &goods).await.expect_problem(409, "evidence_void");
    let waived = village.waive(&second, 2).await.expect(200).body;
    assert_eq!(
        (&waived["milestones"][1]["status"], &waived["milestones"][1]["evidence_id"]),
        (&json!("waived"), &Value::Null)
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_officer_waives_and_what_comes_after_is_open() {
    let village = Village::new().await;
    village.waive(&village.officer, 1).await.expect_problem(409, "second_person_needed");
    village.waive(&village.facilitator, 1).await.expect_problem(403, "insufficient_scope");
    let neighbour = village.app.client("second_officer", KENOHAN).await;
    village.waive(&neighbour, 1).await.expect_problem(404, "not_found");
    let second = village.app.second_officer().await;
    let (_, custody) = village.custody("KJ-1").await;
    let (one, other) = join(village.waive(&second, 1), village.waive(&second, 1)).await;
    let mut answers = [one.status.as_u16(), other.status.as_u16()];
    answers.sort_unstable();
    assert_eq!(answers, [200, 409]);
    let (one, other) = join(village.reach(2, "custody", &custody), village.waive(&second, 2)).await;
    let mut answers = [one.status.as_u16(), other.status.as_u16()];
    answers.sort_unstable();
    assert_eq!(answers, [200, 409], "a milestone is reached or waived");
    for number in [3, 4] {
        village.waive(&second, number).await.expect(200);
    }
    let done = village.waive(&second, 5).await.expect(200).body;
    assert_eq!((&done["status"], &done["milestones"][4]["waived_by"]), (&json!("completed"), &json!(second.id)));
    assert_eq!(village.app.told(&village.officer).await.last().unwrap(), "empowerment_plan.completed");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_due_and_overdue_is_listed_and_counted() {
    let village = Village::new().await;
    plan(&village.officer, &village.families[1], &village.program).await.expect(201);
    assert_eq!(village.due("&on=2026-03-03").await, []);
    assert_eq!(village.due("&on=2026-03-04").await, [(1, true), (1, true)]);
    let second = village.app.second_officer().await;
    village.waive(&second, 1).await.expect(200);
    let due = village.due("&on=2026-04-03").await;
    assert_eq!(due.iter().filter(|one| **one == (2, true)).count(), 1, "the other family's waits for the training");
    assert_eq!((due.len(), due[0]), (5, (1, true)));
    assert_eq!(village.due("&on=2026-04-03&kind=goods").await, [(3, true); 2]);
    assert_eq!(
        village.due(&format!("&on=2026-04-03&village_code={JANGGUT}&program_id={}", village.program)).await.len(),
        5
    );
    assert_eq!(village.due("&on=2026-04-03&village_code=64.02.10.2005").await, []);
    assert_eq!(village.due("&on=2026-04-03&sort=-due_on").await.last(), Some(&(1, true)));
    let page =
        village.facilitator.get("/v1/due-empowerment-milestones?on=2026-04-03&limit=2&count=exact").await.expect(200);
    assert_eq!(page.body["total"], 5);
    let next = page.body["next"].as_str().unwrap();
    assert_eq!(village.due(&format!("&on=2026-04-03&cursor={next}")).await, due[2..]);

    let listed =
        async |query: &str| assets::listed(&village.officer, &format!("/v1/empowerment-plans?{query}")).await.len();
    assert_eq!(listed("overdue_on=2026-03-04").await, 0);
    assert_eq!(listed("overdue_on=2026-03-05").await, 1);
    assert_eq!(listed("overdue_on=2026-04-04").await, 2);
    assert_eq!(listed(&format!("village_code={JANGGUT}&status=in_progress&sort=-id")).await, 2);
    assert_eq!(listed(&format!("beneficiary_id={}", village.families[1])).await, 1);
    assert_eq!(listed("village_code=64.02.10.2005").await, 0);
    assert_eq!(listed("status=completed").await, 0);

    let counts =
        village.officer.get("/v1/empowerment-plan-counts?on=2026-04-04").await.expect(200).body["items"].clone();
    let told = ["in_progress", "milestones_waived", "milestones_open", "milestones_overdue", "milestones_reached"]
        .map(|name| counts[0][name].as_i64().unwrap());
    assert_eq!((counts.as_array().unwrap().len(), told), (1, [2, 1, 9, 5, 0]));
    let neighbour = village.app.client("kecamatan_officer", KENOHAN).await;
    for path in ["/v1/empowerment-plans", "/v1/due-empowerment-milestones?on=2027-01-01", "/v1/empowerment-plan-counts"]
    {
        assert_eq!(neighbour.get(path).await.expect(200).body["items"], json!([]));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_plan_ends_early_with_a_reason_and_with_its_family() {
    let village = Village::new().await;
    let path = format!("/v1/empowerment-plans/{}/terminations", village.plan);
    let end = async |body: Value| village.officer.post(&path, &body).await;
    assert_eq!(pointer(end(json!({ "reason": "merged" })).await), "/reason");
    assert_eq!(pointer(end(json!({ "reason": "other" })).await), "/note");
    assert_eq!(pointer(end(json!({ "reason": "refused", "ended_on": "2026-01-01" })).await), "/ended_on");
    let refusal = json!({ "reason": "refused", "note": "Memilih usaha lain" });
    village.facilitator.post(&path, &refusal).await.expect_problem(403, "insufficient_scope");
    let ended = village.officer.post_keyed(&path, "end-plan-1", &refusal).await.expect(200).body;
    assert_eq!(
        (&ended["status"], &ended["end_reason"], &ended["version"]),
        (&json!("ended"), &json!("refused"), &json!(2))
    );
    let again = village.officer.post_keyed(&path, "end-plan-1", &refusal).await.expect(200);
    assert_eq!((&again.body, again.header("idempotency-replayed")), (&ended, "true"));
    end(refusal).await.expect_problem(409, "command_not_possible");
    let visit = village.visit("2026-05-20T02:00:00Z", "confirmed").await;
    village.reach(5, "visit", &visit).await.expect_problem(409, "command_not_possible");
    assert_eq!(village.due("&on=2027-01-01").await, []);

    let moving = plan(&village.officer, &village.families[0], &village.program).await.expect(201).id();
    let away =
        json!({ "village_code": "64.02.09.2001", "address": "RT 01", "on": today(), "change_reason": "Bekerja" });
    let family = format!("/v1/beneficiaries/{}", village.families[0]);
    let offer = village.officer.post(&format!("{family}/relocations"), &away).await.expect(201);
    let neighbour = village.app.client("kecamatan_officer", KENOHAN).await;
    neighbour.post(&format!("{}/acceptances", offer.header("location")), &json!({})).await.expect(200);
    let dying = plan(&village.officer, &village.families[1], &village.program).await.expect(201).id();
    let family = format!("/v1/beneficiaries/{}", village.families[1]);
    for member in households::members(&village.officer, &family).await.iter().rev() {
        let path = format!("/v1/members/{}/departures", member["id"].as_str().unwrap());
        village.officer.post(&path, &json!({ "reason": "died", "on": today() })).await.expect(201);
    }
    for (plan, reason) in [(moving, "moved"), (dying, "died")] {
        let plan = village.officer.get(&format!("/v1/empowerment-plans/{plan}")).await.expect(200).body;
        assert_eq!((&plan["status"], &plan["end_reason"]), (&json!("ended"), &json!(reason)));
        assert_eq!(plan["ended_on"], json!(today()));
    }
    assert_eq!(neighbour.get("/v1/empowerment-plans").await.expect(200).body["items"], json!([]));
    let told = village.app.told(&village.officer).await;
    assert_eq!(told.iter().filter(|kind| *kind == "empowerment_plan.ended").count(), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn families_that_join_go_on_with_the_plan() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    let (ending, lasting) = (households::settle(&officer, 1).await, households::settle(&officer, 2).await);
    let (one, other) = (define(&officer, "PAKET-1").await, define(&officer, "PAKET-2").await);
    for program in [&one, &other] {
        enrol(&officer, program, json!({ "started_on": "2026-01-05" })).await;
    }
    let carried = plan(&officer, &ending.id, &one).await.expect(201).id();
    let ended = plan(&officer, &ending.id, &other).await.expect(201).id();
    plan(&officer, &lasting.id, &other).await.expect(201);
    let joined = households::merger(&ending, &lasting);
    let joined = officer.post(&format!("{}/mergers", ending.path), &joined).await.expect(201).body;
    assert_eq!((&joined["carried_plan_ids"], &joined["ended_plan_ids"]), (&json!([carried]), &json!([ended])));
    let read = async |id: &str| officer.get(&format!("/v1/empowerment-plans/{id}")).await.expect(200).body;
    let (carried, ended) = (read(&carried).await, read(&ended).await);
    assert_eq!((&carried["beneficiary_id"], &carried["status"]), (&json!(lasting.id), &json!("in_progress")));
    assert_eq!((&ended["beneficiary_id"], &ended["end_reason"]), (&json!(ending.id), &json!("merged")));
    let told = app.told(&officer).await;
    assert!(
        told.contains(&"empowerment_plan.carried".to_owned()) && told.contains(&"empowerment_plan.ended".to_owned())
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_household_registered_twice_goes_on_with_its_plans_and_an_undo_gives_them_back() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    let (keeper, giver) = two_cards(&officer).await;
    let (one, other) = (define(&officer, "PAKET-1").await, define(&officer, "PAKET-2").await);
    for program in [&one, &other] {
        enrol(&officer, program, json!({ "started_on": "2026-01-05" })).await;
    }
    let made = plan(&officer, &giver, &one).await.expect(201);
    let (carried, last) = (made.id(), ids(&made.body)[4].clone());
    let ended = plan(&officer, &giver, &other).await.expect(201).id();
    plan(&officer, &keeper, &other).await.expect(201);
    let visit = json!({ "beneficiary_id": giver, "visited_at": "2026-05-20T02:00:00Z", "finding": "confirmed" });
    let visit = officer.post("/v1/visits", &visit).await.expect(201).id();
    let read = async |id: &str| officer.get(&format!("/v1/empowerment-plans/{id}")).await.expect(200).body;
    let standing = async |id: &str| {
        let plan = read(id).await;
        [&plan["beneficiary_id"], &plan["status"], &plan["end_reason"]]
            .map(|field| field.as_str().unwrap_or("-").to_owned())
    };
    let as_it_was = [standing(&carried).await, standing(&ended).await];

    let pair = decided(&officer).await;
    let whole = merger(&pair, "one_member_id", &json!({ "merges_families": true }));
    let merged = officer.post("/v1/duplicates/mergers", &whole).await.expect(201);
    assert_eq!(
        (&merged.body["carried_plan_ids"], &merged.body["ended_plan_ids"]),
        (&json!([carried]), &json!([ended]))
    );
    assert_eq!(standing(&carried).await, [keeper.as_str(), "in_progress", "-"]);
    assert_eq!(standing(&ended).await, [giver.as_str(), "ended", "merged"]);
    let undo = format!("/v1/duplicates/mergers/{}/reversals", merged.id());
    officer.post(&undo, &json!({ "reason": "Two households" })).await.expect(201);
    assert_eq!([standing(&carried).await, standing(&ended).await], as_it_was);
    let mut told = told_of_plans(&app, &officer).await.split_off(3);
    told[..2].sort();
    told[2..].sort();
    let merging = [plan_event("carried", &carried, &keeper), plan_event("ended", &ended, &giver)];
    let parting = [plan_event("carried", &carried, &giver), plan_event("restored", &ended, &giver)];
    assert_eq!(told, [merging, parting].concat());

    let again = officer.get("/v1/duplicates/pairs").await.expect(200).body["items"][0].clone();
    let decision = format!("/v1/duplicates/pairs/{}/decisions", again["id"].as_str().unwrap());
    officer.post(&decision, &json!({ "decision": "same", "reason": "One household" })).await;
    let merged = officer.post("/v1/duplicates/mergers", &whole).await.expect(201);
    // What was recorded of the family that ended shows a milestone of the one that goes on.
    let shown = json!({ "evidence_kind": "visit", "evidence_id": visit });
    officer.post(&format!("/v1/empowerment-milestones/{last}/attainments"), &shown).await.expect(200);
    let undo = format!("/v1/duplicates/mergers/{}/reversals", merged.id());
    let undo = officer.post(&undo, &json!({ "reason": "Two households" })).await;
    undo.expect_problem(409, "duplicate_merger_changed_since");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_company_handed_over_and_a_follow_up_show_milestones() {
    let cast = Cast::new().await;
    let (pledge, line) = cast.stocked("5", &[HAMBAU]).await;
    let family = cast.app.needy_families(HAMBAU, 1, "hand_tractor", "1").await.remove(0);
    let program = define(&cast.first, "PAKET").await;
    enrol(&cast.first, &program, json!({ "started_on": "2026-01-05" })).await;
    let new = json!({ "beneficiary_id": family.beneficiary_id, "program_id": program, "started_on": "2026-01-05" });
    let milestones = ids(&cast.first.post("/v1/empowerment-plans", &new).await.expect(201).body);
    let reach = async |place: usize, kind: &str, evidence: &str| {
        let path = format!("/v1/empowerment-milestones/{}/attainments", milestones[place]);
        cast.first.post(&path, &json!({ "evidence_kind": kind, "evidence_id": evidence })).await
    };
    let allocation = json!({ "pledge_line_id": line, "need_id": family.need_id, "quantity": "1" });
    let allocation = cast.first.post(&format!("/v1/pledges/{pledge}/allocations"), &allocation).await.expect(201).id();
    let mut given = handover("1", &family.beneficiary_id.to_string());
    given["delivered_on"] = json!("2026-01-10");
    let given = cast.second.post(&format!("/v1/allocations/{allocation}/deliveries"), &given).await.expect(201).id();
    let tractor = reach(2, "allocation_delivery", &given).await.expect_problem(422, "invalid_fields");
    assert_eq!(tractor.body["errors"][0]["code"], "not_for_this_kind", "a tractor is no goods");
    let waiver = format!("/v1/empowerment-milestones/{}/waivers", milestones[0]);
    cast.second.post(&waiver, &json!({ "reason": "Sudah terampil" })).await.expect(200);
    reach(1, "allocation_delivery", &given).await.expect(200);

    let met = |is_found: bool, corrects: Option<&str>| {
        let said = is_found.then_some(true);
        json!({ "aid_id": allocation, "month_mark": 3, "visited_on": "2026-04-12", "is_found": is_found, "is_held": said,
                "is_in_use": said, "is_working": said, "is_earning": said, "income": is_found.then_some("higher"),
                "is_on_aid": said, "corrects": corrects })
    };
    let follow_up = async |body: Value| cast.first.post("/v1/follow-ups", &body).await.expect(201).id();
    let first = follow_up(met(true, None)).await;
    let plan = reach(4, "follow_up", &first).await.expect(200).body;
    assert_eq!(
        (&plan["milestones"][4]["status"], &plan["milestones"][4]["reached_on"]),
        (&json!("reached"), &json!("2026-04-12"))
    );
    let absent = follow_up(met(false, Some(&first))).await;
    let path = format!("/v1/empowerment-milestones/{}", milestones[4]);
    let read = async || cast.first.get(&path).await.expect(200).body;
    let lapsed = read().await;
    assert_eq!((&lapsed["status"], &lapsed["lapse_reason"]), (&json!("lapsed"), &json!("visit_corrected")));
    reach(4, "follow_up", &absent).await.expect_problem(409, "evidence_void");
    let again = follow_up(met(true, Some(&absent))).await;
    assert_eq!(read().await["status"], "reached", "the newest record counts");
    reach(4, "follow_up", &again).await.expect_problem(409, "command_not_possible");
}
