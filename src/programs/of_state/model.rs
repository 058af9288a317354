//! Files of the state's programs, and what loading one came to.

use chrono::NaiveDate;
use serde::Deserialize;
use serde_json::Value;

use crate::beneficiaries::AttributeSubject;
use crate::domain::{ProgramId, Text};
use crate::error::Fault;
use crate::programs::model::NewProgram;
use crate::programs::overlap_rules::{NewOverlapRule, OverlapKind};
use crate::programs::rule_sets::{NewLegalBasis, NewRuleSet};

/// A file of programs of the state.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StateFile {
    /// Attributes that the rules ask for: sub-districts that record them register them by such a schema.
    #[serde(default)]
    pub(super) attribute_schemas: Vec<AskedSchema>,
    pub(super) programs: Vec<StateProgram>,
    #[serde(default)]
    pub(super) overlap_rules: Vec<StateOverlapRule>,
}

/// Attributes that rules may name, as a body of `register_attribute_schema` tells them.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AskedSchema {
    pub(super) subject: AttributeSubject,
    pub(super) definition: Value,
}

/// A program with its rule sets, each as the body that an officer would send.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct StateProgram {
    pub(super) program: NewProgram,
    #[serde(default)]
    pub(super) rule_sets: Vec<NewRuleSet>,
}

/// The body of an overlap rule, with programs by their codes.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct StateOverlapRule {
    pub(super) code: Text<32>,
    kind: OverlapKind,
    programs: Vec<Text<32>>,
    #[serde(default)]
    excluded_programs: Vec<Text<32>>,
    most: Option<i16>,
    legal_basis: NewLegalBasis,
    effective_from: NaiveDate,
    effective_to: Option<NaiveDate>,
}

impl StateFile {
    /// Reads a file.
    ///
    /// # Errors
    /// Where it stops being one.
    pub fn parse(text: &str) -> Result<Self, Misfit> {
        let mut json = serde_json::Deserializer::from_str(text);
        let read = serde_path_to_error::deserialize(&mut json);
        let read = read.map_err(|error| Misfit { place: error.path().to_string(), why: error.inner().to_string() })?;
        json.end().map_err(|error| Misfit::new(".", error.to_string()))?;
        Ok(read)
    }
}

impl StateOverlapRule {
    /// The codes of the programs of both sides, with the name of each side.
    pub(super) fn sides(&self) -> [(&'static str, &[Text<32>]); 2] {
        [("programs", &self.programs), ("excluded_programs", &self.excluded_programs)]
    }

    /// The rule as the API takes it.
    pub(super) fn with(&self, [program_ids, excluded_program_ids]: [Vec<ProgramId>; 2]) -> NewOverlapRule {
        NewOverlapRule {
            code: self.code.clone(),
            kind: self.kind,
            program_ids,
            excluded_program_ids,
            most: self.most,
            legal_basis: self.legal_basis.clone(),
            effective_from: self.effective_from,
            effective_to: self.effective_to,
            district_code: None,
        }
    }
}

/// How much of a file was new.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct LoadedState {
    /// Programs that were not there.
    pub programs: u32,
    /// Programs that got another name or description.
    pub renamed: u32,
    /// Rule sets that were not there.
    pub rule_sets: u32,
    /// Overlap rules that were not there.
    pub overlap_rules: u32,
    /// Overlap rules that got their last day.
    pub ended: u32,
}

/// What keeps a file from being loaded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Misfit {
    /// Where in the file: a pointer, or the path to it.
    pub place: String,
    /// Why.
    pub why: String,
}

impl Misfit {
    pub(super) fn new(place: impl Into<String>, why: impl Into<String>) -> Self {
        Self { place: place.into(), why: why.into() }
    }

    /// A fault as the API would tell it, of a part of the file.
    pub(super) fn of(part: &str, fault: &Fault) -> Self {
        let told = fault.detail.clone().unwrap_or_else(|| fault.code.title(false).to_owned());
        Self::new(format!("{part}{}", fault.pointer), format!("{}: {told}", fault.code.as_str()))
    }
}

impl std::fmt::Display for Misfit {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.place, self.why)
    }
}

impl std::error::Error for Misfit {}

/// Everything that keeps a file from being loaded.
#[derive(Debug)]
pub struct Misfits(pub Vec<Misfit>);

impl std::fmt::Display for Misfits {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.iter().try_for_each(|misfit| write!(f, "\n  {misfit}"))
    }
}

impl std::error::Error for Misfits {}
