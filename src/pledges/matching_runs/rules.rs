//! What a run looks at as an instance of `allotment`, and what came of it in the words of pledges. Pure.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde::Serialize;

use super::model::{
    FreeLine, MatchingCriterion, MatchingGrant, MatchingPolicy, MatchingRefusal, MatchingRunFamily, MatchingRunLine,
    MatchingTurn, MatchingVerdict, NewMatchingRun, OpenNeed, Portion,
};
use crate::allotment::{Certificate, Certificates, Family, Instance, Line, Matcher, Need, Outranked, Policy, Slot};
use crate::allotment::{Transcript, Verdict};
use crate::domain::{BeneficiaryId, Document, MatchingRunId, Quantity, Text, TransferId, VillageCode};
use crate::error::{Code, Error, Fault, Result};
use crate::needs::{self, NeedKind};

/// Most portions of a family that a policy can allow.
const CAP: u32 = 20;
/// Months that count the same as more.
const MONTHS: u32 = 12;
/// Where a family without a decile stands: behind the tenth.
const NO_DECILE: u32 = 11;

/// The rules of a run out of what was asked for, or every fault of it.
pub(super) fn policy_of(
    new: &NewMatchingRun,
    all: &[NeedKind],
    today: chrono::NaiveDate,
    district: &str,
) -> Result<MatchingPolicy> {
    let asked = &new.policy;
    let mut faults = Vec::new();
    if !(1..=CAP).contains(&asked.cap) {
        faults.push(Fault::new("/policy/cap", Code::WrongType));
    }
    if asked.round_started_on > today {
        faults.push(Fault::new("/policy/round_started_on", Code::DateInFuture));
    }
    let criteria = asked.criteria.clone().unwrap_or_else(|| MatchingCriterion::ALL.to_vec());
    if criteria.is_empty() || criteria.len() > MatchingCriterion::ALL.len() {
        faults.push(Fault::new("/policy/criteria", Code::WrongType));
    } else if let [first, second] = criteria.as_slice()
        && first == second
    {
        faults.push(Fault::new("/policy/criteria/1", Code::ValueTwice));
    }
    let (kinds, of_kinds) = kinds_of(new, all);
    faults.extend(of_kinds);
    faults.extend(portion_faults(&asked.portions, all));
    if !faults.is_empty() {
        return Err(Error::invalid(faults));
    }
    let portion = |kind: &&NeedKind| Portion {
        kind: kind.code.clone(),
        quantity: asked
            .portions
            .iter()
            .find(|portion| portion.kind.as_str() == kind.code.as_str())
            .map_or_else(|| needs::usual_portion(kind), |portion| portion.quantity.clone()),
    };
    Ok(MatchingPolicy {
        cap: asked.cap,
        round_started_on: asked.round_started_on,
        is_turn_by_turn: asked.is_turn_by_turn,
        criteria,
        portions: kinds.iter().map(portion).collect(),
        program_ids: asked.program_ids.clone(),
        seed: format!("{district}/{}", asked.round_started_on),
    })
}

fn kinds_of<'a>(new: &NewMatchingRun, all: &'a [NeedKind]) -> (Vec<&'a NeedKind>, Vec<Fault>) {
    let Some(named) = &new.kinds else { return (all.iter().collect(), Vec::new()) };
    if named.is_empty() {
        return (Vec::new(), vec![Fault::new("/kinds", Code::WrongType)]);
    }
    let is_named = |kind: &&NeedKind| named.iter().any(|code| code.as_str() == kind.code.as_str());
    let unknown =
        named.iter().enumerate().filter(|(_, code)| !all.iter().any(|kind| kind.code.as_str() == code.as_str()));
    let faults = unknown.map(|(index, _)| Fault::new(format!("/kinds/{index}"), Code::ReferenceUnknown)).collect();
    (all.iter().filter(is_named).collect(), faults)
}

