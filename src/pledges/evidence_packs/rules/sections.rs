//! The eighteen groups of fields, each with what the system knows of it.

use std::collections::BTreeSet;

use super::{complaints, disclosed, fact, given, missing, people, quantities, table, trainings};
use crate::db;
use crate::pledges::evidence_packs::model::{Inputs, PackDocument, PackFact, PackGroup, PackTable};

/// Why a value of an agreement is not there.
const NOT_RECORDED: &str = "Not recorded in the system";

/// Titles in English and Indonesian.
const TITLES: [(&str, &str); 18] = [
    ("identity", "This pack · Berkas ini"),
    ("company", "Company · Perusahaan"),
    ("agreement", "Pledge, agreement and minutes · Ikrar, perjanjian dan BAST"),
    ("quantities", "Quantities and value · Jumlah dan nilai"),
    ("realisation", "Planned and realised · Rencana dan realisasi"),
    ("program", "Program and field · Program dan bidang"),
    ("standards", "Reporting standards · Standar pelaporan"),
    ("place", "Place · Tempat"),
    ("reached", "Families and people reached · Keluarga dan jiwa terjangkau"),
    ("selection", "Selection · Cara pemilihan"),
    ("deliveries", "Deliveries and proof · Serah terima dan bukti"),
    ("outputs", "Outputs · Keluaran"),
    ("outcomes", "Outcomes · Hasil"),
    ("complaints", "Complaints · Pengaduan"),
    ("overhead", "Overhead and transport · Biaya dan angkutan"),
    ("corrections", "Corrections · Koreksi"),
    ("acknowledgement", "Acknowledgement · Tanda terima"),
    ("forms", "Forms of this pack · Bentuk berkas"),
];

fn group(number: u8, facts: Vec<PackFact>, tables: Vec<PackTable>) -> PackGroup {
    let (code, title) = TITLES.get(usize::from(number) - 1).copied().unwrap_or_default();
    PackGroup { number, code: code.into(), title: title.into(), facts, tables }
}

/// The first group: which version this is, and how to prove it.
pub(in crate::pledges::evidence_packs) fn first_group(document: &PackDocument) -> PackGroup {
    let previous = document.previous_digest.as_ref();
    let facts = vec![
        fact("pack_id", "Pack", &document.id),
        fact("version", "Version", &document.version),
        fact("period", "Year", &document.year),
        fact("generated_at", "Made at (UTC)", &document.generated_at.format("%Y-%m-%dT%H:%M:%S%.6fZ")),
        fact("inputs_digest", "SHA-256 of groups 2 to 18 in canonical JSON", &document.inputs_digest),
        given("previous_digest", "SHA-256 of the version before", previous, "This is the first version"),
        fact("verify_with", "Keys to verify the signature with", "/.well-known/jwks.json"),
    ];
    group(1, facts, Vec::new())
}

/// The other seventeen: the same for the same inputs.
pub(in crate::pledges::evidence_packs) fn groups(inputs: &Inputs) -> Vec<PackGroup> {
    let realisation = vec![quantities::realisation(inputs), quantities::installments(inputs)];
    let outputs = vec![quantities::outputs(inputs), trainings::by_training(inputs)];
    vec![
        group(2, company(inputs), Vec::new()),
        group(3, agreement(inputs), vec![receipts(inputs)]),
        group(4, Vec::new(), quantities::steps(inputs)),
        group(5, vec![disclosed::late_reasons(inputs)], realisation),
        group(6, program(inputs), vec![quantities::fields(inputs)]),
        group(7, disclosed::standards(inputs), vec![disclosed::standards_by_line(inputs)]),
        group(8, vec![fact("sub_district", "Sub-district", &inputs.parties.area_name)], people::places(inputs)),
        group(9, people::reached_facts(inputs), people::reached(inputs)),
        group(10, people::selection_facts(inputs), people::runs(inputs)),
        group(11, quantities::delivery_facts(inputs), quantities::deliveries(inputs)),
        group(12, trainings::facts(inputs), outputs),
        group(13, people::outcome_facts(inputs), vec![people::outcomes(inputs)]),
        group(14, complaints::facts(inputs), Vec::new()),
        group(15, disclosed::costs(inputs), Vec::new()),
        group(
            16,
            vec![fact("corrections", "Corrections so far", &inputs.corrections.len())],
            vec![corrections(inputs), decisions(inputs)],
        ),
        group(17, acknowledgement(), Vec::new()),
        group(18, forms(), Vec::new()),
    ]
}

/// The fields of the lines, each once.
fn program(inputs: &Inputs) -> Vec<PackFact> {
    let fields: BTreeSet<&str> = inputs.lines.iter().map(|line| line.field.as_str()).collect();
    let fields = Vec::from_iter(fields).join(", ");
    vec![
        missing("program", "Program", "Pledges are of companies; programs are of governments"),
        fact("bidang", "Fields of the regional law (bidang)", &fields),
        disclosed::ppm_field(inputs),
    ]
}

