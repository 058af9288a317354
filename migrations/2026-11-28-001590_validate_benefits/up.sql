-- What the migrations before added without a look at the rows that are there.
alter table rule_sets validate constraint rule_sets_benefit_given;
alter table rule_sets validate constraint rule_sets_benefit_known;
alter table cycles validate constraint cycles_ceiling_positive;
alter table cycles validate constraint cycles_ceiling_held;
-- The constraint has just looked at every row, so this does not.
-- squawk-ignore adding-not-nullable-field
alter table rule_sets alter column benefit set not null;
