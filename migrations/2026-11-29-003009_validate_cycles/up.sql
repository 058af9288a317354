-- What the migrations before added without a look at the rows that are there.
alter table cycles validate constraint cycles_status_known;
alter table cycles validate constraint cycles_approval_whole;
alter table cycles validate constraint cycles_cancellation_whole;
alter table cycle_omissions validate constraint cycle_omissions_reason_known;
