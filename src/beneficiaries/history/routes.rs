//! Routes of histories.

use actix_web::get;
use actix_web::web::Data;
use uuid::Uuid;

use super::model::{FieldDifference, RecordVersion, VersionFilter, VersionRow};
use super::{queries, rules};
use crate::audit::{Read, ReadLog};
use crate::auth::{Allowed, ReadBeneficiaries};
use crate::db::{Conn, Db};
use crate::domain::{BeneficiaryId, CardNumber, MemberId, Nik};
use crate::error::{Code, Result};
use crate::http::{CursorKey, Id, List, Page, Routes};
use crate::keys::{Keys, Vault};

/// List the versions of a family
///
/// The newest first: from when to when each held, who made it by which operation and why, and what it changed field
/// by field. The card number is masked. Read any of them whole with `as_of`.
#[utoipa::path(
    tag = "beneficiaries",
    params(("id" = BeneficiaryId, Path, description = "Id of the family"), VersionFilter),
    security(("oauth2" = ["beneficiaries:read"])), responses((status = 200, body = Page<RecordVersion>)),
)]
#[get("/v1/beneficiaries/{id}/history")]
async fn list_beneficiary_versions(
    caller: Allowed<ReadBeneficiaries>,
    (db, keys): (Data<Db>, Data<Keys>),
    reads: Data<ReadLog>,
    id: Id<BeneficiaryId>,
    list: List<VersionFilter, RecordVersion>,
) -> Result<Page<RecordVersion>> {
    let cursors = CursorKey::new(&keys.cursors, "list_beneficiary_versions", &caller.client_id, &list.filter)?;
    let after = cursors.read(list.cursor.as_ref())?;
    let (conn, of) = (db.read(&caller.scope).await?, (&caller.scope, id.0.0));
    let rows = queries::list(&conn, queries::OF_FAMILY, of, &list.filter, (list.limit, after)).await?;
    if rows.is_empty() && after.is_none() {
        return Err(Code::NotFound.into());
    }
    let total = list.total(queries::count(&conn, queries::OF_FAMILY, &caller.scope, id.0.0)).await?;
    let page = list.page((rows, total), &cursors, |row| row.version)?;
    let read = Read::new(&caller, "list_beneficiary_versions", "beneficiaries", Some(id.0.0));
    reads.record(read.of(page.items.len())).await;
    let mut versions = Vec::with_capacity(page.items.len());
    for row in &page.items {
        let card = card_change(&keys.vault, id.0, row)?;
        versions.push(version_of(&conn, (row, card), &[id.0.0]).await?);
    }
    Ok(page.with(versions))
}

/// List the versions of a person
///
/// The newest first, as for a family; joining and leaving one are versions of the person. The NIK is masked.
#[utoipa::path(
    tag = "beneficiaries",
    params(("id" = MemberId, Path, description = "Id of the person"), VersionFilter),
    security(("oauth2" = ["beneficiaries:read"])), responses((status = 200, body = Page<RecordVersion>)),
)]
#[get("/v1/members/{id}/history")]
async fn list_member_versions(
    caller: Allowed<ReadBeneficiaries>,
    (db, keys): (Data<Db>, Data<Keys>),
    reads: Data<ReadLog>,
    id: Id<MemberId>,
    list: List<VersionFilter, RecordVersion>,
) -> Result<Page<RecordVersion>> {
    let cursors = CursorKey::new(&keys.cursors, "list_member_versions", &caller.client_id, &list.filter)?;
    let after = cursors.read(list.cursor.as_ref())?;
    let (conn, of) = (db.read(&caller.scope).await?, (&caller.scope, id.0.0));
    let rows = queries::list(&conn, queries::OF_MEMBER, of, &list.filter, (list.limit, after)).await?;
    if rows.is_empty() && after.is_none() {
        return Err(Code::NotFound.into());
    }
    let total = list.total(queries::count(&conn, queries::OF_MEMBER, &caller.scope, id.0.0)).await?;
    let page = list.page((rows, total), &cursors, |row| row.version)?;
    reads.record(Read::new(&caller, "list_member_versions", "members", Some(id.0.0)).of(page.items.len())).await;
    let mut versions = Vec::with_capacity(page.items.len());
    for row in &page.items {
        let nik = nik_change(&keys.vault, id.0, row)?;
        // The first version of most came with the family.
        let family = row.record.get("beneficiary_id").and_then(|id| id.as_str()?.parse().ok()).unwrap_or(id.0.0);
        versions.push(version_of(&conn, (row, nik), &[id.0.0, family]).await?);
    }
    Ok(page.with(versions))
}

/// A version with what it changed; who made the first one stands in the record of writes.
async fn version_of(
    conn: &Conn,
    (row, number): (&VersionRow, Option<FieldDifference>),
    ids: &[Uuid],
) -> Result<RecordVersion> {
    let origin = match &row.client_id {
        Some(_) => None,
        None => queries::find_origin(conn, row.area_id, ids, row.valid_from).await?,
    };
    let (client_id, operation) = origin.map(|origin| (origin.client_id, origin.operation)).unzip();
    let mut changes: Vec<FieldDifference> = number.into_iter().collect();
    changes.extend(row.before.iter().flat_map(|before| rules::differences(before, &row.record)));
    Ok(RecordVersion {
        version: row.version,
        valid_from: row.valid_from,
        valid_to: row.valid_to,
        client_id: row.client_id.clone().or(client_id),
        operation: row.operation.clone().or(operation),
        reason: row.reason.clone(),
        changes,
    })
}

fn card_change(vault: &Vault, id: BeneficiaryId, row: &VersionRow) -> Result<Option<FieldDifference>> {
    let Some(area_before) = row.area_before else { return Ok(None) };
    let open = |(area_id, sealed): (i32, &Vec<u8>)| vault.open_card(area_id, id, sealed);
    let before = row.sealed_before.as_ref().map(|sealed| open((area_before, sealed))).transpose()?;
    let after = row.sealed.as_ref().map(|sealed| open((row.area_id, sealed))).transpose()?;
    Ok(rules::number_change("card_number", (before, after), CardNumber::masked))
}

fn nik_change(vault: &Vault, id: MemberId, row: &VersionRow) -> Result<Option<FieldDifference>> {
    let Some(area_before) = row.area_before else { return Ok(None) };
    let open = |(area_id, sealed): (i32, &Vec<u8>)| vault.open_nik(area_id, id, sealed);
    let before = row.sealed_before.as_ref().map(|sealed| open((area_before, sealed))).transpose()?;
    let after = row.sealed.as_ref().map(|sealed| open((row.area_id, sealed))).transpose()?;
    Ok(rules::number_change("nik", (before, after), Nik::masked))
}

/// Registers the routes.
pub(in crate::beneficiaries) fn routes(config: &mut Routes<'_, '_>) {
    config.service(list_beneficiary_versions).service(list_member_versions);
}
