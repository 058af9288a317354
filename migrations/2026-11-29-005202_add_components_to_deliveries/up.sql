alter table deliveries add column component text;
comment on column deliveries.component is 'Component of the benefit that it was for, where it was told';
alter table delivery_returns add column component text;
comment on column delivery_returns.component is 'Component that the delivery was for, where it was told';

create view component_aid_given with (security_invoker = true) as
select area_id, period, entitlement_id, component, quantity, 0::numeric as withdrawn
from deliveries
where component is not null
union all
select
    area_id, period, entitlement_id, component, -quantity as quantity,
    case when is_due_again then 0 else quantity end as withdrawn
from delivery_returns
where component is not null;
comment on view component_aid_given is
'Deliveries that name the component they were for, and what came back of them, signed: as aid_given has them';
comment on column component_aid_given.withdrawn is 'Of what came back, what is not due again';
grant select on component_aid_given to sinergi_service;
