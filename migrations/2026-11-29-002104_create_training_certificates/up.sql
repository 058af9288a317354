create table training_certificates (
    area_id int not null,
    id uuid not null,
    training_id uuid not null,
    participant_id uuid not null,
    beneficiary_id uuid not null,
    member_id uuid not null,
    number text not null,
    issued_on date not null,
    competence text not null,
    attended_percent smallint not null,
    issued_by text not null,
    revoked_at timestamptz,
    revoked_by text,
    revocation_reason text,
    version int not null default 1,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    constraint training_certificates_pkey primary key (area_id, id),
    constraint training_certificates_number_key unique (area_id, number),
    constraint training_certificates_training_fkey foreign key (area_id, training_id)
    references trainings (area_id, id),
    constraint training_certificates_participant_fkey foreign key (area_id, participant_id)
    references training_participants (area_id, id),
    constraint training_certificates_beneficiary_fkey foreign key (area_id, beneficiary_id)
    references beneficiaries (area_id, id),
    constraint training_certificates_member_fkey foreign key (area_id, member_id) references members (area_id, id),
    constraint training_certificates_percent_range check (attended_percent between 0 and 100),
    constraint training_certificates_revocation_whole check (
        (revoked_at is null) = (revoked_by is null) and (revoked_at is null) = (revocation_reason is null)
    ),
    constraint training_certificates_second_person check (revoked_by <> issued_by),
    constraint training_certificates_version_positive check (version >= 1)
);
create unique index training_certificates_participant_key on training_certificates (area_id, participant_id)
where revoked_at is null;
create index training_certificates_training_idx on training_certificates (area_id, training_id, id);
create index training_certificates_beneficiary_idx on training_certificates (area_id, beneficiary_id, id);
create index training_certificates_member_idx on training_certificates (area_id, member_id, id);
comment on table training_certificates is 'Certificates of those who attended a training well enough';
comment on column training_certificates.number is 'Number of the letter, once in a sub-district';
comment on column training_certificates.competence is 'What it certifies: the competence standard, or else the title';
comment on column training_certificates.attended_percent is 'Of the lesson hours, when it was issued';

alter table training_certificates enable row level security;
create policy area_scope on training_certificates to sinergi_service
using (area_id = any ((select visible_areas())::int []));
grant select, insert, update on training_certificates to sinergi_service;
