alter table allocations add column returned_quantity numeric(18, 3) not null default 0;
alter table allocations add constraint allocations_returned_range check (
    returned_quantity between 0 and delivered_quantity
) not valid;
alter table allocations add column released_at timestamptz;
update allocations set released_at = updated_at where status = 'released';
comment on column allocations.released_at is 'When what was not handed over became free again';
comment on column allocations.returned_quantity is 'What of delivered_quantity came back: the family has the rest';
comment on column needs.met_quantity is
'Reserved or delivered from pledges; what came back and is not needed any more counts on';

create table allocation_returns (
    area_id int not null,
    id uuid not null,
    allocation_id uuid not null,
    allocation_delivery_id uuid not null,
    pledge_id uuid not null,
    pledge_line_id uuid not null,
    beneficiary_id uuid not null,
    quantity numeric(18, 3) not null,
    is_usable bool not null,
    is_still_needed bool not null,
    takes_rest bool not null,
    delivered_on date not null,
    returned_on date not null,
    reason text not null,
    remark text,
    handover_number text not null,
    transfer_id uuid not null,
    loss_transfer_id uuid,
    recorded_by text not null,
    created_at timestamptz not null,
    constraint allocation_returns_pkey primary key (area_id, id),
    constraint allocation_returns_allocation_fkey foreign key (area_id, allocation_id)
    references allocations (area_id, id),
    constraint allocation_returns_delivery_fkey foreign key (area_id, allocation_delivery_id)
    references allocation_deliveries (area_id, id),
    constraint allocation_returns_quantity_positive check (quantity > 0),
    constraint allocation_returns_days_order check (returned_on >= delivered_on),
    constraint allocation_returns_loss_whole check (is_usable = (loss_transfer_id is null)),
    constraint allocation_returns_reason_known check (reason in (
        'family_moved', 'wrong_goods', 'wrong_recipient', 'not_entitled', 'damaged', 'excess', 'not_used', 'other'
    )),
    constraint allocation_returns_reason_told check (reason <> 'other' or remark is not null),
    constraint allocation_returns_damaged_lost check (reason <> 'damaged' or not is_usable)
);
-- Once nothing of a handover is left, nothing more of it comes back.
create unique index allocation_returns_rest_key on allocation_returns (area_id, allocation_delivery_id)
where takes_rest;
create index allocation_returns_delivery_idx on allocation_returns (area_id, allocation_delivery_id);
create index allocation_returns_allocation_idx on allocation_returns (area_id, allocation_id);
create index allocation_returns_pledge_idx on allocation_returns (area_id, pledge_id, id);
create index allocation_returns_beneficiary_idx on allocation_returns (area_id, beneficiary_id);
comment on table allocation_returns is 'What came back of a handover of pledged aid; append-only';
comment on column allocation_returns.is_usable is 'It is in the stock of the line again; otherwise it is lost';
comment on column allocation_returns.is_still_needed is 'The need of the family is open again by as much';
comment on column allocation_returns.takes_rest is 'Nothing of the handover stays with the family';
comment on column allocation_returns.delivered_on is 'Day of the handover, from which on it does not count';
comment on column allocation_returns.handover_number is 'Number of the minutes of the return (BAST)';
comment on column allocation_returns.transfer_id is 'Transfer that put it back into the stock of the line';
comment on column allocation_returns.loss_transfer_id is 'Transfer that took it out again as lost, where it is not usable';
alter table allocation_returns enable row level security;
create policy area_scope on allocation_returns to sinergi_service
using (area_id = any ((select visible_areas())::int []));
grant select, insert on allocation_returns to sinergi_service;

-- As aid_given for programs: whoever adds up what families got from companies adds up these.
create view pledged_aid_given with (security_invoker = true) as
select
    area_id, allocation_id, pledge_id, pledge_line_id, beneficiary_id, id as allocation_delivery_id, quantity,
    0::numeric as withdrawn, delivered_on, created_at
from allocation_deliveries
union all
select
    area_id, allocation_id, pledge_id, pledge_line_id, beneficiary_id, allocation_delivery_id, -quantity as quantity,
    quantity as withdrawn, delivered_on, created_at
from allocation_returns;
comment on view pledged_aid_given is
'Handovers of pledged aid and what came back of them, signed: sums are net, as of any instant';
comment on column pledged_aid_given.withdrawn is 'What came back: it is not due to the family by the same allocation';
grant select on pledged_aid_given to sinergi_service;

create or replace view realisations with (security_invoker = true) as
select
    p.area_id, p.year, p.company_id, l.field, l.unit, a.village_code,
    sum(a.delivered_quantity - a.returned_quantity) as promised,
    sum(a.delivered_quantity - a.returned_quantity) as committed,
    sum(a.delivered_quantity - a.returned_quantity) as received,
    sum(a.delivered_quantity - a.returned_quantity) as allocated,
    sum(a.delivered_quantity - a.returned_quantity) as delivered,
    0::numeric as returned, 0::numeric as lost, 0::numeric as cancelled, 0::numeric as written_off,
    sum((a.delivered_quantity - a.returned_quantity) * l.unit_value_rupiah) as promised_value,
    sum((a.delivered_quantity - a.returned_quantity) * l.unit_value_rupiah) as committed_value,
    sum((a.delivered_quantity - a.returned_quantity) * l.unit_value_rupiah) as received_value,
    sum((a.delivered_quantity - a.returned_quantity) * l.unit_value_rupiah) as delivered_value,
    count(distinct a.beneficiary_id) as families
from allocations as a
inner join pledge_lines as l on l.id = a.pledge_line_id
inner join pledges as p on p.id = l.pledge_id and p.area_id = a.area_id
where a.delivered_quantity > a.returned_quantity
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
        select coalesce(sum(a.delivered_quantity - a.returned_quantity), 0) as handed_over from allocations as a
        where a.area_id = p.area_id and a.pledge_line_id = l.id
    ) as h
    where p.status in ('submitted', 'committed', 'closing', 'closed')
) as s
group by s.area_id, s.year, s.company_id, s.field, s.unit
having sum(s.promised + s.committed - 2 * s.handed_over) > 0;

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
        when 'allocation_delivery' then (
            select 'delivery_returned' from allocation_returns as r
            where r.area_id = m.area_id and r.allocation_delivery_id = m.allocation_delivery_id and r.takes_rest
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
