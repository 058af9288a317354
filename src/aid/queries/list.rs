//! One statement a function, over entitlements and allocations as one list. Each takes the scope.
//!
//! Placeholders of the list: $1 areas, $2 instant, $3 family, $4 village, $5 kind, $6 program, $7 pledge, $8 first day,
//! $9 last day. Only conditions that were asked for are written, so that each finds its index.

use diesel::pg::Pg;
use diesel::query_builder::{BoxedSqlQuery, SqlQuery};
use diesel::sql_query;
use diesel::sql_types::{Array, BigInt, Date, Int4, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;

use crate::aid::model::{Aid, AidFilter, AidSource, AidTotal};
use crate::db::{Conn, Counted, Way};
use crate::domain::{AidId, Scope};
use crate::error::Result;
use crate::http::{AsOf, ById, Limit};

/// What programs owe: the list that an approval froze, less what passed to another family, which has a row of its own from
/// then on.
const OF_PROGRAMS: &str = "
    select e.area_id, e.id, 'program' as source, e.beneficiary_id, e.village_code, e.program_id, e.cycle_id,
        null::uuid as pledge_id, null::uuid as pledge_line_id, p.name as title, p.kind, p.unit, e.period as due_on,
        e.quantity - coalesce(t.quantity, 0) as quantity, null::timestamptz as released_at,
        -coalesce(t.quantity, 0) as withdrawn_before, null::text as from_district_code
    from entitlements e
    join programs p on p.id = e.program_id
    join cycles c on c.area_id = e.area_id and c.id = e.cycle_id
    left join passed_entitlements f on f.area_id = e.area_id and f.new_entitlement_id = e.id
    left join passed_entitlements t on t.area_id = e.area_id and t.entitlement_id = e.id
        and t.created_at <= coalesce($2, 'infinity')
    where e.area_id = any ($1) and c.area_id = any ($1)
        and coalesce(f.created_at, c.approved_at) <= coalesce($2, 'infinity')";

/// What companies owe: what of their pledges is reserved for a family.
const OF_COMPANIES: &str = "
    select e.area_id, e.id, 'company' as source, e.beneficiary_id, e.village_code, null::uuid as program_id,
        null::uuid as cycle_id, e.pledge_id, e.pledge_line_id, k.name as title, k.aid_kind as kind, k.unit,
        (e.created_at at time zone 'Asia/Makassar')::date as due_on, e.quantity,
        case e.status when 'released' then coalesce(e.released_at, e.updated_at) end as released_at,
        0::numeric as withdrawn_before, null::text as from_district_code
    from allocations e
    join needs n on n.area_id = e.area_id and n.id = e.need_id
    join need_kinds k on k.code = n.kind
    where e.area_id = any ($1) and n.area_id = any ($1) and e.created_at <= coalesce($2, 'infinity')";

/// What families were due in other sub-districts before they came. Where those are seen as well it stands there already.
const OF_ELSEWHERE: &str = "
    select e.area_id, e.id, e.source, e.beneficiary_id, e.village_code, e.program_id, e.cycle_id, e.pledge_id,
        e.pledge_line_id, e.title, e.kind, e.unit, e.due_on, e.quantity, null::timestamptz as released_at,
        e.withdrawn_quantity as withdrawn_before, e.from_district_code
    from carried_aid e
    where e.area_id = any ($1) and e.carried_at <= coalesce($2, 'infinity')";

/// The family asked for, and the records that mergers made one with it.
const SAME_FAMILY: &str = "and (e.area_id, e.beneficiary_id) in (select area_id, id from records_of($1, $3))";

/// What became of one row `a`, looked up by its key.
pub(super) const SUMS_OF_ONE: &str = "
    cross join lateral (
        select coalesce(sum(quantity), 0) as delivered, coalesce(sum(withdrawn), 0) as withdrawn,
            max(delivered_on) filter (where quantity > 0) as last_delivered_on
        from (
            select sum(quantity) as quantity, sum(withdrawn) as withdrawn, delivered_on from aid_given
            where a.source = 'program' and area_id = a.area_id and period = a.due_on and entitlement_id = a.id
                and created_at <= coalesce($2, 'infinity')
            group by delivered_on
            union all
            select sum(quantity), sum(withdrawn), delivered_on from pledged_aid_given
            where a.source = 'company' and area_id = a.area_id and allocation_id = a.id
                and created_at <= coalesce($2, 'infinity')
            group by delivered_on
            union all
            select sum(quantity), 0, delivered_on from carried_handovers
            where a.from_district_code is not null and area_id = a.area_id and aid_id = a.id
                and recorded_at <= coalesce($2, 'infinity')
            group by delivered_on
        ) as handed_over
    ) as d
    cross join lateral (
        select coalesce(sum(quantity) filter (where ended_at is null or ended_at > coalesce($2, 'infinity')), 0) as held,
            coalesce(sum(withdrawn_quantity) filter (where ended_at <= coalesce($2, 'infinity')), 0) as withdrawn
        from holds
        where a.source = 'program' and area_id = a.area_id and entitlement_id = a.id
            and created_at <= coalesce($2, 'infinity')
    ) as h
    cross join lateral (
        select h.withdrawn + d.withdrawn + a.withdrawn_before
            + case when a.released_at <= coalesce($2, 'infinity') then a.quantity - d.delivered - d.withdrawn else 0 end
            as withdrawn
    ) as w";

/// Columns of a row with what became of it.
pub(super) const WITH_SUMS: &str = "a.*, d.delivered, d.last_delivered_on, h.held, w.withdrawn,
    a.quantity - d.delivered - w.withdrawn as left_over";

/// Which aid of other sub-districts is among what is listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Elsewhere {
    /// None: sums of villages are of what was due here.
    Nothing,
    /// That of a family, unless the caller sees the other sub-district, whose list has it.
    Unseen,
    /// All of it.
    All,
}

