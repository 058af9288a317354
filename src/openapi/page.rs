//! The Swagger UI page at `/docs`: vendored, it asks nothing of the outside.

use actix_web::http::header::{CONTENT_SECURITY_POLICY, LOCATION};
use actix_web::middleware::DefaultHeaders;
use actix_web::web::{self, ServiceConfig};
use actix_web::{HttpResponse, get};
use utoipa_swagger_ui::{Config, SwaggerUi, oauth};

/// Scripts from here only; the page writes its styles into elements and its icons into addresses.
const POLICY: &str = "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; \
                      frame-ancestors 'none'; base-uri 'none'; form-action 'self'";

/// Serves the page.
pub fn page(config: &mut ServiceConfig) {
    // A signed-in developer stays signed in over a reload, and every operation is ready to run. Tags are closed at
    // first: with all operations shown at once, each click takes the page some seconds.
    let settings = Config::new(["/openapi.json"])
        .try_it_out_enabled(true)
        .persist_authorization(true)
        .display_request_duration(true)
        .doc_expansion("none")
        .validator_url("none");
    let sign_in = oauth::Config::new().app_name("Sinergi");
    let ui = SwaggerUi::new("/{_:.*}").config(settings).oauth(sign_in);
    config
        .service(front)
        .service(web::scope("/docs").wrap(DefaultHeaders::new().add((CONTENT_SECURITY_POLICY, POLICY))).service(ui));
}

/// The page's address without a slash, as people type it.
#[get("/docs")]
async fn front() -> HttpResponse {
    HttpResponse::PermanentRedirect().insert_header((LOCATION, "/docs/")).finish()
}
