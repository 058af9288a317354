//! One statement, over equipment and its newest checks.
//!
//! Placeholders: $1 areas, $2 own company, $3 program, $4 pledge, $5 kind.

use diesel::sql_query;
use diesel::sql_types::{Array, Int4, Nullable, Text, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;

use super::model::{AssetCount, AssetCountFilter};
use crate::db::Conn;
use crate::domain::Scope;
use crate::error::Result;
use crate::needs;

/// What is counted, and of which pieces.
const COUNTS: [(&str, &str); 7] = [
    ("pieces", "true"),
    ("in_custody", "a.status = 'in_custody'"),
    ("in_use", "a.status = 'in_custody' and c.is_in_use"),
    ("working", "a.status not in ('lost', 'retired') and a.condition in ('good', 'worn')"),
    ("under_repair", "a.status = 'under_repair'"),
    ("lost", "a.status = 'lost'"),
    ("retired", "a.status = 'retired'"),
];

/// A count as a caller is told it.
fn told(is_company: bool, (name, condition): (&str, &str)) -> String {
    let count = format!("count(*) filter (where {condition})");
    let count = if is_company { needs::at_least_of(&count) } else { count };
    format!("{count} as {name}")
}

/// Counts equipment.
pub(super) async fn list(mut conn: &Conn, scope: &Scope, filter: &AssetCountFilter) -> Result<Vec<AssetCount>> {
    let counts = COUNTS.map(|count| told(scope.company_id.is_some(), count));
    let statement = format!(
        "select a.source, a.program_id, a.pledge_id, a.kind, {}
         from assets a
         left join lateral (
             select is_in_use from asset_checks c where c.area_id = a.area_id and c.asset_id = a.id
             order by c.checked_on desc, c.id desc limit 1
         ) as c on true
         where a.area_id = any ($1) and ($2 is null or a.pledge_id in (select id from pledges where company_id = $2))
             and ($3 is null or a.program_id = $3) and ($4 is null or a.pledge_id = $4)
             and ($5 is null or a.kind = $5)
         group by a.source, a.program_id, a.pledge_id, a.kind
         order by a.source, a.program_id, a.pledge_id, a.kind",
        counts.join(", ")
    );
    let query = sql_query(statement)
        .bind::<Array<Int4>, _>(&scope.area_ids)
        .bind::<Nullable<SqlUuid>, _>(scope.company_id)
        .bind::<Nullable<SqlUuid>, _>(filter.program_id)
        .bind::<Nullable<SqlUuid>, _>(filter.pledge_id)
        .bind::<Nullable<Text>, _>(filter.kind.as_ref());
    Ok(query.load(&mut conn).await?)
}
