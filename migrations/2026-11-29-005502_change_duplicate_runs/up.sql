-- A run that came to nothing is repeated: another one may follow its import. A start migrates before it serves, so nobody
-- waits for these locks.
-- squawk-ignore require-concurrent-index-deletion
drop index duplicate_runs_import_key;
-- squawk-ignore require-concurrent-index-creation
create unique index duplicate_runs_import_key on duplicate_runs (area_id, import_id)
where import_id is not null and status <> 'failed';

alter table duplicate_runs add column pairs_left_out int not null default 0;
comment on column duplicate_runs.pairs_left_out is 'Pairs that it found and left out, as there were more than a run tells';

-- squawk-ignore require-concurrent-index-creation
create index duplicate_pairs_run_idx on duplicate_pairs (area_id, run_id, centibits, id);
comment on column duplicate_pairs.run_id is 'Run that last found them alike, or found that they are no longer';
