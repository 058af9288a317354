//! What a merger and its undo do to enrollments, places on reserve lists and equipment, one event each: who follows
//! these need not read mergers.

use serde::Deserialize;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::db::Conn;
use crate::domain::{BeneficiaryId, ProgramId};
use crate::error::{Error, Result};
use crate::events::{self, NewEvent};

/// Tells what became of the rows that were kept, from what they were to what they are.
pub(super) async fn tell(conn: &Conn, area_id: i32, (was, is): (&Value, &Value)) -> Result<()> {
    let mut told = Vec::new();
    for (subject, kind_of) in FOLLOWED {
        let was = kept(was, subject)?;
        for row in kept(is, subject)? {
            let Some(before) = was.iter().find(|before| before.id == row.id) else { continue };
            if let Some(kind) = kind_of(before, &row) {
                told.push(event(kind, (subject, area_id), &row));
            }
        }
    }
    events::emit_all(conn, told).await
}

type KindOf = fn(&Kept, &Kept) -> Option<&'static str>;

/// The tables, and what a change of a row of each is called.
const FOLLOWED: [(&str, KindOf); 3] =
    [("enrollments", of_enrollment), ("reserves", of_reserve), ("custodies", of_custody)];

/// What of a kept row is asked.
#[derive(Debug, Deserialize)]
struct Kept {
    id: Uuid,
    beneficiary_id: BeneficiaryId,
    /// Equipment has none.
    program_id: Option<ProgramId>,
    status: Option<String>,
}

impl Kept {
    fn is(&self, status: &str) -> bool {
        self.status.as_deref() == Some(status)
    }

    fn is_carried(&self, before: &Self) -> bool {
        self.beneficiary_id != before.beneficiary_id
    }
}

/// The rows of a table; none where the merger was made before they were kept.
fn kept(state: &Value, table: &str) -> Result<Vec<Kept>> {
    let rows = state.get(table).cloned().unwrap_or_else(|| Value::Array(Vec::new()));
    serde_json::from_value(rows).map_err(Error::internal)
}

fn of_enrollment(before: &Kept, row: &Kept) -> Option<&'static str> {
    match (before.is("exited"), row.is("exited")) {
        (false, true) => Some("enrollment.exited"),
        (true, false) => Some("enrollment.restored"),
        _ => row.is_carried(before).then_some("enrollment.carried"),
    }
}

fn of_reserve(before: &Kept, row: &Kept) -> Option<&'static str> {
    match (before.is("waiting"), row.is("waiting")) {
        (true, false) => row.is("removed").then_some("reserve.removed"),
        (false, true) => before.is("removed").then_some("reserve.restored"),
        _ => row.is_carried(before).then_some("reserve.carried"),
    }
}

fn of_custody(before: &Kept, row: &Kept) -> Option<&'static str> {
    row.is_carried(before).then_some("custody.carried")
}

fn event<'a>(kind: &'a str, (subject, area_id): (&'a str, i32), row: &Kept) -> NewEvent<'a> {
    let mut data = json!({ "beneficiary_id": row.beneficiary_id });
    if let (Some(program_id), Some(object)) = (row.program_id, data.as_object_mut()) {
        object.insert("program_id".to_owned(), json!(program_id));
        object.insert("status".to_owned(), json!(row.status));
    }
    NewEvent { kind, subject, subject_id: row.id, area_id, company_id: None, data }
}
