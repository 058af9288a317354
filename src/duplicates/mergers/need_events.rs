//! What an undo does to needs, one event each: who follows a need need not read mergers.

use serde::Deserialize;
use serde_json::{Value, json};

use crate::db::Conn;
use crate::domain::NeedId;
use crate::error::{Error, Result};
use crate::events::{self, NewEvent};

/// Tells which needs that the merger withdrew stand again, and which it had recorded are withdrawn.
pub(super) async fn tell_given_back(conn: &Conn, area_id: i32, before: &Value, after: &Value) -> Result<()> {
    let (before, after) = (kept(before)?, kept(after)?);
    let told = after.iter().filter_map(|left| {
        let kind = match before.iter().find(|need| need.id == left.id) {
            None => "need.withdrawn",
            Some(need) if need.status != left.status => "need.restored",
            Some(_) => return None,
        };
        Some(event(kind, area_id, left))
    });
    events::emit_all(conn, told.collect()).await
}

/// What of a kept need is asked.
#[derive(Debug, Deserialize)]
struct KeptNeed {
    id: NeedId,
    kind: String,
    status: String,
}

fn kept(state: &Value) -> Result<Vec<KeptNeed>> {
    let rows = state.get("needs").cloned().unwrap_or_else(|| Value::Array(Vec::new()));
    serde_json::from_value(rows).map_err(Error::internal)
}

fn event<'a>(kind: &'a str, area_id: i32, need: &KeptNeed) -> NewEvent<'a> {
    NewEvent {
        kind,
        subject: "needs",
        subject_id: need.id.0,
        area_id,
        company_id: None,
        data: json!({ "kind": need.kind }),
    }
}
