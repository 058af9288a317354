//! What an undo writes: each row as it was, under a version of its own.

use diesel::sql_types::{Integer, Jsonb, Text, Timestamptz};
use diesel_async::RunQueryDsl;
use serde_json::Value;

use super::rows::Hand;
use crate::db::Conn;
use crate::error::{Code, Result};

/// A table whose rows are restored, and the columns that go on counting.
#[derive(Debug, Clone, Copy)]
struct Restored {
    table: &'static str,
    counting: &'static [&'static str],
    count: &'static str,
    /// The seal of a number, and what it becomes: no row that is kept for an undo has it.
    seal: Option<(&'static str, &'static str)>,
}

/// In the order of writing: ties before families, as nobody is the head twice.
const TABLES: [Restored; 10] = [
    Restored {
        table: "members",
        counting: &["version", "valid_from", "updated_at"],
        count: "version = t.version + 1, valid_from = greatest($3, t.valid_from + interval '1 microsecond'), \
            updated_at = greatest($3, t.valid_from + interval '1 microsecond'), ",
        // That of the version before, sealed for the same row under whatever key it is now.
        seal: Some((
            "nik_sealed",
            "nik_sealed = case when t.nik_digest is not distinct from r.nik_digest then t.nik_sealed else (
                select h.nik_sealed from members_history h
                where h.area_id = t.area_id and h.id = t.id and h.version = r.version) end, ",
        )),
    },
    Restored {
        table: "memberships",
        counting: &["valid_from"],
        count: "valid_from = greatest($3, t.valid_from + interval '1 microsecond'), ",
        seal: None,
    },
    Restored {
        table: "beneficiaries",
        counting: &["version", "valid_from", "updated_at"],
        count: "version = t.version + 1, valid_from = greatest($3, t.valid_from + interval '1 microsecond'), \
            updated_at = greatest($3, t.valid_from + interval '1 microsecond'), ",
        // A merger changes no family's own card.
        seal: Some(("card_sealed", "")),
    },
    Restored {
        table: "collectors",
        counting: &["version", "updated_at"],
        count: "version = t.version + 1, updated_at = greatest($3, t.updated_at + interval '1 microsecond'), ",
        seal: None,
    },
    Restored {
        table: "enrollments",
        counting: &["version", "updated_at"],
        count: "version = t.version + 1, updated_at = greatest($3, t.updated_at + interval '1 microsecond'), ",
        seal: None,
    },
    Restored {
        table: "reserves",
        counting: &["version", "updated_at"],
        count: "version = t.version + 1, updated_at = greatest($3, t.updated_at + interval '1 microsecond'), ",
        seal: None,
    },
    Restored {
        table: "needs",
        counting: &["version", "updated_at"],
        count: "version = t.version + 1, updated_at = greatest($3, t.updated_at + interval '1 microsecond'), ",
        seal: None,
    },
    Restored {
        table: "custodies",
        counting: &["version", "updated_at"],
        count: "version = t.version + 1, updated_at = greatest($3, t.updated_at + interval '1 microsecond'), ",
        seal: None,
    },
    Restored {
        table: "empowerment_plans",
        counting: &["version", "updated_at"],
        count: "version = t.version + 1, updated_at = greatest($3, t.updated_at + interval '1 microsecond'), ",
        seal: None,
    },
    Restored { table: "verification_tasks", counting: &[], count: "", seal: None },
];

/// Restores the rows of all tables that are not as they were; what has a history keeps its version before.
pub(in crate::duplicates::mergers) async fn restore_rows(
    mut conn: &Conn,
    hand: Hand<'_>,
    before: &Value,
) -> Result<()> {
    for kept in KEPT {
        keep(conn, hand, (kept, before)).await?;
    }
    for restored in TABLES {
        let (sealed, seal) = restored.seal.unzip();
        let kept = ["area_id", "id"].into_iter().chain(sealed);
        let but: Vec<&str> = kept.chain(restored.counting.iter().copied()).collect();
        let assignments = super::assignments(conn, restored.table, &but).await?;
        let (table, count, seal) = (restored.table, restored.count, seal.unwrap_or_default());
        let time = if count.is_empty() { "and $3 is not null" } else { "" };
        let statement = format!(
            "update {table} t set {count}{seal}{assignments}
            from jsonb_populate_recordset(null::{table}, $2 -> '{table}') as r
            where t.area_id = $1 and r.area_id = $1 and t.id = r.id {time}
                and to_jsonb(t) - '{unseen}'::text [] <> to_jsonb(r) - '{unseen}'::text []",
            unseen = unseen(table),
        );
        diesel::sql_query(statement)
            .bind::<Integer, _>(hand.area_id)
            .bind::<Jsonb, _>(before)
            .bind::<Timestamptz, _>(hand.at)
            .execute(&mut conn)
            .await?;
    }
    Ok(())
}

