//! Routes of collectors.

use actix_web::web::{Data, Json};
use actix_web::{HttpRequest, HttpResponse, get, post};
use serde::Serialize;
use utoipa::ToSchema;

use super::model::{Collector, NewCollector, NewRevocation};
use super::{actions, queries};
use crate::audit::{Read, ReadLog};
use crate::auth::{Allowed, ReadBeneficiaries, WriteBeneficiaries};
use crate::beneficiaries::queries as families;
use crate::db::Db;
use crate::domain::{BeneficiaryId, CollectorId};
use crate::error::{Code, Result};
use crate::http::{Answer, AsOf, Id, Moment, Once, Query, Routes, not_modified};

/// Who collects for a family and who did, the newest first.
#[derive(Debug, Serialize, ToSchema)]
struct FamilyCollectors {
    /// Collectors, those who have ended as well
    #[schema(max_items = 200)]
    items: Vec<Collector>,
}

/// List the collectors of a family
///
/// Who receives aid for it and who did: members, and alternates with power of attorney, each with its dates. With
/// `as_of`, those that were on record then, as they were.
#[utoipa::path(
    tag = "beneficiaries", params(("id" = BeneficiaryId, Path, description = "Id of the family"), Moment),
    security(("oauth2" = ["beneficiaries:read"])), responses((status = 200, body = FamilyCollectors)),
)]
#[get("/v1/beneficiaries/{id}/collectors")]
async fn list_collectors(
    caller: Allowed<ReadBeneficiaries>,
    db: Data<Db>,
    reads: Data<ReadLog>,
    (id, moment): (Id<BeneficiaryId>, Query<Moment>),
) -> Result<Json<FamilyCollectors>> {
    let scope = &caller.scope;
    let conn = db.read(scope).await?;
    let items = match moment.0.as_of {
        None => {
            families::find(&conn, scope, id.0).await?.ok_or(Code::NotFound)?;
            queries::list(&conn, scope, id.0).await?
        }
        Some(AsOf(at)) => {
            families::find_as_of(&conn, scope, id.0, at).await?.ok_or(Code::NotFound)?;
            queries::list_as_of(&conn, scope, id.0, at).await?
        }
    };
    reads.record(Read::new(&caller, "list_collectors", "collectors", Some(id.0.0)).of(items.len())).await;
    Ok(Json(FamilyCollectors { items }))
}

/// Get a collector
#[utoipa::path(
    tag = "beneficiaries", params(("id" = CollectorId, Path, description = "Id of the collector"), Moment),
    security(("oauth2" = ["beneficiaries:read"])), responses((status = 200, body = Collector), (status = 304)),
)]
#[get("/v1/collectors/{id}")]
async fn get_collector(
    caller: Allowed<ReadBeneficiaries>,
    request: HttpRequest,
    db: Data<Db>,
    reads: Data<ReadLog>,
    (id, moment): (Id<CollectorId>, Query<Moment>),
) -> Result<HttpResponse> {
    let conn = db.read(&caller.scope).await?;
    let found = match moment.0.as_of {
        None => queries::find(&conn, &caller.scope, id.0).await?,
        Some(AsOf(at)) => queries::find_as_of(&conn, &caller.scope, id.0, at).await?,
    };
    let collector = found.ok_or(Code::NotFound)?;
    reads.record(Read::new(&caller, "get_collector", "collectors", Some(id.0.0))).await;
    Ok(not_modified(&request, collector.version, &collector))
}

/// Register a collector of a family
///
/// A member, who takes the place of the one before, or an alternate with power of attorney for its dates. Deliveries
/// heed it: with a member on record only that one, the head or an alternate collects; a power of attorney on record
/// counts within its dates only. Whoever leaves the family collects no longer, nor does whom they empowered.
#[utoipa::path(
    tag = "beneficiaries", request_body = NewCollector,
    params(("id" = BeneficiaryId, Path, description = "Id of the family"), ("Idempotency-Key" = String, Header)),
    security(("oauth2" = ["beneficiaries:write"])), responses((status = 201, body = Collector)),
)]
#[post("/v1/beneficiaries/{id}/collectors")]
async fn register_collector(
    caller: Allowed<WriteBeneficiaries>,
    db: Data<Db>,
    id: Id<BeneficiaryId>,
    command: Once<NewCollector>,
) -> Result<HttpResponse> {
    command
        .run(&db, &caller, async |conn, new| {
            let collector = actions::register(conn, &caller, id.0, new).await?;
            let address = format!("/v1/collectors/{}", collector.id);
            Ok(Answer::created(address, &collector)?.with_version(collector.version))
        })
        .await
}

/// Revoke a collector
///
/// From a day on; the row stays with its dates.
#[utoipa::path(
    tag = "beneficiaries", request_body = NewRevocation,
    params(("id" = CollectorId, Path, description = "Id of the collector"), ("Idempotency-Key" = String, Header)),
    security(("oauth2" = ["beneficiaries:write"])), responses((status = 200, body = Collector)),
)]
#[post("/v1/collectors/{id}/revocations")]
async fn revoke_collector(
    caller: Allowed<WriteBeneficiaries>,
    db: Data<Db>,
    id: Id<CollectorId>,
    command: Once<NewRevocation>,
) -> Result<HttpResponse> {
    command
        .run(&db, &caller, async |conn, new| {
            let collector = actions::revoke(conn, &caller, id.0, new).await?;
            Ok(Answer::ok(&collector)?.with_version(collector.version))
        })
        .await
}

/// Registers the routes.
pub(in crate::beneficiaries) fn routes(config: &mut Routes<'_, '_>) {
    config.service(list_collectors).service(get_collector).service(register_collector).service(revoke_collector);
}
