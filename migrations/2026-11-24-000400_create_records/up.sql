create table audit_records (
    area_id int not null,
    at timestamptz not null,
    id uuid not null,
    client_id text not null,
    operation text not null,
    purpose text,
    resource text not null,
    resource_id uuid,
    company_id uuid,
    request_id text,
    record_count int not null default 1,
    before_digest bytea,
    after_digest bytea,
    constraint audit_records_pkey primary key (area_id, at, id)
) partition by range (at);
comment on table audit_records is 'Who did or read what, one row a write and one a read of personal data; append-only';
comment on column audit_records.area_id is 'Sub-district of the record; 0 where it belongs to none';
comment on column audit_records.operation is 'operationId of the API, such as register_beneficiary';
comment on column audit_records.purpose is 'Why personal data were read, where the caller must say';
comment on column audit_records.resource is 'Plural noun, such as beneficiaries';
comment on column audit_records.resource_id is 'The one record; null where the row stands for a list';
comment on column audit_records.record_count is 'How many records the row stands for';
comment on column audit_records.before_digest is 'SHA-256 of the record before; null where there was none';
comment on column audit_records.after_digest is 'SHA-256 of the record after; null for reads';

create table outbox (
    id uuid not null,
    kind text not null,
    area_id int not null,
    company_id uuid,
    subject text not null,
    subject_id uuid not null,
    data jsonb not null,
    at timestamptz not null,
    constraint outbox_pkey primary key (id)
);
comment on table outbox is 'Events written with the change they tell of, until the relay gives them their place';

create table events (
    position bigint not null,
    at timestamptz not null,
    id uuid not null,
    kind text not null,
    area_id int not null,
    company_id uuid,
    subject text not null,
    subject_id uuid not null,
    data jsonb not null,
    constraint events_pkey primary key (position, at)
) partition by range (at);
create index events_area_idx on events (area_id, position);
create index events_company_idx on events (company_id, position) where company_id is not null;
comment on table events is 'The event feed in the order it is told: thin, no personal data; append-only';
comment on column events.position is 'Place in the feed; grows, may have gaps';
comment on column events.kind is 'What happened, such as beneficiary.registered';
comment on column events.subject is 'Plural noun of the record, such as beneficiaries';

-- A month a partition; the service makes the coming ones at start and once a day.
create function make_month_partition(parent text, month date) returns void
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    first date := date_trunc('month', month)::date;
    child text := parent || '_' || to_char(first, 'YYYY_MM');
begin
    if parent not in ('audit_records', 'events', 'entitlements', 'deliveries') then
        raise exception 'no table of that name is kept by month';
    end if;
    if to_regclass(child) is null then
        execute format('create table %I partition of %I for values from (%L) to (%L)',
            child, parent, first, first + interval '1 month');
    end if;
end
$$;
comment on function make_month_partition(text, date) is 'Makes the partition of one month where it is missing';
revoke all on function make_month_partition(text, date) from public;
grant execute on function make_month_partition(text, date) to sinergi_service;

grant select, insert on audit_records, events to sinergi_service;
grant select, insert, delete on outbox to sinergi_service;
