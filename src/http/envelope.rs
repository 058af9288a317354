//! Around every request: an id, the log line, headers, and errors written as problems.

use std::time::Instant;

use actix_web::body::{EitherBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use actix_web::middleware::Next;
use actix_web::web::Data;
use actix_web::{HttpMessage, HttpRequest};
use uuid::Uuid;

use super::metrics::Metrics;
use super::problem;
use super::routes::template_of;
use super::trace::Trace;
use super::unread::Held;
use crate::error::{Code, Error};
use crate::logging::within_request;

/// What the service knows of itself as others see it.
#[derive(Debug, Clone)]
pub struct Site {
    /// Address without a slash at its end, such as `http://127.0.0.1:8080`.
    pub public_url: String,
    /// The one origin whose pages may read the answers: that of the service, where its Swagger UI is.
    origin: Option<HeaderValue>,
}

impl Site {
    /// The service at a public address.
    #[must_use]
    pub fn new(public_url: &str) -> Self {
        Self { public_url: public_url.to_owned(), origin: origin_of(public_url) }
    }
}

fn origin_of(url: &str) -> Option<HeaderValue> {
    let (scheme, rest) = url.split_once("://")?;
    let host = rest.split('/').next()?;
    HeaderValue::from_str(&format!("{scheme}://{host}")).ok()
}

#[derive(Debug, Clone, Copy)]
struct RequestId(Uuid);

/// The id of a request.
#[must_use]
pub fn request_id(request: &HttpRequest) -> Uuid {
    request.extensions().get::<RequestId>().map_or_else(Uuid::nil, |id| id.0)
}

/// The outermost middleware.
///
/// # Errors
/// None of ours: they come back as responses.
pub async fn envelope<B: MessageBody>(
    mut request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<EitherBody<B>>, actix_web::Error> {
    let started = Instant::now();
    let id = Uuid::now_v7();
    request.extensions_mut().insert(RequestId(id));
    let trace = Trace::of(request.headers(), id);
    let held = Held::of(&mut request);
    let response = within_request(id, next.call(request)).await?;
    let mut response = match error_of(&response) {
        Some(error) => problem_response(response, &error, id),
        None => response.map_into_left_body(),
    };
    add_headers(response.headers_mut(), id);
    if let Some(origin) = response.request().app_data::<Data<Site>>().and_then(|site| site.origin.clone()) {
        response.headers_mut().insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
    }
    if let Some(held) = held {
        held.settle(response.response_mut());
    }
    trace.tell(response.headers_mut(), id);
    tell_operators(&response, id, &trace, started);
    Ok(response)
}

/// The error to tell: ours as it is, one of actix by its status.
fn error_of<B>(response: &ServiceResponse<B>) -> Option<Error> {
    let status = response.status();
    if !status.is_client_error() && !status.is_server_error() {
        return None;
    }
    let error = response.response().error();
    match error.and_then(|error| error.as_error::<Error>()) {
        Some(Error::Refused(refusal)) => Some(Error::Refused(refusal.clone())),
        Some(Error::Unavailable(source)) => Some(Error::unavailable(source.to_string())),
        Some(Error::Internal(source)) => Some(Error::internal(source.to_string())),
        None if response.headers().contains_key(header::CONTENT_TYPE) => None,
        None => Some(by_status(status, error.map(ToString::to_string))),
    }
}

fn by_status(status: StatusCode, words: Option<String>) -> Error {
    match status {
        StatusCode::NOT_FOUND => Code::NotFound.into(),
        StatusCode::METHOD_NOT_ALLOWED => Code::MethodNotAllowed.into(),
        StatusCode::PAYLOAD_TOO_LARGE => Code::BodyTooLarge.into(),
        StatusCode::REQUEST_TIMEOUT => Code::BodyTimedOut.into(),
        status if status.is_client_error() => Code::MalformedRequest.into(),
        _ => Error::internal(words.unwrap_or_default()),
    }
}

fn problem_response<B>(response: ServiceResponse<B>, error: &Error, id: Uuid) -> ServiceResponse<EitherBody<B>> {
    if let Error::Internal(source) | Error::Unavailable(source) = error {
        // The cause may quote a statement, never a value: statements carry their values as parameters.
        log::error!(request_id:% = id; "request failed: {source}");
    }
    let request = response.request();
    let public_url = request.app_data::<Data<Site>>().map_or("", |site| site.public_url.as_str());
    let mut told = problem::respond(error, request.headers(), public_url, &id.to_string());
    for name in ["allow", "ratelimit", "ratelimit-policy", "retry-after"] {
        let name = HeaderName::from_static(name);
        if let Some(value) = response.headers().get(&name) {
            told.headers_mut().insert(name, value.clone());
        }
    }
    response.into_response(told.map_into_boxed_body()).map_into_right_body()
}

fn add_headers(headers: &mut HeaderMap, id: Uuid) {
    if let Ok(id) = HeaderValue::from_str(&id.to_string()) {
        headers.insert(HeaderName::from_static("x-request-id"), id);
    }
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    if !headers.contains_key(header::CACHE_CONTROL) {
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
    }
    if !headers.contains_key(header::CONTENT_SECURITY_POLICY) {
        headers.insert(
            header::CONTENT_SECURITY_POLICY,
            HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'"),
        );
    }
}

/// The route's pattern is logged, never the path or the query: they are the client's words.
fn tell_operators<B>(response: &ServiceResponse<B>, id: Uuid, trace: &Trace, started: Instant) {
    let request = response.request();
    let route = template_of(request);
    let route = route.as_deref().unwrap_or("unknown");
    let (method, status) = (request.method().as_str(), response.status().as_u16());
    let took = started.elapsed();
    if let Some(metrics) = request.app_data::<Data<Metrics>>() {
        metrics.count(method, route, status, took);
    }
    let took_us = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
    let trace_id = trace.id.as_str();
    log::info!(request_id:% = id, trace_id, method, route, status, took_us; "{method} {route} {status}");
}
