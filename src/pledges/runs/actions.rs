//! Running an allocation: inside a transaction, with an audit row and an event.

use chrono::NaiveDate;
use serde_json::json;
use uuid::Uuid;

use super::model::{AllocationRun, NewRun, POLICY, RunLine};
use super::queries::{self, Common};
use crate::audit;
use crate::db::{self, Conn};
use crate::domain::{Caller, NeedId, PledgeId, PledgeLineId, Quantity, TransferId};
use crate::error::{Code, Error, Fault, Result};
use crate::events;
use crate::ledger::{self, AccountKind, AccountRef, Group, Posting, Transfer, TransferCode};
use crate::needs;
use crate::pledges::caps::Round;
use crate::pledges::model::{PledgeLine, PledgeRow};
use crate::pledges::rules::{self, Command, Side};
use crate::pledges::{actions, matching_runs, queries as pledges};

/// Allocates what is free of the lines, or tells what would be allocated.
///
/// # Errors
/// `not_found`, `command_not_possible`, `invalid_fields` for a line of another pledge.
pub(super) async fn run(conn: &Conn, caller: &Caller, id: PledgeId, new: &NewRun) -> Result<AllocationRun> {
    let pledge = pledges::find(conn, &caller.scope, id).await?;
    if !new.is_preview {
        matching_runs::take_turn(conn, pledge.area_id).await?;
    }
    let pledge = pledges::share(conn, &caller.scope, id).await?;
    rules::allow(pledge.status, Command::Allocate, Side::of(&caller.scope))?;
    let mut lines = chosen_lines(pledges::lines(conn, &[id]).await?, new)?;
    // Two runs take the needs of a kind before those of the next, so they never wait for each other in a circle.
    lines.sort_by(|one, other| (&one.kind, one.id).cmp(&(&other.kind, other.id)));
    let expires_on = rules::kept_until(db::today(), new.expires_on)?;
    let run_id = (!new.is_preview).then(Uuid::now_v7);
    let round = matching_runs::round_in_force(conn, pledge.area_id, db::today()).await?;
    let mut told = Vec::with_capacity(lines.len());
    for line in &lines {
        told.push(match run_id {
            Some(run_id) => allocate(conn, caller, (&pledge, round.as_ref()), (line, run_id, expires_on)).await?,
            None => preview(conn, (&pledge, round.as_ref()), line).await?,
        });
    }
    told.sort_by_key(|line| line.pledge_line_id);
    let run = AllocationRun { id: run_id, pledge_id: id, is_preview: new.is_preview, policy: POLICY, lines: told };
    if let Some(run_id) = run_id {
        record(conn, caller, &pledge, (run_id, &run)).await?;
    }
    Ok(run)
}

fn chosen_lines(all: Vec<PledgeLine>, new: &NewRun) -> Result<Vec<PledgeLine>> {
    let Some(wanted) = &new.pledge_line_ids else { return Ok(all) };
    if wanted.is_empty() {
        return Err(Error::invalid_field("/pledge_line_ids", Code::WrongType));
    }
    let is_known = |id: &PledgeLineId| all.iter().any(|line| line.id == *id);
    let faults = Fault::of_unknown("/pledge_line_ids/*", wanted, is_known, Code::ReferenceUnknown);
    if !faults.is_empty() {
        return Err(Error::invalid(faults));
    }
    Ok(all.into_iter().filter(|line| wanted.contains(&line.id)).collect())
}

async fn preview(conn: &Conn, (pledge, round): (&PledgeRow, Option<&Round>), line: &PledgeLine) -> Result<RunLine> {
    let free = ledger::balance(conn, AccountRef::new(AccountKind::Stock, line.id.0)).await?;
    let chosen = queries::choose(conn, (pledge.area_id, round), (line, &free), db::today()).await?;
    let quantity = sum(chosen.iter().map(|one| &one.quantity));
    Ok(told_line(line, free, quantity, (chosen.len(), None)))
}

/// Needs first, then the balance: in this order everywhere.
async fn allocate(
    conn: &Conn,
    caller: &Caller,
    (pledge, round): (&PledgeRow, Option<&Round>),
    (line, run_id, expires_on): (&PledgeLine, Uuid, NaiveDate),
) -> Result<RunLine> {
    let stock = AccountRef::new(AccountKind::Stock, line.id.0);
    queries::lock_needs(conn, pledge.area_id, line).await?;
    let free = ledger::hold(conn, stock).await?;
    let chosen = queries::choose(conn, (pledge.area_id, round), (line, &free), db::today()).await?;
    if chosen.is_empty() {
        return Ok(told_line(line, free, Quantity::zero(), (0, None)));
    }
    let (transfer_id, at, client_id) = (TransferId::new(), db::now(), caller.client_id.as_str());
    let common = Common { area_id: pledge.area_id, line, run_id, transfer_id, client_id, at, expires_on };
    queries::insert(conn, common, &chosen).await?;
    let met: Vec<(NeedId, Quantity)> = chosen.iter().map(|one| (one.need_id, one.quantity.clone())).collect();
    needs::meet(conn, pledge.area_id, &met, at).await?;
    let quantity = sum(met.iter().map(|(_, quantity)| quantity));
    let transfer = Transfer {
        id: transfer_id,
        code: TransferCode::Reserve,
        from: stock,
        to: AccountRef::new(AccountKind::Reserved, line.id.0),
        unit: line.unit.clone(),
        quantity: quantity.clone(),
    };
    let posting = Posting { area_id: pledge.area_id, group: Group::Pledge(pledge.id), client_id, at };
    ledger::post(conn, posting, &[transfer]).await?;
    Ok(told_line(line, free, quantity, (chosen.len(), Some(transfer_id))))
}

fn sum<'a>(quantities: impl Iterator<Item = &'a Quantity>) -> Quantity {
    quantities.fold(Quantity::zero(), |total, quantity| total.plus(quantity))
}

fn told_line(
    line: &PledgeLine,
    free_quantity: Quantity,
    allocated_quantity: Quantity,
    (families, transfer_id): (usize, Option<TransferId>),
) -> RunLine {
    RunLine {
        pledge_line_id: line.id,
        kind: line.kind.clone(),
        unit: line.unit.clone(),
        seed: line.id.to_string(),
        free_quantity,
        allocated_quantity,
        family_count: i64::try_from(families).unwrap_or(i64::MAX),
        transfer_id,
    }
}

/// One audit row for the run; one event for each line that moved, with quantities only.
async fn record(conn: &Conn, caller: &Caller, pledge: &PledgeRow, (run_id, run): (Uuid, &AllocationRun)) -> Result<()> {
    let families: i64 = run.lines.iter().map(|line| line.family_count).sum();
    let write = audit::Write {
        company_id: Some(pledge.company_id),
        record_count: i32::try_from(families).unwrap_or(i32::MAX),
        ..audit::Write::of("run_allocation", "allocations", run_id, pledge.area_id)
    };
    audit::record(conn, caller, write, None, Some(run)).await?;
    for line in run.lines.iter().filter(|line| line.transfer_id.is_some()) {
        let data = json!({
            "run_id": run_id, "pledge_line_id": line.pledge_line_id, "kind": line.kind, "unit": line.unit,
            "quantity": line.allocated_quantity, "transfer_id": line.transfer_id,
        });
        let about = (pledge.area_id, pledge.company_id);
        events::emit(conn, actions::event("pledge.allocated", pledge.id, about, data)).await?;
    }
    Ok(())
}
