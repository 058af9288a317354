revoke update on identity_claims, card_claims from sinergi_service;
drop table duplicate_mergers;
