create table trainings (
    area_id int not null,
    id uuid not null,
    title text not null,
    kind text not null,
    provider text not null,
    program_id uuid,
    pledge_line_id uuid,
    pledge_id uuid,
    company_id uuid,
    village_code text not null,
    place text not null,
    seats smallint not null,
    begins_on date not null,
    ends_on date not null,
    competence_standard text,
    minimum_attendance_percent smallint not null,
    status text not null,
    cancellation_reason text,
    planned_by text not null,
    version int not null default 1,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    constraint trainings_pkey primary key (area_id, id),
    constraint trainings_kind_fkey foreign key (kind) references need_kinds (code),
    constraint trainings_program_fkey foreign key (program_id) references programs (id),
    constraint trainings_company_fkey foreign key (company_id) references companies (id),
    constraint trainings_source_one check (
        (program_id is null or pledge_line_id is null)
        and (pledge_line_id is null) = (pledge_id is null) and (pledge_line_id is null) = (company_id is null)
    ),
    constraint trainings_seats_range check (seats between 1 and 500),
    constraint trainings_attendance_range check (minimum_attendance_percent between 1 and 100),
    constraint trainings_days_order check (begins_on <= ends_on),
    constraint trainings_status_known check (status in ('planned', 'open', 'held', 'closed', 'cancelled')),
    constraint trainings_cancellation_whole check ((status = 'cancelled') = (cancellation_reason is not null)),
    constraint trainings_version_positive check (version >= 1)
);
create index trainings_program_idx on trainings (area_id, program_id) where program_id is not null;
create index trainings_line_idx on trainings (area_id, pledge_line_id) where pledge_line_id is not null;
create index trainings_company_idx on trainings (company_id, area_id, id) where company_id is not null;
comment on table trainings is 'Trainings: of which skill, by whom, where and when, for how many, and where they stand';
comment on column trainings.pledge_line_id is 'Line of a pledge that pays for it; no foreign key, it is on the company side';
comment on column trainings.company_id is 'Company of that line, which is told of the figures';
comment on column trainings.competence_standard is 'Unit of the national competence standards (SKKNI)';
comment on column trainings.minimum_attendance_percent is 'Of the lesson hours, needed for the certificate';

alter table trainings enable row level security;
create policy area_scope on trainings to sinergi_service
using (area_id = any ((select visible_areas())::int []));
grant select, insert, update on trainings to sinergi_service;
