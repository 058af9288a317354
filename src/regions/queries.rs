//! Queries over the regions.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use crate::db::Conn;
use crate::domain::{Scope, VillageCode};
use crate::error::Result;
use crate::schema::{region_editions, regions};

/// Where a village lies.
#[derive(Debug, Clone, Copy)]
pub struct Place {
    /// Its sub-district.
    pub area_id: i32,
}

/// Finds a village of the current edition inside a scope.
///
/// # Errors
/// Where the database cannot be read.
pub async fn find_village(mut conn: &Conn, scope: &Scope, code: &VillageCode) -> Result<Option<Place>> {
    let area_id = regions::table
        .inner_join(region_editions::table)
        .filter(region_editions::is_current)
        .filter(regions::code.eq(code.as_str()))
        .filter(regions::level.eq("village"))
        .filter(regions::area_id.eq_any(&scope.area_ids))
        .select(regions::area_id.assume_not_null())
        .first::<i32>(&mut conn)
        .await
        .optional()?;
    Ok(area_id.map(|area_id| Place { area_id }))
}
