//! Official regions: the ones shipped here, and the reader of a whole national file.

mod actions;
mod code;
mod gather;
mod model;
mod queries;
mod reader;
mod routes;
mod shipped;

pub use actions::{Loaded, load};
pub use code::{Level, OfficialCode};
pub use gather::Gathered;
pub use model::{Region, RegionLevel};
pub use queries::{
    Place, acting_area, all_areas, all_districts, area_of_district, current_edition, district_of, districts_among,
    find_any_village, find_village, lies_in, name_of, names_of, row_count, villages_by_code, villages_of,
};
pub use reader::{OfficialRegion, RegionFault, RegionFaultKind, RegionReader, RegionRow};
pub use routes::routes;
pub use shipped::{EDITION, shipped};
