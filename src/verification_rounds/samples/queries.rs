//! One statement a function.

use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{Array, Int4, Integer, Nullable, Text, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;

use super::model::VillageCells;
use crate::db::Conn;
use crate::domain::VillageCode;
use crate::error::Result;
use crate::programs::{self, eligibility::Sql};
use crate::verification_rounds::model::Round;

#[derive(QueryableByName)]
struct Population {
    #[diesel(sql_type = Text)]
    village_code: VillageCode,
    #[diesel(sql_type = Integer)]
    families: i32,
}

/// Number of the first placeholder that [`populations`] leaves to the rule.
pub(in crate::verification_rounds) const RULE_FROM: usize = 3;

/// Counts the live families that a rule says yes to, by village.
pub(in crate::verification_rounds) async fn populations(
    mut conn: &Conn,
    area_id: i32,
    villages: Option<&Vec<VillageCode>>,
    rule: &Sql,
) -> Result<Vec<(VillageCode, i32)>> {
    let statement = format!(
        "select b.village_code, count(*)::int as families from beneficiaries b
         where b.area_id = $1 and b.status = 'live' and ($2 is null or b.village_code = any ($2)) and {}
         group by b.village_code order by b.village_code",
        rule.condition()
    );
    let query =
        sql_query(statement).into_boxed::<Pg>().bind::<Int4, _>(area_id).bind::<Nullable<Array<Text>>, _>(villages);
    let counted: Vec<Population> = programs::bind(query, &rule.parameters).load(&mut conn).await?;
    Ok(counted.into_iter().map(|one| (one.village_code, one.families)).collect())
}

/// Counts what the last visits of a sample found, by village.
pub(super) async fn cells(mut conn: &Conn, round: &Round) -> Result<Vec<VillageCells>> {
    let statement = "
        select village_code, count(*) filter (where is_aided and is_poor)::int as aided_poor,
            count(*) filter (where is_aided and not is_poor)::int as aided_not_poor,
            count(*) filter (where not is_aided and is_poor)::int as unaided_poor,
            count(*) filter (where not is_aided and not is_poor)::int as unaided_not_poor
        from verification_tasks where area_id = $1 and round_id = $2 group by village_code order by village_code";
    Ok(sql_query(statement).bind::<Int4, _>(round.area_id).bind::<SqlUuid, _>(round.id).load(&mut conn).await?)
}
