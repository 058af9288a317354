//! Errors as RFC 9457 problems, in English or Indonesian. The one place where an error gets a status.

use actix_web::http::StatusCode;
use actix_web::http::header::{ACCEPT_LANGUAGE, HeaderMap, RETRY_AFTER};
use actix_web::{HttpResponse, HttpResponseBuilder, ResponseError};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::error::{Code, Error, Fault, Kind, Overlap, Place, Refusal, Related};

/// Most fields at fault that a problem tells: nobody mends more before asking again, and the answer to a body full of
/// wrong values would be many times as long as the body.
const MOST_FAULTS: usize = 100;

/// What went wrong, as RFC 9457 asks.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "type": "https://sinergi.example/problems/not_found", "title": "No such record", "status": 404,
    "detail": "Check the id; records outside your area or company are not shown.", "code": "not_found",
    "instance": "urn:uuid:0190a6a0-5b9e-7c3a-9d2f-0c1d2e3f4a5b",
    "trace_id": "0190a6a0-5b9e-7c3a-9d2f-0c1d2e3f4a5b"
}))]
pub struct Problem {
    /// Stable address of the page about the code
    #[serde(rename = "type")]
    #[schema(format = "uri")]
    pub kind: String,
    /// What the code means
    pub title: String,
    /// HTTP status
    #[schema(minimum = 400, maximum = 599)]
    pub status: u16,
    /// What to do next
    pub detail: String,
    /// Code to switch on
    #[schema(max_length = 60, pattern = "^[a-z_]+$")]
    pub code: String,
    /// Fields at fault, the first hundred that were found; left out where it is none
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 100)]
    pub errors: Vec<FieldProblem>,
    /// Record that stands in the way, where it is another than the one asked for
    #[serde(skip_serializing_if = "Option::is_none")]
    pub related: Option<RelatedRecord>,
    /// Commands that are possible now, where the state of the record forbade this one
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_items = 20)]
    pub possible: Option<Vec<&'static str>>,
    /// Numbers of the milestones that are to be reached first
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 20)]
    pub lacking: Vec<i16>,
    /// Program that keeps the family off, and the rule by which it does
    #[serde(skip_serializing_if = "Option::is_none")]
    pub overlap: Option<OverlapInTheWay>,
    /// This one occurrence, by the id of the request
    #[schema(format = "uri")]
    pub instance: String,
    /// Id of the request, for questions
    #[schema(format = "uuid")]
    pub trace_id: String,
}

/// A record that a problem points to.
#[derive(Debug, Serialize, ToSchema)]
pub struct RelatedRecord {
    /// Plural noun of the record
    #[schema(max_length = 40, pattern = "^[a-z_]+$", example = "suspension_orders")]
    pub resource: &'static str,
    /// Its id
    pub id: Uuid,
    /// Where it is read
    #[schema(
        format = "uri-reference",
        max_length = 100,
        example = "/v1/suspension-orders/0190a6a0-5b9e-7c3a-9d2f-0c1d2e3f4a5b"
    )]
    pub href: String,
}

impl From<Related> for RelatedRecord {
    fn from(Related { resource, id }: Related) -> Self {
        Self { resource, id, href: format!("/v1/{}/{id}", resource.replace('_', "-")) }
    }
}

/// A program that keeps a family off another one, and the rule by which it does.
#[derive(Debug, Serialize, ToSchema)]
pub struct OverlapInTheWay {
    /// Overlap rule
    pub rule_id: Uuid,
    /// Its short name
    #[schema(max_length = 32, example = "BLT-NOT-PKH")]
    pub rule_code: String,
    /// Title of the regulation that it rests on
    #[schema(max_length = 200, example = "Fokus Penggunaan Dana Desa Tahun 2026")]
    pub legal_basis_title: String,
    /// Number of the regulation
    #[schema(max_length = 80, example = "Permendesa 16/2025")]
    pub legal_basis_number: String,
    /// Article of it, where it is one
    #[schema(max_length = 40)]
    pub legal_basis_article: Option<String>,
    /// Program that the family has
    pub program_id: Uuid,
    /// Its code
    #[schema(max_length = 32, example = "PKH")]
    pub program_code: String,
}

