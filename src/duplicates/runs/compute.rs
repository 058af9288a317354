//! Comparing all members in memory, on threads of its own: pure arithmetic, for as long as it takes.

use std::collections::HashMap;

use serde_json::{Value, json};
use uuid::Uuid;

use super::model::SkippedValues;
use super::reader::ENOUGH_TO_LEARN;
use crate::beneficiaries::{FieldBits, Finding};
use crate::error::{Error, Result};
use crate::matching::engine::{Clusters, Records, Weighed, Weighing, cluster, families, link, weigh_by};
use crate::matching::registry::{Registry, UNCOUNTED_LINK_BITS};

/// Pairs that one run tells at most, the surest first: more than anybody can look at.
const MOST_PAIRS: usize = 500_000;

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

/// What a run found.
#[derive(Debug)]
pub(super) struct Outcome {
    pub(super) pairs: Vec<FoundPair>,
    pub(super) members: u32,
    pub(super) comparisons: i64,
    pub(super) persons: i32,
    pub(super) families: i32,
    pub(super) is_learnt: bool,
    pub(super) skipped: Vec<SkippedValues>,
    pub(super) weights: Value,
}

/// Finds the pairs among some records.
///
/// # Errors
/// Where the built-in configuration is at fault.
pub(super) fn compute(registry: &Registry, records: &Records) -> Result<Outcome> {
    let schema = &registry.schema;
    let is_learnt = records.count() >= ENOUGH_TO_LEARN;
    let known = (!is_learnt).then_some(&registry.first_weights);
    let told = |fault: crate::matching::engine::ConfigFault| Error::internal(fault.to_string());
    let (comparing, weighed) = weigh_by(schema, records, known).map_err(told)?;
    let weighing = Weighing::new(records, &comparing, &weighed.weights);
    let mut decision = schema.decision.clone();
    if !is_learnt {
        decision.link_bits = UNCOUNTED_LINK_BITS;
    }
    let links = link(&weighing, &weighed.pairs, &decision);
    let clusters = cluster(&weighing, &links, schema.decision.join_bits);
    let families = families(schema, records, &clusters).map_err(told)?.len();
    let (same, persons) = same_pairs(&clusters);
    let mut pairs: Vec<(u32, u32, Finding)> =
        same.into_iter().map(|(one, other)| (one, other, Finding::Same)).collect();
    pairs.extend(look_pairs(&clusters, &weighed).map(|(one, other)| (one, other, Finding::Look)));
    let mut pairs = pairs.into_iter().map(|pair| found(registry, &weighing, pair)).collect::<Result<Vec<_>>>()?;
    pairs.sort_by(|one, other| other.centibits.cmp(&one.centibits).then(one.one_member_id.cmp(&other.one_member_id)));
    pairs.truncate(MOST_PAIRS);
    let left_out = weighed.skipped.iter().filter(|(_, skipped)| skipped.blocks > 0);
    let told = left_out.map(|(key, skipped)| SkippedValues {
        key: key.clone(),
        values: skipped.blocks,
        records: skipped.records,
    });
    Ok(Outcome {
        pairs,
        members: records.count(),
        comparisons: i64::try_from(weighed.compared).unwrap_or(i64::MAX),
        persons: i32::try_from(persons).unwrap_or(i32::MAX),
        families: i32::try_from(families).unwrap_or(i32::MAX),
        is_learnt,
        skipped: told.collect(),
        weights: json!(weighed.weights),
    })
}

/// Each two of a group, and how many groups there are.
fn same_pairs(clusters: &Clusters) -> (Vec<(u32, u32)>, usize) {
    let (mut pairs, mut groups) = (Vec::new(), 0);
    for group in clusters.groups() {
        groups += 1;
        for (place, one) in group.iter().enumerate() {
            pairs.extend(group.iter().skip(place + 1).map(|other| (*one, *other)));
        }
    }
    (pairs, groups)
}

/// What is alike and was not joined.
fn look_pairs<'a>(clusters: &'a Clusters, weighed: &'a Weighed) -> impl Iterator<Item = (u32, u32)> + 'a {
    let apart = weighed.pairs.iter().filter(|pair| clusters.group(pair.one) != clusters.group(pair.other));
    apart.map(|pair| (pair.one, pair.other))
}

fn found(
    registry: &Registry,
    weighing: &Weighing<'_>,
    (one, other, finding): (u32, u32, Finding),
) -> Result<FoundPair> {
    let records = weighing.records;
    let compared = registry.compared(weighing, one, other);
    let ends = |row: u32| -> Result<(Uuid, Uuid)> {
        Ok((id(records.id(row))?, id(records.card_names.text(records.card(row)))?))
    };
    let (mut one, mut other) = (ends(one)?, ends(other)?);
    if other.0 < one.0 {
        std::mem::swap(&mut one, &mut other);
    }
    let fields: HashMap<String, f64> =
        FieldBits::of(registry, &compared.by_field).into_iter().map(|field| (field.field, field.bits)).collect();
    Ok(FoundPair {
        one_member_id: one.0,
        other_member_id: other.0,
        one_beneficiary_id: one.1,
        other_beneficiary_id: other.1,
        finding,
        centibits: hundredths(compared.bits),
        fields: json!(fields),
    })
}

fn id(text: &str) -> Result<Uuid> {
    text.parse().map_err(Error::internal)
}

#[expect(clippy::as_conversions, clippy::cast_possible_truncation, reason = "within a thousand bits either way")]
fn hundredths(bits: f32) -> i32 {
    (bits.clamp(-1_000.0, 1_000.0) * 100.0).round() as i32
}
