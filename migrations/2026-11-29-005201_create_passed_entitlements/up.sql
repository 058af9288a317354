create table passed_entitlements (
    area_id int not null,
    entitlement_id uuid not null,
    new_entitlement_id uuid not null,
    period date not null,
    cycle_id uuid not null,
    program_id uuid not null,
    replacement_id uuid not null,
    beneficiary_id uuid not null,
    new_beneficiary_id uuid not null,
    left_quantity numeric(18, 3) not null,
    quantity numeric(18, 3) not null,
    held_quantity numeric(18, 3) not null,
    taken_over_on date not null,
    created_at timestamptz not null,
    constraint passed_entitlements_pkey primary key (area_id, entitlement_id),
    constraint passed_entitlements_new_key unique (area_id, new_entitlement_id),
    constraint passed_entitlements_entitlement_fkey foreign key (area_id, period, entitlement_id)
    references entitlements (area_id, period, id),
    constraint passed_entitlements_new_fkey foreign key (area_id, period, new_entitlement_id)
    references entitlements (area_id, period, id),
    constraint passed_entitlements_replacement_fkey foreign key (area_id, replacement_id)
    references replacements (area_id, id),
    constraint passed_entitlements_quantity_range check (quantity > 0 and quantity <= left_quantity),
    constraint passed_entitlements_held_range check (held_quantity between 0 and quantity)
);
create index passed_entitlements_replacement_idx on passed_entitlements (area_id, replacement_id);
create index passed_entitlements_beneficiary_idx on passed_entitlements (area_id, beneficiary_id);
create index passed_entitlements_new_beneficiary_idx on passed_entitlements (area_id, new_beneficiary_id);
comment on table passed_entitlements is
'What of an entitlement passed to the family that took the place of the one it was due to; append-only';
comment on column passed_entitlements.period is 'Period of both entitlements';
comment on column passed_entitlements.beneficiary_id is 'Family of the entitlement that it was of';
comment on column passed_entitlements.left_quantity is 'Due of it and not handed over until then';
comment on column passed_entitlements.quantity is 'Of that, what passed: all that is due by the new entitlement';
comment on column passed_entitlements.held_quantity is 'Of what passed, what suspension orders held and hold on';
comment on column passed_entitlements.taken_over_on is 'First day of the family that took over';
alter table passed_entitlements enable row level security;
create policy area_scope on passed_entitlements to sinergi_service
using (area_id = any ((select visible_areas())::int []));
grant select, insert on passed_entitlements to sinergi_service;

alter table replacements add column takes_over_due bool not null default false;
comment on column replacements.takes_over_due is
'What is still due of months to come passes to the new family; false for those before this was asked';

-- What passes is held by another hold from that instant on, so that what was held of each entitlement is a sum of rows.
alter table holds add column passed_quantity numeric(18, 3) not null default 0;
comment on column holds.passed_quantity is
'Of it, what passed with the entitlement to another family, where a hold of its own goes on; so does one for the rest';
alter table holds add constraint holds_passed_range check (passed_quantity between 0 and quantity) not valid;
-- squawk-ignore ban-drop-constraint
alter table holds drop constraint holds_status_known;
alter table holds add constraint holds_status_known
check (status in ('held', 'released', 'reduced', 'voided', 'passed')) not valid;
-- squawk-ignore ban-drop-constraint
alter table holds drop constraint holds_conserved;
alter table holds add constraint holds_conserved check (
    released_quantity + withdrawn_quantity = case when status in ('held', 'passed') then 0 else quantity end
    and (status = 'passed') = (passed_quantity > 0)
) not valid;

-- What passed is not due to the family any more, as what was withdrawn of it is not.
create or replace view aid_given with (security_invoker = true) as
select
    area_id, period, entitlement_id, program_id, beneficiary_id, id as delivery_id, quantity,
    0::numeric as withdrawn, 1 as deliveries, delivered_on, created_at
from deliveries
union all
select
    area_id, period, entitlement_id, program_id, beneficiary_id, delivery_id, -quantity as quantity,
    case when is_due_again then 0 else quantity end as withdrawn,
    case when takes_rest then -1 else 0 end as deliveries, delivered_on, created_at
from delivery_returns
union all
select
    area_id, period, entitlement_id, program_id, beneficiary_id, null::uuid as delivery_id, 0::numeric as quantity,
    quantity as withdrawn, 0 as deliveries, null::date as delivered_on, created_at
from passed_entitlements;
comment on view aid_given is
'Deliveries, what came back of them, and what passed to another family, signed: sums are net, as of any instant';
comment on column aid_given.delivery_id is 'Null where it passed to another family';
comment on column aid_given.withdrawn is 'Of what came back, what is not due again; and what passed to another family';

create or replace view family_aid_given with (security_invoker = true) as
select area_id, beneficiary_id, program_id, delivery_id, quantity, deliveries, delivered_on, created_at from aid_given
where delivery_id is not null
union all
select area_id, beneficiary_id, program_id, id, quantity, 1, delivered_on, recorded_at from carried_handovers
where program_id is not null;
