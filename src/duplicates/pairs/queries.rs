//! One statement a function over pairs and decisions.

use chrono::{DateTime, Utc};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use super::model::{ByBits, Decision, DecisionRow, DecisionTaken, PairFilter, PairRow, PairStatus};
use crate::db::{Conn, walk};
use crate::domain::{DuplicatePairId, Scope};
use crate::error::{Code, Result};
use crate::http::Limit;
use crate::schema::{beneficiaries, duplicate_decisions, duplicate_pairs, memberships};

/// Finds a pair.
pub(super) async fn find(mut conn: &Conn, scope: &Scope, id: DuplicatePairId) -> Result<Option<PairRow>> {
    let of_areas = PairRow::query().filter(duplicate_pairs::area_id.eq_any(&scope.area_ids));
    Ok(of_areas.filter(duplicate_pairs::id.eq(id)).first(&mut conn).await.optional()?)
}

/// Finds a pair and keeps others from changing it until the transaction ends.
pub(super) async fn lock(mut conn: &Conn, scope: &Scope, id: DuplicatePairId) -> Result<Option<PairRow>> {
    let of_areas = PairRow::query().filter(duplicate_pairs::area_id.eq_any(&scope.area_ids));
    Ok(of_areas.filter(duplicate_pairs::id.eq(id)).for_update().first(&mut conn).await.optional()?)
}

/// Pairs that a filter leaves.
fn filtered<'a>(scope: &'a Scope, filter: &'a PairFilter) -> duplicate_pairs::BoxedQuery<'a, Pg> {
    use duplicate_pairs::{one_beneficiary_id, one_member_id, other_beneficiary_id, other_member_id};
    let mut query = duplicate_pairs::table.filter(duplicate_pairs::area_id.eq_any(&scope.area_ids)).into_boxed();
    if let Some(status) = filter.status {
        query = query.filter(duplicate_pairs::status.eq(status));
    }
    if let Some(finding) = filter.finding {
        query = query.filter(duplicate_pairs::finding.eq(finding));
    }
    if let Some(run_id) = filter.run_id {
        query = query.filter(duplicate_pairs::run_id.eq(run_id));
    }
    // Who moved since they were compared is looked for where they are now.
    let members = || {
        memberships::table
            .filter(memberships::area_id.eq_any(&scope.area_ids))
            .filter(memberships::ended_on.is_null())
            .select(memberships::member_id)
    };
    if let Some(family_id) = filter.beneficiary_id {
        let of_family = || members().filter(memberships::beneficiary_id.eq(family_id));
        let is_now = one_member_id.eq_any(of_family()).or(other_member_id.eq_any(of_family()));
        query = query.filter(one_beneficiary_id.eq(family_id).or(other_beneficiary_id.eq(family_id)).or(is_now));
    }
    if let Some(village_code) = &filter.village_code {
        let families = || {
            beneficiaries::table
                .filter(beneficiaries::area_id.eq_any(&scope.area_ids))
                .filter(beneficiaries::village_code.eq(village_code))
                .select(beneficiaries::id)
        };
        let living_there = || members().filter(memberships::beneficiary_id.eq_any(families()));
        query = query.filter(one_member_id.eq_any(living_there()).or(other_member_id.eq_any(living_there())));
    }
    query
}

/// Counts pairs.
pub(super) async fn count(mut conn: &Conn, scope: &Scope, filter: &PairFilter) -> Result<i64> {
    Ok(filtered(scope, filter).count().get_result(&mut conn).await?)
}

/// Lists pairs by how sure they are, after a place.
pub(super) async fn list(
    mut conn: &Conn,
    scope: &Scope,
    filter: &PairFilter,
    (limit, after): (Limit, Option<(i32, DuplicatePairId)>),
) -> Result<Vec<PairRow>> {
    let query = filtered(scope, filter).select(PairRow::as_select()).limit(limit.rows_to_fetch());
    let is_down = filter.sort != Some(ByBits::Up);
    Ok(walk!(query, is_down, after, duplicate_pairs::{centibits, id}).load(&mut conn).await?)
}

/// The decisions on a pair, the last hundred, in their order.
pub(super) async fn decisions(mut conn: &Conn, pair: &PairRow) -> Result<Vec<DecisionTaken>> {
    let of_pair = DecisionTaken::query()
        .filter(duplicate_decisions::area_id.eq(pair.area_id))
        .filter(duplicate_decisions::pair_id.eq(pair.id));
    let mut taken: Vec<DecisionTaken> =
        of_pair.order(duplicate_decisions::id.desc()).limit(100).load(&mut conn).await?;
    taken.reverse();
    Ok(taken)
}

/// Records a decision.
pub(super) async fn insert_decision(mut conn: &Conn, row: &DecisionRow) -> Result<()> {
    diesel::insert_into(duplicate_decisions::table).values(row).execute(&mut conn).await?;
    Ok(())
}

/// Writes what a decision makes of the pair that was locked.
pub(super) async fn decide(mut conn: &Conn, before: &PairRow, taken: &DecisionRow) -> Result<PairRow> {
    let status = match taken.decision {
        Decision::Same => PairStatus::Same,
        Decision::Different => PairStatus::Different,
        Decision::Undecided if before.is_found => PairStatus::Open,
        Decision::Undecided => PairStatus::Cleared,
    };
    let is_decided = taken.decision != Decision::Undecided;
    let decided: (Option<&str>, Option<DateTime<Utc>>, Option<&str>) = if is_decided {
        (Some(&taken.client_id), Some(taken.created_at), Some(&taken.reason))
    } else {
        (None, None, None)
    };
    let row =
        duplicate_pairs::table.find((before.area_id, before.id)).filter(duplicate_pairs::version.eq(before.version));
    let after = diesel::update(row)
        .set((
            duplicate_pairs::status.eq(status),
            duplicate_pairs::decided_by.eq(decided.0),
            duplicate_pairs::decided_at.eq(decided.1),
            duplicate_pairs::decision_reason.eq(decided.2),
            duplicate_pairs::version.eq(before.version + 1),
            duplicate_pairs::updated_at.eq(taken.created_at),
        ))
        .returning(PairRow::as_returning())
        .get_result(&mut conn)
        .await
        .optional()?;
    after.ok_or_else(|| Code::VersionStale.into())
}
