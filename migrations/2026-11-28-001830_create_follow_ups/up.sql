create table follow_ups (
    area_id int not null,
    id uuid not null,
    aid_id uuid not null,
    source text not null,
    beneficiary_id uuid not null,
    village_code text not null,
    program_id uuid,
    pledge_id uuid,
    delivered_on date not null,
    month_mark smallint not null,
    visited_on date not null,
    is_found bool not null,
    is_held bool,
    is_in_use bool,
    is_working bool,
    is_earning bool,
    income text,
    is_on_aid bool,
    note text,
    version int not null,
    corrects uuid,
    recorded_by text not null,
    created_at timestamptz not null,
    constraint follow_ups_pkey primary key (area_id, id),
    constraint follow_ups_version_key unique (area_id, aid_id, month_mark, version),
    constraint follow_ups_beneficiary_fkey foreign key (area_id, beneficiary_id)
    references beneficiaries (area_id, id),
    constraint follow_ups_corrects_fkey foreign key (area_id, corrects) references follow_ups (area_id, id),
    constraint follow_ups_source_known check (
        source = 'program' and program_id is not null and pledge_id is null
        or source = 'company' and pledge_id is not null and program_id is null
    ),
    constraint follow_ups_mark_known check (month_mark in (3, 6, 12, 24)),
    constraint follow_ups_income_known check (income in ('lower', 'same', 'higher')),
    constraint follow_ups_answers_whole check (
        is_found = (is_earning is not null and income is not null and is_on_aid is not null)
        and (is_held is null) = (is_in_use is null) and (is_held is null) = (is_working is null)
        and (is_found or coalesce(is_held, is_earning, is_on_aid) is null and income is null)
    ),
    constraint follow_ups_version_chain check ((version = 1) = (corrects is null) and version >= 1)
);
create index follow_ups_corrects_idx on follow_ups (area_id, corrects);
create index follow_ups_pledge_idx on follow_ups (area_id, pledge_id, month_mark);
comment on table follow_ups is
'What became of a family after it got tools or training; never changed, a correction is a new version';
comment on column follow_ups.aid_id is 'Entitlement of a program, or allocation of a pledge';
comment on column follow_ups.delivered_on is 'Day of the first handover, from which the months are counted';
comment on column follow_ups.month_mark is 'Months after which it was due';
comment on column follow_ups.is_held is 'The family still has the asset; null for a training';
comment on column follow_ups.income is 'Income against what it was before';
comment on column follow_ups.corrects is 'The version that it takes the place of';

alter table follow_ups enable row level security;
create policy area_scope on follow_ups to sinergi_service
using (area_id = any ((select visible_areas())::int []));
grant select, insert on follow_ups to sinergi_service;

create view followed_aid with (security_invoker = true) as
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
comment on view followed_aid is 'Tools and trainings that families got, from programs and companies, since which day';
grant select on followed_aid to sinergi_service;
