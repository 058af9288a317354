create table duplicate_runs (
    area_id int not null,
    id uuid not null,
    client_id text not null,
    import_id uuid,
    village_codes text [],
    status text not null,
    step text not null,
    members_read int not null default 0,
    comparisons bigint not null default 0,
    pairs_same int not null default 0,
    pairs_look int not null default 0,
    persons_registered_again int not null default 0,
    families_same int not null default 0,
    pairs_cleared int not null default 0,
    is_learnt bool not null default false,
    normalisation smallint not null,
    skipped jsonb,
    weights jsonb,
    created_at timestamptz not null,
    finished_at timestamptz,
    constraint duplicate_runs_pkey primary key (area_id, id),
    constraint duplicate_runs_status_known check (status in ('running', 'done', 'failed')),
    constraint duplicate_runs_step_known check (step in ('reading', 'weighing', 'writing', 'over')),
    constraint duplicate_runs_end_whole check ((status = 'running') = (finished_at is null)),
    constraint duplicate_runs_villages_count check (cardinality(village_codes) between 1 and 300)
);
create unique index duplicate_runs_running_key on duplicate_runs (area_id) where status = 'running';
create unique index duplicate_runs_import_key on duplicate_runs (area_id, import_id) where import_id is not null;
create index duplicate_runs_created_idx on duplicate_runs (area_id, created_at, id);
comment on table duplicate_runs is 'Looks for records of one person in a sub-district, each with what came of it';
comment on column duplicate_runs.import_id is 'Import that the run follows; null where somebody asked for it';
comment on column duplicate_runs.village_codes is 'Only members of these villages; null for all';
comment on column duplicate_runs.persons_registered_again is 'Groups of records that are one person';
comment on column duplicate_runs.is_learnt is 'Whether the weights were learnt from these records, which takes thousands';
comment on column duplicate_runs.normalisation is 'Version of the normalisation of names';
comment on column duplicate_runs.skipped is 'By key: values that too many share, and how many records have them';
comment on column duplicate_runs.weights is 'What each level of each field said, as binary logarithms';

create table duplicate_pairs (
    area_id int not null,
    id uuid not null,
    one_member_id uuid not null,
    other_member_id uuid not null,
    one_beneficiary_id uuid not null,
    other_beneficiary_id uuid not null,
    finding text not null,
    is_found bool not null,
    centibits int not null,
    fields jsonb not null,
    status text not null,
    run_id uuid not null,
    decided_by text,
    decided_at timestamptz,
    decision_reason text,
    version int not null default 1,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    constraint duplicate_pairs_pkey primary key (area_id, id),
    constraint duplicate_pairs_members_key unique (area_id, one_member_id, other_member_id),
    constraint duplicate_pairs_one_fkey foreign key (area_id, one_member_id) references members (area_id, id),
    constraint duplicate_pairs_other_fkey foreign key (area_id, other_member_id) references members (area_id, id),
    constraint duplicate_pairs_run_fkey foreign key (area_id, run_id) references duplicate_runs (area_id, id),
    constraint duplicate_pairs_order check (one_member_id < other_member_id),
    constraint duplicate_pairs_finding_known check (finding in ('same', 'look')),
    constraint duplicate_pairs_status_known check (status in ('open', 'same', 'different', 'merged', 'cleared')),
    constraint duplicate_pairs_decision_whole check (
        (decided_by is null) = (decided_at is null) and (decided_by is null) = (decision_reason is null)
        and (status not in ('same', 'different') or decided_by is not null)
    ),
    constraint duplicate_pairs_open_found check (status <> 'open' or is_found)
);
create index duplicate_pairs_queue_idx on duplicate_pairs (area_id, centibits, id);
create index duplicate_pairs_other_idx on duplicate_pairs (area_id, other_member_id);
comment on table duplicate_pairs is 'Pairs of members who may be one person, for somebody to decide on';
comment on column duplicate_pairs.one_beneficiary_id is 'Family of the one when they were last compared';
comment on column duplicate_pairs.finding is 'What comparing them told last: same, or look';
comment on column duplicate_pairs.is_found is 'Whether the last run over both found them alike';
comment on column duplicate_pairs.centibits is 'Hundredths of a bit: how sure it is that they are one person';
comment on column duplicate_pairs.fields is 'What each field says, in bits';
comment on column duplicate_pairs.status is 'open; decided: same or different; merged; cleared where a later run found them unlike';
comment on column duplicate_pairs.run_id is 'Run that last told something new of them';

create table duplicate_decisions (
    area_id int not null,
    id uuid not null,
    pair_id uuid not null,
    decision text not null,
    reason text not null,
    finding text not null,
    centibits int not null,
    client_id text not null,
    created_at timestamptz not null,
    constraint duplicate_decisions_pkey primary key (area_id, id),
    constraint duplicate_decisions_pair_fkey foreign key (area_id, pair_id) references duplicate_pairs (area_id, id),
    constraint duplicate_decisions_decision_known check (decision in ('same', 'different', 'undecided'))
);
create index duplicate_decisions_pair_idx on duplicate_decisions (area_id, pair_id, id);
comment on table duplicate_decisions is 'What people decided on pairs, one after the other; append-only';
comment on column duplicate_decisions.finding is 'What comparing had told at the time';
comment on column duplicate_decisions.centibits is 'How sure it was at the time, in hundredths of a bit';

grant select, insert, update on duplicate_runs, duplicate_pairs to sinergi_service;
grant select, insert on duplicate_decisions to sinergi_service;
do $$
declare
    family_table text;
begin
    foreach family_table in array array['duplicate_runs', 'duplicate_pairs', 'duplicate_decisions'] loop
        execute format('alter table %I enable row level security', family_table);
        execute format(
            'create policy area_scope on %I to sinergi_service using (area_id = any ((select visible_areas())::int []))',
            family_table
        );
    end loop;
end
$$;
