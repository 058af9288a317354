//! A benefit read for one period: what each step gives, to whom, and how often. Pure.

use chrono::{Days, NaiveDate};

use super::model::{Benefit, Component, Duty, OmissionReason, TakenFirst};
use super::period::BenefitPeriod;
use crate::domain::{Period, Quantity, Rupiah};
use crate::error::{Error, Result};
use crate::programs::eligibility::MemberCondition;

/// A benefit that goes by members, read for one period.
#[derive(Debug, Clone)]
pub struct Plan {
    /// In the order in which they are taken.
    pub(super) steps: Vec<Step>,
    /// A family with fewer shares gets nothing.
    pub(super) least: i64,
    /// A family gets at most so many shares.
    pub(super) most: i64,
    /// Day whose ages count: the first of the period.
    pub(super) reference_on: NaiveDate,
    /// Time whose duties count: first day, and the first one after it.
    pub(super) duties: (NaiveDate, NaiveDate),
    /// Why a family without shares gets nothing.
    pub(super) reason: OmissionReason,
}

/// What one member brings, and who.
#[derive(Debug, Clone)]
pub(super) struct Step {
    pub(super) code: Option<String>,
    /// Due for one in the period, before anything is cut.
    pub(super) amount: Quantity,
    /// A family gets it at most so many times.
    pub(super) most: i64,
    pub(super) condition: Option<MemberCondition>,
    pub(super) duties: Vec<Duty>,
}

impl Plan {
    /// Reads a benefit for a period; nothing where it is the same for every family. Duties are those of the period
    /// before.
    ///
    /// # Errors
    /// Where a condition cannot be read, which the check before saving rules out.
    pub fn of(benefit: &Benefit, length: BenefitPeriod, period: Period) -> Result<Option<Self>> {
        let first_day = period.first_day();
        let duties = (length.first_day_before(period), first_day);
        let (steps, least, most, reason) = match benefit {
            Benefit::Fixed { .. } | Benefit::Package { .. } => return Ok(None),
            Benefit::PerMember { quantity, condition, minimum_members, maximum_members } => {
                let condition = condition.as_deref().map(read).transpose()?;
                let (amount, most) = (quantity.clone(), *maximum_members);
                let step = Step { code: None, amount, most, condition, duties: Vec::new() };
                (vec![step], *minimum_members, most, OmissionReason::TooFewMembers)
            }
            Benefit::PerComponent { components, maximum_components, first } => {
                let ordered = in_order(components, *first).into_iter();
                let steps: Result<Vec<Step>> = ordered.map(|one| Step::of(one, length, period)).collect();
                (steps?, 1, *maximum_components, OmissionReason::NoComponent)
            }
        };
        Ok(Some(Self { steps, least, most, reference_on: first_day, duties, reason }))
    }

    /// The same with the duties of the period itself: those that the next one goes by.
    #[must_use]
    pub fn with_own_duties(self, length: BenefitPeriod, period: Period) -> Self {
        let after = length.last_day(period).checked_add_days(Days::new(1)).unwrap_or(NaiveDate::MAX);
        Self { duties: (period.first_day(), after), ..self }
    }

    /// Time whose duties count: first day, and the first one after it.
    #[must_use]
    pub fn duties(&self) -> (NaiveDate, NaiveDate) {
        self.duties
    }

    /// Why a family without shares gets nothing.
    #[must_use]
    pub fn reason(&self) -> OmissionReason {
        self.reason
    }

    /// Last day of the time whose duties count.
    pub(super) fn duties_to(&self) -> NaiveDate {
        self.duties.1.pred_opt().unwrap_or(self.duties.1)
    }
}

impl Step {
    fn of(component: &Component, length: BenefitPeriod, period: Period) -> Result<Self> {
        Ok(Self {
            code: Some(component.code.as_str().to_owned()),
            amount: Quantity::rupiah(part(component.yearly_rupiah, length, period)?),
            most: component.maximum.unwrap_or(i64::from(u16::MAX)),
            condition: Some(read(&component.condition)?),
            duties: component.duties.clone(),
        })
    }
}

fn read(condition: &str) -> Result<MemberCondition> {
    MemberCondition::parse(condition).map_err(|_| Error::internal("a benefit has a condition that cannot be read"))
}

