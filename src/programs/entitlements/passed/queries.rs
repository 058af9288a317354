//! One statement a function, each in an area that was found by the scope.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{Array, Date, Int4, Numeric, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::model::{Had, PassedEntitlement, Passing, Portion, Standing};
use crate::db::Conn;
use crate::domain::{BeneficiaryId, CycleId, EntitlementId, Period, ProgramId, Quantity, RuleSetId, Scope};
use crate::error::{Code, OnConflict, Result};
use crate::programs::entitlements::SUMS;
use crate::schema::{once_entitlements, passed_entitlements};

/// Most that is told of a family in a program, the latest first.
const MOST_TOLD: i64 = 50;

/// The entitlements `e` of an enrollment in approved cycles `c`: those of its family, and of records that are one with it.
const OF_ENROLLMENT: &str = "
    with recursive same as (
        select $3::uuid as id
        union
        select m.merged_beneficiary_id from duplicate_mergers m
        join same s on s.id = m.beneficiary_id
        where m.area_id = $1 and m.status = 'merged' and m.is_whole
    )";

/// What passes of each component: what orders on it hold of what passes, and of the rest a part in proportion to what else
/// is left of the component. Its members were of the other family, so it has none.
///
/// A component of which much is held, withdrawn or handed over brings no more than is left of it.
const BY_COMPONENT: &str = "
    held_part as (
        select h.id, h.entitlement_id, o.component, h.quantity,
            trunc(e.held_quantity * h.up_to / h.of_all, $9)
                - trunc(e.held_quantity * (h.up_to - h.quantity) / h.of_all, $9) as passes
        from passing e
        join (
            select *, sum(quantity) over (partition by entitlement_id order by id) as up_to,
                sum(quantity) over (partition by entitlement_id) as of_all
            from holds where area_id = $1 and status = 'held' and entitlement_id = any ($4)
        ) as h on h.entitlement_id = e.id
        join suspension_orders o on o.area_id = $1 and o.id = h.suspension_order_id
    ), component as (
        select e.id, e.passes, share.component, share.place, coalesce(h.passes, 0) as held_on,
            greatest(share.quantity - coalesce(h.quantity, 0) - coalesce(w.quantity, 0) - g.quantity, 0) as free
        from passing e
        cross join lateral (
            select s.value ->> 'component' as component, min(s.place) as place,
                sum((s.value ->> 'quantity')::numeric) as quantity
            from jsonb_array_elements(e.breakdown) with ordinality as s (value, place)
            group by s.value ->> 'component'
        ) as share
        left join lateral (
            select sum(quantity) as quantity, sum(passes) as passes from held_part
            where entitlement_id = e.id and component = share.component
        ) as h on true
        left join lateral (
            select sum(w.withdrawn_quantity) as quantity from holds w
            join suspension_orders o on o.area_id = w.area_id and o.id = w.suspension_order_id
            where w.area_id = $1 and w.entitlement_id = e.id and o.component = share.component
        ) as w on true
        cross join lateral (
            select coalesce(sum(quantity + withdrawn), 0) as quantity from component_aid_given
            where area_id = $1 and period = e.period and entitlement_id = e.id and component = share.component
        ) as g
    ), counted as (
        select *, passes - sum(held_on) over (partition by id) as rest,
            sum(free) over (partition by id order by place) as up_to, sum(free) over (partition by id) as of_all
        from component
    ), part as (
        select id, component, place, held_on + case when of_all > 0
            then trunc(rest * up_to / of_all, $9) - trunc(rest * (up_to - free) / of_all, $9) else 0 end as quantity
        from counted
    )";

/// Shares the cycles, so that no order is laid, nothing released and no closure made meanwhile.
pub(super) async fn share_cycles(mut conn: &Conn, passing: &Passing) -> Result<()> {
    let statement = format!(
        "{OF_ENROLLMENT}
         select from cycles c
         where c.area_id = $1 and c.program_id = $2 and c.status = 'approved' and exists (
             select from entitlements e
             where e.area_id = $1 and e.period = c.period and e.cycle_id = c.id and e.enrollment_id = $4
                 and e.beneficiary_id in (select id from same)
         )
         order by c.id for share of c"
    );
    let query = sql_query(statement).bind::<Int4, _>(passing.area_id).bind::<SqlUuid, _>(passing.program_id);
    let query = query.bind::<SqlUuid, _>(passing.beneficiary_id).bind::<SqlUuid, _>(passing.enrollment_id);
    query.execute(&mut conn).await?;
    Ok(())
}

