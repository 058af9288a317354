drop table allocation_deliveries;
drop table allocations;
drop table receipts;
drop table pledge_lines;
drop table pledges;
drop table needs;
drop table need_kinds;
