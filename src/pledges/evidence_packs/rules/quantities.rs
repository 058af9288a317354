//! The groups of quantities: every figure is a balance of the ledger, or a sum of balances.

use super::steps::families_at_least;
use super::{fact, given, missing, table};
use crate::domain::Quantity;
use crate::pledges::evidence_packs::model::{Inputs, PackFact, PackTable};
use crate::pledges::model::PledgeLine;
use crate::pledges::trail::TrailLine;

pub(super) const STEPS: [(&str, &str); 11] = [
    ("promised", "Promised"),
    ("committed", "Committed"),
    ("outstanding", "Outstanding"),
    ("received", "Received"),
    ("free", "Free"),
    ("reserved", "Reserved"),
    ("delivered", "Delivered"),
    ("returned", "Returned"),
    ("lost", "Lost"),
    ("cancelled", "Cancelled"),
    ("written_off", "Written off"),
];

/// In the order of [`STEPS`].
pub(super) fn in_steps(line: &TrailLine) -> [&Quantity; 11] {
    [
        &line.promised,
        &line.committed,
        &line.outstanding,
        &line.received,
        &line.free,
        &line.reserved,
        &line.delivered,
        &line.returned,
        &line.lost,
        &line.cancelled,
        &line.written_off,
    ]
}

/// Each line with where its quantity stands.
pub(super) fn lines(inputs: &Inputs) -> impl Iterator<Item = (&PledgeLine, TrailLine)> {
    inputs.lines.iter().map(|line| {
        let own = inputs.balances.get(&line.id.0).cloned().unwrap_or_default();
        (line, TrailLine::of(line.clone(), &own, None))
    })
}

/// Quantity and rupiah of each line in every step.
pub(super) fn steps(inputs: &Inputs) -> Vec<PackTable> {
    let steps = |head: &[(&'static str, &'static str)]| [head, &STEPS].concat();
    let quantities = lines(inputs).map(|(line, figures)| {
        let head = [line.id.to_string(), line.kind.to_string(), line.unit.clone()];
        head.into_iter().chain(in_steps(&figures).map(ToString::to_string)).collect()
    });
    let rupiah = lines(inputs).map(|(line, figures)| {
        let value = u64::try_from(line.unit_value_rupiah.amount()).unwrap_or_default();
        let basis = line.valuation_basis.as_str().to_owned();
        let head = [line.id.to_string(), value.to_string(), basis];
        head.into_iter().chain(in_steps(&figures).map(|quantity| quantity.times(value))).collect()
    });
    let of_quantities = steps(&[("pledge_line_id", "Line"), ("kind", "Kind"), ("unit", "Unit")]);
    let of_rupiah = steps(&[
        ("pledge_line_id", "Line"),
        ("unit_value_rupiah", "Value of one unit"),
        ("valuation_basis", "Basis of the value (PP 93/2010 art. 6)"),
    ]);
    vec![
        table("quantities", "Quantities by line, in its unit", &of_quantities, quantities),
        table("rupiah", "Value by line, in rupiah", &of_rupiah, rupiah),
    ]
}

/// What was planned of each line and what came of it.
pub(super) fn realisation(inputs: &Inputs) -> PackTable {
    let columns = [
        ("pledge_line_id", "Line"),
        ("kind", "Kind"),
        ("planned", "Planned"),
        ("received", "Received"),
        ("delivered", "Delivered"),
        ("outstanding", "Outstanding"),
    ];
    let rows = lines(inputs).map(|(line, figures)| {
        let TrailLine { promised, received, delivered, outstanding, .. } = &figures;
        let head = [line.id.to_string(), line.kind.to_string()];
        head.into_iter().chain([promised, received, delivered, outstanding].map(ToString::to_string)).collect()
    });
    table("realisation", "Planned and realised by line", &columns, rows)
}

/// What each line counts for.
pub(super) fn fields(inputs: &Inputs) -> PackTable {
    let columns = [("pledge_line_id", "Line"), ("kind", "Kind"), ("field", "Field (bidang)")];
    let rows = inputs
        .lines
        .iter()
        .map(|line| vec![line.id.to_string(), line.kind.to_string(), line.field.as_str().to_owned()]);
    table("fields", "Field of the regional law by line", &columns, rows)
}

