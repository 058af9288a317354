//! Routes of evidence packs.

use actix_web::http::header::{CONTENT_SECURITY_POLICY, HeaderValue, VARY};
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, get, post};
use serde_json::value::RawValue;

use super::model::{
    EvidencePack, EvidencePackFile, EvidencePackFilter, EvidencePackWhole, NewEvidencePack, PackDocument,
};
use super::{actions, queries, rules};
use crate::auth::{Allowed, MakeEvidencePacks, ReadPledges};
use crate::db::Db;
use crate::domain::{EvidencePackId, PledgeId};
use crate::error::{Code, Error, Result};
use crate::http::{Answer, CursorKey, Id, List, Once, Page, Routes, accepts, not_modified, unless_known};
use crate::keys::Keys;
use crate::pledges::queries as pledges;

/// List evidence packs
///
/// Versions of the evidence of one pledge. None is ever changed.
#[utoipa::path(
    tag = "pledges", params(("id" = PledgeId, Path, description = "Id of the pledge"), EvidencePackFilter),
    security(("oauth2" = ["pledges:read"])), responses((status = 200, body = Page<EvidencePack>)),
)]
#[get("/v1/pledges/{id}/evidence-packs")]
async fn list_evidence_packs(
    caller: Allowed<ReadPledges>,
    db: Data<Db>,
    keys: Data<Keys>,
    id: Id<PledgeId>,
    list: List<EvidencePackFilter, EvidencePack>,
) -> Result<Page<EvidencePack>> {
    let (scope, operation) = (&caller.scope, format!("list_evidence_packs {}", id.0));
    let cursors = CursorKey::new(&keys.cursors, &operation, &caller.client_id, &list.filter)?;
    let after = cursors.read(list.cursor.as_ref())?;
    let conn = db.read(scope).await?;
    pledges::find(&conn, scope, id.0).await?;
    let rows = queries::list(&conn, scope, (id.0, &list.filter), (list.limit, after)).await?;
    let total = list.total(queries::count(&conn, scope, id.0)).await?;
    list.page((rows, total), &cursors, |pack| pack.version)
}

/// Get an evidence pack
///
/// With its document: eighteen groups of fields, each with single values and tables. What the system does not know is
/// `null`, with `missing_reason`. Quantities are those of the ledger at the moment it was made. Families are counted in
/// steps of five, people in steps of twenty, and a group of fewer than five families is not told.
#[utoipa::path(
    tag = "pledges", params(("id" = EvidencePackId, Path, description = "Id of the pack")),
    security(("oauth2" = ["pledges:read"])),
    responses(
        (status = 200, body = EvidencePackWhole, headers(("ETag" = String, description = "Version"))),
        (status = 304),
    ),
)]
#[get("/v1/evidence-packs/{id}")]
async fn get_evidence_pack(
    caller: Allowed<ReadPledges>,
    request: HttpRequest,
    db: Data<Db>,
    id: Id<EvidencePackId>,
) -> Result<HttpResponse> {
    let conn = db.read(&caller.scope).await?;
    let (pack, content) = queries::find(&conn, &caller.scope, id.0).await?;
    let version = pack.version;
    let document = RawValue::from_string(content).map_err(Error::internal)?;
    Ok(not_modified(&request, version, &EvidencePackWhole { pack, document }))
}

/// Fetch an evidence pack as a file
///
/// In JSON the very bytes that are hashed and signed: their SHA-256 is `digest`, and `signature` is a detached JWS whose
/// payload is that digest in 32 bytes, to be verified with the key `key_id` of `/.well-known/jwks.json`. In CSV one line
/// for each value. In HTML a page to print, with charts, without script and without anything from another place. All
/// three are the same bytes each time.
#[utoipa::path(
    tag = "pledges", params(("id" = EvidencePackId, Path, description = "Id of the pack")),
    security(("oauth2" = ["pledges:read"])),
    responses((status = 200, description = "The pack, in the form that `Accept` names first", content(
        (PackDocument = "application/json"),
        (inline(EvidencePackFile) = "text/csv", example = json!("group,group_code,table,row,field,label,value,missing_reason\r\n\
            1,identity,,,version,Version,1,\r\n")),
        (inline(EvidencePackFile) = "text/html", example = json!("<!doctype html>\n<html lang=\"en\"></html>\n")),
    )), (status = 304)),
)]
#[get("/v1/evidence-packs/{id}/file")]
async fn get_evidence_pack_file(
    caller: Allowed<ReadPledges>,
    request: HttpRequest,
    db: Data<Db>,
    id: Id<EvidencePackId>,
) -> Result<HttpResponse> {
    const FORMS: [(&str, &str); 3] = [("application/json", "json"), ("text/csv", "csv"), ("text/html", "html")];
    let conn = db.read(&caller.scope).await?;
    let (pack, content) = queries::find(&conn, &caller.scope, id.0).await?;
    let accepted = FORMS.into_iter().find(|(media_type, _)| accepts(request.headers(), media_type));
    let (_, form) = accepted.ok_or(Code::NotAcceptable)?;
    let document = |content: &str| serde_json::from_str::<PackDocument>(content).map_err(Error::internal);
    let mut response = unless_known(&request, &format!("\"{}-{form}\"", pack.version), |mut answer| {
        Ok(match form {
            "csv" => answer.content_type("text/csv; charset=utf-8").body(rules::csv(&pack, &document(&content)?)),
            "html" => {
                answer.insert_header((CONTENT_SECURITY_POLICY, rules::page_policy()));
                answer.content_type("text/html; charset=utf-8").body(rules::page(&pack, &document(&content)?))
            }
            _ => answer.content_type("application/json").body(content),
        })
    })?;
    response.headers_mut().insert(VARY, HeaderValue::from_static("Accept"));
    Ok(response)
}

/// Make an evidence pack
///
/// The next version of the evidence of a pledge, once it is committed. Where nothing that it tells of has changed since
/// the last one, that one is answered again with 200 and nothing is made.
#[utoipa::path(
    tag = "pledges", params(("id" = PledgeId, Path, description = "Id of the pledge")),
    request_body = NewEvidencePack, security(("oauth2" = ["evidence_packs:write"])),
    responses((status = 200, body = EvidencePack), (status = 201, body = EvidencePack)),
)]
#[post("/v1/pledges/{id}/evidence-packs")]
async fn make_evidence_pack(
    caller: Allowed<MakeEvidencePacks>,
    db: Data<Db>,
    keys: Data<Keys>,
    id: Id<PledgeId>,
    command: Once<NewEvidencePack>,
) -> Result<HttpResponse> {
    command
        .run(&db, &caller, async |conn, NewEvidencePack {}| {
            let issued = actions::make(conn, &caller, &keys.signing, id.0).await?;
            let answer = if issued.is_new {
                Answer::created(format!("/v1/evidence-packs/{}", issued.pack.id), &issued.pack)?
            } else {
                Answer::ok(&issued.pack)?
            };
            Ok(answer.with_version(issued.pack.version))
        })
        .await
}

/// Registers the routes.
pub(in crate::pledges) fn routes(config: &mut Routes<'_, '_>) {
    config
        .service(list_evidence_packs)
        .service(get_evidence_pack)
        .service(get_evidence_pack_file)
        .service(make_evidence_pack);
}
