-- squawk-ignore ban-drop-column
alter table allocation_deliveries drop column receiver_name;
