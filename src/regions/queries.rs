//! Queries over the regions.

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, Utc};
use diesel::dsl::sql;
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_types::{Bool, Text};
use diesel::upsert::excluded;
use diesel_async::RunQueryDsl;

use super::model::{Region, RegionFilter};
use crate::db::{Conn, walk};
use crate::domain::{DistrictCode, RegionCode, Scope, VillageCode};
use crate::error::{Code, Error, Result};
use crate::http::{ByCode, Limit};
use crate::schema::{areas, region_editions, regions};

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

/// Finds a village of the current edition, whosever it is: where places lie is the same for everybody.
///
/// # Errors
/// Where the database cannot be read.
pub async fn find_any_village(mut conn: &Conn, code: &VillageCode) -> Result<Option<Place>> {
    let area_id = regions::table
        .inner_join(region_editions::table)
        .filter(region_editions::is_current)
        .filter(regions::code.eq(code.as_str()))
        .filter(regions::level.eq("village"))
        .filter(regions::area_id.is_not_null())
        .select(regions::area_id.assume_not_null())
        .first::<i32>(&mut conn)
        .await
        .optional()?;
    Ok(area_id.map(|area_id| Place { area_id }))
}

/// The edition that new records are checked against; `None` before the first one is loaded.
///
/// # Errors
/// Where the database cannot be read.
pub async fn current_edition(mut conn: &Conn) -> Result<Option<String>> {
    let current = region_editions::table.filter(region_editions::is_current).select(region_editions::edition);
    Ok(current.first(&mut conn).await.optional()?)
}

/// The area of a district of the current edition.
///
/// # Errors
/// Where the database cannot be read.
pub async fn area_of_district(mut conn: &Conn, code: &str) -> Result<Option<i32>> {
    let area_id = regions::table
        .inner_join(region_editions::table)
        .filter(region_editions::is_current)
        .filter(regions::code.eq(code))
        .filter(regions::level.eq("district"))
        .select(regions::area_id)
        .first::<Option<i32>>(&mut conn)
        .await
        .optional()?;
    Ok(area_id.flatten())
}

/// Code of the district of an area in the current edition.
///
/// # Errors
/// Where the database cannot be read, or the edition has no such district.
pub async fn district_of(mut conn: &Conn, area_id: i32) -> Result<String> {
    let code = regions::table
        .inner_join(region_editions::table)
        .filter(region_editions::is_current)
        .filter(regions::area_id.eq(area_id))
        .filter(regions::level.eq("district"))
        .select(regions::code);
    Ok(code.first(&mut conn).await?)
}

/// The area that a caller acts in: its only one, or of several the one it names.
///
/// # Errors
/// A fault at `/district_code` where a caller of several areas names none, or one that is not its own.
pub async fn acting_area(conn: &Conn, scope: &Scope, named: Option<&DistrictCode>) -> Result<i32> {
    let Some(code) = named else {
        return scope.only_area().ok_or_else(|| Error::invalid_field("/district_code", Code::Required));
    };
    let area_id = area_of_district(conn, code.as_str()).await?.filter(|area_id| scope.has_area(*area_id));
    area_id.ok_or_else(|| Error::invalid_field("/district_code", Code::ReferenceUnknown))
}

/// Name of a village of the current edition; empty where it has none.
///
/// # Errors
/// Where the database cannot be read.
pub async fn name_of(conn: &Conn, code: &VillageCode) -> Result<String> {
    let code = RegionCode::parse(code.as_str());
    let region = match code {
        Some(code) => find(conn, &code).await?,
        None => None,
    };
    Ok(region.map(|region| region.name).unwrap_or_default())
}

/// Names of villages of the current edition by their codes.
///
/// # Errors
/// Where the database cannot be read.
pub async fn names_of(mut conn: &Conn, codes: &[VillageCode]) -> Result<BTreeMap<String, String>> {
    let names: Vec<(String, String)> = regions::table
        .inner_join(region_editions::table)
        .filter(region_editions::is_current)
        .filter(regions::code.eq_any(codes))
        .select((regions::code, regions::name))
        .load(&mut conn)
        .await?;
    Ok(names.into_iter().collect())
}

/// Codes of the villages of an area in the current edition.
///
/// # Errors
/// Where the database cannot be read.
pub async fn villages_of(mut conn: &Conn, area_id: i32) -> Result<Vec<VillageCode>> {
    let codes = regions::table
        .inner_join(region_editions::table)
        .filter(region_editions::is_current)
        .filter(regions::area_id.eq(area_id))
        .filter(regions::level.eq("village"))
        .select(regions::code);
    Ok(codes.load(&mut conn).await?)
}

