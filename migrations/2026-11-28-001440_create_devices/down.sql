drop table delivery_conflicts;
drop table delivery_batch_items;
drop table delivery_batches;
drop table devices;
