//! Loading an edition: all of it in one transaction, and nothing new the second time.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Utc};
use diesel_async::AsyncConnection as _;

use super::code::{Level, OfficialCode};
use super::gather::Gathered;
use super::queries::{self, NewArea, NewRegion};
use super::reader::OfficialRegion;
use crate::db::Conn;
use crate::error::{Error, Result};

/// Rows of one insert: seven values each, well below the 65,535 that the protocol takes.
const ROWS_A_STATEMENT: usize = 5_000;

/// What loading an edition came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Loaded {
    /// Rows read that were in order.
    pub read: usize,
    /// Rows that were new or differed.
    pub changed: usize,
    /// Sub-districts that got a surrogate id.
    pub new_areas: usize,
}

/// Loads what the files told into an edition and makes it the current one.
///
/// Rows whose parent is neither in the files nor in the edition are left out and added to the
/// faults. `conn` is of the owner's role: the service may not write regions.
///
/// # Errors
/// Where the database refuses, or no row is in order; nothing is kept then.
pub async fn load(conn: &mut Conn, edition: &str, gathered: &mut Gathered, now: DateTime<Utc>) -> Result<Loaded> {
    conn.transaction(async |conn| {
        queries::note_edition(conn, edition, now).await?;
        let known: HashSet<String> = queries::codes_of(conn, edition).await?.into_iter().collect();
        gathered.finish(&known);
        if gathered.regions.is_empty() {
            // A file of nothing but faults makes no edition.
            return Err(Error::internal("no region in the files that can be loaded"));
        }
        let regions: Vec<&OfficialRegion> = gathered.regions.values().collect();
        let (areas, new_areas) = areas(conn, &regions).await?;
        let changed = write(conn, edition, &regions, &areas).await?;
        queries::make_current(conn, edition).await?;
        Ok(Loaded { read: regions.len(), changed, new_areas })
    })
    .await
}

/// The areas of all districts; those that no edition has yet get a surrogate id, in code order.
async fn areas(conn: &Conn, regions: &[&OfficialRegion]) -> Result<(HashMap<String, i32>, usize)> {
    let mut areas = queries::areas_by_district(conn).await?;
    let first = queries::last_area(conn).await? + 1;
    let is_new =
        |region: &&&OfficialRegion| region.code.level() == Level::District && !areas.contains_key(region.code.as_str());
    let districts: Vec<&OfficialRegion> = regions.iter().filter(is_new).copied().collect();
    let new: Vec<NewArea> =
        (first..).zip(&districts).map(|(area_id, region)| NewArea { area_id, name: &region.name }).collect();
    for part in new.chunks(ROWS_A_STATEMENT) {
        queries::insert_areas(conn, part).await?;
    }
    areas.extend(districts.iter().zip(&new).map(|(region, area)| (region.code.as_str().to_owned(), area.area_id)));
    Ok((areas, new.len()))
}

async fn write(conn: &Conn, edition: &str, regions: &[&OfficialRegion], areas: &HashMap<String, i32>) -> Result<usize> {
    let mut changed = 0;
    for part in regions.chunks(ROWS_A_STATEMENT) {
        let rows: Vec<NewRegion> = part.iter().map(|region| row(edition, region, areas)).collect();
        changed += queries::upsert(conn, &rows).await?;
    }
    Ok(changed)
}

fn row<'a>(edition: &'a str, region: &'a OfficialRegion, areas: &HashMap<String, i32>) -> NewRegion<'a> {
    let area_of = |district: OfficialCode| areas.get(district.as_str()).copied();
    NewRegion {
        edition,
        code: region.code.as_str(),
        level: region.code.level().as_str(),
        name: &region.name,
        parent_code: region.code.parent().map(|parent| parent.as_str().to_owned()),
        bps_code: region.bps_code.as_deref(),
        area_id: region.code.district().and_then(area_of),
    }
}
