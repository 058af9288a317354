//! One statement a function. What is of a family takes the scope.

use chrono::{DateTime, Utc};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_builder::{BoxedSqlQuery, SqlQuery};
use diesel::sql_types::{Array, BigInt, Date, Integer, Nullable, Numeric, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;

use super::model::{
    CellPlace, KindCode, Need, NeedCell, NeedFilter, NeedGroup, NeedKind, NeedStatus, NewNeed, Reach, ReachFilter,
};
use super::rules::FAMILIES_SHOWN_FROM;
use crate::db::{self, Conn, Counted, Way};
use crate::domain::{BeneficiaryId, Line, NeedId, Quantity, Scope, VillageCode};
use crate::error::{Code, OnConflict, Result};
use crate::http::{ByVillage, Limit};
use crate::schema::{beneficiaries, need_kinds, needs};

/// Lists all kinds by code.
///
/// # Errors
/// Where the database cannot be read.
pub async fn kinds(mut conn: &Conn) -> Result<Vec<NeedKind>> {
    Ok(NeedKind::query().order(need_kinds::code).load(&mut conn).await?)
}

/// Finds a kind by its code.
///
/// # Errors
/// Where the database cannot be read.
pub async fn find_kind(mut conn: &Conn, code: &KindCode) -> Result<Option<NeedKind>> {
    Ok(NeedKind::query().filter(need_kinds::code.eq(code)).first(&mut conn).await.optional()?)
}

/// Area of a family, and whether it is live.
pub(super) async fn find_family(mut conn: &Conn, scope: &Scope, id: BeneficiaryId) -> Result<Option<(i32, bool)>> {
    let family = beneficiaries::table
        .filter(beneficiaries::area_id.eq_any(&scope.area_ids))
        .filter(beneficiaries::id.eq(id))
        .order(beneficiaries::version.desc())
        .select((beneficiaries::area_id, beneficiaries::status.eq("live")))
        .first(&mut conn)
        .await
        .optional()?;
    Ok(family)
}

/// Records a need.
pub(super) async fn insert(
    mut conn: &Conn,
    area_id: i32,
    beneficiary_id: BeneficiaryId,
    new: &NewNeed,
    (client_id, at): (&str, DateTime<Utc>),
) -> Result<Need> {
    diesel::insert_into(needs::table)
        .values((
            needs::area_id.eq(area_id),
            needs::id.eq(NeedId::new()),
            needs::beneficiary_id.eq(beneficiary_id),
            needs::kind.eq(&new.kind),
            needs::quantity.eq(&new.quantity),
            needs::status.eq(NeedStatus::Open),
            needs::recorded_by.eq(client_id),
            needs::created_at.eq(at),
            needs::updated_at.eq(at),
        ))
        .returning(Need::as_returning())
        .get_result(&mut conn)
        .await
        .on_conflict(Code::NeedAlreadyOpen)
}

/// Lists the needs of a family, the newest first.
pub(super) async fn list_of(mut conn: &Conn, scope: &Scope, id: BeneficiaryId) -> Result<Vec<Need>> {
    let needs = Need::query()
        .filter(needs::area_id.eq_any(&scope.area_ids))
        .filter(needs::beneficiary_id.eq(id))
        .order(needs::id.desc())
        .limit(200)
        .load(&mut conn)
        .await?;
    Ok(needs)
}

/// Finds a need.
pub(super) async fn find(mut conn: &Conn, scope: &Scope, id: NeedId) -> Result<Option<Need>> {
    let need = Need::query().filter(needs::area_id.eq_any(&scope.area_ids)).filter(needs::id.eq(id));
    Ok(need.first(&mut conn).await.optional()?)
}

/// Finds a need with its area, and holds it until the transaction ends.
pub(super) async fn lock(mut conn: &Conn, scope: &Scope, id: NeedId) -> Result<Option<(i32, Need)>> {
    let found = needs::table
        .filter(needs::area_id.eq_any(&scope.area_ids))
        .filter(needs::id.eq(id))
        .select((needs::area_id, Need::as_select()))
        .for_no_key_update()
        .first(&mut conn)
        .await
        .optional()?;
    Ok(found)
}

/// Withdraws what is unmet of a need.
pub(super) async fn withdraw(
    mut conn: &Conn,
    area_id: i32,
    id: NeedId,
    reason: &Line,
    at: DateTime<Utc>,
) -> Result<Need> {
    let need = diesel::update(needs::table.find((area_id, id)))
        .set((
            needs::status.eq(NeedStatus::Withdrawn),
            needs::withdrawal_reason.eq(reason),
            needs::version.eq(needs::version + 1),
            needs::updated_at.eq(at),
        ))
        .returning(Need::as_returning())
        .get_result(&mut conn)
        .await?;
    Ok(need)
}

/// An expression that is a count, as [`at_least`](super::rules::at_least) tells it.
#[must_use]
pub fn at_least_of(count: &str) -> String {
    let step = FAMILIES_SHOWN_FROM;
    format!("case when {count} >= {step} then {count} / {step} * {step} end")
}

/// The anonymous list as a filter leaves it.
///
/// A cell that is hidden leaves no trace: it is in no total and takes no room on a page. Adding or removing one
/// family moves a count by nothing or by one step, whatever that family needs.
///
/// Of one group, a cell needs as many families outside it as in it: where all of a cell were of the group, or all but a
/// few, its count would tell of those that everybody knows to need something.
const CELLS: &str = "
    select village_code, kind, unit,
        count(*) filter (where is_of_group) / $4 * $4 as families_at_least,
        ceil(sum(unmet) filter (where is_of_group) / step) * step as unmet_quantity,
        step
    from (
        select b.village_code, n.kind, k.unit, n.quantity - n.met_quantity as unmet, k.family_quantity_max as step,
            $5 is null or case $5
                when 'poorest' then coalesce(b.decile <= 2, false)
                else exists (
                    select from memberships s join members m on m.area_id = s.area_id and m.id = s.member_id
                    where s.area_id = n.area_id and s.beneficiary_id = n.beneficiary_id and s.ended_on is null
                        and case $5
                            when 'female_head' then s.relationship = 'head' and m.sex = 'female'
                            when 'elderly' then m.born_on <= $6 - interval '60 years'
                            when 'disability' then m.has_disability
                            when 'under_five' then m.born_on > $6 - interval '5 years'
                        end
                )
            end as is_of_group
        from needs n
        join beneficiaries b on b.area_id = n.area_id and b.id = n.beneficiary_id
        join need_kinds k on k.code = n.kind
        where n.area_id = any ($1) and b.area_id = any ($1) and n.status = 'open' and b.status = 'live'
            and b.verified_at is not null
            and ($2 is null or n.kind = $2) and ($3 is null or b.village_code = $3)
    ) as need
    group by village_code, kind, unit, step
    having count(*) filter (where is_of_group) >= $4
        and ($5 is null or count(*) filter (where not is_of_group) >= $4)";

/// Which cells: of a kind, of a village, of a group.
type Parts<'a> = (Option<&'a KindCode>, Option<&'a VillageCode>, Option<NeedGroup>);

impl NeedFilter {
    fn parts(&self) -> Parts<'_> {
        (self.kind.as_ref(), self.village_code.as_ref(), self.group)
    }
}

