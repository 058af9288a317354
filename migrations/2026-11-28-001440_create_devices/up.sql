create table devices (
    area_id int not null,
    id uuid not null,
    label text not null,
    public_key text not null,
    client_id text not null,
    status text not null,
    registered_by text not null,
    revoked_by text,
    revoked_at timestamptz,
    revocation_reason text,
    version int not null default 1,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    constraint devices_pkey primary key (area_id, id),
    constraint devices_public_key_key unique (area_id, public_key),
    constraint devices_status_known check (status in ('active', 'revoked')),
    constraint devices_revocation_whole check (
        (status = 'revoked') = (revoked_by is not null) and (revoked_by is null) = (revoked_at is null)
        and (revoked_by is null) = (revocation_reason is null)
    )
);
comment on table devices is 'Devices that record deliveries without signal and sign what they bring';
comment on column devices.public_key is 'Ed25519 key that verifies its batches, in base64url';
comment on column devices.client_id is 'Client that uses it';

create table delivery_batches (
    area_id int not null,
    id uuid not null,
    device_id uuid not null,
    sequence int not null,
    content_digest bytea not null,
    signature text not null,
    made_at timestamptz not null,
    item_count int not null,
    accepted_count int not null,
    conflict_count int not null,
    sent_by text not null,
    created_at timestamptz not null,
    constraint delivery_batches_pkey primary key (area_id, id),
    constraint delivery_batches_sequence_key unique (area_id, device_id, sequence),
    constraint delivery_batches_device_fkey foreign key (area_id, device_id) references devices (area_id, id),
    constraint delivery_batches_sequence_positive check (sequence > 0),
    constraint delivery_batches_counts_range check (accepted_count + conflict_count <= item_count)
);
comment on table delivery_batches is 'What a device brought at once, signed by it; append-only';
comment on column delivery_batches.sequence is 'Number that the device gave it; they may arrive in any order';
comment on column delivery_batches.content_digest is 'SHA-256 of the canonical text that was signed';
comment on column delivery_batches.made_at is 'When the device closed it, by its own clock';

create table delivery_batch_items (
    area_id int not null,
    delivery_batch_id uuid not null,
    item_number smallint not null,
    id uuid not null,
    content_digest bytea not null,
    outcome text not null,
    is_repeated bool not null,
    place text,
    constraint delivery_batch_items_pkey primary key (area_id, delivery_batch_id, item_number),
    constraint delivery_batch_items_batch_fkey foreign key (area_id, delivery_batch_id)
    references delivery_batches (area_id, id),
    constraint delivery_batch_items_outcome_known check (outcome in ('accepted', 'conflict', 'refused'))
);
-- The same delivery may be brought again; it counts once.
create unique index delivery_batch_items_once_key on delivery_batch_items (area_id, id)
where not is_repeated and outcome <> 'refused';
comment on table delivery_batch_items is 'Deliveries of a batch with what became of each; append-only';
comment on column delivery_batch_items.id is 'Id that the device gave the delivery';
comment on column delivery_batch_items.is_repeated is 'A batch before it had brought the same already';
comment on column delivery_batch_items.place is 'Where it was handed over, as the device says';

create table delivery_conflicts (
    area_id int not null,
    id uuid not null,
    delivery_batch_id uuid not null,
    device_id uuid not null,
    entitlement_id uuid not null,
    said jsonb not null,
    code text not null,
    pointer text,
    about text,
    status text not null,
    settled_by text,
    settled_at timestamptz,
    settlement_reason text,
    version int not null default 1,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    constraint delivery_conflicts_pkey primary key (area_id, id),
    constraint delivery_conflicts_batch_fkey foreign key (area_id, delivery_batch_id)
    references delivery_batches (area_id, id),
    constraint delivery_conflicts_status_known check (status in ('open', 'dismissed', 'applied')),
    constraint delivery_conflicts_settlement_whole check (
        (status = 'open') = (settled_by is null) and (settled_by is null) = (settled_at is null)
        and (status = 'dismissed') = (settlement_reason is not null)
    )
);
create index delivery_conflicts_batch_idx on delivery_conflicts (area_id, delivery_batch_id);
comment on table delivery_conflicts is 'What a device says was handed over and cannot be: kept until somebody settles it';
comment on column delivery_conflicts.id is 'Id that the device gave the delivery';
comment on column delivery_conflicts.said is 'What the device says happened';
comment on column delivery_conflicts.code is 'Why it cannot be, when it arrived';

do $$
declare
    family_table text;
begin
    foreach family_table in array array['devices', 'delivery_batches', 'delivery_batch_items', 'delivery_conflicts'] loop
        execute format('alter table %I enable row level security', family_table);
        execute format(
            'create policy area_scope on %I to sinergi_service using (area_id = any ((select visible_areas())::int []))',
            family_table
        );
    end loop;
end
$$;
grant select, insert, update on devices, delivery_conflicts to sinergi_service;
grant select, insert on delivery_batches, delivery_batch_items to sinergi_service;
