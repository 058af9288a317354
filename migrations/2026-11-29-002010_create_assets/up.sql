create table assets (
    area_id int not null,
    id uuid not null,
    asset_number text not null,
    kind text not null,
    serial_number text,
    source text not null,
    delivery_id uuid,
    delivery_period date,
    allocation_delivery_id uuid,
    aid_id uuid,
    program_id uuid,
    pledge_id uuid,
    value_rupiah bigint,
    acquired_on date not null,
    status text not null,
    status_since date not null,
    status_reason text,
    status_minutes_number text,
    condition text not null,
    custody_id uuid,
    last_checked_on date,
    next_check_on date not null,
    registered_by text not null,
    version int not null default 1,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    constraint assets_pkey primary key (area_id, id),
    constraint assets_number_key unique (area_id, asset_number),
    constraint assets_kind_fkey foreign key (kind) references need_kinds (code),
    constraint assets_program_fkey foreign key (program_id) references programs (id),
    constraint assets_delivery_fkey foreign key (area_id, delivery_id, delivery_period)
    references deliveries (area_id, id, period),
    constraint assets_allocation_delivery_fkey foreign key (area_id, allocation_delivery_id)
    references allocation_deliveries (area_id, id),
    constraint assets_source_whole check (
        source = 'program' and delivery_id is not null and delivery_period is not null and aid_id is not null
        and program_id is not null and allocation_delivery_id is null and pledge_id is null
        or source = 'company' and allocation_delivery_id is not null and aid_id is not null
        and pledge_id is not null and delivery_id is null and delivery_period is null and program_id is null
        or source = 'bought' and delivery_id is null and delivery_period is null and allocation_delivery_id is null
        and aid_id is null and program_id is null and pledge_id is null
    ),
    constraint assets_value_range check (value_rupiah >= 0),
    constraint assets_status_known check (status in ('in_store', 'in_custody', 'under_repair', 'lost', 'retired')),
    constraint assets_condition_known check (condition in ('good', 'worn', 'broken', 'missing')),
    constraint assets_status_reasoned check (
        (status in ('under_repair', 'lost', 'retired')) = (status_reason is not null)
        and (status_reason is null) = (status_minutes_number is null)
    ),
    constraint assets_custody_whole check (
        status = 'in_custody' and custody_id is not null or status = 'under_repair'
        or status in ('in_store', 'lost', 'retired') and custody_id is null
    )
);
create index assets_delivery_idx on assets (area_id, delivery_id);
create index assets_allocation_delivery_idx on assets (area_id, allocation_delivery_id);
create index assets_pledge_idx on assets (pledge_id);
create index assets_custody_idx on assets (area_id, custody_id);
create index assets_check_idx on assets (area_id, next_check_on, id) where status not in ('lost', 'retired');
comment on table assets is 'Equipment of the sub-district that families use, one row for each piece';
comment on column assets.asset_number is 'Label of the sub-district on the piece';
comment on column assets.serial_number is 'Number of its maker';
comment on column assets.delivery_id is 'Delivery of a program by which it came';
comment on column assets.delivery_period is 'Period of that delivery, for the key';
comment on column assets.allocation_delivery_id is 'Handover of a pledge by which it came';
comment on column assets.aid_id is 'Entitlement or allocation that it came by, which follow-ups name';
comment on column assets.status_since is 'Day of the change to the status that it has';
comment on column assets.status_reason is 'Why it is under repair, lost or retired';
comment on column assets.status_minutes_number is 'Minutes of that';
comment on column assets.condition is 'As the newest check, hand-back or repair found it';
comment on column assets.custody_id is 'Live custody; stays while the piece is under repair';
comment on column assets.next_check_on is 'Day by which somebody looks at it';

