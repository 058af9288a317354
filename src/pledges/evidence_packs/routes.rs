//! Routes of evidence packs.

use actix_web::http::header::{CONTENT_SECURITY_POLICY, HeaderValue, VARY};
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder, get, post};
use serde_json::value::RawValue;

use super::actions::Issued;
use super::model::{
    AnnualEvidencePackFilter, EvidencePack, EvidencePackFile, EvidencePackFilter, EvidencePackWhole,
    NewAnnualEvidencePack, NewEvidencePack, PackDocument,
};
use super::{actions, queries, rules};
use crate::auth::{Allowed, MakeEvidencePacks, ReadPledges};
use crate::db::Db;
use crate::domain::{EvidencePackId, PledgeId};
use crate::error::{Code, Error, Result};
use crate::http::{Answer, CursorKey, Id, List, Once, Page, Routes, accepted, not_modified, unless_known};
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
/// for each value. In HTML a page to print, with charts, without script and without anything from another place. In XML
/// the pledge as an activity of the IATI Standard 2.03, reported by the sub-district: the commitment, what came in and
/// what was handed over in rupiah where the lines state a value, quantities and families as results; not of a company's
/// year, whose pledges are activities of their own. All are the same bytes each time.
#[utoipa::path(
    tag = "pledges", params(("id" = EvidencePackId, Path, description = "Id of the pack")),
    security(("oauth2" = ["pledges:read"])),
    responses((status = 200, description = "The pack, in the form that `Accept` names first", content(
        (PackDocument = "application/json"),
        (inline(EvidencePackFile) = "text/csv", example = json!("group,group_code,table,row,field,label,value,missing_reason\r\n\
            1,identity,,,version,Version,1,\r\n")),
        (inline(EvidencePackFile) = "text/html", example = json!("<!doctype html>\n<html lang=\"en\"></html>\n")),
        (inline(EvidencePackFile) = "application/xml", example = json!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
            <iati-activities version=\"2.03\"></iati-activities>\n")),
    )), (status = 304)),
)]
#[get("/v1/evidence-packs/{id}/file")]
async fn get_evidence_pack_file(
    caller: Allowed<ReadPledges>,
    request: HttpRequest,
    db: Data<Db>,
    id: Id<EvidencePackId>,
) -> Result<HttpResponse> {
    let conn = db.read(&caller.scope).await?;
    let (pack, content) = queries::find(&conn, &caller.scope, id.0).await?;
    // Of a company's year there is no activity.
    let media_types = if pack.pledge_id.is_some() { &MEDIA_TYPES[..] } else { &MEDIA_TYPES[..3] };
    let form = form_of(accepted(request.headers(), media_types)?);
    let mut response = unless_known(&request, &format!("\"{}-{form}\"", pack.version), |answer| {
        written(answer, (&pack, content), form)
    })?;
    response.headers_mut().insert(VARY, HeaderValue::from_static("Accept"));
    Ok(response)
}

const MEDIA_TYPES: [&str; 4] = ["application/json", "text/csv", "text/html", "application/xml"];

fn form_of(media_type: &str) -> &'static str {
    match media_type {
        "text/csv" => "csv",
        "text/html" => "html",
        "application/xml" => "iati",
        _ => "json",
    }
}

fn written(
    mut answer: HttpResponseBuilder,
    (pack, content): (&EvidencePack, String),
    form: &str,
) -> Result<HttpResponse> {
    if form == "json" {
        return Ok(answer.content_type("application/json").body(content));
    }
    let document: PackDocument = serde_json::from_str(&content).map_err(Error::internal)?;
    Ok(match form {
        "csv" => answer.content_type("text/csv; charset=utf-8").body(rules::csv(pack, &document)),
        "iati" => {
            answer.content_type("application/xml").body(rules::iati(pack, &document)?.ok_or(Code::NotAcceptable)?)
        }
        _ => {
            answer.insert_header((CONTENT_SECURITY_POLICY, rules::page_policy()));
            answer.content_type("text/html; charset=utf-8").body(rules::page(pack, &document))
        }
    })
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
            told(&actions::make(conn, &caller, &keys.signing, id.0).await?)
        })
        .await
}

/// The answer of a command: 201 with a version that was made, 200 with one that there was.
fn told(issued: &Issued) -> Result<Answer> {
    let pack = &issued.pack;
    let answer = if issued.is_new {
        Answer::created(format!("/v1/evidence-packs/{}", pack.id), pack)?
    } else {
        Answer::ok(pack)?
    };
    Ok(answer.with_version(pack.version))
}

/// List annual evidence packs
///
/// Versions of the evidence of companies' years. A company sees its own; an officer those that tell of no sub-district
/// but theirs.
#[utoipa::path(
    tag = "pledges", params(AnnualEvidencePackFilter), security(("oauth2" = ["pledges:read"])),
    responses((status = 200, body = Page<EvidencePack>)),
)]
#[get("/v1/annual-evidence-packs")]
async fn list_annual_evidence_packs(
    caller: Allowed<ReadPledges>,
    db: Data<Db>,
    keys: Data<Keys>,
    list: List<AnnualEvidencePackFilter, EvidencePack>,
) -> Result<Page<EvidencePack>> {
    let cursors = CursorKey::new(&keys.cursors, "list_annual_evidence_packs", &caller.client_id, &list.filter)?;
    let after = cursors.read(list.cursor.as_ref())?;
    let conn = db.read(&caller.scope).await?;
    let rows = queries::list_annual(&conn, &caller.scope, &list.filter, (list.limit, after)).await?;
    let total = list.total(queries::count_annual(&conn, &caller.scope, &list.filter)).await?;
    list.page((rows, total), &cursors, |pack| pack.id)
}

/// Make an annual evidence pack
///
/// The next version of the evidence of all pledges of a company for a year that two officers accepted: the same groups,
/// summed, and pledge by pledge as their own packs tell them. It is fetched as the others are, at
/// `/v1/evidence-packs/{id}`. A group of families is counted over the pledges whose own pack tells it. Where nothing has
/// changed since the last one, that one is answered again with 200 and nothing is made.
#[utoipa::path(
    tag = "pledges", request_body = NewAnnualEvidencePack, security(("oauth2" = ["evidence_packs:write"])),
    responses((status = 200, body = EvidencePack), (status = 201, body = EvidencePack)),
)]
#[post("/v1/annual-evidence-packs")]
async fn make_annual_evidence_pack(
    caller: Allowed<MakeEvidencePacks>,
    db: Data<Db>,
    keys: Data<Keys>,
    command: Once<NewAnnualEvidencePack>,
) -> Result<HttpResponse> {
    command
        .run(&db, &caller, async |conn, new| told(&actions::make_annual(conn, &caller, &keys.signing, new).await?))
        .await
}

/// Registers the routes.
pub(in crate::pledges) fn routes(config: &mut Routes<'_, '_>) {
    config
        .service(list_evidence_packs)
        .service(get_evidence_pack)
        .service(get_evidence_pack_file)
        .service(make_evidence_pack)
        .service(list_annual_evidence_packs)
        .service(make_annual_evidence_pack);
}
