drop view component_aid_given;
alter table delivery_returns drop column component;
alter table deliveries drop column component;
