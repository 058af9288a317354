//! What proves something and stays with whoever made it.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Digest, Line, Text};

/// A picture or paper that stays with whoever made it, told by its digest.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Evidence {
    /// SHA-256 of it
    pub digest: Digest,
    /// Media type of it
    #[schema(example = "image/jpeg")]
    pub media_type: Text<80>,
    /// Where it was made, in words
    #[schema(example = "RT 03, tepi Sungai Belayan")]
    pub place: Option<Line>,
    /// Where it was made, by degrees
    pub position: Option<Position>,
}

impl Evidence {
    /// Most references of one record.
    pub const MOST: usize = 20;

    /// Places in a list of those that stand in it before already.
    pub fn twice(list: &[Self]) -> impl Iterator<Item = usize> {
        let is_twice = |(at, one): &(usize, &Self)| list.iter().take(*at).any(|earlier| earlier.digest == one.digest);
        list.iter().enumerate().filter(is_twice).map(|(at, _)| at)
    }
}

/// A place on earth (WGS 84).
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(try_from = "Degrees")]
pub struct Position {
    /// Degrees north of the equator
    #[schema(minimum = -90, maximum = 90, example = -0.2345)]
    pub latitude: f64,
    /// Degrees east of Greenwich
    #[schema(minimum = -180, maximum = 180, example = 116.0123)]
    pub longitude: f64,
}

/// A position as it is sent.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Degrees {
    latitude: f64,
    longitude: f64,
}

impl TryFrom<Degrees> for Position {
    type Error = &'static str;

    fn try_from(Degrees { latitude, longitude }: Degrees) -> Result<Self, Self::Error> {
        let is_on_earth = latitude.abs() <= 90.0 && longitude.abs() <= 180.0;
        if is_on_earth { Ok(Self { latitude, longitude }) } else { Err("coordinate_out_of_range") }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_position_is_on_earth() {
        let read = |latitude: f64, longitude: f64| Position::try_from(Degrees { latitude, longitude });
        assert!(read(-90.0, 180.0).is_ok() && read(0.0, 0.0).is_ok());
        for wrong in [read(90.1, 0.0), read(0.0, -180.1), read(f64::NAN, 0.0)] {
            assert_eq!(wrong, Err("coordinate_out_of_range"));
        }
    }
}