/// What of a row is not compared with what was kept: seals, and since when a membership is what it is.
fn unseen(table: &str) -> &'static str {
    if table == "memberships" { "{valid_from}" } else { "{card_sealed,nik_sealed}" }
}

/// Since when a row of a table with a history is what it is, and what the history has beside the row.
const KEPT: [(&str, &str, &str); 3] = [
    ("memberships", "valid_from", ""),
    ("collectors", "updated_at", "version, "),
    ("enrollments", "updated_at", "version, "),
];

/// Keeps the rows of a table that are about to be restored.
async fn keep(
    mut conn: &Conn,
    hand: Hand<'_>,
    ((table, since, beside), before): ((&str, &str, &str), &Value),
) -> Result<()> {
    let statement = format!(
        "insert into {table}_history (area_id, id, valid_from, valid_to, {beside}record, client_id)
        select t.area_id, t.id, t.{since}, greatest($3, t.{since} + interval '1 microsecond'), {beside}record, $4
        from (
            select t.*, to_jsonb(t) as record from {table} t
            join jsonb_populate_recordset(null::{table}, $2 -> '{table}') as r on r.area_id = t.area_id and r.id = t.id
            where t.area_id = $1 and to_jsonb(t) - '{unseen}'::text [] <> to_jsonb(r) - '{unseen}'::text []
        ) as t",
        unseen = unseen(table),
    );
    diesel::sql_query(statement)
        .bind::<Integer, _>(hand.area_id)
        .bind::<Jsonb, _>(before)
        .bind::<Timestamptz, _>(hand.at)
        .bind::<Text, _>(hand.client_id)
        .execute(&mut conn)
        .await?;
    Ok(())
}

/// Ends the memberships that the merger began; before the others are restored, as a person has one at a time.
pub(in crate::duplicates::mergers) async fn end_new_ties(
    mut conn: &Conn,
    hand: Hand<'_>,
    (before, after): (&Value, &Value),
) -> Result<()> {
    diesel::sql_query(
        "with ending as (
            select t.* from memberships t
            join jsonb_populate_recordset(null::memberships, $3 -> 'memberships') as a on a.id = t.id
            where t.area_id = $1 and t.ended_on is null and not exists (
                select from jsonb_populate_recordset(null::memberships, $2 -> 'memberships') as b where b.id = a.id)
            for update of t
        ), kept as (
            insert into memberships_history (area_id, id, valid_from, valid_to, record, client_id)
            select area_id, id, valid_from, greatest($5, valid_from + interval '1 microsecond'), to_jsonb(e), $6
            from ending e
        )
        update memberships t set ended_on = greatest($4, t.started_on), end_reason = 'mistake',
            valid_from = greatest($5, t.valid_from + interval '1 microsecond')
        from ending where t.area_id = $1 and t.id = ending.id",
    )
    .bind::<Integer, _>(hand.area_id)
    .bind::<Jsonb, _>(before)
    .bind::<Jsonb, _>(after)
    .bind::<diesel::sql_types::Date, _>(hand.today)
    .bind::<Timestamptz, _>(hand.at)
    .bind::<Text, _>(hand.client_id)
    .execute(&mut conn)
    .await?;
    Ok(())
}

/// What leads to a family, or counts for it, and a column of its key: taken away and given back whole.
const CLAIMS: [(&str, &str); 3] =
    [("identity_claims", "nik_digest"), ("card_claims", "card_digest"), ("carried_visits", "visit_id")];

/// Takes away the claims as the merger left them.
pub(in crate::duplicates::mergers) async fn take_back_claims(mut conn: &Conn, after: &Value) -> Result<()> {
    for (table, key) in CLAIMS {
        let statement = format!(
            "delete from {table} c using jsonb_populate_recordset(null::{table}, $1 -> '{table}') as a
            where to_jsonb(c) = to_jsonb(a) and c.{key} = a.{key}"
        );
        diesel::sql_query(statement).bind::<Jsonb, _>(after).execute(&mut conn).await?;
    }
    Ok(())
}

/// Gives the claims back as they were.
///
/// # Errors
/// `duplicate_merger_changed_since` where somebody has one of them by now.
pub(in crate::duplicates::mergers) async fn give_back_claims(mut conn: &Conn, before: &Value) -> Result<()> {
    for (table, _) in CLAIMS {
        let statement = format!(
            "insert into {table} select r.* from jsonb_populate_recordset(null::{table}, $1 -> '{table}') as r
            on conflict do nothing"
        );
        let given = diesel::sql_query(statement).bind::<Jsonb, _>(before).execute(&mut conn).await?;
        let wanted = before.get(table).and_then(Value::as_array).map_or(0, Vec::len);
        if given != wanted {
            return Err(Code::DuplicateMergerChangedSince.into());
        }
    }
    Ok(())
}
