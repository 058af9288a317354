//! The groups of a company's year: what the packs of its pledges tell, pledge by pledge, and the sums of it.

use std::collections::{BTreeMap, BTreeSet};

use super::quantities::{STEPS, in_steps, lines};
use super::sections::groups;
use super::{fact, table};
use crate::domain::{PledgeId, Quantity};
use crate::pledges::evidence_packs::model::{Inputs, PackFact, PackGroup, PackRow, PackTable, Reached};

/// Tables that are counted over the year as they are over a pledge.
const COUNTED: [&str; 3] = ["villages", "reached", "outcomes"];

/// Facts that differ from pledge to pledge, by the number of their group.
const BY_PLEDGE: [(u8, &[&str]); 13] = [
    (2, &["site"]),
    (3, &["title", "status", "agreement_number", "submitted_on", "accepted_on"]),
    (5, &["late_reasons"]),
    (6, &["ppm_field"]),
    (7, &["sdg_target", "gri", "pojk", "b4si", "pp_93_kind"]),
    (8, &["sub_district"]),
    (9, &["families_at_least", "people_at_least"]),
    (10, &["share_to_poorest_40"]),
    (11, &["handovers_at_least", "returns_at_least"]),
    (12, &["training_seats", "trainees_present", "trainees_completed"]),
    (13, &["asset_in_use", "earning", "income_change", "graduated", "response_rate"]),
    (15, &["overhead_rupiah", "transport_rupiah"]),
    (16, &["corrections"]),
];

/// A pledge with the groups of its own pack.
type Told = (PledgeId, Vec<PackGroup>);

/// The groups of a year, of what there is to tell of each pledge and of the families that all of them reached.
pub(in crate::pledges::evidence_packs) fn annual_groups(parts: Vec<Inputs>, reached: Vec<Reached>) -> Vec<PackGroup> {
    let told: Vec<Told> = parts.iter().map(|part| (part.pledge.id, groups(part))).collect();
    let sub_districts: BTreeSet<String> = parts.iter().map(|part| part.parties.area_name.clone()).collect();
    let mut rupiah: Vec<PackTable> = vec![rupiah_of_year(&parts), rupiah_by_pledge(&parts)];
    let Some(mut whole) = parts.into_iter().reduce(together) else { return Vec::new() };
    whole.reached = reached;
    whole.parties.area_name = Vec::from_iter(sub_districts).join(", ");
    let of_year = groups(&whole).into_iter().map(|mut group| {
        if group.number == 3 {
            group.facts = vec![fact("pledges", "Pledges of the year that bind", &told.len())];
        }
        group.tables.retain(|table| COUNTED.contains(&table.code.as_str()));
        group.tables.extend(sums(group.number, &whole));
        if group.number == 4 {
            group.tables.append(&mut rupiah);
        }
        group.tables.extend(facts_by_pledge(group.number, &told));
        group.tables.extend(tables_by_pledge(group.number, &told));
        group
    });
    of_year.collect()
}

/// All that two parts tell, as one.
fn together(mut one: Inputs, other: Inputs) -> Inputs {
    one.lines.extend(other.lines);
    one.balances.extend(other.balances);
    one.receipts.extend(other.receipts);
    one.deliveries.extend(other.deliveries);
    one.returns.extend(other.returns);
    one.trainings.extend(other.trainings);
    one.runs.extend(other.runs);
    one.corrections.extend(other.corrections);
    one.decisions.extend(other.decisions);
    one.disclosures.extend(other.disclosures);
    one.schedules.extend(other.schedules);
    one.villages.extend(other.villages);
    one.outcomes.extend(other.outcomes);
    one
}

/// Sums of quantities: by kind and unit, as units differ.
fn sums(number: u8, whole: &Inputs) -> Option<PackTable> {
    let head = [("kind", "Kind"), ("unit", "Unit")];
    let rows = by_kind(whole).into_iter();
    match number {
        4 => {
            let rows = rows.map(|((kind, unit), sums)| {
                [kind, unit].into_iter().chain(sums.iter().map(ToString::to_string)).collect()
            });
            Some(table("quantities", "Quantities of the year by kind", &[&head[..], &STEPS].concat(), rows))
        }
        5 => {
            let columns = [
                ("planned", "Planned"),
                ("received", "Received"),
                ("delivered", "Delivered"),
                ("outstanding", "Outstanding"),
            ];
            let rows = rows.map(|((kind, unit), sums)| {
                let [planned, _, outstanding, received, _, _, delivered, ..] = sums.map(|sum| sum.to_string());
                vec![kind, unit, planned, received, delivered, outstanding]
            });
            Some(table("realisation", "Planned and realised by kind", &[&head[..], &columns].concat(), rows))
        }
        12 => {
            let rows = rows.map(|((kind, unit), sums)| {
                let category = whole.kinds.iter().find(|one| one.code.as_str() == kind).map(|one| one.category.clone());
                let [_, _, _, _, _, _, delivered, ..] = sums.map(|sum| sum.to_string());
                vec![kind, category.unwrap_or_default(), unit, delivered]
            });
            let columns = [("kind", "Kind"), ("category", "Category"), ("unit", "Unit"), ("delivered", "Delivered")];
            Some(table("outputs", "Delivered by kind of help", &columns, rows))
        }
        _ => None,
    }
}

