create table exports (
    id uuid not null,
    client_id text not null,
    list text not null,
    format text not null,
    filter jsonb not null,
    fields text [] not null,
    as_of timestamptz,
    numbers text not null,
    purpose text,
    status text not null,
    rows_written int not null default 0,
    created_at timestamptz not null,
    started_at timestamptz,
    progress_at timestamptz,
    finished_at timestamptz,
    expires_at timestamptz not null,
    constraint exports_pkey primary key (id),
    constraint exports_format_known check (format in ('csv', 'xlsx', 'ndjson')),
    constraint exports_numbers_known check (numbers in ('masked', 'full')),
    constraint exports_full_for_a_purpose check (numbers = 'masked' or purpose is not null),
    constraint exports_status_known check (status in ('ready', 'running', 'done', 'failed', 'cancelled')),
    constraint exports_running_whole check (status <> 'running' or (started_at is not null and progress_at is not null)),
    constraint exports_rows_positive check (rows_written >= 0)
);
create index exports_client_idx on exports (client_id, created_at, id);
create index exports_expiry_idx on exports (expires_at);
comment on table exports is 'Lists that clients take out as files: what was asked for; the file itself is never kept';
comment on column exports.client_id is 'Client it belongs to; nobody else sees it or gets its file';
comment on column exports.list is 'Which list, such as beneficiaries';
comment on column exports.filter is 'Which rows of it';
comment on column exports.fields is 'Which columns of it, in their order';
comment on column exports.numbers is 'Whether NIK and family card numbers are masked or in full';
comment on column exports.purpose is 'What full numbers are needed for';
comment on column exports.rows_written is 'Rows that the last writing of the file has handed out so far';
comment on column exports.progress_at is 'When the process that writes the file last said so';
comment on column exports.expires_at is 'When the file is no longer given out and the row may go';

grant select, insert, update, delete on exports to sinergi_service;
