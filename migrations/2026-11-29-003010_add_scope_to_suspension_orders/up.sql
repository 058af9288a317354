alter table suspension_orders add column directive_document_reference text;
alter table suspension_orders add column directive_document_digest bytea;
alter table suspension_orders add column village_codes text [] not null default '{}';
alter table suspension_orders add column cycle_ids uuid [] not null default '{}';
alter table suspension_orders add column component text;
alter table suspension_orders add column pays_arrears bool;
alter table suspension_orders add column resumes_on date;

-- Until now a release that did not void paid all of the time that it stopped.
update suspension_orders set pays_arrears = true
where outcome in ('released', 'reduced');

alter table suspension_orders add constraint suspension_orders_digest_long
check (octet_length(directive_document_digest) = 32) not valid;
alter table suspension_orders add constraint suspension_orders_villages_known
check (cardinality(village_codes) <= 300 and array_position(village_codes, null) is null) not valid;
alter table suspension_orders add constraint suspension_orders_cycles_known
check (cardinality(cycle_ids) <= 100 and array_position(cycle_ids, null) is null) not valid;
alter table suspension_orders add constraint suspension_orders_arrears_whole check (
    (coalesce(outcome, 'voided') in ('released', 'reduced')) = (pays_arrears is not null)
    and (pays_arrears is false) = (resumes_on is not null)
) not valid;

comment on table suspension_orders is 'Cited directives that stop a program, or a part of it, in a sub-district for a while';
comment on column suspension_orders.directive_document_reference is 'Where the document is found: its address or its number in the archive';
comment on column suspension_orders.directive_document_digest is 'SHA-256 of the document';
comment on column suspension_orders.village_codes is 'Villages whose families it reaches, by the frozen list; empty for all';
comment on column suspension_orders.cycle_ids is 'Cycles it reaches, of those with a day in its dates; empty for all of them';
comment on column suspension_orders.component is 'Component of the benefit it reaches; null for all that is due';
comment on column suspension_orders.pays_arrears is 'Whether what was held for the time it stopped is paid; null while in force and where voided';
comment on column suspension_orders.resumes_on is 'Without arrears: what it held for months before this day lapsed';
