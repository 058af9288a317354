create table verification_rounds (
    area_id int not null,
    id uuid not null,
    title text not null,
    rule text not null,
    reference_on date not null,
    village_codes text [],
    due_on date not null,
    status text not null,
    task_count int not null default 0,
    opened_by text not null,
    closed_by text,
    closed_at timestamptz,
    version int not null default 1,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    constraint verification_rounds_pkey primary key (area_id, id),
    constraint verification_rounds_status_known check (status in ('open', 'closed')),
    constraint verification_rounds_closed_whole check (
        (status = 'closed') = (closed_by is not null) and (status = 'closed') = (closed_at is not null)
    )
);
comment on table verification_rounds is 'Rounds of home visits, each with a work list that was frozen when it opened';
comment on column verification_rounds.rule is 'Which families: an expression over the facts, as rule sets have it';
comment on column verification_rounds.reference_on is 'Day that ages and days since a visit were counted at';
comment on column verification_rounds.village_codes is 'Villages it is held to; null for the whole sub-district';
comment on column verification_rounds.task_count is 'Families on its list';

create table visits (
    area_id int not null,
    id uuid not null,
    beneficiary_id uuid not null,
    round_id uuid,
    visited_at timestamptz not null,
    finding text not null,
    note text,
    evidence jsonb not null,
    has_confirmed bool not null default false,
    recorded_by text not null,
    created_at timestamptz not null,
    constraint visits_pkey primary key (area_id, id),
    constraint visits_moment_key unique (area_id, beneficiary_id, recorded_by, visited_at),
    constraint visits_beneficiary_fkey foreign key (area_id, beneficiary_id) references beneficiaries (area_id, id),
    constraint visits_round_fkey foreign key (area_id, round_id) references verification_rounds (area_id, id),
    constraint visits_finding_known check (
        finding in ('confirmed', 'corrected', 'moved', 'deceased', 'not_found', 'refused')
    ),
    constraint visits_evidence_some check (
        jsonb_typeof(evidence) = 'array' and jsonb_array_length(evidence) <= 20
    )
);
create index visits_family_idx on visits (area_id, beneficiary_id, visited_at);
create index visits_round_idx on visits (area_id, round_id, id) where round_id is not null;
comment on table visits is 'Home visits and what each found; append-only';
comment on column visits.visited_at is 'When, as the visitor''s device says; it may have been sent much later';
comment on column visits.evidence is 'Digests, media types and places of what the visitor keeps; never the thing itself';
comment on column visits.has_confirmed is 'The family''s record was confirmed by it';

create table verification_tasks (
    area_id int not null,
    id uuid not null,
    round_id uuid not null,
    beneficiary_id uuid not null,
    village_code text not null,
    decile smallint,
    assigned_to text,
    finding text,
    visit_id uuid,
    visited_at timestamptz,
    constraint verification_tasks_pkey primary key (area_id, id),
    constraint verification_tasks_family_key unique (area_id, round_id, beneficiary_id),
    constraint verification_tasks_round_fkey foreign key (area_id, round_id)
    references verification_rounds (area_id, id),
    constraint verification_tasks_beneficiary_fkey foreign key (area_id, beneficiary_id)
    references beneficiaries (area_id, id),
    constraint verification_tasks_visit_fkey foreign key (area_id, visit_id) references visits (area_id, id),
    constraint verification_tasks_visit_whole check (
        (finding is null) = (visit_id is null) and (finding is null) = (visited_at is null)
    )
);
create index verification_tasks_list_idx on verification_tasks (area_id, round_id, village_code, id);
comment on table verification_tasks is 'Families of a round''s frozen list, each with what its last visit found';
comment on column verification_tasks.village_code is 'Where the family lived when the list froze';
comment on column verification_tasks.decile is 'Its rank then';
comment on column verification_tasks.assigned_to is 'Client that is to visit; null for whoever comes';

do $$
declare
    family_table text;
begin
    foreach family_table in array array['verification_rounds', 'visits', 'verification_tasks'] loop
        execute format('alter table %I enable row level security', family_table);
        execute format(
            'create policy area_scope on %I to sinergi_service using (area_id = any ((select visible_areas())::int []))',
            family_table
        );
    end loop;
end
$$;
grant select, insert, update on verification_rounds, verification_tasks to sinergi_service;
grant select, insert on visits to sinergi_service;
