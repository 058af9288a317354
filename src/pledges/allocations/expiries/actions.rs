//! Releasing what is overdue: each pledge in a transaction of its own, with audit rows and events.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde_json::{Value, json};

use super::queries::{self, AT_ONCE, Overdue};
use crate::audit;
use crate::db::{self, Conn, Db};
use crate::domain::{Caller, NeedId, PledgeId, PledgeLineId, Quantity, Scope, TransferId};
use crate::error::Result;
use crate::events;
use crate::ledger::{self, AccountKind, AccountRef, Group, Posting, Transfer, TransferCode};
use crate::needs;
use crate::pledges::model::{PledgeLine, PledgeRow};
use crate::pledges::rules::{self, Command, Side};
use crate::pledges::{actions, matching_runs, queries as pledges};

/// Who the audit rows and transfers name: nobody asked for it.
const HOUSEKEEPING: &str = "housekeeping";

/// Releases what of some areas is reserved beyond its day; how many allocations.
///
/// What one pledge refuses stays reserved until the next round, and keeps no other pledge from being looked at.
///
/// # Errors
/// Where the database cannot be reached.
pub(crate) async fn release_overdue(db: &Db, areas: &Scope, today: NaiveDate) -> Result<usize> {
    let pledges = queries::overdue_pledges(&*db.read(areas).await?, areas, today).await?;
    let mut released = 0;
    for of in pledges {
        match release_of(db, of, today).await {
            Ok(count) => released += count,
            Err(error) => {
                log::warn!(pledge_id:% = of.1; "what is overdue stays reserved until the next round: {error}");
            }
        }
    }
    Ok(released)
}

/// Releases what of a pledge is overdue, so much at a time that nobody waits for long.
async fn release_of(db: &Db, of: (i32, PledgeId), today: NaiveDate) -> Result<usize> {
    let scope = Scope { area_ids: vec![of.0], company_id: None };
    let mut released = 0;
    loop {
        let mut conn = db.begin(&scope).await?;
        let some = release_some(&conn, &scope, of, today).await;
        let count = db::end(&mut conn, some).await?;
        released += count;
        if count < AT_ONCE {
            return Ok(released);
        }
    }
}

/// Takes the turn of the area's runs, shared, as all that reserves by hand does: a run takes its lines in an order of its
/// own. Then locks as a release does: the allocations, the pledge, shared, the needs, and the balances last.
async fn release_some(conn: &Conn, scope: &Scope, (area_id, id): (i32, PledgeId), today: NaiveDate) -> Result<usize> {
    matching_runs::share_turn(conn, area_id).await?;
    let overdue = queries::lock_overdue(conn, (area_id, id), today).await?;
    if overdue.is_empty() {
        return Ok(0);
    }
    let pledge = pledges::share(conn, scope, id).await?;
    rules::allow(pledge.status, Command::Release, Side::Officer)?;
    let at = db::now();
    queries::expire(conn, area_id, &overdue, at).await?;
    let unmet: Vec<(NeedId, Quantity)> = overdue.iter().map(|one| (one.need_id, one.quantity.clone())).collect();
    needs::unmeet(conn, area_id, &unmet, at).await?;
    let caller = Caller::service_as(HOUSEKEEPING, scope.clone());
    let mut transfers = Vec::new();
    for expired in by_line(&overdue, &pledges::lines(conn, &[id]).await?) {
        tell(conn, &caller, &pledge, &expired).await?;
        transfers.push(expired.transfer);
    }
    let posting = Posting { area_id, group: Group::Pledge(id), client_id: HOUSEKEEPING, at };
    ledger::post(conn, posting, &transfers).await?;
    Ok(overdue.len())
}

/// What expired of a line, of all families together.
struct Expired<'a> {
    line: &'a PledgeLine,
    allocations: i32,
    transfer: Transfer,
}

/// One transfer a line, as a run reserves it.
fn by_line<'a>(overdue: &[Overdue], lines: &'a [PledgeLine]) -> Vec<Expired<'a>> {
    let mut sums: BTreeMap<PledgeLineId, (i32, Quantity)> = BTreeMap::new();
    for one in overdue {
        let (count, sum) = sums.entry(one.pledge_line_id).or_insert_with(|| (0, Quantity::zero()));
        *count += 1;
        *sum = sum.plus(&one.quantity);
    }
    let expired = lines.iter().filter_map(|line| {
        let (allocations, quantity) = sums.remove(&line.id)?;
        let transfer = Transfer {
            id: TransferId::new(),
            code: TransferCode::Expire,
            from: AccountRef::new(AccountKind::Reserved, line.id.0),
            to: AccountRef::new(AccountKind::Stock, line.id.0),
            unit: line.unit.clone(),
            quantity,
        };
        Some(Expired { line, allocations, transfer })
    });
    expired.collect()
}

/// Tells the company how much is free again, never whose it was.
async fn tell(conn: &Conn, caller: &Caller, pledge: &PledgeRow, expired: &Expired<'_>) -> Result<()> {
    let Expired { line, allocations, transfer } = expired;
    let data = json!({
        "pledge_line_id": line.id, "kind": line.kind, "unit": line.unit, "quantity": transfer.quantity,
        "transfer_id": transfer.id,
    });
    let write = audit::Write {
        company_id: Some(pledge.company_id),
        record_count: *allocations,
        ..audit::Write::of("expire_allocations", "pledge_lines", line.id.0, pledge.area_id)
    };
    audit::record::<Value>(conn, caller, write, None, Some(&data)).await?;
    let about = (pledge.area_id, pledge.company_id);
    events::emit(conn, actions::event("pledge.reservations_expired", pledge.id, about, data)).await
}
