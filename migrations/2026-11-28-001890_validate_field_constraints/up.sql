alter table need_kinds validate constraint need_kinds_field_known;
alter table pledge_lines validate constraint pledge_lines_field_known;
