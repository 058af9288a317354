//! The one statement of a preview.

use diesel::sql_types::{Array, Date, Nullable, Text, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::model::PreviewRow;
use crate::db::Conn;
use crate::domain::ProgramId;
use crate::error::Result;
use crate::programs::suspension_orders::model::{NewOrder, Within};
use crate::programs::suspension_orders::queries::{IN_FORCE, bound, open_part};

/// Adds up what an order would hold besides what those in force do: all of it first, then by cycle and village.
pub(super) async fn would_hold(
    mut conn: &Conn,
    (area_id, program_id): (i32, ProgramId),
    new: &NewOrder,
) -> Result<Vec<PreviewRow>> {
    let orders = format!(
        "{IN_FORCE} union all
         select $6::uuid, $1, $2, $7::text, $8::text [], $9::uuid [], $10::date, $11::date"
    );
    let statement = format!(
        "select cycle_id, period, village_code, count(distinct beneficiary_id) as families, count(*) as entitlements,
             coalesce(sum(quantity), 0) as quantity
         from ({}) as open_part where order_id = $6 and quantity > 0
         group by grouping sets ((cycle_id, period, village_code), ())
         order by grouping(cycle_id) desc, period, cycle_id, village_code limit 10001",
        open_part(&orders, Within::Program)
    );
    let query = bound(statement, (area_id, program_id), Within::Program)
        // Those in force were laid before.
        .bind::<SqlUuid, _>(Uuid::max())
        .bind::<Nullable<Text>, _>(new.scope.component.as_ref())
        .bind::<Array<Text>, _>(&new.scope.village_codes)
        .bind::<Array<SqlUuid>, _>(&new.scope.cycle_ids)
        .bind::<Date, _>(new.effective_from)
        .bind::<Nullable<Date>, _>(new.effective_to);
    Ok(query.load(&mut conn).await?)
}