/// A statement over [`CELLS`], whose placeholders are the first six.
fn bound<'a>(
    statement: String,
    scope: &'a Scope,
    (kind, village_code, group): Parts<'a>,
) -> BoxedSqlQuery<'a, Pg, SqlQuery> {
    diesel::sql_query(statement)
        .into_boxed::<Pg>()
        .bind::<Array<Integer>, _>(&scope.area_ids)
        .bind::<Nullable<Text>, _>(kind)
        .bind::<Nullable<Text>, _>(village_code)
        .bind::<BigInt, _>(FAMILIES_SHOWN_FROM)
        .bind::<Nullable<Text>, _>(group)
        .bind::<Date, _>(db::today())
}

/// Counts the cells of the anonymous list, none but those it shows.
pub(super) async fn count_cells(mut conn: &Conn, scope: &Scope, filter: &NeedFilter) -> Result<i64> {
    let statement = format!("select count(*) as total from ({CELLS}) as cell");
    Ok(bound(statement, scope, filter.parts()).get_result::<Counted>(&mut conn).await?.total)
}

/// Lists cells by village and kind, after a place.
pub(super) async fn list_cells(
    mut conn: &Conn,
    scope: &Scope,
    filter: &NeedFilter,
    (limit, after): (Limit, Option<CellPlace>),
) -> Result<Vec<NeedCell>> {
    let Way { order, beyond } = Way::of(filter.sort == Some(ByVillage::Down));
    let statement = format!(
        "select * from ({CELLS}) as cell where $7 is null or (village_code, kind) {beyond} ($7, $8)
         order by village_code {order}, kind {order} limit $9"
    );
    let (village, kind) = after.unzip();
    let cells = bound(statement, scope, filter.parts())
        .bind::<Nullable<Text>, _>(village)
        .bind::<Nullable<Text>, _>(kind)
        .bind::<BigInt, _>(limit.rows_to_fetch());
    Ok(cells.load(&mut conn).await?)
}

