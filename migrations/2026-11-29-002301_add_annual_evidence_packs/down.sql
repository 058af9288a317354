delete from evidence_packs where pledge_id is null;
comment on column evidence_packs.area_id is null;
comment on column evidence_packs.pledge_id is null;
drop index evidence_packs_annual_idx;
drop index evidence_packs_annual_version_key;
alter table evidence_packs drop constraint evidence_packs_areas_whole;
alter table evidence_packs drop column area_ids;
alter table evidence_packs alter column pledge_id set not null;
