//! Statements over the groups that a run took for one person each.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use crate::db::{Conn, walk};
use crate::domain::{DuplicateClusterId, DuplicateRunId, Scope};
use crate::duplicates::runs::model::{ByMemberCount, ClusterFilter, DuplicateCluster};
use crate::error::Result;
use crate::http::Limit;
use crate::schema::duplicate_clusters;

/// Place of a group in the list of a run.
pub(in crate::duplicates::runs) type ClusterPlace = (i32, DuplicateClusterId);

/// Keeps groups.
pub(in crate::duplicates::runs) async fn insert(mut conn: &Conn, clusters: &[DuplicateCluster]) -> Result<()> {
    diesel::insert_into(duplicate_clusters::table).values(clusters).execute(&mut conn).await?;
    Ok(())
}

/// Counts the groups of a run.
pub(in crate::duplicates::runs) async fn count(mut conn: &Conn, scope: &Scope, id: DuplicateRunId) -> Result<i64> {
    let of_run = duplicate_clusters::table
        .filter(duplicate_clusters::area_id.eq_any(&scope.area_ids))
        .filter(duplicate_clusters::run_id.eq(id));
    Ok(of_run.count().get_result(&mut conn).await?)
}

/// Lists the groups of a run by how many records they have, after a place.
pub(in crate::duplicates::runs) async fn list(
    mut conn: &Conn,
    scope: &Scope,
    id: DuplicateRunId,
    filter: &ClusterFilter,
    (limit, after): (Limit, Option<ClusterPlace>),
) -> Result<Vec<DuplicateCluster>> {
    let of_run = duplicate_clusters::table
        .filter(duplicate_clusters::area_id.eq_any(&scope.area_ids))
        .filter(duplicate_clusters::run_id.eq(id))
        .into_boxed();
    let query = of_run.select(DuplicateCluster::as_select()).limit(limit.rows_to_fetch());
    let is_down = filter.sort != Some(ByMemberCount::Up);
    Ok(walk!(query, is_down, after, duplicate_clusters::{member_count, id}).load(&mut conn).await?)
}
