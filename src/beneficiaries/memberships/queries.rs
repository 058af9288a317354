//! One statement a function over memberships.

use diesel::pg::Pg;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::model::{Membership, MembershipFilter};
use crate::db::{Conn, walk};
use crate::domain::{BeneficiaryId, Scope};
use crate::error::Result;
use crate::http::{ById, Limit};
use crate::schema::memberships;

/// Memberships of a family that a filter leaves.
fn filtered<'a>(scope: &'a Scope, family: BeneficiaryId, filter: &MembershipFilter) -> memberships::BoxedQuery<'a, Pg> {
    let query = memberships::table
        .filter(memberships::area_id.eq_any(&scope.area_ids))
        .filter(memberships::beneficiary_id.eq(family))
        .into_boxed();
    match filter.is_ended {
        Some(true) => query.filter(memberships::ended_on.is_not_null()),
        Some(false) => query.filter(memberships::ended_on.is_null()),
        None => query,
    }
}

/// Counts memberships of a family.
pub(super) async fn count(
    mut conn: &Conn,
    scope: &Scope,
    family: BeneficiaryId,
    filter: &MembershipFilter,
) -> Result<i64> {
    Ok(filtered(scope, family, filter).count().get_result(&mut conn).await?)
}

/// Lists memberships of a family by id, after one.
pub(super) async fn list(
    mut conn: &Conn,
    scope: &Scope,
    family: BeneficiaryId,
    filter: &MembershipFilter,
    (limit, after): (Limit, Option<Uuid>),
) -> Result<Vec<Membership>> {
    let query = filtered(scope, family, filter).select(Membership::as_select()).limit(limit.rows_to_fetch());
    let is_down = filter.sort == Some(ById::Down);
    Ok(walk!(query, is_down, after, memberships::{id}).load(&mut conn).await?)
}
