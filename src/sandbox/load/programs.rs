//! Programs of the sandbox with their rules by date: data, as any officer could have entered it.
//!
//! Amounts and conditions are those that the sources give (see the legal basis of each); where
//! sources differ, one reading is taken, for a rule set is a parameter and not a constant.

/// A program with its rule sets.
#[derive(Debug)]
pub(super) struct Program {
    /// Number in the sandbox; ids are made from it.
    pub(super) number: u8,
    pub(super) code: &'static str,
    pub(super) name: &'static str,
    pub(super) kind: &'static str,
    pub(super) unit: &'static str,
    pub(super) description: &'static str,
    /// Defined by the sub-district itself, not by the state.
    pub(super) is_local: bool,
    pub(super) rule_sets: &'static [RuleSet],
}

/// Rules of a program between two days.
#[derive(Debug)]
pub(super) struct RuleSet {
    pub(super) eligibility: &'static str,
    /// The most that a family gets, where that goes by members.
    pub(super) quantity: u32,
    /// As JSON, where it is not the same for every family.
    pub(super) benefit: Option<&'static str>,
    pub(super) period: &'static str,
    /// Title, number and article.
    pub(super) basis: (&'static str, &'static str, Option<&'static str>),
    /// First and last day, as ISO dates.
    pub(super) effective: (&'static str, Option<&'static str>),
}

pub(super) const RICE: u8 = 1;
pub(super) const BLT: u8 = 2;
pub(super) const PKH: u8 = 3;
/// Local rice, on which officers try what they may do to a program.
pub(super) const EXTRA_RICE: u8 = 7;

/// Rule sets in force, by their numbers.
pub(super) const RICE_RULES: u8 = 2;
pub(super) const BLT_RULES: u8 = 4;
pub(super) const PKH_RULES: u8 = 1;

const DTSEN: (&str, &str, Option<&str>) = ("Data Tunggal Sosial dan Ekonomi Nasional", "Inpres 4/2025", None);
const RESERVE: (&str, &str, Option<&str>) = ("Penyelenggaraan Cadangan Pangan Pemerintah", "Perpres 125/2022", None);
const TJSL: (&str, &str, Option<&str>) =
    ("Tanggung Jawab Sosial dan Lingkungan Perusahaan", "Perda Kutai Kartanegara 10/2013", None);

/// The poorest first, which is the order of a run of enrollments; whoever else falls under a criterion comes after them.
const POOREST_OR_HARDSHIP: &str = "family.decile <= 4 || members.exists(m, m.has_disability) \
    || (family.member_count == 1 && head.age >= 60)";
/// Somebody who can take up a trade.
const WORKING_AGE: &str = "family.decile <= 5 && members.exists(m, m.age >= 17 && m.age <= 40 && !m.in_school)";

const RURAL_HARDSHIP: &str = "!(\"PKH\" in family.programs) && (members.exists(m, m.has_disability) \
    || (family.member_count == 1 && head.age >= 60) || (head.sex == \"female\" && family.decile <= 2))";

/// All programs of the sandbox.
pub(super) const PROGRAMS: &[Program] = &[
    Program {
        number: RICE,
        code: "RICE",
        name: "Bantuan pangan beras",
        kind: "goods",
        unit: "kg",
        description: "Rice from the government reserve, 10 kg a family and month when it is assigned.",
        is_local: false,
        rule_sets: &[
            RuleSet {
                eligibility: "family.decile <= 4",
                quantity: 20,
                benefit: None,
                period: "once",
                basis: RESERVE,
                effective: ("2025-06-01", Some("2025-07-31")),
            },
            RuleSet {
                eligibility: "family.decile <= 4",
                quantity: 10,
                benefit: None,
                period: "month",
                basis: RESERVE,
                effective: ("2026-01-01", None),
            },
        ],
    },
    Program {
        number: BLT,
        code: "BLT-DD",
        name: "BLT Dana Desa",
        kind: "money",
        unit: "IDR",
        description: "Cash from the village fund, fixed by a village meeting; its rules change each year.",
        is_local: false,
        rule_sets: &[
            RuleSet {
                eligibility: POOREST_OR_HARDSHIP,
                quantity: 300_000,
                benefit: None,
                period: "month",
                basis: ("Pengelolaan Dana Desa", "PMK 201/PMK.07/2022", None),
                effective: ("2023-01-01", Some("2023-12-31")),
            },
            RuleSet {
                eligibility: RURAL_HARDSHIP,
                quantity: 300_000,
                benefit: None,
                period: "month",
                basis: (
                    "Petunjuk Operasional atas Fokus Penggunaan Dana Desa Tahun 2024",
                    "Permendesa 13/2023",
                    Some("3"),
                ),
                effective: ("2024-01-01", Some("2024-12-31")),
            },
            RuleSet {
                eligibility: RURAL_HARDSHIP,
                quantity: 300_000,
                benefit: None,
                period: "month",
                basis: ("Petunjuk Operasional atas Fokus Penggunaan Dana Desa Tahun 2025", "Permendesa 2/2024", None),
                effective: ("2025-01-01", Some("2025-12-31")),
            },
            RuleSet {
                eligibility: RURAL_HARDSHIP,
                quantity: 300_000,
                benefit: None,
                period: "month",
                basis: ("Fokus Penggunaan Dana Desa Tahun 2026", "Permendesa 16/2025", None),
                effective: ("2026-01-01", Some("2026-12-31")),
            },
        ],
    },
    Program {
        number: PKH,
        code: "PKH",
        name: "Program Keluarga Harapan",
        kind: "money",
        unit: "IDR",
        description: "State cash for families with a mother, child, pupil, disabled or elderly member, or a victim of \
            gross human-rights violations: a yearly amount for each, at most four a family, in four quarters. The \
            school is told by the age of the pupil; the victim by an attribute of the member.",
        is_local: false,
        rule_sets: &[RuleSet {
            eligibility: "family.decile <= 4 && members.exists(m, m.is_pregnant || m.age <= 6 || m.in_school \
                || m.has_disability || m.age >= 60 \
                || (has(m.attributes.rights_violation_victim) && m.attributes.rights_violation_victim))",
            quantity: 10_800_000,
            benefit: Some(include_str!("pkh_2025.json")),
            period: "quarter",
            basis: DTSEN,
            effective: ("2025-01-01", None),
        }],
    },
    Program {
        number: 4,
        code: "SEMBAKO",
        name: "Program Sembako",
        kind: "money",
        unit: "IDR",
        description: "Monthly food credit of the state.",
        is_local: false,
        rule_sets: &[RuleSet {
            eligibility: "family.decile <= 4",
            quantity: 200_000,
            benefit: None,
            period: "month",
            basis: DTSEN,
            effective: ("2025-01-01", None),
        }],
    },
    Program {
        number: 5,
        code: "FARM-TOOLS",
        name: "Bantuan alat pertanian",
        kind: "equipment",
        unit: "unit",
        description: "Farm tools that companies give, so that families earn for themselves.",
        is_local: true,
        rule_sets: &[RuleSet {
            eligibility: "family.verified && family.decile <= 5",
            quantity: 1,
            benefit: None,
            period: "once",
            basis: TJSL,
            effective: ("2026-01-01", None),
        }],
    },
    Program {
        number: 6,
        code: "TRAINING",
        name: "Pelatihan keterampilan",
        kind: "training",
        unit: "seat",
        description: "Seats in skills courses that companies give, for those between 17 and 40 out of school.",
        is_local: true,
        rule_sets: &[RuleSet {
            eligibility: WORKING_AGE,
            quantity: 1,
            benefit: None,
            period: "once",
            basis: TJSL,
            effective: ("2026-01-01", None),
        }],
    },
    Program {
        number: EXTRA_RICE,
        code: "RICE-EXTRA",
        name: "Beras tambahan kecamatan",
        kind: "goods",
        unit: "kg",
        description: "Rice of the sub-district for poor families; here to be changed, enrolled in and suspended.",
        is_local: true,
        rule_sets: &[RuleSet {
            eligibility: "family.decile <= 3",
            quantity: 5,
            benefit: None,
            period: "month",
            basis: RESERVE,
            effective: ("2026-01-01", None),
        }],
    },
    Program {
        number: 8,
        code: "OIL-PALM-TOOLS",
        name: "Bantuan alat panen kelapa sawit",
        kind: "equipment",
        unit: "unit",
        description: "Harvesting poles, chisels and barrows for families that tend oil palms of their own.",
        is_local: true,
        rule_sets: &[RuleSet {
            eligibility: "family.verified && family.decile <= 5",
            quantity: 1,
            benefit: None,
            period: "once",
            basis: TJSL,
            effective: ("2026-01-01", None),
        }],
    },
    Program {
        number: 9,
        code: "SEWING-TRAINING",
        name: "Pelatihan menjahit",
        kind: "training",
        unit: "seat",
        description: "Seats in sewing courses, for those between 17 and 40 out of school.",
        is_local: true,
        rule_sets: &[RuleSet {
            eligibility: WORKING_AGE,
            quantity: 1,
            benefit: None,
            period: "once",
            basis: TJSL,
            effective: ("2026-01-01", None),
        }],
    },
    Program {
        number: 10,
        code: "REPAIR-TRAINING",
        name: "Pelatihan reparasi motor dan mesin",
        kind: "training",
        unit: "seat",
        description: "Seats in courses on repairing motorcycles and machines, for those between 17 and 40 out of school.",
        is_local: true,
        rule_sets: &[RuleSet {
            eligibility: WORKING_AGE,
            quantity: 1,
            benefit: None,
            period: "once",
            basis: TJSL,
            effective: ("2026-01-01", None),
        }],
    },
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Quantity;
    use crate::programs::BenefitPeriod;
    use crate::programs::benefits::Benefit;
    use crate::programs::eligibility::{Expression, MemberCondition};

    #[test]
    fn every_rule_is_one_that_an_officer_could_enter() {
        for rules in PROGRAMS.iter().flat_map(|program| program.rule_sets) {
            assert!(Expression::parse(rules.eligibility).is_ok(), "{}", rules.eligibility);
            let Some(benefit) = rules.benefit else { continue };
            let (benefit, length): (Benefit, _) =
                (serde_json::from_str(benefit).unwrap(), BenefitPeriod::parse(rules.period).unwrap());
            for condition in benefit.conditions() {
                assert!(MemberCondition::parse(condition).is_ok(), "{condition}");
            }
            assert_eq!(benefit.most(length), Some(Quantity::whole(rules.quantity)));
        }
    }
}
