//! Access tokens: every way to forge, stretch or outlive one.

use std::time::{Duration, Instant};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::Utc;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde_json::{Value, json};
use sinergi::keys::Keys;
use sinergi::schema::clients;

use crate::support::{Client, TestApp};

/// What any signed-in client may read.
const ANYTHING: &str = "/v1/regions";

/// Makes tokens like the service's own, and such that differ in one thing.
struct Forge<'a> {
    app: &'a TestApp,
    client: Client,
}

impl<'a> Forge<'a> {
    async fn new(app: &'a TestApp) -> Self {
        Self { app, client: app.puskesos().await }
    }

    fn keys(&self) -> &Keys {
        &self.app.services.keys
    }

    fn header(&self) -> Header {
        let mut header = Header::new(Algorithm::EdDSA);
        header.typ = Some("at+jwt".to_owned());
        header.kid = Some(self.keys().signing.kid.clone());
        header
    }

    /// The claims of a good token.
    fn claims(&self) -> Value {
        let payload = self.client.token().split('.').nth(1).unwrap();
        serde_json::from_slice(&URL_SAFE_NO_PAD.decode(payload).unwrap()).unwrap()
    }

    fn sign(&self, header: &Header, claims: &Value) -> String {
        jsonwebtoken::encode(header, claims, &self.keys().signing.encoding).unwrap()
    }

    /// A good token but for one claim; `null` leaves it out.
    fn with_claim(&self, name: &str, value: Value) -> String {
        let mut claims = self.claims();
        match value {
            Value::Null => claims.as_object_mut().unwrap().remove(name),
            value => claims.as_object_mut().unwrap().insert(name.to_owned(), value),
        };
        self.sign(&self.header(), &claims)
    }

    fn with_header(&self, change: impl FnOnce(&mut Header)) -> String {
        let mut header = self.header();
        change(&mut header);
        self.sign(&header, &self.claims())
    }

    /// Three parts as they are, whatever they say.
    fn raw(header: &Value, claims: &Value, signature: &str) -> String {
        let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        format!("{}.{}.{signature}", part(header), part(claims))
    }

