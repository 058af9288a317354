create table import_mappings (
    area_id int not null,
    id uuid not null,
    name text not null,
    layout jsonb not null,
    version int not null default 1,
    created_by text not null,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    constraint import_mappings_pkey primary key (area_id, id),
    constraint import_mappings_name_key unique (area_id, name)
);
comment on table import_mappings is 'How the columns and values of other systems'' files are read: SIKS-NG, PKH and others';
comment on column import_mappings.layout is 'Columns, values, constants and the form of dates; each import keeps the one it was read with';

alter table import_mappings enable row level security;
create policy area_scope on import_mappings to sinergi_service
using (area_id = any((select visible_areas())::int []));
grant select, insert, update on import_mappings to sinergi_service;
