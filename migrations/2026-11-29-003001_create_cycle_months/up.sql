-- Cycles of a quarter and of a month in it pay the same month twice: each month of a program is claimed by one cycle.
create table cycle_months (
    area_id int not null,
    program_id uuid not null,
    month date not null,
    cycle_id uuid not null,
    constraint cycle_months_pkey primary key (area_id, program_id, month),
    constraint cycle_months_cycle_fkey foreign key (area_id, cycle_id) references cycles (area_id, id),
    constraint cycle_months_program_fkey foreign key (program_id) references programs (id),
    constraint cycle_months_first_day check (extract(day from month) = 1)
);
create index cycle_months_cycle_idx on cycle_months (area_id, cycle_id);
comment on table cycle_months is 'Months of a program that a cycle stands for, each one''s alone; given up where the cycle is cancelled';
comment on column cycle_months.month is 'First day of the month';
alter table cycle_months enable row level security;
create policy area_scope on cycle_months to sinergi_service
using (area_id = any ((select visible_areas())::int []));
grant select, insert, delete on cycle_months to sinergi_service;

-- Where two of before stand for the same month, the earlier period keeps it.
insert into cycle_months (area_id, program_id, month, cycle_id)
select c.area_id, c.program_id, (c.period + make_interval(months => m.number))::date, c.id
from cycles as c
inner join rule_sets as r on r.id = c.rule_set_id
cross join
    generate_series(0, case r.benefit_period when 'year' then 11 when 'quarter' then 2 else 0 end) as m (number)
order by c.period, c.id
on conflict do nothing;

alter table cycles
add column cancelled_by text,
add column cancelled_at timestamptz,
add column cancellation_reason text;
comment on column cycles.cancellation_reason is 'Why it was given up before it was approved; no personal data';
-- The claims of months say it now, and leave out what was cancelled.
-- squawk-ignore ban-drop-constraint
alter table cycles drop constraint cycles_period_key;
-- squawk-ignore require-concurrent-index-creation
create index cycles_program_idx on cycles (area_id, program_id, period, id);
-- Constraints come back wider at once, and are validated in a migration of their own.
-- squawk-ignore ban-drop-constraint
alter table cycles drop constraint cycles_status_known;
alter table cycles
add constraint cycles_status_known check (status in ('planned', 'approved', 'closed', 'cancelled')) not valid;
-- squawk-ignore ban-drop-constraint
alter table cycles drop constraint cycles_approval_whole;
alter table cycles
add constraint cycles_approval_whole check (
    (status in ('planned', 'cancelled')) = (approved_by is null) and (approved_by is null) = (approved_at is null)
) not valid;
alter table cycles
add constraint cycles_cancellation_whole check (
    (status = 'cancelled') = (cancelled_by is not null) and (cancelled_by is null) = (cancelled_at is null)
    and (cancelled_by is null) = (cancellation_reason is null)
) not valid;
