//! Statements over warnings; each reads the few records that have one now, by a partial index, or looks through what was.

use chrono::{DateTime, Utc};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_builder::{BoxedSqlQuery, SqlQuery};
use diesel::sql_types::{Array, BigInt, Bytea, Integer, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::model::{Warning, WarningCode, WarningCount, WarningFilter, WarningPlace};
use crate::beneficiaries::members::versions_as_of;
use crate::beneficiaries::queries::VERSIONS_AS_OF;
use crate::db::{Conn, Counted, Way};
use crate::domain::{Scope, VillageCode};
use crate::error::Result;
use crate::http::{AsOf, ByVillage, Limit};

/// Families of the areas `$1`.
const FAMILIES: &str = "select * from beneficiaries where area_id = any ($1)";
/// Members of the areas `$1` who belong to a family.
const MEMBERS: &str = "
    select m.*, t.beneficiary_id
    from members m join memberships t on t.area_id = m.area_id and t.member_id = m.id and t.ended_on is null
    where m.area_id = any ($1)";

/// Warnings of the areas `$1` with whom they are about. Those as of an instant, `$2`, are looked for in the whole history of
/// the areas.
pub(crate) fn of_areas(is_as_of: bool) -> String {
    let (families, members) =
        if is_as_of { (VERSIONS_AS_OF, versions_as_of()) } else { (FAMILIES, MEMBERS.to_owned()) };
    format!(
        "select b.village_code, b.id as beneficiary_id, null::uuid as member_id, b.id as subject_id,
            b.head_name as name, told.code
        from ({families}) as b cross join unnest(b.warnings) as told (code)
        where b.warnings <> '{{}}' and b.status = 'live'
        union all
        select b.village_code, b.id, m.id, m.id, m.name, told.code
        from ({members}) as m
        join ({families}) as b on b.area_id = m.area_id and b.id = m.beneficiary_id
        cross join unnest(m.warnings) as told (code)
        where m.warnings <> '{{}}'"
    )
}

/// Those of them of code `$3` and village `$4` where these are named.
fn warnings(as_of: Option<AsOf>) -> String {
    format!(
        "select * from ({}) as warning
        where ($3 is null or code = $3) and ($4 is null or village_code = $4)",
        of_areas(as_of.is_some())
    )
}

type Boxed<'a> = BoxedSqlQuery<'a, Pg, SqlQuery>;

/// A statement whose first four placeholders are taken.
fn statement<'a>(text: String, scope: &'a Scope, filter: &'a WarningFilter) -> Boxed<'a> {
    diesel::sql_query(text)
        .into_boxed::<Pg>()
        .bind::<Array<Integer>, _>(&scope.area_ids)
        .bind::<Nullable<Timestamptz>, _>(filter.as_of.map(|AsOf(at)| at))
        .bind::<Nullable<Text>, _>(filter.code)
        .bind::<Nullable<Text>, _>(&filter.village_code)
}

/// Counts warnings.
pub(super) async fn count(mut conn: &Conn, scope: &Scope, filter: &WarningFilter) -> Result<i64> {
    let query =
        statement(format!("select count(*) as total from ({}) as warning", warnings(filter.as_of)), scope, filter);
    Ok(query.get_result::<Counted>(&mut conn).await?.total)
}

/// Lists warnings by village and family, after a place.
pub(super) async fn list(
    mut conn: &Conn,
    scope: &Scope,
    filter: &WarningFilter,
    (limit, after): (Limit, Option<WarningPlace>),
) -> Result<Vec<Warning>> {
    let Way { order, beyond } = Way::of(filter.sort == Some(ByVillage::Down));
    let text = format!(
        "{} and ($5 is null or (village_code, beneficiary_id, subject_id, code) {beyond} ($5, $6, $7, $8))
        order by village_code {order}, beneficiary_id {order}, subject_id {order}, code {order} limit $9",
        warnings(filter.as_of)
    );
    let query = statement(text, scope, filter)
        .bind::<Nullable<Text>, _>(after.as_ref().map(|place| place.village_code.clone()))
        .bind::<Nullable<SqlUuid>, _>(after.as_ref().map(|place| place.beneficiary_id))
        .bind::<Nullable<SqlUuid>, _>(after.as_ref().map(|place| place.subject_id))
        .bind::<Nullable<Text>, _>(after.as_ref().map(|place| place.code))
        .bind::<BigInt, _>(limit.rows_to_fetch());
    Ok(query.load(&mut conn).await?)
}

/// Counts by village and kind, in a statement of its own.
fn counts(as_of: Option<AsOf>, rest: &str) -> String {
    let warnings = warnings(as_of);
    format!(
        "select * from (
            select village_code, code, count(distinct beneficiary_id) as families, count(*) as warnings
            from ({warnings}) as warning group by village_code, code
        ) as counted {rest}"
    )
}

