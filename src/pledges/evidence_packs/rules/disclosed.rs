//! What companies say of their pledges for their reports: the newest of each pledge.

use std::collections::BTreeSet;

use super::{given, table};
use crate::domain::Rupiah;
use crate::pledges::disclosures::{DisclosedLine, PledgeDisclosure};
use crate::pledges::evidence_packs::model::{Inputs, PackFact, PackTable};

/// Why it is not there.
const UNSAID: &str = "The company has disclosed none";

/// Each value once, by name.
fn told(values: impl Iterator<Item = String>) -> Option<String> {
    let values: BTreeSet<String> = values.collect();
    (!values.is_empty()).then(|| Vec::from_iter(values).join(", "))
}

fn of_each(inputs: &Inputs, value: fn(&PledgeDisclosure) -> Option<String>) -> Option<String> {
    told(inputs.disclosures.iter().filter_map(value))
}

/// Where the company works that the pledges belong to.
pub(super) fn site(inputs: &Inputs) -> PackFact {
    let site = of_each(inputs, |one| match (&one.operation_site, one.site_ring) {
        (Some(site), Some(ring)) => Some(format!("{site}, ring {ring}")),
        (Some(site), None) => Some(site.to_string()),
        (None, ring) => ring.map(|ring| format!("ring {ring}")),
    });
    given("site", "Operation site and ring", site, UNSAID)
}

pub(super) fn late_reasons(inputs: &Inputs) -> PackFact {
    let reasons = of_each(inputs, |one| one.late_reason.map(|reason| reason.as_str().to_owned()));
    given("late_reasons", "Why installments were late", reasons, UNSAID)
}

pub(super) fn ppm_field(inputs: &Inputs) -> PackFact {
    let fields = of_each(inputs, |one| one.ppm_field.map(|field| field.as_str().to_owned()));
    given("ppm_field", "PPM field", fields, UNSAID)
}

/// What running and bringing it cost, of the pledges that tell it.
pub(super) fn costs(inputs: &Inputs) -> Vec<PackFact> {
    let sum = |cost: fn(&PledgeDisclosure) -> Option<Rupiah>| {
        inputs.disclosures.iter().filter_map(cost).map(|cost| i128::from(cost.amount())).reduce(|sum, one| sum + one)
    };
    vec![
        given("overhead_rupiah", "Overhead", sum(|one| one.overhead_rupiah), UNSAID),
        given("transport_rupiah", "Transport", sum(|one| one.transport_rupiah), UNSAID),
    ]
}

fn lines(inputs: &Inputs) -> impl Iterator<Item = &DisclosedLine> {
    inputs.disclosures.iter().flat_map(|one| &one.lines.0)
}

/// A standard: name, label, the codes of a line.
type Standard = (&'static str, &'static str, fn(&DisclosedLine) -> Vec<String>);

const STANDARDS: [Standard; 5] = [
    ("sdg_target", "SDG target", |line| line.sdg_targets.iter().map(ToString::to_string).collect()),
    ("gri", "GRI disclosure", |line| line.gri.iter().map(ToString::to_string).collect()),
    ("pojk", "POJK 51/2017 and SEOJK 16/2021", |line| line.seojk.iter().map(ToString::to_string).collect()),
    ("b4si", "B4SI class", |line| line.b4si.iter().map(|one| one.as_str().to_owned()).collect()),
    ("pp_93_kind", "PP 93/2010 kind", |line| line.deductible_kind.iter().map(|one| one.as_str().to_owned()).collect()),
];

/// The codes of each standard, each once.
pub(super) fn standards(inputs: &Inputs) -> Vec<PackFact> {
    let fact = |(code, label, codes): Standard| given(code, label, told(lines(inputs).flat_map(codes)), UNSAID);
    STANDARDS.into_iter().map(fact).collect()
}

/// The same by line.
pub(super) fn standards_by_line(inputs: &Inputs) -> PackTable {
    let columns: Vec<_> =
        std::iter::once(("pledge_line_id", "Line")).chain(STANDARDS.map(|(code, label, _)| (code, label))).collect();
    let rows = lines(inputs).map(|line| {
        let codes = STANDARDS.map(|(_, _, codes)| codes(line).join(", "));
        std::iter::once(line.pledge_line_id.to_string()).chain(codes).collect()
    });
    table("standards", "Reporting standards by line, as the company disclosed them", &columns, rows)
}
