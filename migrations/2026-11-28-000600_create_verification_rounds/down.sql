drop table verification_tasks;
drop table visits;
drop table verification_rounds;
