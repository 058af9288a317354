-- Needs are matched and counted by kind while they are open: one that is met leaves the index, and a run that meets
-- thousands writes no new place for each. All needs of a family are found by the family.
-- squawk-ignore require-concurrent-index-deletion
drop index needs_kind_idx;
-- squawk-ignore require-concurrent-index-creation
create index needs_open_kind_idx on needs (area_id, kind, id) where status = 'open';
-- squawk-ignore require-concurrent-index-creation
create index needs_beneficiary_idx on needs (area_id, beneficiary_id);
