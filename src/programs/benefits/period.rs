//! How often a benefit is given.

use chrono::{Datelike, Days, Months, NaiveDate};

use crate::domain::{Period, text_enum};

text_enum! {
    /// How often a family gets the benefit.
    BenefitPeriod {
        /// Each month.
        Month "month",
        /// Each quarter.
        Quarter "quarter",
        /// Each year.
        Year "year",
        /// Once by this rule set, in whichever cycle; that is named by a month.
        Once "once",
    }
}

impl BenefitPeriod {
    /// True where a period of this length begins then.
    #[must_use]
    pub fn begins_with(self, period: Period) -> bool {
        let month = period.first_day().month0();
        month.is_multiple_of(self.months())
    }

    /// Last day of the period that begins then.
    #[must_use]
    pub fn last_day(self, period: Period) -> NaiveDate {
        let next = period.first_day() + Months::new(self.months());
        next - Days::new(1)
    }

    /// How many begin in a year; one of what is given once.
    #[must_use]
    pub fn in_a_year(self) -> u64 {
        match self {
            Self::Month => 12,
            Self::Quarter => 4,
            Self::Year | Self::Once => 1,
        }
    }

    /// The period of this length that a day is in.
    #[must_use]
    pub fn around(self, day: NaiveDate) -> Option<Period> {
        let first_month = day.month0() - day.month0() % self.months();
        Period::starting(day.with_day(1)?.with_month0(first_month)?)
    }

    /// How many months of a period are from that of a day on, and how many it has; all of what is given once, which is for
    /// no month.
    #[must_use]
    pub fn months_from(self, period: Period, on: NaiveDate) -> (u32, u32) {
        let all = self.months();
        if self == Self::Once {
            return (all, all);
        }
        let month = |day: NaiveDate| i64::from(day.year()) * 12 + i64::from(day.month0());
        let before = (month(on) - month(period.first_day())).clamp(0, i64::from(all));
        (all - u32::try_from(before).unwrap_or(all), all)
    }

    /// Which of the periods of its year it is, the first being 0.
    pub(super) fn place_in_year(self, period: Period) -> u64 {
        match self {
            Self::Once => 0,
            _ => u64::from(period.first_day().month0() / self.months()),
        }
    }

    /// First day of the period of this length before it.
    pub(super) fn first_day_before(self, period: Period) -> NaiveDate {
        period.first_day().checked_sub_months(Months::new(self.months())).unwrap_or(NaiveDate::MIN)
    }

    fn months(self) -> u32 {
        match self {
            Self::Month | Self::Once => 1,
            Self::Quarter => 3,
            Self::Year => 12,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn period(text: &str) -> Period {
        Period::starting(text.parse().unwrap()).unwrap()
    }

    #[test]
    fn periods_begin_where_the_calendar_says() {
        let (november, october, january) = (period("2026-11-01"), period("2026-10-01"), period("2026-01-01"));
        assert!(BenefitPeriod::Month.begins_with(november) && BenefitPeriod::Once.begins_with(november));
        assert!(!BenefitPeriod::Quarter.begins_with(november) && BenefitPeriod::Quarter.begins_with(october));
        assert!(!BenefitPeriod::Year.begins_with(october) && BenefitPeriod::Year.begins_with(january));
    }

    #[test]
    fn periods_end_on_the_day_before_the_next() {
        let last = |period_length: BenefitPeriod, first| period_length.last_day(period(first)).to_string();
        assert_eq!(last(BenefitPeriod::Month, "2024-02-01"), "2024-02-29");
        assert_eq!(last(BenefitPeriod::Quarter, "2026-10-01"), "2026-12-31");
        assert_eq!(last(BenefitPeriod::Year, "2026-01-01"), "2026-12-31");
    }
}
