create table duty_records (
    area_id int not null,
    id uuid not null,
    beneficiary_id uuid not null,
    member_id uuid not null,
    kind text not null,
    period date not null,
    due_count int not null,
    done_count int not null,
    version int not null,
    corrects uuid,
    recorded_by text not null,
    created_at timestamptz not null,
    constraint duty_records_pkey primary key (area_id, id),
    constraint duty_records_version_key unique (area_id, member_id, kind, period, version),
    constraint duty_records_beneficiary_fkey foreign key (area_id, beneficiary_id)
    references beneficiaries (area_id, id),
    constraint duty_records_member_fkey foreign key (area_id, member_id) references members (area_id, id),
    constraint duty_records_corrects_fkey foreign key (area_id, corrects) references duty_records (area_id, id),
    constraint duty_records_kind_known check (kind in ('school_attendance', 'health_visit', 'monthly_session')),
    constraint duty_records_period_first_day check (extract(day from period) = 1),
    constraint duty_records_counts_range check (due_count between 1 and 31 and done_count between 0 and due_count),
    constraint duty_records_version_chain check ((version = 1) = (corrects is null) and version >= 1)
);
create index duty_records_period_idx on duty_records (area_id, period, kind);
create index duty_records_beneficiary_idx on duty_records (area_id, beneficiary_id, id);
comment on table duty_records is 'What members did of their duties in a month; never changed, a correction is a new version';
comment on column duty_records.beneficiary_id is 'Family of the member when it was recorded';
comment on column duty_records.due_count is 'School days, visits or sessions that were due';
comment on column duty_records.done_count is 'Those that were kept';
comment on column duty_records.corrects is 'The version that it takes the place of';

alter table duty_records enable row level security;
create policy area_scope on duty_records to sinergi_service
using (area_id = any ((select visible_areas())::int []));
grant select, insert on duty_records to sinergi_service;
