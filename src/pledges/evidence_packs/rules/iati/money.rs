//! Budget and transactions: the quantities of a pack at the value of a unit that its line states.

use std::collections::HashMap;

use bigdecimal::{BigDecimal, Zero};

use super::xml::{Element, element, narrated};
use super::{company, government};
use crate::pledges::evidence_packs::model::PackDocument;

/// Code list `TransactionType`, as the receiver of the goods reports them.
const INCOMING_FUNDS: &str = "1";
const EXPENDITURE: &str = "4";
const INCOMING_COMMITMENT: &str = "11";

fn number(text: &str) -> BigDecimal {
    text.parse().unwrap_or_default()
}

/// What the lines are worth.
pub(super) struct Prices<'a> {
    units: HashMap<&'a str, BigDecimal>,
    promised: HashMap<&'a str, BigDecimal>,
}

impl<'a> Prices<'a> {
    pub(super) fn of(told: &'a PackDocument) -> Self {
        let column = |code: &'static str| {
            told.rows(4, "rupiah").map(move |row| (row.cell("pledge_line_id"), number(row.cell(code)))).collect()
        };
        Self { units: column("unit_value_rupiah"), promised: column("promised") }
    }

    pub(super) fn promised(&self) -> BigDecimal {
        self.promised.values().sum()
    }

    pub(super) fn promised_of(&self, line: &str) -> BigDecimal {
        self.promised.get(line).cloned().unwrap_or_default()
    }

    fn of_quantity(&self, line: &str, quantity: &str) -> BigDecimal {
        self.units.get(line).map(|value| value * number(quantity)).unwrap_or_default()
    }
}

/// The budget, which is what is promised, and the transactions; nothing that has no value.
pub(super) fn of(told: &PackDocument) -> Vec<Element> {
    let prices = Prices::of(told);
    let mut all = Vec::from_iter(budget(told, &prices.promised()));
    all.extend(commitments(told));
    all.extend(receipts(told, &prices));
    all.extend(what_is_left_to_tell(told, &prices));
    all.extend(handovers(told, &prices));
    all.extend(returns(told, &prices));
    all
}

fn value(amount: &BigDecimal, day: &str) -> Element {
    let amount = amount.normalized().to_plain_string();
    element("value").with("currency", "IDR").with("value-date", day).saying(amount)
}

fn accepted_on(told: &PackDocument) -> &str {
    told.fact(3, "accepted_on").unwrap_or_default()
}

fn budget(told: &PackDocument, promised: &BigDecimal) -> Option<Element> {
    let budget = element("budget").with("type", "1").with("status", "2").holding([
        element("period-start").with("iso-date", format!("{}-01-01", told.year)),
        element("period-end").with("iso-date", format!("{}-12-31", told.year)),
        value(promised, accepted_on(told)),
    ]);
    (!promised.is_zero()).then_some(budget)
}

/// A transaction; `None` without a value.
fn transaction(
    (code, told): (&str, &PackDocument),
    (reference, about): (&str, &str),
    (amount, day): (&BigDecimal, &str),
) -> Option<Element> {
    let mut made = element("transaction");
    if !reference.is_empty() {
        made = made.with("ref", reference);
    }
    let made = made.holding([
        element("transaction-type").with("code", code),
        element("transaction-date").with("iso-date", day),
        value(amount, day),
        narrated("description", about),
    ]);
    let from_company = code != EXPENDITURE;
    let provider = if from_company { company("provider-org", told) } else { government("provider-org", told) };
    let receiver = from_company.then(|| government("receiver-org", told));
    (!amount.is_zero()).then(|| made.holding([provider]).holding(receiver))
}

/// What binds the company, of each line, as it stands now.
fn commitments(told: &PackDocument) -> Vec<Element> {
    let values: HashMap<&str, &str> =
        told.rows(4, "rupiah").map(|row| (row.cell("pledge_line_id"), row.cell("committed"))).collect();
    let commitment = told.rows(4, "quantities").filter_map(|row| {
        let line = row.cell("pledge_line_id");
        let about = format!("Committed: {} {} {}", row.cell("committed"), row.cell("unit"), row.cell("kind"));
        let amount = number(values.get(line).copied().unwrap_or_default());
        transaction((INCOMING_COMMITMENT, told), (line, &about), (&amount, accepted_on(told)))
    });
    commitment.collect()
}

fn receipts(told: &PackDocument, prices: &Prices<'_>) -> Vec<Element> {
    let receipt = told.rows(3, "receipts").filter_map(|row| {
        let amount = prices.of_quantity(row.cell("pledge_line_id"), row.cell("quantity"));
        let place = (row.cell("handover_number"), "Received");
        transaction((INCOMING_FUNDS, told), place, (&amount, row.cell("received_on")))
    });
    receipt.collect()
}

/// What was taken back of receipts or given back to the company: with it, incoming funds are received less returned.
fn what_is_left_to_tell(told: &PackDocument, prices: &Prices<'_>) -> Option<Element> {
    let column = |code: &str| told.rows(4, "rupiah").map(|row| number(row.cell(code))).sum::<BigDecimal>();
    let receipts = told.rows(3, "receipts");
    let told_so_far: BigDecimal =
        receipts.map(|row| prices.of_quantity(row.cell("pledge_line_id"), row.cell("quantity"))).sum();
    let amount = column("received") - column("returned") - told_so_far;
    let days = told.rows(16, "corrections").chain(told.rows(16, "decisions")).map(|row| row.cell("on"));
    let day = days.max().unwrap_or_else(|| accepted_on(told));
    transaction((INCOMING_FUNDS, told), ("", "Corrected or given back"), (&amount, day))
}

/// What was handed over to families, whom the standard does not trace.
fn handovers(told: &PackDocument, prices: &Prices<'_>) -> Vec<Element> {
    let handover = told.rows(11, "deliveries").filter_map(|row| {
        let amount = prices.of_quantity(row.cell("pledge_line_id"), row.cell("quantity"));
        transaction(
            (EXPENDITURE, told),
            ("", "Handed over to families, with proofs"),
            (&amount, row.cell("delivered_on")),
        )
    });
    handover.collect()
}

/// What families gave back: with it, expenditure is what they kept.
fn returns(told: &PackDocument, prices: &Prices<'_>) -> Vec<Element> {
    let came_back = told.rows(11, "returns").filter_map(|row| {
        let amount = -prices.of_quantity(row.cell("pledge_line_id"), row.cell("quantity"));
        transaction((EXPENDITURE, told), ("", "Given back by families"), (&amount, row.cell("returned_on")))
    });
    came_back.collect()
}
