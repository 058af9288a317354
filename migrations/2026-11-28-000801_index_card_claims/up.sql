-- A family that took in another one holds that one's card number too: claims are found by family.
-- squawk-ignore require-concurrent-index-creation
create index card_claims_family_idx on card_claims (beneficiary_id);