impl Elsewhere {
    /// What is listed for a filter: a family is told with all that it had.
    fn of(filter: &AidFilter) -> Self {
        if filter.beneficiary_id.is_some() { Self::Unseen } else { Self::Nothing }
    }
}

/// The sources that a filter leaves, each with its conditions and with `rest` behind them.
pub(super) fn listed(filter: &AidFilter, elsewhere: Elsewhere, rest: &str) -> String {
    let arms = [(AidSource::Program, OF_PROGRAMS), (AidSource::Company, OF_COMPANIES)];
    let asked = arms.iter().filter(|(source, _)| filter.asks_for(*source));
    let mut arms: Vec<String> =
        asked.map(|(source, arm)| format!("({arm} {} {rest})", conditions(filter, *source))).collect();
    if arms.is_empty() {
        // A program and a pledge at once leave nothing; the columns stay.
        return format!("{OF_PROGRAMS} and false");
    }
    let unseen = match elsewhere {
        Elsewhere::Nothing => return arms.join(" union all "),
        Elsewhere::Unseen => "and e.from_area_id <> all ($1)",
        Elsewhere::All => "",
    };
    arms.push(format!("({OF_ELSEWHERE} {unseen} {} {rest})", conditions_elsewhere(filter)));
    arms.join(" union all ")
}

/// Conditions on carried aid, which has its day and its kind in its own row.
fn conditions_elsewhere(filter: &AidFilter) -> String {
    let source = filter.source.map(|source| format!("and e.source = '{}'", source.as_str()));
    let conditions = [
        (filter.beneficiary_id.is_some(), SAME_FAMILY),
        (filter.village_code.is_some(), "and e.village_code = $4"),
        (filter.kind.is_some(), "and e.kind = $5"),
        (filter.program_id.is_some(), "and e.program_id = $6"),
        (filter.pledge_id.is_some(), "and e.pledge_id = $7"),
        (filter.from.is_some(), "and e.due_on >= $8"),
        (filter.to.is_some(), "and e.due_on <= $9"),
    ];
    let asked = conditions.into_iter().filter(|(is_asked, _)| *is_asked).map(|(_, condition)| condition.to_owned());
    asked.chain(source).collect::<Vec<_>>().join(" ")
}

