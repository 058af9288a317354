create table beneficiaries (
    area_id int not null,
    id uuid not null,
    village_code text not null,
    card_sealed bytea not null,
    card_digest bytea not null,
    address text,
    phone text,
    status text not null,
    head_name text not null,
    member_count int not null,
    decile smallint,
    decile_source text,
    decile_period date,
    verified_at timestamptz,
    verified_by text,
    source text not null,
    version int not null default 1,
    valid_from timestamptz not null,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    constraint beneficiaries_pkey primary key (area_id, id),
    constraint beneficiaries_village_form check (village_code ~ '^[0-9]{2}[.][0-9]{2}[.][0-9]{2}[.][0-9]{4}$'),
    constraint beneficiaries_status_known check (status in ('live', 'moved', 'merged', 'ended')),
    constraint beneficiaries_decile_range check (decile between 1 and 10),
    constraint beneficiaries_decile_whole check (
        (decile is null) = (decile_source is null) and (decile is null) = (decile_period is null)
    ),
    constraint beneficiaries_members_count check (member_count between 0 and 50)
);
create unique index beneficiaries_card_key on beneficiaries (area_id, card_digest) where status = 'live';
create index beneficiaries_village_idx on beneficiaries (area_id, village_code, id);
create index beneficiaries_updated_idx on beneficiaries (area_id, updated_at, id);
comment on table beneficiaries is 'Families, one a family card (KK): candidates and recipients of aid';
comment on column beneficiaries.card_sealed is 'Family card number, sealed (AES-256-GCM-SIV) under the key its first byte names';
comment on column beneficiaries.card_digest is 'Keyed digest (HMAC-SHA-256) of the family card number';
comment on column beneficiaries.head_name is 'Name of the head of the family, kept here for lists';
comment on column beneficiaries.member_count is 'Live members';
comment on column beneficiaries.decile is 'Latest welfare rank, 1 poorest to 10; the series is in welfare_ranks';
comment on column beneficiaries.verified_at is 'When an officer confirmed the family; only verified families count as needs';
comment on column beneficiaries.source is 'Where the record came from: import, form or sandbox';
comment on column beneficiaries.valid_from is 'When this version began; earlier ones are in beneficiaries_history';

create table beneficiaries_history (
    area_id int not null,
    id uuid not null,
    valid_from timestamptz not null,
    valid_to timestamptz not null,
    version int not null,
    record jsonb not null,
    card_sealed bytea not null,
    client_id text not null,
    constraint beneficiaries_history_pkey primary key (area_id, id, valid_from),
    constraint beneficiaries_history_order check (valid_from < valid_to)
);
comment on table beneficiaries_history is 'Past versions of beneficiaries, half-open from valid_from to valid_to; append-only';
comment on column beneficiaries_history.record is 'The row as it was, without the family card number';
comment on column beneficiaries_history.client_id is 'Who replaced this version';

create table members (
    area_id int not null,
    id uuid not null,
    nik_sealed bytea,
    nik_digest bytea,
    nik_status text not null,
    name text not null,
    sex text not null,
    born_on date,
    birth_place text,
    mother_name text,
    work text,
    is_pregnant bool not null default false,
    has_disability bool not null default false,
    in_school bool not null default false,
    died_on date,
    warnings text [] not null default '{}',
    version int not null default 1,
    valid_from timestamptz not null,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    constraint members_pkey primary key (area_id, id),
    constraint members_sex_known check (sex in ('male', 'female')),
    constraint members_nik_status_known check (nik_status in ('none', 'structure_ok', 'matched', 'conflict')),
    constraint members_nik_whole check (
        (nik_sealed is null) = (nik_digest is null) and (nik_sealed is null) = (nik_status = 'none')
    )
);
create index members_nik_idx on members (area_id, nik_digest) where nik_digest is not null;
comment on table members is 'Persons; a membership ties each to at most one live family';
comment on column members.nik_sealed is 'NIK, sealed (AES-256-GCM-SIV) under the key its first byte names; null where there is none yet';
comment on column members.nik_digest is 'Keyed digest (HMAC-SHA-256) of the NIK; unique in the nation through identity_claims';
comment on column members.nik_status is 'none, structure_ok, matched (with the civil registry) or conflict';
comment on column members.warnings is 'Codes of checks that hold now and do not refuse, such as nik_birth_date_differs';

create table members_history (
    area_id int not null,
    id uuid not null,
    valid_from timestamptz not null,
    valid_to timestamptz not null,
    version int not null,
    record jsonb not null,
    nik_sealed bytea,
    client_id text not null,
    constraint members_history_pkey primary key (area_id, id, valid_from),
    constraint members_history_order check (valid_from < valid_to)
);
comment on table members_history is 'Past versions of members, half-open from valid_from to valid_to; append-only';
comment on column members_history.record is 'The row as it was, without the NIK';
comment on column members_history.client_id is 'Who replaced this version';

