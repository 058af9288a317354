drop table collectors;
