//! Where features register their operations.

use std::sync::Arc;

use actix_web::dev::{HttpServiceFactory, RequestHead};
use actix_web::guard::fn_guard;
use actix_web::http::Method;
use actix_web::{HttpMessage, HttpRequest, web};
use utoipa::Path;
use utoipa::openapi::path::HttpMethod;
use utoipa_actix_web::OpenApiFactory;
use utoipa_actix_web::service_config::ServiceConfig;

use super::operations::has_form;

/// Where a feature registers its operations: with a server, or with the document while that is made.
///
/// A server does not ask what an operation says of itself: the code that tells it would be read into memory at each
/// start, and there is more of it than of what answers.
pub struct Routes<'a, 'b>(Of<'a, 'b>);

enum Of<'a, 'b> {
    Server(&'a mut web::ServiceConfig),
    Document(&'a mut ServiceConfig<'b>),
}

impl<'a, 'b> Routes<'a, 'b> {
    /// Those of a server.
    pub fn of_server(config: &'a mut web::ServiceConfig) -> Self {
        Self(Of::Server(config))
    }

    /// Those of the document.
    pub fn of_document(config: &'a mut ServiceConfig<'b>) -> Self {
        Self(Of::Document(config))
    }

    /// Registers an operation.
    ///
    /// A server looks at its method and path by itself first: comparing patterns is slow where they differ late, and
    /// patterns that are fast take twenty times the memory.
    pub fn service<O: HttpServiceFactory + OpenApiFactory + Path + 'static>(&mut self, operation: O) -> &mut Self {
        match &mut self.0 {
            Of::Server(config) => serve(config, operation),
            Of::Document(config) => describe(config, operation),
        }
        self
    }

    /// Registers operations whose paths begin, after the version, with one of some segments; no other part has one of
    /// them.
    ///
    /// A server compares one operation after the other until one fits: so it compares those of one part only.
    pub fn under(&mut self, segments: &'static [&'static str], part: impl FnOnce(&mut Routes<'_, '_>)) -> &mut Self {
        match &mut self.0 {
            Of::Server(config) => {
                let guard = fn_guard(move |context| is_under(segments, context.head().uri.path()));
                let configure = |config: &mut web::ServiceConfig| part(&mut Routes::of_server(config));
                config.service(web::scope("").guard(guard).configure(configure));
            }
            Of::Document(config) => part(&mut Routes::of_document(config)),
        }
        self
    }

    /// Registers the operations of a part.
    pub fn configure(&mut self, part: impl FnOnce(&mut Self)) -> &mut Self {
        part(self);
        self
    }
}

/// Kept apart from [`describe`]: a start runs this for every operation, and would else read the code of both.
#[inline(never)]
fn serve<O: HttpServiceFactory + Path + 'static>(config: &mut web::ServiceConfig, operation: O) {
    let form = Form::of::<O>();
    let guard = fn_guard(move |context| {
        let is_it = form.fits(context.head());
        if is_it {
            context.req_data_mut().insert(Template(Arc::clone(&form.template)));
        }
        is_it
    });
    config.service(web::scope("").guard(guard).service(operation));
}

/// Cold: the linker puts it with other code that a service never runs.
#[cold]
#[inline(never)]
fn describe<O: HttpServiceFactory + OpenApiFactory + 'static>(config: &mut ServiceConfig<'_>, operation: O) {
    config.service(operation);
}

/// Path of the operation that a request was found to ask for.
struct Template(Arc<str>);

/// The path of the request's operation as the document writes it, such as `/v1/needs/{id}`.
///
/// Kept from when the operation was found: to compare all patterns once more costs as much as that did.
pub(super) fn template_of(request: &HttpRequest) -> Option<Arc<str>> {
    let found = request.extensions().get::<Template>().map(|template| Arc::clone(&template.0));
    found.or_else(|| request.match_pattern().map(Into::into))
}

/// Method and path of an operation.
struct Form {
    methods: Vec<Method>,
    template: Arc<str>,
}

impl Form {
    fn of<O: Path>() -> Self {
        Self { methods: O::methods().iter().map(method).collect(), template: O::path().into() }
    }

    fn fits(&self, head: &RequestHead) -> bool {
        self.methods.contains(&head.method) && has_form(&self.template, head.uri.path())
    }
}

fn method(told: &HttpMethod) -> Method {
    match told {
        HttpMethod::Get => Method::GET,
        HttpMethod::Post => Method::POST,
        HttpMethod::Put => Method::PUT,
        HttpMethod::Delete => Method::DELETE,
        HttpMethod::Options => Method::OPTIONS,
        HttpMethod::Head => Method::HEAD,
        HttpMethod::Patch => Method::PATCH,
        HttpMethod::Trace => Method::TRACE,
    }
}

fn is_under(segments: &[&str], path: &str) -> bool {
    let segment = path.strip_prefix("/v1/").and_then(|rest| rest.split('/').next());
    segment.is_some_and(|segment| segments.contains(&segment))
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    #[test]
    fn a_path_is_under_its_first_segment() {
        assert!(is_under(&["needs", "pledges"], "/v1/pledges/1/lines"));
        assert!(is_under(&["needs", "pledges"], "/v1/needs"));
        for other in ["/v1/pledges-of-old", "/v1", "/v2/needs", "/needs", "/v1/companies/needs"] {
            assert!(!is_under(&["needs", "pledges"], other), "{other}");
        }
    }

    #[test]
    fn an_operation_has_its_method_and_a_path_of_its_form() {
        let form = Form { methods: vec![Method::GET], template: "/v1/needs/{id}".into() };
        let fits = |request: TestRequest| form.fits(request.to_http_request().head());
        assert!(fits(TestRequest::get().uri("/v1/needs/1")));
        assert!(!fits(TestRequest::post().uri("/v1/needs/1")));
        assert!(!fits(TestRequest::get().uri("/v1/needs/1/withdrawals")));
        assert!(!fits(TestRequest::get().uri(&format!("/v1/needs/{}", "1".repeat(3_000)))));
    }
}
