//! The documents that say how to sign in, where the API is described, and whom to tell of a hole.

use actix_web::web::{Data, ServiceConfig};
use actix_web::{HttpResponse, get};
use chrono::{SecondsFormat, TimeDelta, Utc};
use serde_json::{Value, json};

use super::permission::PERMISSIONS;
use crate::http::Site;
use crate::keys::Keys;

/// The keys that tokens are verified with: the one that signs, and those it followed for one token's life.
#[get("/.well-known/jwks.json")]
async fn get_jwks(keys: Data<Keys>) -> HttpResponse {
    let keys: Vec<Value> = keys.verifying(Utc::now()).map(crate::keys::SigningKey::jwk).collect();
    HttpResponse::Ok().json(json!({ "keys": keys }))
}

/// Metadata of the authorization server (RFC 8414).
#[get("/.well-known/oauth-authorization-server")]
async fn get_server_metadata(site: Data<Site>) -> HttpResponse {
    HttpResponse::Ok().json(metadata(&site.public_url))
}

/// What RFC 8414 has the service say of itself.
#[must_use]
pub fn metadata(url: &str) -> Value {
    json!({
        "issuer": url,
        "token_endpoint": format!("{url}/oauth2/token"),
        "jwks_uri": format!("{url}/.well-known/jwks.json"),
        "grant_types_supported": ["client_credentials"],
        "response_types_supported": [],
        "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post", "private_key_jwt"],
        "token_endpoint_auth_signing_alg_values_supported": ["EdDSA"],
        "scopes_supported": scopes(),
        "service_documentation": format!("{url}/docs"),
    })
}

/// Metadata of the protected resource (RFC 9728).
#[get("/.well-known/oauth-protected-resource")]
async fn get_resource_metadata(site: Data<Site>) -> HttpResponse {
    let url = &site.public_url;
    HttpResponse::Ok().json(json!({
        "resource": url,
        "authorization_servers": [url],
        "scopes_supported": scopes(),
        "bearer_methods_supported": ["header"],
        "resource_documentation": format!("{url}/docs"),
    }))
}

fn scopes() -> Vec<&'static str> {
    PERMISSIONS.iter().map(|(scope, _, _)| *scope).collect()
}

/// The API catalog (RFC 9727): which APIs are here, and where each is described.
#[get("/.well-known/api-catalog")]
async fn get_api_catalog(site: Data<Site>) -> HttpResponse {
    let url = &site.public_url;
    let kind = "application/linkset+json; profile=\"https://www.rfc-editor.org/info/rfc9727\"";
    let catalog = json!({ "linkset": [{
        "anchor": format!("{url}/v1"),
        "service-desc": [{ "href": format!("{url}/openapi.json"), "type": "application/vnd.oai.openapi+json" }],
        "service-doc": [{ "href": format!("{url}/docs/"), "type": "text/html" }],
        "status": [{ "href": format!("{url}/readyz"), "type": "application/json" }],
    }] });
    let link = format!("<{url}/.well-known/api-catalog>; rel=\"api-catalog\"");
    HttpResponse::Ok().content_type(kind).insert_header(("Link", link)).body(catalog.to_string())
}

/// Whom to tell of a hole (RFC 9116).
#[get("/.well-known/security.txt")]
async fn get_security_contact(site: Data<Site>) -> HttpResponse {
    let expires = (Utc::now() + TimeDelta::days(90)).to_rfc3339_opts(SecondsFormat::Secs, true);
    let text = format!(
        "Contact: mailto:maintainers@sinergi.example\nExpires: {expires}\nPreferred-Languages: id, en\n\
         Canonical: {}/.well-known/security.txt\n",
        site.public_url
    );
    HttpResponse::Ok().content_type("text/plain; charset=utf-8").body(text)
}

/// Registers the documents.
pub(super) fn routes(config: &mut ServiceConfig) {
    config
        .service(get_jwks)
        .service(get_server_metadata)
        .service(get_resource_metadata)
        .service(get_api_catalog)
        .service(get_security_contact);
}
