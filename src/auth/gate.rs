//! The middleware that knows the caller and counts the request.

use std::sync::Arc;

use actix_web::HttpMessage;
use actix_web::body::{EitherBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{ALLOW, AUTHORIZATION, HeaderMap, HeaderName, HeaderValue, RETRY_AFTER};
use actix_web::middleware::Next;
use actix_web::web::Data;
use chrono::Utc;

use super::clients::ClientStates;
use super::rate::{Rates, Standing, WINDOW_SECONDS};
use super::token::{Claims, Tokens};
use crate::db::Db;
use crate::error::{Code, Error, Refusal, Result};
use crate::http::{Operations, accepts_json};

/// Asked by those who watch the service: answered whatever the database or the limits say.
const UNCOUNTED: [&str; 3] = ["/livez", "/readyz", "/metrics"];

/// Puts the [`Claims`] of a good token into the request and refuses a bad one; a request without a token goes
/// on, and the handler's permission decides.
///
/// # Errors
/// None of ours: they come back as responses.
pub async fn gate<B: MessageBody>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<EitherBody<B>>, actix_web::Error> {
    if UNCOUNTED.contains(&request.path()) {
        return Ok(next.call(request).await?.map_into_left_body());
    }
    let authenticated = authenticate(&request);
    // A bad token counts against its address, as no token does.
    let claims = authenticated.as_ref().ok().cloned().flatten();
    let standing = match count(&request, claims.as_deref()).await {
        Ok(standing) => standing,
        Err(error) => return Ok(request.error_response(error).map_into_right_body()),
    };
    if !standing.is_within {
        let seconds = u64::try_from(standing.reset_seconds).ok();
        let refusal = Refusal { retry_after_seconds: seconds, ..Code::TooManyRequests.into() };
        let mut refused = request.error_response(Error::Refused(Box::new(refusal))).map_into_right_body();
        refused.headers_mut().insert(RETRY_AFTER, HeaderValue::from(standing.reset_seconds));
        tell(refused.headers_mut(), standing);
        return Ok(refused);
    }
    if let Err(error) = authenticated.and_then(|_| be_readable(&request)) {
        let mut refused = request.error_response(error).map_into_right_body();
        tell(refused.headers_mut(), standing);
        return Ok(refused);
    }
    if let Some(claims) = claims {
        request.extensions_mut().insert(claims);
    }
    if let Some(allow) = other_methods(&request) {
        let mut refused = request.error_response(Error::from(Code::MethodNotAllowed)).map_into_right_body();
        refused.headers_mut().insert(ALLOW, allow);
        tell(refused.headers_mut(), standing);
        return Ok(refused);
    }
    let mut response = next.call(request).await?.map_into_left_body();
    tell(response.headers_mut(), standing);
    Ok(response)
}

/// The API answers in JSON; a client that cannot read it is told before anything is done. What answers with a file
/// knows itself of which type.
fn be_readable(request: &ServiceRequest) -> Result<()> {
    let is_api = request.path().starts_with("/v1/") && !request.path().ends_with("/file");
    if is_api && !accepts_json(request.headers()) {
        return Err(Error::from(Code::NotAcceptable).about("application/json"));
    }
    Ok(())
}

/// The methods of a path that is written out in the document and does not know the request's.
fn other_methods(request: &ServiceRequest) -> Option<HeaderValue> {
    let operations = request.app_data::<Data<Operations>>()?;
    let methods = operations.methods_instead(request.method().as_str(), request.path())?;
    HeaderValue::from_str(&methods.join(", ")).ok()
}

fn authenticate(request: &ServiceRequest) -> Result<Option<Arc<Claims>>> {
    let mut all = request.headers().get_all(AUTHORIZATION);
    let Some(sent) = all.next() else { return Ok(None) };
    if all.next().is_some() {
        // Of two tokens, whatever stands in front may have checked the other one.
        return Err(Code::TokenInvalid.into());
    }
    let (scheme, token) = sent.to_str().ok().and_then(|sent| sent.split_once(' ')).ok_or(Code::TokenInvalid)?;
    if scheme.eq_ignore_ascii_case("basic") {
        // Client credentials, which the token endpoint reads itself.
        return Ok(None);
    }
    if !scheme.eq_ignore_ascii_case("bearer") {
        return Err(Code::TokenInvalid.into());
    }
    let tokens = app_data::<Tokens>(request)?;
    let claims = tokens.check(token.trim(), Utc::now())?;
    if app_data::<ClientStates>(request)?.allow(&claims) { Ok(Some(claims)) } else { Err(Code::TokenInvalid.into()) }
}

async fn count(request: &ServiceRequest, claims: Option<&Claims>) -> Result<Standing> {
    let rates = app_data::<Rates>(request)?;
    let db = app_data::<Db>(request)?;
    let anonymous = || Rates::anonymous(request.peer_addr().map(|address| address.ip()));
    let client = claims.map_or_else(anonymous, |claims| claims.client_id.clone());
    rates.count(&db, &client, Utc::now()).await
}

fn app_data<T: 'static>(request: &ServiceRequest) -> Result<Data<T>> {
    request.app_data::<Data<T>>().cloned().ok_or_else(|| Error::internal("the app is not wired"))
}

/// `RateLimit` fields as draft 11 of the working group has them.
fn tell(headers: &mut HeaderMap, standing: Standing) {
    let policy = format!("\"client\";q={};w={WINDOW_SECONDS}", standing.quota);
    let limit = format!("\"client\";r={};t={}", standing.left, standing.reset_seconds);
    for (name, value) in [("ratelimit-policy", policy), ("ratelimit", limit)] {
        if let Ok(value) = HeaderValue::from_str(&value) {
            headers.insert(HeaderName::from_static(name), value);
        }
    }
}
