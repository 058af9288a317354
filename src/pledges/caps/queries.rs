//! What families had in a round of aid, as parts of statements and for one family.
//!
//! Placeholders of the parts: $1 area, $2 kinds and $3 their portions, $4 day the round began, $5 programs.

use diesel::sql_types::{Array, Date, Integer, Nullable, Numeric, Text as SqlText, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;

use super::model::{Round, Standing};
use crate::db::Conn;
use crate::domain::{BeneficiaryId, Quantity, Text};
use crate::error::Result;

/// Records that went on in another family, with that family; through mergers of mergers.
pub(in crate::pledges) const WENT_ON: &str = "
    went_on as (
        select id, continued_in_id as owner_id from beneficiaries where area_id = $1 and continued_in_id is not null
        union
        select w.id, b.continued_in_id from went_on w
        join beneficiaries b on b.area_id = $1 and b.id = w.owner_id and b.continued_in_id is not null
    )";

/// As that, of the records that one family, $6, goes on from.
const WENT_ON_IN_ONE: &str =
    "went_on as materialized (select id, $6 as owner_id from records_of(array[$1], $6) where id <> $6)";

/// Portions: reserved or handed over from pledges since the round began, of any kind, and one for each program that
/// delivered since, or owes what is not withdrawn of a list approved for a period since. Of what a family brought along
/// from another sub-district each program counts so too, and each line of a pledge as one.
const AIDED: &str = "
    portion as (
        select k.code as kind, coalesce(p.quantity, case when k.category in ('goods', 'money')
            then k.family_quantity_max else 1 end) as quantity
        from need_kinds k left join unnest($2, $3) as p (kind, quantity) on p.kind = k.code
    ), withdrawn as (
        select entitlement_id, sum(quantity) as quantity from (
            select entitlement_id, quantity from delivery_returns
            where area_id = $1 and period >= $4 and not is_due_again
            union all
            select entitlement_id, withdrawn_quantity from holds
            where area_id = $1 and period >= $4 and withdrawn_quantity > 0
        ) as taken group by entitlement_id
    ), of_programs as (
        select g.beneficiary_id, g.program_id, max(g.delivered_on) as last_on from aid_given g
        where g.area_id = $1 and g.delivered_on >= $4 and ($5 is null or g.program_id = any ($5)) {of_given}
        group by g.beneficiary_id, g.program_id having sum(g.quantity) > 0
        union all
        select e.beneficiary_id, e.program_id, max(e.period) from entitlements e
        join cycles c on c.area_id = e.area_id and c.id = e.cycle_id
        left join withdrawn v on v.entitlement_id = e.id
        where e.area_id = $1 and c.area_id = $1 and e.period >= $4 and c.approved_at is not null
            and ($5 is null or e.program_id = any ($5)) and e.quantity > coalesce(v.quantity, 0) {of_due}
        group by e.beneficiary_id, e.program_id
        union all
        select k.beneficiary_id, k.program_id, max(k.due_on) from carried_aid k
        where k.area_id = $1 and k.due_on >= $4 and k.quantity > k.withdrawn_quantity and k.source = 'program'
            and ($5 is null or k.program_id = any ($5)) {of_carried}
        group by k.beneficiary_id, k.program_id
    ), had as (
        select coalesce(w.owner_id, a.beneficiary_id) as beneficiary_id, null::uuid as program_id, a.pledge_id,
            sum(ceil((
                case a.status when 'released' then a.delivered_quantity else a.quantity end - a.returned_quantity
            ) / p.quantity)) as portions,
            (max(a.created_at) at time zone 'Asia/Makassar')::date as last_on
        from allocations a
        join needs n on n.area_id = a.area_id and n.id = a.need_id
        join portion p on p.kind = n.kind
        left join went_on w on w.id = a.beneficiary_id
        where a.area_id = $1 and n.area_id = $1
            and a.created_at >= $4::timestamp at time zone 'Asia/Makassar' {of_allocated}
        group by coalesce(w.owner_id, a.beneficiary_id), a.pledge_id
        union all
        select coalesce(w.owner_id, g.beneficiary_id), g.program_id, null, 1, max(g.last_on)
        from of_programs g left join went_on w on w.id = g.beneficiary_id
        group by coalesce(w.owner_id, g.beneficiary_id), g.program_id
        union all
        select coalesce(w.owner_id, k.beneficiary_id), null, k.pledge_id, count(distinct k.pledge_line_id), max(k.due_on)
        from carried_aid k left join went_on w on w.id = k.beneficiary_id
        where k.area_id = $1 and k.due_on >= $4 and k.quantity > k.withdrawn_quantity and k.source = 'company'
            {of_carried}
        group by coalesce(w.owner_id, k.beneficiary_id), k.pledge_id
    ), aided as (
        select beneficiary_id, least(sum(portions), 1000)::int4 as portions,
            jsonb_agg(jsonb_build_object(
                'program_id', program_id, 'pledge_id', pledge_id, 'portions', portions::int4, 'last_on', last_on
            ) order by last_on, program_id, pledge_id) as aids
        from had where portions > 0 group by beneficiary_id
    )";

/// Last day on which a family was handed aid, here or where it came from, behind [`WENT_ON`]; $6 is the day before the
/// first that counts.
pub(in crate::pledges) const LAST_AID: &str = "
    last_aid as (
        select coalesce(w.owner_id, g.beneficiary_id) as beneficiary_id, max(g.delivered_on) as last_on from (
            select beneficiary_id, delivered_on from pledged_aid_given where area_id = $1 and delivered_on > $6
            group by beneficiary_id, delivered_on having sum(quantity) > 0
            union all
            select beneficiary_id, delivered_on from aid_given where area_id = $1 and delivered_on > $6
            group by beneficiary_id, delivered_on having sum(quantity) > 0
            union all
            select beneficiary_id, delivered_on from carried_handovers where area_id = $1 and delivered_on > $6
        ) as g
        left join went_on w on w.id = g.beneficiary_id
        group by coalesce(w.owner_id, g.beneficiary_id)
    )";

/// Whole months from the last aid of a family `l` of [`LAST_AID`] to today, $7: twelve where it was longer ago, or never.
pub(in crate::pledges) const MONTHS_SINCE_AID: &str =
    "coalesce(extract(year from age($7, l.last_on)) * 12 + extract(month from age($7, l.last_on)), 12)";

/// What families of an area had: `went_on`, `portion` and `aided` among other parts.
pub(in crate::pledges) fn aided() -> String {
    format!("with recursive {WENT_ON}, {}", narrowed(|_| String::new()))
}

fn narrowed(of: impl Fn(&str) -> String) -> String {
    [("{of_given}", "g"), ("{of_due}", "e"), ("{of_allocated}", "a"), ("{of_carried}", "k")]
        .iter()
        .fold(AIDED.to_owned(), |statement, (place, row)| statement.replace(place, &of(row)))
}

/// Lets one after the other reserve for a family.
pub(super) async fn hold_family(mut conn: &Conn, id: BeneficiaryId) -> Result<()> {
    diesel::sql_query("select pg_advisory_xact_lock(hashtextextended('aid of ' || $1, 0))")
        .bind::<SqlText, _>(id.to_string())
        .execute(&mut conn)
        .await?;
    Ok(())
}

/// What one family had, and the portions of a quantity of a kind.
pub(super) async fn standing(
    mut conn: &Conn,
    (area_id, round): (i32, &Round),
    id: BeneficiaryId,
    (kind, quantity): (&Text<40>, &Quantity),
) -> Result<Standing> {
    let of = |row: &str| format!("and ({row}.beneficiary_id = $6 or {row}.beneficiary_id in (select id from went_on))");
    let statement = format!(
        "with {WENT_ON_IN_ONE}, {}
         select coalesce((select portions from aided where beneficiary_id = $6), 0) as aided,
             coalesce((select least(ceil($8 / quantity), 1000000)::int4 from portion where kind = $7), 1) as asked",
        narrowed(of)
    );
    let standing = diesel::sql_query(statement)
        .bind::<Integer, _>(area_id)
        .bind::<Array<SqlText>, _>(&round.kinds)
        .bind::<Array<Numeric>, _>(&round.portions)
        .bind::<Date, _>(round.started_on)
        .bind::<Nullable<Array<SqlUuid>>, _>(round.program_ids.as_ref())
        .bind::<SqlUuid, _>(id)
        .bind::<SqlText, _>(kind)
        .bind::<Numeric, _>(quantity)
        .get_result(&mut conn)
        .await?;
    Ok(standing)
}
