//! One statement a function. Each takes the scope: there is no unscoped way to a family.

use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::{Bool, Integer, Text, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;

use super::model::{BeneficiaryFilter, BeneficiaryRow, ListPlace};
use crate::db::Conn;
use crate::domain::{BeneficiaryId, Scope};
use crate::error::Result;
use crate::schema::beneficiaries;

/// Finds a family.
pub(super) async fn find(mut conn: &Conn, scope: &Scope, id: BeneficiaryId) -> Result<Option<BeneficiaryRow>> {
    let row = BeneficiaryRow::query()
        .filter(beneficiaries::area_id.eq_any(&scope.area_ids))
        .filter(beneficiaries::id.eq(id))
        .first(&mut conn)
        .await
        .optional()?;
    Ok(row)
}

/// Lists families by area, village and id, after a place.
pub(super) async fn list(
    mut conn: &Conn,
    scope: &Scope,
    filter: &BeneficiaryFilter,
    after: Option<ListPlace>,
) -> Result<Vec<BeneficiaryRow>> {
    let mut query = BeneficiaryRow::query()
        .filter(beneficiaries::area_id.eq_any(&scope.area_ids))
        .order((beneficiaries::area_id, beneficiaries::village_code, beneficiaries::id))
        .limit(filter.limit.rows_to_fetch())
        .into_boxed();
    if let Some(village_code) = &filter.village_code {
        query = query.filter(beneficiaries::village_code.eq(village_code));
    }
    if let Some(status) = filter.status {
        query = query.filter(beneficiaries::status.eq(status));
    }
    if let Some(decile_max) = filter.decile_max {
        query = query.filter(beneficiaries::decile.le(decile_max.small()));
    }
    if let Some(is_verified) = filter.is_verified {
        query = query.filter(beneficiaries::verified_at.is_not_null().eq(is_verified));
    }
    if let Some((area_id, village_code, id)) = after {
        let later = sql::<Bool>("(area_id, village_code, id) > (")
            .bind::<Integer, _>(area_id)
            .sql(", ")
            .bind::<Text, _>(village_code)
            .sql(", ")
            .bind::<SqlUuid, _>(id)
            .sql(")");
        query = query.filter(later);
    }
    Ok(query.load(&mut conn).await?)
}
