//! Disclosures as rows, requests and answers.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::domain::{Document, PledgeDisclosureId, PledgeId, PledgeLineId, Rupiah, Text, text_enum};
use crate::http::{ByVersion, Whole};
use crate::schema::pledge_disclosures;

text_enum! {
    /// Main field of a mine's community program (PPM). Source: Kepmen ESDM 1824/2018.
    PpmField {
        /// Education.
        Education "education",
        /// Health.
        Health "health",
        /// Real income, or work.
        RealIncome "real_income",
        /// Economic independence.
        EconomicIndependence "economic_independence",
        /// Social and cultural life.
        SocialAndCulture "social_and_culture",
        /// A part for the community in looking after the environment.
        Environment "environment",
        /// Institutions of the community.
        Institutions "institutions",
        /// Infrastructure.
        Infrastructure "infrastructure",
    }
}

text_enum! {
    /// Why installments were late.
    LateReason {
        /// Buying took longer.
        Procurement "procurement",
        /// Transport took longer.
        Transport "transport",
        /// Rain, flood or drought.
        Weather "weather",
        /// The budget came late or was cut.
        Budget "budget",
        /// Another party was late.
        Partner "partner",
        /// Something else.
        Other "other",
    }
}

text_enum! {
    /// What a company puts in, as B4SI classes it.
    InputClass {
        /// Money.
        Cash "cash",
        /// Time of its staff.
        Time "time",
        /// Goods and services.
        InKind "in_kind",
        /// Cost of running it.
        ManagementCost "management_cost",
    }
}

text_enum! {
    /// Kinds of gifts that may be deducted, never a promise that one is. Source: PP 93/2010, art. 1.
    DeductibleKind {
        /// A national disaster.
        Disaster "disaster",
        /// Research and development.
        Research "research",
        /// Facilities of education.
        EducationFacility "education_facility",
        /// Sport.
        Sport "sport",
        /// Social infrastructure.
        SocialInfrastructure "social_infrastructure",
    }
}

/// What a line counts for in the standards that the company reports by.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct DisclosedLine {
    /// Line of the pledge
    pub(crate) pledge_line_id: PledgeLineId,
    /// SDG targets
    #[serde(default)]
    #[schema(max_items = 10, example = json!(["1.4", "8.3"]))]
    pub(crate) sdg_targets: Vec<Text<5>>,
    /// GRI disclosures
    #[serde(default)]
    #[schema(max_items = 10, example = json!(["203-1", "413-1"]))]
    pub(crate) gri: Vec<Text<7>>,
    /// Items of SEOJK 16/2021, which carries out POJK 51/2017
    #[serde(default)]
    #[schema(max_items = 10, example = json!(["F.25"]))]
    pub(crate) seojk: Vec<Text<5>>,
    /// B4SI class of what is put in
    pub(crate) b4si: Option<InputClass>,
    /// Kind of PP 93/2010, where it is one
    pub(crate) deductible_kind: Option<DeductibleKind>,
}

/// What a company says of a pledge for its reports.
#[derive(Debug, Clone, Serialize, ToSchema, HasQuery, Insertable)]
#[diesel(table_name = pledge_disclosures, treat_none_as_default_value = false)]
pub(crate) struct PledgeDisclosure {
    /// Id of the disclosure
    pub(crate) id: PledgeDisclosureId,
    /// Pledge it is about
    pub(crate) pledge_id: PledgeId,
    /// Place among those of the pledge; the newest counts
    #[schema(minimum = 1, maximum = 2_147_483_647)]
    pub(crate) version: i32,
    /// Site of operation that the pledge belongs to
    pub(crate) operation_site: Option<Text<80>>,
    /// Ring around the site
    #[schema(minimum = 1, maximum = 3)]
    pub(crate) site_ring: Option<i16>,
    /// Field of the community program of a mine
    pub(crate) ppm_field: Option<PpmField>,
    /// Why installments were late
    pub(crate) late_reason: Option<LateReason>,
    /// What it cost to run
    pub(crate) overhead_rupiah: Option<Rupiah>,
    /// What it cost to bring
    pub(crate) transport_rupiah: Option<Rupiah>,
    /// What lines count for
    #[schema(value_type = Vec<DisclosedLine>, max_items = 200)]
    pub(crate) lines: Document<Vec<DisclosedLine>>,
    /// Client of the company that disclosed it
    #[schema(max_length = 63)]
    pub(crate) disclosed_by: String,
    /// When it was disclosed
    pub(crate) created_at: DateTime<Utc>,
}

/// What to disclose of a pledge: all of it, as it replaces what was disclosed before.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "operation_site": "Kebun Contoh Belayan", "site_ring": 1, "overhead_rupiah": 12_000_000,
    "transport_rupiah": 3_500_000, "lines": [
        { "pledge_line_id": "019b7542-7400-7000-8000-0000000000f3", "sdg_targets": ["1.4", "8.3"], "gri": ["203-1"],
          "seojk": ["F.25"], "b4si": "in_kind" }
    ]
}))]
pub(super) struct NewPledgeDisclosure {
    /// Site of operation that the pledge belongs to
    pub(super) operation_site: Option<Text<80>>,
    /// Ring around the site
    #[schema(inline)]
    pub(super) site_ring: Option<Whole<1, 3>>,
    /// Field of the community program of a mine
    pub(super) ppm_field: Option<PpmField>,
    /// Why installments were late
    pub(super) late_reason: Option<LateReason>,
    /// What it cost to run
    pub(super) overhead_rupiah: Option<Rupiah>,
    /// What it cost to bring
    pub(super) transport_rupiah: Option<Rupiah>,
    /// What lines count for, each once
    #[serde(default)]
    #[schema(max_items = 200)]
    pub(super) lines: Vec<DisclosedLine>,
}

/// In which order.
#[derive(Debug, Deserialize, Serialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct PledgeDisclosureFilter {
    /// In which order
    #[param(inline, default = "version")]
    pub(super) sort: Option<ByVersion>,
}
