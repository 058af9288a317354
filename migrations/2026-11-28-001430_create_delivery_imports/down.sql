drop index deliveries_import_idx;
alter table deliveries drop column delivery_import_id;
drop table delivery_import_rows;
drop table delivery_imports;
