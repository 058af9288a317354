drop view overlap_pairs;
drop table overlap_rule_programs;
drop table overlap_rules;
