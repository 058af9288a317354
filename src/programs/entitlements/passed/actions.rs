//! Passing what is due on, within the transaction of a replacement, with audit rows and events.

use serde_json::json;

use super::model::{PassedEntitlement, Passing, Portion, Standing};
use super::{queries, rules};
use crate::audit::{self, Write};
use crate::db::{self, Conn};
use crate::domain::{Caller, Period, RuleSetId};
use crate::error::{Code, Error, Result};
use crate::events::{self, NewEvent};
use crate::programs::benefits::BenefitPeriod;
use crate::programs::suspension_orders;

/// Passes what is still due of months to come to the family that takes the place, in cycles that are approved and not
/// closed; answers what did.
///
/// Locks as a delivery does, once the families are held: the cycles, shared, so that orders and closures wait or are met;
/// then the entitlements, in the order of their ids.
///
/// # Errors
/// `already_due` where the family has something of a period or of what is given once already.
pub async fn pass_on(conn: &Conn, caller: &Caller, passing: &Passing) -> Result<Vec<PassedEntitlement>> {
    queries::share_cycles(conn, passing).await?;
    let due = queries::lock_due(conn, passing).await?;
    let standings = queries::standings(conn, passing.area_id, &due).await?;
    let portion = |standing| Some((standing, rules::portion(standing, passing.on, passing.digits)?));
    let portions: Vec<(&Standing, Portion)> = standings.iter().filter_map(portion).collect();
    if portions.is_empty() {
        return Ok(Vec::new());
    }
    be_new(conn, passing, &portions).await?;
    let now = db::now();
    queries::insert(conn, passing, &portions, now).await?;
    suspension_orders::pass_holds(conn, (passing.area_id, passing.replacement_id), passing.digits, now).await?;
    let passed = queries::of_replacement(conn, passing).await?;
    for one in &passed {
        tell(conn, caller, one).await?;
    }
    Ok(passed)
}

/// The family had nothing of these periods in the program, and nothing of what is given once, which it claims.
async fn be_new(conn: &Conn, passing: &Passing, portions: &[(&Standing, Portion)]) -> Result<()> {
    let is_once = |standing: &Standing| standing.benefit_period == BenefitPeriod::Once;
    let once = portions.iter().filter(|(standing, _)| is_once(standing));
    let mut once: Vec<(RuleSetId, Period)> =
        once.map(|(standing, _)| (standing.rule_set_id, standing.period)).collect();
    once.sort();
    once.dedup_by_key(|(rule_set_id, _)| *rule_set_id);
    if let Some(had) = queries::had(conn, passing, portions, &once).await? {
        let refusal = Error::from(Code::AlreadyDue).about(had.period.first_day().to_string());
        return Err(match had.entitlement_id {
            Some(id) => refusal.related("entitlements", id.0),
            None => refusal,
        });
    }
    queries::claim_once(conn, passing, &once).await
}

async fn tell(conn: &Conn, caller: &Caller, passed: &PassedEntitlement) -> Result<()> {
    let (id, area_id) = (passed.new_entitlement_id.0, passed.area_id);
    let write = Write::of("replace_enrollment", "entitlements", id, area_id);
    audit::record(conn, caller, write, None, Some(passed)).await?;
    let event = NewEvent {
        kind: "entitlement.passed",
        subject: "entitlements",
        subject_id: id,
        area_id,
        company_id: None,
        data: json!({
            "program_id": passed.program_id, "cycle_id": passed.cycle_id, "replacement_id": passed.replacement_id,
            "entitlement_id": passed.entitlement_id, "quantity": passed.quantity,
            "held_quantity": passed.held_quantity,
        }),
    };
    events::emit(conn, event).await
}
