//! Comparing all members in memory, on threads of its own: pure arithmetic, for as long as it takes.

use std::collections::HashSet;

use serde_json::{Value, json};
use uuid::Uuid;

use super::model::{SkippedValues, Unfound};
use crate::beneficiaries::{Finding, KeptFinding};
use crate::error::{Error, Result};
use crate::matching::batch::Batch;
use crate::matching::engine::{ConfigFault, Records};
use crate::matching::registry::Registry;

/// Pairs that one run tells at most, the surest first: more than anybody can look at.
pub(super) const MOST_PAIRS: usize = 500_000;

/// Two members who may be one person, the lower id first.
#[derive(Debug, Clone)]
pub(super) struct FoundPair {
    pub(super) one_member_id: Uuid,
    pub(super) other_member_id: Uuid,
    pub(super) one_beneficiary_id: Uuid,
    pub(super) other_beneficiary_id: Uuid,
    pub(super) finding: Finding,
    pub(super) centibits: i32,
    pub(super) fields: Value,
}

/// Records that are one person, and the families that they are of, each once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct FoundCluster {
    pub(super) member_ids: Vec<Uuid>,
    pub(super) beneficiary_ids: Vec<Uuid>,
}

/// What a run found.
#[derive(Debug)]
pub(super) struct Outcome {
    pub(super) pairs: Vec<FoundPair>,
    /// Members of the pairs that are not told, as there are too many.
    pub(super) left_out: HashSet<(Uuid, Uuid)>,
    pub(super) clusters: Vec<FoundCluster>,
    /// Who was read.
    pub(super) members: HashSet<Uuid>,
    pub(super) comparisons: i64,
    pub(super) families: i32,
    pub(super) is_learnt: bool,
    pub(super) skipped: Vec<SkippedValues>,
    pub(super) weights: Value,
}

impl Outcome {
    /// Whether the run can tell of a pair that it is alike no longer: it read both, and left it out for no other reason. Of
    /// two records of which one is a live member no longer nobody asks.
    pub(super) fn is_unlike(&self, pair: &Unfound) -> bool {
        let was_read = |id| self.members.contains(id);
        let looked_at = pair.is_gone || was_read(&pair.one_member_id) && was_read(&pair.other_member_id);
        looked_at && !self.left_out.contains(&(pair.one_member_id, pair.other_member_id))
    }
}

/// Finds the pairs among some records, of which it tells `most` at most.
///
/// # Errors
/// Where the built-in configuration is at fault.
pub(super) fn compute(registry: &Registry, records: &Records, most: usize) -> Result<Outcome> {
    let told = |fault: ConfigFault| Error::internal(fault.to_string());
    let batch = Batch::decide(registry, records, usize::MAX).map_err(told)?;
    let same = batch.same_pairs().into_iter().map(|(one, other)| (one, other, Finding::Same));
    let look = batch.look_pairs().map(|(one, other)| (one, other, Finding::Look));
    let found = |pair| found((registry, records), &batch, pair);
    let mut pairs = same.chain(look).map(found).collect::<Result<Vec<_>>>()?;
    pairs.sort_by(|one, other| other.centibits.cmp(&one.centibits).then(one.one_member_id.cmp(&other.one_member_id)));
    let rest = pairs.split_off(most.min(pairs.len()));
    let skipped = batch.weighed.skipped.iter().filter(|(_, skipped)| skipped.blocks > 0);
    let skipped = skipped.map(|(key, skipped)| SkippedValues {
        key: key.clone(),
        values: skipped.blocks,
        records: skipped.records,
    });
    Ok(Outcome {
        pairs,
        left_out: rest.into_iter().map(|pair| (pair.one_member_id, pair.other_member_id)).collect(),
        clusters: batch.clusters.groups().map(|group| found_cluster(records, &group)).collect::<Result<_>>()?,
        members: (0..records.count()).map(|row| id(records.id(row))).collect::<Result<_>>()?,
        comparisons: i64::try_from(batch.weighed.compared).unwrap_or(i64::MAX),
        families: i32::try_from(batch.households().map_err(told)?).unwrap_or(i32::MAX),
        is_learnt: batch.is_learnt,
        skipped: skipped.collect(),
        weights: json!(batch.weighed.weights),
    })
}

