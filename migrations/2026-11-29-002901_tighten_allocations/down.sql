alter table allocations
    add constraint allocations_need_fkey foreign key (area_id, need_id) references needs (area_id, id),
    add constraint allocations_beneficiary_fkey foreign key (area_id, beneficiary_id)
        references beneficiaries (area_id, id),
    drop constraint allocations_family_need_fkey;
alter table needs drop constraint needs_family_key;
create index needs_beneficiary_idx on needs (area_id, beneficiary_id);
