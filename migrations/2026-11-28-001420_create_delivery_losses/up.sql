create table delivery_losses (
    area_id int not null,
    id uuid not null,
    cycle_id uuid not null,
    program_id uuid not null,
    village_code text,
    entitlement_id uuid,
    quantity numeric(18, 3) not null,
    stage text not null,
    reason text not null,
    remark text,
    lost_on date not null,
    liable text not null,
    police_report_number text,
    handover_number text,
    recorded_by text not null,
    created_at timestamptz not null,
    constraint delivery_losses_pkey primary key (area_id, id),
    constraint delivery_losses_cycle_fkey foreign key (area_id, cycle_id) references cycles (area_id, id),
    constraint delivery_losses_program_fkey foreign key (program_id) references programs (id),
    constraint delivery_losses_quantity_positive check (quantity > 0),
    constraint delivery_losses_stage_known check (stage in ('storage', 'transport', 'distribution_point')),
    constraint delivery_losses_reason_known check (reason in (
        'theft', 'accident', 'weather', 'spoilage', 'short_weight', 'other'
    )),
    constraint delivery_losses_reason_told check (reason <> 'other' or remark is not null)
);
create index delivery_losses_cycle_idx on delivery_losses (area_id, cycle_id, id);
comment on table delivery_losses is 'What was lost on the way, before it was handed over: it stays due; append-only';
comment on column delivery_losses.village_code is 'Village that it was for, where it was for one';
comment on column delivery_losses.entitlement_id is 'What it was for, where it was packed for one family';
comment on column delivery_losses.stage is 'Where it was: in store, on the way, or where it is handed out';
comment on column delivery_losses.liable is 'Office, carrier or post that answers for it; not a person';
comment on column delivery_losses.police_report_number is 'Number of the report to the police';
comment on column delivery_losses.handover_number is 'Number of the minutes of the loss (BAST)';
alter table delivery_losses enable row level security;
create policy area_scope on delivery_losses to sinergi_service
using (area_id = any ((select visible_areas())::int []));
grant select, insert on delivery_losses to sinergi_service;