/// By when parts of each line are due. Whether one is late changes by itself with the days, so that is not in it.
pub(super) fn installments(inputs: &Inputs) -> PackTable {
    let columns =
        [("pledge_line_id", "Line"), ("due_on", "Due by"), ("quantity", "Quantity"), ("outstanding", "Still to come")];
    let rows = inputs.schedules.iter().flat_map(|line| {
        line.installments.iter().map(|one| {
            let (due_on, quantity) = (one.due_on.to_string(), one.quantity.to_string());
            vec![line.pledge_line_id.to_string(), due_on, quantity, one.outstanding.to_string()]
        })
    });
    table("installments", "Installments by line", &columns, rows)
}

/// Why handovers or returns are not counted: each is of one family.
const FEW: &str = "Fewer than five";

/// A count of handovers or returns as that of families is told: in steps, and empty where they are few.
fn told(count: i64) -> String {
    families_at_least(count).map(|count| count.to_string()).unwrap_or_default()
}

/// Handovers by line and day, and what came back.
pub(super) fn deliveries(inputs: &Inputs) -> Vec<PackTable> {
    let columns = [
        ("pledge_line_id", "Line"),
        ("delivered_on", "Day"),
        ("handovers_at_least", "Handovers with a proof at least"),
        ("quantity", "Quantity"),
        ("proof_media_type", "Kind of proof"),
        ("proofs_digest", "SHA-256 over the sorted digests of the proofs"),
    ];
    let rows = inputs.deliveries.iter().map(|day| {
        vec![
            day.pledge_line_id.to_string(),
            day.delivered_on.to_string(),
            told(day.handovers),
            day.quantity.to_string(),
            day.proof_media_type.clone(),
            day.proofs_digest.clone(),
        ]
    });
    vec![table("deliveries", "Handovers by line, day and kind of proof", &columns, rows), returns(inputs)]
}

/// What came back of them: the delivered quantities of the other groups are net of it.
fn returns(inputs: &Inputs) -> PackTable {
    let columns = [
        ("pledge_line_id", "Line"),
        ("returned_on", "Day"),
        ("returns_at_least", "Returns with minutes at least"),
        ("quantity", "Quantity"),
        ("became", "What became of it: free again, or lost"),
    ];
    let rows = inputs.returns.iter().map(|day| {
        let (line, on) = (day.pledge_line_id.to_string(), day.returned_on.to_string());
        let became = if day.is_usable { "free" } else { "lost" };
        vec![line, on, told(day.returns), day.quantity.to_string(), became.to_owned()]
    });
    table("returns", "What families gave back, by line and day", &columns, rows)
}

fn counted((code, label): (&str, &str), count: i64) -> PackFact {
    if count == 0 { fact(code, label, &0) } else { given(code, label, families_at_least(count), FEW) }
}

/// How many handovers there were, and which office confirmed them.
pub(super) fn delivery_facts(inputs: &Inputs) -> Vec<PackFact> {
    let handovers: i64 = inputs.deliveries.iter().map(|day| day.handovers).sum();
    let returns: i64 = inputs.returns.iter().map(|day| day.returns).sum();
    let office = format!("Kecamatan {}", inputs.parties.area_name);
    vec![
        counted(("handovers_at_least", "Handovers with a proof at least, in steps of five"), handovers),
        counted(
            (
                "returns_at_least",
                "Returns of families at least, of which delivered quantities are net, in steps of five",
            ),
            returns,
        ),
        fact("confirming_office", "Office that confirmed them", &office),
        missing(
            "proofs",
            "The proofs themselves",
            "Signatures and photos stay with the village office, as faces and places are in them; \
             digests let it show them unchanged",
        ),
    ]
}

/// What was handed over and kept, by category of help.
pub(super) fn outputs(inputs: &Inputs) -> PackTable {
    let columns = [("kind", "Kind"), ("category", "Category"), ("unit", "Unit"), ("delivered", "Delivered")];
    let rows = lines(inputs).map(|(line, figures)| {
        let kind = inputs.kinds.iter().find(|kind| kind.code == line.kind);
        let category = kind.map(|kind| kind.category.clone()).unwrap_or_default();
        vec![line.kind.to_string(), category, line.unit.clone(), figures.delivered.to_string()]
    });
    table("outputs", "Delivered by kind of help", &columns, rows)
}
