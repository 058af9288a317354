drop table replacements;
alter table rule_sets drop column replacement_needs_meeting, drop column replacement_source;
