//! Statements of a simulation: whom rules reach, and what is due to those.

use diesel::pg::Pg;
use diesel::sql_query;
use diesel::sql_types::{Array, Int4, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;

use super::model::{Cell, Due};
use crate::db::Conn;
use crate::domain::{ProgramId, Quantity, Scope};
use crate::error::Result;
use crate::programs::benefits::Plan;
use crate::programs::bind;
use crate::programs::eligibility::Sql;

/// Placeholder of the areas.
pub(super) const AREAS: usize = 1;
/// Number of the first placeholder that is left to the rules.
pub(super) const RULES_FROM: usize = 3;
/// The same of what is due.
pub(super) const DUE_FROM: usize = 2;

/// Counts the live families that two rules say yes to, by village and decile, and those of the first rule who are on
/// other programs. Without a second rule nobody was eligible before. The placeholders of the second follow those of
/// the first.
pub(super) async fn count(
    mut conn: &Conn,
    scope: &Scope,
    program_id: ProgramId,
    (rule, before): (&Sql, Option<&Sql>),
) -> Result<Vec<Cell>> {
    let families = |rule: &Sql| {
        format!(
            "select b.area_id, b.id from beneficiaries b{} where b.area_id = any ($1) and b.status = 'live' and {}",
            rule.joins(),
            rule.condition()
        )
    };
    let nobody = || "select area_id, id from beneficiaries where false".to_owned();
    let statement = format!(
        "with found as ({}), known as ({}), family as (
             select b.area_id, b.id, b.village_code, b.decile, f.id is not null as is_found, k.id is not null as is_known
             from beneficiaries b
             left join found f on f.area_id = b.area_id and f.id = b.id
             left join known k on k.area_id = b.area_id and k.id = b.id
             where b.area_id = any ($1) and b.status = 'live'
         )
         select village_code, decile, null as program_code, count(*) as families,
             count(*) filter (where is_found) as eligible, count(*) filter (where is_known) as eligible_before,
             count(*) filter (where is_found and not is_known) as gained,
             count(*) filter (where is_known and not is_found) as lost
         from family group by village_code, decile
         union all
         select null, null, p.code, count(*), count(*), 0, 0, 0
         from family f
         join enrollments e on e.area_id = f.area_id and e.beneficiary_id = f.id and e.status <> 'exited'
             and e.program_id <> $2
         join programs p on p.id = e.program_id
         where f.is_found group by p.code
         order by program_code, village_code, decile",
        families(rule),
        before.map_or_else(nobody, families)
    );
    let query = sql_query(statement)
        .into_boxed::<Pg>()
        .bind::<Array<Int4>, _>(scope.area_ids.clone())
        .bind::<SqlUuid, _>(program_id);
    let query = bind(query, &rule.parameters);
    let query = match before {
        Some(before) => bind(query, &before.parameters),
        None => query,
    };
    Ok(query.load(&mut conn).await?)
}

/// What a plan gives to all live families that a rule says yes to. Duties cut nothing: whether they will be kept is not
/// known.
pub(super) async fn due(mut conn: &Conn, scope: &Scope, rule: &Sql, plan: &Plan) -> Result<Quantity> {
    let parts = plan.sql(AREAS, DUE_FROM + rule.parameters.len(), "and false");
    let statement = format!(
        "with on_list as (
             select b.area_id, b.id as beneficiary_id from beneficiaries b{}
             where b.area_id = any ($1) and b.status = 'live' and {}
         ), {}
         select coalesce(sum(quantity), 0) as quantity from due_to",
        rule.joins(),
        rule.condition(),
        parts.text
    );
    let query = sql_query(statement).into_boxed::<Pg>().bind::<Array<Int4>, _>(scope.area_ids.clone());
    let query = bind(bind(query, &rule.parameters), &parts.parameters);
    let due: Due = query.get_result(&mut conn).await?;
    Ok(due.quantity)
}
