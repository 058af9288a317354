//! Adding and ending overlap rules, inside a transaction, with audit row and event.

use chrono::NaiveDate;
use serde_json::json;

use super::model::{NewEnding, NewOverlapRule, OverlapRule};
use super::{queries, rules};
use crate::audit::{self, NO_AREA};
use crate::db::{self, Conn};
use crate::domain::{Caller, OverlapRuleId, ProgramId};
use crate::error::{Code, Error, Fault, Result};
use crate::events::{self, NewEvent};
use crate::{programs, regions};

/// Adds a rule. Under the locks of all its programs, in the order of their ids: whoever gives a place of one of them
/// shares that lock, and so ends before the rule is there or begins after it and meets it.
///
/// # Errors
/// `invalid_fields`, `overlap_rule_code_taken`.
pub(super) async fn add(conn: &Conn, caller: &Caller, new: &NewOverlapRule) -> Result<OverlapRule> {
    let faults = rules::faults_of(new);
    if !faults.is_empty() {
        return Err(Error::invalid(faults));
    }
    let area_id = regions::acting_area(conn, &caller.scope, new.district_code.as_ref()).await?;
    let rule = append(conn, caller, Some(area_id), new).await?;
    // Only now: whoever loads those of the state keeps rows from being added until all of them are seen.
    if queries::of_state(conn, new.code.as_str()).await?.is_some() {
        return Err(Code::OverlapRuleCodeTaken.into());
    }
    Ok(rule)
}

/// Adds a rule without faults, of a sub-district or of the state, under the locks of its programs.
///
/// # Errors
/// `invalid_fields` for programs that are not there, `overlap_rule_code_taken`.
pub(in crate::programs) async fn append(
    conn: &Conn,
    caller: &Caller,
    owner_area_id: Option<i32>,
    new: &NewOverlapRule,
) -> Result<OverlapRule> {
    lock_programs(conn, caller, owner_area_id, new).await?;
    let id = queries::insert(conn, owner_area_id, new, (&caller.client_id, db::now())).await?;
    let rule = queries::find(conn, &caller.scope, id).await?.ok_or(Code::NotFound)?;
    tell(conn, caller, ("add_overlap_rule", "overlap_rule.added"), None, &rule).await?;
    Ok(rule)
}

async fn lock_programs(conn: &Conn, caller: &Caller, owner: Option<i32>, new: &NewOverlapRule) -> Result<()> {
    let places = rules::sides(new)
        .into_iter()
        .flat_map(|(pointer, ids)| ids.iter().enumerate().map(move |(index, id)| (*id, format!("{pointer}/{index}"))));
    let mut places: Vec<(ProgramId, String)> = places.collect();
    places.sort();
    let mut faults = Vec::new();
    for (id, pointer) in places {
        let program = programs::lock(conn, &caller.scope, id).await?;
        if !program.is_some_and(|program| owner.is_none_or(|area_id| program.serves(area_id))) {
            faults.push(Fault::new(pointer, Code::ReferenceUnknown));
        }
    }
    if faults.is_empty() { Ok(()) } else { Err(Error::invalid(faults)) }
}

/// Sets the last day of a rule of the caller's sub-district.
///
/// # Errors
/// `not_found`, `overlap_rule_not_yours`, `overlap_rule_ended`, `invalid_fields`.
pub(super) async fn end(conn: &Conn, caller: &Caller, id: OverlapRuleId, new: &NewEnding) -> Result<OverlapRule> {
    let before = queries::lock(conn, &caller.scope, id).await?.ok_or(Code::NotFound)?;
    if before.owner_area_id.is_none() {
        return Err(Code::OverlapRuleNotYours.into());
    }
    if before.ended_at.is_some() {
        return Err(Code::OverlapRuleEnded.into());
    }
    if new.effective_to < before.effective_from {
        return Err(Error::invalid_field("/effective_to", Code::DatesOutOfOrder));
    }
    close(conn, caller, &before, new.effective_to).await
}

/// Sets the last day of a rule that was locked.
///
/// # Errors
/// Where the database refuses.
pub(in crate::programs) async fn close(
    conn: &Conn,
    caller: &Caller,
    before: &OverlapRule,
    last_day: NaiveDate,
) -> Result<OverlapRule> {
    queries::end(conn, before, last_day, (&caller.client_id, db::now())).await?;
    let rule = queries::find(conn, &caller.scope, before.id).await?.ok_or(Code::NotFound)?;
    tell(conn, caller, ("end_overlap_rule", "overlap_rule.ended"), Some(before), &rule).await?;
    Ok(rule)
}

async fn tell(
    conn: &Conn,
    caller: &Caller,
    (operation, kind): (&str, &str),
    before: Option<&OverlapRule>,
    rule: &OverlapRule,
) -> Result<()> {
    let area_id = rule.owner_area_id.unwrap_or(NO_AREA);
    audit::record(conn, caller, audit::Write::of(operation, "overlap_rules", rule.id.0, area_id), before, Some(rule))
        .await?;
    let event = NewEvent {
        kind,
        subject: "overlap_rules",
        subject_id: rule.id.0,
        area_id,
        company_id: None,
        data: json!({
            "code": rule.code, "kind": rule.kind, "effective_from": rule.effective_from,
            "effective_to": rule.effective_to,
        }),
    };
    events::emit(conn, event).await
}
