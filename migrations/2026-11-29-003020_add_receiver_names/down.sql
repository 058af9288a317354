-- squawk-ignore ban-drop-column
alter table deliveries drop column receiver_name;
