//! One statement a function over the list of a round that was found by the scope.

use chrono::{DateTime, Utc};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_builder::{BoxedSqlQuery, SqlQuery};
use diesel::sql_query;
use diesel::sql_types::{BigInt, Bool, Int4, Nullable, Text, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;

use super::model::{PartProgress, Task, TaskFilter};
use crate::db::{Conn, Counted, Way};
use crate::domain::{BeneficiaryId, VerificationTaskId, VillageCode};
use crate::error::Result;
use crate::http::{ByVillage, Limit};
use crate::schema::{verification_tasks, visits};
use crate::verification_rounds::model::Round;
use crate::verification_rounds::visits::Visit;

/// A statement over the tasks that a filter leaves: `what` of them, and after them `rest`. Five placeholders are
/// taken.
fn asked<'a>(round: &Round, filter: &'a TaskFilter, what: &str, rest: &str) -> BoxedSqlQuery<'a, Pg, SqlQuery> {
    let statement = format!(
        "select {what} from verification_tasks t
         join beneficiaries b on b.area_id = t.area_id and b.id = t.beneficiary_id
         where t.area_id = $1 and t.round_id = $2 and ($3 is null or t.village_code = $3)
             and ($4 is null or t.assigned_to = $4) and ($5 is null or $5 = (t.finding is not null))
             {rest}"
    );
    sql_query(statement)
        .into_boxed::<Pg>()
        .bind::<Int4, _>(round.area_id)
        .bind::<SqlUuid, _>(round.id)
        .bind::<Nullable<Text>, _>(filter.village_code.as_ref())
        .bind::<Nullable<Text>, _>(filter.assigned_to.as_ref())
        .bind::<Nullable<Bool>, _>(filter.is_visited)
}

/// Counts the families of a list.
pub(super) async fn count(mut conn: &Conn, round: &Round, filter: &TaskFilter) -> Result<i64> {
    Ok(asked(round, filter, "count(*) as total", "").get_result::<Counted>(&mut conn).await?.total)
}

/// Lists the families by village and task, after a place.
pub(super) async fn list(
    mut conn: &Conn,
    round: &Round,
    filter: &TaskFilter,
    (limit, after): (Limit, Option<(VillageCode, VerificationTaskId)>),
) -> Result<Vec<Task>> {
    let Way { order, beyond } = Way::of(filter.sort == Some(ByVillage::Down));
    let what = "t.id, t.round_id, t.beneficiary_id, t.village_code, t.decile, b.head_name, b.address, t.assigned_to,
        t.finding, t.visit_id, t.visited_at";
    let rest = format!(
        "and ($6 is null or (t.village_code, t.id) {beyond} ($6, $7))
         order by t.village_code {order}, t.id {order} limit $8"
    );
    let (village_code, id) = after.unzip();
    let query = asked(round, filter, what, &rest)
        .bind::<Nullable<Text>, _>(village_code)
        .bind::<Nullable<SqlUuid>, _>(id)
        .bind::<BigInt, _>(limit.rows_to_fetch());
    Ok(query.load(&mut conn).await?)
}

/// Counts a list by village and visitor.
pub(super) async fn progress(mut conn: &Conn, round: &Round) -> Result<Vec<PartProgress>> {
    let statement = "
        select village_code, assigned_to, count(*) as tasks, count(finding) as visited,
            count(*) filter (where finding = 'confirmed') as confirmed,
            count(*) filter (where finding = 'corrected') as corrected,
            count(*) filter (where finding = 'moved') as moved,
            count(*) filter (where finding = 'deceased') as deceased,
            count(*) filter (where finding = 'not_found') as not_found,
            count(*) filter (where finding = 'refused') as refused
        from verification_tasks where area_id = $1 and round_id = $2
        group by village_code, assigned_to order by village_code, assigned_to nulls last";
    let query = sql_query(statement).bind::<Int4, _>(round.area_id).bind::<SqlUuid, _>(round.id);
    Ok(query.load(&mut conn).await?)
}

/// Notes a visit on the list of its round, unless a later one is noted; answers whether the family is on the list. What an
/// earlier visit told of poverty stands where the last tells nothing, whichever comes first.
pub(in crate::verification_rounds) async fn note_visit(mut conn: &Conn, round: &Round, visit: &Visit) -> Result<bool> {
    let Some((id, noted_at)) = hold(conn, round, visit.beneficiary_id).await? else { return Ok(false) };
    let task = verification_tasks::table.find((round.area_id, id));
    if noted_at.is_none_or(|noted_at| noted_at <= visit.visited_at) {
        diesel::update(task)
            .set((
                verification_tasks::finding.eq(visit.finding),
                verification_tasks::visit_id.eq(visit.id),
                verification_tasks::visited_at.eq(visit.visited_at),
                visit.is_poor.map(|is_poor| verification_tasks::is_poor.eq(is_poor)),
            ))
            .execute(&mut conn)
            .await?;
    } else if visit.is_poor.is_some() {
        let told = last_told(conn, round, visit.beneficiary_id).await?;
        diesel::update(task).set(verification_tasks::is_poor.eq(told)).execute(&mut conn).await?;
    }
    Ok(true)
}

/// What the last visit of a round that tells of a family's poverty tells.
async fn last_told(mut conn: &Conn, round: &Round, family: BeneficiaryId) -> Result<Option<bool>> {
    let of_family = visits::table
        .filter(visits::area_id.eq(round.area_id))
        .filter(visits::round_id.eq(round.id))
        .filter(visits::beneficiary_id.eq(family))
        .filter(visits::is_poor.is_not_null());
    let last = of_family.order((visits::visited_at.desc(), visits::id.desc())).select(visits::is_poor);
    Ok(last.first::<Option<bool>>(&mut conn).await.optional()?.flatten())
}

/// Holds the task of a family until the transaction ends, with when its last visit was.
async fn hold(
    mut conn: &Conn,
    round: &Round,
    family: BeneficiaryId,
) -> Result<Option<(VerificationTaskId, Option<DateTime<Utc>>)>> {
    let task = verification_tasks::table
        .filter(verification_tasks::area_id.eq(round.area_id))
        .filter(verification_tasks::round_id.eq(round.id))
        .filter(verification_tasks::beneficiary_id.eq(family))
        .select((verification_tasks::id, verification_tasks::visited_at))
        .for_no_key_update();
    Ok(task.first(&mut conn).await.optional()?)
}
