create table duplicate_mergers (
    area_id int not null,
    id uuid not null,
    beneficiary_id uuid not null,
    merged_beneficiary_id uuid not null,
    is_whole bool not null,
    persons jsonb not null,
    moved_enrollment_ids uuid [] not null,
    before jsonb not null,
    after jsonb not null,
    told jsonb not null,
    reason text not null,
    status text not null,
    client_id text not null,
    undone_by text,
    undone_at timestamptz,
    undo_reason text,
    version int not null default 1,
    created_at timestamptz not null,
    constraint duplicate_mergers_pkey primary key (area_id, id),
    constraint duplicate_mergers_beneficiary_fkey foreign key (area_id, beneficiary_id)
    references beneficiaries (area_id, id),
    constraint duplicate_mergers_merged_fkey foreign key (area_id, merged_beneficiary_id)
    references beneficiaries (area_id, id),
    constraint duplicate_mergers_status_known check (status in ('merged', 'undone')),
    constraint duplicate_mergers_undo_whole check (
        (status = 'undone') = (undone_by is not null) and (undone_by is null) = (undone_at is null)
        and (undone_by is null) = (undo_reason is null)
    )
);
create index duplicate_mergers_created_idx on duplicate_mergers (area_id, created_at, id);
comment on table duplicate_mergers is 'Records that were made one, with what is needed to make them two again';
comment on column duplicate_mergers.beneficiary_id is 'Family that goes on';
comment on column duplicate_mergers.merged_beneficiary_id is 'Family that the other records were of; the same where one card had a person twice';
comment on column duplicate_mergers.is_whole is 'Whether that family ended: it is the one household';
comment on column duplicate_mergers.persons is 'Of each person the id that goes on and the one that ended';
comment on column duplicate_mergers.before is 'The rows before, numbers sealed: what an undo restores';
comment on column duplicate_mergers.after is 'The rows after: where they are no longer so, an undo is refused';
comment on column duplicate_mergers.told is 'What the answer told of enrollments, needs and overlaps';

grant select, insert, update on duplicate_mergers to sinergi_service;
alter table duplicate_mergers enable row level security;
create policy area_scope on duplicate_mergers to sinergi_service
using (area_id = any ((select visible_areas())::int []));
-- Claims of a person or card that is one with another go over to that one, and back.
grant update on identity_claims, card_claims to sinergi_service;