type Sums = [Quantity; STEPS.len()];

fn added(sums: Option<Sums>, more: Sums) -> Sums {
    let Some(mut sums) = sums else { return more };
    for (sum, one) in sums.iter_mut().zip(&more) {
        *sum = sum.plus(one);
    }
    sums
}

fn by_kind(whole: &Inputs) -> BTreeMap<(String, String), Sums> {
    let mut sums = BTreeMap::new();
    for (line, figures) in lines(whole) {
        let figures = in_steps(&figures).map(Clone::clone);
        let key = (line.kind.to_string(), line.unit.clone());
        let before = sums.remove(&key);
        sums.insert(key, added(before, figures));
    }
    sums
}

/// What all lines of a pledge are worth in every step.
fn rupiah(part: &Inputs) -> Option<Sums> {
    let of_lines = lines(part).map(|(line, figures)| {
        let value = u64::try_from(line.unit_value_rupiah.amount()).unwrap_or_default();
        in_steps(&figures).map(|quantity| quantity.many(value))
    });
    of_lines.reduce(|sums, one| added(Some(sums), one))
}

fn texts(sums: &Sums) -> impl Iterator<Item = String> {
    sums.iter().map(ToString::to_string)
}

fn rupiah_of_year(parts: &[Inputs]) -> PackTable {
    let sum = parts.iter().filter_map(rupiah).reduce(|sums, one| added(Some(sums), one));
    table("rupiah", "Value of the year, in rupiah", &STEPS, sum.iter().map(|sums| texts(sums).collect()))
}

fn rupiah_by_pledge(parts: &[Inputs]) -> PackTable {
    let rows = parts.iter().filter_map(|part| {
        let sums = rupiah(part)?;
        Some(std::iter::once(part.pledge.id.to_string()).chain(texts(&sums)).collect())
    });
    let columns = [&[("pledge_id", "Pledge")][..], &STEPS].concat();
    table("rupiah_sums", "Value by pledge, in rupiah", &columns, rows)
}

/// The facts of a group that differ, a row for each pledge.
fn facts_by_pledge(number: u8, told: &[Told]) -> Option<PackTable> {
    let (_, codes) = BY_PLEDGE.iter().find(|(of, _)| *of == number)?;
    let (_, first) = told.first()?;
    let find = |groups: &[PackGroup], code: &str| -> Option<PackFact> {
        let group = groups.iter().find(|group| group.number == number)?;
        group.facts.iter().find(|fact| fact.code == code).cloned()
    };
    let labels: Vec<(&str, String)> =
        codes.iter().map(|code| (*code, find(first, code).map(|fact| fact.label).unwrap_or_default())).collect();
    let columns: Vec<(&str, &str)> = std::iter::once(("pledge_id", "Pledge"))
        .chain(labels.iter().map(|(code, label)| (*code, label.as_str())))
        .collect();
    let rows = told.iter().map(|(id, groups)| {
        let value = |code: &&str| find(groups, code).and_then(|fact| fact.value).unwrap_or_default();
        std::iter::once(id.to_string()).chain(codes.iter().map(value)).collect()
    });
    Some(table("by_pledge", "By pledge; empty where its own pack says why there is nothing", &columns, rows))
}

/// The tables of a group as the packs of the pledges have them, the pledge before each row.
fn tables_by_pledge(number: u8, told: &[Told]) -> Vec<PackTable> {
    let mut tables: Vec<PackTable> = Vec::new();
    for (id, groups) in told {
        let own = groups.iter().filter(|group| group.number == number).flat_map(|group| &group.tables);
        for (at, of_pledge) in own.enumerate() {
            if tables.len() == at {
                let mut empty =
                    table(&format!("{}_by_pledge", of_pledge.code), "", &[("pledge_id", "Pledge")], [].into_iter());
                empty.title = format!("{}, by pledge", of_pledge.title);
                empty.columns.extend(of_pledge.columns.iter().cloned());
                tables.push(empty);
            }
            if let Some(all) = tables.get_mut(at) {
                all.rows.extend(of_pledge.rows.iter().map(|row| with_pledge(*id, row)));
            }
        }
    }
    tables
}

fn with_pledge(id: PledgeId, row: &PackRow) -> PackRow {
    let first = super::PackCell(id.to_string());
    PackRow { cells: std::iter::once(first).chain(row.cells.iter().cloned()).collect() }
}
