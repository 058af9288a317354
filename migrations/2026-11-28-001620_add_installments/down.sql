revoke update (quantity, installments) on pledge_lines from sinergi_service;
alter table pledge_lines drop constraint pledge_lines_quantity_positive;
alter table pledge_lines add constraint pledge_lines_quantity_positive check (quantity > 0);
alter table pledge_lines drop column source_line_id;
alter table pledge_lines drop column origin;
alter table pledge_lines drop column installments;
