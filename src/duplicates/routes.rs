//! All routes of duplicates.

use utoipa_actix_web::service_config::ServiceConfig;

use super::{pairs, runs};

/// Registers the routes.
pub fn routes(config: &mut ServiceConfig) {
    config.configure(runs::routes).configure(pairs::routes);
}