fn portion_faults(portions: &[Portion], all: &[NeedKind]) -> Vec<Fault> {
    let mut seen = BTreeSet::new();
    let mut faults = Vec::new();
    for (index, portion) in portions.iter().enumerate() {
        let pointer = format!("/policy/portions/{index}");
        match all.iter().find(|kind| kind.code.as_str() == portion.kind.as_str()) {
            None => faults.push(Fault::new(format!("{pointer}/kind"), Code::ReferenceUnknown)),
            Some(_) if !seen.insert(portion.kind.as_str()) => {
                faults.push(Fault::new(format!("{pointer}/kind"), Code::ValueTwice));
            }
            Some(kind) => {
                faults.extend(needs::quantity_faults(&format!("{pointer}/quantity"), kind, &portion.quantity));
            }
        }
    }
    faults
}

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
    pub(super) transcript: Transcript,
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
    pub(super) fn matched(&self, run_id: MatchingRunId, area_id: i32) -> Matched {
        let numbers = self.numbers();
        let (instance, needs) = self.instance(&numbers);
        let mut matcher = Matcher::run(&instance);
        let certificates = Certificates::take(&mut matcher);
        let plan = self.plan(&matcher, &needs);
        let transcript = Transcript::of(&matcher, &certificates);
        Matched {
            families: self.families((run_id, area_id), &numbers, &certificates, &plan),
            lines: self.lines((run_id, area_id), &plan),
            portions: certificates.families.iter().map(|certificate| certificate.granted).sum(),
            plan: plan.into_iter().map(|(planned, _)| planned).collect(),
            transcript,
        }
    }

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
        let lines = self.lines.iter().map(|line| Line {
            id: line.id.0,
            kind: kind(&line.kind),
            portions: line.free.portions(&self.portion(&line.kind)).0,
            places: line.village_codes.iter().map(place).collect(),
        });
        let families = numbers.families.iter().map(|(id, known)| Family {
            id: id.0,
            place: place(&known.village_code),
            standing: self.standing(known),
            aided: u32::try_from(known.aided).unwrap_or_default(),
        });
        let verified = self.needs.iter().enumerate().filter(|(_, need)| need.is_verified);
        let (rows, needs): (Vec<usize>, Vec<Need>) = verified
            .map(|(row, need)| {
                let family = numbers.families.binary_search_by_key(&need.beneficiary_id, |(id, _)| *id);
                let portions = need.unmet.portions(&self.portion(&need.kind)).1.min(self.policy.cap);
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

    /// What is to be reserved, with the portions it is. The last portion of a need may be smaller.
    fn plan(&self, matcher: &Matcher, needs: &[usize]) -> Vec<(Planned, u32)> {
        let positions = matcher.positions();
        let mut left: HashMap<usize, Quantity> = HashMap::new();
        let planned = matcher.grants().into_iter().filter_map(|grant| {
            let row = needs.get(usize::try_from(grant.need).ok()?).copied()?;
            let need = self.needs.get(row)?;
            let unmet = left.entry(row).or_insert_with(|| need.unmet.clone());
            let portion = self.portion(&need.kind);
            let whole = (0..grant.portions).fold(Quantity::zero(), |total, _| total.plus(&portion));
            let quantity = whole.min(unmet.clone());
            *unmet = unmet.minus(&quantity)?;
            let place = positions.get(usize::try_from(grant.family).ok()?).copied()?;
            let place = i32::try_from(place).ok()?;
            Some((Planned { line: usize::try_from(grant.line).ok()?, need: row, place, quantity }, grant.portions))
        });
        planned.filter(|(planned, _)| !planned.quantity.is_zero()).collect()
    }

    fn lines(&self, (run_id, area_id): (MatchingRunId, i32), plan: &[(Planned, u32)]) -> Vec<MatchingRunLine> {
        let mut allocated: HashMap<usize, Quantity> = HashMap::new();
        for (planned, _) in plan {
            let sum = allocated.entry(planned.line).or_insert_with(Quantity::zero);
            *sum = sum.plus(&planned.quantity);
        }
        let line = |(row, line): (usize, &FreeLine)| MatchingRunLine {
            run_id,
            pledge_line_id: line.id,
            area_id,
            pledge_id: line.pledge_id,
            company_id: line.company_id,
            kind: line.kind.clone(),
            unit: line.unit.clone(),
            portion: self.portion(&line.kind),
            free_quantity: line.free.clone(),
            allocated_quantity: allocated.remove(&row).unwrap_or_else(Quantity::zero),
            transfer_id: TransferId::new(),
        };
        self.lines.iter().enumerate().map(line).collect()
    }

    fn families(
        &self,
        (run_id, area_id): (MatchingRunId, i32),
        numbers: &Numbers<'_>,
        certificates: &Certificates,
        plan: &[(Planned, u32)],
    ) -> Vec<MatchingRunFamily> {
        let mut grants: HashMap<BeneficiaryId, Vec<MatchingGrant>> = HashMap::new();
        for (planned, _) in plan {
            let (Some(line), Some(need)) = (self.lines.get(planned.line), self.needs.get(planned.need)) else {
                continue;
            };
            let (kind, quantity) = (need.kind.clone(), planned.quantity.clone());
            let grant = MatchingGrant { pledge_line_id: line.id, need_id: need.id, kind, quantity };
            grants.entry(need.beneficiary_id).or_default().push(grant);
        }
        let verified: Vec<usize> = (0..self.needs.len()).filter(|row| self.is_verified(*row)).collect();
        let certified = certificates.families.iter().filter_map(|certificate| {
            let (id, need) = numbers.families.get(usize::try_from(certificate.family).ok()?)?;
            let grants = grants.remove(id).unwrap_or_default();
            Some(self.family((run_id, area_id), need, (certificate, &verified), grants))
        });
        let unverified = self.needs.iter().filter(|need| !need.is_verified);
        let unverified: BTreeMap<BeneficiaryId, &OpenNeed> =
            unverified.map(|need| (need.beneficiary_id, need)).collect();
        let left_out = unverified.into_values().map(|need| MatchingRunFamily {
            run_id,
            area_id,
            beneficiary_id: need.beneficiary_id,
            village_code: need.village_code.clone(),
            verdict: MatchingVerdict::NotVerified,
            place: None,
            granted_portions: 0,
            aided_portions: need.aided,
            grants: Document(Vec::new()),
            refusal: None,
        });
        let mut families: Vec<MatchingRunFamily> = certified.collect();
        families.extend(left_out);
        families
    }

    fn is_verified(&self, row: usize) -> bool {
        self.needs.get(row).is_some_and(|need| need.is_verified)
    }

    fn family(
        &self,
        (run_id, area_id): (MatchingRunId, i32),
        need: &OpenNeed,
        (certificate, needs): (&Certificate, &[usize]),
        grants: Vec<MatchingGrant>,
    ) -> MatchingRunFamily {
        let (verdict, refusal) = match certificate.verdict {
            Verdict::Satisfied => (MatchingVerdict::Satisfied, None),
            Verdict::CapReached => (MatchingVerdict::CapReached, None),
            Verdict::NoLine => (MatchingVerdict::NoLine, None),
            Verdict::Outranked(outranked) => (MatchingVerdict::Outranked, self.refusal(&outranked, needs)),
        };
        MatchingRunFamily {
            run_id,
            area_id,
            beneficiary_id: need.beneficiary_id,
            village_code: need.village_code.clone(),
            verdict,
            place: i32::try_from(certificate.position).ok(),
            granted_portions: i32::try_from(certificate.granted).unwrap_or(i32::MAX),
            aided_portions: need.aided,
            grants: Document(grants),
            refusal: refusal.map(Document),
        }
    }

    fn refusal(&self, outranked: &Outranked, needs: &[usize]) -> Option<MatchingRefusal> {
        let turn = |slot: Slot| MatchingTurn { turn: slot.turn, place: slot.position };
        let need = self.needs.get(*needs.get(usize::try_from(outranked.need).ok()?)?)?;
        let wider = outranked.wider_line.and_then(|line| self.lines.get(usize::try_from(line).ok()?));
        Some(MatchingRefusal {
            own: turn(outranked.own),
            cut_off: turn(outranked.cut_off),
            kind: need.kind.clone(),
            line_count: outranked.lines,
            class_count: outranked.classes,
            portion_count: outranked.portions,
            portions_enough: outranked.enough,
            wider_pledge_line_id: wider.map(|line| line.id),
        })
    }
}

/// What is not there gets a number that nothing has.
fn number<E>(place: std::result::Result<usize, E>) -> u32 {
    place.ok().and_then(|place| u32::try_from(place).ok()).unwrap_or(u32::MAX)
}
