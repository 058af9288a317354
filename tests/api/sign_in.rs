//! The token endpoint, and the documents about it.

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair};
use chrono::Utc;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Answer, Client, TestApp, send};

/// Asks for a token with the given form.
async fn ask(app: &TestApp, form: &[(&str, &str)]) -> Answer {
    send(app.stranger().request(Method::POST, "/oauth2/token").form(form)).await
}

fn expect_error(answer: Answer, status: u16, error: &str) -> Answer {
    let answer = answer.expect(status);
    assert_eq!(answer.body, json!({ "error": error }));
    assert_eq!(answer.header("cache-control"), "no-store");
    answer
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_signs_in_by_basic_or_by_form() {
    let app = TestApp::new().await;
    let client = app.puskesos().await;
    let by_form = [("grant_type", "client_credentials"), ("client_id", &client.id), ("client_secret", &client.secret)];
    let answer = ask(&app, &by_form).await.expect(200);
    assert_eq!(answer.header("cache-control"), "no-store");
    assert_eq!(answer.body["token_type"], "Bearer");
    assert_eq!(answer.body["expires_in"], 900);
    client.with_token(answer.body["access_token"].as_str().unwrap()).get("/v1/regions").await.expect(200);

    let basic = app.stranger().request(Method::POST, "/oauth2/token").basic_auth(&client.id, Some(&client.secret));
    send(basic.form(&[("grant_type", "client_credentials"), ("client_id", &client.id)])).await.expect(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_wrong_with_a_sign_in_is_told_as_oauth_asks() {
    let app = TestApp::new().await;
    let client = app.puskesos().await;
    let (id, secret) = (client.id.as_str(), client.secret.as_str());
    let credentials = [("client_id", id), ("client_secret", secret)];
    let with = |pair: &[(&'static str, &'static str)]| [&credentials[..], pair].concat();

    expect_error(ask(&app, &with(&[("grant_type", "password")])).await, 400, "unsupported_grant_type");
    expect_error(ask(&app, &with(&[("grant_type", "refresh_token")])).await, 400, "unsupported_grant_type");
    expect_error(ask(&app, &with(&[])).await, 400, "invalid_request");
    let twice = with(&[("grant_type", "client_credentials"), ("grant_type", "client_credentials")]);
    expect_error(ask(&app, &twice).await, 400, "invalid_request");
    let unknown_scope = with(&[("grant_type", "client_credentials"), ("scope", "beneficiaries:read audit:read")]);
    expect_error(ask(&app, &unknown_scope).await, 400, "invalid_scope");

    let as_json =
        app.stranger().request(Method::POST, "/oauth2/token").json(&json!({ "grant_type": "client_credentials" }));
    expect_error(send(as_json).await, 400, "invalid_request");
    for (id, secret) in [(id, "wrong"), ("nobody-here", secret), (id, ""), ("", ""), ("\u{0}", "\u{0}")] {
        let form = [("grant_type", "client_credentials"), ("client_id", id), ("client_secret", secret)];
        let answer = expect_error(ask(&app, &form).await, 401, "invalid_client");
        assert_eq!(answer.header("www-authenticate"), "Basic realm=\"sinergi\"");
    }
    expect_error(ask(&app, &[("grant_type", "client_credentials")]).await, 401, "invalid_client");
    let both = app.stranger().request(Method::POST, "/oauth2/token").basic_auth(id, Some(secret));
    expect_error(send(both.form(&with(&[("grant_type", "client_credentials")]))).await, 401, "invalid_client");
    let other = app.stranger().request(Method::POST, "/oauth2/token").basic_auth(id, Some(secret));
    let other = other.form(&[("grant_type", "client_credentials"), ("client_id", "somebody-else")]);
    expect_error(send(other).await, 401, "invalid_client");
    app.stranger().get("/oauth2/token").await.expect_problem(405, "method_not_allowed");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_can_be_narrowed_and_never_widened() {
    let app = TestApp::new().await;
    let client = app.puskesos().await;
    let form = [
        ("grant_type", "client_credentials"),
        ("client_id", &client.id),
        ("client_secret", &client.secret),
        ("scope", "regions:read"),
    ];
    let answer = ask(&app, &form).await.expect(200);
    assert_eq!(answer.body["scope"], "regions:read");
    let narrow = client.with_token(answer.body["access_token"].as_str().unwrap());
    narrow.get("/v1/regions").await.expect(200);
    let refused = narrow.get("/v1/beneficiaries").await.expect_problem(403, "insufficient_scope");
    let told = refused.header("www-authenticate");
    assert_eq!(told, r#"Bearer error="insufficient_scope", scope="beneficiaries:read""#);
    client.get("/v1/beneficiaries").await.expect(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn guessing_a_secret_ends_after_ten() {
    let app = TestApp::new().await;
    let (client, other) = (app.puskesos().await, app.puskesos().await);
    let guess = async || {
        let form = [("grant_type", "client_credentials"), ("client_id", &client.id), ("client_secret", "guess")];
        ask(&app, &form).await.status.as_u16()
    };
    let mut answers = Vec::new();
    for _ in 0..21 {
        answers.push(guess().await);
    }
    let let_through = answers.iter().filter(|status| **status == 401).count();
    // Ten in each minute, and the minute may have changed in between.
    assert!((10..=20).contains(&let_through), "{answers:?}");
    assert!(answers.contains(&429));
    let form = [("grant_type", "client_credentials"), ("client_id", &client.id), ("client_secret", &client.secret)];
    // Unless the minute has turned just now: then ten guesses more are let through, and the right secret is refused again.
    let mut refused = ask(&app, &form).await;
    for _ in 0..3 {
        if refused.status.as_u16() == 429 {
            break;
        }
        while guess().await != 429 {}
        refused = ask(&app, &form).await;
    }
    let refused = refused.expect_problem(429, "too_many_requests");
    assert!((1..=60).contains(&refused.header("retry-after").parse::<i32>().unwrap()));
    for _ in 0..12 {
        Client::sign_in(&app.url, &other.id, &other.secret).await;
    }
}

/// A client with a key of its own.
struct KeyHolder {
    id: String,
    pair: Vec<u8>,
}

impl KeyHolder {
    async fn new(app: &TestApp) -> Self {
        let pair = Ed25519KeyPair::generate_pkcs8(&SystemRandom::new()).unwrap().as_ref().to_vec();
        let public = Ed25519KeyPair::from_pkcs8(&pair).unwrap().public_key().as_ref().to_vec();
        let id = app.puskesos().await.id;
        sinergi::auth::set_public_key(&app.database.owner().await, &id, &public).await.unwrap();
        Self { id, pair }
    }

    fn claims(&self, app: &TestApp) -> Value {
        let now = Utc::now().timestamp();
        let jti = uuid::Uuid::now_v7();
        json!({ "iss": self.id, "sub": self.id, "aud": format!("{}/oauth2/token", app.url), "iat": now, "exp": now + 60, "jti": jti })
    }

    fn sign(&self, claims: &Value) -> String {
        jsonwebtoken::encode(&Header::new(Algorithm::EdDSA), claims, &EncodingKey::from_ed_der(&self.pair)).unwrap()
    }
}

async fn assert_by(app: &TestApp, assertion: &str) -> Answer {
    let kind = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
    let form = [("grant_type", "client_credentials"), ("client_assertion_type", kind), ("client_assertion", assertion)];
    ask(app, &form).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_signs_in_with_its_key_and_each_assertion_counts_once() {
    let app = TestApp::new().await;
    let holder = KeyHolder::new(&app).await;
    let assertion = holder.sign(&holder.claims(&app));
    let answer = assert_by(&app, &assertion).await.expect(200);
    let client = app.stranger().with_token(answer.body["access_token"].as_str().unwrap());
    client.get("/v1/regions").await.expect(200);
    expect_error(assert_by(&app, &assertion).await, 401, "invalid_client");
    // Another process of the service knows it as well.
    let beside = app.beside(1_000_000).await;
    expect_error(assert_by(&beside, &assertion).await, 401, "invalid_client");
    let mut claims = holder.claims(&app);
    claims["aud"] = json!(app.url);
    assert_by(&app, &holder.sign(&claims)).await.expect(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_assertion_that_is_not_quite_right_is_refused() {
    let app = TestApp::new().await;
    let holder = KeyHolder::new(&app).await;
    let (stranger, now) = (KeyHolder::new(&app).await, Utc::now().timestamp());
    let wrong = [
        ("aud", json!("https://elsewhere.example")),
        ("aud", Value::Null),
        ("sub", json!(stranger.id)),
        ("iss", json!(stranger.id)),
        ("exp", json!(now - 30)),
        ("exp", json!(now + 3_600)),
        ("exp", Value::Null),
        ("nbf", json!(now + 60)),
        ("jti", Value::Null),
        ("jti", json!("")),
        ("jti", json!("x".repeat(129))),
    ];
    for (name, value) in wrong {
        // Another client each time: wrong attempts are counted.
        let holder = KeyHolder::new(&app).await;
        let mut claims = holder.claims(&app);
        claims[name] = value.clone();
        if value.is_null() {
            claims.as_object_mut().unwrap().remove(name);
        }
        let answer = assert_by(&app, &holder.sign(&claims)).await;
        assert_eq!(answer.status.as_u16(), 401, "{name} = {value}");
    }
    let by_another_key = stranger.sign(&holder.claims(&app));
    expect_error(assert_by(&app, &by_another_key).await, 401, "invalid_client");
    let claims = holder.claims(&app);
    let shared =
        jsonwebtoken::encode(&Header::new(Algorithm::HS256), &claims, &EncodingKey::from_secret(b"x")).unwrap();
    expect_error(assert_by(&app, &shared).await, 401, "invalid_client");
    let without_key = app.puskesos().await;
    let claims = json!({ "iss": without_key.id, "sub": without_key.id, "aud": app.url, "exp": now + 60, "jti": "1" });
    expect_error(assert_by(&app, &holder.sign(&claims)).await, 401, "invalid_client");
    for text in ["", "x", "a.b.c", &"a".repeat(10_000)] {
        expect_error(assert_by(&app, text).await, 401, "invalid_client");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_documents_of_the_service_name_each_other() {
    let app = TestApp::new().await;
    let stranger = app.stranger();
    let resource = stranger.get("/.well-known/oauth-protected-resource").await.expect(200).body;
    assert_eq!(resource["resource"], app.url);
    assert_eq!(resource["authorization_servers"], json!([app.url]));
    let server = stranger.get("/.well-known/oauth-authorization-server").await.expect(200).body;
    assert_eq!(server["issuer"], app.url);
    assert_eq!(server["token_endpoint"], format!("{}/oauth2/token", app.url));
    assert_eq!(server["grant_types_supported"], json!(["client_credentials"]));
    let methods = json!(["client_secret_basic", "client_secret_post", "private_key_jwt"]);
    assert_eq!(server["token_endpoint_auth_methods_supported"], methods);
    let jwks = server["jwks_uri"].as_str().unwrap().strip_prefix(&app.url).unwrap();
    let keys = stranger.get(jwks).await.expect(200).body;
    for (name, value) in [("kty", "OKP"), ("crv", "Ed25519"), ("alg", "EdDSA"), ("use", "sig")] {
        assert_eq!(keys["keys"][0][name], value);
    }
    assert!(keys["keys"][0]["d"].is_null(), "the private part is told");

    let catalog = stranger.get("/.well-known/api-catalog").await.expect(200);
    assert!(catalog.header("content-type").starts_with("application/linkset+json"));
    let described = catalog.body["linkset"][0]["service-desc"][0]["href"].as_str().unwrap();
    let document = stranger.get(described.strip_prefix(&app.url).unwrap()).await.expect(200).body;
    assert_eq!(document["openapi"], "3.1.0");

    let contact = stranger.get("/.well-known/security.txt").await.expect(200);
    assert_eq!(contact.header("content-type"), "text/plain; charset=utf-8");
    assert!(contact.text.starts_with("Contact: mailto:"));
    let expires = contact.text.lines().find_map(|line| line.strip_prefix("Expires: ")).unwrap();
    assert!(expires.parse::<chrono::DateTime<Utc>>().unwrap() > Utc::now());
}