impl From<Overlap> for OverlapInTheWay {
    fn from(overlap: Overlap) -> Self {
        Self {
            rule_id: overlap.rule_id,
            rule_code: overlap.rule_code,
            legal_basis_title: overlap.legal_basis_title,
            legal_basis_number: overlap.legal_basis_number,
            legal_basis_article: overlap.legal_basis_article,
            program_id: overlap.program_id,
            program_code: overlap.program_code,
        }
    }
}

/// One field at fault.
#[derive(Debug, Serialize, ToSchema)]
pub struct FieldProblem {
    /// JSON pointer into the body, or the name of a parameter
    pub pointer: String,
    /// Code to switch on
    #[schema(max_length = 60, pattern = "^[a-z_]+$")]
    pub code: String,
    /// What to do
    pub detail: String,
    /// Character it is about, where the field is a text that is read as a whole, such as a rule
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<PlaceInText>,
}

/// A character of a text.
#[derive(Debug, Serialize, ToSchema)]
pub struct PlaceInText {
    /// Characters before it
    #[schema(minimum = 0, maximum = 4000, example = 17)]
    pub offset: usize,
    /// Line it stands on, the first being 1
    #[schema(minimum = 1, maximum = 4001, example = 1)]
    pub line: usize,
    /// Which character of the line it is, the first being 1
    #[schema(minimum = 1, maximum = 4001, example = 18)]
    pub column: usize,
}

impl From<Place> for PlaceInText {
    fn from(Place { offset, line, column }: Place) -> Self {
        Self { offset, line, column }
    }
}

