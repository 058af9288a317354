//! A pledge of 100 units and 1,000 clients who each ask for one of them at the same moment.

use reqwest::{Client as Http, StatusCode};
use serde_json::{Value, json};
use tokio::sync::Barrier;

use crate::figure::tell_exact;
use crate::load::psql;
use crate::service::{AREA, Service};

/// Units of the pledge.
const PLEDGED: usize = 100;
/// Clients, each with a connection and a needy family of its own.
const CLIENTS: usize = 1_000;
/// What is pledged.
const KIND: &str = "hand_tractor";

pub(crate) fn run(service: &Service) {
    let needs = open_needs(service);
    let runtime = tokio::runtime::Runtime::new().unwrap();
    // A token is asked for by a client that blocks, which has no place in there.
    let names = ["sandbox-company", "sandbox-kecamatan", "sandbox-second-officer"];
    let [company, officer, second] = names.map(|client_id| Caller::new(service, client_id));
    let granted = runtime.block_on(async {
        let (pledge, line) = stocked(&company, [&officer, &second]).await;
        race(&officer, &format!("/v1/pledges/{pledge}/allocations"), &line, needs).await
    });
    let kept = psql(service, "select count(*) from allocations where created_at > now() - interval '10 minutes'");
    assert_eq!(kept.trim(), granted.to_string(), "what was answered is not what was kept");
    tell_exact("pledge of 100, 1,000 clients: granted", granted, PLEDGED);
}

/// A client of the service.
struct Caller {
    http: Http,
    url: String,
    token: String,
}

impl Caller {
    fn new(service: &Service, client_id: &str) -> Self {
        Self { http: Http::new(), url: service.url.clone(), token: service.token(client_id) }
    }

    async fn post(&self, path: &str, body: &Value) -> (StatusCode, Value) {
        let key = uuid::Uuid::now_v7().to_string();
        loop {
            let request = self.http.post(format!("{}{path}", self.url)).bearer_auth(&self.token);
            let sent = request.header("Idempotency-Key", &key).json(body).send().await.unwrap();
            // A crowd that waits too long is sent away, and may come again with the same key.
            if sent.status() != StatusCode::SERVICE_UNAVAILABLE {
                return (sent.status(), sent.json().await.unwrap());
            }
        }
    }

    async fn succeed(&self, path: &str, body: &Value) -> Value {
        let (status, told) = self.post(path, body).await;
        assert!(status.is_success(), "{path}: {status} {told}");
        told
    }
}

/// Open needs of one unit by verified families, made where the sandbox has too few.
fn open_needs(service: &Service) -> Vec<String> {
    psql(
        service,
        &format!(
            "update beneficiaries set verified_at = now(), verified_by = 'bench' where area_id = {AREA} and id in (
                select id from beneficiaries where area_id = {AREA} and status = 'live' order by id limit {CLIENTS} * 3);
            insert into needs (area_id, id, beneficiary_id, kind, quantity, status, recorded_by, created_at, updated_at)
            select {AREA}, gen_random_uuid(), id, '{KIND}', 1, 'open', 'bench', now(), now() from beneficiaries b
            where area_id = {AREA} and status = 'live' and verified_by = 'bench' and not exists (
                select from needs n where n.area_id = {AREA} and n.beneficiary_id = b.id and n.kind = '{KIND}')
            order by id limit {CLIENTS}"
        ),
    );
    let found =
        psql(service, &format!("select id from needs where recorded_by = 'bench' and status = 'open' limit {CLIENTS}"));
    let needs: Vec<String> = found.lines().map(ToOwned::to_owned).collect();
    assert_eq!(needs.len(), CLIENTS);
    needs
}

/// A pledge that two officers accepted and whose goods were received; its id and that of its line.
async fn stocked(company: &Caller, officers: [&Caller; 2]) -> (String, String) {
    let line = json!({
        "kind": KIND, "quantity": PLEDGED.to_string(), "unit_value_rupiah": 18_000_000,
        "valuation_basis": "acquisition_value",
        "village_codes": (2_001..=2_011).map(|village| format!("64.02.10.{village}")).collect::<Vec<_>>(),
    });
    let draft = json!({ "title": "Lomba seribu", "year": 2026, "lines": [line] });
    let made = company.succeed("/v1/pledges", &draft).await;
    let (pledge, line) = (text(&made["id"]), text(&made["lines"][0]["id"]));
    company.succeed(&format!("/v1/pledges/{pledge}/submissions"), &json!({})).await;
    for officer in officers {
        officer.succeed(&format!("/v1/pledges/{pledge}/acceptances"), &json!({})).await;
    }
    let receipt = json!({
        "pledge_line_id": line, "quantity": PLEDGED.to_string(), "received_on": "2026-11-10",
        "handover_number": "BAST/LOMBA/2026/001",
    });
    let [officer, _] = officers;
    officer.succeed(&format!("/v1/pledges/{pledge}/receipts"), &receipt).await;
    (pledge, line)
}

/// Lets all ask at once; how many were granted. Whoever was not, was told that not enough is left.
async fn race(officer: &Caller, path: &str, line: &str, needs: Vec<String>) -> usize {
    let start = std::sync::Arc::new(Barrier::new(needs.len()));
    let asks = needs.into_iter().map(|need| {
        let (start, path, url, token) = (start.clone(), path.to_owned(), officer.url.clone(), officer.token.clone());
        let ask = json!({ "pledge_line_id": line, "need_id": need, "quantity": "1" });
        tokio::spawn(async move {
            let caller = Caller { http: Http::new(), url, token };
            start.wait().await;
            caller.post(&path, &ask).await
        })
    });
    let mut granted = 0;
    for ask in asks.collect::<Vec<_>>() {
        let (status, told) = ask.await.unwrap();
        if status == StatusCode::CREATED {
            granted += 1;
        } else {
            assert_eq!((status.as_u16(), &told["code"]), (409, &json!("not_enough_left")), "{told}");
        }
    }
    granted
}

fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}
