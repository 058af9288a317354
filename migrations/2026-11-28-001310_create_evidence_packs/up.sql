create table evidence_packs (
    id uuid not null,
    pledge_id uuid not null,
    company_id uuid not null,
    area_id int not null,
    year smallint not null,
    version int not null,
    content text not null,
    digest bytea not null,
    inputs_digest bytea not null,
    signature text not null,
    key_id text not null,
    made_by text not null,
    created_at timestamptz not null,
    constraint evidence_packs_pkey primary key (id),
    constraint evidence_packs_version_key unique (pledge_id, version),
    constraint evidence_packs_pledge_fkey foreign key (pledge_id) references pledges (id),
    constraint evidence_packs_company_fkey foreign key (company_id) references companies (id),
    constraint evidence_packs_version_positive check (version > 0),
    constraint evidence_packs_digests_whole check (octet_length(digest) = 32 and octet_length(inputs_digest) = 32)
);
comment on table evidence_packs is 'What a company can prove of a pledge, one row a version; append-only';
comment on column evidence_packs.content is 'Canonical JSON (RFC 8785) that is hashed and signed; holds nothing of a single family';
comment on column evidence_packs.digest is 'SHA-256 of content';
comment on column evidence_packs.inputs_digest is 'SHA-256 of the field groups 2 to 18: same inputs, same version';
comment on column evidence_packs.signature is 'Detached JWS (EdDSA) over digest';
comment on column evidence_packs.key_id is 'Thumbprint of the key that signed';
grant select, insert on evidence_packs to sinergi_service;
