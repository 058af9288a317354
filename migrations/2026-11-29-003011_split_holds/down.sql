alter table holds drop column lapsed_quantity;
-- squawk-ignore constraint-missing-not-valid, disallowed-unique-constraint
alter table holds add constraint holds_once_key unique (area_id, suspension_order_id, entitlement_id);
-- squawk-ignore ban-drop-constraint
alter table holds drop constraint holds_since_key;
comment on column holds.quantity is 'What was due and not yet delivered when the order took hold';
comment on column holds.withdrawn_quantity is 'Of it, what is never delivered: reduced away or voided';