create table memberships (
    area_id int not null,
    id uuid not null,
    beneficiary_id uuid not null,
    member_id uuid not null,
    relationship text not null,
    started_on date not null,
    ended_on date,
    end_reason text,
    constraint memberships_pkey primary key (area_id, id),
    constraint memberships_beneficiary_fkey foreign key (area_id, beneficiary_id)
    references beneficiaries (area_id, id),
    constraint memberships_member_fkey foreign key (area_id, member_id) references members (area_id, id),
    constraint memberships_relationship_known check (relationship in (
        'head', 'spouse', 'child', 'child_in_law', 'grandchild', 'parent', 'parent_in_law', 'other_kin', 'other'
    )),
    constraint memberships_end_whole check ((ended_on is null) = (end_reason is null)),
    constraint memberships_end_reason_known check (end_reason in ('died', 'moved', 'split', 'merged', 'mistake')),
    constraint memberships_order check (ended_on >= started_on)
);
create unique index memberships_live_key on memberships (area_id, member_id) where ended_on is null;
create unique index memberships_head_key on memberships (area_id, beneficiary_id)
where relationship = 'head' and ended_on is null;
create index memberships_beneficiary_idx on memberships (area_id, beneficiary_id);
comment on table memberships is 'Which person belongs to which family, from when to when';
comment on column memberships.relationship is 'To the head of the family';

create table welfare_ranks (
    area_id int not null,
    beneficiary_id uuid not null,
    source text not null,
    period date not null,
    decile smallint not null,
    recorded_at timestamptz not null,
    constraint welfare_ranks_pkey primary key (area_id, beneficiary_id, source, period),
    constraint welfare_ranks_beneficiary_fkey foreign key (area_id, beneficiary_id)
    references beneficiaries (area_id, id),
    constraint welfare_ranks_decile_range check (decile between 1 and 10)
);
comment on table welfare_ranks is 'Deciles by source and period: a series, never overwritten, never computed here';
comment on column welfare_ranks.source is 'Such as DTSEN';
comment on column welfare_ranks.period is 'First day of the period the rank is for';

create table identity_claims (
    nik_digest bytea not null,
    area_id int not null,
    member_id uuid not null,
    constraint identity_claims_pkey primary key (nik_digest)
);
comment on table identity_claims is 'Which live member holds a NIK, one in the nation';

create table card_claims (
    card_digest bytea not null,
    area_id int not null,
    beneficiary_id uuid not null,
    constraint card_claims_pkey primary key (card_digest)
);
comment on table card_claims is 'Which live family holds a family card number, one in the nation';

create table beneficiary_locators (
    beneficiary_id uuid not null,
    area_id int not null,
    constraint beneficiary_locators_pkey primary key (beneficiary_id)
);
comment on table beneficiary_locators is 'The area that holds a family, for callers of several areas';

create table imports (
    area_id int not null,
    id uuid not null,
    client_id text not null,
    status text not null,
    file_digest bytea not null,
    rows_read int not null default 0,
    rows_done int not null default 0,
    rows_faulty int not null default 0,
    families_created int not null default 0,
    families_changed int not null default 0,
    families_unchanged int not null default 0,
    members_created int not null default 0,
    members_changed int not null default 0,
    members_unchanged int not null default 0,
    created_at timestamptz not null,
    finished_at timestamptz,
    constraint imports_pkey primary key (area_id, id),
    constraint imports_status_known check (status in ('running', 'applied', 'failed'))
);
comment on table imports is 'Files of families and members, each with what became of it';

create table import_faults (
    area_id int not null,
    import_id uuid not null,
    row_number int not null,
    fault_number smallint not null,
    column_name text,
    code text not null,
    constraint import_faults_pkey primary key (area_id, import_id, row_number, fault_number),
    constraint import_faults_import_fkey foreign key (area_id, import_id) references imports (area_id, id)
);
comment on column imports.rows_done is 'Rows that are decided on so far; all of them once the import is applied';
comment on table import_faults is 'What is wrong with a row of an import; never the value itself';
comment on column import_faults.row_number is 'Line of the file, the header being 1';

grant select, insert, update on beneficiaries, members, memberships, imports to sinergi_service;
grant select, insert on beneficiaries_history, members_history, welfare_ranks, import_faults to sinergi_service;
grant select, insert, delete on identity_claims, card_claims, beneficiary_locators to sinergi_service;
