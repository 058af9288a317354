//! Families as they were written out, kept by id and version.
//!
//! What a version of a family says never changes, so a list has to read only which versions it has: the rest is
//! taken from memory, and from the database where it was not shown before or long ago. Who may see a family is
//! decided by that reading each time, never here.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde::{Serialize, Serializer};
use serde_json::value::{RawValue, to_raw_value};

use super::model::{Beneficiary, BeneficiaryRow, ListedFamily};
use super::queries;
use crate::db::Db;
use crate::domain::{BeneficiaryId, Scope};
use crate::error::{Error, Result};
use crate::keys::Vault;

/// Families of one generation; two are kept, some 600 bytes each.
const GENERATION: usize = 8_192;

type Version = (BeneficiaryId, i32);

/// A family as it is shown.
#[derive(Debug, Clone)]
pub(super) struct Written(Arc<RawValue>);

impl Written {
    /// Writes a family out.
    pub(super) fn of(row: BeneficiaryRow, vault: &Vault) -> Result<Self> {
        let text = to_raw_value(&Beneficiary::open(row, vault)?).map_err(Error::internal)?;
        Ok(Self(text.into()))
    }
}

impl Serialize for Written {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

/// What was shown; cheap to clone.
#[derive(Debug, Clone, Default)]
pub struct Shown(Arc<Mutex<Generations>>);

/// The older one goes when the younger one is full; whatever is asked for meanwhile becomes young again.
#[derive(Debug, Default)]
struct Generations {
    young: HashMap<Version, Written>,
    old: HashMap<Version, Written>,
}

impl Generations {
    fn get(&mut self, version: Version) -> Option<Written> {
        if let Some(written) = self.young.get(&version) {
            return Some(written.clone());
        }
        let written = self.old.remove(&version)?;
        self.keep(version, written.clone());
        Some(written)
    }

    fn keep(&mut self, version: Version, written: Written) {
        if self.young.len() >= GENERATION {
            self.old = std::mem::take(&mut self.young);
        }
        self.young.insert(version, written);
    }
}

impl Shown {
    /// The version of a family; where it was changed meanwhile, the one that replaced it.
    pub(super) async fn one(
        &self,
        db: &Db,
        scope: &Scope,
        vault: &Vault,
        version: Version,
    ) -> Result<Option<(i32, Written)>> {
        if let Some(written) = self.generations().get(version) {
            return Ok(Some((version.1, written)));
        }
        let read = self.read(db, scope, vault, &[version.0]).await?;
        let latest = read.into_iter().max_by_key(|((_, version), _)| *version);
        Ok(latest.map(|((_, version), written)| (version, written)))
    }

    /// The families of a list in its order, without those that left the scope meanwhile.
    pub(super) async fn all(
        &self,
        db: &Db,
        scope: &Scope,
        vault: &Vault,
        listed: &[ListedFamily],
    ) -> Result<Vec<Written>> {
        let mut found: Vec<Option<Written>> = {
            let mut generations = self.generations();
            listed.iter().map(|family| generations.get((family.place.id, family.version))).collect()
        };
        let is_missing =
            |(family, found): (&ListedFamily, &Option<Written>)| found.is_none().then_some(family.place.id);
        let missing: Vec<_> = listed.iter().zip(&found).filter_map(is_missing).collect();
        if !missing.is_empty() {
            let read = self.read(db, scope, vault, &missing).await?;
            // A family that moved between areas of the scope has a record in each.
            let whole: HashMap<Version, Written> = read.iter().cloned().collect();
            let by_id: HashMap<_, _> = read.into_iter().map(|((id, _), written)| (id, written)).collect();
            for (family, found) in listed.iter().zip(&mut found).filter(|(_, found)| found.is_none()) {
                let exact = whole.get(&(family.place.id, family.version));
                *found = exact.or_else(|| by_id.get(&family.place.id)).cloned();
            }
        }
        Ok(found.into_iter().flatten().collect())
    }

    async fn read(
        &self,
        db: &Db,
        scope: &Scope,
        vault: &Vault,
        ids: &[BeneficiaryId],
    ) -> Result<Vec<(Version, Written)>> {
        let rows = queries::of(&*db.read(scope).await?, scope, ids).await?;
        let write = |row: BeneficiaryRow| Ok(((row.id, row.version), Written::of(row, vault)?));
        let read: Vec<(Version, Written)> = rows.into_iter().map(write).collect::<Result<_>>()?;
        let mut generations = self.generations();
        for (version, written) in &read {
            generations.keep(*version, written.clone());
        }
        Ok(read)
    }

    /// What is kept stays whole if a thread panics.
    fn generations(&self) -> MutexGuard<'_, Generations> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(text: &str) -> Written {
        Written(to_raw_value(text).unwrap().into())
    }

    #[test]
    fn what_is_asked_for_stays_and_the_rest_goes_with_its_generation() {
        let (asked, other) = (BeneficiaryId::new(), BeneficiaryId::new());
        let mut generations = Generations::default();
        generations.keep((asked, 1), written("asked"));
        generations.keep((other, 1), written("other"));
        for _ in 0..2 {
            for _ in 0..GENERATION {
                generations.keep((BeneficiaryId::new(), 1), written("new"));
            }
            assert!(generations.get((asked, 1)).is_some());
        }
        assert!(generations.get((other, 1)).is_none());
        assert!(generations.get((asked, 2)).is_none(), "another version is another thing");
        assert!(generations.young.len() + generations.old.len() <= 2 * GENERATION);
    }
}
