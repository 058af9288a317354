drop table rank_import_faults;
drop table rank_imports;
