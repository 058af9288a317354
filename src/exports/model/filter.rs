//! Which rows of a list: one filter of all lists, of which each takes some.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::beneficiaries::{Finding, WarningCode};
use crate::domain::{
    BeneficiaryId, CompanyId, DuplicateRunId, EntitlementId, MemberId, Period, ProgramId, Text, VerificationRoundId,
    VillageCode, VisitId,
};
use crate::needs::AidField;

/// Which rows of a list; each list takes some of these and refuses the others.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "village_code": "64.02.10.2004", "decile_max": 4 }))]
pub struct ExportFilter {
    /// Of families that live in this village now, or did at `as_of`; every list but stock and change requests. Handovers
    /// of pledged aid by the village of the allocation, reserves and replacements by the
    /// village of the place, realisations and follow-ups by that of the families that got it, equipment by that of its
    /// custody, trainings by where they are held, complaints by that of who complains, lists of rounds by where the family
    /// lived when the list froze, pairs by either of the two
    #[serde(skip_serializing_if = "Option::is_none")]
    pub village_code: Option<VillageCode>,
    /// With this status, one of those that the list knows; members by the status of their family; of
    /// families, members, enrollments, needs, reserves, equipment, trainings, meetings, complaints, change requests and
    /// pairs
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, max_length = 20, pattern = "^[a-z_]+$", example = "live")]
    pub status: Option<Text<20>>,
    /// Of families ranked at most so, 1 poorest; beneficiaries and members
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 1, maximum = 10)]
    pub decile_max: Option<i16>,
    /// Of families confirmed by an officer, or not; beneficiaries and members
    #[serde(skip_serializing_if = "Option::is_none")]
    pub is_verified: Option<bool>,
    /// Of this family; every list but beneficiaries, replacements, realisations, checks, trainings, meetings, stock,
    /// warnings and lists of rounds
    #[serde(skip_serializing_if = "Option::is_none")]
    pub beneficiary_id: Option<BeneficiaryId>,
    /// On this day or later; handovers of pledged aid, replacements, checks of equipment, lots, movements, trainings,
    /// certificates, follow-ups, visits, meetings and complaints
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<NaiveDate>,
    /// On this day or before; the same lists
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<NaiveDate>,
    /// Of this program; enrollments, entitlements, deliveries, reserves, replacements, equipment, lots, trainings, follow-ups, meetings and
    /// complaints
    #[serde(skip_serializing_if = "Option::is_none")]
    pub program_id: Option<ProgramId>,
    /// Of this entitlement; deliveries
    #[serde(skip_serializing_if = "Option::is_none")]
    pub entitlement_id: Option<EntitlementId>,
    /// Of this period; entitlements, deliveries and ranks
    #[serde(skip_serializing_if = "Option::is_none")]
    pub period: Option<Period>,
    /// Of this kind of help; needs, equipment and trainings, and movements by their own kinds
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, max_length = 40, pattern = "^[a-z][a-z0-9_]*$", example = "hand_tractor")]
    pub kind: Option<Text<40>>,
    /// Of pledges for this year; realisations and handovers of pledged aid
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 2020, maximum = 2100)]
    pub year: Option<i16>,
    /// Of pledges of this company; realisations, handovers of pledged aid and trainings
    #[serde(skip_serializing_if = "Option::is_none")]
    pub company_id: Option<CompanyId>,
    /// Of this field; realisations
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<AidField>,
    /// By this source; ranks
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, max_length = 40, example = "DTSEN")]
    pub source: Option<Text<40>>,
    /// Of this kind; warnings
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<WarningCode>,
    /// On the list of this verification round; lists of rounds
    #[serde(skip_serializing_if = "Option::is_none")]
    pub round_id: Option<VerificationRoundId>,
    /// That this client is to visit; lists of rounds
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, max_length = 63, example = "sandbox-puskesos")]
    pub assigned_to: Option<Text<63>>,
    /// That were visited, or that were not; lists of rounds
    #[serde(skip_serializing_if = "Option::is_none")]
    pub is_visited: Option<bool>,
    /// About this member; change requests
    #[serde(skip_serializing_if = "Option::is_none")]
    pub member_id: Option<MemberId>,
    /// That this visit made; change requests
    #[serde(skip_serializing_if = "Option::is_none")]
    pub visit_id: Option<VisitId>,
    /// That comparing told so; pairs
    #[serde(skip_serializing_if = "Option::is_none")]
    pub finding: Option<Finding>,
    /// That this run was the last to tell of; pairs
    #[serde(skip_serializing_if = "Option::is_none")]
    pub run_id: Option<DuplicateRunId>,
}

impl ExportFilter {
    /// What was given, by its name, as text that the statement reads.
    pub(in crate::exports) fn given(&self) -> Vec<(&'static str, String)> {
        fn text<T: ToString>(name: &'static str, value: Option<&T>) -> Option<(&'static str, String)> {
            value.map(|value| (name, value.to_string()))
        }
        let period = self.period.map(Period::first_day);
        let all = [
            text("village_code", self.village_code.as_ref()),
            text("status", self.status.as_ref()),
            text("decile_max", self.decile_max.as_ref()),
            text("is_verified", self.is_verified.as_ref()),
            text("beneficiary_id", self.beneficiary_id.as_ref()),
            text("from", self.from.as_ref()),
            text("to", self.to.as_ref()),
            text("program_id", self.program_id.as_ref()),
            text("entitlement_id", self.entitlement_id.as_ref()),
            text("period", period.as_ref()),
            text("kind", self.kind.as_ref()),
            text("year", self.year.as_ref()),
            text("company_id", self.company_id.as_ref()),
            text("field", self.field.map(AidField::as_str).as_ref()),
            text("source", self.source.as_ref()),
            text("code", self.code.map(WarningCode::as_str).as_ref()),
            text("round_id", self.round_id.as_ref()),
            text("assigned_to", self.assigned_to.as_ref()),
            text("is_visited", self.is_visited.as_ref()),
            text("member_id", self.member_id.as_ref()),
            text("visit_id", self.visit_id.as_ref()),
            text("finding", self.finding.map(Finding::as_str).as_ref()),
            text("run_id", self.run_id.as_ref()),
        ];
        all.into_iter().flatten().collect()
    }
}
