//! Routes of what happens to families as such.

use actix_web::web::Data;
use actix_web::{HttpResponse, post};

use super::actions;
use super::model::{Merger, NewHeadChange, NewMerger, NewMove, NewSplit};
use crate::auth::{Allowed, WriteBeneficiaries};
use crate::beneficiaries::members::Member;
use crate::beneficiaries::model::Beneficiary;
use crate::db::Db;
use crate::domain::{BeneficiaryId, MemberId};
use crate::error::Result;
use crate::http::{Answer, Id, Once, Routes};
use crate::keys::Keys;

/// Split a family
///
/// Some members get a family card of their own, in a village of the same sub-district. They keep their ids and NIK;
/// their memberships end with `split` and begin in the new family, which is the answer. It has no rank and is not
/// confirmed: both were said of the larger household. A head who leaves needs a successor.
#[utoipa::path(
    tag = "beneficiaries", request_body = NewSplit,
    params(("id" = BeneficiaryId, Path, description = "Id of the family"), ("Idempotency-Key" = String, Header)),
    security(("oauth2" = ["beneficiaries:write"])), responses((status = 201, body = Beneficiary)),
)]
#[post("/v1/beneficiaries/{id}/splits")]
async fn split_beneficiary(
    caller: Allowed<WriteBeneficiaries>,
    db: Data<Db>,
    keys: Data<Keys>,
    id: Id<BeneficiaryId>,
    command: Once<NewSplit>,
) -> Result<HttpResponse> {
    command
        .run(&db, &caller, async |conn, new| {
            let family = actions::split(conn, &caller, &keys.vault, id.0, new).await?;
            Ok(Answer::created(format!("/v1/beneficiaries/{}", family.id), &family)?.with_version(family.version))
        })
        .await
}

/// Merge a family into another one
///
/// Two households join on one card: memberships end with `merged` and begin in the family that goes on; the other
/// card is free, and its family has the status `merged`. What the ended family was enrolled in ends as `replaced` and
/// is told; enrol the larger household where it shall be on the program. What it needed goes on as a need of the
/// other one, unless that has a need of the kind. Two records of the same family are a matter of duplicates instead.
#[utoipa::path(
    tag = "beneficiaries", request_body = NewMerger,
    params(
        ("id" = BeneficiaryId, Path, description = "Id of the family that ends"),
        ("Idempotency-Key" = String, Header),
    ),
    security(("oauth2" = ["beneficiaries:write"])), responses((status = 201, body = Merger)),
)]
#[post("/v1/beneficiaries/{id}/mergers")]
async fn merge_beneficiary(
    caller: Allowed<WriteBeneficiaries>,
    db: Data<Db>,
    keys: Data<Keys>,
    id: Id<BeneficiaryId>,
    command: Once<NewMerger>,
) -> Result<HttpResponse> {
    command
        .run(&db, &caller, async |conn, new| {
            let merger = actions::merge(conn, &caller, &keys.vault, id.0, new).await?;
            let address = format!("/v1/beneficiaries/{}", merger.beneficiary.id);
            Answer::created(address, &merger)
        })
        .await
}

/// Change the head of a family
///
/// Says in one command who the head is now and what the others are to that person; the head until now has to be
/// among them.
#[utoipa::path(
    tag = "beneficiaries", request_body = NewHeadChange,
    params(("id" = BeneficiaryId, Path, description = "Id of the family"), ("Idempotency-Key" = String, Header)),
    security(("oauth2" = ["beneficiaries:write"])), responses((status = 201, body = Beneficiary)),
)]
#[post("/v1/beneficiaries/{id}/head-changes")]
async fn change_head(
    caller: Allowed<WriteBeneficiaries>,
    db: Data<Db>,
    keys: Data<Keys>,
    id: Id<BeneficiaryId>,
    command: Once<NewHeadChange>,
) -> Result<HttpResponse> {
    command
        .run(&db, &caller, async |conn, new| {
            let family = actions::change_head(conn, &caller, &keys.vault, id.0, new).await?;
            Ok(Answer::created(format!("/v1/beneficiaries/{}", family.id), &family)?.with_version(family.version))
        })
        .await
}

/// Move a person to another family
///
/// Such as by marriage, within the sub-district. The person keeps id and NIK. A head who leaves others behind needs a
/// successor; a family that nobody is left in ends. Into another sub-district: split, then relocate the new family.
#[utoipa::path(
    tag = "beneficiaries", request_body = NewMove,
    params(("id" = MemberId, Path, description = "Id of the person"), ("Idempotency-Key" = String, Header)),
    security(("oauth2" = ["beneficiaries:write"])), responses((status = 201, body = Member)),
)]
#[post("/v1/members/{id}/moves")]
async fn move_member(
    caller: Allowed<WriteBeneficiaries>,
    db: Data<Db>,
    keys: Data<Keys>,
    id: Id<MemberId>,
    command: Once<NewMove>,
) -> Result<HttpResponse> {
    command
        .run(&db, &caller, async |conn, new| {
            let member = actions::move_member(conn, &caller, &keys.vault, id.0, new).await?;
            Ok(Answer::created(format!("/v1/members/{}", member.id), &member)?.with_version(member.version))
        })
        .await
}

/// Registers the routes.
pub(in crate::beneficiaries) fn routes(config: &mut Routes<'_, '_>) {
    config.service(split_beneficiary).service(merge_beneficiary).service(change_head).service(move_member);
}
