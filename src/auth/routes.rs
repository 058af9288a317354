//! The token endpoint (RFC 6749): client credentials in, an access token out.

use actix_web::http::StatusCode;
use actix_web::http::header::AUTHORIZATION;
use actix_web::web::{Data, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse, post};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chrono::Utc;
use serde::Deserialize;
use serde_json::{Value, json};

use super::attempts::Attempt;
use super::clients::Client;
use super::token::{LIFE_SECONDS, Tokens};
use super::{assertion, clients, well_known};
use crate::db::{Conn, Db};
use crate::error::{Code, Result};
use crate::http::{Form, Site};

#[derive(Deserialize)]
struct TokenRequest {
    grant_type: String,
    scope: Option<String>,
    client_id: Option<String>,
    client_secret: Option<String>,
    client_assertion_type: Option<String>,
    client_assertion: Option<String>,
}

/// How a client says who it is.
enum Credentials {
    Secret { id: String, secret: String },
    Assertion { id: String, assertion: String },
}

impl Credentials {
    /// Reads the one way that was used; `None` for none of them, for two, and for what no client can send.
    fn of(request: &HttpRequest, form: &TokenRequest) -> Option<Self> {
        Self::read(request, form).filter(|one| is_client_id(one.id()) && one.is_of(form))
    }

    fn read(request: &HttpRequest, form: &TokenRequest) -> Option<Self> {
        let header = request.headers().get(AUTHORIZATION);
        match (header, &form.client_secret, &form.client_assertion) {
            (Some(header), None, None) => {
                let encoded = header.to_str().ok()?.split_once(' ').filter(|(scheme, _)| is_basic(scheme))?.1;
                let decoded = String::from_utf8(STANDARD.decode(encoded.trim()).ok()?).ok()?;
                let (id, secret) = decoded.split_once(':')?;
                Some(Self::Secret { id: id.to_owned(), secret: secret.to_owned() })
            }
            (None, Some(secret), None) => Some(Self::Secret { id: form.client_id.clone()?, secret: secret.clone() }),
            (None, None, Some(text)) if form.client_assertion_type.as_deref() == Some(assertion::KIND) => {
                let id = assertion::claimed_client(text)?;
                Some(Self::Assertion { id, assertion: text.clone() })
            }
            _ => None,
        }
    }

    fn id(&self) -> &str {
        match self {
            Self::Secret { id, .. } | Self::Assertion { id, .. } => id,
        }
    }

    /// True where the form names the same client, or none.
    fn is_of(&self, form: &TokenRequest) -> bool {
        form.client_id.as_deref().is_none_or(|id| id == self.id())
    }

    async fn sign_in(&self, conn: &Conn, issuer: &str) -> Result<Client> {
        match self {
            Self::Secret { id, secret } => clients::sign_in(conn, id, secret).await,
            Self::Assertion { id, assertion } => assertion::sign_in(conn, id, assertion, issuer, Utc::now()).await,
        }
    }
}

/// The form that the table of clients asks for.
fn is_client_id(text: &str) -> bool {
    (3..=63).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
}

fn is_basic(scheme: &str) -> bool {
    scheme.eq_ignore_ascii_case("basic")
}

/// Gives out an access token for client credentials (section 4.4); errors are in the form of section 5.2.
#[post("/oauth2/token")]
async fn issue_token(
    request: HttpRequest,
    db: Data<Db>,
    tokens: Data<Tokens>,
    site: Data<Site>,
    form: Result<Form<TokenRequest>>,
) -> HttpResponse {
    let form = match form {
        Ok(form) => form.0,
        Err(error) if matches!(error.code(), Some(Code::MalformedRequest | Code::MediaTypeUnsupported)) => {
            return oauth_error(StatusCode::BAD_REQUEST, "invalid_request");
        }
        Err(error) => return HttpResponse::from_error(error),
    };
    if form.grant_type != "client_credentials" {
        return oauth_error(StatusCode::BAD_REQUEST, "unsupported_grant_type");
    }
    match give(&request, &db, &tokens, &site, &form).await {
        Ok(body) => HttpResponse::Ok().insert_header(("Cache-Control", "no-store")).json(body),
        Err(error) => match error.code() {
            Some(Code::InsufficientScope) => oauth_error(StatusCode::BAD_REQUEST, "invalid_scope"),
            Some(Code::TokenInvalid) => oauth_error(StatusCode::UNAUTHORIZED, "invalid_client"),
            _ => HttpResponse::from_error(error),
        },
    }
}

async fn give(request: &HttpRequest, db: &Db, tokens: &Tokens, site: &Site, form: &TokenRequest) -> Result<Value> {
    let credentials = Credentials::of(request, form).ok_or(Code::TokenInvalid)?;
    let conn = db.unscoped().await?;
    let address = request.peer_addr().map(|address| address.ip());
    let attempt = Attempt::begin(&conn, credentials.id(), address, Utc::now()).await?;
    let client = credentials.sign_in(&conn, &site.public_url).await?;
    attempt.succeed(&conn).await?;
    let (token, scope) = tokens.give(&client, form.scope.as_deref(), Utc::now())?;
    Ok(json!({ "access_token": token, "token_type": "Bearer", "expires_in": LIFE_SECONDS, "scope": scope }))
}

fn oauth_error(status: StatusCode, error: &str) -> HttpResponse {
    let mut response = HttpResponse::build(status);
    if status == StatusCode::UNAUTHORIZED {
        response.insert_header(("WWW-Authenticate", "Basic realm=\"sinergi\""));
    }
    response.insert_header(("Cache-Control", "no-store")).json(json!({ "error": error }))
}

/// Registers the routes; they are described by their RFCs and by the security scheme, not as operations.
pub fn routes(config: &mut ServiceConfig) {
    config.service(issue_token).configure(well_known::routes);
}
