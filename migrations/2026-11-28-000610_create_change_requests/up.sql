create table change_requests (
    area_id int not null,
    id uuid not null,
    beneficiary_id uuid not null,
    member_id uuid,
    visit_id uuid,
    status text not null,
    fields text [] not null,
    changes jsonb not null,
    before jsonb not null,
    nik_sealed bytea,
    base_version int not null,
    reason text,
    evidence jsonb not null,
    requested_by text not null,
    decided_by text,
    decided_at timestamptz,
    decision_reason text,
    version int not null default 1,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    constraint change_requests_pkey primary key (area_id, id),
    constraint change_requests_beneficiary_fkey foreign key (area_id, beneficiary_id)
    references beneficiaries (area_id, id),
    constraint change_requests_member_fkey foreign key (area_id, member_id) references members (area_id, id),
    constraint change_requests_visit_fkey foreign key (area_id, visit_id) references visits (area_id, id),
    constraint change_requests_status_known check (status in ('pending', 'applied', 'rejected')),
    constraint change_requests_fields_some check (cardinality(fields) between 1 and 40),
    constraint change_requests_decided_whole check (
        (status = 'pending') = (decided_by is null) and (status = 'pending') = (decided_at is null)
    ),
    constraint change_requests_second_person check (decided_by <> requested_by),
    constraint change_requests_nik_pending check (nik_sealed is null or status = 'pending'),
    constraint change_requests_evidence_some check (
        jsonb_typeof(evidence) = 'array' and jsonb_array_length(evidence) <= 20
    )
);
create index change_requests_pending_idx on change_requests (area_id, beneficiary_id, id) where status = 'pending';
create index change_requests_visit_idx on change_requests (area_id, visit_id) where visit_id is not null;
comment on table change_requests is 'Changes of families and members that wait for a second person, and what was decided';
comment on column change_requests.member_id is 'The member to change; null where the family itself is';
comment on column change_requests.fields is 'Fields that it changes';
comment on column change_requests.changes is 'The merge patch (RFC 7396), a NIK in it masked';
comment on column change_requests.before is 'What the fields were when it was made, a NIK masked';
comment on column change_requests.nik_sealed is 'The NIK it proposes, sealed for the member''s row; gone once it is decided';
comment on column change_requests.base_version is 'Version of the record that it was made against';

alter table change_requests enable row level security;
create policy area_scope on change_requests to sinergi_service
using (area_id = any ((select visible_areas())::int []));
grant select, insert, update on change_requests to sinergi_service;
