create table delivery_imports (
    area_id int not null,
    id uuid not null,
    cycle_id uuid not null,
    program_id uuid not null,
    client_id text not null,
    status text not null,
    file_digest bytea not null,
    rows_read int not null,
    rows_faulty int not null default 0,
    rows_failed int not null default 0,
    deliveries_added int not null default 0,
    deliveries_known int not null default 0,
    quantity_added numeric(18, 3) not null default 0,
    created_at timestamptz not null,
    finished_at timestamptz,
    constraint delivery_imports_pkey primary key (area_id, id),
    constraint delivery_imports_cycle_fkey foreign key (area_id, cycle_id) references cycles (area_id, id),
    constraint delivery_imports_status_known check (status in ('running', 'applied', 'failed')),
    constraint delivery_imports_rows_whole check (
        status <> 'applied' or rows_read = rows_faulty + rows_failed + deliveries_added + deliveries_known
    )
);
create index delivery_imports_cycle_idx on delivery_imports (area_id, cycle_id);
comment on table delivery_imports is 'Files of results of a bank, the post or Bulog, each with what became of it';
comment on column delivery_imports.rows_failed is 'Rows that say that nothing was handed over';
comment on column delivery_imports.deliveries_known is 'Rows whose delivery was there already';

create table delivery_import_rows (
    area_id int not null,
    delivery_import_id uuid not null,
    row_number int not null,
    fault_number smallint not null,
    outcome text not null,
    entitlement_id uuid,
    failed_on date,
    failure_reason text,
    column_name text,
    code text,
    constraint delivery_import_rows_pkey primary key (area_id, delivery_import_id, row_number, fault_number),
    constraint delivery_import_rows_import_fkey foreign key (area_id, delivery_import_id)
    references delivery_imports (area_id, id),
    constraint delivery_import_rows_outcome_known check (outcome in ('faulty', 'failed')),
    constraint delivery_import_rows_outcome_whole check (
        (outcome = 'faulty') = (code is not null) and (outcome = 'failed') = (failure_reason is not null)
    )
);
comment on table delivery_import_rows is 'Rows of a file of results that are no delivery, fault by fault; append-only';
comment on column delivery_import_rows.row_number is 'Line of the file, the header being 1';
comment on column delivery_import_rows.failure_reason is 'Why nothing was handed over, as the file says';

alter table deliveries add column delivery_import_id uuid;
comment on column deliveries.delivery_import_id is 'File of results that it came with';
-- squawk-ignore require-concurrent-index-creation
create index deliveries_import_idx on deliveries (area_id, delivery_import_id) where delivery_import_id is not null;

alter table delivery_imports enable row level security;
create policy area_scope on delivery_imports to sinergi_service
using (area_id = any ((select visible_areas())::int []));
alter table delivery_import_rows enable row level security;
create policy area_scope on delivery_import_rows to sinergi_service
using (area_id = any ((select visible_areas())::int []));
grant select, insert, update on delivery_imports to sinergi_service;
grant select, insert on delivery_import_rows to sinergi_service;
