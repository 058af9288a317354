//! Criteria as rows, requests and answers.

use chrono::{DateTime, Months, NaiveDate, Utc};
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::domain::{DistrictCode, GraduationCriteriaId, Text};
use crate::error::{Error, Result};
use crate::http::ByCreation;
use crate::programs::eligibility::Expression;
use crate::schema::graduation_criteria;

/// When a family of a sub-district is ready to stand on its own.
#[derive(Debug, Clone, Serialize, ToSchema, HasQuery)]
#[diesel(table_name = graduation_criteria)]
pub(in crate::graduations) struct Criteria {
    /// Id of the criteria
    pub(in crate::graduations) id: GraduationCriteriaId,
    /// 1 for the first of the sub-district
    #[schema(minimum = 1, maximum = 2_147_483_647)]
    pub(in crate::graduations) number: i32,
    /// Who is ready: an expression over the facts of `/v1/facts`
    #[schema(example = "family.decile >= 5 && family.days_since_visit <= 90", max_length = 4000)]
    pub(in crate::graduations) readiness: String,
    /// How long the sub-district looks after a family that graduated
    #[schema(minimum = 0, maximum = 60)]
    pub(in crate::graduations) after_care_months: i32,
    /// Decree that sets them
    #[schema(max_length = 80)]
    pub(in crate::graduations) decree_number: String,
    /// First day
    pub(in crate::graduations) effective_from: NaiveDate,
    /// Last day, inclusive; null while open
    pub(in crate::graduations) effective_to: Option<NaiveDate>,
    /// Client that set them
    #[schema(max_length = 63)]
    pub(in crate::graduations) created_by: String,
    /// When they were set
    pub(in crate::graduations) created_at: DateTime<Utc>,
}

impl Criteria {
    /// The rule, read.
    ///
    /// # Errors
    /// Where it is no rule, which its check before saving rules out.
    pub(in crate::graduations) fn expression(&self) -> Result<Expression> {
        let parsed = Expression::parse(&self.readiness);
        parsed.map_err(|_| Error::internal(format!("criteria {} have a rule that cannot be read", self.id)))
    }

    /// Last day of the care for a family that graduates then.
    ///
    /// # Errors
    /// Where that lies beyond the calendar.
    pub(in crate::graduations) fn after_care_until(&self, graduated_on: NaiveDate) -> Result<NaiveDate> {
        let months = Months::new(u32::try_from(self.after_care_months).unwrap_or_default());
        graduated_on.checked_add_months(months).ok_or_else(|| Error::internal("the care ends beyond the calendar"))
    }
}

/// Criteria to set.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "readiness": "family.decile >= 6 && family.verified", "after_care_months": 12,
    "decree_number": "140/21/KEP-CAMAT/2026", "effective_from": "2027-01-01"
}))]
pub(super) struct NewCriteria {
    /// Who is ready: an expression over the facts of `/v1/facts`, at most 4,000 characters
    #[schema(min_length = 1, max_length = 4000)]
    pub(super) readiness: String,
    /// How long the sub-district looks after a family that graduated
    #[schema(minimum = 0, maximum = 60)]
    pub(super) after_care_months: i32,
    /// Decree that sets them
    pub(super) decree_number: Text<80>,
    /// First day
    pub(super) effective_from: NaiveDate,
    /// Last day, inclusive; left out while open
    pub(super) effective_to: Option<NaiveDate>,
    /// Sub-district that they are of; only where you act in several
    pub(super) district_code: Option<DistrictCode>,
}

/// Which criteria.
#[derive(Debug, Deserialize, Serialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct CriteriaFilter {
    /// Criteria whose dates cover this day
    pub(super) on: Option<NaiveDate>,
    /// In which order; the newest first is the one that counts first
    #[param(inline, default = "-created_at")]
    pub(super) sort: Option<ByCreation>,
}
