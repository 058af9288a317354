alter table rule_sets validate constraint rule_sets_benefit_known;
