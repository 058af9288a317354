//! A client of the API.

use std::time::Duration;

use reqwest::{Method, RequestBuilder, StatusCode};
use serde_json::Value;

/// Calls the API with a token, or without one.
#[derive(Clone)]
pub(crate) struct Client {
    http: reqwest::Client,
    url: String,
    token: Option<String>,
    pub(crate) id: String,
    pub(crate) secret: String,
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: reqwest::header::HeaderMap,
    pub(crate) text: String,
    pub(crate) body: Value,
}

impl Answer {
    /// A header as text; empty where there is none.
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map(|value| value.to_str().unwrap()).unwrap_or_default()
    }

    /// Stops the test unless the status is this one.
    #[track_caller]
    pub(crate) fn expect(self, status: u16) -> Self {
        assert_eq!(self.status.as_u16(), status, "{}", self.text);
        self
    }

    /// Stops the test unless it is a problem of this status and code.
    #[track_caller]
    pub(crate) fn expect_problem(self, status: u16, code: &str) -> Self {
        let answer = self.expect(status);
        assert_eq!(answer.body["code"], code, "{}", answer.text);
        assert_eq!(answer.header("content-type"), "application/problem+json");
        answer
    }

    /// The record that was made, without what registering it tells beside.
    pub(crate) fn record(&self) -> Value {
        let mut record = self.body.clone();
        record.as_object_mut().unwrap().remove("possible_duplicates");
        record
    }

    /// The `id` of the body.
    #[track_caller]
    pub(crate) fn id(&self) -> String {
        self.body["id"].as_str().unwrap_or_else(|| panic!("no id in {}", self.text)).to_owned()
    }
}

impl Client {
    pub(crate) fn stranger(url: &str) -> Self {
        Self {
            http: reqwest::Client::new(),
            url: url.to_owned(),
            token: None,
            id: String::new(),
            secret: String::new(),
        }
    }

    /// Takes a token with client credentials.
    pub(crate) async fn sign_in(url: &str, id: &str, secret: &str) -> Self {
        let mut client = Self { id: id.to_owned(), secret: secret.to_owned(), ..Self::stranger(url) };
        let request = client.http.post(format!("{url}/oauth2/token")).basic_auth(id, Some(secret));
        let answer = send(request.form(&[("grant_type", "client_credentials")])).await.expect(200);
        client.token = Some(answer.body["access_token"].as_str().unwrap().to_owned());
        client
    }

    /// The same client with another token.
    pub(crate) fn with_token(&self, token: &str) -> Self {
        Self { token: Some(token.to_owned()), ..self.clone() }
    }

    /// The token.
    pub(crate) fn token(&self) -> &str {
        self.token.as_deref().unwrap_or_default()
    }

    /// A request to fill in.
    pub(crate) fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let request = self.http.request(method, format!("{}{path}", self.url));
        match &self.token {
            Some(token) => request.bearer_auth(token),
            None => request,
        }
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        send(self.request(Method::GET, path)).await
    }

    /// POST with a fresh key.
    pub(crate) async fn post(&self, path: &str, body: &Value) -> Answer {
        self.post_keyed(path, &uuid::Uuid::now_v7().to_string(), body).await
    }

    /// POST with a key of the test's choice.
    pub(crate) async fn post_keyed(&self, path: &str, key: &str, body: &Value) -> Answer {
        send(self.request(Method::POST, path).header("Idempotency-Key", key).json(body)).await
    }

    /// POST with a fresh key, as a client should where many ask at once.
    pub(crate) async fn post_patiently(&self, path: &str, body: &Value) -> Answer {
        self.post_keyed_patiently(path, &uuid::Uuid::now_v7().to_string(), body).await
    }

    /// POST with a key of the test's choice; where no connection is free, again with the same key.
    pub(crate) async fn post_keyed_patiently(&self, path: &str, key: &str, body: &Value) -> Answer {
        loop {
            let answer = self.post_keyed(path, key, body).await;
            if answer.status.as_u16() != 503 {
                return answer;
            }
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
    }

    /// PATCH under a condition.
    pub(crate) async fn patch(&self, path: &str, etag: &str, changes: &Value) -> Answer {
        let request = self.request(Method::PATCH, path).header("If-Match", etag);
        send(request.header("Content-Type", "application/merge-patch+json").body(changes.to_string())).await
    }
}

/// Sends a request and reads what comes back.
pub(crate) async fn send(request: RequestBuilder) -> Answer {
    let response = request.send().await.unwrap();
    let (status, headers) = (response.status(), response.headers().clone());
    let text = response.text().await.unwrap();
    let body = serde_json::from_str(&text).unwrap_or_default();
    Answer { status, headers, text, body }
}
