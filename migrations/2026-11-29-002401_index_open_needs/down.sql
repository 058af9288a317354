drop index needs_beneficiary_idx;
drop index needs_open_kind_idx;
create index needs_kind_idx on needs (area_id, kind, id);
