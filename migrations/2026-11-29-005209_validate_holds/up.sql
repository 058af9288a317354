alter table holds validate constraint holds_passed_range;
alter table holds validate constraint holds_status_known;
alter table holds validate constraint holds_conserved;
