drop table deliberation_decisions;
drop table deliberations;