/// How many villages and kinds have a warning.
pub(super) async fn count_counts(mut conn: &Conn, scope: &Scope, filter: &WarningFilter) -> Result<i64> {
    let text = format!("select count(*) as total from ({}) as counted", counts(filter.as_of, ""));
    Ok(statement(text, scope, filter).get_result::<Counted>(&mut conn).await?.total)
}

/// Lists counts by village and kind, after a place.
pub(super) async fn list_counts(
    mut conn: &Conn,
    scope: &Scope,
    filter: &WarningFilter,
    (limit, after): (Limit, Option<(VillageCode, WarningCode)>),
) -> Result<Vec<WarningCount>> {
    let Way { order, beyond } = Way::of(filter.sort == Some(ByVillage::Down));
    let (village_code, code) = after.unzip();
    let rest = format!(
        "where $5 is null or (village_code, code) {beyond} ($5, $6)
        order by village_code {order}, code {order} limit $7"
    );
    let text = counts(filter.as_of, &rest);
    let query = statement(text, scope, filter)
        .bind::<Nullable<Text>, _>(village_code)
        .bind::<Nullable<Text>, _>(code)
        .bind::<BigInt, _>(limit.rows_to_fetch());
    Ok(query.load(&mut conn).await?)
}

/// Which records are looked at.
#[derive(Debug, Clone, Copy)]
pub(super) enum About {
    /// Members of live families, for the district of their NIK.
    Members,
    /// Live families, for the district of their card.
    Families,
}

/// A record that warns of a district that is not known, with its number.
#[derive(Debug, QueryableByName)]
pub(super) struct Suspect {
    #[diesel(sql_type = SqlUuid)]
    pub(super) id: Uuid,
    #[diesel(sql_type = Bytea)]
    pub(super) sealed: Vec<u8>,
}

const SUSPECT_MEMBERS: &str = "
    select m.id, m.nik_sealed as sealed from members m
    join memberships t on t.area_id = m.area_id and t.member_id = m.id and t.ended_on is null
    where m.area_id = $1 and m.id > $2 and m.warnings <> '{}' and 'nik_district_unknown' = any (m.warnings)
        and m.nik_sealed is not null
    order by m.id limit 500";

const SUSPECT_FAMILIES: &str = "
    select id, card_sealed as sealed from beneficiaries
    where area_id = $1 and id > $2 and warnings <> '{}' and 'card_district_unknown' = any (warnings)
        and status = 'live'
    order by id limit 500";

/// Some records of an area, after one, that warn of the district of their number.
pub(super) async fn suspects(mut conn: &Conn, about: About, (area_id, after): (i32, Uuid)) -> Result<Vec<Suspect>> {
    let text = match about {
        About::Members => SUSPECT_MEMBERS,
        About::Families => SUSPECT_FAMILIES,
    };
    let query = diesel::sql_query(text).bind::<Integer, _>(area_id).bind::<SqlUuid, _>(after);
    Ok(query.load(&mut conn).await?)
}

/// What ending warnings of many records of an area at once needs to know.
#[derive(Debug)]
pub(super) struct Ending<'a> {
    pub(super) area_id: i32,
    pub(super) ids: Vec<Uuid>,
    pub(super) now: DateTime<Utc>,
    pub(super) client_id: &'a str,
}

/// Ends the warning of records: each gets a next version. Answers how many.
pub(super) async fn end(mut conn: &Conn, about: About, ending: &Ending<'_>) -> Result<usize> {
    let text = match about {
        About::Members => include_str!("end_of_members.sql"),
        About::Families => include_str!("end_of_families.sql"),
    };
    let ended = diesel::sql_query(text)
        .bind::<Integer, _>(ending.area_id)
        .bind::<Array<SqlUuid>, _>(&ending.ids)
        .bind::<Timestamptz, _>(ending.now)
        .bind::<Text, _>(ending.client_id)
        .execute(&mut conn)
        .await?;
    Ok(ended)
}
