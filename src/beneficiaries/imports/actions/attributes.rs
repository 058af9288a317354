//! Attributes that a file tells: laid over those of the records and checked by the schemas in force.

use std::sync::Arc;

use chrono::NaiveDate;
use serde_json::Value;
use tokio::task::spawn_blocking;

use super::work::Work;
use crate::beneficiaries::attributes::{self, AttributeSchema, AttributeSubject, Checker};
use crate::beneficiaries::imports::queries::{self, Told};
use crate::db::{self, Conn};
use crate::domain::{AttributeSchemaId, Scope};
use crate::error::{Error, Fault, Result};

/// The schemas in force; none where the layout of the file tells no attribute.
///
/// # Errors
/// Where the database refuses.
pub(super) async fn schemas_of(conn: &Conn, work: &Work) -> Result<Vec<AttributeSchema>> {
    let told = work.import.layout.as_ref().and_then(|layout| layout.get("attributes")).and_then(Value::as_array);
    if told.is_none_or(Vec::is_empty) {
        return Ok(Vec::new());
    }
    attributes::in_force(conn, &Scope { area_ids: vec![work.import.area_id], company_id: None }).await
}

/// The schema of a subject.
pub(super) fn id_of(schemas: &[AttributeSchema], subject: AttributeSubject) -> Option<AttributeSchemaId> {
    schemas.iter().find(|schema| schema.subject == subject).map(|schema| schema.id)
}

/// Settles what attributes the records of the file will have; what does not fit the schemas is a fault of its row.
///
/// # Errors
/// Where the database refuses, or a registered schema cannot be read any more.
pub(super) async fn settle_attributes(conn: &mut Conn, schemas: &[AttributeSchema]) -> Result<()> {
    if schemas.is_empty() {
        return Ok(());
    }
    queries::settle_attributes(conn).await?;
    for schema in schemas {
        check(conn, schema).await?;
    }
    Ok(())
}

async fn check(conn: &mut Conn, schema: &AttributeSchema) -> Result<()> {
    let (checker, today, mut line) = (Arc::new(Checker::of(&schema.definition)?), db::today(), 0);
    loop {
        let found = queries::settled(conn, schema.subject, line).await?;
        let Some(last) = found.last() else { return Ok(()) };
        line = last.line;
        let (checker, subject) = (Arc::clone(&checker), schema.subject);
        // A thread that serves requests has no part in it.
        let faults =
            spawn_blocking(move || faults_of(&checker, (subject, today), &found)).await.map_err(Error::internal)?;
        if !faults.lines.is_empty() {
            queries::add_faults(conn, faults.lines, faults.columns, faults.codes).await?;
        }
    }
}

/// Faults of rows, one after the other.
#[derive(Debug, Default)]
struct Faults {
    lines: Vec<i32>,
    columns: Vec<Option<String>>,
    codes: Vec<&'static str>,
}

fn faults_of(checker: &Checker, (subject, today): (AttributeSubject, NaiveDate), found: &[Told]) -> Faults {
    let mut all = Faults::default();
    for told in found {
        let attributes = told.attributes.as_object();
        for fault in attributes.map(|attributes| checker.faults_of(attributes, today, "")).unwrap_or_default() {
            all.lines.push(told.line);
            all.columns.push(column_of(subject, &fault));
            all.codes.push(fault.code.as_str());
        }
    }
    all
}

/// The attribute that a fault points at, `/attributes/roof/value`, as files call it: `beneficiaries.roof`.
fn column_of(subject: AttributeSubject, fault: &Fault) -> Option<String> {
    let name = fault.pointer.split('/').nth(2).filter(|name| !name.is_empty());
    name.map(|name| format!("{}.{name}", subject.as_str()))
}
