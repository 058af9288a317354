comment on table suspension_orders is 'Cited directives that stop a program in a sub-district for a while';
alter table suspension_orders drop column resumes_on;
alter table suspension_orders drop column pays_arrears;
alter table suspension_orders drop column component;
alter table suspension_orders drop column cycle_ids;
alter table suspension_orders drop column village_codes;
alter table suspension_orders drop column directive_document_digest;
alter table suspension_orders drop column directive_document_reference;
