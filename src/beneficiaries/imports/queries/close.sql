update imports as i
set
    status = c.becomes,
    rows_done = i.rows_read,
    rows_faulty = (select count(distinct line) from fault),
    families_created = (select count(*) from family where not is_known),
    families_changed = touched.families,
    families_unchanged = (select count(*) from family where is_known) - touched.families,
    members_created = (select count(*) from person where known_id is null),
    members_changed = (select count(*) from changed_person),
    members_unchanged
    = (select count(*) from person where known_id is not null) - (select count(*) from changed_person),
    checked_at = case when c.becomes = 'checked' then clock_timestamp() else i.checked_at end,
    -- Not the start of the transaction, which all its rows carry.
    finished_at = case when c.becomes = 'applied' then clock_timestamp() end
from
    import_context as c,
    (
        select count(*) as families
        from (select ordinal from changed_family union select ordinal from changed_person) as either_one
    ) as touched
-- Whoever cancelled it meanwhile was first.
where i.area_id = c.area_id and i.id = c.import_id and i.status in ('uploaded', 'running')
