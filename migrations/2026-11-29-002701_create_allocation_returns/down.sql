create or replace view empowerment_milestone_states with (security_invoker = true) as
select
    m.area_id, m.id, m.plan_id, m.number, m.kind, m.title, m.due_on, m.needs,
    case when l.reason is not null then 'lapsed' else m.status end as status, l.reason as lapse_reason,
    m.evidence_kind, m.evidence_id, m.reached_on, m.reached_by, m.waived_on, m.waived_by, m.waiver_reason, m.version,
    m.updated_at
from empowerment_milestones as m
left join lateral (
    select case m.evidence_kind
        when 'training_certificate' then (
            select 'certificate_revoked' from training_certificates as c
            where c.area_id = m.area_id and c.id = m.certificate_id and c.revoked_at is not null
        )
        when 'custody' then (
            select 'custody_ended' from custodies as c
            where c.area_id = m.area_id and c.id = m.custody_id and c.ended_on is not null
        )
        when 'delivery' then (
            select 'delivery_returned' from aid_given as g
            where g.area_id = m.area_id and g.period = m.evidence_period and g.delivery_id = m.delivery_id
            having sum(g.quantity) <= 0
        )
        when 'follow_up' then (
            select 'visit_corrected' from follow_ups as f
            inner join follow_ups as n
                on
                    n.area_id = f.area_id and n.aid_id = f.aid_id and n.month_mark = f.month_mark
                    and n.version > f.version
            where f.area_id = m.area_id and f.id = m.follow_up_id and not n.is_found and not exists (
                select from follow_ups as o where o.area_id = n.area_id and o.corrects = n.id
            )
        )
    end as reason
) as l on true;

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
    select min(h.delivered_on) as delivered_on from allocation_deliveries as h
    where h.area_id = a.area_id and h.allocation_id = a.id
) as d
where k.category in ('equipment', 'training') and a.delivered_quantity > 0;

create or replace view realisations with (security_invoker = true) as
select
    p.area_id, p.year, p.company_id, l.field, l.unit, a.village_code,
    sum(a.delivered_quantity) as promised,
    sum(a.delivered_quantity) as committed,
    sum(a.delivered_quantity) as received,
    sum(a.delivered_quantity) as allocated,
    sum(a.delivered_quantity) as delivered,
    0::numeric as returned, 0::numeric as lost, 0::numeric as cancelled, 0::numeric as written_off,
    sum(a.delivered_quantity * l.unit_value_rupiah) as promised_value,
    sum(a.delivered_quantity * l.unit_value_rupiah) as committed_value,
    sum(a.delivered_quantity * l.unit_value_rupiah) as received_value,
    sum(a.delivered_quantity * l.unit_value_rupiah) as delivered_value,
    count(distinct a.beneficiary_id) as families
from allocations as a
inner join pledge_lines as l on l.id = a.pledge_line_id
inner join pledges as p on p.id = l.pledge_id and p.area_id = a.area_id
where a.delivered_quantity > 0
group by p.area_id, p.year, p.company_id, l.field, l.unit, a.village_code
union all
select
    s.area_id, s.year, s.company_id, s.field, s.unit, null as village_code,
    sum(s.promised - s.handed_over) as promised,
    sum(s.committed - s.handed_over) as committed,
    sum(s.received - s.handed_over) as received,
    sum(s.allocated - s.handed_over) as allocated,
    sum(s.delivered - s.handed_over) as delivered,
    sum(s.returned) as returned,
    sum(s.lost) as lost,
    sum(s.cancelled) as cancelled,
    sum(s.written_off) as written_off,
    sum((s.promised - s.handed_over) * s.unit_value_rupiah) as promised_value,
    sum((s.committed - s.handed_over) * s.unit_value_rupiah) as committed_value,
    sum((s.received - s.handed_over) * s.unit_value_rupiah) as received_value,
    sum((s.delivered - s.handed_over) * s.unit_value_rupiah) as delivered_value,
    0::bigint as families
from (
    select
        p.area_id, p.year, p.company_id, l.field, l.unit, l.unit_value_rupiah, l.quantity as promised,
        b.received + b.outstanding + b.cancelled + b.written_off as committed, b.received, b.allocated, b.delivered,
        b.returned, b.lost, b.cancelled, b.written_off, h.handed_over
    from pledges as p
    inner join pledge_lines as l on l.pledge_id = p.id
    cross join lateral (
        select
            coalesce(sum(x.posted) filter (where c.kind = 'commitment'), 0) as outstanding,
            coalesce(sum(x.posted) filter (
                where c.kind in ('stock', 'reserved', 'delivered', 'returned', 'lost')
            ), 0) as received,
            coalesce(sum(x.posted) filter (where c.kind in ('reserved', 'delivered')), 0) as allocated,
            coalesce(sum(x.posted) filter (where c.kind = 'delivered'), 0) as delivered,
            coalesce(sum(x.posted) filter (where c.kind = 'returned'), 0) as returned,
            coalesce(sum(x.posted) filter (where c.kind = 'lost'), 0) as lost,
            coalesce(sum(x.posted) filter (where c.kind = 'cancelled'), 0) as cancelled,
            coalesce(sum(x.posted) filter (where c.kind = 'written_off'), 0) as written_off
        from ledger_accounts as c
        inner join ledger_balances as x on x.account_id = c.id
        where c.owner_id = l.id and c.area_id = p.area_id
    ) as b
    cross join lateral (
        select coalesce(sum(a.delivered_quantity), 0) as handed_over from allocations as a
        where a.area_id = p.area_id and a.pledge_line_id = l.id
    ) as h
    where p.status in ('submitted', 'committed', 'closing', 'closed')
) as s
group by s.area_id, s.year, s.company_id, s.field, s.unit
having sum(s.promised + s.committed - 2 * s.handed_over) > 0;

drop view pledged_aid_given;
drop table allocation_returns;
comment on column needs.met_quantity is 'Reserved or delivered from pledges';
alter table allocations drop column released_at;
alter table allocations drop column returned_quantity;
