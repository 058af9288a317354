//! The aid that sandbox families are on: enrollments, what is due this month, what was handed over.

use chrono::{Datelike as _, Days, NaiveDate};
use serde_json::json;
use uuid::Uuid;

use super::example;
use super::ids::{self, Ids, recorded_at};
use super::programs::{BLT, PKH, PKH_RULES, RICE, RICE_RULES};
use super::register::{Home, OFFICER, RANK_SOURCE};
use super::tables::Batch;
use crate::sandbox::{Family, Sex, known};

/// What the aid of all families has in common.
#[derive(Debug)]
pub(super) struct Aid {
    /// First day of the month whose cycle is approved.
    pub(super) period: NaiveDate,
    /// Number of the rules of BLT that are in force then.
    pub(super) blt_rules: u8,
}

/// What a program owes a family in the month.
#[derive(Debug, Clone, Copy)]
struct Due {
    program: u8,
    rules: u8,
    quantity: u32,
    is_delivered: bool,
}

impl Due {
    fn rice(is_delivered: bool) -> Self {
        Self { program: RICE, rules: RICE_RULES, quantity: 10, is_delivered }
    }

    /// Nothing is handed over: in the pilot area an order keeps it back.
    fn blt(rules: u8) -> Self {
        Self { program: BLT, rules, quantity: 300_000, is_delivered: false }
    }

    /// Ids of the enrollment and of what is due.
    fn ids(self, family: &Family, ids: &mut Ids) -> (Uuid, Uuid) {
        if example::is_it(family) && self.program == RICE {
            (known::aid::ENROLLMENT.0, known::aid::ENTITLEMENT.0)
        } else {
            (ids.next(), ids.next())
        }
    }
}

impl Aid {
    /// Adds the rows of one family.
    pub(super) fn add(&self, batch: &mut Batch, family: &Family, home: Home<'_>) {
        if known::is_family(family.id) {
            // What these are on, the examples decide.
            return;
        }
        let mut ids = Ids::after(family.members.last().map_or(family.id, |last| last.id));
        let lot = family.id.as_u64_pair().1 % 100;
        let on_pkh = self.has_component(family) && lot < 45;
        if on_pkh {
            self.enroll(batch, family, home, (PKH, PKH_RULES, ids.next()));
        }
        if family.decile <= 4 && lot >= 12 {
            self.owe(batch, family, home, &mut ids, Due::rice(lot < 70));
        }
        if !on_pkh && self.is_in_hardship(family) && lot >= 50 {
            self.owe(batch, family, home, &mut ids, Due::blt(self.blt_rules));
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

    fn enroll(&self, batch: &mut Batch, family: &Family, home: Home<'_>, (program, rules, id): (u8, u8, Uuid)) {
        let at = recorded_at(family.id, self.period);
        let row = batch.enrollments.row().int4(home.area.id).uuid(id).uuid(ids::program(program));
        row.uuid(family.id).uuid(ids::rule_set(program, rules)).text("active").text(OFFICER);
        row.date(self.period).text(home.village_code).instant(at).instant(at);
    }

    fn owe(&self, batch: &mut Batch, family: &Family, home: Home<'_>, ids: &mut Ids, due: Due) {
        let (enrollment, entitlement) = due.ids(family, ids);
        self.enroll(batch, family, home, (due.program, due.rules, enrollment));
        let row = batch.entitlements.row().int4(home.area.id).date(self.period).uuid(entitlement);
        row.uuid(ids::cycle(due.program, home.area)).uuid(ids::program(due.program)).uuid(family.id).uuid(enrollment);
        row.text(home.village_code).quantity(due.quantity).json(&snapshot(family, home, due, self.period));
        if due.is_delivered {
            self.hand_over(batch, family, home, (ids.next(), entitlement, due));
        }
        if due.program == BLT && home.area.is_home {
            let row = batch.holds.row().int4(home.area.id).uuid(ids.next()).uuid(known::aid::ORDER.0).date(self.period);
            row.uuid(entitlement)
                .uuid(family.id)
                .quantity(due.quantity)
                .text("held")
                .instant(recorded_at(family.id, self.period));
        }
    }

    fn hand_over(&self, batch: &mut Batch, family: &Family, home: Home<'_>, (id, entitlement, due): (Uuid, Uuid, Due)) {
        let head = family.members.first().map_or(family.id, |head| head.id);
        let row = batch.deliveries.row().int4(home.area.id).date(self.period).uuid(id).uuid(entitlement);
        row.uuid(ids::program(due.program)).uuid(family.id).quantity(due.quantity).date(self.handed_over_on(home));
        row.uuid(head)
            .text("member")
            .text(&self.handover_number(home))
            .text(OFFICER)
            .instant(recorded_at(family.id, self.period));
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

/// What the list was decided on, as an approval keeps it.
fn snapshot(family: &Family, home: Home<'_>, due: Due, period: NaiveDate) -> String {
    json!({
        "decile": family.decile,
        "decile_source": RANK_SOURCE,
        "decile_period": period,
        "member_count": family.members.len(),
        "village_code": home.village_code,
        "rule_set_id": ids::rule_set(due.program, due.rules),
        "rule_set_number": due.rules,
    })
    .to_string()
}