/// Locks what is due: deliveries and returns of it wait until the transaction ends, and those before are seen by what
/// follows.
pub(super) async fn lock_due(mut conn: &Conn, passing: &Passing) -> Result<Vec<EntitlementId>> {
    let statement = format!(
        "{OF_ENROLLMENT}
         select e.id from entitlements e
         join cycles c on c.area_id = e.area_id and c.id = e.cycle_id and c.period = e.period
         where e.area_id = $1 and c.area_id = $1 and c.program_id = $2 and c.status = 'approved'
             and e.enrollment_id = $4 and e.beneficiary_id in (select id from same)
         order by e.id for update of e"
    );
    let query = sql_query(statement).bind::<Int4, _>(passing.area_id).bind::<SqlUuid, _>(passing.program_id);
    let query = query.bind::<SqlUuid, _>(passing.beneficiary_id).bind::<SqlUuid, _>(passing.enrollment_id);
    let rows: Vec<IdRow> = query.load(&mut conn).await?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}

#[derive(QueryableByName)]
struct IdRow {
    #[diesel(sql_type = SqlUuid)]
    id: EntitlementId,
}

/// How what is locked stands.
pub(super) async fn standings(mut conn: &Conn, area_id: i32, ids: &[EntitlementId]) -> Result<Vec<Standing>> {
    let statement = format!(
        "select e.id, e.period, e.cycle_id, r.id as rule_set_id, r.benefit_period, e.quantity, f.taken_over_on as since, h.held,
             d.withdrawn + h.withdrawn as withdrawn, greatest(d.delivered, s.seats) as used
         from entitlements e
         join cycles c on c.area_id = e.area_id and c.id = e.cycle_id
         join rule_sets r on r.id = c.rule_set_id
         left join passed_entitlements f on f.area_id = e.area_id and f.new_entitlement_id = e.id
         {SUMS}
         cross join lateral (
             select count(*) as seats from training_participants
             where area_id = e.area_id and aid_id = e.id and withdrawn_at is null
         ) as s
         where e.area_id = $1 and e.id = any ($2)
         order by e.id"
    );
    let query = sql_query(statement).bind::<Int4, _>(area_id).bind::<Array<SqlUuid>, _>(ids);
    Ok(query.load(&mut conn).await?)
}

/// What the family that takes over has already of what would pass to it: an entitlement of the same period, months that
/// it brought along from elsewhere, or what is given once. Records that became one with it count.
pub(super) async fn had(
    mut conn: &Conn,
    passing: &Passing,
    portions: &[(&Standing, Portion)],
    once: &[(RuleSetId, Period)],
) -> Result<Option<Had>> {
    let query = sql_query(
        "with recursive same as (
             select $3::uuid as id
             union
             select b.id from same s join beneficiaries b on b.area_id = $1 and b.continued_in_id = s.id
         )
         select entitlement_id, period from (
             select e.id as entitlement_id, e.period from entitlements e
             where e.area_id = $1 and e.program_id = $2 and e.period = any ($4)
                 and e.beneficiary_id in (select id from same)
             union all
             select null, k.period from carried_entitlements k
             join cycle_months m on m.area_id = k.area_id and m.program_id = k.program_id and m.month = k.period
             where k.area_id = $1 and k.program_id = $2 and m.cycle_id = any ($5)
                 and k.beneficiary_id in (select id from same)
             union all
             select null, o.period from once_entitlements o
             where o.area_id = $1 and o.rule_set_id = any ($6) and o.beneficiary_id in (select id from same)
         ) as had
         order by entitlement_id nulls last limit 1",
    );
    let periods: Vec<Period> = portions.iter().map(|(standing, _)| standing.period).collect();
    let cycles: Vec<CycleId> = portions.iter().map(|(standing, _)| standing.cycle_id).collect();
    let rule_sets: Vec<RuleSetId> = once.iter().map(|(rule_set_id, _)| *rule_set_id).collect();
    let query = query
        .bind::<Int4, _>(passing.area_id)
        .bind::<SqlUuid, _>(passing.program_id)
        .bind::<SqlUuid, _>(passing.new_beneficiary_id)
        .bind::<Array<Date>, _>(periods)
        .bind::<Array<SqlUuid>, _>(cycles)
        .bind::<Array<SqlUuid>, _>(rule_sets);
    Ok(query.get_result(&mut conn).await.optional()?)
}

/// Claims what is given once; the key decides.
pub(super) async fn claim_once(mut conn: &Conn, passing: &Passing, once: &[(RuleSetId, Period)]) -> Result<()> {
    let claim = |(rule_set_id, period): &(RuleSetId, Period)| {
        (
            once_entitlements::area_id.eq(passing.area_id),
            once_entitlements::beneficiary_id.eq(passing.new_beneficiary_id),
            once_entitlements::rule_set_id.eq(*rule_set_id),
            once_entitlements::period.eq(*period),
        )
    };
    if once.is_empty() {
        return Ok(());
    }
    let claims: Vec<_> = once.iter().map(claim).collect();
    diesel::insert_into(once_entitlements::table)
        .values(claims)
        .execute(&mut conn)
        .await
        .on_conflict(Code::AlreadyDue)?;
    Ok(())
}

