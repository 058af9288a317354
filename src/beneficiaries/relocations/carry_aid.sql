-- $1 area it leaves, $2 family, $3 area it comes to, $4 village it leaves, $5 instant.
with same as materialized (
    select id from records_of(array[$1::int], $2)
),

due as (
    select
        e.id, $1 as from_area_id, left($4, 8) as from_district_code, 'program' as source, e.village_code, e.program_id,
        e.cycle_id, null::uuid as pledge_id, null::uuid as pledge_line_id, p.name as title, p.kind, p.unit,
        e.period as due_on, e.quantity,
        coalesce((
            select sum(g.withdrawn) from aid_given as g
            where g.area_id = e.area_id and g.period = e.period and g.entitlement_id = e.id
        ), 0) + coalesce((
            select sum(h.withdrawn_quantity) from holds as h where h.area_id = e.area_id and h.entitlement_id = e.id
        ), 0) as withdrawn
    from entitlements as e
    inner join programs as p on p.id = e.program_id
    inner join cycles as c on c.area_id = e.area_id and c.id = e.cycle_id and c.approved_at is not null
    where e.area_id = $1 and e.beneficiary_id in (select id from same)
    union all
    select
        a.id, $1, left($4, 8), 'company', a.village_code, null, null, a.pledge_id, a.pledge_line_id, k.name,
        k.aid_kind, k.unit, (a.created_at at time zone 'Asia/Makassar')::date, a.quantity,
        a.returned_quantity + case when a.status in ('reserved', 'released') then a.quantity - a.delivered_quantity else 0 end
    from allocations as a
    inner join needs as n on n.area_id = a.area_id and n.id = a.need_id
    inner join need_kinds as k on k.code = n.kind
    where a.area_id = $1 and a.beneficiary_id in (select id from same)
    union all
    select
        k.id, k.from_area_id, k.from_district_code, k.source, k.village_code, k.program_id, k.cycle_id, k.pledge_id,
        k.pledge_line_id, k.title, k.kind, k.unit, k.due_on, k.quantity, k.withdrawn_quantity
    from carried_aid as k
    where k.area_id = $1 and k.beneficiary_id in (select id from same) and k.from_area_id <> $3
),

handed_over as (
    select
        g.delivery_id as id, g.entitlement_id as aid_id, g.program_id, g.delivered_on, sum(g.quantity) as quantity,
        min(g.created_at) as recorded_at
    from aid_given as g
    where g.area_id = $1 and g.beneficiary_id in (select id from same)
    group by g.delivery_id, g.entitlement_id, g.program_id, g.delivered_on
    union all
    select
        g.allocation_delivery_id, g.allocation_id, null, g.delivered_on, sum(g.quantity), min(g.created_at)
    from pledged_aid_given as g
    where g.area_id = $1 and g.beneficiary_id in (select id from same)
    group by g.allocation_delivery_id, g.allocation_id, g.delivered_on
    union all
    select h.id, h.aid_id, h.program_id, h.delivered_on, h.quantity, h.recorded_at
    from carried_handovers as h
    where h.area_id = $1 and h.beneficiary_id in (select id from same)
),

carried as (
    insert into carried_aid (
        area_id, id, beneficiary_id, from_area_id, from_district_code, source, village_code, program_id, cycle_id,
        pledge_id, pledge_line_id, title, kind, unit, due_on, quantity, withdrawn_quantity, carried_at
    )
    select
        $3, id, $2, from_area_id, from_district_code, source, village_code, program_id, cycle_id, pledge_id,
        pledge_line_id, title, kind, unit, due_on, quantity, withdrawn, $5
    from due
    on conflict (area_id, id) do nothing
)

insert into carried_handovers (
    area_id, id, aid_id, beneficiary_id, program_id, quantity, delivered_on, recorded_at
)
select $3, h.id, h.aid_id, $2, h.program_id, h.quantity, h.delivered_on, h.recorded_at
from handed_over as h
where h.quantity > 0 and h.aid_id in (select id from due)
on conflict (area_id, id) do nothing