    async fn refuses(&self, why: &str, token: &str) {
        let answer = self.client.with_token(token).get(ANYTHING).await;
        assert_eq!(answer.status.as_u16(), 401, "{why}: {}", answer.text);
        assert_eq!(answer.body["code"], "token_invalid", "{why}");
        assert_eq!(answer.header("www-authenticate"), r#"Bearer error="invalid_token""#, "{why}");
        assert!(!answer.text.contains(token), "{why}: the token is told back");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_of_the_right_form_is_accepted() {
    let app = TestApp::new().await;
    let forge = Forge::new(&app).await;
    let token = forge.sign(&forge.header(), &forge.claims());
    forge.client.with_token(&token).get(ANYTHING).await.expect(200);
    let claims = forge.claims();
    for name in ["iss", "exp", "aud", "sub", "client_id", "iat", "jti", "scope"] {
        assert!(!claims[name].is_null(), "RFC 9068 asks for `{name}`");
    }
    assert_eq!(claims["exp"].as_i64().unwrap() - claims["iat"].as_i64().unwrap(), 900);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_algorithm_other_than_ours_is_refused() {
    let app = TestApp::new().await;
    let forge = Forge::new(&app).await;
    let (claims, kid) = (forge.claims(), forge.keys().signing.kid.clone());
    for alg in ["none", "None", "NONE", "", "HS256", "HS512", "RS256", "ES256"] {
        let header = json!({ "alg": alg, "typ": "at+jwt", "kid": kid });
        forge.refuses(alg, &Forge::raw(&header, &claims, "")).await;
        forge.refuses(alg, &Forge::raw(&header, &claims, "AAAA")).await;
    }
    // The public key is public: whoever takes it for a shared secret must not get in.
    let jwk = forge.keys().signing.jwk();
    let public = jwk["x"].as_str().unwrap();
    for algorithm in [Algorithm::HS256, Algorithm::HS384, Algorithm::HS512] {
        for secret in
            [public.as_bytes().to_vec(), URL_SAFE_NO_PAD.decode(public).unwrap(), jwk.to_string().into_bytes()]
        {
            let header = Header { alg: algorithm, ..forge.header() };
            let token = jsonwebtoken::encode(&header, &claims, &EncodingKey::from_secret(&secret)).unwrap();
            forge.refuses("signed with the public key", &token).await;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_claim_that_is_missing_or_wrong_is_refused() {
    let app = TestApp::new().await;
    let forge = Forge::new(&app).await;
    let now = Utc::now().timestamp();
    for name in ["exp", "aud", "iss", "sub", "client_id", "scope", "role", "area_ids", "token_version", "jti"] {
        forge.refuses(&format!("no {name}"), &forge.with_claim(name, Value::Null)).await;
    }
    let wrong = [
        ("aud", json!("https://elsewhere.example")),
        ("aud", json!([])),
        ("iss", json!("https://elsewhere.example")),
        ("iss", json!(format!("{}/", app.url))),
        ("exp", json!(now - 30)),
        ("exp", json!((now + 600).to_string())),
        ("exp", json!(-1)),
        ("nbf", json!(now + 3_600)),
        ("nbf", json!((now - 10).to_string())),
        ("client_id", json!("nobody")),
        ("token_version", json!(0)),
        ("token_version", json!(2)),
        ("area_ids", json!("1")),
    ];
    for (name, value) in wrong {
        forge.refuses(&format!("{name} = {value}"), &forge.with_claim(name, value)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_of_another_kind_is_refused() {
    let app = TestApp::new().await;
    let forge = Forge::new(&app).await;
    for typ in [None, Some("JWT"), Some("rt+jwt"), Some("id+jwt"), Some("at+jwt+x"), Some("")] {
        let token = forge.with_header(|header| header.typ = typ.map(ToOwned::to_owned));
        forge.refuses(&format!("typ {typ:?}"), &token).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_is_looked_up_among_ours_only() {
    let app = TestApp::new().await;
    let forge = Forge::new(&app).await;
    let kids =
        ["unknown", "../../etc/passwd", "/dev/null", "' or 1=1 --", "https://elsewhere.example/key", "", "\u{0}"];
    for kid in kids {
        let token = forge.with_header(|header| header.kid = Some(kid.to_owned()));
        forge.refuses(&format!("kid {kid:?}"), &token).await;
    }
    forge.refuses("no kid", &forge.with_header(|header| header.kid = None)).await;

    // A stranger's key, told in the header in every way there is, under the id of ours.
    let folder = std::env::temp_dir().join(format!("sinergi-stranger-{}", uuid::Uuid::now_v7().simple()));
    let stranger = Keys::load_or_make(&folder).unwrap();
    std::fs::remove_dir_all(&folder).unwrap();
    let mut header = forge.header();
    header.jku = Some("https://elsewhere.example/jwks.json".to_owned());
    header.x5u = Some("https://elsewhere.example/cert.pem".to_owned());
    header.jwk = serde_json::from_value(stranger.signing.jwk()).ok();
    assert!(header.jwk.is_some());
    let token = jsonwebtoken::encode(&header, &forge.claims(), &stranger.signing.encoding).unwrap();
    forge.refuses("the key of a stranger in the header", &token).await;
    header.kid = Some(stranger.signing.kid.clone());
    let token = jsonwebtoken::encode(&header, &forge.claims(), &stranger.signing.encoding).unwrap();
    forge.refuses("the key of a stranger under its own id", &token).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_changed_token_is_refused() {
    let app = TestApp::new().await;
    let forge = Forge::new(&app).await;
    let token = forge.client.token();
    let (signed, signature) = token.rsplit_once('.').unwrap();
    let (header, payload) = signed.split_once('.').unwrap();
    let mut claims = forge.claims();
    claims["role"] = json!("kecamatan_officer");
    claims["scope"] = json!("beneficiaries:write nik:read");
    let richer = URL_SAFE_NO_PAD.encode(claims.to_string());
    let changed = [
        format!("{token}A"),
        format!("{token}="),
        format!("{token}."),
        format!("{token}.x"),
        token[..token.len() - 1].to_owned(),
        format!("{signed}."),
        signed.to_owned(),
        payload.to_owned(),
        format!("{header}.{richer}.{signature}"),
        format!("{header}..{signature}"),
        format!("..{signature}"),
        "..".to_owned(),
        "null".to_owned(),
        "{}".to_owned(),
    ];
    for token in changed {
        forge.refuses("changed", &token).await;
    }
    // Twice the same header field: neither is taken.
    let twice = forge.client.request(reqwest::Method::GET, ANYTHING).header("Authorization", "Bearer x");
    assert_ne!(crate::support::send(twice).await.status.as_u16(), 200);
    for scheme in ["Token", "Basic", "bearerx", "DPoP"] {
        let request = app.stranger().request(reqwest::Method::GET, ANYTHING);
        let answer = crate::support::send(request.header("Authorization", format!("{scheme} {token}"))).await;
        assert_eq!(answer.status.as_u16(), 401, "{scheme}");
    }
    let in_query = app.stranger().get(&format!("{ANYTHING}?access_token={token}")).await;
    in_query.expect_problem(401, "token_missing");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_large_token_costs_nothing() {
    let app = TestApp::new().await;
    let forge = Forge::new(&app).await;
    forge.refuses("9 KB", &"a".repeat(9_000)).await;
    let padded = forge.with_claim("scope", json!("x".repeat(9_000)));
    forge.refuses("9 KB, well signed", &padded).await;
    let huge = forge.client.with_token(&"a".repeat(1 << 20));
    let mut quickest = Duration::MAX;
    // What it costs is the least of a few: a machine that others hold up says nothing.
    for _ in 0..3 {
        let started = Instant::now();
        let sent = huge.request(reqwest::Method::GET, ANYTHING).send().await;
        // The head of a request is limited before anything in it is read.
        assert!(sent.is_err() || sent.is_ok_and(|answer| answer.status().is_client_error()));
        quickest = quickest.min(started.elapsed());
    }
    assert!(quickest < Duration::from_secs(2), "{quickest:?}");
    // On a connection of its own: the one that was cut may still lie in the client's pool.
    app.stranger().with_token(forge.client.token()).get(ANYTHING).await.expect(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_known_token_ends_on_time() {
    let app = TestApp::new().await;
    let forge = Forge::new(&app).await;
    // Five seconds are allowed for clocks that differ: this one has two left. A machine that is held up may need more.
    let token = loop {
        let ends = Utc::now().timestamp() - 3;
        let token = forge.with_claim("exp", json!(ends));
        if forge.client.with_token(&token).get(ANYTHING).await.status.as_u16() == 200 {
            break token;
        }
        assert!(Utc::now().timestamp() >= ends + 5, "refused before its end");
    };
    tokio::time::sleep(Duration::from_secs(3)).await;
    forge.refuses("expired since it was last used", &token).await;
}

/// Changes the client as an operator would, and waits for the service to hear of it: then its token is refused.
async fn change_client(app: &TestApp, client: &Client, is_disabled: bool, token_version: i32) {
    let mut owner = app.database.owner().await;
    diesel::update(clients::table.find(&client.id))
        .set((clients::is_disabled.eq(is_disabled), clients::token_version.eq(token_version)))
        .execute(&mut owner)
        .await
        .unwrap();
    // A machine that is held up may let a look or two pass.
    let until = Instant::now() + 5 * sinergi::auth::ClientStates::REFRESH;
    while client.get(ANYTHING).await.status.as_u16() != 401 && Instant::now() < until {
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_disabled_client_is_out_within_seconds() {
    let app = TestApp::new().await;
    let forge = Forge::new(&app).await;
    forge.client.get(ANYTHING).await.expect(200);
    change_client(&app, &forge.client, true, 1).await;
    forge.refuses("of a disabled client", forge.client.token()).await;
    let request = app.stranger().request(reqwest::Method::POST, "/oauth2/token");
    let request = request.basic_auth(&forge.client.id, Some(&forge.client.secret));
    let answer = crate::support::send(request.form(&[("grant_type", "client_credentials")])).await.expect(401);
    assert_eq!(answer.body["error"], "invalid_client");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_raised_version_refuses_every_token_before() {
    let app = TestApp::new().await;
    let forge = Forge::new(&app).await;
    change_client(&app, &forge.client, false, 2).await;
    forge.refuses("given out before", forge.client.token()).await;
    let again = Client::sign_in(&app.url, &forge.client.id, &forge.client.secret).await;
    again.get(ANYTHING).await.expect(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_replaced_key_verifies_for_one_life_of_a_token() {
    let folder = std::env::temp_dir().join(format!("sinergi-rotated-{}", uuid::Uuid::now_v7().simple()));
    let old = Keys::load_or_make(&folder).unwrap();
    let rotated = Utc::now();
    Keys::rotate_signing(&folder, rotated).unwrap();
    let app = TestApp::with_keys(folder).await;
    let forge = Forge::new(&app).await;
    assert_ne!(forge.keys().signing.kid, old.signing.kid);

    let published = app.stranger().get("/.well-known/jwks.json").await.expect(200);
    let kids: Vec<&str> =
        published.body["keys"].as_array().unwrap().iter().map(|key| key["kid"].as_str().unwrap()).collect();
    assert_eq!(kids, [&forge.keys().signing.kid, &old.signing.kid]);
    let header = Header { kid: Some(old.signing.kid.clone()), ..forge.header() };
    let token = jsonwebtoken::encode(&header, &forge.claims(), &old.signing.encoding).unwrap();
    forge.client.with_token(&token).get(ANYTHING).await.expect(200);

    let soon = rotated + chrono::TimeDelta::seconds(sinergi::keys::TOKEN_LIFE_SECONDS - 5);
    let late = rotated + chrono::TimeDelta::seconds(sinergi::keys::TOKEN_LIFE_SECONDS + 10);
    assert_eq!(forge.keys().verifying(soon).count(), 2);
    assert_eq!(forge.keys().verifying(late).count(), 1, "forgotten after one life");
}
