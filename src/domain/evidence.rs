//! What proves something and stays with whoever made it.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Digest, Line, Text};

/// A picture or paper that stays with whoever made it, told by its digest.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(try_from = "Sent")]
pub struct Evidence {
    /// SHA-256 of it
    pub digest: Digest,
    /// Media type of it
    #[schema(example = "image/jpeg")]
    pub media_type: Text<80>,
    /// Where it was made, in words
    #[schema(example = "RT 03, tepi Sungai Belayan")]
    pub place: Option<Line>,
    /// Where it was made (WGS 84): degrees north; with `longitude` or not at all
    #[schema(minimum = -90, maximum = 90, example = -0.2345)]
    pub latitude: Option<f64>,
    /// Degrees east
    #[schema(minimum = -180, maximum = 180, example = 116.0123)]
    pub longitude: Option<f64>,
}

/// Evidence as it is sent.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Sent {
    digest: Digest,
    media_type: Text<80>,
    place: Option<Line>,
    latitude: Option<f64>,
    longitude: Option<f64>,
}

impl TryFrom<Sent> for Evidence {
    type Error = &'static str;

    fn try_from(sent: Sent) -> Result<Self, Self::Error> {
        let Sent { digest, media_type, place, latitude, longitude } = sent;
        let is_on_earth = match (latitude, longitude) {
            (Some(latitude), Some(longitude)) => latitude.abs() <= 90.0 && longitude.abs() <= 180.0,
            (None, None) => true,
            _ => false,
        };
        if is_on_earth {
            Ok(Self { digest, media_type, place, latitude, longitude })
        } else {
            Err("coordinate_out_of_range")
        }
    }
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

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn is_read(position: Value) -> bool {
        let mut sent = json!({ "digest": "ab".repeat(32), "media_type": "image/jpeg" });
        if let (Value::Object(sent), Value::Object(position)) = (&mut sent, position) {
            sent.extend(position);
        }
        serde_json::from_value::<Evidence>(sent).is_ok()
    }

    #[test]
    fn a_place_is_on_earth_and_has_both_its_degrees() {
        assert!(is_read(json!({})) && is_read(json!({ "latitude": -90.0, "longitude": 180.0 })));
        assert!(!is_read(json!({ "latitude": 90.1, "longitude": 0.0 })));
        assert!(!is_read(json!({ "latitude": 0.0, "longitude": -180.1 })));
        assert!(!is_read(json!({ "latitude": 0.0 })));
        assert!(!is_read(json!({ "altitude": 0.0 })));
    }
}
