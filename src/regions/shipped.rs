//! The regions that come with the project: province, regency, its districts, the villages of
//! Kembang Janggut, and one of its neighbour Kenohan. Facts of the decree below, written here by hand.

use std::io;

use super::gather::Gathered;

/// The decree whose codes and names are shipped.
pub const EDITION: &str = "Kepmendagri 300.2.2-2430/2025";

/// The column `bps_confidence` says how sure the crosswalk is: B several sources, C one. It is for
/// readers of the file; the service keeps the code alone.
const FILE: &str = include_str!("kutai_kartanegara.csv");

/// The shipped regions.
///
/// # Errors
/// None that a release can show: a test reads the file.
pub fn shipped() -> io::Result<Gathered> {
    let mut gathered = Gathered::default();
    gathered.read(FILE.as_bytes())?;
    Ok(gathered)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;
    use std::fs::File;
    use std::io::BufReader;
    use std::path::Path;

    use crate::regions::{Level, OfficialCode};

    #[test]
    fn the_shipped_file_is_whole() {
        let mut shipped = shipped().unwrap();
        shipped.finish(&HashSet::new());
        assert_eq!(shipped.faults, []);
        let count = |level| shipped.regions.keys().filter(|code| code.level() == level).count();
        let counts = [Level::Province, Level::Regency, Level::District, Level::Village].map(count);
        assert_eq!(counts, [1, 1, 20, 12]);
        let kembang_janggut = OfficialCode::parse("64.02.10").unwrap();
        assert_eq!(shipped.regions[&kembang_janggut].bps_code.as_deref(), Some("6403170"));
    }

    #[test]
    fn the_259_rows_of_the_regency_are_read_and_agree_with_the_shipped_ones() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let path = root.join("../shared/standards/regions/kutai-kartanegara.csv");
        let Ok(file) = File::open(&path) else {
            eprintln!("skipped: ../shared/standards/regions is not here");
            return;
        };
        let mut whole = Gathered::default();
        whole.read(BufReader::new(file)).unwrap();
        whole.finish(&HashSet::new());
        assert_eq!(whole.faults, []);
        assert_eq!(whole.regions.len(), 259);
        let villages = whole.regions.keys().filter(|code| code.level() == Level::Village);
        assert_eq!(villages.count(), 237);
        for (code, region) in shipped().unwrap().regions {
            assert_eq!(whole.regions[&code].name, region.name, "{code:?}");
        }
    }
}
