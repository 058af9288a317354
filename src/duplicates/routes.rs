//! All routes of duplicates.

use super::{mergers, pairs, runs};
use crate::http::Routes;

/// Registers the routes.
pub fn routes(config: &mut Routes<'_, '_>) {
    config.configure(runs::routes).configure(pairs::routes).configure(mergers::routes);
}
