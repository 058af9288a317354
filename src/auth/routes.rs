//! The token endpoint and the documents about it.

use actix_web::http::header::AUTHORIZATION;
use actix_web::web::{Data, Form, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse, get, post};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chrono::Utc;
use serde::Deserialize;
use serde_json::{Value, json};

use super::clients::sign_in;
use super::permission::PERMISSIONS;
use super::token::{LIFE_SECONDS, Tokens};
use crate::db::Db;
use crate::error::{Code, Error, Result};
use crate::http::Site;
use crate::keys::Keys;

#[derive(Deserialize)]
struct TokenRequest {
    grant_type: String,
    scope: Option<String>,
    client_id: Option<String>,
    client_secret: Option<String>,
}

/// Gives out an access token for client credentials (RFC 6749, section 4.4); errors are in its form, section 5.2.
#[post("/oauth2/token")]
async fn issue_token(
    request: HttpRequest,
    db: Data<Db>,
    tokens: Data<Tokens>,
    form: Form<TokenRequest>,
) -> HttpResponse {
    if form.grant_type != "client_credentials" {
        return oauth_error(400, "unsupported_grant_type");
    }
    match give(&request, &db, &tokens, &form).await {
        Ok(body) => HttpResponse::Ok().insert_header(("Cache-Control", "no-store")).json(body),
        Err(error) => match error.code() {
            Some(Code::InsufficientScope) => oauth_error(400, "invalid_scope"),
            Some(_) => oauth_error(401, "invalid_client"),
            None => HttpResponse::from_error(error),
        },
    }
}

async fn give(request: &HttpRequest, db: &Db, tokens: &Tokens, form: &TokenRequest) -> Result<Value> {
    let (id, secret) = credentials(request, form).ok_or(Code::TokenInvalid)?;
    let conn = db.unscoped().await?;
    let client = sign_in(&conn, &id, &secret).await?;
    let (token, scope) = tokens.give(&client, form.scope.as_deref(), Utc::now())?;
    Ok(json!({ "access_token": token, "token_type": "Bearer", "expires_in": LIFE_SECONDS, "scope": scope }))
}

fn credentials(request: &HttpRequest, form: &TokenRequest) -> Option<(String, String)> {
    let Some(header) = request.headers().get(AUTHORIZATION) else {
        return Some((form.client_id.clone()?, form.client_secret.clone()?));
    };
    let encoded = header.to_str().ok()?.strip_prefix("Basic ")?;
    let decoded = String::from_utf8(STANDARD.decode(encoded).ok()?).ok()?;
    decoded.split_once(':').map(|(id, secret)| (id.to_owned(), secret.to_owned()))
}

fn oauth_error(status: u16, error: &str) -> HttpResponse {
    let status = actix_web::http::StatusCode::from_u16(status).unwrap_or(actix_web::http::StatusCode::BAD_REQUEST);
    let mut response = HttpResponse::build(status);
    if status == actix_web::http::StatusCode::UNAUTHORIZED {
        response.insert_header(("WWW-Authenticate", "Basic realm=\"sinergi\""));
    }
    response.insert_header(("Cache-Control", "no-store")).json(json!({ "error": error }))
}

/// The keys that tokens are signed with.
#[get("/.well-known/jwks.json")]
async fn get_jwks(keys: Data<Keys>) -> HttpResponse {
    HttpResponse::Ok().json(json!({ "keys": [keys.signing.jwk()] }))
}

/// Metadata of the authorization server (RFC 8414).
#[get("/.well-known/oauth-authorization-server")]
async fn get_server_metadata(site: Data<Site>) -> HttpResponse {
    HttpResponse::Ok().json(metadata(&site.public_url))
}

/// What RFC 8414 has the service say of itself.
#[must_use]
pub fn metadata(url: &str) -> Value {
    let scopes: Vec<&str> = PERMISSIONS.iter().map(|(scope, _, _)| *scope).collect();
    json!({
        "issuer": url,
        "token_endpoint": format!("{url}/oauth2/token"),
        "jwks_uri": format!("{url}/.well-known/jwks.json"),
        "grant_types_supported": ["client_credentials"],
        "response_types_supported": [],
        "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
        "scopes_supported": scopes,
        "service_documentation": format!("{url}/docs"),
    })
}

/// Metadata of the protected resource (RFC 9728).
#[get("/.well-known/oauth-protected-resource")]
async fn get_resource_metadata(site: Data<Site>) -> Result<HttpResponse, Error> {
    let url = &site.public_url;
    let scopes: Vec<&str> = PERMISSIONS.iter().map(|(scope, _, _)| *scope).collect();
    Ok(HttpResponse::Ok().json(json!({
        "resource": url,
        "authorization_servers": [url],
        "scopes_supported": scopes,
        "bearer_methods_supported": ["header"],
        "resource_documentation": format!("{url}/docs"),
    })))
}

/// Registers the routes; they are described by their RFCs and by the security scheme, not as operations.
pub fn routes(config: &mut ServiceConfig) {
    config.service(issue_token).service(get_jwks).service(get_server_metadata).service(get_resource_metadata);
}
