revoke update (field) on pledge_lines from sinergi_service;
alter table pledge_lines drop column field;
alter table need_kinds drop column field;
