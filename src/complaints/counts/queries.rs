//! One statement over complaints.

use diesel::sql_query;
use diesel::sql_types::{Array, Bool, Date, Int4, Nullable, Text, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;

use super::model::{ComplaintCount, ComplaintCountFilter};
use crate::complaints::model::{ComplaintCategory, Sight};
use crate::complaints::rules::OPEN;
use crate::db::{self, Conn};
use crate::error::Result;

/// Counts complaints that a caller sees.
pub(super) async fn list(
    mut conn: &Conn,
    sight: Sight<'_>,
    filter: &ComplaintCountFilter,
) -> Result<Vec<ComplaintCount>> {
    let query = sql_query(
        "select village_code, category, count(*) as received, count(answered_on) as answered,
             count(*) filter (where answered_on <= due_on) as answered_in_time,
             count(*) filter (where status = any ($5) and due_on < $6) as overdue,
             percentile_disc(0.5) within group (order by answered_on - received_on)
                 filter (where answered_on is not null) as median_days
         from complaints
         where area_id = any ($1) and against_client_id is distinct from $2 and ($3 or category <> all ($4))
             and ($7 is null or village_code = $7) and ($8 is null or category = $8)
             and ($9 is null or program_id = $9) and ($10 is null or pledge_id = $10)
             and ($11 is null or received_on >= $11) and ($12 is null or received_on <= $12)
         group by village_code, category
         order by village_code, category",
    );
    let query = query
        .bind::<Array<Int4>, _>(&sight.scope.area_ids)
        .bind::<Text, _>(sight.client_id)
        .bind::<Bool, _>(sight.is_trusted)
        .bind::<Array<Text>, _>(ComplaintCategory::SENSITIVE.to_vec())
        .bind::<Array<Text>, _>(OPEN.to_vec())
        .bind::<Date, _>(db::today())
        .bind::<Nullable<Text>, _>(filter.village_code.as_ref())
        .bind::<Nullable<Text>, _>(filter.category)
        .bind::<Nullable<SqlUuid>, _>(filter.program_id)
        .bind::<Nullable<SqlUuid>, _>(filter.pledge_id)
        .bind::<Nullable<Date>, _>(filter.from)
        .bind::<Nullable<Date>, _>(filter.to);
    Ok(query.load(&mut conn).await?)
}
