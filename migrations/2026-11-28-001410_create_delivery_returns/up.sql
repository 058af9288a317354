create table delivery_returns (
    area_id int not null,
    id uuid not null,
    delivery_id uuid not null,
    period date not null,
    entitlement_id uuid not null,
    cycle_id uuid not null,
    program_id uuid not null,
    beneficiary_id uuid not null,
    quantity numeric(18, 3) not null,
    is_due_again bool not null,
    takes_rest bool not null,
    delivered_on date not null,
    returned_on date not null,
    reason text not null,
    remark text,
    handover_number text,
    recorded_by text not null,
    created_at timestamptz not null,
    constraint delivery_returns_pkey primary key (area_id, id),
    constraint delivery_returns_delivery_fkey foreign key (area_id, delivery_id, period)
    references deliveries (area_id, id, period),
    constraint delivery_returns_cycle_fkey foreign key (area_id, cycle_id) references cycles (area_id, id),
    constraint delivery_returns_quantity_positive check (quantity > 0),
    constraint delivery_returns_days_order check (returned_on >= delivered_on),
    constraint delivery_returns_reason_known check (reason in (
        'wrong_recipient', 'not_entitled', 'damaged', 'excess', 'refused', 'not_collected', 'other'
    )),
    constraint delivery_returns_reason_told check (reason <> 'other' or remark is not null)
);
-- Once nothing of a delivery is left, nothing more of it comes back.
create unique index delivery_returns_rest_key on delivery_returns (area_id, delivery_id) where takes_rest;
create index delivery_returns_delivery_idx on delivery_returns (area_id, delivery_id);
create index delivery_returns_entitlement_idx on delivery_returns (area_id, period, entitlement_id);
create index delivery_returns_beneficiary_idx on delivery_returns (area_id, beneficiary_id);
create index delivery_returns_cycle_idx on delivery_returns (area_id, cycle_id, id);
comment on table delivery_returns is 'What came back of a delivery; append-only';
comment on column delivery_returns.period is 'Period of the entitlement';
comment on column delivery_returns.is_due_again is 'It is due to the family again; otherwise it is withdrawn for good';
comment on column delivery_returns.takes_rest is 'Nothing of the delivery stays with the family';
comment on column delivery_returns.delivered_on is 'Day of the delivery, from which on it does not count';
comment on column delivery_returns.handover_number is 'Number of the minutes of the return (BAST)';
alter table delivery_returns enable row level security;
create policy area_scope on delivery_returns to sinergi_service
using (area_id = any ((select visible_areas())::int []));
grant select, insert on delivery_returns to sinergi_service;

-- Each row adds to what was given, or takes away from it, from its instant on: whoever adds up deliveries adds up these.
create view aid_given with (security_invoker = true) as
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
comment on column aid_given.withdrawn is 'Of what came back, what is not due again';
comment on column aid_given.deliveries is 'One for a delivery, minus one for the return that takes the rest of it';
grant select on aid_given to sinergi_service;
