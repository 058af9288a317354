//! The groups about families: counted in steps, and never by name.

use std::collections::BTreeSet;

use super::steps::{families_at_least, people_at_least, share_at_least};
use super::{fact, given, missing, table};
use crate::pledges::evidence_packs::model::{Inputs, Outcome, PackFact, PackTable, Reached, Selection};
use crate::pledges::runs::POLICY;

/// Why a count is not told.
const FEW: &str = "Fewer than five families of any one pledge";

fn all(inputs: &Inputs) -> (i64, i64) {
    let all = inputs.reached.iter().find(|cell| cell.split == "all");
    all.map(|all| (all.families, all.people)).unwrap_or_default()
}

fn of<'a>(inputs: &'a Inputs, split: &'a str) -> impl Iterator<Item = &'a Reached> {
    inputs.reached.iter().filter(move |cell| cell.split == split)
}

/// Earmarks, and the villages whose families were reached.
pub(super) fn places(inputs: &Inputs) -> Vec<PackTable> {
    let name = |code: &str| inputs.villages.get(code).cloned().unwrap_or_default();
    let earmarks = inputs.lines.iter().flat_map(|line| {
        let row = |code: &crate::domain::VillageCode| vec![line.id.to_string(), code.to_string(), name(code.as_str())];
        line.village_codes.iter().map(row)
    });
    let villages = of(inputs, "village").filter_map(|cell| {
        let families = families_at_least(cell.families)?;
        Some(vec![cell.cell.clone(), name(&cell.cell), families.to_string()])
    });
    let of_earmarks = [("pledge_line_id", "Line"), ("village_code", "Village"), ("name", "Name")];
    let of_villages = [("village_code", "Village"), ("name", "Name"), ("families_at_least", "Families at least")];
    vec![
        table("earmarks", "Villages that each line is for", &of_earmarks, earmarks),
        table("villages", "Families reached by village, in steps of five", &of_villages, villages),
    ]
}

/// How many families and people were reached.
pub(super) fn reached_facts(inputs: &Inputs) -> Vec<PackFact> {
    let (families, people) = all(inputs);
    if inputs.reached.is_empty() {
        let nobody = "Nothing was handed over yet";
        return vec![
            missing("families_at_least", "Families reached at least", nobody),
            missing("people_at_least", "People in them at least", nobody),
        ];
    }
    vec![
        given("families_at_least", "Families reached at least, in steps of five", families_at_least(families), FEW),
        given("people_at_least", "People in them at least, in steps of twenty", people_at_least(families, people), FEW),
    ]
}

/// The splits that companies must report; groups of fewer than five are left out.
const SPLITS: [&str; 5] = ["decile", "disability", "earlier_help", "head_age", "head_sex"];

/// Families reached in each group that is large enough.
pub(super) fn reached(inputs: &Inputs) -> Vec<PackTable> {
    let columns = [("split", "By"), ("group", "Group"), ("families_at_least", "Families at least")];
    let cells = SPLITS.into_iter().flat_map(|split| of(inputs, split));
    let rows = cells.filter_map(|cell| {
        let families = families_at_least(cell.families)?;
        Some(vec![cell.split.clone(), cell.cell.clone(), families.to_string()])
    });
    vec![table("reached", "Families reached by group, in steps of five; smaller groups are left out", &columns, rows)]
}

/// How families were selected.
pub(super) fn selection_facts(inputs: &Inputs) -> Vec<PackFact> {
    let poorest = of(inputs, "poorest_40").find(|cell| cell.cell == "yes").map(|cell| cell.families);
    let share = poorest.and_then(|poorest| share_at_least([(poorest, all(inputs).0)].into_iter()));
    vec![
        fact(
            "method",
            "How families are selected",
            "Verified families of the earmarked villages with an open need of the kind, in the order that each run tells; \
             what an officer chose alone is told apart",
        ),
        given("share_to_poorest_40", "Percent in deciles 1 to 4 of the families that are told, at least", share, FEW),
        missing(
            "targeting_error",
            "Inclusion and exclusion indicators",
            "They are measured by samples of a program, not of a pledge",
        ),
    ]
}