fn in_order(components: &[Component], first: TakenFirst) -> Vec<&Component> {
    let mut ordered: Vec<&Component> = components.iter().collect();
    if first == TakenFirst::Amount {
        // Stable: those of the same amount stay as they are listed.
        ordered.sort_by_key(|component| std::cmp::Reverse(component.yearly_rupiah.amount()));
    }
    ordered
}

/// What of a yearly amount is due in a period. The parts of a year add up to it: each is the same, and the last one has
/// what does not divide as well.
fn part(yearly: Rupiah, length: BenefitPeriod, period: Period) -> Result<Rupiah> {
    let parts = i64::try_from(length.in_a_year()).map_err(Error::internal)?;
    let is_last = length.place_in_year(period) + 1 == length.in_a_year();
    let rest = if is_last { yearly.amount() % parts } else { 0 };
    Rupiah::new(yearly.amount() / parts + rest).ok_or_else(|| Error::internal("a part of an amount is no amount"))
}

impl Benefit {
    /// The most that one family can get in a period; nothing where that is more than a quantity can say.
    #[must_use]
    pub fn most(&self, length: BenefitPeriod) -> Option<Quantity> {
        match self {
            Self::Fixed { quantity, .. } => Some(quantity.clone()),
            Self::Package { .. } => "1".parse().ok(),
            Self::PerMember { quantity, maximum_members, .. } => {
                quantity.times(u64::try_from(*maximum_members).ok()?).parse().ok()
            }
            Self::PerComponent { components, maximum_components, .. } => {
                most_of_components(components, *maximum_components, length)
            }
        }
    }
}

/// The last period of a year has the greatest parts.
fn most_of_components(components: &[Component], maximum: i64, length: BenefitPeriod) -> Option<Quantity> {
    let parts = i64::try_from(length.in_a_year()).ok()?;
    let (mut left, mut sum) = (maximum, 0_i64);
    for component in in_order(components, TakenFirst::Amount) {
        let yearly = component.yearly_rupiah.amount();
        let times = component.maximum.unwrap_or(left).min(left);
        sum = (yearly / parts + yearly % parts).checked_mul(times)?.checked_add(sum)?;
        left -= times;
    }
    sum.to_string().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(yearly: i64, length: BenefitPeriod, months: &[u32]) -> Vec<i64> {
        let period = |month: &u32| Period::starting(NaiveDate::from_ymd_opt(2025, *month, 1).unwrap()).unwrap();
        let yearly = Rupiah::new(yearly).unwrap();
        months.iter().map(|month| part(yearly, length, period(month)).unwrap().amount()).collect()
    }

    #[test]
    fn the_parts_of_a_year_add_up_to_it() {
        let all: Vec<u32> = (1..=12).collect();
        for yearly in [100, 900_001, 2_400_000, 10_800_007] {
            assert_eq!(parts(yearly, BenefitPeriod::Month, &all).iter().sum::<i64>(), yearly);
            assert_eq!(parts(yearly, BenefitPeriod::Quarter, &[1, 4, 7, 10]).iter().sum::<i64>(), yearly);
            assert_eq!(parts(yearly, BenefitPeriod::Year, &[1]), [yearly]);
            assert_eq!(parts(yearly, BenefitPeriod::Once, &[5]), [yearly]);
        }
    }

    #[test]
    fn what_does_not_divide_is_in_the_last_part() {
        assert_eq!(parts(900_003, BenefitPeriod::Quarter, &[1, 4, 7, 10]), [225_000, 225_000, 225_000, 225_003]);
    }

    #[test]
    fn the_most_that_one_family_can_get_is_told() {
        let benefit: Benefit = serde_json::from_value(serde_json::json!({
            "kind": "per_component", "maximum_components": 4, "first": "amount", "components": [
                { "code": "pupil", "condition": "member.in_school", "yearly_rupiah": 900_000 },
                { "code": "pregnancy", "condition": "member.is_pregnant", "yearly_rupiah": 3_000_001, "maximum": 1 },
            ]
        }))
        .unwrap();
        assert_eq!(benefit.most(BenefitPeriod::Quarter), Some((750_001 + 3 * 225_000).to_string().parse().unwrap()));
    }
}
