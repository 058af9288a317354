drop table import_leavers;
drop table import_parts;
update imports set status = 'failed' where status not in ('running', 'applied');
alter table imports
    drop constraint imports_review_whole,
    drop constraint imports_format_known,
    drop constraint imports_status_known,
    drop column decided_by,
    drop column review_note,
    drop column reviewed_by,
    drop column reviewed_at,
    drop column checked_at,
    drop column failure_code,
    drop column attempts,
    drop column members_leaving,
    drop column families_leaving,
    drop column layout,
    drop column mapping_id,
    drop column full_list_of,
    drop column is_automatic,
    drop column format,
    add constraint imports_status_known check (status in ('running', 'applied', 'failed'));
