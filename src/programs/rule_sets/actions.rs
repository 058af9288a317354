//! Adding rule sets, inside a transaction, with audit row and event.

use serde_json::{Value, json};

use super::model::{NewRuleSet, RuleSet, Terms};
use super::rules::Nameable;
use super::{queries, rules};
use crate::audit::{self, NO_AREA};
use crate::beneficiaries::{self, AttributeSubject};
use crate::db::{self, Conn};
use crate::domain::{Caller, ProgramId, Scope};
use crate::error::{Code, Error, Fault, Result};
use crate::events::{self, NewEvent};
use crate::programs::benefits::Benefit;
use crate::programs::eligibility::{Expression, Mention, Named};
use crate::programs::{self, Program, ProgramKind};

/// Reads a rule that another feature keeps at `pointer` of a body, such as the scope of a verification round.
///
/// # Errors
/// `invalid_fields` with every fault of the rule.
pub async fn read_rule(conn: &Conn, caller: &Caller, pointer: &str, source: &str) -> Result<Expression> {
    let expression = Expression::parse(source).ok();
    let mentions = expression.iter().flat_map(Expression::mentions).cloned().collect();
    let nameable = nameable(conn, &caller.scope, mentions).await?;
    rules::read_expression(pointer, source, &nameable).map_err(Error::invalid)
}

/// Reads whom rules reach and with what, as those of a rule set of a program of that kind, and keeps nothing.
///
/// # Errors
/// `invalid_fields` with every fault.
pub(in crate::programs) async fn read_terms(
    conn: &Conn,
    caller: &Caller,
    kind: ProgramKind,
    terms: Terms<'_>,
) -> Result<(Expression, Benefit)> {
    let nameable = nameable(conn, &caller.scope, terms.mentions()).await?;
    let faults = rules::faults_of_terms(terms, kind, &nameable);
    if !faults.is_empty() {
        return Err(Error::invalid(faults));
    }
    let expression = rules::read_expression("/eligibility", terms.eligibility, &nameable).map_err(Error::invalid)?;
    let benefit = terms.benefit().ok_or_else(|| Error::internal("rules without faults give nothing"))?;
    Ok((expression, benefit))
}

/// What rules may name, looked up as far as they name something.
async fn nameable(conn: &Conn, scope: &Scope, mentions: Vec<Mention>) -> Result<Nameable> {
    let named = || mentions.iter().map(|mention| &mention.named);
    let sources: Vec<String> = named()
        .filter_map(|named| match named {
            Named::RankSource(source) => Some(source.clone()),
            _ => None,
        })
        .collect();
    let mut nameable = Nameable { programs: programs::codes(conn, scope).await?, ..Nameable::default() };
    if !sources.is_empty() {
        nameable.rank_sources = beneficiaries::rank_sources_of(conn, scope, &sources).await?;
    }
    if named().any(|named| matches!(named, Named::Attribute { .. })) {
        nameable.schemas = schemas(conn, scope).await?;
    }
    Ok(nameable)
}

/// Schemas of attributes in force, each with whether it is for members.
pub(super) async fn schemas(conn: &Conn, scope: &Scope) -> Result<Vec<(bool, Value)>> {
    let schemas = beneficiaries::attribute_schemas_in_force(conn, scope).await?;
    Ok(schemas.into_iter().map(|one| (one.subject == AttributeSubject::Members, one.definition)).collect())
}

/// Adds a rule set to a program. Under the program's lock, so that numbers have no gap and none twice.
///
/// # Errors
/// `not_found`, `program_not_yours`, `invalid_fields`.
pub(super) async fn add(conn: &Conn, caller: &Caller, program_id: ProgramId, new: &NewRuleSet) -> Result<RuleSet> {
    let program = programs::lock(conn, &caller.scope, program_id).await?.ok_or(Code::NotFound)?;
    program.owned_by(caller)?;
    let faults = faults_of(conn, caller, (&program, new), &[]).await?;
    if !faults.is_empty() {
        return Err(Error::invalid(faults));
    }
    append(conn, caller, &program, new).await
}

/// All faults of a rule set of a program; its rules may ask for attributes of `schemas` besides those in force, each with
/// whether it is for members.
///
/// # Errors
/// Where the database cannot be read.
pub(in crate::programs) async fn faults_of(
    conn: &Conn,
    caller: &Caller,
    (program, new): (&Program, &NewRuleSet),
    schemas: &[(bool, Value)],
) -> Result<Vec<Fault>> {
    let mut nameable = nameable(conn, &caller.scope, new.terms().mentions()).await?;
    nameable.schemas.extend_from_slice(schemas);
    Ok(rules::faults_of(new, program.kind, &nameable))
}

/// Adds a rule set without faults to a locked program.
///
/// # Errors
/// Where the database refuses.
pub(in crate::programs) async fn append(
    conn: &Conn,
    caller: &Caller,
    program: &Program,
    new: &NewRuleSet,
) -> Result<RuleSet> {
    let number = queries::last_number(conn, program.id).await? + 1;
    let rule_set = queries::insert(conn, (program.id, number), new, &caller.client_id, db::now()).await?;
    let area_id = program.owner_area_id.unwrap_or(NO_AREA);
    let write = audit::Write::of("add_rule_set", "rule_sets", rule_set.id.0, area_id);
    audit::record(conn, caller, write, None, Some(&rule_set)).await?;
    let event = NewEvent {
        kind: "rule_set.added",
        subject: "rule_sets",
        subject_id: rule_set.id.0,
        area_id,
        company_id: None,
        data: json!({ "program_id": program.id, "number": number, "effective_from": rule_set.effective_from }),
    };
    events::emit(conn, event).await?;
    Ok(rule_set)
}
