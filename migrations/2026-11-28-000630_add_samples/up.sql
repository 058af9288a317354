alter table verification_rounds add column program_id uuid;
alter table verification_rounds add column seed int;
alter table verification_rounds add column strata jsonb;
alter table verification_rounds add constraint verification_rounds_program_fkey
foreign key (program_id) references programs (id) not valid;
alter table verification_rounds add constraint verification_rounds_sample_whole check (
    (program_id is null) = (seed is null) and (program_id is null) = (strata is null)
) not valid;
comment on column verification_rounds.program_id is 'Program whose targeting a sample measures; null where the round is no sample';
comment on column verification_rounds.seed is 'What the sample was drawn by: the same seed and families give the same sample';
comment on column verification_rounds.strata is 'Families and drawn families of each village when the list froze';

alter table verification_tasks add column is_aided bool;
alter table verification_tasks add column is_poor bool;
comment on column verification_tasks.is_aided is 'On the program when a sample was drawn; null where the round is no sample';
comment on column verification_tasks.is_poor is 'Poor by the field criterion, as its last visit says';

alter table visits add column is_poor bool;
comment on column visits.is_poor is 'Poor by the field criterion, as the visitor found; null where that was not asked or not seen';
