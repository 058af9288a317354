-- An import goes from uploaded over checked and reviewed to applied, or is cancelled. `running` stays what it was: the
-- service is at work on what will be applied.
-- The constraint that allows more follows at once.
-- squawk-ignore ban-drop-constraint
alter table imports drop constraint imports_status_known;
alter table imports
    add column format text not null default 'csv',
    add column is_automatic bool not null default true,
    add column full_list_of text,
    add column mapping_id uuid,
    add column layout jsonb,
    add column families_leaving int not null default 0,
    add column members_leaving int not null default 0,
    add column attempts int not null default 0,
    add column failure_code text,
    add column checked_at timestamptz,
    add column reviewed_at timestamptz,
    add column reviewed_by text,
    add column review_note text,
    add column decided_by text,
    add constraint imports_status_known check (
        status in ('uploaded', 'running', 'checked', 'reviewed', 'applied', 'cancelled', 'failed')
    ) not valid,
    add constraint imports_format_known check (format in ('csv', 'ndjson', 'xlsx')) not valid,
    add constraint imports_review_whole check ((reviewed_at is null) = (reviewed_by is null)) not valid;
comment on column imports.is_automatic is 'True where the file is applied as soon as it is checked';
comment on column imports.full_list_of is 'Village or sub-district that the file lists whole; null where absence says nothing';
comment on column imports.layout is 'The mapping as it was when the file was sent: what a later change of it does not move';
comment on column imports.families_leaving is 'Families that a full list no longer names';
comment on column imports.members_leaving is 'Members whom a full list no longer names';
comment on column imports.attempts is 'How often it was begun again after its session was lost';
comment on column imports.failure_code is 'Why it failed, where a code says so';
comment on column imports.decided_by is 'Client that applied or cancelled it';

create table import_parts (
    area_id int not null,
    import_id uuid not null,
    part_number int not null,
    bytes_sealed bytea not null,
    received_at timestamptz not null,
    constraint import_parts_pkey primary key (area_id, import_id, part_number)
);
-- Sealed bytes cannot be compressed.
alter table import_parts alter column bytes_sealed set storage external;
comment on table import_parts is 'The file of an import as it was sent, sealed part by part; gone once nobody needs it';
comment on column import_parts.import_id is 'Without a foreign key: the file is here before the command that makes the import is known to be new';
comment on column import_parts.part_number is '0 for the first part';

create table import_leavers (
    area_id int not null,
    import_id uuid not null,
    member_id uuid not null,
    beneficiary_id uuid not null,
    constraint import_leavers_pkey primary key (area_id, import_id, member_id),
    constraint import_leavers_import_fkey foreign key (area_id, import_id) references imports (area_id, id),
    constraint import_leavers_member_fkey foreign key (area_id, member_id) references members (area_id, id)
);
comment on table import_leavers is 'Live members whom a full list did not name when it was checked: shown before anybody leaves';
comment on column import_leavers.beneficiary_id is 'Family that the member would leave';

alter table import_parts enable row level security;
create policy area_scope on import_parts to sinergi_service
using (area_id = any((select visible_areas())::int []));
alter table import_leavers enable row level security;
create policy area_scope on import_leavers to sinergi_service
using (area_id = any((select visible_areas())::int []));
grant select, insert, delete on import_parts to sinergi_service;
grant select, insert on import_leavers to sinergi_service;
