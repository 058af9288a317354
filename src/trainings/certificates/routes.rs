//! Routes of certificates.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, get, post};

use super::model::{
    CertificateFilter, CertificateRevocation, IssuedCertificates, NewCertificates, TrainingCertificate,
};
use super::{actions, queries};
use crate::audit::{Read, ReadLog};
use crate::auth::{Allowed, ReadTrainingParticipants, WriteCertificates};
use crate::db::Db;
use crate::domain::{TrainingCertificateId, TrainingId};
use crate::error::{Code, Result};
use crate::http::{Answer, CursorKey, Id, List, Once, Page, Routes, not_modified};
use crate::keys::Keys;

/// List certificates
///
/// Of all trainings, the newest first. There is no check of a number for everybody: a certificate is of a person.
#[utoipa::path(
    tag = "trainings", params(CertificateFilter), security(("oauth2" = ["training_participants:read"])),
    responses((status = 200, body = Page<TrainingCertificate>)),
)]
#[get("/v1/training-certificates")]
async fn list_training_certificates(
    caller: Allowed<ReadTrainingParticipants>,
    db: Data<Db>,
    keys: Data<Keys>,
    reads: Data<ReadLog>,
    list: List<CertificateFilter, TrainingCertificate>,
) -> Result<Page<TrainingCertificate>> {
    let operation = "list_training_certificates";
    let cursors = CursorKey::new(&keys.cursors, operation, &caller.client_id, &list.filter)?;
    let after = cursors.read(list.cursor.as_ref())?;
    let conn = db.read(&caller.scope).await?;
    let rows = queries::list(&conn, &caller.scope, &list.filter, (list.limit, after)).await?;
    let total = list.total(queries::count(&conn, &caller.scope, &list.filter)).await?;
    let page = list.page((rows, total), &cursors, |row| (row.area_id, row.id))?;
    reads.record(Read::new(&caller, operation, "training_certificates", None).of(page.items.len())).await;
    Ok(page)
}

/// Get a certificate
#[utoipa::path(
    tag = "trainings", params(("id" = TrainingCertificateId, Path, description = "Id of the certificate")),
    security(("oauth2" = ["training_participants:read"])),
    responses(
        (status = 200, body = TrainingCertificate, headers(("ETag" = String, description = "Version"))),
        (status = 304),
    ),
)]
#[get("/v1/training-certificates/{id}")]
async fn get_training_certificate(
    caller: Allowed<ReadTrainingParticipants>,
    request: HttpRequest,
    db: Data<Db>,
    reads: Data<ReadLog>,
    id: Id<TrainingCertificateId>,
) -> Result<HttpResponse> {
    let conn = db.read(&caller.scope).await?;
    let certificate = queries::find(&conn, &caller.scope, id.0).await?.ok_or(Code::NotFound)?;
    let read = Read::new(&caller, "get_training_certificate", "training_certificates", Some(id.0.0));
    reads.record(read).await;
    Ok(not_modified(&request, certificate.version, &certificate))
}

/// Issue certificates
///
/// To all participants of a held training who attended enough of the lesson hours and were not found wanting. The others
/// are told with why. Asked again, those who have one keep it.
#[utoipa::path(
    tag = "trainings", params(("id" = TrainingId, Path, description = "Id of the training")),
    request_body = NewCertificates, security(("oauth2" = ["certificates:write"])),
    responses((status = 200, body = IssuedCertificates)),
)]
#[post("/v1/trainings/{id}/certificates")]
async fn issue_certificates(
    caller: Allowed<WriteCertificates>,
    db: Data<Db>,
    id: Id<TrainingId>,
    command: Once<NewCertificates>,
) -> Result<HttpResponse> {
    let issue =
        async |conn: &mut _, new: &NewCertificates| Answer::ok(&actions::issue(conn, &caller, id.0, new).await?);
    command.run(&db, &caller, issue).await
}

/// Revoke a certificate
///
/// By another officer than the one who issued it, with the reason. Its number is not given again.
#[utoipa::path(
    tag = "trainings", params(("id" = TrainingCertificateId, Path, description = "Id of the certificate")),
    request_body = CertificateRevocation, security(("oauth2" = ["certificates:write"])),
    responses((status = 200, body = TrainingCertificate)),
)]
#[post("/v1/training-certificates/{id}/revocations")]
async fn revoke_certificate(
    caller: Allowed<WriteCertificates>,
    db: Data<Db>,
    id: Id<TrainingCertificateId>,
    command: Once<CertificateRevocation>,
) -> Result<HttpResponse> {
    let revoke = async |conn: &mut _, revocation: &CertificateRevocation| {
        let certificate = actions::revoke(conn, &caller, id.0, &revocation.reason).await?;
        Ok(Answer::ok(&certificate)?.with_version(certificate.version))
    };
    command.run(&db, &caller, revoke).await
}

/// Registers the routes.
pub(in crate::trainings) fn routes(config: &mut Routes<'_, '_>) {
    config
        .service(list_training_certificates)
        .service(get_training_certificate)
        .service(issue_certificates)
        .service(revoke_certificate);
}