/// How many families a quantity reaches, out of the sums of the cells that the list shows: so it tells nothing that they
/// do not. A family takes a portion, or what it lacks where that is less, on average at most what all lack by all.
pub(super) async fn reach(mut conn: &Conn, scope: &Scope, filter: &ReachFilter, portion: &Quantity) -> Result<Reach> {
    let statement = format!(
        "select families, unmet, greatest($7 - unmet, 0) as unused, case when unmet = 0 then 0 else
             least(families, greatest(div($7, $8), div(families * $7, unmet)))::bigint / $4 * $4 end as reached
         from (
             select coalesce(sum(families_at_least), 0)::bigint as families, coalesce(sum(unmet_quantity), 0) as unmet
             from ({CELLS}) as cell
         ) as told"
    );
    let parts = (Some(&filter.kind), filter.village_code.as_ref(), filter.group);
    let query = bound(statement, scope, parts);
    let query = query.bind::<Numeric, _>(&filter.quantity).bind::<Numeric, _>(portion);
    Ok(query.get_result(&mut conn).await?)
}

/// Notes on locked needs what was reserved for them; a need with nothing left to meet is met.
///
/// # Errors
/// Where the database refuses, such as more than the family needs.
pub async fn meet(mut conn: &Conn, area_id: i32, met: &[(NeedId, Quantity)], at: DateTime<Utc>) -> Result<()> {
    diesel::sql_query(
        "update needs n set met_quantity = n.met_quantity + m.quantity, version = n.version + 1, updated_at = $4,
             status = case when n.met_quantity + m.quantity = n.quantity then 'met' else n.status end
         from unnest($2, $3) as m (id, quantity) where n.area_id = $1 and n.id = m.id",
    )
    .bind::<Integer, _>(area_id)
    .bind::<Array<SqlUuid>, _>(met.iter().map(|(id, _)| *id).collect::<Vec<_>>())
    .bind::<Array<Numeric>, _>(met.iter().map(|(_, quantity)| quantity.clone()).collect::<Vec<_>>())
    .bind::<Timestamptz, _>(at)
    .execute(&mut conn)
    .await?;
    Ok(())
}

/// What is reserved for an open need of a verified family, and how both were seen.
#[derive(Debug)]
pub struct SeenNeed {
    /// The need.
    pub id: NeedId,
    /// Its version.
    pub version: i32,
    /// Where the family lived.
    pub village_code: VillageCode,
    /// How much is reserved.
    pub quantity: Quantity,
}

/// Notes what is reserved for open needs, each only as it and its family were seen; how many were so still.
///
/// Each need is held by its own change, so whoever finds fewer than were given has to take all of it back. A version only
/// grows: asked for an equal one, the database expects hardly any row and looks for each family by itself.
///
/// # Errors
/// Where the database refuses.
pub async fn meet_seen(mut conn: &Conn, area_id: i32, met: &[SeenNeed], at: DateTime<Utc>) -> Result<usize> {
    let update = diesel::sql_query(
        "update needs n set met_quantity = n.met_quantity + m.quantity, version = n.version + 1, updated_at = $6,
             status = case when n.met_quantity + m.quantity = n.quantity then 'met' else n.status end
         from unnest($2, $3, $4, $5) as m (id, version, village_code, quantity), beneficiaries b
         where n.area_id = $1 and n.id = m.id and n.version <= m.version and n.status = 'open'
             and b.area_id = $1 and b.id = n.beneficiary_id and b.village_code = m.village_code
             and b.status = 'live' and b.verified_at is not null",
    );
    let met = update
        .bind::<Integer, _>(area_id)
        .bind::<Array<SqlUuid>, _>(met.iter().map(|one| one.id).collect::<Vec<_>>())
        .bind::<Array<Integer>, _>(met.iter().map(|one| one.version).collect::<Vec<_>>())
        .bind::<Array<Text>, _>(met.iter().map(|one| &one.village_code).collect::<Vec<_>>())
        .bind::<Array<Numeric>, _>(met.iter().map(|one| &one.quantity).collect::<Vec<_>>())
        .bind::<Timestamptz, _>(at)
        .execute(&mut conn)
        .await?;
    Ok(met)
}

