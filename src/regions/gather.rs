//! Gathers the rows of one or more files into one edition: each code once, each parent known.

use std::collections::{BTreeMap, HashSet};
use std::io::{self, BufRead};

use super::code::OfficialCode;
use super::reader::{OfficialRegion, RegionFault, RegionFaultKind, RegionReader};

/// The regions of an edition and the rows that were left out.
#[derive(Debug, Default)]
pub struct Gathered {
    /// Regions by code, so that a parent stands before what lies in it.
    pub regions: BTreeMap<OfficialCode, OfficialRegion>,
    /// Faults with the place of the file among the files read, from 0.
    pub faults: Vec<(usize, RegionFault)>,
    files: Vec<OfficialCodes>,
}

/// The codes that one file brought in.
type OfficialCodes = HashSet<OfficialCode>;

impl Gathered {
    /// Reads one file. Files may come in any order; parents are looked for when all are read.
    ///
    /// # Errors
    /// What reading the source says.
    pub fn read<R: BufRead>(&mut self, source: R) -> io::Result<()> {
        let file = self.files.len();
        let mut brought = OfficialCodes::new();
        for row in RegionReader::new(source)? {
            match row? {
                Err(fault) => self.faults.push((file, fault)),
                Ok(region) if self.regions.contains_key(&region.code) => {
                    let kind = RegionFaultKind::Duplicate;
                    self.faults.push((file, RegionFault { line: region.line, kind }));
                }
                Ok(region) => {
                    brought.insert(region.code.clone());
                    self.regions.insert(region.code.clone(), region);
                }
            }
        }
        self.files.push(brought);
        Ok(())
    }

    /// Leaves out what has no parent, neither here nor among the codes `loaded` before.
    pub fn finish(&mut self, loaded: &HashSet<String>) {
        // Parents sort before what lies in them, so one pass leaves out whole branches.
        let codes: Vec<OfficialCode> = self.regions.keys().cloned().collect();
        for code in codes {
            let Some(parent) = code.parent() else {
                continue;
            };
            if self.regions.contains_key(&parent) || loaded.contains(parent.as_str()) {
                continue;
            }
            let file = self.files.iter().position(|brought| brought.contains(&code)).unwrap_or_default();
            if let Some(region) = self.regions.remove(&code) {
                let kind = RegionFaultKind::ParentUnknown;
                self.faults.push((file, RegionFault { line: region.line, kind }));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_come_in_any_order_and_orphans_are_told() {
        let mut gathered = Gathered::default();
        gathered
            .read("code,regency_code,name\n64.02.10,64.02,Kembang Janggut\n65.01.01,65.01,Lain\n".as_bytes())
            .unwrap();
        gathered.read("code,province_code,name\n64.02,64,Kutai Kartanegara\n64.02,64,Again\n".as_bytes()).unwrap();
        gathered.finish(&HashSet::from(["64".to_owned()]));
        let codes: Vec<&str> = gathered.regions.keys().map(OfficialCode::as_str).collect();
        assert_eq!(codes, ["64.02", "64.02.10"]);
        let told: Vec<_> =
            gathered.faults.iter().map(|(file, fault)| (*file, fault.line, fault.kind.as_str())).collect();
        assert_eq!(told, [(1, 3, "region_duplicate"), (0, 3, "region_parent_unknown")]);
    }
}
