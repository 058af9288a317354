//! What the progress of pledges follows from, read for many of them at once.

use std::collections::HashMap;

use diesel::prelude::*;
use diesel::sql_types::{Array, Text as SqlText, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::model::{EvidenceState, PledgeProgress};
use super::rules;
use crate::db::{self, Conn};
use crate::domain::PledgeId;
use crate::error::Result;
use crate::ledger::{self, AccountKind, Balances};
use crate::pledges::installments;
use crate::pledges::model::{PledgeLine, PledgeRow};
use crate::pledges::trail::TrailLine;

/// How far each of some pledges is that the caller was found to reach; each row comes with its lines.
pub(in crate::pledges) async fn of(
    conn: &Conn,
    pledges: &[(&PledgeRow, &[PledgeLine])],
) -> Result<HashMap<PledgeId, PledgeProgress>> {
    let ids: Vec<PledgeId> = pledges.iter().map(|(row, _)| row.id).collect();
    let owners: Vec<Uuid> = pledges.iter().flat_map(|(_, lines)| lines.iter().map(|line| line.id.0)).collect();
    let balances = ledger::balances(conn, &owners).await?;
    let evidence = evidence(conn, &ids).await?;
    let told = pledges.iter().map(|(row, lines)| {
        let state = evidence.get(&row.id).copied().unwrap_or(EvidenceState::Missing);
        (row.id, progress(row, lines, &balances, state))
    });
    Ok(told.collect())
}

fn progress(
    row: &PledgeRow,
    lines: &[PledgeLine],
    balances: &HashMap<Uuid, Balances>,
    evidence: EvidenceState,
) -> PledgeProgress {
    let none = Balances::default();
    let own = |line: &PledgeLine| balances.get(&line.id.0).unwrap_or(&none);
    // Before it is accepted a pledge has no account, so that nothing of it is given, due or whole.
    let binding = lines.iter().filter(|line| balances.contains_key(&line.id.0));
    let told: Vec<rules::Told> =
        binding.clone().map(|line| (line.origin, TrailLine::of(line.clone(), own(line), None))).collect();
    let outstanding = |line: &PledgeLine| own(line).of(AccountKind::Commitment);
    let is_late = |line: &PledgeLine| installments::is_late((line, row.year), outstanding(line), (db::today(), 0));
    PledgeProgress {
        fulfilment: rules::fulfilment(&told),
        allocation: rules::allocation(&told),
        delivery: rules::delivery(&told),
        evidence,
        is_overdue: binding.into_iter().any(is_late),
    }
}

/// True where the newest evidence of a pledge is whole, as its closure asks.
pub(in crate::pledges) async fn has_whole_evidence(conn: &Conn, id: PledgeId) -> Result<bool> {
    Ok(evidence(conn, &[id]).await?.get(&id) == Some(&EvidenceState::Complete))
}

/// Whether the newest evidence of each is as new as its last movement and its last reopening: what was told before a pledge
/// was opened again is not what it is closed on.
async fn evidence(mut conn: &Conn, ids: &[PledgeId]) -> Result<HashMap<PledgeId, EvidenceState>> {
    #[derive(QueryableByName)]
    struct Found {
        #[diesel(sql_type = SqlUuid)]
        id: PledgeId,
        #[diesel(sql_type = SqlText)]
        evidence: EvidenceState,
    }
    let found: Vec<Found> = diesel::sql_query(
        "select p.id, case when e.made_at >= greatest(t.moved_at, d.reopened_at) then 'complete' else 'partial' end
             as evidence
         from pledges p
         cross join lateral (select max(created_at) as made_at from evidence_packs where pledge_id = p.id) as e
         cross join lateral (
             select max(at) as moved_at from ledger_transfers where area_id = p.area_id and group_id = p.id
         ) as t
         cross join lateral (
             select max(decided_at) as reopened_at from pledge_decisions
             where pledge_id = p.id and kind = 'reopening' and status = 'agreed'
         ) as d
         where p.id = any ($1) and e.made_at is not null",
    )
    .bind::<Array<SqlUuid>, _>(ids)
    .load(&mut conn)
    .await?;
    Ok(found.into_iter().map(|one| (one.id, one.evidence)).collect())
}
