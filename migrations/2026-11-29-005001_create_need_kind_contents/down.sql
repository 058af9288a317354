create or replace view followed_aid with (security_invoker = true) as
select
    e.area_id, e.id as aid_id, 'program' as source, e.beneficiary_id, e.village_code, e.program_id,
    null::uuid as pledge_id, p.name as title, p.kind, d.delivered_on
from entitlements as e
inner join programs as p on p.id = e.program_id
cross join lateral (
    select min(g.delivered_on) as delivered_on
    from (
        select h.delivered_on from aid_given as h
        where h.area_id = e.area_id and h.period = e.period and h.entitlement_id = e.id
        group by h.delivered_on having sum(h.quantity) > 0
    ) as g
) as d
where p.kind in ('equipment', 'training') and d.delivered_on is not null
union all
select
    a.area_id, a.id as aid_id, 'company' as source, a.beneficiary_id, a.village_code, null as program_id, a.pledge_id,
    k.name as title, k.category as kind, d.delivered_on
from allocations as a
inner join pledge_lines as l on l.id = a.pledge_line_id
inner join need_kinds as k on k.code = l.kind
cross join lateral (
    select min(g.delivered_on) as delivered_on
    from (
        select h.delivered_on from pledged_aid_given as h
        where h.area_id = a.area_id and h.allocation_id = a.id
        group by h.delivered_on having sum(h.quantity) > 0
    ) as g
) as d
where k.category in ('equipment', 'training') and a.delivered_quantity > a.returned_quantity;

drop table need_kind_contents;
alter table need_kinds drop column aid_kind;
delete from need_kinds where category = 'package';
alter table need_kinds drop constraint need_kinds_package_whole;
alter table need_kinds drop constraint need_kinds_category_known;
alter table need_kinds add constraint need_kinds_category_known check (
    category in ('money', 'goods', 'equipment', 'training', 'service')
);
