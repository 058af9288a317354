create table reserves (
    area_id int not null,
    id uuid not null,
    program_id uuid not null,
    beneficiary_id uuid not null,
    rule_set_id uuid not null,
    village_code text not null,
    place int not null,
    status text not null,
    reason text not null,
    ordered_by text not null,
    decile smallint,
    decree_number text,
    enrollment_id uuid,
    removal_reason text,
    placed_by text not null,
    version int not null default 1,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    constraint reserves_pkey primary key (area_id, id),
    constraint reserves_place_key unique (area_id, program_id, place),
    constraint reserves_beneficiary_fkey foreign key (area_id, beneficiary_id) references beneficiaries (area_id, id),
    constraint reserves_program_fkey foreign key (program_id) references programs (id),
    constraint reserves_rule_set_fkey foreign key (rule_set_id) references rule_sets (id),
    constraint reserves_enrollment_fkey foreign key (area_id, enrollment_id) references enrollments (area_id, id),
    constraint reserves_place_positive check (place > 0),
    constraint reserves_status_known check (status in ('waiting', 'taken', 'removed')),
    constraint reserves_reason_known check (reason in ('village_quota', 'district_quota', 'meeting')),
    constraint reserves_taken_whole check ((status = 'taken') = (enrollment_id is not null)),
    constraint reserves_removal_whole check ((status = 'removed') = (removal_reason is not null))
);
create unique index reserves_waiting_key on reserves (area_id, beneficiary_id, program_id) where status = 'waiting';
comment on table reserves is 'Families that wait for a place of a program, in the order of their places';
comment on column reserves.village_code is 'Village whose quota it waits for: where the family lived when it got the place';
comment on column reserves.place is 'Smaller ones first; places that are given up stay empty';
comment on column reserves.reason is 'Which quota was full, or that a meeting decided it';
comment on column reserves.ordered_by is 'What the order of the list followed';
comment on column reserves.enrollment_id is 'What it became, once a place was free';
alter table reserves enable row level security;
create policy area_scope on reserves to sinergi_service
using (area_id = any ((select visible_areas())::int []));
grant select, insert, update on reserves to sinergi_service;
