//! Serving on with what whole portions leave of a line, until it is used up or nobody asks for it.
//!
//! A line has so many portions as it holds of the most that any family would get. Families that lack less leave some of
//! it, and so does the end of a line. That becomes a line of its own and serves on in the same order, by the same
//! steps: nobody loses what it got, and the last of a line may get less than it lacks. Where the families that are moved
//! to make room lack more than there is left, the rest stays free.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::flow::{Class, Flow};
use super::{Looked, OpenNeed, Planned};
use crate::allotment::{Instance, Line, Matcher};
use crate::domain::Quantity;

/// Families that are asked again at most, however often a run serves on; more only in its first passes.
const ASKED: usize = 2_000_000;
/// Passes that there are in any case, and at most.
const PASSES: (usize, usize) = (16, 512);

/// A run that served all that it could.
pub(super) struct Served {
    pub(super) matcher: Matcher,
    /// Places of the lines looked at, by the rows of the matcher.
    pub(super) rows: Vec<usize>,
    pub(super) plan: Plan,
    /// By line, portions that it was said to have.
    portions: Vec<u32>,
    /// Kinds whose lines serve on one by one, as together they have portions for more than there is.
    narrow: BTreeSet<String>,
    /// Lines that serve on no more.
    closed: BTreeSet<usize>,
}

/// What is to be reserved, and what to look at before serving on.
pub(super) struct Plan {
    pub(super) planned: Vec<Planned>,
    /// By line, what is left.
    left: Vec<Quantity>,
    /// By line, portions given.
    given: Vec<u32>,
    /// By need, the portions it gets, and how much they are.
    got: HashMap<usize, (u32, Quantity)>,
    /// Needs that nothing was left for.
    unserved: Vec<usize>,
}

/// Portions of a need.
struct Share<'a> {
    need: usize,
    wanted: &'a OpenNeed,
    place: i32,
    portions: u32,
}

impl Served {
    /// Serves an instance and what is left of its lines; `needs` are the places of its needs among those looked at.
    pub(super) fn of(looked: &Looked, instance: &Instance, needs: &[usize]) -> Self {
        let matcher = Matcher::run(instance);
        let rows: Vec<usize> = (0..looked.lines.len()).collect();
        let plan = looked.plan(&matcher, (needs, rows.as_slice()), &HashMap::new());
        let portions = instance.lines.iter().map(|line| line.portions).collect();
        let mut served = Self { matcher, rows, plan, portions, narrow: BTreeSet::new(), closed: BTreeSet::new() };
        for _ in 0..(ASKED / instance.families.len().max(1)).clamp(PASSES.0, PASSES.1) {
            let rests = looked.rests(instance, &served);
            if rests.is_empty() || !served.serve_on(looked, needs, &rests) {
                break;
            }
        }
        served
    }

    /// Serves on with some rests, or closes their kinds; false where nobody asks for them.
    fn serve_on(&mut self, looked: &Looked, needs: &[usize], rests: &[(usize, Line)]) -> bool {
        let mut matcher = self.matcher.clone();
        matcher.add_lines_at_once(&rests.iter().map(|(_, line)| line.clone()).collect::<Vec<_>>());
        let rows: Vec<usize> = self.rows.iter().copied().chain(rests.iter().map(|(row, _)| *row)).collect();
        let plan = looked.plan(&matcher, (needs, rows.as_slice()), &self.plan.got);
        if !plan.unserved.is_empty() {
            self.close(looked, &plan.unserved, rests);
            return true;
        }
        if plan.given.iter().sum::<u32>() == self.plan.given.iter().sum::<u32>() {
            return false;
        }
        for (row, line) in rests {
            if let Some(portions) = self.portions.get_mut(*row) {
                *portions = portions.saturating_add(line.portions);
            }
        }
        (self.matcher, self.rows, self.plan) = (matcher, rows, plan);
        true
    }

    /// Of kinds of which somebody would get nothing one line goes on, and if it was one alone, not this one.
    fn close(&mut self, looked: &Looked, unserved: &[usize], rests: &[(usize, Line)]) {
        let unserved = unserved.iter().filter_map(|need| looked.needs.get(*need)).map(|need| need.kind.as_str());
        let unserved: BTreeSet<&str> = unserved.collect();
        let mut tried = BTreeMap::new();
        for (row, _) in rests {
            if let Some(line) = looked.lines.get(*row) {
                tried.entry(line.kind.as_str()).or_insert_with(Vec::new).push(*row);
            }
        }
        // Where another kind made room, all that was tried is at fault.
        let is_at_fault = |kind: &&str| unserved.contains(kind);
        let is_among = tried.keys().any(is_at_fault);
        for (kind, rows) in tried.into_iter().filter(|(kind, _)| !is_among || is_at_fault(kind)) {
            if !self.narrow.insert(kind.to_owned()) {
                self.closed.extend(rows);
            }
        }
    }
}

