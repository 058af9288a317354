drop function make_month_partition(text, date);
drop table events;
drop table outbox;
drop table audit_records;
