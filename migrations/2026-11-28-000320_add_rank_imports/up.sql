create table rank_imports (
    area_id int not null,
    id uuid not null,
    client_id text not null,
    status text not null,
    file_digest bytea not null,
    rows_read int not null,
    rows_faulty int not null default 0,
    ranks_added int not null default 0,
    ranks_known int not null default 0,
    families_changed int not null default 0,
    created_at timestamptz not null,
    finished_at timestamptz,
    constraint rank_imports_pkey primary key (area_id, id),
    constraint rank_imports_status_known check (status in ('running', 'applied', 'failed'))
);
comment on table rank_imports is 'Files of welfare ranks, each with what became of it';
comment on column rank_imports.ranks_known is 'Rows whose rank was there already, with the same decile';
comment on column rank_imports.families_changed is 'Families whose latest rank is another now';

create table rank_import_faults (
    area_id int not null,
    rank_import_id uuid not null,
    row_number int not null,
    fault_number smallint not null,
    column_name text,
    code text not null,
    constraint rank_import_faults_pkey primary key (area_id, rank_import_id, row_number, fault_number),
    constraint rank_import_faults_import_fkey foreign key (area_id, rank_import_id)
    references rank_imports (area_id, id)
);
comment on table rank_import_faults is 'What is wrong with a row of a file of ranks; never the value itself';
comment on column rank_import_faults.row_number is 'Line of the file, the header being 1';

alter table rank_imports enable row level security;
create policy area_scope on rank_imports to sinergi_service
using (area_id = any ((select visible_areas())::int []));
alter table rank_import_faults enable row level security;
create policy area_scope on rank_import_faults to sinergi_service
using (area_id = any ((select visible_areas())::int []));
grant select, insert, update on rank_imports to sinergi_service;
grant select, insert on rank_import_faults to sinergi_service;
