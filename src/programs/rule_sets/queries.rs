//! One statement a function. A rule set is seen by those who see its program.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::dsl::max;
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use super::model::{NewRuleSet, RuleSet, RuleSetFilter};
use crate::db::{self, Conn, walk};
use crate::domain::{ProgramId, RuleSetId, Scope};
use crate::error::{Code, Error, Result};
use crate::http::{ByNumber, Limit};
use crate::schema::{programs, rule_sets};

/// Finds a rule set.
pub(in crate::programs) async fn find(mut conn: &Conn, scope: &Scope, id: RuleSetId) -> Result<Option<RuleSet>> {
    let visible = programs::owner_area_id.is_null().or(programs::owner_area_id.eq_any(&scope.area_ids));
    let seen = programs::table.filter(visible).select(programs::id);
    let query = RuleSet::query().filter(rule_sets::id.eq(id)).filter(rule_sets::program_id.eq_any(seen));
    Ok(query.first(&mut conn).await.optional()?)
}

/// The rule set of a program in force on a day: the newest whose dates cover it. The program has been found before.
///
/// # Errors
/// `no_rule_set_in_force`.
pub async fn in_force(conn: &Conn, program_id: ProgramId, on: NaiveDate) -> Result<RuleSet> {
    in_force_as_of(conn, program_id, (on, None)).await
}

/// The same of those that were there at an instant: one that is made later with earlier dates decided nothing then.
///
/// # Errors
/// `no_rule_set_in_force`.
pub(in crate::programs) async fn in_force_as_of(
    mut conn: &Conn,
    program_id: ProgramId,
    (on, at): (NaiveDate, Option<DateTime<Utc>>),
) -> Result<RuleSet> {
    let mut query = RuleSet::query().into_boxed().filter(rule_sets::program_id.eq(program_id));
    if let Some(at) = at {
        query = query.filter(rule_sets::created_at.le(at));
    }
    let newest = query
        .filter(rule_sets::effective_from.le(on))
        .filter(rule_sets::effective_to.is_null().or(rule_sets::effective_to.ge(on)))
        .order(rule_sets::number.desc())
        .first(&mut conn)
        .await
        .optional()?;
    newest.ok_or_else(|| Error::from(Code::NoRuleSetInForce).about(on.to_string()))
}

/// The rule sets that whoever begins on a day is judged by, each with the day that it is asked for: the one in force then,
/// and where that day is past and another one is in force today, that one as well. So nobody comes onto a program today
/// by rules that are over.
///
/// # Errors
/// `no_rule_set_in_force` on that day.
pub async fn in_force_since(
    conn: &Conn,
    program_id: ProgramId,
    first_day: NaiveDate,
) -> Result<(RuleSet, Option<(RuleSet, NaiveDate)>)> {
    let then = in_force(conn, program_id, first_day).await?;
    let today = db::today();
    if first_day >= today {
        return Ok((then, None));
    }
    let now = match in_force(conn, program_id, today).await {
        Err(Error::Refused(refusal)) if refusal.code == Code::NoRuleSetInForce => None,
        found => Some(found?).filter(|now| now.id != then.id),
    };
    Ok((then, now.map(|now| (now, today))))
}

/// Rule sets of a program that a filter leaves.
fn filtered(program_id: ProgramId, filter: &RuleSetFilter) -> rule_sets::BoxedQuery<'_, Pg> {
    let mut query = rule_sets::table.filter(rule_sets::program_id.eq(program_id)).into_boxed();
    if let Some(on) = filter.on {
        query = query.filter(rule_sets::effective_from.le(on));
        query = query.filter(rule_sets::effective_to.is_null().or(rule_sets::effective_to.ge(on)));
    }
    query
}

/// Counts rule sets of a program.
pub(super) async fn count(mut conn: &Conn, program_id: ProgramId, filter: &RuleSetFilter) -> Result<i64> {
    Ok(filtered(program_id, filter).count().get_result(&mut conn).await?)
}

/// Lists rule sets of a program by number, after one.
pub(super) async fn list(
    mut conn: &Conn,
    program_id: ProgramId,
    filter: &RuleSetFilter,
    (limit, after): (Limit, Option<i32>),
) -> Result<Vec<RuleSet>> {
    let query = filtered(program_id, filter).select(RuleSet::as_select()).limit(limit.rows_to_fetch());
    let is_down = filter.sort != Some(ByNumber::Up);
    Ok(walk!(query, is_down, after, rule_sets::{number}).load(&mut conn).await?)
}

/// All rule sets of a program that has been found before, by number.
pub(in crate::programs) async fn all_of(mut conn: &Conn, program_id: ProgramId) -> Result<Vec<RuleSet>> {
    let of_program = RuleSet::query().filter(rule_sets::program_id.eq(program_id)).order(rule_sets::number);
    Ok(of_program.load(&mut conn).await?)
}

/// Highest number of a program's rule sets; 0 where it has none.
pub(super) async fn last_number(mut conn: &Conn, program_id: ProgramId) -> Result<i32> {
    let of_program = rule_sets::table.filter(rule_sets::program_id.eq(program_id));
    let last: Option<i32> = of_program.select(max(rule_sets::number)).first(&mut conn).await?;
    Ok(last.unwrap_or_default())
}

/// Adds a rule set.
pub(super) async fn insert(
    mut conn: &Conn,
    (program_id, number): (ProgramId, i32),
    new: &NewRuleSet,
    client_id: &str,
    now: DateTime<Utc>,
) -> Result<RuleSet> {
    let benefit = new.terms().benefit().ok_or_else(|| Error::internal("a rule set gives nothing"))?;
    let most = benefit.most(new.benefit_period).ok_or_else(|| Error::internal("a benefit has no limit"))?;
    let rule_set = diesel::insert_into(rule_sets::table)
        .values((
            rule_sets::id.eq(RuleSetId::new()),
            rule_sets::program_id.eq(program_id),
            rule_sets::number.eq(number),
            rule_sets::eligibility.eq(&new.eligibility),
            rule_sets::benefit_quantity.eq(most),
            rule_sets::benefit.eq(benefit),
            rule_sets::benefit_period.eq(new.benefit_period),
            rule_sets::legal_basis_title.eq(&new.legal_basis.title),
            rule_sets::legal_basis_number.eq(&new.legal_basis.number),
            rule_sets::legal_basis_article.eq(&new.legal_basis.article),
            rule_sets::effective_from.eq(new.effective_from),
            rule_sets::effective_to.eq(new.effective_to),
            rule_sets::created_by.eq(client_id),
            rule_sets::replacement_source.eq(new.replacements().source),
            rule_sets::replacement_needs_meeting.eq(new.replacements().needs_deliberation),
            rule_sets::created_at.eq(now),
        ))
        .returning(RuleSet::as_returning())
        .get_result(&mut conn)
        .await?;
    Ok(rule_set)
}