fn conditions(filter: &AidFilter, source: AidSource) -> String {
    let (kind, named, due_on) = match source {
        AidSource::Program => ("and p.kind = $5", "and e.program_id = $6", ("e.period >= $8", "e.period <= $9")),
        AidSource::Company => (
            "and k.aid_kind = $5",
            "and e.pledge_id = $7",
            // The day in the sub-district's time, as the row shows it.
            (
                "e.created_at >= $8::timestamp at time zone 'Asia/Makassar'",
                "e.created_at < ($9 + 1)::timestamp at time zone 'Asia/Makassar'",
            ),
        ),
    };
    let is_named = filter.program_id.is_some() || filter.pledge_id.is_some();
    let conditions = [
        (filter.beneficiary_id.is_some(), SAME_FAMILY.to_owned()),
        (filter.village_code.is_some(), "and e.village_code = $4".to_owned()),
        (filter.kind.is_some(), kind.to_owned()),
        (is_named, named.to_owned()),
        (filter.from.is_some(), format!("and {}", due_on.0)),
        (filter.to.is_some(), format!("and {}", due_on.1)),
    ];
    let asked = conditions.into_iter().filter(|(is_asked, _)| *is_asked).map(|(_, condition)| condition);
    asked.collect::<Vec<_>>().join(" ")
}

/// A statement whose first nine placeholders are those of the list.
pub(super) fn bound<'a>(statement: String, scope: &'a Scope, filter: &'a AidFilter) -> BoxedSqlQuery<'a, Pg, SqlQuery> {
    sql_query(statement)
        .into_boxed::<Pg>()
        .bind::<Array<Int4>, _>(&scope.area_ids)
        .bind::<Nullable<Timestamptz>, _>(filter.as_of.map(|AsOf(at)| at))
        .bind::<Nullable<SqlUuid>, _>(filter.beneficiary_id)
        .bind::<Nullable<Text>, _>(filter.village_code.as_ref())
        .bind::<Nullable<Text>, _>(filter.kind)
        .bind::<Nullable<SqlUuid>, _>(filter.program_id)
        .bind::<Nullable<SqlUuid>, _>(filter.pledge_id)
        .bind::<Nullable<Date>, _>(filter.from)
        .bind::<Nullable<Date>, _>(filter.to)
}

/// Counts the aid that a filter leaves.
pub(in crate::aid) async fn count(mut conn: &Conn, scope: &Scope, filter: &AidFilter) -> Result<i64> {
    let statement = format!("select count(*) as total from ({}) as a", listed(filter, Elsewhere::of(filter), ""));
    Ok(bound(statement, scope, filter).get_result::<Counted>(&mut conn).await?.total)
}

/// Lists aid by area and id, after a place.
///
/// Each source is cut at the page first: sums are made of the rows that are shown, not of the whole list.
pub(in crate::aid) async fn list(
    mut conn: &Conn,
    scope: &Scope,
    filter: &AidFilter,
    (limit, after): (Limit, Option<(i32, AidId)>),
) -> Result<Vec<Aid>> {
    let Way { order, beyond } = Way::of(filter.sort == Some(ById::Down));
    let place = if after.is_some() { format!("and (e.area_id, e.id) {beyond} ($10, $11)") } else { String::new() };
    let rows =
        listed(filter, Elsewhere::of(filter), &format!("{place} order by e.area_id {order}, e.id {order} limit $12"));
    let statement = format!(
        "select {WITH_SUMS}
         from (select * from ({rows}) as listed order by area_id {order}, id {order} limit $12) as a {SUMS_OF_ONE}
         order by a.area_id {order}, a.id {order}"
    );
    let (area_id, id) = after.unzip();
    let query = bound(statement, scope, filter)
        .bind::<Nullable<Int4>, _>(area_id)
        .bind::<Nullable<SqlUuid>, _>(id)
        .bind::<BigInt, _>(limit.rows_to_fetch());
    Ok(query.load(&mut conn).await?)
}

/// Adds up the aid that a filter leaves, by village, source, kind and unit.
pub(in crate::aid) async fn totals(mut conn: &Conn, scope: &Scope, filter: &AidFilter) -> Result<Vec<AidTotal>> {
    let statement = format!(
        "select village_code, source, kind, unit, count(distinct (area_id, beneficiary_id)) filter (where quantity > 0) as families,
             sum(quantity) as quantity, sum(delivered) as delivered, sum(held) as held, sum(withdrawn) as withdrawn,
             sum(left_over) as left_over
         from (select {WITH_SUMS} from ({}) as a {SUMS_OF_ONE}) as aid
         group by village_code, source, kind, unit order by village_code, source, kind, unit",
        listed(filter, Elsewhere::of(filter), "")
    );
    Ok(bound(statement, scope, filter).load(&mut conn).await?)
}
