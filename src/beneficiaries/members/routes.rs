//! Routes of members.

use actix_web::web::{Data, Json};
use actix_web::{HttpRequest, HttpResponse, get, patch, post};
use serde::Serialize;
use utoipa::ToSchema;

use super::actions;
use super::model::{Member, MemberChanges, NewDeparture, TiedMember};
use super::{nik_checks, queries};
use crate::audit::{Read, ReadLog};
use crate::auth::{Allowed, ReadBeneficiaries, WriteBeneficiaries};
use crate::beneficiaries::checks::{Check, check_joining_if_possible};
use crate::beneficiaries::model::NewMember;
use crate::beneficiaries::queries as families;
use crate::db::{self, Conn, Db};
use crate::domain::{BeneficiaryId, MemberId, Scope};
use crate::error::{Code, Result};
use crate::http::{Answer, AsOf, Change, Id, Moment, Once, Query, Routes, not_modified};
use crate::keys::Keys;

/// Everybody who belongs to a family; a family is small enough for one list.
#[derive(Debug, Serialize, ToSchema)]
struct FamilyMembers {
    /// Members in the order in which they joined
    #[schema(max_items = 200)]
    items: Vec<Member>,
}

/// A person as they joined a family.
#[derive(Debug, Serialize, ToSchema)]
struct Joined {
    /// The person
    #[serde(flatten)]
    member: Member,
    /// Members of your area who may be this person; left out where there are none
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    possible_duplicates: Option<Check>,
}

/// List the members of a family
///
/// Everybody who belongs to it, in the order in which they joined. With `as_of`, those
/// who belonged to it then, as they were then.
#[utoipa::path(
    tag = "beneficiaries", params(("id" = BeneficiaryId, Path, description = "Id of the family"), Moment),
    security(("oauth2" = ["beneficiaries:read"])), responses((status = 200, body = FamilyMembers)),
)]
#[get("/v1/beneficiaries/{id}/members")]
async fn list_members(
    caller: Allowed<ReadBeneficiaries>,
    db: Data<Db>,
    keys: Data<Keys>,
    reads: Data<ReadLog>,
    id: Id<BeneficiaryId>,
    moment: Query<Moment>,
) -> Result<Json<FamilyMembers>> {
    let conn = db.read(&caller.scope).await?;
    let rows: Vec<TiedMember> = match moment.0.as_of {
        None => {
            families::find(&conn, &caller.scope, id.0).await?.ok_or(Code::NotFound)?;
            queries::list(&conn, &caller.scope, id.0).await?.into_iter().map(TiedMember::from).collect()
        }
        Some(AsOf(at)) => {
            families::find_as_of(&conn, &caller.scope, id.0, at).await?.ok_or(Code::NotFound)?;
            queries::list_as_of(&conn, &caller.scope, id.0, at).await?
        }
    };
    reads.record(Read::new(&caller, "list_members", "beneficiaries", Some(id.0.0)).of(rows.len())).await;
    let items = rows.into_iter().map(|row| Member::open(row, &keys.vault)).collect::<Result<_>>()?;
    Ok(Json(FamilyMembers { items }))
}

/// Get a member
///
/// A person who left is still answered, with `left_on` and `left_because`.
#[utoipa::path(
    tag = "beneficiaries", params(("id" = MemberId, Path, description = "Id of the person"), Moment),
    security(("oauth2" = ["beneficiaries:read"])),
    responses((status = 200, body = Member, headers(("ETag" = String, description = "Version"))), (status = 304)),
)]
#[get("/v1/members/{id}")]
async fn get_member(
    caller: Allowed<ReadBeneficiaries>,
    request: HttpRequest,
    db: Data<Db>,
    keys: Data<Keys>,
    reads: Data<ReadLog>,
    (id, moment): (Id<MemberId>, Query<Moment>),
) -> Result<HttpResponse> {
    let conn = db.read(&caller.scope).await?;
    let found = find(&conn, &caller.scope, id.0, moment.0.as_of).await?;
    reads.record(Read::new(&caller, "get_member", "members", Some(id.0.0))).await;
    let member = Member::open(found, &keys.vault)?;
    Ok(not_modified(&request, member.version, &member))
}

