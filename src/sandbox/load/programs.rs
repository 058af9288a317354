//! Programs of the sandbox with their rules by date: those of the state, as it comes with the service, and those that
//! the officers of the pilot district could have entered.
//!
//! Amounts and conditions are those that the sources give (see the legal basis of each); where sources differ, one
//! reading is taken, for a rule set is a parameter and not a constant.

use chrono::{Datelike, NaiveDate};
use serde::Deserialize;

use crate::error::{Error, Result};
use crate::programs::benefits::Benefit;
use crate::programs::{BenefitPeriod, STATE_PROGRAMS};

/// Those of the sub-district.
const LOCAL: &str = include_str!("programs.json");

/// Their codes in the order of their numbers in the sandbox; ids are made from these.
const NUMBERS: [&str; 10] = [
    "RICE",
    "BLT-DD",
    "PKH",
    "SEMBAKO",
    "FARM-TOOLS",
    "TRAINING",
    "RICE-EXTRA",
    "OIL-PALM-TOOLS",
    "SEWING-TRAINING",
    "REPAIR-TRAINING",
];

pub(super) const RICE: u8 = 1;
pub(super) const BLT: u8 = 2;
pub(super) const PKH: u8 = 3;
/// Local rice, on which officers try what they may do to a program.
pub(super) const EXTRA_RICE: u8 = 7;

/// Rule sets in force, by their numbers; those of BLT follow the year.
pub(super) const RICE_RULES: u8 = 2;
pub(super) const PKH_RULES: u8 = 1;

/// A program with its rule sets.
#[derive(Debug)]
pub(super) struct Program {
    /// Number in the sandbox.
    pub(super) number: u8,
    pub(super) head: Head,
    /// Defined by the sub-district itself, not by the state.
    pub(super) is_local: bool,
    /// In the order of their numbers.
    pub(super) rule_sets: Vec<RuleSet>,
}

/// What stands in a file.
#[derive(Debug, Deserialize)]
struct File {
    programs: Vec<Entry>,
}

#[derive(Debug, Deserialize)]
struct Entry {
    program: Head,
    rule_sets: Vec<RuleSet>,
}

/// What a program is.
#[derive(Debug, Deserialize)]
pub(super) struct Head {
    pub(super) code: String,
    pub(super) name: String,
    pub(super) kind: String,
    pub(super) unit: String,
    pub(super) description: String,
}

/// Rules of a program between two days.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct RuleSet {
    pub(super) eligibility: String,
    /// The same for every family.
    benefit_quantity: Option<String>,
    /// What a family gets, where that is not the same for every family.
    benefit: Option<Benefit>,
    pub(super) benefit_period: BenefitPeriod,
    pub(super) legal_basis: LegalBasis,
    pub(super) effective_from: NaiveDate,
    pub(super) effective_to: Option<NaiveDate>,
}

/// What a rule rests on.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct LegalBasis {
    pub(super) title: String,
    pub(super) number: String,
    pub(super) article: Option<String>,
}

impl RuleSet {
    /// What a family gets; nothing where the file does not say it.
    fn benefit(&self) -> Option<Benefit> {
        let fixed =
            || Some(Benefit::Fixed { quantity: self.benefit_quantity.as_ref()?.parse().ok()?, contents: Vec::new() });
        self.benefit.clone().or_else(fixed)
    }

    /// What a family gets, as JSON, and the most of it.
    pub(super) fn gives(&self) -> Option<(String, u32)> {
        let benefit = self.benefit()?;
        let most = benefit.most(self.benefit_period)?.to_string();
        Some((serde_json::to_string(&benefit).ok()?, most.parse().ok()?))
    }

    fn covers(&self, day: NaiveDate) -> bool {
        self.effective_from <= day && self.effective_to.is_none_or(|last| day <= last)
    }
}

/// All programs of a sandbox of that day. The rules of BLT are made for each year: for those that no regulation is known
/// of yet, up to the one after the sandbox's, an example goes on with the last.
///
/// # Errors
/// None that a release can show: a test reads the files.
pub(super) fn all(as_of: NaiveDate) -> Result<Vec<Program>> {
    let mut programs = Vec::new();
    for (text, is_local) in [(STATE_PROGRAMS, false), (LOCAL, true)] {
        let file: File = serde_json::from_str(text).map_err(Error::internal)?;
        for Entry { program: head, rule_sets } in file.programs {
            let place = (1..).zip(NUMBERS).find(|(_, code)| *code == head.code);
            // What only a later release of the state's programs has is none of the sandbox's.
            let Some((number, _)) = place else { continue };
            programs.push(Program { number, head, is_local, rule_sets });
        }
    }
    let blt = programs.iter_mut().find(|program| program.number == BLT);
    if let Some(blt) = blt {
        go_on(&mut blt.rule_sets, as_of.year() + 1);
    }
    Ok(programs)
}

/// Adds an example of a rule set for each year up to one.
fn go_on(rule_sets: &mut Vec<RuleSet>, last_year: i32) {
    while let Some(last) = rule_sets.last()
        && let Some(year) = last.effective_to.map(|day| day.year() + 1).filter(|year| *year <= last_year)
    {
        let day = |month, day| NaiveDate::from_ymd_opt(year, month, day);
        let legal_basis = LegalBasis {
            title: format!("Fokus Penggunaan Dana Desa Tahun {year} (contoh)"),
            number: format!("CONTOH/{year}"),
            article: None,
        };
        let effective_from = day(1, 1).unwrap_or(last.effective_from);
        let next = RuleSet { legal_basis, effective_from, effective_to: day(12, 31), ..last.clone() };
        rule_sets.push(next);
    }
}

/// Number of the rule set of BLT that is in force on a day.
pub(super) fn blt_rules(programs: &[Program], day: NaiveDate) -> u8 {
    let blt = programs.iter().find(|program| program.number == BLT);
    let mut numbered = (1..).zip(blt.map_or(&[][..], |blt| &blt.rule_sets));
    numbered.find(|(_, rules)| rules.covers(day)).map_or(1, |(number, _)| number)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::programs::eligibility::{Expression, MemberCondition};

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn every_rule_is_one_that_an_officer_could_enter() {
        let programs = all(day("2026-10-01")).unwrap();
        assert_eq!(programs.iter().map(|one| one.head.code.as_str()).collect::<Vec<_>>(), NUMBERS);
        for rules in programs.iter().flat_map(|program| &program.rule_sets) {
            assert!(Expression::parse(&rules.eligibility).is_ok(), "{}", rules.eligibility);
            assert!(rules.gives().is_some_and(|(_, most)| most > 0), "{rules:?}");
            assert!(rules.effective_to.is_none_or(|last| last > rules.effective_from), "{rules:?}");
            for condition in rules.benefit().unwrap().conditions() {
                assert!(MemberCondition::parse(condition).is_ok(), "{condition}");
            }
        }
    }

    #[test]
    fn blt_has_rules_in_every_year_of_a_sandbox_and_in_the_next() {
        for as_of in ["2026-10-01", "2027-01-01", "2028-01-01", "2035-07-01"].map(day) {
            let programs = all(as_of).unwrap();
            let rule_sets = &programs.iter().find(|one| one.number == BLT).unwrap().rule_sets;
            for day in [as_of, as_of.with_year(as_of.year() + 1).unwrap()] {
                let number = blt_rules(&programs, day);
                assert!(rule_sets[usize::from(number) - 1].covers(day), "{day}");
                let is_example = rule_sets[usize::from(number) - 1].legal_basis.number.starts_with("CONTOH/");
                assert_eq!(is_example, day.year() > 2026, "{day}");
            }
        }
    }
}
