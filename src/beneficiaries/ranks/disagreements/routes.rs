//! Routes of disagreements between ranks.

use actix_web::get;
use actix_web::web::Data;

use super::model::{DisagreementFilter, DisagreementPlace, RankDisagreement, RankDisagreementCount};
use super::queries;
use crate::audit::{Read, ReadLog};
use crate::auth::{Allowed, ReadBeneficiaries};
use crate::db::Db;
use crate::error::Result;
use crate::http::{CursorKey, List, Page, Routes};
use crate::keys::Keys;

/// List disagreements between welfare ranks
///
/// Live families of your sub-district whose latest ranks by two sources lie apart by at least `min_difference`
/// deciles, by village. What was found in the field stands beside the sources as `field: ` and who found it: the
/// attribute `assessed_decile` of the family.
#[utoipa::path(
    tag = "welfare-ranks", params(DisagreementFilter), security(("oauth2" = ["beneficiaries:read"])),
    responses((status = 200, body = Page<RankDisagreement>)),
)]
#[get("/v1/welfare-ranks/disagreements")]
async fn list_rank_disagreements(
    caller: Allowed<ReadBeneficiaries>,
    (db, keys): (Data<Db>, Data<Keys>),
    reads: Data<ReadLog>,
    list: List<DisagreementFilter, RankDisagreement>,
) -> Result<Page<RankDisagreement>> {
    let (scope, filter) = (&caller.scope, &list.filter);
    let cursors = CursorKey::new(&keys.cursors, "list_rank_disagreements", &caller.client_id, filter)?;
    let after = cursors.read(list.cursor.as_ref())?;
    let conn = db.read(scope).await?;
    let rows = queries::list(&conn, scope, filter, (list.limit, after)).await?;
    let total = list.total(queries::count(&conn, scope, filter)).await?;
    let page = list.page((rows, total), &cursors, |row| DisagreementPlace::from(row))?;
    reads.record(Read::new(&caller, "list_rank_disagreements", "beneficiaries", None).of(page.items.len())).await;
    Ok(page)
}

/// Count disagreements between welfare ranks
///
/// By village and pair of sources: how many families both have ranked, and on how many they lie apart.
#[utoipa::path(
    tag = "welfare-ranks", params(DisagreementFilter), security(("oauth2" = ["beneficiaries:read"])),
    responses((status = 200, body = Page<RankDisagreementCount>)),
)]
#[get("/v1/welfare-ranks/disagreement-counts")]
async fn count_rank_disagreements(
    caller: Allowed<ReadBeneficiaries>,
    (db, keys): (Data<Db>, Data<Keys>),
    list: List<DisagreementFilter, RankDisagreementCount>,
) -> Result<Page<RankDisagreementCount>> {
    let (scope, filter) = (&caller.scope, &list.filter);
    let cursors = CursorKey::new(&keys.cursors, "count_rank_disagreements", &caller.client_id, filter)?;
    let after = cursors.read(list.cursor.as_ref())?;
    let conn = db.read(scope).await?;
    let rows = queries::list_counts(&conn, scope, filter, (list.limit, after)).await?;
    let total = list.total(queries::count_counts(&conn, scope, filter)).await?;
    list.page((rows, total), &cursors, |row| (row.village_code.clone(), row.source.clone(), row.other_source.clone()))
}

/// Registers the routes.
pub(in crate::beneficiaries::ranks) fn routes(config: &mut Routes<'_, '_>) {
    config.service(list_rank_disagreements).service(count_rank_disagreements);
}
