//! Kinds of help, and which of them overlap.

use diesel::dsl::exists;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use crate::db::Conn;
use crate::domain::{BeneficiaryId, NeedId};
use crate::error::Result;
use crate::needs::model::{KindCode, NeedKind, NeedStatus};
use crate::schema::{allocations, need_kind_contents, need_kinds, needs};

/// Lists all kinds by code.
///
/// # Errors
/// Where the database cannot be read.
pub async fn kinds(mut conn: &Conn) -> Result<Vec<NeedKind>> {
    Ok(NeedKind::query().order(need_kinds::code).load(&mut conn).await?)
}

/// Finds a kind by its code.
///
/// # Errors
/// Where the database cannot be read.
pub async fn find_kind(mut conn: &Conn, code: &KindCode) -> Result<Option<NeedKind>> {
    Ok(NeedKind::query().filter(need_kinds::code.eq(code)).first(&mut conn).await.optional()?)
}

/// The need of a family, open or with something reserved for it, for what is in a package of this kind, or for a package
/// that this kind is in.
pub(in crate::needs) async fn open_within(
    mut conn: &Conn,
    (area_id, beneficiary_id): (i32, BeneficiaryId),
    kind: &KindCode,
) -> Result<Option<NeedId>> {
    let inside =
        need_kind_contents::table.filter(need_kind_contents::package.eq(kind)).select(need_kind_contents::kind);
    let around =
        need_kind_contents::table.filter(need_kind_contents::kind.eq(kind)).select(need_kind_contents::package);
    let reserved = allocations::table
        .filter(allocations::area_id.eq(needs::area_id))
        .filter(allocations::need_id.eq(needs::id))
        .filter(allocations::status.eq("reserved"));
    let open = needs::table
        .filter(needs::area_id.eq(area_id))
        .filter(needs::beneficiary_id.eq(beneficiary_id))
        .filter(needs::status.eq(NeedStatus::Open).or(exists(reserved)))
        .filter(needs::kind.eq_any(inside).or(needs::kind.eq_any(around)))
        .order(needs::kind)
        .select(needs::id);
    Ok(open.first(&mut conn).await.optional()?)
}
