revoke update (area_id) on identity_claims, card_claims, beneficiary_locators from sinergi_service;
drop table carried_entitlements;
drop table relocations;
