-- A pack of a year is of no one pledge; clients read it as null in a list of its own.
-- squawk-ignore ban-drop-not-null
alter table evidence_packs alter column pledge_id drop not null;
alter table evidence_packs add column area_ids int [];
alter table evidence_packs add constraint evidence_packs_areas_whole check (
    (pledge_id is null) = (area_ids is not null) and (area_ids is null or cardinality(area_ids) > 0)
) not valid;
-- A company has few packs; the indexes are made at once, with their table.
-- squawk-ignore require-concurrent-index-creation
create unique index evidence_packs_annual_version_key on evidence_packs (company_id, year, version)
where pledge_id is null;
-- squawk-ignore require-concurrent-index-creation
create index evidence_packs_annual_idx on evidence_packs (company_id, id) where pledge_id is null;
comment on column evidence_packs.pledge_id is
'Pledge it is about; null where it is about all pledges of the company for the year';
comment on column evidence_packs.area_id is 'Sub-district that it tells of; 0 where they are several';
comment on column evidence_packs.area_ids is 'Sub-districts that the pack of a year tells of';
