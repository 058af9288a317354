//! One statement a function, for a pledge that the caller was found to reach.

use diesel::dsl::max;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use super::model::{PledgeDisclosure, PledgeDisclosureFilter};
use crate::db::{Conn, walk};
use crate::domain::{PledgeDisclosureId, PledgeId};
use crate::error::Result;
use crate::http::{ByVersion, Limit};
use crate::schema::pledge_disclosures;

/// Writes a disclosure.
pub(super) async fn insert(mut conn: &Conn, disclosure: &PledgeDisclosure) -> Result<()> {
    diesel::insert_into(pledge_disclosures::table).values(disclosure).execute(&mut conn).await?;
    Ok(())
}

/// The version of the newest disclosure of a locked pledge; none is 0.
pub(super) async fn last_version(mut conn: &Conn, pledge_id: PledgeId) -> Result<i32> {
    let of_pledge = pledge_disclosures::table.filter(pledge_disclosures::pledge_id.eq(pledge_id));
    let last: Option<i32> = of_pledge.select(max(pledge_disclosures::version)).get_result(&mut conn).await?;
    Ok(last.unwrap_or_default())
}

/// The newest disclosure of a pledge.
pub(in crate::pledges) async fn newest(mut conn: &Conn, pledge_id: PledgeId) -> Result<Option<PledgeDisclosure>> {
    let query = PledgeDisclosure::query().filter(pledge_disclosures::pledge_id.eq(pledge_id));
    Ok(query.order(pledge_disclosures::version.desc()).first(&mut conn).await.optional()?)
}

/// Finds a disclosure; whether the caller reaches its pledge is still to be asked.
pub(super) async fn find(mut conn: &Conn, id: PledgeDisclosureId) -> Result<Option<PledgeDisclosure>> {
    Ok(PledgeDisclosure::query().filter(pledge_disclosures::id.eq(id)).first(&mut conn).await.optional()?)
}

/// Counts disclosures of a pledge.
pub(super) async fn count(mut conn: &Conn, pledge_id: PledgeId) -> Result<i64> {
    let of_pledge = pledge_disclosures::table.filter(pledge_disclosures::pledge_id.eq(pledge_id));
    Ok(of_pledge.count().get_result(&mut conn).await?)
}

/// Lists disclosures of a pledge by version, after a version.
pub(super) async fn list(
    mut conn: &Conn,
    (pledge_id, filter): (PledgeId, &PledgeDisclosureFilter),
    (limit, after): (Limit, Option<i32>),
) -> Result<Vec<PledgeDisclosure>> {
    let query = pledge_disclosures::table.filter(pledge_disclosures::pledge_id.eq(pledge_id)).into_boxed();
    let query = query.select(PledgeDisclosure::as_select()).limit(limit.rows_to_fetch());
    let is_down = filter.sort == Some(ByVersion::Down);
    Ok(walk!(query, is_down, after, pledge_disclosures::{version}).load(&mut conn).await?)
}
