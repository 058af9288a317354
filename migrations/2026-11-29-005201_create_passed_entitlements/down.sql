create or replace view family_aid_given with (security_invoker = true) as
select area_id, beneficiary_id, program_id, delivery_id, quantity, deliveries, delivered_on, created_at from aid_given
union all
select area_id, beneficiary_id, program_id, id, quantity, 1, delivered_on, recorded_at from carried_handovers
where program_id is not null;
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
from delivery_returns;
comment on view aid_given is 'Deliveries and what came back of them, signed: sums are net, as of any instant';
comment on column aid_given.delivery_id is null;
comment on column aid_given.withdrawn is 'Of what came back, what is not due again';
delete from holds where status = 'passed';
-- squawk-ignore ban-drop-constraint
alter table holds drop constraint holds_conserved;
alter table holds add constraint holds_conserved check (
    released_quantity + withdrawn_quantity = case when status = 'held' then 0 else quantity end
) not valid;
-- squawk-ignore ban-drop-constraint
alter table holds drop constraint holds_status_known;
alter table holds add constraint holds_status_known
check (status in ('held', 'released', 'reduced', 'voided')) not valid;
-- squawk-ignore ban-drop-constraint
alter table holds drop constraint holds_passed_range;
alter table holds drop column passed_quantity;
alter table replacements drop column takes_over_due;
-- squawk-ignore ban-drop-table
drop table passed_entitlements;
