-- What a rule set gives once is due to a family once, in whichever cycle: the claim decides, also between two approvals
-- at once.
create table once_entitlements (
    area_id int not null,
    beneficiary_id uuid not null,
    rule_set_id uuid not null,
    period date not null,
    created_at timestamptz not null default now(),
    constraint once_entitlements_pkey primary key (area_id, beneficiary_id, rule_set_id),
    constraint once_entitlements_beneficiary_fkey foreign key (area_id, beneficiary_id)
    references beneficiaries (area_id, id),
    constraint once_entitlements_rule_set_fkey foreign key (rule_set_id) references rule_sets (id)
);
create index once_entitlements_rule_set_idx on once_entitlements (area_id, rule_set_id);
comment on table once_entitlements is 'Families to whom a benefit that is given once was due, by rule set; carried along into another sub-district';
comment on column once_entitlements.period is 'Period of the cycle that it was due in';
alter table once_entitlements enable row level security;
create policy area_scope on once_entitlements to sinergi_service
using (area_id = any ((select visible_areas())::int []));
grant select, insert on once_entitlements to sinergi_service;

insert into once_entitlements (area_id, beneficiary_id, rule_set_id, period, created_at)
select e.area_id, e.beneficiary_id, c.rule_set_id, e.period, coalesce(c.approved_at, c.updated_at)
from entitlements as e
inner join cycles as c on c.area_id = e.area_id and c.id = e.cycle_id
inner join rule_sets as r on r.id = c.rule_set_id and r.benefit_period = 'once'
order by e.period
on conflict do nothing;

-- A family that moved before brought its programs of the state along, and what they gave it once.
insert into once_entitlements (area_id, beneficiary_id, rule_set_id, period, created_at)
select b.area_id, o.beneficiary_id, o.rule_set_id, o.period, o.created_at
from once_entitlements as o
inner join beneficiaries as b on b.id = o.beneficiary_id and b.area_id <> o.area_id and b.status = 'live'
inner join rule_sets as r on r.id = o.rule_set_id
inner join programs as p on p.id = r.program_id and p.owner_area_id is null
on conflict do nothing;

-- Who a family goes on as is looked up from either end.
-- squawk-ignore require-concurrent-index-creation
create index beneficiaries_continued_in_idx on beneficiaries (area_id, continued_in_id)
where continued_in_id is not null;

-- The constraint comes back wider at once, and is validated in a migration of its own.
-- squawk-ignore ban-drop-constraint
alter table cycle_omissions drop constraint cycle_omissions_reason_known;
alter table cycle_omissions
add constraint cycle_omissions_reason_known check (
    reason in ('no_component', 'too_few_members', 'duties_not_met', 'already_given')
) not valid;
comment on table carried_entitlements is 'Months of programs of the state that a family brought along: due in the sub-district it came from, so not once more here';
comment on column carried_entitlements.period is 'First day of the month; a quarter is three of them';
