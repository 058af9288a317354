-- A family that moves brings along what it was due and what it got, or the sub-district that it comes to would take it for
-- one that was never helped.
create table carried_aid (
    area_id int not null,
    id uuid not null,
    beneficiary_id uuid not null,
    from_area_id int not null,
    from_district_code text not null,
    source text not null,
    village_code text not null,
    program_id uuid,
    cycle_id uuid,
    pledge_id uuid,
    pledge_line_id uuid,
    title text not null,
    kind text not null,
    unit text not null,
    due_on date not null,
    quantity numeric(18, 3) not null,
    withdrawn_quantity numeric(18, 3) not null,
    carried_at timestamptz not null,
    constraint carried_aid_pkey primary key (area_id, id),
    constraint carried_aid_beneficiary_fkey foreign key (area_id, beneficiary_id) references beneficiaries (area_id, id),
    constraint carried_aid_from_elsewhere check (from_area_id <> area_id),
    constraint carried_aid_source_whole check (
        source in ('program', 'company') and (source = 'program') = (program_id is not null)
        and (source = 'company') = (pledge_id is not null)
    )
);
create index carried_aid_beneficiary_idx on carried_aid (area_id, beneficiary_id);
comment on table carried_aid is 'What a family was due in the sub-district that it came from, as it stood when it moved';
comment on column carried_aid.id is 'Entitlement or allocation there';
comment on column carried_aid.from_area_id is 'Where it was due, and where what is left of it can be collected';
comment on column carried_aid.withdrawn_quantity is 'Of it, what will never be delivered';

create table carried_handovers (
    area_id int not null,
    id uuid not null,
    aid_id uuid not null,
    beneficiary_id uuid not null,
    program_id uuid,
    quantity numeric(18, 3) not null,
    delivered_on date not null,
    recorded_at timestamptz not null,
    constraint carried_handovers_pkey primary key (area_id, id),
    constraint carried_handovers_aid_fkey foreign key (area_id, aid_id) references carried_aid (area_id, id),
    constraint carried_handovers_quantity_positive check (quantity > 0)
);
create index carried_handovers_aid_idx on carried_handovers (area_id, aid_id);
create index carried_handovers_beneficiary_idx on carried_handovers (area_id, beneficiary_id);
comment on table carried_handovers is 'What was handed over of carried aid, less what came back';
comment on column carried_handovers.id is 'Delivery there';
comment on column carried_handovers.recorded_at is 'When it was recorded there';

alter table carried_aid enable row level security;
create policy area_scope on carried_aid to sinergi_service
using (area_id = any ((select visible_areas())::int []));
alter table carried_handovers enable row level security;
create policy area_scope on carried_handovers to sinergi_service
using (area_id = any ((select visible_areas())::int []));
grant select, insert on carried_aid, carried_handovers to sinergi_service;

create view family_aid_given with (security_invoker = true) as
select area_id, beneficiary_id, program_id, delivery_id, quantity, deliveries, delivered_on, created_at from aid_given
union all
select area_id, beneficiary_id, program_id, id, quantity, 1, delivered_on, recorded_at from carried_handovers
where program_id is not null;
comment on view family_aid_given is 'Aid of programs that a family got, wherever it lived: what rules ask for';
grant select on family_aid_given to sinergi_service;
