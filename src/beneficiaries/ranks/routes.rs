//! Routes of ranks.

use actix_web::web::Data;
use actix_web::{HttpResponse, get, post};

use super::model::{RankFilter, WelfareRank};
use super::{actions, disagreements, imports, queries};
use crate::audit::{Read, ReadLog};
use crate::auth::{Allowed, ReadBeneficiaries, WriteBeneficiaries};
use crate::beneficiaries::model::NewRank;
use crate::beneficiaries::queries as families;
use crate::db::Db;
use crate::domain::BeneficiaryId;
use crate::error::{Code, Result};
use crate::http::{Answer, AsOf, CursorKey, Id, List, Once, Page, Routes};
use crate::keys::Keys;

/// List the welfare ranks of a family
///
/// Each as its source gave it for a period, the latest period first. With `as_of`, those that were recorded by then.
#[utoipa::path(
    tag = "welfare-ranks", params(("id" = BeneficiaryId, Path, description = "Id of the family"), RankFilter),
    security(("oauth2" = ["beneficiaries:read"])), responses((status = 200, body = Page<WelfareRank>)),
)]
#[get("/v1/beneficiaries/{id}/ranks")]
async fn list_ranks(
    caller: Allowed<ReadBeneficiaries>,
    (db, keys): (Data<Db>, Data<Keys>),
    reads: Data<ReadLog>,
    (id, list): (Id<BeneficiaryId>, List<RankFilter, WelfareRank>),
) -> Result<Page<WelfareRank>> {
    let (scope, filter) = (&caller.scope, &list.filter);
    let cursors = CursorKey::new(&keys.cursors, "list_ranks", &caller.client_id, &(id.0, filter))?;
    let after = cursors.read(list.cursor.as_ref())?;
    let conn = db.read(scope).await?;
    let family = match filter.as_of {
        None => families::find(&conn, scope, id.0).await?,
        Some(AsOf(at)) => families::find_as_of(&conn, scope, id.0, at).await?,
    };
    family.ok_or(Code::NotFound)?;
    let rows = queries::list(&conn, scope, id.0, filter, (list.limit, after)).await?;
    let total = list.total(queries::count(&conn, scope, id.0, filter)).await?;
    let page = list.page((rows, total), &cursors, |rank| (rank.period, rank.source.clone()))?;
    reads.record(Read::new(&caller, "list_ranks", "welfare_ranks", Some(id.0.0)).of(page.items.len())).await;
    Ok(page)
}

/// Record a welfare rank of a family
///
/// As a source gave it, for a period. A series is never overwritten: the same source and period with another decile
/// is refused with `rank_differs`; with the same decile it changes nothing and answers 200. The rank of the latest
/// period is the `decile` of the family.
#[utoipa::path(
    tag = "welfare-ranks", request_body = NewRank,
    params(
        ("id" = BeneficiaryId, Path, description = "Id of the family"),
        ("Idempotency-Key" = String, Header),
    ),
    security(("oauth2" = ["beneficiaries:write"])),
    responses((status = 200, body = WelfareRank), (status = 201, body = WelfareRank)),
)]
#[post("/v1/beneficiaries/{id}/ranks")]
async fn record_rank(
    caller: Allowed<WriteBeneficiaries>,
    db: Data<Db>,
    id: Id<BeneficiaryId>,
    command: Once<NewRank>,
) -> Result<HttpResponse> {
    command
        .run(&db, &caller, async |conn, new| {
            let recorded = actions::record(conn, &caller, id.0, new).await?;
            if recorded.is_new {
                return Answer::created(format!("/v1/beneficiaries/{}/ranks", id.0), &recorded.rank);
            }
            Answer::ok(&recorded.rank)
        })
        .await
}

/// Registers the routes.
pub(in crate::beneficiaries) fn routes(config: &mut Routes<'_, '_>) {
    config.service(list_ranks).service(record_rank).configure(disagreements::routes).configure(imports::routes);
}
