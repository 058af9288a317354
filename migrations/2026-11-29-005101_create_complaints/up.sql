create table complaints (
    area_id int not null,
    id uuid not null,
    village_code text not null,
    channel text not null,
    category text not null,
    beneficiary_id uuid,
    program_id uuid,
    cycle_id uuid,
    delivery_id uuid,
    delivery_period date,
    pledge_id uuid,
    allocation_delivery_id uuid,
    complainant text not null,
    complainant_beneficiary_id uuid,
    complainant_sealed bytea,
    description text not null,
    against_client_id text,
    status text not null,
    received_on date not null,
    due_on date not null,
    assigned_to text,
    referred_to text,
    finding text,
    answer text,
    answered_on date,
    answered_by text,
    closed_by text,
    is_reopened bool not null,
    lodged_by text not null,
    version int not null default 1,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    constraint complaints_pkey primary key (area_id, id),
    constraint complaints_beneficiary_fkey foreign key (area_id, beneficiary_id) references beneficiaries (area_id, id),
    constraint complaints_complainant_fkey foreign key (area_id, complainant_beneficiary_id)
    references beneficiaries (area_id, id),
    constraint complaints_program_fkey foreign key (program_id) references programs (id),
    constraint complaints_cycle_fkey foreign key (area_id, cycle_id) references cycles (area_id, id),
    constraint complaints_delivery_fkey foreign key (area_id, delivery_id, delivery_period)
    references deliveries (area_id, id, period),
    constraint complaints_allocation_delivery_fkey foreign key (area_id, allocation_delivery_id)
    references allocation_deliveries (area_id, id),
    constraint complaints_channel_known check (channel in ('desk', 'phone', 'letter', 'musdes', 'digital')),
    constraint complaints_category_known check (category in (
        'exclusion', 'inclusion', 'aid_short', 'aid_late', 'aid_quality', 'illegal_levy', 'staff_conduct', 'data_wrong',
        'other'
    )),
    constraint complaints_status_known check (status in (
        'received', 'assigned', 'answered', 'closed', 'referred', 'withdrawn', 'reopened'
    )),
    constraint complaints_finding_known check (finding in ('founded', 'partly_founded', 'unfounded')),
    constraint complaints_subject_whole check (
        (delivery_id is null) = (delivery_period is null)
        and case
            when delivery_id is not null then program_id is not null and beneficiary_id is not null
                and cycle_id is null and pledge_id is null and allocation_delivery_id is null
            when allocation_delivery_id is not null then pledge_id is not null and beneficiary_id is not null
                and program_id is null and cycle_id is null
            when cycle_id is not null then program_id is not null and beneficiary_id is null and pledge_id is null
            else num_nonnulls(beneficiary_id, program_id, pledge_id) <= 1
        end
    ),
    constraint complaints_complainant_whole check (
        complainant = 'family' and complainant_beneficiary_id is not null and complainant_sealed is null
        or complainant = 'person' and complainant_beneficiary_id is null and complainant_sealed is not null
        or complainant = 'anonymous' and complainant_beneficiary_id is null and complainant_sealed is null
    ),
    constraint complaints_against_kept_close check (
        against_client_id is null or category in ('illegal_levy', 'staff_conduct')
    ),
    constraint complaints_assignment_whole check (status <> 'assigned' or assigned_to is not null),
    constraint complaints_referral_whole check (status <> 'referred' or referred_to is not null),
    constraint complaints_answer_whole check (
        (status in ('answered', 'closed')) = (answered_on is not null) and (answered_on is null) = (answered_by is null)
        and (answered_on is null) = (answer is null) and (answered_on is null) = (finding is null)
    ),
    constraint complaints_closure_whole check ((status = 'closed') = (closed_by is not null)),
    constraint complaints_two_persons check (
        finding <> 'unfounded' and category not in ('illegal_levy', 'staff_conduct') or closed_by <> answered_by
    ),
    constraint complaints_dates_order check (due_on >= received_on and answered_on >= received_on)
);
create index complaints_village_idx on complaints (area_id, village_code, id);
create index complaints_beneficiary_idx on complaints (area_id, beneficiary_id, id);
create index complaints_complainant_idx on complaints (area_id, complainant_beneficiary_id, id);
create index complaints_program_idx on complaints (area_id, program_id, id);
create index complaints_cycle_idx on complaints (area_id, cycle_id);
create index complaints_delivery_idx on complaints (area_id, delivery_id);
create index complaints_pledge_idx on complaints (area_id, pledge_id);
create index complaints_allocation_delivery_idx on complaints (area_id, allocation_delivery_id);
comment on table complaints is 'What people of villages say about aid, and what became of it';
comment on column complaints.category is 'Illegal levies and the conduct of staff are kept close';
comment on column complaints.beneficiary_id is 'Family that it is about, or that the delivery was for';
comment on column complaints.program_id is 'Program that it is about, or of the cycle or the delivery';
comment on column complaints.delivery_period is 'Period of the delivery, for its key';
comment on column complaints.pledge_id is 'Pledge that it is about, or of the handover';
comment on column complaints.allocation_delivery_id is 'Handover of a pledge that it is about';
comment on column complaints.complainant_beneficiary_id is 'Family that complains';
comment on column complaints.complainant_sealed is 'Name and telephone of a person who complains, sealed';
comment on column complaints.description is 'What was said; may hold personal data';
comment on column complaints.against_client_id is 'Client complained of, which neither reads nor decides';
comment on column complaints.due_on is 'Day by which it is to be answered';
comment on column complaints.referred_to is 'Body that it was referred to; stays when that answers';
comment on column complaints.answer is 'What the complainant was told; empty again where it was reopened';
comment on column complaints.is_reopened is 'The complainant was not content once; there is no second time';

