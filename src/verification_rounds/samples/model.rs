//! Samples and estimates, as requests and answers.

use diesel::prelude::*;
use diesel::sql_types::{Integer, Text};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::domain::{ProgramId, VerificationRoundId, VillageCode};

/// A random sample of the families that the rule says yes to.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::verification_rounds) struct NewSample {
    /// Program whose targeting is measured
    pub(in crate::verification_rounds) program_id: ProgramId,
    /// Families to draw; this or `margin_percent`
    #[schema(minimum = 2, maximum = 100_000)]
    pub(in crate::verification_rounds) size: Option<i32>,
    /// Half the width that a 95 % interval may have, in points of a hundred; the size follows from it
    #[schema(minimum = 1, maximum = 50)]
    pub(in crate::verification_rounds) margin_percent: Option<i32>,
    /// What to draw by; made where left out, told in either case
    #[schema(minimum = 0, maximum = 2_147_483_647)]
    pub(in crate::verification_rounds) seed: Option<i32>,
}

/// A village in a sample.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Stratum {
    /// Village
    pub village_code: VillageCode,
    /// Families that the rule said yes to
    #[schema(minimum = 0, maximum = 2_147_483_647)]
    pub population: i32,
    /// Of them, drawn
    #[schema(minimum = 0, maximum = 2_147_483_647)]
    pub drawn: i32,
}

/// A sample that was shared out.
#[derive(Debug, Clone)]
pub(in crate::verification_rounds) struct Drawn {
    pub(in crate::verification_rounds) program_id: ProgramId,
    pub(in crate::verification_rounds) seed: i32,
    pub(in crate::verification_rounds) strata: Vec<Stratum>,
}

/// What the visits of a sample found in a village.
#[derive(Debug, Clone, Serialize, ToSchema, QueryableByName)]
pub(super) struct VillageCells {
    /// Village
    #[diesel(sql_type = Text)]
    pub(super) village_code: VillageCode,
    /// Families on the program and poor
    #[diesel(sql_type = Integer)]
    #[schema(minimum = 0, maximum = 2_147_483_647)]
    pub(super) aided_poor: i32,
    /// Families on the program and not poor
    #[diesel(sql_type = Integer)]
    #[schema(minimum = 0, maximum = 2_147_483_647)]
    pub(super) aided_not_poor: i32,
    /// Families not on the program and poor
    #[diesel(sql_type = Integer)]
    #[schema(minimum = 0, maximum = 2_147_483_647)]
    pub(super) unaided_poor: i32,
    /// Families not on the program and not poor
    #[diesel(sql_type = Integer)]
    #[schema(minimum = 0, maximum = 2_147_483_647)]
    pub(super) unaided_not_poor: i32,
}

impl VillageCells {
    /// Families whose visit told whether they are poor.
    pub(super) fn answered(&self) -> i32 {
        self.aided_poor + self.aided_not_poor + self.unaided_poor + self.unaided_not_poor
    }
}

/// A share with its 95 % confidence interval.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, ToSchema)]
pub(super) struct Estimate {
    /// The share, 0 to 1
    #[schema(minimum = 0, maximum = 1, example = 0.12)]
    pub(super) rate: f64,
    /// Lower end of the interval
    #[schema(minimum = 0, maximum = 1, example = 0.08)]
    pub(super) low: f64,
    /// Upper end of the interval
    #[schema(minimum = 0, maximum = 1, example = 0.17)]
    pub(super) high: f64,
    /// Visited families that it rests on: those on the program, or the poor ones
    #[schema(minimum = 1, maximum = 2_147_483_647)]
    pub(super) families: i32,
}

/// What a sample says of a program's targeting.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct TargetingError {
    /// Round
    pub(super) round_id: VerificationRoundId,
    /// Program
    pub(super) program_id: ProgramId,
    /// What the sample was drawn by
    #[schema(minimum = 0, maximum = 2_147_483_647)]
    pub(super) seed: i32,
    /// Families drawn
    #[schema(minimum = 0, maximum = 2_147_483_647)]
    pub(super) drawn: i32,
    /// Of them, those whose visit told whether they are poor; the others are taken to be like them, village by
    /// village; a village without any like all others, which widens the interval
    #[schema(minimum = 0, maximum = 2_147_483_647)]
    pub(super) answered: i32,
    /// Of the families on the program, the share that is not poor; null before one was seen
    pub(super) inclusion_error: Option<Estimate>,
    /// Of the poor families, the share that is not on the program; null before one was seen
    pub(super) exclusion_error: Option<Estimate>,
    /// Villages of the sample when the list froze
    #[schema(max_items = 300)]
    pub(super) strata: Vec<Stratum>,
    /// What the visits found, by village
    #[schema(max_items = 300)]
    pub(super) villages: Vec<VillageCells>,
}
