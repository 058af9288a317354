-- Families and pledges meet by id only, so the two arms are read by area, each by its own index.
create view realisations with (security_invoker = true) as
select
    p.area_id, p.year, p.company_id, l.field, l.unit, a.village_code,
    sum(a.delivered_quantity) as promised,
    sum(a.delivered_quantity) as committed,
    sum(a.delivered_quantity) as received,
    sum(a.delivered_quantity) as allocated,
    sum(a.delivered_quantity) as delivered,
    0::numeric as returned, 0::numeric as lost, 0::numeric as cancelled, 0::numeric as written_off,
    sum(a.delivered_quantity * l.unit_value_rupiah) as promised_rupiah,
    sum(a.delivered_quantity * l.unit_value_rupiah) as committed_rupiah,
    sum(a.delivered_quantity * l.unit_value_rupiah) as received_rupiah,
    sum(a.delivered_quantity * l.unit_value_rupiah) as delivered_rupiah,
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
    sum((s.promised - s.handed_over) * s.unit_value_rupiah) as promised_rupiah,
    sum((s.committed - s.handed_over) * s.unit_value_rupiah) as committed_rupiah,
    sum((s.received - s.handed_over) * s.unit_value_rupiah) as received_rupiah,
    sum((s.delivered - s.handed_over) * s.unit_value_rupiah) as delivered_rupiah,
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
comment on view realisations is
'What became of pledges by year, company, field, unit and village of who got it; village null: with no family yet';
comment on column realisations.families is 'Families that got some of it';
grant select on realisations to sinergi_service;
