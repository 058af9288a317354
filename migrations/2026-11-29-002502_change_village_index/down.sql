create index beneficiaries_place_idx on beneficiaries (area_id, village_code, id);
drop index beneficiaries_village_idx;
alter index beneficiaries_place_idx rename to beneficiaries_village_idx;
