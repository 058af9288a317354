create table companies (
    id uuid not null,
    name text not null,
    registration_number text,
    sector text not null,
    area_ids int [] not null,
    version int not null default 1,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    constraint companies_pkey primary key (id),
    constraint companies_name_key unique (name),
    constraint companies_areas_some check (cardinality(area_ids) between 1 and 1000)
);
comment on table companies is 'Companies that pledge aid under their social responsibility (TJSL/CSR)';
comment on column companies.registration_number is 'NIB, business registration number, as the company gave it';
comment on column companies.sector is 'Field of work, such as palm_oil or mining';
comment on column companies.area_ids is 'Sub-districts whose anonymous needs the company may see and pledge to';
comment on column companies.version is 'Grows by one with each change; the ETag';

create table clients (
    id text not null,
    title text not null,
    role text not null,
    secret_digest bytea not null,
    area_ids int [] not null,
    company_id uuid,
    is_disabled bool not null default false,
    token_version int not null default 1,
    public_key bytea,
    created_at timestamptz not null,
    constraint clients_pkey primary key (id),
    constraint clients_company_fkey foreign key (company_id) references companies (id),
    constraint clients_id_form check (id ~ '^[a-z0-9][a-z0-9-]{2,62}$'),
    constraint clients_role_known check (role in (
        'kecamatan_officer', 'second_officer', 'puskesos', 'pkh_facilitator', 'village_office', 'company', 'auditor'
    )),
    constraint clients_company_role check ((company_id is not null) = (role = 'company')),
    constraint clients_public_key_length check (octet_length(public_key) = 32),
    constraint clients_areas_some check (cardinality(area_ids) between 1 and 1000)
);
comment on table clients is 'OAuth clients: each has one role and is bound to areas, or to one company in its areas';
comment on column clients.secret_digest is 'SHA-256 of the secret, which is 256 random bits and never stored';
comment on column clients.token_version is 'Raised to refuse every token given out before';
comment on column clients.public_key is 'Ed25519 key that signs the client''s assertions (private_key_jwt); null where it uses its secret';

create table client_assertions (
    client_id text not null,
    jti text not null,
    expires_at timestamptz not null,
    constraint client_assertions_pkey primary key (client_id, jti)
);
create index client_assertions_expires_idx on client_assertions (expires_at);
comment on table client_assertions is 'Assertions that were used to sign in: each counts once, until it has expired';

create table rate_windows (
    client_id text not null,
    window_start timestamptz not null,
    used int not null,
    constraint rate_windows_pkey primary key (client_id, window_start)
);
comment on table rate_windows is 'Requests leased by each client in a minute, over all processes of the service';

create table idempotency_keys (
    client_id text not null,
    route text not null,
    key text not null,
    body_digest bytea not null,
    status smallint not null,
    headers jsonb not null,
    body bytea not null,
    created_at timestamptz not null,
    constraint idempotency_keys_pkey primary key (client_id, route, key)
);
create index idempotency_keys_created_idx on idempotency_keys (created_at);
comment on table idempotency_keys is 'Answers of writes, kept for 24 hours and given again to a retry with the same key';
comment on column idempotency_keys.route is 'Method and path, such as POST /v1/beneficiaries';
comment on column idempotency_keys.body_digest is 'SHA-256 of the request body; another body under the same key is refused';

grant select, insert, update on companies to sinergi_service;
grant select on clients to sinergi_service;
grant select, insert, delete on client_assertions to sinergi_service;
grant select, insert, update, delete on rate_windows to sinergi_service;
grant select, insert, delete on idempotency_keys to sinergi_service;
