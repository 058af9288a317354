//! What stands before and after the families: programs, companies, cycles, and the audit rows.

use std::collections::BTreeMap;

use chrono::{DateTime, Months, NaiveDate, Utc};
use uuid::Uuid;

use super::ids::{self, Area};
use super::programs::{self, BLT, Program, RICE, RICE_RULES, RuleSet};
use super::register::OFFICER;
use super::tables::Batch;
use crate::domain::CompanyId;
use crate::sandbox::known;

/// Officer who planned the cycle that waits for approval; it has no client.
const PLANNER: &str = "sandbox-planner";

/// Officer who approved what the first one planned.
const SECOND_OFFICER: &str = "sandbox-second-officer";

/// Invented companies: id, name, registration number, field of work.
const COMPANIES: [(CompanyId, &str, &str, &str); 3] = [
    (known::pledges::COMPANY, "PT Contoh Sawit Belayan", "9900000000001", "palm_oil"),
    (known::pledges::COMPANY_B, "PT Contoh Tambang Mahakam", "9900000000002", "mining"),
    (known::pledges::COMPANY_C, "PT Contoh Hutan Kutai", "9900000000003", "forestry"),
];

/// Programs, rule sets, companies, and in each area the cycles of the month.
pub(super) fn before(batch: &mut Batch, areas: &[Area], programs: &[Program], period: NaiveDate) {
    let at = ids::begin_of(period);
    for program in programs {
        add_program(batch, program, areas, at);
        for (number, rules) in (1..).zip(&program.rule_sets) {
            add_rule_set(batch, program, number, rules, at);
        }
    }
    // A company works in one sub-district here: a sandbox of a nation has thousands.
    let area = areas.iter().find(|area| area.is_home).or(areas.first());
    let area_ids: Vec<i32> = area.iter().map(|area| area.id).collect();
    for (id, name, registration, sector) in COMPANIES {
        let row = batch.companies.row().uuid(id.0).text(name).text(registration).text(sector);
        row.int4s(&area_ids).instant(at).instant(at);
    }
    for area in areas {
        add_cycle(batch, *area, (RICE, RICE_RULES), period);
        add_cycle(batch, *area, (BLT, programs::blt_rules(programs, period)), period);
    }
    if let Some(home) = areas.iter().find(|area| area.is_home) {
        add_planned_cycle(batch, *home, period);
        add_order(batch, *home, period);
    }
}

fn add_cycle(batch: &mut Batch, area: Area, (program, rules): (u8, u8), period: NaiveDate) {
    let at = ids::begin_of(period);
    let row = batch.cycles.row().int4(area.id).uuid(ids::cycle(program, area)).uuid(ids::program(program));
    row.uuid(ids::rule_set(program, rules)).date(period).text("approved").text(OFFICER).text(SECOND_OFFICER);
    // Examples hand over in January 2026, whichever quarter the sandbox is of; nothing goes out before its list.
    let listed_on = NaiveDate::from_ymd_opt(2026, 1, 1).map_or(period, |day| day.min(period));
    row.instant(ids::begin_of(listed_on)).instant(at).instant(at);
}

/// Rice of the next month waits for approval. A third person planned it, so that each of the two
/// officers may approve it.
fn add_planned_cycle(batch: &mut Batch, area: Area, period: NaiveDate) {
    let at = ids::begin_of(period);
    let next = period.checked_add_months(Months::new(1)).unwrap_or(period);
    let row = batch.cycles.row().int4(area.id).uuid(known::aid::PLANNED_CYCLE.0).uuid(ids::program(RICE));
    row.uuid(ids::rule_set(RICE, RICE_RULES)).date(next).text("planned").text(PLANNER).null().null();
    row.instant(at).instant(at);
}

fn add_order(batch: &mut Batch, area: Area, period: NaiveDate) {
    let at = ids::begin_of(period);
    let row = batch.suspension_orders.row().int4(area.id).uuid(known::aid::ORDER.0).uuid(ids::program(BLT));
    row.text("in_force").text("Surat edaran contoh tentang penundaan BLT Dana Desa").text("CONTOH/1/2026").null();
    row.date(period).text("BLT Dana Desa menunggu arahan").date(period).text(OFFICER).instant(at).instant(at);
}

/// Rice is the sub-district's own where the sandbox is one sub-district, as its first user's is.
fn add_program(batch: &mut Batch, program: &Program, areas: &[Area], at: DateTime<Utc>) {
    let head = &program.head;
    let row = batch.programs.row().uuid(ids::program(program.number)).text(&head.code);
    row.text(&head.name).text(&head.kind).text(&head.unit).text(&head.description);
    let is_local = program.is_local || (program.number == RICE && areas.len() == 1);
    let owner = areas.iter().find(|area| area.is_home).filter(|_| is_local);
    match owner {
        Some(area) => row.int4(area.id),
        None => row.null(),
    };
    row.instant(at).instant(at);
}

fn add_rule_set(batch: &mut Batch, program: &Program, number: u8, rules: &RuleSet, at: DateTime<Utc>) {
    let (basis, (benefit, most)) = (&rules.legal_basis, rules.gives().unwrap_or_default());
    let row = batch.rule_sets.row().uuid(ids::rule_set(program.number, number)).uuid(ids::program(program.number));
    row.int4(number.into()).text(&rules.eligibility).quantity(most).text(rules.benefit_period.as_str());
    row.text(&basis.title).text(&basis.number).text_or_null(basis.article.as_deref()).date(rules.effective_from);
    match rules.effective_to {
        Some(last) => row.date(last),
        None => row.null(),
    };
    row.text(OFFICER).instant(at).json(&benefit);
}

/// One audit row an area: who loaded how many families.
pub(super) fn after(batch: &mut Batch, families: &BTreeMap<i32, i32>, now: DateTime<Utc>) {
    for (area_id, count) in families {
        let row = batch.audit_records.row().int4(*area_id).instant(now).uuid(Uuid::now_v7());
        row.text("sandbox").text("load_sandbox").text("beneficiaries").int4(*count);
    }
}
