insert into beneficiary_locators (beneficiary_id, area_id)
select f.id, c.area_id from family as f cross join import_context as c
where not f.is_known and f.ordinal between $1 and $2
