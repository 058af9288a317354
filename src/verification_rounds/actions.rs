//! Opening and closing rounds: each inside a transaction, with audit row and event.

use serde_json::json;
use uuid::Uuid;

use super::model::{NewRound, Round, RoundStatus};
use super::samples::{self, Drawn};
use super::{queries, rules};
use crate::audit::{self, Write};
use crate::auth::{self, WriteVisits};
use crate::db::{self, Conn};
use crate::domain::{Caller, VerificationRoundId};
use crate::error::{Code, Error, Result};
use crate::events::{self, NewEvent};
use crate::programs::{self, eligibility::Sql};
use crate::regions;

/// Opens a round: its list is drawn up and freezes.
///
/// # Errors
/// `invalid_fields`, `round_empty`.
pub(super) async fn open(conn: &Conn, caller: &Caller, new: &NewRound) -> Result<Round> {
    let area_id = regions::acting_area(conn, &caller.scope, new.district_code.as_ref()).await?;
    let expression = programs::read_rule(conn, caller, "/rule", &new.rule).await?;
    let villages = regions::villages_of(conn, area_id).await?;
    let named: Vec<&str> = new.assignments.iter().map(|assignment| assignment.client_id.as_str()).collect();
    let clients = auth::allowed_in::<WriteVisits>(conn, area_id, &named).await?;
    let faults = rules::faults_of(new, &villages, &clients);
    if !faults.is_empty() {
        return Err(Error::invalid(faults));
    }
    let reference_on = db::today();
    let drawn = draw(conn, caller, area_id, new, &expression.sql(reference_on, samples::RULE_FROM)).await?;
    let round = queries::insert(conn, caller, area_id, (new, drawn.as_ref()), (reference_on, db::now())).await?;
    let rule = expression.sql(reference_on, queries::RULE_FROM);
    let families = queries::draw_up(conn, &round, new, &rule).await?;
    if families == 0 {
        return Err(Code::RoundEmpty.into());
    }
    let task_count = i32::try_from(families).map_err(Error::internal)?;
    queries::note_count(conn, &round, task_count).await?;
    let round = Round { task_count, ..round };
    tell(conn, caller, ("open_verification_round", "verification_round.opened"), None, &round).await?;
    Ok(round)
}

/// Shares a sample out over the villages, where one is asked for.
async fn draw(conn: &Conn, caller: &Caller, area_id: i32, new: &NewRound, rule: &Sql) -> Result<Option<Drawn>> {
    let Some(sample) = &new.sample else { return Ok(None) };
    let faults = samples::faults_of(sample);
    if !faults.is_empty() {
        return Err(Error::invalid(faults));
    }
    let program = programs::find(conn, &caller.scope, sample.program_id).await?;
    if !program.is_some_and(|program| program.serves(area_id)) {
        return Err(Error::invalid_field("/sample/program_id", Code::ReferenceUnknown));
    }
    let villages = samples::populations(conn, area_id, new.village_codes.as_ref(), rule).await?;
    let population = villages.iter().map(|(_, families)| families).sum();
    let strata = samples::allocate(villages, samples::size_of(sample, population));
    let seed = sample.seed.map_or_else(random_seed, Ok)?;
    Ok(Some(Drawn { program_id: sample.program_id, seed, strata }))
}

/// A seed of 31 random bits.
fn random_seed() -> Result<i32> {
    i32::try_from(Uuid::now_v7().as_u128() & 0x7fff_ffff).map_err(Error::internal)
}

/// Closes a round.
///
/// # Errors
/// `not_found`, `round_not_open`.
pub(super) async fn close(conn: &Conn, caller: &Caller, id: VerificationRoundId) -> Result<Round> {
    let before = queries::lock(conn, &caller.scope, id).await?.ok_or(Code::NotFound)?;
    if before.status != RoundStatus::Open {
        return Err(Code::RoundNotOpen.into());
    }
    let round = queries::close(conn, caller, &before, db::now()).await?;
    tell(conn, caller, ("close_verification_round", "verification_round.closed"), Some(&before), &round).await?;
    Ok(round)
}

async fn tell(
    conn: &Conn,
    caller: &Caller,
    (operation, kind): (&str, &str),
    before: Option<&Round>,
    round: &Round,
) -> Result<()> {
    let record_count = if before.is_none() { round.task_count } else { 1 };
    let write = Write { record_count, ..Write::of(operation, "verification_rounds", round.id.0, round.area_id) };
    audit::record(conn, caller, write, before, Some(round)).await?;
    let event = NewEvent {
        kind,
        subject: "verification_rounds",
        subject_id: round.id.0,
        area_id: round.area_id,
        company_id: None,
        data: json!({ "task_count": round.task_count, "due_on": round.due_on, "status": round.status }),
    };
    events::emit(conn, event).await
}