create table complaint_steps (
    area_id int not null,
    id uuid not null,
    complaint_id uuid not null,
    command text not null,
    from_status text not null,
    to_status text not null,
    assigned_to text,
    referred_to text,
    finding text,
    note text,
    change_request_id uuid,
    replacement_id uuid,
    delivery_id uuid,
    delivery_period date,
    recorded_by text not null,
    created_at timestamptz not null,
    constraint complaint_steps_pkey primary key (area_id, id),
    constraint complaint_steps_complaint_fkey foreign key (area_id, complaint_id) references complaints (area_id, id),
    constraint complaint_steps_change_request_fkey foreign key (area_id, change_request_id)
    references change_requests (area_id, id),
    constraint complaint_steps_replacement_fkey foreign key (area_id, replacement_id)
    references replacements (area_id, id),
    constraint complaint_steps_delivery_fkey foreign key (area_id, delivery_id, delivery_period)
    references deliveries (area_id, id, period),
    constraint complaint_steps_command_known check (command in (
        'assign', 'answer', 'close', 'refer', 'withdraw', 'reopen'
    )),
    constraint complaint_steps_outcome_whole check (
        (delivery_id is null) = (delivery_period is null)
        and (command = 'close' or num_nonnulls(change_request_id, replacement_id, delivery_id) = 0)
    )
);
create index complaint_steps_complaint_idx on complaint_steps (area_id, complaint_id, id);
create index complaint_steps_change_request_idx on complaint_steps (area_id, change_request_id);
create index complaint_steps_replacement_idx on complaint_steps (area_id, replacement_id);
create index complaint_steps_delivery_idx on complaint_steps (area_id, delivery_id);
comment on table complaint_steps is 'What was done about complaints, by whom and why; append-only';
comment on column complaint_steps.note is 'The reason, the answer or what came of it; may hold personal data';
comment on column complaint_steps.change_request_id is 'Change of a record that came of it';
comment on column complaint_steps.replacement_id is 'Replacement of a family that came of it';
comment on column complaint_steps.delivery_id is 'Delivery that came of it';
comment on column complaint_steps.delivery_period is 'Period of the delivery, for its key';

do $$
declare
    family_table text;
begin
    foreach family_table in array array['complaints', 'complaint_steps'] loop
        execute format('alter table %I enable row level security', family_table);
        execute format(
            'create policy area_scope on %I to sinergi_service using (area_id = any ((select visible_areas())::int []))',
            family_table
        );
    end loop;
end
$$;
grant select, insert, update on complaints to sinergi_service;
grant select, insert on complaint_steps to sinergi_service;
