create table training_participants (
    area_id int not null,
    id uuid not null,
    training_id uuid not null,
    beneficiary_id uuid not null,
    member_id uuid not null,
    aid_id uuid,
    assessment text,
    assessed_by text,
    assessed_at timestamptz,
    withdrawn_at timestamptz,
    withdrawn_by text,
    withdrawal_reason text,
    registered_by text not null,
    version int not null default 1,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    constraint training_participants_pkey primary key (area_id, id),
    constraint training_participants_training_fkey foreign key (area_id, training_id)
    references trainings (area_id, id),
    constraint training_participants_beneficiary_fkey foreign key (area_id, beneficiary_id)
    references beneficiaries (area_id, id),
    constraint training_participants_member_fkey foreign key (area_id, member_id) references members (area_id, id),
    constraint training_participants_assessment_known check (assessment in ('competent', 'not_yet_competent')),
    constraint training_participants_assessment_whole check (
        (assessment is null) = (assessed_by is null) and (assessment is null) = (assessed_at is null)
    ),
    constraint training_participants_withdrawal_whole check (
        (withdrawn_at is null) = (withdrawn_by is null) and (withdrawn_at is null) = (withdrawal_reason is null)
    ),
    constraint training_participants_version_positive check (version >= 1)
);
create unique index training_participants_seat_key on training_participants (area_id, training_id, member_id)
where withdrawn_at is null;
create index training_participants_training_idx on training_participants (area_id, training_id, id);
create index training_participants_member_idx on training_participants (area_id, member_id);
create index training_participants_beneficiary_idx on training_participants (area_id, beneficiary_id);
comment on table training_participants is 'Members who have a seat in a training; who withdraws frees it';
comment on column training_participants.beneficiary_id is 'Family of the member when it was registered';
comment on column training_participants.aid_id is 'Entitlement or allocation that the seat is of, where there is one';
comment on column training_participants.assessment is 'What an assessor found; null where nobody assessed';

alter table training_participants enable row level security;
create policy area_scope on training_participants to sinergi_service
using (area_id = any ((select visible_areas())::int []));
grant select, insert, update on training_participants to sinergi_service;
