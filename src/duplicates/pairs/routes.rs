//! Routes of the queue.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, get, post};
use tokio::try_join;

use super::model::{ComparedPair, DuplicatePair, NewPairDecision, PairFilter, PairRow};
use super::{actions, queries};
use crate::audit::{Read, ReadLog};
use crate::auth::{Allowed, DecideDuplicates, ReadDuplicates};
use crate::beneficiaries;
use crate::db::{Conn, Db};
use crate::domain::{DuplicatePairId, Scope};
use crate::error::{Code, Error, Result};
use crate::http::{Answer, CursorKey, Id, List, Once, Page, Routes, not_modified_content};
use crate::keys::{Keys, Vault};

/// List pairs that may be one person
///
/// The queue of your sub-district, the surest first. Whoever is in it goes on getting what is due until somebody has
/// decided.
#[utoipa::path(
    tag = "duplicates", params(PairFilter), security(("oauth2" = ["duplicates:read"])),
    responses((status = 200, body = Page<DuplicatePair>)),
)]
#[get("/v1/duplicates/pairs")]
async fn list_duplicate_pairs(
    caller: Allowed<ReadDuplicates>,
    db: Data<Db>,
    keys: Data<Keys>,
    list: List<PairFilter, DuplicatePair>,
) -> Result<Page<DuplicatePair>> {
    let cursors = CursorKey::new(&keys.cursors, "list_duplicate_pairs", &caller.client_id, &list.filter)?;
    let after = cursors.read(list.cursor.as_ref())?;
    let conn = db.read(&caller.scope).await?;
    let rows = queries::list(&conn, &caller.scope, &list.filter, (list.limit, after)).await?;
    let total = list.total(queries::count(&conn, &caller.scope, &list.filter)).await?;
    list.page((rows, total), &cursors, |row| (row.centibits, row.id))?.try_map(|row| Ok(row.into()))
}

/// Get a pair with both records
///
/// Both members and their families as they are now, numbers masked, what each field says, and what was decided so far.
#[utoipa::path(
    tag = "duplicates", params(("id" = DuplicatePairId, Path, description = "Id of the pair")),
    security(("oauth2" = ["duplicates:read"])),
    responses((status = 200, body = ComparedPair, headers(("ETag" = String, description = "Version")))),
)]
#[get("/v1/duplicates/pairs/{id}")]
async fn get_duplicate_pair(
    caller: Allowed<ReadDuplicates>,
    request: HttpRequest,
    (db, keys, reads): (Data<Db>, Data<Keys>, Data<ReadLog>),
    id: Id<DuplicatePairId>,
) -> Result<HttpResponse> {
    let conn = db.read(&caller.scope).await?;
    let row = queries::find(&conn, &caller.scope, id.0).await?.ok_or(Code::NotFound)?;
    let pair = compared(&conn, &caller.scope, &keys.vault, row).await?;
    reads.record(Read::new(&caller, "get_duplicate_pair", "members", Some(id.0.0)).of(2)).await;
    // Its members change without it.
    not_modified_content(&request, &pair)
}

async fn compared(conn: &Conn, scope: &Scope, vault: &Vault, row: PairRow) -> Result<ComparedPair> {
    let (one, other, decisions) = try_join!(
        beneficiaries::show_member(conn, scope, vault, row.one_member_id),
        beneficiaries::show_member(conn, scope, vault, row.other_member_id),
        queries::decisions(conn, &row),
    )?;
    let gone = || Error::internal("a member of a pair is gone");
    let (one, other) = (one.ok_or_else(gone)?, other.ok_or_else(gone)?);
    let (one_family, other_family) = try_join!(
        beneficiaries::show_family(conn, scope, vault, one.beneficiary_id),
        beneficiaries::show_family(conn, scope, vault, other.beneficiary_id),
    )?;
    let (one_family, other_family) = (one_family.ok_or_else(gone)?, other_family.ok_or_else(gone)?);
    Ok(ComparedPair { pair: row.into(), one, other, one_family, other_family, decisions })
}

/// Decide on a pair
///
/// `same` makes it ready to be merged, `different` keeps the two apart whatever later runs find, `undecided` opens it
/// again. Nothing else changes: what either of them gets goes on. The reason is for those who look later.
#[utoipa::path(
    tag = "duplicates", request_body = NewPairDecision,
    params(("id" = DuplicatePairId, Path, description = "Id of the pair"), ("Idempotency-Key" = String, Header)),
    security(("oauth2" = ["duplicates:write"])), responses((status = 201, body = DuplicatePair)),
)]
#[post("/v1/duplicates/pairs/{id}/decisions")]
async fn decide_duplicate_pair(
    caller: Allowed<DecideDuplicates>,
    db: Data<Db>,
    id: Id<DuplicatePairId>,
    command: Once<NewPairDecision>,
) -> Result<HttpResponse> {
    command
        .run(&db, &caller, async |conn, new| {
            let pair = actions::decide(conn, &caller, id.0, new).await?;
            Ok(Answer::created(format!("/v1/duplicates/pairs/{}", pair.id), &pair)?.with_version(pair.version))
        })
        .await
}

/// Registers the routes.
pub(in crate::duplicates) fn routes(config: &mut Routes<'_, '_>) {
    config.service(list_duplicate_pairs).service(get_duplicate_pair).service(decide_duplicate_pair);
}
