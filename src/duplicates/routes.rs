//! All routes of duplicates.

use utoipa_actix_web::service_config::ServiceConfig;

use super::{mergers, pairs, runs};

/// Registers the routes.
pub fn routes(config: &mut ServiceConfig) {
    config.configure(runs::routes).configure(pairs::routes).configure(mergers::routes);
}
