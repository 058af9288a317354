drop table collectors_history;
drop table memberships_history;
alter table memberships drop column valid_from;
