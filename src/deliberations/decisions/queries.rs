//! One statement a function over the decisions of a meeting that was found by the scope.

use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_builder::{BoxedSqlQuery, SqlQuery};
use diesel::sql_query;
use diesel::sql_types::{BigInt, Int4, Nullable, SmallInt, Text, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;

use super::model::{DecidedFamily, DecisionFilter, DecisionKind};
use crate::db::{Conn, Counted, Way};
use crate::deliberations::model::Deliberation;
use crate::domain::{BeneficiaryId, DeliberationId, Line, VillageCode};
use crate::enrollments::ExitReason;
use crate::error::Result;
use crate::http::ByNumber;
use crate::schema::{beneficiaries, deliberation_decisions};

/// Villages of those families that are in the area.
pub(in crate::deliberations) async fn known_families(
    mut conn: &Conn,
    area_id: i32,
    ids: &[BeneficiaryId],
) -> Result<Vec<(BeneficiaryId, VillageCode)>> {
    let known = beneficiaries::table
        .filter(beneficiaries::area_id.eq(area_id))
        .filter(beneficiaries::id.eq_any(ids))
        .select((beneficiaries::id, beneficiaries::village_code));
    Ok(known.load(&mut conn).await?)
}

/// A decision to insert.
#[derive(Debug, Insertable)]
#[diesel(table_name = deliberation_decisions, treat_none_as_default_value = false)]
pub(in crate::deliberations) struct NewRow<'a> {
    pub(in crate::deliberations) area_id: i32,
    pub(in crate::deliberations) deliberation_id: DeliberationId,
    pub(in crate::deliberations) number: i16,
    pub(in crate::deliberations) beneficiary_id: BeneficiaryId,
    pub(in crate::deliberations) decision: DecisionKind,
    pub(in crate::deliberations) reason: &'a Line,
    pub(in crate::deliberations) exit_reason: Option<ExitReason>,
    pub(in crate::deliberations) reserve_order: Option<i16>,
}

/// Inserts the decisions of a meeting.
pub(in crate::deliberations) async fn insert(mut conn: &Conn, rows: &[NewRow<'_>]) -> Result<()> {
    diesel::insert_into(deliberation_decisions::table).values(rows).execute(&mut conn).await?;
    Ok(())
}

/// A place in the list, the family, what was decided, why it leaves and where it waits.
pub(in crate::deliberations) type Recorded = (i16, BeneficiaryId, DecisionKind, Option<ExitReason>, Option<i16>);

/// Families with what was decided, in the order of the list.
pub(in crate::deliberations) async fn all(mut conn: &Conn, meeting: &Deliberation) -> Result<Vec<Recorded>> {
    let rows = deliberation_decisions::table
        .filter(deliberation_decisions::area_id.eq(meeting.area_id))
        .filter(deliberation_decisions::deliberation_id.eq(meeting.id))
        .order(deliberation_decisions::number)
        .select((
            deliberation_decisions::number,
            deliberation_decisions::beneficiary_id,
            deliberation_decisions::decision,
            deliberation_decisions::exit_reason,
            deliberation_decisions::reserve_order,
        ));
    Ok(rows.load(&mut conn).await?)
}

/// A statement over the decisions that a filter leaves: `what` of them, and after them `rest`. Four placeholders are
/// taken.
fn asked<'a>(
    meeting: &Deliberation,
    filter: &'a DecisionFilter,
    what: &str,
    rest: &str,
) -> BoxedSqlQuery<'a, Pg, SqlQuery> {
    let statement = format!(
        "select {what} from deliberation_decisions d
         join beneficiaries b on b.area_id = d.area_id and b.id = d.beneficiary_id
         left join enrollments l on l.area_id = d.area_id and l.beneficiary_id = d.beneficiary_id
             and l.program_id = $3 and l.status <> 'exited'
         where d.area_id = $1 and d.deliberation_id = $2 and ($4 is null or d.decision = $4) {rest}"
    );
    sql_query(statement)
        .into_boxed::<Pg>()
        .bind::<Int4, _>(meeting.area_id)
        .bind::<SqlUuid, _>(meeting.id)
        .bind::<SqlUuid, _>(meeting.program_id)
        .bind::<Nullable<Text>, _>(filter.decision)
}

/// Counts decisions.
pub(super) async fn count(mut conn: &Conn, meeting: &Deliberation, filter: &DecisionFilter) -> Result<i64> {
    Ok(asked(meeting, filter, "count(*) as total", "").get_result::<Counted>(&mut conn).await?.total)
}

/// Lists at most so many decisions by number, after one.
pub(super) async fn list(
    mut conn: &Conn,
    meeting: &Deliberation,
    filter: &DecisionFilter,
    (most, after): (i64, Option<i16>),
) -> Result<Vec<DecidedFamily>> {
    let Way { order, beyond } = Way::of(filter.sort == Some(ByNumber::Down));
    let what = "d.number, d.beneficiary_id, b.head_name, b.village_code, b.decile, d.decision, d.reason, d.exit_reason,
        d.reserve_order, l.status as enrollment_status, b.verified_at is not null as is_verified";
    let rest = format!("and ($5 is null or d.number {beyond} $5) order by d.number {order} limit $6");
    let query = asked(meeting, filter, what, &rest).bind::<Nullable<SmallInt>, _>(after).bind::<BigInt, _>(most);
    Ok(query.load(&mut conn).await?)
}
