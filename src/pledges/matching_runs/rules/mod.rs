//! What a run looks at as an instance of `allotment`, and what came of it in the words of pledges. Pure.

mod answers;
mod flow;
mod policy;
mod rests;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde::Serialize;
use uuid::Uuid;

pub(super) use self::policy::policy_of;
use self::rests::Served;
use super::model::{FreeLine, MatchingCriterion, MatchingPolicy, MatchingRunFamily, MatchingRunLine, OpenNeed};
use crate::allotment::{Certificates, Family, Instance, Line, Need, Policy, Transcript};
use crate::domain::{BeneficiaryId, Digest, MatchingRunId, Quantity, Text, VillageCode};
use crate::error::{Error, Result};
use crate::keys::sha256;

/// Months that count the same as more.
const MONTHS: u32 = 12;
/// Where a family without a decile stands: behind the tenth.
const NO_DECILE: u32 = 11;

/// All that a run looks at, each list by id.
#[derive(Debug, Serialize)]
pub(super) struct Looked {
    pub(super) policy: MatchingPolicy,
    pub(super) lines: Vec<FreeLine>,
    pub(super) needs: Vec<OpenNeed>,
}

/// A quantity of a line to reserve for a need.
#[derive(Debug)]
pub(super) struct Planned {
    /// Place of the line among those looked at.
    pub(super) line: usize,
    /// Place of the need.
    pub(super) need: usize,
    /// Place of the family in the order.
    pub(super) place: i32,
    pub(super) quantity: Quantity,
}

/// What a run does, or would do.
pub(super) struct Matched {
    pub(super) plan: Vec<Planned>,
    pub(super) families: Vec<MatchingRunFamily>,
    pub(super) lines: Vec<MatchingRunLine>,
    /// As JSON.
    pub(super) transcript: String,
    /// SHA-256 of all that the run looked at, as JSON.
    pub(super) input_digest: Digest,
    pub(super) portions: u32,
}

/// What is numbered for the engine.
struct Numbers<'a> {
    kinds: Vec<&'a str>,
    places: Vec<&'a VillageCode>,
    /// Verified families with what the first of their needs tells of them.
    families: Vec<(BeneficiaryId, &'a OpenNeed)>,
}

impl Looked {
    /// Runs it.
    ///
    /// # Errors
    /// Where what it looked at cannot be written down.
    pub(super) fn matched(&self, (run_id, area_id): (MatchingRunId, i32)) -> Result<Matched> {
        let numbers = self.numbers();
        let (instance, needs) = self.instance(&numbers);
        let mut served = Served::of(self, &instance, &needs);
        let certificates = Certificates::take(&mut served.matcher);
        let transcript = Transcript::of(&served.matcher, &certificates);
        Ok(Matched {
            families: self.families((run_id, area_id), &numbers, (&served, &certificates)),
            lines: self.lines((run_id, area_id), &served.plan.planned),
            portions: certificates.families.iter().map(|certificate| certificate.granted).sum(),
            transcript: serde_json::to_string(&transcript).map_err(Error::internal)?,
            input_digest: sha256(&serde_json::to_vec(self).map_err(Error::internal)?).into(),
            plan: served.plan.planned,
        })
    }

    /// What a family gets of a kind at a turn at most.
    fn portion(&self, kind: &Text<40>) -> Quantity {
        let portion = self.policy.portions.iter().find(|portion| portion.kind.as_str() == kind.as_str());
        portion.map_or_else(|| Quantity::whole(1), |portion| portion.quantity.clone())
    }

