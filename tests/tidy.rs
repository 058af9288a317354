//! The architecture as a test: who may import whom, how large things may grow, and what the schema must keep.
//!
//! A failure names the file and the rule. A rule that no longer fits is changed here, in the same commit, with
//! its reason; it is not worked around.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    dead_code,
    reason = "a test that panics has failed; the database support serves the API tests as well"
)]

#[path = "tidy/catalog.rs"]
mod catalog;
#[path = "api/support/database.rs"]
mod database;
#[path = "tidy/functions.rs"]
mod functions;
#[path = "tidy/migrations.rs"]
mod migrations;
#[path = "tidy/modules.rs"]
mod modules;
#[path = "tidy/schema.rs"]
mod schema;
#[path = "tidy/sizes.rs"]
mod sizes;
#[path = "tidy/source.rs"]
mod source;
#[path = "tidy/words.rs"]
mod words;

/// Stops the test with everything that was found.
#[track_caller]
fn assert_none(rule: &str, found: &[String]) {
    assert!(found.is_empty(), "{rule}\n  {}", found.join("\n  "));
}
