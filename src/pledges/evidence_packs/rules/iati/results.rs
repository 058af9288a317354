//! Results: what was handed over, how many families it reached, who was trained, and what follow-ups found.

use super::xml::{Element, element, narrated};
use crate::pledges::evidence_packs::model::PackDocument;

/// Code list `ResultType`.
const OUTPUT: &str = "1";
const OUTCOME: &str = "2";
/// Code list `IndicatorMeasure`.
const UNIT: &str = "1";
const PERCENT: &str = "2";

/// The results that there are, each with its indicators.
pub(super) fn of(told: &PackDocument) -> Vec<Element> {
    let quantities = told.rows(4, "quantities").map(|row| {
        let title = format!("{} ({})", row.cell("kind"), row.cell("unit"));
        indicator(told, (UNIT, &title), (Some(row.cell("promised")), row.cell("delivered")))
    });
    let families = told
        .fact(9, "families_at_least")
        .map(|count| indicator(told, (UNIT, "Families reached at least, in steps of five"), (None, count)));
    let trainees = told
        .fact(12, "trainees_completed")
        .map(|count| indicator(told, (UNIT, "Trainees with a certificate at least, in steps of five"), (None, count)));
    let all = [
        result(OUTPUT, "Handed over", quantities.collect()),
        result(OUTPUT, "Families reached", Vec::from_iter(families)),
        result(OUTPUT, "Trainees", Vec::from_iter(trainees)),
        result(OUTCOME, "What follow-ups found", outcomes(told)),
    ];
    all.into_iter().flatten().collect()
}

fn result(code: &str, title: &str, indicators: Vec<Element>) -> Option<Element> {
    let has_some = !indicators.is_empty();
    let result = element("result").with("type", code).with("aggregation-status", "0");
    has_some.then(|| result.holding([narrated("title", title)]).holding(indicators))
}

/// What was aimed at, where that is known, and what came of it within the year of the pledge.
fn indicator(told: &PackDocument, (measure, title): (&str, &str), (target, actual): (Option<&str>, &str)) -> Element {
    let period = element("period")
        .holding([
            element("period-start").with("iso-date", format!("{}-01-01", told.year)),
            element("period-end").with("iso-date", format!("{}-12-31", told.year)),
        ])
        .holding(target.map(|value| element("target").with("value", value)))
        .holding([element("actual").with("value", actual)]);
    element("indicator").with("measure", measure).holding([narrated("title", title), period])
}

fn outcomes(told: &PackDocument) -> Vec<Element> {
    const SHARES: [&str; 5] = ["asset_in_use", "earning", "income_change", "graduated", "response_rate"];
    let of_row = told.rows(13, "outcomes").flat_map(|row| {
        SHARES.into_iter().filter_map(move |code| {
            let percent = row.cell(code);
            let title = format!("{}, after {} months", row.label(code), row.cell("month_mark"));
            (!percent.is_empty()).then(|| indicator(told, (PERCENT, &title), (None, percent)))
        })
    });
    of_row.collect()
}
