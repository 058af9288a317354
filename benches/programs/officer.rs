//! An officer of the sub-district, who asks and commands.

use std::sync::Mutex;
use std::time::Duration;

use reqwest::blocking::{Client as Http, RequestBuilder};
use serde_json::{Value, json};

use crate::service::{Service, token};

/// A key that no other command has.
pub(crate) fn new_key() -> String {
    format!("bench-{}", uuid::Uuid::now_v7())
}

fn http() -> Http {
    Http::builder().timeout(Duration::from_mins(15)).build().unwrap()
}

/// Who asks.
pub(crate) struct Officer {
    url: String,
    client_id: String,
    secret: String,
    token: Mutex<String>,
    http: Http,
}

impl Officer {
    pub(crate) fn new(service: &Service, client_id: &str) -> Self {
        let token = Mutex::new(service.token(client_id));
        let (client_id, secret) = (client_id.to_owned(), service.secret(client_id));
        Self { url: service.url.clone(), client_id, secret, token, http: http() }
    }

    pub(crate) fn get(&self, path: &str) -> Value {
        let (status, text) = self.read(path).unwrap();
        assert!((200..300).contains(&status), "{path}: {text}");
        serde_json::from_str(&text).unwrap()
    }

    /// Asks; `None` where no answer came.
    pub(crate) fn read(&self, path: &str) -> Option<(u16, String)> {
        self.read_as(path, None)
    }

    /// The same for one form of the answer.
    pub(crate) fn read_as(&self, path: &str, form: Option<&str>) -> Option<(u16, String)> {
        self.ask(&self.http.get(format!("{}{path}", self.url)).header("Accept", form.unwrap_or("application/json")))
    }

    pub(crate) fn post(&self, path: &str, body: &Value) -> Value {
        let (status, text) = self.send(path, body, &new_key()).unwrap();
        assert!((200..300).contains(&status), "{path}: {text}");
        serde_json::from_str(&text).unwrap()
    }

    /// Sends a command with its key; `None` where no answer came.
    pub(crate) fn send(&self, path: &str, body: &Value, key: &str) -> Option<(u16, String)> {
        self.ask(&self.http.post(format!("{}{path}", self.url)).json(body).header("Idempotency-Key", key))
    }

    /// Once more where the token had run out.
    fn ask(&self, request: &RequestBuilder) -> Option<(u16, String)> {
        let send = || {
            let request = request.try_clone().unwrap().bearer_auth(&*self.token.lock().unwrap());
            let answer = request.send().ok()?;
            Some((answer.status().as_u16(), answer.text().ok()?))
        };
        let answer = send()?;
        if answer.0 != 401 {
            return Some(answer);
        }
        *self.token.lock().unwrap() = token(&self.url, (&self.client_id, &self.secret))?;
        send()
    }

    /// Defines a program of 10 kg a month; answers its id.
    pub(crate) fn define(&self, code: &str, eligibility: &str) -> String {
        let program =
            json!({ "code": code, "name": "Contoh", "kind": "goods", "unit": "kg", "description": "Contoh." });
        let id = self.post("/v1/programs", &program)["id"].as_str().unwrap().to_owned();
        let rules = json!({
            "eligibility": eligibility, "benefit_quantity": "10", "benefit_period": "month",
            "legal_basis": { "title": "Contoh", "number": "1/2026" }, "effective_from": "2026-01-01"
        });
        self.post(&format!("/v1/programs/{id}/rule-sets"), &rules);
        id
    }

    pub(crate) fn keep_off(&self, one: &str, other: &str) {
        let rule = json!({
            "code": "BENCH-NOT-BOTH", "kind": "excludes", "program_ids": [one], "excluded_program_ids": [other],
            "legal_basis": { "title": "Contoh", "number": "1/2026" }, "effective_from": "2026-01-01"
        });
        self.post("/v1/overlap-rules", &rule);
    }

    pub(crate) fn set_quota(&self, program: &str, village: usize, places: usize) {
        let quota = json!({
            "village_code": format!("64.02.10.{}", 2001 + village), "places": places, "decree_number": "140/2/2026",
            "effective_from": "2026-01-01"
        });
        self.post(&format!("/v1/programs/{program}/quotas"), &quota);
    }
}
