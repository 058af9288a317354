-- What a family got of companies is found without reading what all families got.
-- squawk-ignore require-concurrent-index-creation
create index allocation_deliveries_beneficiary_idx on allocation_deliveries (area_id, beneficiary_id);
