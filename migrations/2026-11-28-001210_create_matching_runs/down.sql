drop table matching_run_lines;
drop table matching_run_families;
drop table matching_runs;
