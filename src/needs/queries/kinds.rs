//! Kinds of help, and which of them overlap.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use crate::db::Conn;
use crate::domain::BeneficiaryId;
use crate::error::Result;
use crate::needs::model::{KindCode, NeedKind, NeedStatus};
use crate::schema::{need_kind_contents, need_kinds, needs};

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

/// Kind of an open need of a family that is in a package of this kind, or a package that this kind is in.
pub(in crate::needs) async fn open_within(
    mut conn: &Conn,
    (area_id, beneficiary_id): (i32, BeneficiaryId),
    kind: &KindCode,
) -> Result<Option<String>> {
    let inside =
        need_kind_contents::table.filter(need_kind_contents::package.eq(kind)).select(need_kind_contents::kind);
    let around =
        need_kind_contents::table.filter(need_kind_contents::kind.eq(kind)).select(need_kind_contents::package);
    let open = needs::table
        .filter(needs::area_id.eq(area_id))
        .filter(needs::beneficiary_id.eq(beneficiary_id))
        .filter(needs::status.eq(NeedStatus::Open))
        .filter(needs::kind.eq_any(inside).or(needs::kind.eq_any(around)))
        .order(needs::kind)
        .select(needs::kind);
    Ok(open.first(&mut conn).await.optional()?)
}
