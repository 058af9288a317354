//! The Swagger UI page at `/docs`: vendored, it asks nothing of the outside.

use actix_web::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, LOCATION};
use actix_web::middleware::DefaultHeaders;
use actix_web::web::{self, ServiceConfig};
use actix_web::{HttpResponse, get};
use utoipa_swagger_ui::SwaggerUi;

/// Scripts from here only; the page writes its styles into elements and its icons into addresses.
const POLICY: &str = "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; \
                      frame-ancestors 'none'; base-uri 'none'; form-action 'self'";

/// Serves the page.
pub fn page(config: &mut ServiceConfig) {
    let ui = SwaggerUi::new("/{_:.*}");
    config.service(front).service(
        web::scope("/docs")
            .wrap(DefaultHeaders::new().add((CONTENT_SECURITY_POLICY, POLICY)))
            .service(initializer)
            .service(ui),
    );
}

/// The page's address without a slash, as people type it.
#[get("/docs")]
async fn front() -> HttpResponse {
    HttpResponse::PermanentRedirect().insert_header((LOCATION, "/docs/")).finish()
}

/// The script that starts the page, in place of the one that comes with it: that one lets no plugin in.
#[get("/swagger-initializer.js")]
async fn initializer() -> HttpResponse {
    HttpResponse::Ok()
        .content_type("text/javascript; charset=utf-8")
        .insert_header((CACHE_CONTROL, "no-cache"))
        .body(include_str!("swagger-initializer.js"))
}