/// The status of a kind of refusal.
#[must_use]
pub fn status_of(kind: Kind) -> StatusCode {
    match kind {
        Kind::Malformed => StatusCode::BAD_REQUEST,
        Kind::Unauthenticated => StatusCode::UNAUTHORIZED,
        Kind::Forbidden => StatusCode::FORBIDDEN,
        Kind::Missing => StatusCode::NOT_FOUND,
        Kind::MethodUnknown => StatusCode::METHOD_NOT_ALLOWED,
        Kind::NotAcceptable => StatusCode::NOT_ACCEPTABLE,
        Kind::TimedOut => StatusCode::REQUEST_TIMEOUT,
        Kind::Conflict => StatusCode::CONFLICT,
        Kind::Stale => StatusCode::PRECONDITION_FAILED,
        Kind::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        Kind::MediaType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
        Kind::Invalid | Kind::FieldOnly => StatusCode::UNPROCESSABLE_ENTITY,
        Kind::ConditionMissing => StatusCode::PRECONDITION_REQUIRED,
        Kind::TooMany => StatusCode::TOO_MANY_REQUESTS,
        Kind::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        Kind::Internal => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

impl ResponseError for Error {
    fn status_code(&self) -> StatusCode {
        status_of(self.code().map_or(told_instead(self), |code| code).kind())
    }

    /// Only the status: the envelope writes the body, where language and request are known.
    fn error_response(&self) -> HttpResponse {
        HttpResponse::new(self.status_code())
    }
}

fn told_instead(error: &Error) -> Code {
    match error {
        Error::Unavailable(_) => Code::ServiceUnavailable,
        Error::Refused(_) | Error::Internal(_) => Code::InternalError,
    }
}

/// Writes the response of an error.
pub(super) fn respond(error: &Error, headers: &HeaderMap, public_url: &str, trace_id: &str) -> HttpResponse {
    let refusal = match error {
        Error::Refused(refusal) => (**refusal).clone(),
        other => Refusal::from(told_instead(other)),
    };
    let is_indonesian = wants_indonesian(headers);
    let status = status_of(refusal.code.kind());
    let mut response = HttpResponse::build(status);
    response.content_type("application/problem+json");
    response.insert_header(("Content-Language", if is_indonesian { "id" } else { "en" }));
    response.insert_header(("Cache-Control", "no-store"));
    add_next_steps(&mut response, &refusal, status);
    response.json(problem(&refusal, is_indonesian, public_url, trace_id))
}

fn add_next_steps(response: &mut HttpResponseBuilder, refusal: &Refusal, status: StatusCode) {
    let seconds = refusal.retry_after_seconds.or((status == StatusCode::SERVICE_UNAVAILABLE).then_some(2));
    if let Some(seconds) = seconds {
        response.insert_header((RETRY_AFTER, seconds.to_string()));
    }
    if matches!(refusal.code, Code::BodyTimedOut | Code::BodyTooLarge) {
        // What is left of the body is not waited for.
        response.force_close();
    }
    match refusal.code {
        Code::TokenMissing => response.insert_header(("WWW-Authenticate", "Bearer")),
        Code::TokenInvalid => response.insert_header(("WWW-Authenticate", r#"Bearer error="invalid_token""#)),
        Code::InsufficientScope => response.insert_header(("WWW-Authenticate", insufficient_scope(refusal))),
        Code::MediaTypeUnsupported => response.insert_header(("Accept-Patch", "application/merge-patch+json")),
        _ => response,
    };
}

fn insufficient_scope(refusal: &Refusal) -> String {
    let scope = refusal.about.as_deref().unwrap_or_default();
    format!(r#"Bearer error="insufficient_scope", scope="{scope}""#)
}

fn problem(refusal: &Refusal, is_indonesian: bool, public_url: &str, trace_id: &str) -> Problem {
    let code = refusal.code;
    let advice = code.advice(is_indonesian);
    Problem {
        kind: format!("{public_url}/problems/{}", code.as_str()),
        title: code.title(is_indonesian).to_owned(),
        status: status_of(code.kind()).as_u16(),
        detail: refusal.about.as_ref().map_or_else(|| advice.to_owned(), |about| format!("{advice} ({about})")),
        code: code.as_str().to_owned(),
        errors: refusal.faults.iter().take(MOST_FAULTS).map(|fault| field_problem(fault, is_indonesian)).collect(),
        instance: format!("urn:uuid:{trace_id}"),
        related: refusal.related.map(Into::into),
        possible: refusal.possible.clone(),
        lacking: refusal.lacking.clone(),
        overlap: refusal.overlap.as_ref().map(|overlap| (**overlap).clone().into()),
        trace_id: trace_id.to_owned(),
    }
}

fn field_problem(fault: &Fault, is_indonesian: bool) -> FieldProblem {
    let (title, advice) = (fault.code.title(is_indonesian), fault.code.advice(is_indonesian));
    FieldProblem {
        pointer: fault.pointer.clone(),
        code: fault.code.as_str().to_owned(),
        detail: fault.detail.clone().unwrap_or_else(|| format!("{title}. {advice}")),
        place: fault.place.map(Into::into),
    }
}

/// True where Indonesian stands before English in `Accept-Language`, or alone.
#[must_use]
pub fn wants_indonesian(headers: &HeaderMap) -> bool {
    let Some(accepted) = headers.get(ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()) else { return false };
    let weight_of = |language: &str| {
        accepted
            .split(',')
            .filter_map(|range| {
                let (tag, weight) = range.split_once(";q=").unwrap_or((range, "1"));
                let primary = tag.trim().split('-').next().unwrap_or_default();
                primary.eq_ignore_ascii_case(language).then(|| weight.trim().parse().unwrap_or(0.0))
            })
            .fold(0.0_f32, f32::max)
    };
    weight_of("id") > weight_of("en")
}

/// The page about a code, in both languages; `None` for a code that is not in the table.
#[must_use]
pub fn problem_page(code: &str) -> Option<String> {
    let code = Code::parse(code)?;
    let status = status_of(code.kind());
    let text = code.as_str();
    Some(format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>{text}</title></head><body>\
         <h1><code>{text}</code></h1><p>HTTP {status}</p>\
         <section lang=\"en\"><h2>{}</h2><p>{}</p></section>\
         <section lang=\"id\"><h2>{}</h2><p>{}</p></section></body></html>",
        code.title(false),
        code.advice(false),
        code.title(true),
        code.advice(true),
    ))
}
