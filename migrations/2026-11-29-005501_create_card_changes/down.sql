comment on table card_claims is 'Which live family holds a family card number, one in the nation';
drop table card_changes;
