create table matching_runs (
    area_id int not null,
    id uuid not null,
    status text not null,
    policy jsonb not null,
    input_digest bytea not null,
    line_count int not null,
    family_count int not null,
    served_family_count int not null,
    portion_count int not null,
    transcript text not null,
    created_by text not null,
    created_at timestamptz not null,
    committed_by text,
    committed_at timestamptz,
    constraint matching_runs_pkey primary key (area_id, id),
    constraint matching_runs_status_known check (status in ('previewed', 'committed')),
    constraint matching_runs_commit_whole check (
        (status = 'committed') = (committed_by is not null) and (status = 'committed') = (committed_at is not null)
    ),
    constraint matching_runs_counts_range check (
        line_count >= 0 and served_family_count between 0 and family_count and portion_count >= served_family_count
    )
);
comment on table matching_runs is 'Runs that match what is free of all pledges with open needs, first told, then carried out';
comment on column matching_runs.policy is 'Rules of the run, its published seed among them';
comment on column matching_runs.input_digest is 'SHA-256 of all that the run looked at; it is carried out only while that is the same';
comment on column matching_runs.family_count is 'Verified families with an open need of the kinds';
comment on column matching_runs.transcript is 'The run without a name, for whoever checks it';

create table matching_run_families (
    area_id int not null,
    run_id uuid not null,
    beneficiary_id uuid not null,
    village_code text not null,
    verdict text not null,
    place int,
    granted_portions int not null,
    aided_portions int not null,
    grants jsonb not null,
    refusal jsonb,
    constraint matching_run_families_pkey primary key (area_id, run_id, beneficiary_id),
    constraint matching_run_families_run_fkey foreign key (area_id, run_id) references matching_runs (area_id, id),
    constraint matching_run_families_verdict_known check (
        verdict in ('satisfied', 'cap_reached', 'no_line', 'outranked', 'not_verified')
    ),
    constraint matching_run_families_refusal_whole check ((verdict = 'outranked') = (refusal is not null)),
    constraint matching_run_families_place_whole check ((verdict = 'not_verified') = (place is null))
);
comment on table matching_run_families is 'What a run did, or would do, for each family, and why no more; append-only';
comment on column matching_run_families.village_code is 'Where the family lived when the run looked';
comment on column matching_run_families.place is 'Place in the order of the run, 1 first';
comment on column matching_run_families.aided_portions is 'Portions that it had elsewhere in this round of aid';
comment on column matching_run_families.grants is 'Lines, needs and quantities';
comment on column matching_run_families.refusal is 'The proof that those who hold what it could get go before it';

create table matching_run_lines (
    run_id uuid not null,
    pledge_line_id uuid not null,
    area_id int not null,
    pledge_id uuid not null,
    company_id uuid not null,
    kind text not null,
    unit text not null,
    portion numeric(18, 3) not null,
    free_quantity numeric(18, 3) not null,
    allocated_quantity numeric(18, 3) not null,
    transfer_id uuid not null,
    constraint matching_run_lines_pkey primary key (run_id, pledge_line_id),
    constraint matching_run_lines_line_fkey foreign key (pledge_line_id) references pledge_lines (id),
    constraint matching_run_lines_allocated_range check (allocated_quantity between 0 and free_quantity)
);
comment on table matching_run_lines is 'What a run takes, or would take, of each line; of no family; append-only';
comment on column matching_run_lines.portion is 'What one family gets at a turn at most';
comment on column matching_run_lines.transfer_id is 'Transfer that reserves it when the run is carried out';

do $$
declare
    family_table text;
begin
    foreach family_table in array array['matching_runs', 'matching_run_families'] loop
        execute format('alter table %I enable row level security', family_table);
        execute format(
            'create policy area_scope on %I to sinergi_service using (area_id = any ((select visible_areas())::int []))',
            family_table
        );
    end loop;
end
$$;
grant select, insert, update on matching_runs to sinergi_service;
grant select, insert on matching_run_families, matching_run_lines to sinergi_service;
