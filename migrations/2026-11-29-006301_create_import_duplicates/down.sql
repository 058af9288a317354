drop table import_duplicates;
alter table imports drop column possible_duplicates;
