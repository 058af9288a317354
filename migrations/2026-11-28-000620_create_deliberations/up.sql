create table deliberations (
    area_id int not null,
    id uuid not null,
    village_code text not null,
    program_id uuid not null,
    held_on date not null,
    minutes_number text not null,
    minutes_digest bytea not null,
    minutes_media_type text not null,
    attendee_count int not null,
    decree_number text,
    add_count int not null,
    keep_count int not null,
    remove_count int not null,
    reserve_count int not null,
    status text not null,
    effective_on date,
    applied_by text,
    applied_at timestamptz,
    report_status text not null,
    camat_letter_number text,
    camat_letter_on date,
    reported_by text,
    reported_at timestamptz,
    regent_letter_number text,
    regent_letter_on date,
    forwarded_by text,
    forwarded_at timestamptz,
    recorded_by text not null,
    version int not null default 1,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    constraint deliberations_pkey primary key (area_id, id),
    constraint deliberations_minutes_key unique (area_id, village_code, program_id, minutes_number),
    constraint deliberations_program_fkey foreign key (program_id) references programs (id),
    constraint deliberations_attendees_range check (attendee_count between 1 and 10000),
    constraint deliberations_status_known check (status in ('recorded', 'applied')),
    constraint deliberations_application_whole check (
        (status = 'applied') = (applied_at is not null) and (status = 'applied') = (applied_by is not null)
        and (status = 'applied') = (effective_on is not null) and (status = 'recorded' or decree_number is not null)
    ),
    constraint deliberations_report_known check (
        report_status in ('recorded', 'reported_to_camat', 'forwarded_to_regent')
    ),
    constraint deliberations_report_whole check (
        (report_status = 'recorded') = (camat_letter_number is null)
        and (camat_letter_number is null) = (camat_letter_on is null)
        and (camat_letter_number is null) = (reported_by is null)
        and (camat_letter_number is null) = (reported_at is null)
    ),
    constraint deliberations_forwarding_whole check (
        (report_status = 'forwarded_to_regent') = (regent_letter_number is not null)
        and (regent_letter_number is null) = (regent_letter_on is null)
        and (regent_letter_number is null) = (forwarded_by is null)
        and (regent_letter_number is null) = (forwarded_at is null)
    )
);
create index deliberations_program_idx on deliberations (area_id, program_id, id);
comment on table deliberations is 'Village meetings (musdes) that decided the list of a program, with their minutes and decree';
comment on column deliberations.minutes_digest is 'SHA-256 of the minutes, which the village keeps';
comment on column deliberations.decree_number is 'Decree that makes the decisions law; null until it is issued';
comment on column deliberations.status is 'recorded, or applied to the enrollments';
comment on column deliberations.effective_on is 'First day on the program of those added, last of those removed';
comment on column deliberations.report_status is 'recorded, reported_to_camat or forwarded_to_regent';

create table deliberation_decisions (
    area_id int not null,
    deliberation_id uuid not null,
    number smallint not null,
    beneficiary_id uuid not null,
    decision text not null,
    reason text not null,
    exit_reason text,
    reserve_order smallint,
    constraint deliberation_decisions_pkey primary key (area_id, deliberation_id, number),
    constraint deliberation_decisions_family_key unique (area_id, deliberation_id, beneficiary_id),
    constraint deliberation_decisions_reserve_key unique (area_id, deliberation_id, reserve_order),
    constraint deliberation_decisions_deliberation_fkey foreign key (area_id, deliberation_id)
    references deliberations (area_id, id),
    constraint deliberation_decisions_beneficiary_fkey foreign key (area_id, beneficiary_id)
    references beneficiaries (area_id, id),
    constraint deliberation_decisions_known check (decision in ('add', 'keep', 'remove', 'reserve')),
    constraint deliberation_decisions_exit_whole check ((decision = 'remove') = (exit_reason is not null)),
    constraint deliberation_decisions_reserve_whole check ((decision = 'reserve') = (reserve_order is not null))
);
comment on table deliberation_decisions is 'What a village meeting decided of each family; append-only';
comment on column deliberation_decisions.number is 'Place in the list, 1 first';
comment on column deliberation_decisions.reserve_order is 'Place on the reserve list, 1 first';

do $$
declare
    family_table text;
begin
    foreach family_table in array array['deliberations', 'deliberation_decisions'] loop
        execute format('alter table %I enable row level security', family_table);
        execute format(
            'create policy area_scope on %I to sinergi_service using (area_id = any ((select visible_areas())::int []))',
            family_table
        );
    end loop;
end
$$;
grant select, insert, update on deliberations to sinergi_service;
grant select, insert on deliberation_decisions to sinergi_service;