fn company(inputs: &Inputs) -> Vec<PackFact> {
    let parties = &inputs.parties;
    vec![
        fact("name", "Name", &parties.company_name),
        given("nib", "NIB, as given", parties.registration_number.as_ref(), "The company gave none"),
        missing("npwp", "NPWP", "Not kept: that of a sole owner is the NIK of a person"),
        fact("sector", "Field of work", &parties.sector),
        disclosed::site(inputs),
    ]
}

fn agreement(inputs: &Inputs) -> Vec<PackFact> {
    let pledge = &inputs.pledge;
    let (submitted, accepted) = (pledge.submitted_at.map(db::day_of), pledge.accepted_at.map(db::day_of));
    vec![
        fact("pledge_id", "Pledge", &pledge.id),
        fact("title", "Title", &pledge.title),
        fact("status", "Status", pledge.status.as_str()),
        given("agreement_number", "Agreement", pledge.agreement_number.as_ref(), "No number was given"),
        given("submitted_on", "Submitted on", submitted, NOT_RECORDED),
        given("accepted_on", "Accepted by two officers of the forum on", accepted, NOT_RECORDED),
    ]
}

fn receipts(inputs: &Inputs) -> PackTable {
    let columns = [
        ("pledge_line_id", "Line"),
        ("received_on", "Day"),
        ("handover_number", "Minutes (BAST) or bank reference"),
        ("quantity", "Quantity"),
        ("corrected_on", "Taken back on; empty where it counts"),
    ];
    let rows = inputs.receipts.iter().map(|receipt| {
        let (line, day) = (receipt.pledge_line_id.to_string(), receipt.received_on.to_string());
        let corrected_on = receipt.corrected_on.map(|day| day.to_string()).unwrap_or_default();
        vec![line, day, receipt.handover_number.clone(), receipt.quantity.to_string(), corrected_on]
    });
    table("receipts", "What the company gave", &columns, rows)
}

fn corrections(inputs: &Inputs) -> PackTable {
    let columns = [
        ("transfer_id", "Transfer"),
        ("on", "Day"),
        ("quantity", "Quantity"),
        ("unit", "Unit"),
        ("pledge_line_id", "Line"),
        ("corrected", "What was taken back"),
        ("corrects_id", "Transfer that was taken back"),
        ("handover_number", "Minutes (BAST) or bank reference of it"),
    ];
    let rows = inputs.corrections.iter().map(|one| {
        let moved = [one.id.to_string(), one.corrected_on.to_string(), one.quantity.to_string(), one.unit.clone()];
        let first = [one.pledge_line_id.to_string(), one.corrected.clone(), one.corrects_id.to_string()];
        moved.into_iter().chain(first).chain([one.handover_number.clone()]).collect()
    });
    table("corrections", "Transfers that took back another one", &columns, rows)
}

/// What was amended, called off, given up, given back, earmarked anew, lost, corrected, closed and opened again; not why,
/// as officers write that in their own words.
fn decisions(inputs: &Inputs) -> PackTable {
    let columns = [
        ("decision_id", "Decision"),
        ("kind", "Kind"),
        ("on", "Day"),
        ("pledge_line_id", "Line"),
        ("quantity", "Quantity"),
        ("unit", "Unit"),
    ];
    let rows = inputs.decisions.iter().flat_map(|decision| {
        let day = decision.decided_at.map(|at| db::day_of(at).to_string()).unwrap_or_default();
        let head = [decision.id.to_string(), decision.kind.as_str().to_owned(), day];
        let mut rows: Vec<Vec<String>> = Vec::new();
        for line in &decision.terms.0.lines {
            let tail = [line.pledge_line_id.to_string(), line.quantity.to_string(), line.unit.clone()];
            rows.push(head.iter().cloned().chain(tail).collect());
        }
        if rows.is_empty() {
            let tail = [String::new(), String::new(), String::new()];
            rows.push(head.into_iter().chain(tail).collect());
        }
        rows
    });
    table("decisions", "Decisions on the pledge since it was accepted", &columns, rows)
}

fn acknowledgement() -> Vec<PackFact> {
    let reason = "The minutes of group 3 are the acknowledgement; no other is issued by the system";
    vec![
        missing("text", "Text", reason),
        missing("receipt_number", "Number", reason),
        fact("deduction", "Tax", "This pack promises no deduction; PP 93/2010 names the kinds that may be deducted"),
    ]
}

fn forms() -> Vec<PackFact> {
    vec![
        fact("forms", "Forms", "application/json, text/csv, text/html"),
        fact("iati", "IATI", "application/xml of the pack of a pledge: an activity of IATI Standard 2.03"),
    ]
}
