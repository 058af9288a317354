drop index card_claims_family_idx;