/// Villages of an area in the current edition, each with its code at the statistics office where that is known.
///
/// # Errors
/// Where the database cannot be read.
pub async fn villages_by_code(mut conn: &Conn, area_id: i32) -> Result<Vec<(VillageCode, Option<String>)>> {
    let codes = regions::table
        .inner_join(region_editions::table)
        .filter(region_editions::is_current)
        .filter(regions::area_id.eq(area_id))
        .filter(regions::level.eq("village"))
        .select((regions::code, regions::bps_code));
    Ok(codes.load(&mut conn).await?)
}

/// True where a region of the current edition is an area or one of its villages.
///
/// # Errors
/// Where the database cannot be read.
pub async fn lies_in(mut conn: &Conn, area_id: i32, code: &RegionCode) -> Result<bool> {
    let region = regions::table
        .inner_join(region_editions::table)
        .filter(region_editions::is_current)
        .filter(regions::area_id.eq(area_id))
        .filter(regions::code.eq(code.as_str()));
    Ok(diesel::select(diesel::dsl::exists(region)).get_result(&mut conn).await?)
}

/// A row of `regions` to be written.
#[derive(Debug, Clone, Insertable)]
#[diesel(table_name = regions)]
pub(super) struct NewRegion<'a> {
    pub(super) edition: &'a str,
    pub(super) code: &'a str,
    pub(super) level: &'static str,
    pub(super) name: &'a str,
    pub(super) parent_code: Option<String>,
    pub(super) bps_code: Option<&'a str>,
    pub(super) area_id: Option<i32>,
}

/// A sub-district that gets its surrogate id.
#[derive(Debug, Clone, Insertable)]
#[diesel(table_name = areas)]
pub(super) struct NewArea<'a> {
    pub(super) area_id: i32,
    pub(super) name: &'a str,
}

/// Notes an edition; one that is noted keeps its time.
pub(super) async fn note_edition(mut conn: &Conn, edition: &str, now: DateTime<Utc>) -> Result<()> {
    diesel::insert_into(region_editions::table)
        .values((
            region_editions::edition.eq(edition),
            region_editions::is_current.eq(false),
            region_editions::loaded_at.eq(now),
        ))
        .on_conflict_do_nothing()
        .execute(&mut conn)
        .await?;
    Ok(())
}

/// Makes one edition the current one, in the order that the unique index asks for.
pub(super) async fn make_current(mut conn: &Conn, edition: &str) -> Result<()> {
    diesel::update(region_editions::table)
        .filter(region_editions::is_current)
        .filter(region_editions::edition.ne(edition))
        .set(region_editions::is_current.eq(false))
        .execute(&mut conn)
        .await?;
    diesel::update(region_editions::table.find(edition))
        .filter(diesel::dsl::not(region_editions::is_current))
        .set(region_editions::is_current.eq(true))
        .execute(&mut conn)
        .await?;
    Ok(())
}

/// Codes that an edition has already.
pub(super) async fn codes_of(mut conn: &Conn, edition: &str) -> Result<Vec<String>> {
    let codes = regions::table.filter(regions::edition.eq(edition)).select(regions::code);
    Ok(codes.load(&mut conn).await?)
}

/// The area of each district, in whichever edition it stands: a code keeps its area.
pub(super) async fn areas_by_district(mut conn: &Conn) -> Result<HashMap<String, i32>> {
    let rows: Vec<(String, Option<i32>)> = regions::table
        .filter(regions::level.eq("district"))
        .select((regions::code, regions::area_id))
        .load(&mut conn)
        .await?;
    Ok(rows.into_iter().filter_map(|(code, area_id)| Some((code, area_id?))).collect())
}

/// All areas that there are: for what the service does by itself, never for a request.
///
/// # Errors
/// Where the database cannot be read.
pub async fn all_areas(mut conn: &Conn) -> Result<Scope> {
    let area_ids = areas::table.select(areas::area_id).order(areas::area_id).load(&mut conn).await?;
    Ok(Scope { area_ids, company_id: None })
}

/// The highest surrogate id in use; 0 where there is none.
pub(super) async fn last_area(mut conn: &Conn) -> Result<i32> {
    let last: Option<i32> = areas::table.select(diesel::dsl::max(areas::area_id)).first(&mut conn).await?;
    Ok(last.unwrap_or_default())
}

