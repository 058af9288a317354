-- An allocation is of the family whose need it meets, and a need that something is allocated to stays that family's.
-- One key says so in the place of two that could not; a run of many thousands looks up half as much, and holds no family.
-- squawk-ignore require-concurrent-index-deletion
drop index needs_beneficiary_idx;
-- squawk-ignore constraint-missing-not-valid, disallowed-unique-constraint
alter table needs add constraint needs_family_key unique (area_id, beneficiary_id, id);
alter table allocations add constraint allocations_family_need_fkey
    foreign key (area_id, beneficiary_id, need_id) references needs (area_id, beneficiary_id, id) not valid;
-- squawk-ignore ban-drop-constraint
alter table allocations drop constraint allocations_beneficiary_fkey;
-- squawk-ignore ban-drop-constraint
alter table allocations drop constraint allocations_need_fkey;
