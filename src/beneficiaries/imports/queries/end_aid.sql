-- What rests on families that nobody is left in ends with them, and is told.
with ending as (
    select e.*
    from enrollments as e
    inner join import_context as c on c.area_id = e.area_id
    inner join left_family as x on x.id = e.beneficiary_id and x.member_count = 0
    where e.status <> 'exited'
    order by e.id
    for update of e
), kept as (
    insert into enrollments_history (area_id, id, valid_from, valid_to, version, record, client_id)
    select
        g.area_id, g.id, g.updated_at, greatest(c.now, g.updated_at + interval '1 microsecond'), g.version, to_jsonb(g),
        c.client_id
    from ending as g
    cross join import_context as c
), ended as (
    update enrollments as e
    set
        status = 'exited',
        suspension_reason = null,
        exit_reason = 'ineligible',
        ended_on = greatest(c.today, e.started_on),
        version = e.version + 1,
        updated_at = greatest(c.now, e.updated_at + interval '1 microsecond')
    from ending as g, import_context as c
    where e.area_id = g.area_id and e.id = g.id
    returning e.area_id, e.id, e.program_id, e.beneficiary_id
)
insert into outbox (id, kind, area_id, subject, subject_id, data, at)
select
    derive_id(c.import_id, e.id), 'enrollment.exited', e.area_id, 'enrollments', e.id,
    jsonb_build_object('program_id', e.program_id, 'beneficiary_id', e.beneficiary_id, 'status', 'exited'), c.now
from ended as e
cross join import_context as c;

-- Nobody hands over or releases meanwhile: what is reserved is held first, then the needs, as everywhere.
select a.id
from allocations as a
inner join import_context as c on c.area_id = a.area_id
inner join left_family as x on x.id = a.beneficiary_id and x.member_count = 0
where a.status = 'reserved'
order by a.id
for no key update of a;

select n.id
from needs as n
inner join import_context as c on c.area_id = n.area_id
inner join left_family as x on x.id = n.beneficiary_id and x.member_count = 0
order by n.id
for no key update of n;

-- Nothing is handed over to a family that ended, so a need that something is reserved for is not met.
with ended as (
    update needs as n
    set
        status = 'withdrawn',
        withdrawal_reason = coalesce(n.withdrawal_reason, 'The family has ended.'),
        version = n.version + 1,
        updated_at = c.now
    from left_family as x, import_context as c
    where
        n.area_id = c.area_id and n.beneficiary_id = x.id and x.member_count = 0
        and (n.status = 'open' or exists (
            select from allocations as a
            where
                a.area_id = n.area_id and a.beneficiary_id = n.beneficiary_id and a.need_id = n.id
                and a.status = 'reserved'
        ))
    returning n.area_id, n.id, n.kind
)
insert into outbox (id, kind, area_id, subject, subject_id, data, at)
select
    derive_id(c.import_id, n.id), 'need.withdrawn', n.area_id, 'needs', n.id, jsonb_build_object('kind', n.kind), c.now
from ended as n
cross join import_context as c;

with ended as (
    update reserves as r
    set status = 'removed', removal_reason = 'The family has ended.', version = r.version + 1, updated_at = c.now
    from left_family as x, import_context as c
    where r.area_id = c.area_id and r.beneficiary_id = x.id and x.member_count = 0 and r.status = 'waiting'
    returning r.area_id, r.id, r.beneficiary_id
)
insert into outbox (id, kind, area_id, subject, subject_id, data, at)
select
    derive_id(c.import_id, r.id), 'reserve.removed', r.area_id, 'reserves', r.id,
    jsonb_build_object('beneficiary_id', r.beneficiary_id), c.now
from ended as r
cross join import_context as c;

with ending as (
    select p.area_id, p.id
    from empowerment_plans as p
    inner join import_context as c on c.area_id = p.area_id
    inner join left_family as x on x.id = p.beneficiary_id and x.member_count = 0
    where p.status = 'in_progress'
    order by p.id
    for no key update of p
), ended as (
    update empowerment_plans as p
    set
        status = 'ended',
        ended_on = greatest(c.today, p.started_on),
        end_reason = 'other',
        ended_by = c.client_id,
        version = p.version + 1,
        updated_at = greatest(c.now, p.updated_at + interval '1 microsecond')
    from ending as g, import_context as c
    where p.area_id = g.area_id and p.id = g.id
    returning p.area_id, p.id, p.beneficiary_id, p.program_id, p.status, p.end_reason
)
insert into outbox (id, kind, area_id, subject, subject_id, data, at)
select
    derive_id(c.import_id, p.id), 'empowerment_plan.ended', p.area_id, 'empowerment_plans', p.id,
    jsonb_build_object(
        'beneficiary_id', p.beneficiary_id, 'program_id', p.program_id, 'status', p.status, 'end_reason', p.end_reason
    ), c.now
from ended as p
cross join import_context as c;

-- Told only now: whoever was reserving for a need had it, and was waited for.
insert into outbox (id, kind, area_id, subject, subject_id, data, at)
select
    derive_id(c.import_id, a.id), 'allocation.left_behind', a.area_id, 'allocations', a.id,
    jsonb_build_object('beneficiary_id', a.beneficiary_id), c.now
from allocations as a
inner join import_context as c on c.area_id = a.area_id
inner join left_family as x on x.id = a.beneficiary_id and x.member_count = 0
where a.status = 'reserved';

update imports as i
set
    allocations_reserved = (
        select count(*) from allocations as a
        inner join left_family as x on x.id = a.beneficiary_id and x.member_count = 0
        where a.area_id = c.area_id and a.status = 'reserved'
    )
from import_context as c
where i.area_id = c.area_id and i.id = c.import_id;