fn found_cluster(records: &Records, rows: &[u32]) -> Result<FoundCluster> {
    let members = rows.iter().map(|row| id(records.id(*row)));
    let families = rows.iter().map(|row| id(records.card_names.text(records.card(*row))));
    let mut beneficiary_ids = families.collect::<Result<Vec<_>>>()?;
    beneficiary_ids.sort_unstable();
    beneficiary_ids.dedup();
    Ok(FoundCluster { member_ids: members.collect::<Result<_>>()?, beneficiary_ids })
}

fn found(
    (registry, records): (&Registry, &Records),
    batch: &Batch<'_>,
    (one, other, finding): (u32, u32, Finding),
) -> Result<FoundPair> {
    let kept = KeptFinding::of(registry, finding, &batch.compared(one, other));
    let ends = |row: u32| -> Result<(Uuid, Uuid)> {
        Ok((id(records.id(row))?, id(records.card_names.text(records.card(row)))?))
    };
    let (mut one, mut other) = (ends(one)?, ends(other)?);
    if other.0 < one.0 {
        std::mem::swap(&mut one, &mut other);
    }
    Ok(FoundPair {
        one_member_id: one.0,
        other_member_id: other.0,
        one_beneficiary_id: one.1,
        other_beneficiary_id: other.1,
        finding: kept.finding,
        centibits: kept.centibits,
        fields: kept.fields,
    })
}

fn id(text: &str) -> Result<Uuid> {
    text.parse().map_err(Error::internal)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::matching::engine::Reading;
    use crate::matching::registry::{Person, registry};

    /// One person on so many cards.
    fn registered(times: usize) -> Records {
        let registry = registry().unwrap();
        let mut reading = Reading::new(&registry.schema);
        for _ in 0..times {
            let person = Person {
                name: "Sulastri Wahyuni Sintetis",
                sex: "female",
                birth_place: Some("Kembang Janggut"),
                born_on: chrono::NaiveDate::from_ymd_opt(1987, 12, 15),
                nik: None,
                card_number: None,
                mother_name: Some("Rusmini Sintetis"),
                relationship: "head",
                village_code: "64.02.10.2003",
                address: None,
                phone: None,
            };
            let ids = [Uuid::now_v7().to_string(), Uuid::now_v7().to_string()];
            reading.add(&ids[0], &ids[1], person.values().iter().map(AsRef::as_ref));
        }
        reading.finish_few()
    }

    #[test]
    fn what_is_left_out_is_not_told_as_unlike() {
        let records = registered(3);
        let outcome = compute(registry().unwrap(), &records, 1).unwrap();
        assert_eq!((outcome.pairs.len(), outcome.left_out.len()), (1, 2));
        let (one_member_id, other_member_id) = *outcome.left_out.iter().next().unwrap();
        let pair = |is_gone, one_member_id, other_member_id| Unfound {
            id: crate::domain::DuplicatePairId::new(),
            one_member_id,
            other_member_id,
            is_gone,
        };
        assert!(!outcome.is_unlike(&pair(false, one_member_id, other_member_id)));
        assert!(!outcome.is_unlike(&pair(false, one_member_id, Uuid::now_v7())), "the other was not read");
        assert!(outcome.is_unlike(&pair(true, one_member_id, Uuid::now_v7())), "the other is no live member");
        let all = compute(registry().unwrap(), &records, 3).unwrap();
        assert_eq!((all.pairs.len(), all.left_out.len()), (3, 0));
        assert_eq!(all.clusters.len(), 1);
        assert_eq!((all.clusters[0].member_ids.len(), all.clusters[0].beneficiary_ids.len()), (3, 3));
        assert!(all.is_unlike(&pair(false, one_member_id, one_member_id)), "it read both and found nothing");
    }
}
