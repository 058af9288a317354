//! A company and two officers, and a pledge as far as a test wants it.

use serde_json::{Value, json};

use super::{Answer, Client, HAMBAU, KELEKAT, TestApp};

/// Those who act in a test of pledges.
pub(crate) struct Cast {
    pub(crate) app: TestApp,
    pub(crate) company_id: String,
    pub(crate) company: Client,
    pub(crate) first: Client,
    pub(crate) second: Client,
}

/// A line of a pledge.
pub(crate) fn line(kind: &str, quantity: &str, villages: &[&str]) -> Value {
    json!({ "kind": kind, "quantity": quantity, "unit_value_rupiah": 1_000_000,
            "valuation_basis": "acquisition_value", "village_codes": villages })
}

/// A pledge of 200 hand tractors and 40 training seats in two villages.
pub(crate) fn tools_and_training() -> Value {
    let villages = [HAMBAU, KELEKAT];
    json!({ "title": "Alat dan pelatihan", "year": 2026,
            "lines": [line("hand_tractor", "200", &villages), line("training_seat", "40", &villages)] })
}

impl Cast {
    pub(crate) async fn new() -> Self {
        Self::with(TestApp::new().await).await
    }

    /// The same on a service of the test's.
    pub(crate) async fn with(app: TestApp) -> Self {
        let (company_id, company) = app.company("PT Contoh Sawit").await;
        let (first, second) = (app.kecamatan().await, app.second_officer().await);
        Self { app, company_id, company, first, second }
    }

    pub(crate) async fn draft(&self, pledge: &Value) -> Answer {
        self.company.post("/v1/pledges", pledge).await.expect(201)
    }

    pub(crate) async fn submitted(&self, pledge: &Value) -> String {
        let id = self.draft(pledge).await.id();
        self.company.post(&format!("/v1/pledges/{id}/submissions"), &json!({})).await.expect(200);
        id
    }

    /// A pledge that both officers accepted.
    pub(crate) async fn committed(&self, pledge: &Value) -> Answer {
        let id = self.submitted(pledge).await;
        let address = format!("/v1/pledges/{id}/acceptances");
        self.first.post(&address, &json!({})).await.expect(200);
        self.second.post(&address, &json!({})).await.expect(200)
    }

    /// A committed pledge of one line of hand tractors, all received.
    pub(crate) async fn stocked(&self, quantity: &str, villages: &[&str]) -> (String, String) {
        let pledge = json!({ "title": "Traktor", "year": 2026, "lines": [line("hand_tractor", quantity, villages)] });
        let committed = self.committed(&pledge).await;
        let (id, line_id) = (committed.id(), line_id(&committed, 0));
        self.receive(&id, &line_id, quantity).await.expect(201);
        (id, line_id)
    }

    pub(crate) async fn receive(&self, id: &str, line_id: &str, quantity: &str) -> Answer {
        let receipt = json!({ "pledge_line_id": line_id, "quantity": quantity,
                              "handover_number": "BAST/1", "received_on": "2026-01-05" });
        self.first.post_patiently(&format!("/v1/pledges/{id}/receipts"), &receipt).await
    }

    pub(crate) async fn run(&self, id: &str, is_preview: bool) -> Answer {
        self.first
            .post_patiently(&format!("/v1/pledges/{id}/allocation-runs"), &json!({ "is_preview": is_preview }))
            .await
    }

    pub(crate) async fn trail(&self, id: &str) -> Value {
        self.company.get(&format!("/v1/pledges/{id}/trail?limit=200")).await.expect(200).body
    }

    /// Proposes a decision on a pledge.
    pub(crate) async fn propose(&self, by: &Client, id: &str, noun: &str, body: &Value) -> Answer {
        by.post(&format!("/v1/pledges/{id}/{noun}"), body).await
    }

    /// Agrees to a decision.
    pub(crate) async fn agree(&self, by: &Client, decision: &Answer) -> Answer {
        by.post(&format!("/v1/pledge-decisions/{}/agreements", decision.id()), &json!({})).await
    }

    /// A decision that the first officer proposes and the second agrees to.
    pub(crate) async fn decided(&self, id: &str, noun: &str, body: &Value) -> Answer {
        let proposed = self.propose(&self.first, id, noun, body).await.expect(201);
        self.agree(&self.second, &proposed).await.expect(200)
    }

    /// An amendment that the company proposes and an officer agrees to.
    pub(crate) async fn amended(&self, id: &str, body: &Value) -> Answer {
        let proposed = self.propose(&self.company, id, "amendments", body).await.expect(201);
        self.agree(&self.first, &proposed).await.expect(200)
    }

    /// What is due of a pledge.
    pub(crate) async fn due(&self, id: &str) -> Value {
        self.company.get(&format!("/v1/pledges/{id}/installments")).await.expect(200).body
    }

    /// The ledger, summed anew, has nothing to complain of.
    pub(crate) async fn assert_sums(&self) {
        let found = self.first.get("/v1/ledger/discrepancies").await.expect(200).body;
        assert_eq!(found, json!({ "items": [], "lines": [] }));
    }
}

/// Id of a line of a pledge.
pub(crate) fn line_id(pledge: &Answer, index: usize) -> String {
    pledge.body["lines"][index]["id"].as_str().unwrap().to_owned()
}

/// A handover, signed by a member.
pub(crate) fn handover(quantity: &str, member_id: &str) -> Value {
    json!({ "quantity": quantity, "delivered_on": "2026-11-12", "collector_member_id": member_id,
            "handover_number": "BAST/031/2026", "proof_media_type": "image/jpeg", "proof_digest": "ab".repeat(32) })
}
