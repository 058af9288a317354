//! Routes of estimates.

use actix_web::get;
use actix_web::web::{Data, Json};

use super::model::TargetingError;
use super::{queries, rules};
use crate::auth::{Allowed, ReadVerification};
use crate::db::Db;
use crate::domain::VerificationRoundId;
use crate::error::{Code, Result};
use crate::http::{Id, Routes};
use crate::verification_rounds::queries as rounds;

/// Get the targeting error of a sample
///
/// Inclusion error is the share of families on the program that are not poor, exclusion error the share of poor
/// families that are not on it, each with a 95 % confidence interval: a combined ratio over the villages with finite
/// population correction, its interval Wilson's. Whoever knows the seed draws the same sample again: of each village
/// the families whose `sha256(seed:id)` is smallest.
#[utoipa::path(
    tag = "verification", params(("id" = VerificationRoundId, Path, description = "Id of the round")),
    security(("oauth2" = ["verification:read"])), responses((status = 200, body = TargetingError)),
)]
#[get("/v1/verification-rounds/{id}/targeting-error")]
async fn get_targeting_error(
    caller: Allowed<ReadVerification>,
    db: Data<Db>,
    id: Id<VerificationRoundId>,
) -> Result<Json<TargetingError>> {
    let conn = db.read(&caller.scope).await?;
    let round = rounds::find(&conn, &caller.scope, id.0).await?.ok_or(Code::NotFound)?;
    let villages = queries::cells(&conn, &round).await?;
    let (Some(program_id), Some(seed), Some(strata)) = (round.program_id, round.seed, round.strata) else {
        return Err(Code::RoundNoSample.into());
    };
    Ok(Json(TargetingError {
        round_id: round.id,
        program_id,
        seed,
        drawn: round.task_count,
        answered: villages.iter().map(super::model::VillageCells::answered).sum(),
        inclusion_error: rules::inclusion_error(&strata.0, &villages),
        exclusion_error: rules::exclusion_error(&strata.0, &villages),
        strata: strata.0,
        villages,
    }))
}

/// Registers the routes.
pub(in crate::verification_rounds) fn routes(config: &mut Routes<'_, '_>) {
    config.service(get_targeting_error);
}
