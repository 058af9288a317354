revoke delete on matching_runs, matching_run_families, matching_run_lines from sinergi_service;
drop policy previews_go on matching_run_families;
drop policy previews_go on matching_runs;
comment on table matching_run_lines is 'What a run takes, or would take, of each line; of no family; append-only';
comment on table matching_run_families is 'What a run did, or would do, for each family, and why no more; append-only';
alter table matching_run_families drop column aids;
alter table matching_run_families drop column lot;
alter table matching_run_families drop column months_since_aid;
alter table matching_run_families drop column decile;
alter table matching_run_families drop constraint matching_run_families_verdict_known;
alter table matching_run_families add constraint matching_run_families_verdict_known check (
    verdict in ('satisfied', 'cap_reached', 'no_line', 'outranked', 'not_verified')
);
