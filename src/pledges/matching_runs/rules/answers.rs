//! What came of a run, in the words of pledges.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::rests::Served;
use super::{Looked, Numbers, Planned};
use crate::allotment::{Certificate, Certificates, Outranked, Slot, Verdict};
use crate::domain::{BeneficiaryId, Document, MatchingRunId, Quantity, TransferId};
use crate::pledges::matching_runs::model::{
    FreeLine, MatchingGrant, MatchingRefusal, MatchingRunFamily, MatchingRunLine, MatchingTurn, MatchingVerdict,
    OpenNeed,
};

impl Looked {
    pub(super) fn lines(&self, (run_id, area_id): (MatchingRunId, i32), plan: &[Planned]) -> Vec<MatchingRunLine> {
        let mut allocated: HashMap<usize, Quantity> = HashMap::new();
        for planned in plan {
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

    pub(super) fn families(
        &self,
        (run_id, area_id): (MatchingRunId, i32),
        numbers: &Numbers<'_>,
        (served, certificates): (&Served, &Certificates),
    ) -> Vec<MatchingRunFamily> {
        let plan = &served.plan.planned;
        let mut grants: HashMap<BeneficiaryId, Vec<MatchingGrant>> = HashMap::new();
        for planned in plan {
            let (Some(line), Some(need)) = (self.lines.get(planned.line), self.needs.get(planned.need)) else {
                continue;
            };
            let (kind, quantity) = (need.kind.clone(), planned.quantity.clone());
            let grant = MatchingGrant { pledge_line_id: line.id, need_id: need.id, kind, quantity };
            grants.entry(need.beneficiary_id).or_default().push(grant);
        }
        let verified: Vec<usize> = (0..self.needs.len()).filter(|row| self.is_verified(*row)).collect();
        let short = self.short(plan);
        let certified = certificates.families.iter().zip(served.matcher.lots()).filter_map(|(certificate, lot)| {
            let (id, need) = numbers.families.get(usize::try_from(certificate.family).ok()?)?;
            let grants = Document(grants.remove(id).unwrap_or_default());
            let (mut verdict, refusal) = self.verdict(certificate, (verified.as_slice(), served.rows.as_slice()));
            if verdict == MatchingVerdict::Satisfied && short.contains(id) {
                verdict = MatchingVerdict::GotRest;
            }
            Some(MatchingRunFamily {
                verdict,
                place: i32::try_from(certificate.position).ok(),
                granted_portions: i32::try_from(certificate.granted).unwrap_or(i32::MAX),
                grants,
                refusal: refusal.map(Document),
                lot: Some(i64::from(lot)),
                ..left_out((run_id, area_id), need)
            })
        });
        let unverified = self.needs.iter().filter(|need| !need.is_verified);
        let unverified: BTreeMap<BeneficiaryId, &OpenNeed> =
            unverified.map(|need| (need.beneficiary_id, need)).collect();
        let mut families: Vec<MatchingRunFamily> = certified.collect();
        families.extend(unverified.into_values().map(|need| left_out((run_id, area_id), need)));
        families
    }

    fn is_verified(&self, row: usize) -> bool {
        self.needs.get(row).is_some_and(|need| need.is_verified)
    }

    /// Families that lack some of a need yet.
    fn short(&self, plan: &[Planned]) -> HashSet<BeneficiaryId> {
        let mut got: HashMap<usize, Quantity> = HashMap::new();
        for planned in plan {
            let sum = got.entry(planned.need).or_insert_with(Quantity::zero);
            *sum = sum.plus(&planned.quantity);
        }
        let needs = self.needs.iter().enumerate();
        needs.filter(|(row, need)| got.get(row) != Some(&need.unmet)).map(|(_, need)| need.beneficiary_id).collect()
    }

    fn verdict(
        &self,
        certificate: &Certificate,
        rows: (&[usize], &[usize]),
    ) -> (MatchingVerdict, Option<MatchingRefusal>) {
        match certificate.verdict {
            Verdict::Satisfied => (MatchingVerdict::Satisfied, None),
            Verdict::CapReached => (MatchingVerdict::CapReached, None),
            Verdict::NoLine => (MatchingVerdict::NoLine, None),
            Verdict::Outranked(outranked) => (MatchingVerdict::Outranked, self.refusal(&outranked, rows)),
        }
    }

    fn refusal(&self, outranked: &Outranked, (needs, lines): (&[usize], &[usize])) -> Option<MatchingRefusal> {
        let turn = |slot: Slot| MatchingTurn { turn: slot.turn, place: slot.position };
        let need = self.needs.get(*needs.get(usize::try_from(outranked.need).ok()?)?)?;
        let wider = outranked.wider_line.and_then(|row| self.lines.get(*lines.get(usize::try_from(row).ok()?)?));
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

/// A family that nobody had verified; of one that was, what is told all the same.
fn left_out((run_id, area_id): (MatchingRunId, i32), need: &OpenNeed) -> MatchingRunFamily {
    MatchingRunFamily {
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
        decile: need.decile,
        months_since_aid: Some(need.months_since_aid),
        lot: None,
        aids: need.aids.clone().unwrap_or_else(|| Document(Vec::new())),
    }
}
