-- The constraint that says the same goes on to hold.
alter table rule_sets alter column benefit drop not null;
