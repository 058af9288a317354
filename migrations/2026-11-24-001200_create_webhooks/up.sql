create table webhooks (
    id uuid not null,
    client_id text not null,
    url text not null,
    title text,
    event_types text [] not null,
    is_enabled bool not null,
    disabled_reason text,
    failing_since timestamptz,
    secret_sealed bytea not null,
    earlier_secret_sealed bytea,
    earlier_secret_until timestamptz,
    private_key_sealed bytea not null,
    public_key text not null,
    version int not null default 1,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    constraint webhooks_pkey primary key (id),
    constraint webhooks_disabled_reason_known check (disabled_reason in ('by_client', 'gone', 'failing')),
    constraint webhooks_disabled_for_a_reason check (is_enabled = (disabled_reason is null)),
    constraint webhooks_earlier_secret_ends check ((earlier_secret_sealed is null) = (earlier_secret_until is null))
);
create index webhooks_client_idx on webhooks (client_id, id);
comment on table webhooks is 'Addresses that clients want their part of the event feed sent to';
comment on column webhooks.client_id is 'Client it belongs to, whose areas or company decide what is sent';
comment on column webhooks.event_types is 'Kinds of events that are sent; empty for all';
comment on column webhooks.disabled_reason is 'Why nothing is sent; null while it is enabled';
comment on column webhooks.failing_since is 'First of the failures since the last success; null where there is none';
comment on column webhooks.secret_sealed is 'Secret that signs (HMAC), sealed under the service''s key';
comment on column webhooks.earlier_secret_sealed is 'Secret before that one, which signs as well for a while';
comment on column webhooks.private_key_sealed is 'Ed25519 key that signs, sealed under the service''s key';
comment on column webhooks.public_key is 'Its public half, as a receiver takes it';

create table webhook_deliveries (
    webhook_id uuid not null,
    id uuid not null,
    is_test bool not null,
    event_position bigint not null,
    event_at timestamptz not null,
    event_id uuid not null,
    event_type text not null,
    subject_id uuid not null,
    status text not null,
    attempt_count smallint not null default 0,
    last_attempt_at timestamptz,
    last_status smallint,
    last_failure text,
    next_attempt_at timestamptz,
    claimed_until timestamptz,
    created_at timestamptz not null,
    constraint webhook_deliveries_pkey primary key (webhook_id, id),
    constraint webhook_deliveries_webhook_fkey foreign key (webhook_id) references webhooks (id) on delete cascade,
    constraint webhook_deliveries_status_known check (status in ('pending', 'delivered', 'failed')),
    constraint webhook_deliveries_pending_due check ((status = 'pending') = (next_attempt_at is not null))
);
create index webhook_deliveries_due_idx on webhook_deliveries (webhook_id, next_attempt_at, id) where status = 'pending';
create index webhook_deliveries_subject_idx on webhook_deliveries (webhook_id, subject_id, event_position, id)
where status = 'pending';
create index webhook_deliveries_claimed_idx on webhook_deliveries (webhook_id, claimed_until)
where claimed_until is not null;
create index webhook_deliveries_created_idx on webhook_deliveries (created_at);
comment on table webhook_deliveries is 'Events on their way to a webhook, and those that arrived; kept for 30 days';
comment on column webhook_deliveries.is_test is 'Sent on demand to try the address; of no event in the feed';
comment on column webhook_deliveries.event_position is 'Place of the event in the feed; 0 for a test';
comment on column webhook_deliveries.event_at is 'When the event happened; names its partition';
comment on column webhook_deliveries.attempt_count is 'Attempts made or under way';
comment on column webhook_deliveries.last_status is 'HTTP status of the last answer; null where there was none';
comment on column webhook_deliveries.next_attempt_at is 'When it is due; while it is claimed, when another may take it';
comment on column webhook_deliveries.claimed_until is 'Until then a process is sending it';

create table webhook_progress (
    id int not null default 1,
    position bigint not null,
    constraint webhook_progress_pkey primary key (id),
    constraint webhook_progress_one_row check (id = 1)
);
comment on table webhook_progress is 'How far of the event feed has been handed to the webhooks: one row';
insert into webhook_progress (position) values (0);

grant select, insert, update, delete on webhooks, webhook_deliveries to sinergi_service;
grant select, update on webhook_progress to sinergi_service;
