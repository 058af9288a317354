//! Programs as rows, requests and answers.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::domain::{Caller, DistrictCode, Name, Note, ProgramId, Text, text_enum};
use crate::error::{Code, Result};
use crate::http::{ByCreation, given};
use crate::schema::programs;

text_enum! {
    /// What a program gives.
    ProgramKind {
        /// Money, counted in whole rupiah.
        Money "money",
        /// Goods, such as rice.
        Goods "goods",
        /// Tools and machines, counted in whole units.
        Equipment "equipment",
        /// Seats in a training, counted in whole units.
        Training "training",
        /// A service.
        Service "service",
    }
}

impl ProgramKind {
    /// True where half a unit means nothing.
    #[must_use]
    pub fn counts_whole_units(self) -> bool {
        matches!(self, Self::Money | Self::Equipment | Self::Training)
    }

    /// Digits after the point that a part of a quantity is rounded to.
    #[must_use]
    pub fn digits(self) -> u8 {
        if self.counts_whole_units() { 0 } else { 3 }
    }
}

/// An aid program, of the state or of a sub-district.
#[derive(Debug, Clone, Serialize, ToSchema, HasQuery)]
pub struct Program {
    /// Id of the program
    pub id: ProgramId,
    /// Short name, used in rules
    #[schema(example = "RICE", max_length = 32, pattern = "^[A-Z0-9][A-Z0-9-]{1,31}$")]
    pub code: String,
    /// Name
    #[schema(max_length = 120)]
    pub name: String,
    /// What it gives
    pub kind: ProgramKind,
    /// What is counted: IDR, kg, unit, seat
    #[schema(example = "kg", max_length = 20)]
    pub unit: String,
    /// What it is for
    #[schema(max_length = 2000)]
    pub description: String,
    /// Defined by the state, so that only it may change it
    #[diesel(select_expression = programs::owner_area_id.is_null())]
    pub is_of_state: bool,
    /// Grows with each change; the `ETag`
    #[schema(minimum = 1, maximum = 2_147_483_647)]
    pub version: i32,
    /// When it was defined
    pub created_at: DateTime<Utc>,
    /// When it last changed
    pub updated_at: DateTime<Utc>,
    /// Sub-district that defined it
    #[serde(skip)]
    pub owner_area_id: Option<i32>,
}

impl Program {
    /// True where families of a sub-district can be on it.
    #[must_use]
    pub fn serves(&self, area_id: i32) -> bool {
        self.owner_area_id.is_none_or(|owner| owner == area_id)
    }

    /// Refuses a caller whose sub-districts did not define the program; those of the state the operator loads.
    ///
    /// # Errors
    /// `program_not_yours`.
    pub(super) fn owned_by(&self, caller: &Caller) -> Result<()> {
        let is_own = self.owner_area_id.is_some_and(|area_id| caller.scope.has_area(area_id));
        if is_own { Ok(()) } else { Err(Code::ProgramNotYours.into()) }
    }
}

/// A program to define.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "code": "BERAS-TAMBAHAN", "name": "Bantuan beras tambahan", "kind": "goods", "unit": "kg",
    "description": "Rice of the sub-district for poor families that no program of the state reaches."
}))]
pub(super) struct NewProgram {
    /// Short name, used in rules; yours alone in your sub-district
    #[schema(value_type = String, min_length = 2, max_length = 32, pattern = "^[A-Z0-9][A-Z0-9-]{1,31}$")]
    pub(super) code: Text<32>,
    /// Name
    pub(super) name: Name,
    /// What it gives
    pub(super) kind: ProgramKind,
    /// What is counted: `IDR` for money, else `kg`, `unit`, `seat` or the like
    pub(super) unit: Text<20>,
    /// What it is for
    pub(super) description: Note,
    /// Sub-district that defines it; only where you act in several
    pub(super) district_code: Option<DistrictCode>,
}

/// Changes of a program. Code, kind and unit stay: what is due was written down in them.
#[derive(Debug, Clone, Deserialize, ToSchema, AsChangeset)]
#[diesel(table_name = programs)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "description": "Rice of the sub-district, each month of 2027." }))]
pub(super) struct ProgramChanges {
    /// Name
    #[serde(default, deserialize_with = "given")]
    #[schema(nullable = false)]
    pub(super) name: Option<Name>,
    /// What it is for
    #[serde(default, deserialize_with = "given")]
    #[schema(nullable = false)]
    pub(super) description: Option<Note>,
}

/// Which programs.
#[derive(Debug, Deserialize, Serialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct ProgramFilter {
    /// Programs that give this
    #[param(inline)]
    pub(super) kind: Option<ProgramKind>,
    /// Programs of the state, or those of your sub-district
    pub(super) is_of_state: Option<bool>,
    /// In which order
    #[param(inline, default = "created_at")]
    pub(super) sort: Option<ByCreation>,
}
