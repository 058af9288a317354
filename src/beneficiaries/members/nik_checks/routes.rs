//! Routes of comparisons with the civil registry.

use actix_web::web::Data;
use actix_web::{HttpResponse, post};

use super::actions;
use super::model::NewNikCheck;
use crate::auth::{Allowed, CheckNiks};
use crate::beneficiaries::members::model::Member;
use crate::db::Db;
use crate::domain::MemberId;
use crate::error::Result;
use crate::http::{Answer, Id, Once, Routes};
use crate::keys::Keys;

/// Record what the civil registry says of a NIK
///
/// `matched` where it knows the NIK as this person, `conflict` where it does not; with when and by whom. Name the
/// version you compared, and it is refused where the member has changed since. Another NIK of the member starts anew
/// at `structure_ok`.
#[utoipa::path(
    tag = "beneficiaries", request_body = NewNikCheck,
    params(
        ("id" = MemberId, Path, description = "Id of the person"),
        ("Idempotency-Key" = String, Header),
    ),
    security(("oauth2" = ["nik:check"])), responses((status = 201, body = Member)),
)]
#[post("/v1/members/{id}/nik-checks")]
async fn record_nik_check(
    caller: Allowed<CheckNiks>,
    db: Data<Db>,
    keys: Data<Keys>,
    id: Id<MemberId>,
    command: Once<NewNikCheck>,
) -> Result<HttpResponse> {
    command
        .run(&db, &caller, async |conn, new| {
            let member = actions::record(conn, &caller, &keys.vault, id.0, new).await?;
            Ok(Answer::created(format!("/v1/members/{}", member.id), &member)?.with_version(member.version))
        })
        .await
}

/// Registers the routes.
pub(in crate::beneficiaries::members) fn routes(config: &mut Routes<'_, '_>) {
    config.service(record_nik_check);
}
