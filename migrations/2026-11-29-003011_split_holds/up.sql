-- A hold never grows: what an order keeps back later of the same entitlement is a hold of its own, so that what was held
-- at any instant is a sum over rows. The locks of cycles and entitlements decide that nothing is held twice.
-- squawk-ignore constraint-missing-not-valid, disallowed-unique-constraint
alter table holds add constraint holds_since_key unique (area_id, suspension_order_id, entitlement_id, created_at);
-- squawk-ignore ban-drop-constraint
alter table holds drop constraint holds_once_key;
alter table holds add column lapsed_quantity numeric(18, 3) not null default 0;
alter table holds add constraint holds_lapsed_withdrawn
check (lapsed_quantity >= 0 and lapsed_quantity <= withdrawn_quantity) not valid;
comment on column holds.quantity is 'What of the entitlement was due, not delivered and not held when it began';
comment on column holds.withdrawn_quantity is 'Of it, what is never delivered: lapsed, reduced away or voided';
comment on column holds.lapsed_quantity is 'Of what is withdrawn, what was of the time of an order that pays no arrears';
