comment on column duplicate_pairs.run_id is 'Run that last told something new of them';
drop index duplicate_pairs_run_idx;
alter table duplicate_runs drop column pairs_left_out;
drop index duplicate_runs_import_key;
create unique index duplicate_runs_import_key on duplicate_runs (area_id, import_id) where import_id is not null;
