alter table visits drop column is_poor;
alter table verification_tasks drop column is_poor;
alter table verification_tasks drop column is_aided;
alter table verification_rounds drop constraint verification_rounds_sample_whole;
alter table verification_rounds drop constraint verification_rounds_program_fkey;
alter table verification_rounds drop column strata;
alter table verification_rounds drop column seed;
alter table verification_rounds drop column program_id;