/// The version that holds now, or held at an instant.
async fn find(conn: &Conn, scope: &Scope, id: MemberId, as_of: Option<AsOf>) -> Result<TiedMember> {
    let AsOf(at) = as_of.unwrap_or(AsOf(db::now()));
    let current = match queries::find(conn, scope, id).await? {
        Some(live) => Some(live),
        None => queries::find_former(conn, scope, id).await?,
    };
    match current.filter(|current| as_of.is_none() || current.person.valid_from <= at) {
        Some(current) => Ok(current),
        None => queries::find_past(conn, scope, id, at).await?.ok_or_else(|| Code::NotFound.into()),
    }
}

/// Add a person to a family
///
/// Members of your area who may be this person are told beside it; they refuse nothing.
#[utoipa::path(
    tag = "beneficiaries", request_body = NewMember,
    params(
        ("id" = BeneficiaryId, Path, description = "Id of the family"),
        ("Idempotency-Key" = String, Header),
    ),
    security(("oauth2" = ["beneficiaries:write"])), responses((status = 201, body = Joined)),
)]
#[post("/v1/beneficiaries/{id}/members")]
async fn add_member(
    caller: Allowed<WriteBeneficiaries>,
    db: Data<Db>,
    (keys, reads): (Data<Keys>, Data<ReadLog>),
    id: Id<BeneficiaryId>,
    command: Once<NewMember>,
) -> Result<HttpResponse> {
    command
        .run(&db, &caller, async |conn, new| {
            // On a connection of its own, beside the write.
            let (member, possible_duplicates) = tokio::join!(
                actions::add(conn, &caller, &keys.vault, id.0, new),
                check_joining_if_possible(&db, &caller.scope, &keys.vault, id.0, new),
            );
            let joined = Joined { member: member?, possible_duplicates };
            if let Some(check) = &joined.possible_duplicates {
                let read = Read::new(&caller, "add_member", "members", None);
                reads.record(read.of(check.candidates.len())).await;
            }
            let address = format!("/v1/members/{}", joined.member.id);
            Ok(Answer::created(address, &joined)?.with_version(joined.member.version))
        })
        .await
}

/// Correct a member
///
/// Under the condition that nobody changed it since you read it. A change that changes nothing keeps the version.
#[utoipa::path(
    tag = "beneficiaries",
    request_body(content = MemberChanges, content_type = "application/merge-patch+json"),
    params(("id" = MemberId, Path, description = "Id of the person"), ("If-Match" = String, Header)),
    security(("oauth2" = ["beneficiaries:write"])),
    responses((status = 200, body = Member, headers(("ETag" = String, description = "Version")))),
)]
#[patch("/v1/members/{id}")]
async fn update_member(
    caller: Allowed<WriteBeneficiaries>,
    db: Data<Db>,
    keys: Data<Keys>,
    id: Id<MemberId>,
    change: Change<MemberChanges>,
) -> Result<HttpResponse> {
    let member = db
        .transaction(&caller.scope, async |conn| {
            actions::update(conn, &caller, &keys.vault, id.0, (&change.changes, change.version)).await
        })
        .await?;
    Ok(Answer::ok(&member)?.with_version(member.version).respond())
}

/// End a membership
///
/// For a person who died, moved, got a family card of their own or was never a member. The NIK is free then to be
/// registered elsewhere; the record stays. A head who leaves others behind needs a successor. A family that nobody
/// is left in ends, and its card number is free.
#[utoipa::path(
    tag = "beneficiaries", request_body = NewDeparture,
    params(
        ("id" = MemberId, Path, description = "Id of the person"),
        ("Idempotency-Key" = String, Header),
    ),
    security(("oauth2" = ["beneficiaries:write"])), responses((status = 201, body = Member)),
)]
#[post("/v1/members/{id}/departures")]
async fn end_membership(
    caller: Allowed<WriteBeneficiaries>,
    db: Data<Db>,
    keys: Data<Keys>,
    id: Id<MemberId>,
    command: Once<NewDeparture>,
) -> Result<HttpResponse> {
    command
        .run(&db, &caller, async |conn, new| {
            let member = actions::depart(conn, &caller, &keys.vault, id.0, new).await?;
            Ok(Answer::created(format!("/v1/members/{}", member.id), &member)?.with_version(member.version))
        })
        .await
}

/// Registers the routes.
pub(in crate::beneficiaries) fn routes(config: &mut Routes<'_, '_>) {
    config
        .service(list_members)
        .service(get_member)
        .service(add_member)
        .service(update_member)
        .service(end_membership)
        .configure(nik_checks::routes);
}
