drop table cycle_omissions;
alter table cycles drop column ceiling_quantity;
alter table cycles drop column omission_count;
alter table entitlements drop column breakdown;
comment on column rule_sets.benefit_quantity is 'Due to a family in a period, in the unit of the program';
alter table rule_sets drop column benefit;