/// The runs that selected them.
pub(super) fn runs(inputs: &Inputs) -> Vec<PackTable> {
    let columns = [
        ("run_id", "Run; empty where an officer chose"),
        ("run_on", "Day"),
        ("families_at_least", "Families selected at least"),
        ("cut_off_rank_at_least", "Last rank selected at least"),
        ("order", "Order in which families were served"),
    ];
    let order = |run: &Selection| match (&run.policy, run.run_id) {
        (Some(policy), _) => policy.0.order(),
        (None, Some(_)) => POLICY.to_owned(),
        (None, None) => "chosen by an officer".to_owned(),
    };
    let told =
        |count: Option<i64>| count.and_then(families_at_least).map(|count| count.to_string()).unwrap_or_default();
    let rows = inputs.runs.iter().map(|run| {
        vec![
            run.run_id.map(|id| id.to_string()).unwrap_or_default(),
            run.run_on.to_string(),
            told(Some(run.families)),
            told(run.last_rank.map(i64::from)),
            order(run),
        ]
    });
    vec![table("runs", "Runs of the allocation, counted in steps of five", &columns, rows)]
}

/// What follow-ups tell: name, label, the part and the whole it is of.
type Share = (&'static str, &'static str, fn(&Outcome) -> (i64, i64));

const SHARES: [Share; 5] = [
    ("asset_in_use", "Percent with the asset in use, at least", |one| (one.in_use, one.assets)),
    ("earning", "Percent that earn from it, at least", |one| (one.earning, one.met)),
    ("income_change", "Percent with more income than before, at least", |one| (one.higher_income, one.met)),
    ("graduated", "Percent that need no aid any more, at least", |one| (one.off_aid, one.met)),
    ("response_rate", "Percent of the visited families that were met, at least", |one| (one.met, one.visited)),
];

/// What was found after so many months, of each pledge.
fn after(inputs: &Inputs, month_mark: i16) -> impl Iterator<Item = &Outcome> {
    inputs.outcomes.iter().filter(move |one| one.month_mark == month_mark)
}

fn month_marks(inputs: &Inputs) -> BTreeSet<i16> {
    inputs.outcomes.iter().map(|one| one.month_mark).collect()
}

fn told(inputs: &Inputs, month_mark: i16, share: fn(&Outcome) -> (i64, i64)) -> Option<i64> {
    share_at_least(after(inputs, month_mark).map(share))
}

/// Each share after the most months that tell it.
pub(super) fn outcome_facts(inputs: &Inputs) -> Vec<PackFact> {
    let fact = |(code, label, share): Share| {
        let newest = month_marks(inputs).into_iter().rev().find_map(|month_mark| {
            told(inputs, month_mark, share).map(|percent| format!("{percent} after {month_mark} months"))
        });
        given(code, label, newest, "Fewer than five such families were met by a follow-up")
    };
    SHARES.into_iter().map(fact).collect()
}

/// The shares after 3, 6, 12 and 24 months.
pub(super) fn outcomes(inputs: &Inputs) -> PackTable {
    let columns: Vec<_> =
        std::iter::once(("month_mark", "Months")).chain(SHARES.map(|(code, label, _)| (code, label))).collect();
    let is_told = |month_mark: &i16| after(inputs, *month_mark).any(|one| families_at_least(one.met).is_some());
    let rows = month_marks(inputs).into_iter().filter(is_told).map(|month_mark| {
        let shares = SHARES.map(|(_, _, share)| {
            told(inputs, month_mark, share).map(|percent| percent.to_string()).unwrap_or_default()
        });
        std::iter::once(month_mark.to_string()).chain(shares).collect()
    });
    table("outcomes", "What follow-ups found, in percent at least; empty of fewer than five families", &columns, rows)
}
