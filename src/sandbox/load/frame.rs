//! What stands before and after the families: programs, companies, cycles, and the audit rows.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use uuid::Uuid;

use super::ids::{Fixed, fixed};
use super::programs::{BLT, PROGRAMS, Program, RICE, RuleSet};
use super::register::OFFICER;
use super::tables::Batch;
use crate::domain::CompanyId;
use crate::sandbox::known;

/// Officer who approved what the first one planned.
const SECOND_OFFICER: &str = "sandbox-second-officer";

/// Invented companies: id, name, registration number, field of work.
const COMPANIES: [(CompanyId, &str, &str, &str); 3] = [
    (known::COMPANY, "PT Contoh Sawit Belayan", "9900000000001", "palm_oil"),
    (known::COMPANY_B, "PT Contoh Tambang Mahakam", "9900000000002", "mining"),
    (known::COMPANY_C, "PT Contoh Hutan Kutai", "9900000000003", "forestry"),
];

/// Programs, rule sets, companies and the approved cycles of all areas. `home` is the area that
/// defines the local programs.
pub(super) fn before(batch: &mut Batch, areas: &[i32], home: i32, period: NaiveDate) {
    let at = period.and_time(NaiveTime::MIN).and_utc();
    for program in PROGRAMS {
        add_program(batch, program, home, at);
        for (number, rules) in (1..).zip(program.rule_sets) {
            add_rule_set(batch, program, number, rules, at);
        }
    }
    for (id, name, registration, sector) in COMPANIES {
        let row = batch.companies.row().uuid(id.0).text(name).text(registration).text(sector);
        row.int4s(areas).instant(at).instant(at);
    }
    for &area_id in areas {
        for (program, rule_set) in [(RICE, 2), (BLT, 3)] {
            let row = batch.cycles.row().int4(area_id).uuid(fixed(Fixed::Cycle, program, area_id));
            row.uuid(fixed(Fixed::Program, program, 0)).uuid(fixed(Fixed::RuleSet, program, rule_set)).date(period);
            row.text("approved").text(OFFICER).text(SECOND_OFFICER).instant(at).instant(at).instant(at);
        }
    }
}

fn add_program(batch: &mut Batch, program: &Program, home: i32, at: DateTime<Utc>) {
    let row = batch.programs.row().uuid(fixed(Fixed::Program, program.number, 0)).text(program.code);
    row.text(program.name).text(program.kind).text(program.unit).text(program.description);
    if program.is_local {
        row.int4(home);
    } else {
        row.null();
    }
    row.instant(at).instant(at);
}

fn add_rule_set(batch: &mut Batch, program: &Program, number: i32, rules: &RuleSet, at: DateTime<Utc>) {
    let (title, decree, article) = rules.basis;
    let row = batch.rule_sets.row().uuid(fixed(Fixed::RuleSet, program.number, number));
    row.uuid(fixed(Fixed::Program, program.number, 0)).int4(number).text(rules.eligibility);
    row.quantity(rules.quantity).text(rules.period).text(title).text(decree).text_or_null(article);
    row.date(day(rules.effective.0));
    match rules.effective.1 {
        Some(last) => row.date(day(last)),
        None => row.null(),
    };
    row.text(OFFICER).instant(at);
}

/// A day of the table of programs; a test reads them all.
fn day(text: &str) -> NaiveDate {
    text.parse().unwrap_or_default()
}

/// One audit row an area: who loaded how many families.
pub(super) fn after(batch: &mut Batch, families: &BTreeMap<i32, i32>, now: DateTime<Utc>) {
    for (area_id, count) in families {
        let row = batch.audit_records.row().int4(*area_id).instant(now).uuid(Uuid::now_v7());
        row.text("sandbox").text("load_sandbox").text("beneficiaries").int4(*count);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_day_of_the_programs_is_a_day() {
        for rules in PROGRAMS.iter().flat_map(|program| program.rule_sets) {
            let (first, last) = (day(rules.effective.0), rules.effective.1.map(day));
            assert!(first > NaiveDate::default() && last.is_none_or(|last| last > first), "{rules:?}");
        }
    }
}
