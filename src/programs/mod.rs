//! Aid programs: what they give, to whom, by which rules.

pub mod eligibility;
