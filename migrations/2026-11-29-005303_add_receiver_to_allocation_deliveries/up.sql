-- As of deliveries: an alternate whose paper nobody registered is known by name, or nobody knows who took it.
alter table allocation_deliveries add column receiver_name text;
alter table allocation_deliveries add constraint allocation_deliveries_receiver_alternate check (
    receiver_name is null or collector_kind = 'alternate'
) not valid;
comment on column allocation_deliveries.receiver_name is 'Name of an alternate whose paper was not on record';
