//! Route of simulations.

use actix_web::web::Data;
use actix_web::{HttpResponse, post};

use super::model::{NewSimulation, Simulation};
use super::{queries, rules};
use crate::auth::{Allowed, ReadEnrollments};
use crate::db::{self, Conn, Db};
use crate::domain::{Caller, ProgramId};
use crate::error::{Code, Error, Result};
use crate::http::{Body, Id, Routes};
use crate::programs::{self, Program, RuleSet, rule_sets};

/// Simulate rules of a program
///
/// Whom they would reach by village and decile, what they would cost, how many of those families are on other programs,
/// and how many become or stop being eligible against a rule set of the program, the one in force unless you name
/// another. Writes nothing; all numbers are of one moment. Counts only: no family is named.
#[utoipa::path(
    tag = "programs", request_body = NewSimulation,
    params(("id" = ProgramId, Path, description = "Id of the program")),
    security(("oauth2" = ["enrollments:read"])), responses((status = 200, body = Simulation)),
)]
#[post("/v1/programs/{id}/simulations")]
async fn simulate_rules(
    caller: Allowed<ReadEnrollments>,
    db: Data<Db>,
    id: Id<ProgramId>,
    new: Body<NewSimulation>,
) -> Result<HttpResponse> {
    let conn = db.read(&caller.scope).await?;
    let program = programs::find(&conn, &caller.scope, id.0).await?.ok_or(Code::NotFound)?;
    let simulation = simulate(&conn, &caller, &program, &new.0).await?;
    Ok(HttpResponse::Ok().insert_header(("Cache-Control", "no-store")).json(simulation))
}

async fn simulate(conn: &Conn, caller: &Caller, program: &Program, new: &NewSimulation) -> Result<Simulation> {
    let on = new.on.unwrap_or_else(db::today);
    let expression = programs::read_rule(conn, caller, "/eligibility", &new.eligibility).await?;
    let known = compared_with(conn, caller, program, new).await?;
    let rule = expression.population_sql(on, queries::AREAS, queries::RULES_FROM);
    let next = queries::RULES_FROM + rule.parameters.len();
    let before = match &known {
        Some(known) => Some(known.expression()?.population_sql(on, queries::AREAS, next)),
        None => None,
    };
    let taken_at = db::now();
    let cells = queries::count(conn, &caller.scope, program.id, (&rule, before.as_ref())).await?;
    let sums = rules::sum_up(cells);
    let cost_before = known
        .as_ref()
        .map(|known| rules::cost(program, sums.total.eligible_before, &known.benefit_quantity, known.benefit_period));
    Ok(Simulation {
        program_id: program.id,
        on,
        taken_at,
        against_rule_set_id: known.map(|known| known.id),
        total: sums.total,
        cost: rules::cost(program, sums.total.eligible, &new.benefit_quantity, new.benefit_period),
        cost_before,
        villages: sums.villages,
        deciles: sums.deciles,
        overlaps: sums.overlaps,
    })
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

/// Registers the route.
pub(in crate::programs) fn routes(config: &mut Routes<'_, '_>) {
    config.service(simulate_rules);
}
