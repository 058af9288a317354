drop table holds;
drop table suspension_orders;
drop table deliveries;
drop table entitlements;
drop table cycles;
drop table enrollments;
drop table rule_sets;
drop table programs;