create table custodies (
    area_id int not null,
    id uuid not null,
    asset_id uuid not null,
    beneficiary_id uuid not null,
    group_name text,
    village_code text not null,
    place text not null,
    handover_number text not null,
    terms text,
    started_on date not null,
    handed_over_by text not null,
    follows_id uuid,
    ended_on date,
    end_reason text,
    return_condition text,
    return_note text,
    ended_by text,
    version int not null default 1,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    constraint custodies_pkey primary key (area_id, id),
    constraint custodies_asset_fkey foreign key (area_id, asset_id) references assets (area_id, id),
    constraint custodies_beneficiary_fkey foreign key (area_id, beneficiary_id) references beneficiaries (area_id, id),
    constraint custodies_follows_fkey foreign key (area_id, follows_id) references custodies (area_id, id),
    constraint custodies_dates_order check (ended_on >= started_on),
    constraint custodies_end_reason_known check (end_reason in (
        'own_wish', 'not_used', 'terms_broken', 'unfit', 'family_moved', 'family_ended', 'other', 'lost', 'retired'
    )),
    constraint custodies_condition_known check (return_condition in ('good', 'worn', 'broken', 'missing')),
    constraint custodies_end_whole check (
        (ended_on is null) = (end_reason is null) and (ended_on is null) = (return_condition is null)
        and (ended_on is null) = (ended_by is null) and (return_note is null or ended_on is not null)
    )
);
create unique index custodies_one_live_key on custodies (area_id, asset_id) where ended_on is null;
create index custodies_asset_idx on custodies (area_id, asset_id, id);
create index custodies_beneficiary_idx on custodies (area_id, beneficiary_id, id);
create index custodies_follows_idx on custodies (area_id, follows_id);
alter table assets add constraint assets_custody_fkey
foreign key (area_id, custody_id) references custodies (area_id, id);
comment on table custodies is 'Which family has which piece of equipment, from when to when';
comment on column custodies.beneficiary_id is 'Family that keeps it, for itself or for a group; goes over with a merger';
comment on column custodies.group_name is 'Group that the family keeps it for';
comment on column custodies.village_code is 'Village of the family at the hand-over';
comment on column custodies.place is 'Where it is kept, in words';
comment on column custodies.handover_number is 'Number of the handover minutes (BAST)';
comment on column custodies.terms is 'What the family agreed to';
comment on column custodies.follows_id is 'Custody that this one was transferred from';
comment on column custodies.ended_on is 'Last day; null while it has it';
comment on column custodies.return_condition is 'How it came back; missing where it did not';

create table asset_checks (
    area_id int not null,
    id uuid not null,
    asset_id uuid not null,
    custody_id uuid,
    village_code text,
    checked_on date not null,
    condition text not null,
    is_in_use bool not null,
    meter_hours int,
    note text,
    evidence jsonb not null,
    next_check_on date not null,
    checked_by text not null,
    created_at timestamptz not null,
    constraint asset_checks_pkey primary key (area_id, id),
    constraint asset_checks_asset_fkey foreign key (area_id, asset_id) references assets (area_id, id),
    constraint asset_checks_custody_fkey foreign key (area_id, custody_id) references custodies (area_id, id),
    constraint asset_checks_condition_known check (condition in ('good', 'worn', 'broken', 'missing')),
    constraint asset_checks_use_possible check (not (condition = 'missing' and is_in_use)),
    constraint asset_checks_hours_range check (meter_hours >= 0),
    constraint asset_checks_dates_order check (next_check_on > checked_on)
);
create index asset_checks_asset_idx on asset_checks (area_id, asset_id, checked_on, id);
create index asset_checks_custody_idx on asset_checks (area_id, custody_id);
comment on table asset_checks is 'What somebody found who looked at a piece of equipment; append-only';
comment on column asset_checks.custody_id is 'Live custody at the check; null where it was in store';
comment on column asset_checks.village_code is 'Village of that custody';
comment on column asset_checks.meter_hours is 'Hours that its meter tells';
comment on column asset_checks.evidence is 'Pictures and papers, by their digests';

create table asset_write_offs (
    area_id int not null,
    id uuid not null,
    asset_id uuid not null,
    kind text not null,
    happened_on date not null,
    reason text not null,
    minutes_number text not null,
    proposed_by text not null,
    status text not null,
    decided_by text,
    decided_at timestamptz,
    refusal_reason text,
    version int not null default 1,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    constraint asset_write_offs_pkey primary key (area_id, id),
    constraint asset_write_offs_asset_fkey foreign key (area_id, asset_id) references assets (area_id, id),
    constraint asset_write_offs_kind_known check (kind in ('lost', 'retired')),
    constraint asset_write_offs_status_known check (status in ('proposed', 'agreed', 'refused')),
    constraint asset_write_offs_decision_whole check (
        (status = 'proposed') = (decided_by is null) and (decided_by is null) = (decided_at is null)
        and (status = 'refused') = (refusal_reason is not null)
    ),
    constraint asset_write_offs_two_persons check (status <> 'agreed' or decided_by <> proposed_by)
);
create unique index asset_write_offs_one_open_key on asset_write_offs (area_id, asset_id) where status = 'proposed';
create index asset_write_offs_asset_idx on asset_write_offs (area_id, asset_id);
comment on table asset_write_offs is 'That a piece of equipment is lost or retired, which two persons say';
comment on column asset_write_offs.happened_on is 'Day of the loss, or of the end of its use';
comment on column asset_write_offs.minutes_number is 'Minutes of it';

do $$
declare
    family_table text;
begin
    foreach family_table in array array['assets', 'custodies', 'asset_checks', 'asset_write_offs'] loop
        execute format('alter table %I enable row level security', family_table);
        execute format(
            'create policy area_scope on %I to sinergi_service using (area_id = any ((select visible_areas())::int []))',
            family_table
        );
    end loop;
end
$$;
grant select, insert, update on assets, custodies, asset_write_offs to sinergi_service;
grant select, insert on asset_checks to sinergi_service;