impl Looked {
    /// What is to be reserved, who goes first at the front: who got something keeps it, and then each gets the rest of
    /// its portions from what is left. The last portion of a need may be smaller, and so may the last of a line.
    fn plan(
        &self,
        matcher: &Matcher,
        (needs, rows): (&[usize], &[usize]),
        before: &HashMap<usize, (u32, Quantity)>,
    ) -> Plan {
        let (shares, given) = self.shares(matcher, (needs, rows));
        let mut flow = Flow::new(&self.lines);
        let due: Vec<Quantity> = shares.iter().map(|share| self.due(share)).collect();
        let mut kept = Vec::with_capacity(shares.len());
        for (share, due) in shares.iter().zip(&due) {
            let had = before.get(&share.need).map_or_else(Quantity::zero, |(_, had)| had.clone());
            kept.push(flow.give(class_of(share.wanted), &had.min(due.clone())));
        }
        let mut got = HashMap::new();
        let mut unserved = Vec::new();
        for ((share, due), kept) in shares.iter().zip(&due).zip(&kept) {
            let lacking = due.beyond(kept);
            let more = flow.give(class_of(share.wanted), &lacking);
            let had = before.get(&share.need).map_or(0, |(portions, _)| *portions);
            if more.is_zero() && share.portions > had {
                unserved.push(share.need);
            }
            got.insert(share.need, (share.portions, kept.plus(&more)));
        }
        let left = flow.left.clone();
        let mut planned = Vec::new();
        for share in &shares {
            let Some((_, quantity)) = got.get(&share.need) else { continue };
            let parts = flow.hand_out(class_of(share.wanted), quantity);
            let part = |(line, quantity)| Planned { line, need: share.need, place: share.place, quantity };
            planned.extend(parts.into_iter().map(part));
        }
        Plan { planned, left, given, got, unserved }
    }

    /// Portions of each need in the order of families, and of each line.
    fn shares(&self, matcher: &Matcher, (needs, rows): (&[usize], &[usize])) -> (Vec<Share<'_>>, Vec<u32>) {
        let positions = matcher.positions();
        let mut shares: Vec<Share<'_>> = Vec::new();
        let mut given = vec![0; self.lines.len()];
        let at = |number: u32| usize::try_from(number).unwrap_or(usize::MAX);
        for grant in matcher.grants() {
            let place = positions.get(at(grant.family)).and_then(|place| i32::try_from(*place).ok());
            let need = needs.get(at(grant.need)).and_then(|need| Some((*need, self.needs.get(*need)?)));
            let line = rows.get(at(grant.line)).and_then(|line| given.get_mut(*line));
            let (Some(place), Some((need, wanted)), Some(given)) = (place, need, line) else { continue };
            *given += grant.portions;
            match shares.last_mut() {
                Some(last) if last.need == need => last.portions += grant.portions,
                _ => shares.push(Share { need, wanted, place, portions: grant.portions }),
            }
        }
        (shares, given)
    }

    fn due(&self, share: &Share<'_>) -> Quantity {
        self.portion(&share.wanted.kind).many(u64::from(share.portions)).min(share.wanted.unmet.clone())
    }

    /// Lines whose portions are all given while something is left of them, as lines of that alone.
    fn rests(&self, instance: &Instance, served: &Served) -> Vec<(usize, Line)> {
        let largest = self.largest();
        let mut narrow = BTreeSet::new();
        let rest = |(row, line): (usize, &Line)| {
            let (looked, left) = (self.lines.get(row)?, served.plan.left.get(row)?);
            let most = largest.get(looked.kind.as_str())?;
            let is_given = served.plan.given.get(row) == served.portions.get(row);
            if left.is_zero() || !is_given || served.closed.contains(&row) {
                return None;
            }
            let is_narrow = served.narrow.contains(looked.kind.as_str());
            if is_narrow && !narrow.insert(looked.kind.as_str()) {
                return None;
            }
            let portions = if is_narrow { 1 } else { left.portions(most).0.max(1) };
            Some((row, Line { portions, ..line.clone() }))
        };
        instance.lines.iter().enumerate().filter_map(rest).collect()
    }
}

fn class_of(need: &OpenNeed) -> Class<'_> {
    (need.kind.as_str(), &need.village_code)
}
