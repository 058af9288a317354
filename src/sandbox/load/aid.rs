//! The aid that sandbox families are on: enrollments, what is due this month, what was handed over.

use chrono::{Datelike as _, Days, NaiveDate};
use uuid::Uuid;

use super::ids::{Fixed, Ids, fixed, made_at};
use super::programs::{BLT, PKH, RICE};
use super::register::{Home, OFFICER};
use super::tables::Batch;
use crate::sandbox::{Family, Sex};

/// What the aid of all families has in common.
#[derive(Debug)]
pub(super) struct Aid {
    /// First day of the month whose cycle is approved.
    pub(super) period: NaiveDate,
}

/// What a program owes a family in the month.
#[derive(Debug, Clone, Copy)]
struct Due {
    program: u8,
    rule_set: i32,
    quantity: u32,
    is_delivered: bool,
}

impl Aid {
    /// Adds the rows of one family.
    pub(super) fn add(&self, batch: &mut Batch, family: &Family, home: Home<'_>) {
        let mut ids = Ids::after(family.members.last().map_or(family.id, |last| last.id));
        let lot = family.id.as_u64_pair().1 % 100;
        let on_pkh = self.has_component(family) && lot < 45;
        if on_pkh {
            self.enroll(batch, family, home.area_id, (PKH, 1, ids.next()));
        }
        if family.decile <= 4 && lot >= 12 {
            let due = Due { program: RICE, rule_set: 2, quantity: 10, is_delivered: lot < 70 };
            self.owe(batch, family, home, &mut ids, due);
        }
        if !on_pkh && self.is_in_hardship(family) && lot >= 50 {
            let due = Due { program: BLT, rule_set: 3, quantity: 300_000, is_delivered: false };
            self.owe(batch, family, home, &mut ids, due);
        }
    }

    /// The condition of the PKH rule set, from the same facts.
    fn has_component(&self, family: &Family) -> bool {
        let counts = |age: u32| age <= 6 || age >= 60;
        family.decile <= 4
            && family.members.iter().any(|one| {
                one.is_pregnant || one.school.is_some() || one.disability.is_some() || counts(one.age_on(self.period))
            })
    }

    /// The condition of the BLT rule sets, but for PKH.
    fn is_in_hardship(&self, family: &Family) -> bool {
        let Some(head) = family.members.first() else { return false };
        let is_alone = family.members.len() == 1 && head.age_on(self.period) >= 60;
        let is_led_by_woman = head.sex == Sex::Female && family.decile <= 2;
        is_alone || is_led_by_woman || family.members.iter().any(|one| one.disability.is_some())
    }

    fn enroll(&self, batch: &mut Batch, family: &Family, area_id: i32, (program, rule_set, id): (u8, i32, Uuid)) {
        let at = made_at(family.id);
        let started_on = self.period.with_day(1).unwrap_or(self.period);
        let row = batch.enrollments.row().int4(area_id).uuid(id).uuid(fixed(Fixed::Program, program, 0));
        row.uuid(family.id).uuid(fixed(Fixed::RuleSet, program, rule_set)).text("active").text(OFFICER);
        row.date(started_on).instant(at).instant(at);
    }

    fn owe(&self, batch: &mut Batch, family: &Family, home: Home<'_>, ids: &mut Ids, due: Due) {
        let (enrollment, entitlement) = (ids.next(), ids.next());
        self.enroll(batch, family, home.area_id, (due.program, due.rule_set, enrollment));
        let program = fixed(Fixed::Program, due.program, 0);
        let row = batch.entitlements.row().int4(home.area_id).date(self.period).uuid(entitlement);
        row.uuid(fixed(Fixed::Cycle, due.program, home.area_id)).uuid(program).uuid(family.id).uuid(enrollment);
        row.text(home.village_code).quantity(due.quantity).json(&snapshot(family, due));
        if due.is_delivered {
            let at = made_at(family.id);
            let head = family.members.first().map_or(family.id, |head| head.id);
            let row = batch.deliveries.row().int4(home.area_id).date(self.period).uuid(ids.next()).uuid(entitlement);
            row.uuid(program).uuid(family.id).quantity(due.quantity).date(self.handed_over_on(home));
            row.uuid(head).text("member").text(&self.handover_number(home)).text(OFFICER).instant(at);
        }
    }

    /// Each village has its day in the first half of the month.
    fn handed_over_on(&self, home: Home<'_>) -> NaiveDate {
        let village = home.village_code.bytes().last().map_or(0, |digit| u64::from(digit % 12));
        self.period.checked_add_days(Days::new(2 + village)).unwrap_or(self.period)
    }

    fn handover_number(&self, home: Home<'_>) -> String {
        let village = home.village_code.rsplit('.').next().unwrap_or_default();
        format!("BAST/{village}/{:02}/{}", self.period.month(), self.period.year())
    }
}

/// What the list was decided on.
fn snapshot(family: &Family, due: Due) -> String {
    format!(
        "{{\"decile\":{},\"member_count\":{},\"rule_set_number\":{}}}",
        family.decile,
        family.members.len(),
        due.rule_set
    )
}