/// Adds sub-districts.
pub(super) async fn insert_areas(mut conn: &Conn, new: &[NewArea<'_>]) -> Result<()> {
    diesel::insert_into(areas::table).values(new).execute(&mut conn).await?;
    Ok(())
}

/// Writes regions; a known one takes the new name, and keeps its BPS code where none is told.
/// Answers how many rows changed.
pub(super) async fn upsert(mut conn: &Conn, rows: &[NewRegion<'_>]) -> Result<usize> {
    use diesel::query_dsl::methods::FilterDsl as _;
    let changed = diesel::insert_into(regions::table)
        .values(rows)
        .on_conflict((regions::edition, regions::code))
        .do_update()
        .set((
            regions::name.eq(excluded(regions::name)),
            regions::bps_code.eq(coalesce(excluded(regions::bps_code), regions::bps_code)),
        ))
        .filter(
            regions::name.ne(excluded(regions::name)).or(excluded(regions::bps_code)
                .is_not_null()
                .and(regions::bps_code.is_distinct_from(excluded(regions::bps_code)))),
        )
        .execute(&mut conn)
        .await?;
    Ok(changed)
}

diesel::define_sql_function! {
    /// The first of two values that is not null.
    fn coalesce(
        first: diesel::sql_types::Nullable<diesel::sql_types::Text>,
        second: diesel::sql_types::Nullable<diesel::sql_types::Text>,
    ) -> diesel::sql_types::Nullable<diesel::sql_types::Text>;
}

/// Finds a region of the current edition. Regions are the same for everybody, so no scope limits them.
pub(super) async fn find(mut conn: &Conn, code: &RegionCode) -> Result<Option<Region>> {
    let current = region_editions::table.filter(region_editions::is_current).select(region_editions::edition);
    let region = Region::query().filter(regions::edition.eq_any(current)).filter(regions::code.eq(code.as_str()));
    Ok(region.first(&mut conn).await.optional()?)
}

/// Regions of the current edition that a filter leaves.
fn filtered(filter: &RegionFilter) -> regions::BoxedQuery<'_, Pg> {
    let current = region_editions::table.filter(region_editions::is_current).select(region_editions::edition);
    let mut query = regions::table.filter(regions::edition.eq_any(current)).into_boxed();
    if let Some(level) = filter.level {
        query = query.filter(regions::level.eq(level.as_str()));
    }
    if let Some(parent_code) = &filter.parent_code {
        query = query.filter(regions::parent_code.eq(parent_code.as_str()));
    }
    if let Some(prefix) = &filter.name_prefix {
        query = query
            .filter(sql::<Bool>("starts_with(lower(regions.name), lower(").bind::<Text, _>(prefix.as_str()).sql("))"));
    }
    query
}

/// Counts regions of the current edition.
pub(super) async fn count(mut conn: &Conn, filter: &RegionFilter) -> Result<i64> {
    Ok(filtered(filter).count().get_result(&mut conn).await?)
}

/// Lists regions of the current edition by code, after one.
pub(super) async fn list(
    mut conn: &Conn,
    filter: &RegionFilter,
    (limit, after): (Limit, Option<&RegionCode>),
) -> Result<Vec<Region>> {
    let query = filtered(filter).select(Region::as_select()).limit(limit.rows_to_fetch());
    let is_down = filter.sort == Some(ByCode::Down);
    Ok(walk!(query, is_down, after.map(RegionCode::as_str), regions::{code}).load(&mut conn).await?)
}

/// How many rows all editions have: it grows with whatever is loaded.
///
/// # Errors
/// Where the database cannot be read.
pub async fn row_count(mut conn: &Conn) -> Result<i64> {
    Ok(regions::table.count().get_result(&mut conn).await?)
}

/// Codes of all districts, in whatever edition.
///
/// # Errors
/// Where the database cannot be read.
pub async fn all_districts(mut conn: &Conn) -> Result<Vec<String>> {
    let districts = regions::table.filter(regions::level.eq("district"));
    Ok(districts.select(regions::code).distinct().load(&mut conn).await?)
}

/// Those of some codes that are of a district, in whatever edition: a NIK names the one of its time.
///
/// # Errors
/// Where the database cannot be read.
pub async fn districts_among(mut conn: &Conn, codes: Vec<String>) -> Result<Vec<String>> {
    if codes.is_empty() {
        return Ok(Vec::new());
    }
    let codes = regions::table
        .filter(regions::level.eq("district"))
        // Naming every edition lets the key of the table serve.
        .filter(regions::edition.eq_any(region_editions::table.select(region_editions::edition)))
        .filter(regions::code.eq_any(codes))
        .select(regions::code)
        .distinct()
        .load(&mut conn)
        .await?;
    Ok(codes)
}
