alter table rule_sets add column benefit jsonb;
-- The owner writes it; the service never changes a rule set.
update rule_sets set benefit = jsonb_build_object('kind', 'fixed', 'quantity', trim_scale(benefit_quantity)::text);
alter table rule_sets
add constraint rule_sets_benefit_given check (benefit is not null) not valid;
alter table rule_sets
add constraint rule_sets_benefit_known check (
    benefit ->> 'kind' in ('fixed', 'per_member', 'per_component')
) not valid;
comment on column rule_sets.benefit is 'What a family gets and for whom, by its kind';
comment on column rule_sets.benefit_quantity is 'Due to a family in a period, in the unit of the program; where it goes by members, the most that one can get';

alter table entitlements add column breakdown jsonb;
comment on column entitlements.breakdown is 'Its parts by member and component, with what was cut; null where it is the same for every family';

alter table cycles add column omission_count int not null default 0;
alter table cycles add column ceiling_quantity numeric(18, 3);
alter table cycles
add constraint cycles_ceiling_positive check (ceiling_quantity > 0) not valid;
alter table cycles
add constraint cycles_ceiling_held check (entitled_quantity <= ceiling_quantity) not valid;
comment on column cycles.omission_count is 'Families on the program that get nothing in it';
comment on column cycles.ceiling_quantity is 'Its list may come to no more than this; null where nothing holds it';

create table cycle_omissions (
    area_id int not null,
    cycle_id uuid not null,
    beneficiary_id uuid not null,
    enrollment_id uuid not null,
    village_code text not null,
    reason text not null,
    breakdown jsonb not null,
    constraint cycle_omissions_pkey primary key (area_id, cycle_id, beneficiary_id),
    constraint cycle_omissions_cycle_fkey foreign key (area_id, cycle_id) references cycles (area_id, id),
    constraint cycle_omissions_enrollment_fkey foreign key (area_id, enrollment_id) references enrollments (area_id, id),
    constraint cycle_omissions_reason_known check (reason in ('no_component', 'too_few_members', 'duties_not_met'))
);
create index cycle_omissions_beneficiary_idx on cycle_omissions (area_id, beneficiary_id);
comment on table cycle_omissions is 'Families on a program that get nothing in a cycle, and why; never changed';
comment on column cycle_omissions.breakdown is 'What was cut, where all of it was';

alter table cycle_omissions enable row level security;
create policy area_scope on cycle_omissions to sinergi_service
using (area_id = any ((select visible_areas())::int []));
grant select, insert on cycle_omissions to sinergi_service;
