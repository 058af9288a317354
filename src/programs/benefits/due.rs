//! What a plan gives one family, in memory, and why. Pure.

use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::model::{Attended, Cut, Duty, DutyKind, OmissionReason, Share};
use super::plan::{Plan, Step};
use crate::domain::{MemberId, Quantity, text_enum};
use crate::programs::eligibility::{Answer, Facts};

/// What is due to one family in a period.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Due {
    /// Its parts, in the order in which they were taken.
    pub shares: Vec<Share>,
    /// All of them together.
    pub quantity: Quantity,
    /// Why it gets nothing, where it does.
    pub reason: Option<OmissionReason>,
    /// Members who bring nothing although something may speak for it.
    pub left_out: Vec<LeftOut>,
}

text_enum! {
    /// Why a member brings a family nothing.
    LeftOutReason {
        /// The family has the component as often as it may.
        ComponentFull "component_full",
        /// The family has as many components or members as it may.
        FamilyFull "family_full",
        /// A fact that the condition asks for is unknown.
        Unknown "unknown",
        /// Too few members of the family fit.
        TooFewMembers "too_few_members",
    }
}

/// A member who brings a family nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct LeftOut {
    /// The member
    pub member_id: MemberId,
    /// Component it would be for
    #[schema(max_length = 40)]
    pub component: Option<String>,
    /// Why not
    pub reason: LeftOutReason,
}

/// A member with the step it counts for.
struct Chosen<'a> {
    member: Uuid,
    place: usize,
    step: &'a Step,
}

impl Plan {
    /// What is due to a family, by its facts and by what was recorded of its duties.
    #[must_use]
    pub fn due(&self, family: Uuid, facts: &Facts, attended: &[Attended]) -> Due {
        let (chosen, mut left_out) = self.choose(facts);
        let mut shares: Vec<Share> = Vec::new();
        let mut number = (0_usize, 0_i64);
        for one in chosen {
            number = if number.0 == one.place { (one.place, number.1 + 1) } else { (one.place, 1) };
            let taken = i64::try_from(shares.len()).unwrap_or(i64::MAX);
            if number.1 > one.step.most {
                left_out.push(one.left_out(LeftOutReason::ComponentFull));
            } else if taken >= self.most {
                left_out.push(one.left_out(LeftOutReason::FamilyFull));
            } else {
                shares.push(self.share(&one, family, attended));
            }
        }
        self.sum_up(shares, left_out)
    }

    /// Each member at the first step that fits for certain, in the order in which steps are taken.
    fn choose(&self, facts: &Facts) -> (Vec<Chosen<'_>>, Vec<LeftOut>) {
        let (mut chosen, mut left_out) = (Vec::new(), Vec::new());
        let steps = || (1_usize..).zip(&self.steps);
        for member in &facts.members {
            let answer = |step: &Step| {
                let condition = step.condition.as_ref();
                condition.map_or(Answer::Yes, |condition| condition.answer(facts, member, self.reference_on))
            };
            let found = |wanted: Answer| steps().find(move |(_, step)| answer(step) == wanted);
            let of = |(place, step)| Chosen { member: member.id, place, step };
            match (found(Answer::Yes), found(Answer::Unknown)) {
                (Some(yes), _) => chosen.push(of(yes)),
                (None, Some(unknown)) => left_out.push(of(unknown).left_out(LeftOutReason::Unknown)),
                (None, None) => {}
            }
        }
        chosen.sort_by_key(|one| (one.place, one.member));
        (chosen, left_out)
    }

    fn share(&self, one: &Chosen<'_>, family: Uuid, attended: &[Attended]) -> Share {
        let cut = |duty: &Duty| {
            let subject = if duty.kind == DutyKind::MonthlySession { family } else { one.member };
            let found = attended.iter().find(|known| known.subject == subject && known.kind == duty.kind)?;
            let is_met = found.done_count * 100 >= found.due_count * duty.minimum_percent;
            (!is_met).then(|| self.cut(duty, found))
        };
        let mut cuts: Vec<Cut> = one.step.duties.iter().filter_map(cut).collect();
        cuts.sort_by_key(|cut| cut.duty.as_str());
        let percent = cuts.iter().map(|cut| cut.percent).sum::<i64>().min(100);
        Share {
            member_id: Some(MemberId(one.member)),
            component: one.step.code.clone(),
            full_quantity: one.step.amount.clone(),
            quantity: one.step.amount.less_percent(percent),
            cuts,
        }
    }

    fn cut(&self, duty: &Duty, found: &Attended) -> Cut {
        Cut {
            duty: duty.kind,
            from: self.duties.0,
            to: self.duties_to(),
            due_count: found.due_count,
            done_count: found.done_count,
            minimum_percent: duty.minimum_percent,
            percent: duty.cut_percent,
        }
    }

    fn sum_up(&self, shares: Vec<Share>, mut left_out: Vec<LeftOut>) -> Due {
        let has_enough = i64::try_from(shares.len()).is_ok_and(|count| count >= self.least);
        if !has_enough {
            let too_few = |share: Share| {
                let Share { member_id, component, .. } = share;
                Some(LeftOut { member_id: member_id?, component, reason: LeftOutReason::TooFewMembers })
            };
            left_out.extend(shares.into_iter().filter_map(too_few));
            return Due { shares: Vec::new(), quantity: Quantity::zero(), reason: Some(self.reason), left_out };
        }
        let quantity = shares.iter().fold(Quantity::zero(), |sum, share| sum.plus(&share.quantity));
        let reason = quantity.is_zero().then_some(OmissionReason::DutiesNotMet);
        Due { shares, quantity, reason, left_out }
    }
}

impl Chosen<'_> {
    fn left_out(&self, reason: LeftOutReason) -> LeftOut {
        LeftOut { member_id: MemberId(self.member), component: self.step.code.clone(), reason }
    }
}
