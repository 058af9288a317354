insert into import_faults (area_id, import_id, row_number, fault_number, column_name, code)
select
    c.area_id, c.import_id, told.line,
    row_number() over (partition by told.line order by told.column_name nulls last, told.code),
    told.column_name, told.code
from (select distinct line, column_name, code from fault) as told
cross join import_context as c;

update imports as i
set
    status = 'applied',
    rows_done = i.rows_read,
    rows_faulty = (select count(distinct line) from fault),
    families_created = (select count(*) from family where not is_known),
    families_changed = touched.families,
    families_unchanged = (select count(*) from family where is_known) - touched.families,
    members_created = (select count(*) from person where known_id is null),
    members_changed = (select count(*) from changed_person),
    members_unchanged
    = (select count(*) from person where known_id is not null) - (select count(*) from changed_person),
    -- Not the start of the transaction, which all its rows carry.
    finished_at = clock_timestamp()
from
    import_context as c,
    (
        select count(*) as families
        from (select ordinal from changed_family union select ordinal from changed_person) as either_one
    ) as touched
where i.area_id = c.area_id and i.id = c.import_id;
