//! One statement a function. A rule is seen by all where it is of the state, else by its sub-district.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::dsl::{exists, select};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_builder::{BoxedSqlQuery, SqlQuery};
use diesel::sql_query;
use diesel::sql_types::{Array, BigInt, Date, Int4, Nullable, Text as SqlText, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;

use super::model::{Bar, NewOverlapRule, OverlapRule, OverlapRuleFilter};
use super::rules;
use crate::db::{Conn, Counted, Way};
use crate::domain::{OverlapRuleId, ProgramId, Scope};
use crate::error::{Code, OnConflict, Result};
use crate::http::{ByCreation, Limit};
use crate::schema::{overlap_rule_programs, overlap_rules};

/// A rule with its programs; `r` is the rule, and `$1` the areas of the caller.
const WHOLE: &str = "select r.*, r.owner_area_id is null as is_of_state,
        array(select p.program_id from overlap_rule_programs p where p.rule_id = r.id and p.side = 1 order by 1)
            as program_ids,
        array(select p.program_id from overlap_rule_programs p where p.rule_id = r.id and p.side = 2 order by 1)
            as excluded_program_ids
    from overlap_rules r where (r.owner_area_id is null or r.owner_area_id = any ($1))";

/// Finds a rule.
///
/// # Errors
/// Where the database cannot be read.
pub async fn find(mut conn: &Conn, scope: &Scope, id: OverlapRuleId) -> Result<Option<OverlapRule>> {
    let query = sql_query(format!("{WHOLE} and r.id = $2"));
    let found = query.bind::<Array<Int4>, _>(&scope.area_ids).bind::<SqlUuid, _>(id).get_result(&mut conn);
    Ok(found.await.optional()?)
}

/// Finds a rule and keeps others from ending it until the transaction ends.
pub(super) async fn lock(mut conn: &Conn, scope: &Scope, id: OverlapRuleId) -> Result<Option<OverlapRule>> {
    let query = sql_query(format!("{WHOLE} and r.id = $2 for update of r"));
    let found = query.bind::<Array<Int4>, _>(&scope.area_ids).bind::<SqlUuid, _>(id).get_result(&mut conn);
    Ok(found.await.optional()?)
}

/// The programs that keep a family of an area off a program on any day from one to another.
///
/// # Errors
/// Where the database cannot be read.
pub async fn keeping_off(
    mut conn: &Conn,
    area_id: i32,
    program_id: ProgramId,
    (from, to): (NaiveDate, NaiveDate),
) -> Result<Vec<Bar>> {
    let bars = sql_query(
        "select rule_id, other_program_id as program_id, most from overlap_pairs
         where program_id = $1 and (owner_area_id is null or owner_area_id = $2) and effective_from <= $4
             and (effective_to is null or effective_to >= $3)
         order by rule_id, other_program_id",
    );
    let bars = bars.bind::<SqlUuid, _>(program_id).bind::<Int4, _>(area_id);
    let bars = bars.bind::<Date, _>(from).bind::<Date, _>(to);
    Ok(bars.load(&mut conn).await?)
}

/// A statement over the rules that a filter leaves: `what` of them, and after them `rest`. Three placeholders are taken.
fn asked(scope: &Scope, filter: &OverlapRuleFilter, what: &str, rest: &str) -> BoxedSqlQuery<'static, Pg, SqlQuery> {
    let statement = format!(
        "select {what} from ({WHOLE}) as r
         where ($2 is null or exists (
                 select from overlap_rule_programs p where p.rule_id = r.id and p.program_id = $2))
             and ($3 is null or r.effective_from <= $3 and (r.effective_to is null or r.effective_to >= $3)) {rest}"
    );
    sql_query(statement)
        .into_boxed::<Pg>()
        .bind::<Array<Int4>, _>(scope.area_ids.clone())
        .bind::<Nullable<SqlUuid>, _>(filter.program_id)
        .bind::<Nullable<Date>, _>(filter.on)
}

/// Counts rules.
pub(super) async fn count(mut conn: &Conn, scope: &Scope, filter: &OverlapRuleFilter) -> Result<i64> {
    Ok(asked(scope, filter, "count(*) as total", "").get_result::<Counted>(&mut conn).await?.total)
}

