//! Attributes that a file tells: laid over those of the records and checked by the schemas in force.

use serde_json::Value;

use super::work::Work;
use crate::beneficiaries::attributes::{self, AttributeSchema, AttributeSubject, Checker};
use crate::beneficiaries::imports::queries;
use crate::db::{self, Conn};
use crate::domain::{AttributeSchemaId, Scope};
use crate::error::{Fault, Result};

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
    let (checker, today, mut line) = (Checker::of(&schema.definition)?, db::today(), 0);
    loop {
        let found = queries::settled(conn, schema.subject, line).await?;
        let Some(last) = found.last() else { return Ok(()) };
        line = last.line;
        let (mut lines, mut columns, mut codes) = (Vec::new(), Vec::new(), Vec::new());
        for told in &found {
            let attributes = told.attributes.as_object();
            let faults = attributes.map(|attributes| checker.faults_of(attributes, today, "")).unwrap_or_default();
            for fault in faults {
                lines.push(told.line);
                columns.push(column_of(schema.subject, &fault));
                codes.push(fault.code.as_str());
            }
        }
        if !lines.is_empty() {
            queries::add_faults(conn, lines, columns, codes).await?;
        }
    }
}

/// The attribute that a fault points at, `/attributes/roof/value`, as files call it: `beneficiaries.roof`.
fn column_of(subject: AttributeSubject, fault: &Fault) -> Option<String> {
    let name = fault.pointer.split('/').nth(2).filter(|name| !name.is_empty());
    name.map(|name| format!("{}.{name}", subject.as_str()))
}
