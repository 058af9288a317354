drop table duplicate_decisions;
drop table duplicate_pairs;
drop table duplicate_runs;