/// Lists rules by id, after one.
pub(super) async fn list(
    mut conn: &Conn,
    scope: &Scope,
    filter: &OverlapRuleFilter,
    (limit, after): (Limit, Option<OverlapRuleId>),
) -> Result<Vec<OverlapRule>> {
    let Way { order, beyond } = Way::of(filter.sort == Some(ByCreation::Down));
    let rest = format!("and ($4 is null or r.id {beyond} $4) order by r.id {order} limit $5");
    let query = asked(scope, filter, "r.*", &rest);
    let query = query.bind::<Nullable<SqlUuid>, _>(after).bind::<BigInt, _>(limit.rows_to_fetch());
    Ok(query.load(&mut conn).await?)
}

/// The rule of the state that has a code.
pub(in crate::programs) async fn of_state(mut conn: &Conn, code: &str) -> Result<Option<OverlapRule>> {
    let query = sql_query(format!("{WHOLE} and r.owner_area_id is null and r.code = $2"));
    let found = query.bind::<Array<Int4>, _>(Vec::<i32>::new()).bind::<SqlText, _>(code).get_result(&mut conn);
    Ok(found.await.optional()?)
}

/// True where a sub-district, whichever it is, has a rule of that code.
pub(in crate::programs) async fn is_code_of_area(mut conn: &Conn, code: &str) -> Result<bool> {
    let of_area =
        overlap_rules::table.filter(overlap_rules::owner_area_id.is_not_null()).filter(overlap_rules::code.eq(code));
    Ok(select(exists(of_area)).get_result(&mut conn).await?)
}

/// Adds a rule with its programs.
pub(super) async fn insert(
    mut conn: &Conn,
    owner_area_id: Option<i32>,
    new: &NewOverlapRule,
    (client_id, now): (&str, DateTime<Utc>),
) -> Result<OverlapRuleId> {
    let id = OverlapRuleId::new();
    diesel::insert_into(overlap_rules::table)
        .values((
            overlap_rules::id.eq(id),
            overlap_rules::owner_area_id.eq(owner_area_id),
            overlap_rules::code.eq(&new.code),
            overlap_rules::kind.eq(new.kind),
            overlap_rules::most.eq(rules::most_of(new)),
            overlap_rules::legal_basis_title.eq(&new.legal_basis.title),
            overlap_rules::legal_basis_number.eq(&new.legal_basis.number),
            overlap_rules::legal_basis_article.eq(&new.legal_basis.article),
            overlap_rules::effective_from.eq(new.effective_from),
            overlap_rules::effective_to.eq(new.effective_to),
            overlap_rules::created_by.eq(client_id),
            overlap_rules::created_at.eq(now),
            overlap_rules::updated_at.eq(now),
        ))
        .execute(&mut conn)
        .await
        .on_conflict(Code::OverlapRuleCodeTaken)?;
    let sides = (1_i16..).zip(rules::sides(new));
    let rows: Vec<_> = sides
        .flat_map(|(side, (_, ids))| ids.iter().map(move |program_id| (side, *program_id)))
        .map(|(side, program_id)| {
            (
                overlap_rule_programs::rule_id.eq(id),
                overlap_rule_programs::program_id.eq(program_id),
                overlap_rule_programs::side.eq(side),
            )
        })
        .collect();
    diesel::insert_into(overlap_rule_programs::table).values(rows).execute(&mut conn).await?;
    Ok(id)
}

/// Sets the last day of a rule that was locked.
pub(super) async fn end(
    mut conn: &Conn,
    before: &OverlapRule,
    effective_to: NaiveDate,
    (client_id, now): (&str, DateTime<Utc>),
) -> Result<()> {
    diesel::update(overlap_rules::table.find(before.id))
        .set((
            overlap_rules::effective_to.eq(effective_to),
            overlap_rules::ended_by.eq(client_id),
            overlap_rules::ended_at.eq(now),
            overlap_rules::version.eq(before.version + 1),
            overlap_rules::updated_at.eq(now),
        ))
        .execute(&mut conn)
        .await?;
    Ok(())
}