/// Makes what passes an entitlement of its own, of the same village and cycle, and writes down where it came from.
pub(super) async fn insert(
    mut conn: &Conn,
    passing: &Passing,
    portions: &[(&Standing, Portion)],
    now: DateTime<Utc>,
) -> Result<()> {
    let ids: Vec<EntitlementId> = portions.iter().map(|(standing, _)| standing.id).collect();
    let of = |part: fn(&Portion) -> &Quantity| portions.iter().map(|(_, one)| part(one).clone()).collect::<Vec<_>>();
    let query = sql_query(format!(
        "with portion as (
             select * from unnest($4::uuid [], $5::numeric [], $6::numeric [], $7::numeric [])
                 as p (id, left_quantity, quantity, held_quantity)
         ), passing as (
             select e.*, p.left_quantity, p.quantity as passes, p.held_quantity, derive_id($8, e.id) as new_id
             from portion p join entitlements e on e.area_id = $1 and e.id = p.id
         ), {BY_COMPONENT}, made as (
             insert into entitlements (area_id, period, id, cycle_id, program_id, beneficiary_id, enrollment_id,
                 village_code, quantity, snapshot, breakdown)
             select e.area_id, e.period, e.new_id, e.cycle_id, e.program_id, b.id, $3, e.village_code, e.passes,
                 jsonb_build_object('decile', b.decile, 'decile_source', b.decile_source, 'decile_period',
                     b.decile_period, 'member_count', b.member_count, 'village_code', b.village_code, 'rule_set_id',
                     r.id, 'rule_set_number', r.number),
                 (select jsonb_agg(jsonb_build_object('member_id', null, 'component', t.component, 'full_quantity',
                         trim_scale(t.quantity)::text, 'quantity', trim_scale(t.quantity)::text, 'cuts', '[]'::jsonb)
                     order by t.place)
                  from part t where t.id = e.id and t.quantity > 0)
             from passing e
             join cycles c on c.area_id = e.area_id and c.id = e.cycle_id
             join rule_sets r on r.id = c.rule_set_id
             join beneficiaries b on b.area_id = e.area_id and b.id = $2
         )
         insert into passed_entitlements (area_id, entitlement_id, new_entitlement_id, period, cycle_id, program_id,
             replacement_id, beneficiary_id, new_beneficiary_id, left_quantity, quantity, held_quantity, taken_over_on,
             created_at)
         select area_id, id, new_id, period, cycle_id, program_id, $10, beneficiary_id, $2, left_quantity, passes,
             held_quantity, $11, $12
         from passing"
    ));
    let query = query
        .bind::<Int4, _>(passing.area_id)
        .bind::<SqlUuid, _>(passing.new_beneficiary_id)
        .bind::<SqlUuid, _>(passing.new_enrollment_id)
        .bind::<Array<SqlUuid>, _>(ids)
        .bind::<Array<Numeric>, _>(of(|one| &one.left))
        .bind::<Array<Numeric>, _>(of(|one| &one.quantity))
        .bind::<Array<Numeric>, _>(of(|one| &one.held))
        .bind::<SqlUuid, _>(Uuid::now_v7())
        .bind::<Int4, _>(i32::from(passing.digits))
        .bind::<SqlUuid, _>(passing.replacement_id)
        .bind::<Date, _>(passing.on)
        .bind::<Timestamptz, _>(now);
    query.execute(&mut conn).await.on_conflict(Code::AlreadyDue)?;
    Ok(())
}

/// What passed by a replacement, by period.
pub(super) async fn of_replacement(mut conn: &Conn, passing: &Passing) -> Result<Vec<PassedEntitlement>> {
    let query = PassedEntitlement::query()
        .filter(passed_entitlements::area_id.eq(passing.area_id))
        .filter(passed_entitlements::replacement_id.eq(passing.replacement_id))
        .order((passed_entitlements::period, passed_entitlements::entitlement_id));
    Ok(query.load(&mut conn).await?)
}

/// What passed from a family or to it in a program, as it was known at an instant or is now, the latest period first.
pub(in crate::programs) async fn of_family(
    mut conn: &Conn,
    scope: &Scope,
    (program_id, family): (ProgramId, BeneficiaryId),
    at: Option<DateTime<Utc>>,
) -> Result<Vec<PassedEntitlement>> {
    let mut query = PassedEntitlement::query()
        .filter(passed_entitlements::area_id.eq_any(&scope.area_ids))
        .filter(passed_entitlements::program_id.eq(program_id))
        .filter(passed_entitlements::beneficiary_id.eq(family).or(passed_entitlements::new_beneficiary_id.eq(family)))
        .order((passed_entitlements::period.desc(), passed_entitlements::entitlement_id))
        .limit(MOST_TOLD)
        .into_boxed();
    if let Some(at) = at {
        query = query.filter(passed_entitlements::created_at.le(at));
    }
    Ok(query.load(&mut conn).await?)
}