/// Notes that what was reserved for needs went to nobody.
///
/// A met need opens again, unless the family has ended, or has a newer open need of the kind: that one goes on then, and
/// the old one is closed. Of several met needs of one family and kind the newest opens again.
///
/// # Errors
/// `need_already_open` where a newer one is being recorded at this moment.
pub async fn unmeet(mut conn: &Conn, area_id: i32, unmet: &[(NeedId, Quantity)], at: DateTime<Utc>) -> Result<()> {
    let ids: Vec<NeedId> = unmet.iter().map(|(id, _)| *id).collect();
    diesel::sql_query("select 1 from needs where area_id = $1 and id = any ($2) order by id for no key update")
        .bind::<Integer, _>(area_id)
        .bind::<Array<SqlUuid>, _>(&ids)
        .execute(&mut conn)
        .await?;
    diesel::sql_query(
        "update needs n set met_quantity = n.met_quantity - back.quantity, version = n.version + 1, updated_at = $4,
             status = case
                 when n.status <> 'met' then n.status
                 when not exists (
                     select from beneficiaries b
                     where b.area_id = n.area_id and b.id = n.beneficiary_id and b.status = 'live'
                 ) or exists (
                     select from needs o where o.area_id = n.area_id and o.beneficiary_id = n.beneficiary_id
                         and o.kind = n.kind
                         and (o.status = 'open' or o.status = 'met' and o.id = any ($2) and o.id > n.id)
                 ) then 'withdrawn'
                 else 'open'
             end
         from (
             select id, sum(quantity) as quantity from unnest($2, $3) as one (id, quantity) group by id
         ) as back
         where n.area_id = $1 and n.id = back.id",
    )
    .bind::<Integer, _>(area_id)
    .bind::<Array<SqlUuid>, _>(&ids)
    .bind::<Array<Numeric>, _>(unmet.iter().map(|(_, quantity)| quantity.clone()).collect::<Vec<_>>())
    .bind::<Timestamptz, _>(at)
    .execute(&mut conn)
    .await
    .on_conflict(Code::NeedAlreadyOpen)?;
    Ok(())
}

/// Notes that a family gave back some of what met a need, and needs it still: the need is open again by as much.
///
/// What was withdrawn of it before stays withdrawn. Where the family has a newer open need of the kind, that one grows by
/// as much in its place, never beyond what one family can need.
///
/// # Errors
/// `need_already_open` where a newer one is being recorded at this moment.
pub async fn need_again(
    mut conn: &Conn,
    area_id: i32,
    id: NeedId,
    quantity: &Quantity,
    at: DateTime<Utc>,
) -> Result<()> {
    diesel::sql_query(
        "with newer as (
             update needs o set quantity = least(o.quantity + $3, o.met_quantity + k.family_quantity_max),
                 version = o.version + 1, updated_at = $4
             from needs n join need_kinds k on k.code = n.kind
             where n.area_id = $1 and n.id = $2 and o.area_id = n.area_id and o.beneficiary_id = n.beneficiary_id
                 and o.kind = n.kind and o.status = 'open' and o.id <> n.id
             returning o.id
         )
         update needs n set met_quantity = n.met_quantity - $3, version = n.version + 1, updated_at = $4,
             quantity = case when n.status = 'withdrawn' and not exists (select from newer) then n.met_quantity
                 else n.quantity end,
             withdrawal_reason = case when exists (select from newer) then n.withdrawal_reason end,
             status = case when exists (select from newer) then 'withdrawn' else 'open' end
         where n.area_id = $1 and n.id = $2",
    )
    .bind::<Integer, _>(area_id)
    .bind::<SqlUuid, _>(id)
    .bind::<Numeric, _>(quantity)
    .bind::<Timestamptz, _>(at)
    .execute(&mut conn)
    .await
    .on_conflict(Code::NeedAlreadyOpen)?;
    Ok(())
}
