//! Trying rules: two of them, and what they give, all read of one moment.

use chrono::NaiveDate;

use super::model::{Cost, NewSimulation, Simulation, Tried};
use super::{queries, rules};
use crate::db::{self, Conn};
use crate::domain::{Caller, Quantity, Scope};
use crate::error::{Code, Error, Result};
use crate::programs::benefits::{Benefit, Plan};
use crate::programs::{self, BenefitPeriod, Program, RuleSet, rule_sets};

/// Tells what the rules would do, beside those that they are compared with.
///
/// # Errors
/// `invalid_fields`.
pub(super) async fn simulate(
    conn: &Conn,
    caller: &Caller,
    program: &Program,
    new: &NewSimulation,
) -> Result<Simulation> {
    let on = new.on.unwrap_or_else(db::today);
    let (rule, benefit) = rule_sets::read_terms(conn, caller, program.kind, new.terms()).await?;
    let tried = Tried { rule, benefit, length: new.benefit_period };
    let known = compared_with(conn, caller, program, new).await?;
    let before = known.as_ref().map(tried_before).transpose()?;
    let sql = tried.rule.population_sql(on, queries::AREAS, queries::RULES_FROM);
    let next = queries::RULES_FROM + sql.parameters.len();
    let sql_before = before.as_ref().map(|before| before.rule.population_sql(on, queries::AREAS, next));
    let taken_at = db::now();
    let cells = queries::count(conn, &caller.scope, program.id, (&sql, sql_before.as_ref())).await?;
    let sums = rules::sum_up(cells);
    let place = (&caller.scope, program.unit.as_str(), on);
    let cost_before = match &before {
        Some(before) => Some(cost(conn, place, before, sums.total.eligible_before).await?),
        None => None,
    };
    Ok(Simulation {
        program_id: program.id,
        on,
        taken_at,
        against_rule_set_id: known.map(|known| known.id),
        total: sums.total,
        cost: cost(conn, place, &tried, sums.total.eligible).await?,
        cost_before,
        villages: sums.villages,
        deciles: sums.deciles,
        overlaps: sums.overlaps,
    })
}

fn tried_before(known: &RuleSet) -> Result<Tried> {
    Ok(Tried { rule: known.expression()?, benefit: known.benefit.clone(), length: known.benefit_period })
}

/// What so many eligible families are due.
async fn cost(conn: &Conn, (scope, unit, on): (&Scope, &str, NaiveDate), tried: &Tried, families: i64) -> Result<Cost> {
    let per_period = due(conn, (scope, on), (tried, tried.length), families).await?;
    let per_year = match tried.benefit {
        // The parts of a year differ by what does not divide.
        Benefit::PerComponent { .. } => due(conn, (scope, on), (tried, BenefitPeriod::Year), families).await?,
        _ => per_period.many(tried.length.in_a_year()),
    };
    Ok(Cost { unit: unit.to_owned(), per_period: per_period.to_string(), per_year: per_year.to_string() })
}

/// What they are due in the period around a day, or in a year by the ages of that period.
async fn due(
    conn: &Conn,
    (scope, on): (&Scope, NaiveDate),
    (tried, length): (&Tried, BenefitPeriod),
    families: i64,
) -> Result<Quantity> {
    let period = tried.length.around(on).ok_or_else(|| Error::invalid_field("/on", Code::DateMalformed))?;
    if let Some(plan) = Plan::of(&tried.benefit, length, period)? {
        let rule = tried.rule.population_sql(on, queries::AREAS, queries::DUE_FROM);
        return queries::due(conn, scope, &rule, &plan).await;
    }
    let each = tried.benefit.most(length).unwrap_or_else(Quantity::zero);
    Ok(each.many(u64::try_from(families).unwrap_or_default()))
}

/// The rule set to compare with: the one that is named, else the one in force, if there is one.
async fn compared_with(
    conn: &Conn,
    caller: &Caller,
    program: &Program,
    new: &NewSimulation,
) -> Result<Option<RuleSet>> {
    if let Some(id) = new.against_rule_set_id {
        let named = rule_sets::find(conn, &caller.scope, id).await?.filter(|named| named.program_id == program.id);
        let unknown = || Error::invalid_field("/against_rule_set_id", Code::ReferenceUnknown);
        return named.map(Some).ok_or_else(unknown);
    }
    match programs::in_force(conn, program.id, new.on.unwrap_or_else(db::today)).await {
        Ok(in_force) => Ok(Some(in_force)),
        Err(error) if error.code() == Some(Code::NoRuleSetInForce) => Ok(None),
        Err(error) => Err(error),
    }
}
