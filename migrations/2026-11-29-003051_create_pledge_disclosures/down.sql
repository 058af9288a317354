drop table pledge_disclosures;
