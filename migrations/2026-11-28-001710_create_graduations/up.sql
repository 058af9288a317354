create table graduation_criteria (
    area_id int not null,
    id uuid not null,
    number int not null,
    readiness text not null,
    after_care_months int not null,
    decree_number text not null,
    effective_from date not null,
    effective_to date,
    created_by text not null,
    created_at timestamptz not null,
    constraint graduation_criteria_pkey primary key (area_id, id),
    constraint graduation_criteria_number_key unique (area_id, number),
    constraint graduation_criteria_after_care_range check (after_care_months between 0 and 60),
    constraint graduation_criteria_dates_order check (effective_to >= effective_from)
);
comment on table graduation_criteria is 'When a family of the sub-district needs no aid any more; never changed, the newest counts';
comment on column graduation_criteria.number is 'Counts from 1 in each sub-district';
comment on column graduation_criteria.readiness is 'Expression over the facts of eligibility';
comment on column graduation_criteria.after_care_months is 'How long a graduated family is looked after';
comment on column graduation_criteria.decree_number is 'Decree that sets them';
comment on column graduation_criteria.effective_to is 'Last day, inclusive; null while open';

create table graduations (
    area_id int not null,
    id uuid not null,
    beneficiary_id uuid not null,
    village_code text not null,
    criteria_id uuid not null,
    graduated_on date not null,
    after_care_until date not null,
    enrollment_ids uuid [] not null,
    note text,
    decided_by text not null,
    returned_on date,
    return_reason text,
    return_note text,
    returned_by text,
    version int not null default 1,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    constraint graduations_pkey primary key (area_id, id),
    constraint graduations_beneficiary_fkey foreign key (area_id, beneficiary_id) references beneficiaries (area_id, id),
    constraint graduations_criteria_fkey foreign key (area_id, criteria_id) references graduation_criteria (area_id, id),
    constraint graduations_enrollments_some check (cardinality(enrollment_ids) > 0),
    constraint graduations_after_care_order check (after_care_until >= graduated_on),
    constraint graduations_return_order check (returned_on >= graduated_on),
    constraint graduations_return_whole check (
        (returned_on is null) = (return_reason is null) and (returned_on is null) = (returned_by is null)
        and (return_note is null or returned_on is not null)
    ),
    constraint graduations_return_reason_known check (return_reason in (
        'income_lost', 'earner_lost', 'illness', 'disaster', 'decided_wrongly', 'other'
    ))
);
create unique index graduations_one_key on graduations (area_id, beneficiary_id) where returned_on is null;
create index graduations_beneficiary_idx on graduations (area_id, beneficiary_id);
comment on table graduations is 'Families that left aid because they stand on their own, and those of them that came back';
comment on column graduations.village_code is 'Where the family lived when it graduated';
comment on column graduations.after_care_until is 'Last day on which the sub-district looks after it';
comment on column graduations.enrollment_ids is 'Enrollments that ended with it';
comment on column graduations.returned_on is 'Day on which it needed aid again; null while it stands on its own';

do $$
declare
    family_table text;
begin
    foreach family_table in array array['graduation_criteria', 'graduations'] loop
        execute format('alter table %I enable row level security', family_table);
        execute format(
            'create policy area_scope on %I to sinergi_service using (area_id = any ((select visible_areas())::int []))',
            family_table
        );
    end loop;
end
$$;
grant select, insert on graduation_criteria to sinergi_service;
grant select, insert, update on graduations to sinergi_service;