    fn numbers(&self) -> Numbers<'_> {
        let of_lines = self.lines.iter().flat_map(|line| &line.village_codes);
        let places: BTreeSet<&VillageCode> = of_lines.chain(self.needs.iter().map(|need| &need.village_code)).collect();
        let verified = self.needs.iter().filter(|need| need.is_verified);
        let families: BTreeMap<BeneficiaryId, &OpenNeed> = verified.map(|need| (need.beneficiary_id, need)).collect();
        let mut kinds: Vec<&str> = self.policy.portions.iter().map(|portion| portion.kind.as_str()).collect();
        kinds.sort_unstable();
        Numbers { kinds, places: places.into_iter().collect(), families: families.into_iter().collect() }
    }

    /// The instance, and the place of each of its needs among those looked at.
    fn instance(&self, numbers: &Numbers<'_>) -> (Instance, Vec<usize>) {
        let kind = |kind: &Text<40>| number(numbers.kinds.binary_search(&kind.as_str()));
        let place = |code: &VillageCode| number(numbers.places.binary_search(&code));
        let largest = self.largest();
        let lines = self.lines.iter().map(|line| Line {
            id: line.id.0,
            kind: kind(&line.kind),
            portions: largest.get(line.kind.as_str()).map_or(0, |most| line.free.portions(most).0),
            places: line.village_codes.iter().map(place).collect(),
        });
        let families = numbers.families.iter().map(|(id, known)| Family {
            id: key_of(*id),
            place: place(&known.village_code),
            standing: self.standing(known),
            aided: u32::try_from(known.aided).unwrap_or_default(),
        });
        let verified = self.needs.iter().enumerate().filter(|(_, need)| need.is_verified);
        let (rows, needs): (Vec<usize>, Vec<Need>) = verified
            .map(|(row, need)| {
                let family = numbers.families.binary_search_by_key(&need.beneficiary_id, |(id, _)| *id);
                let portions = need.unmet.portions(&self.portion(&need.kind)).1;
                // One more than a family may have shows that the cap stopped it.
                let portions = portions.min(self.policy.cap.saturating_add(1));
                (row, Need { family: number(family), kind: kind(&need.kind), portions })
            })
            .unzip();
        let instance = Instance {
            policy: Policy {
                cap: self.policy.cap,
                is_turn_by_turn: self.policy.is_turn_by_turn,
                seed: self.policy.seed.clone(),
            },
            kinds: u32::try_from(numbers.kinds.len()).unwrap_or(u32::MAX),
            places: u32::try_from(numbers.places.len()).unwrap_or(u32::MAX),
            lines: lines.collect(),
            families: families.collect(),
            needs,
        };
        (instance, rows)
    }

    fn standing(&self, need: &OpenNeed) -> [u32; 3] {
        let mut standing = [0; 3];
        for (cell, criterion) in standing.iter_mut().zip(&self.policy.criteria) {
            *cell = match criterion {
                MatchingCriterion::Decile => {
                    need.decile.and_then(|decile| u32::try_from(decile).ok()).unwrap_or(NO_DECILE)
                }
                MatchingCriterion::MonthsSinceAid => {
                    MONTHS.saturating_sub(u32::try_from(need.months_since_aid).unwrap_or_default())
                }
            };
        }
        standing
    }

    /// By kind, the most that any family would get of it at a turn: a line has so many portions as it holds of these.
    fn largest(&self) -> HashMap<&str, Quantity> {
        let mut largest: HashMap<&str, Quantity> = HashMap::new();
        for need in self.needs.iter().filter(|need| need.is_verified) {
            let most = largest.entry(need.kind.as_str()).or_insert_with(Quantity::zero);
            if need.unmet > *most {
                *most = need.unmet.clone();
            }
        }
        for portion in &self.policy.portions {
            if let Some(most) = largest.get_mut(portion.kind.as_str())
                && portion.quantity < *most
            {
                *most = portion.quantity.clone();
            }
        }
        largest
    }
}

/// What the lot of a family is drawn for: known to who knows its id, and to nobody else.
fn key_of(id: BeneficiaryId) -> Uuid {
    sha256(id.0.as_bytes()).first_chunk().map_or_else(Uuid::nil, |first| Uuid::from_bytes(*first))
}

/// What is not there gets a number that nothing has.
fn number<E>(place: std::result::Result<usize, E>) -> u32 {
    place.ok().and_then(|place| u32::try_from(place).ok()).unwrap_or(u32::MAX)
}
