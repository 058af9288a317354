-- What the records will have: facts of the file over their own, but for those that were seen later. Null where nothing of
-- it is new.
update family as f
set attributes = nullif(
    coalesce(f.known_attributes, '{}') || coalesce((
        select jsonb_object_agg(told.name, told.fact)
        from jsonb_each(f.attributes) as told (name, fact)
        where (f.known_attributes -> told.name ->> 'observed_on' > told.fact ->> 'observed_on') is not true
    ), '{}'),
    coalesce(f.known_attributes, '{}')
)
where f.is_known and f.attributes is not null;

update person as p
set member_attributes = nullif(
    coalesce(k.attributes, '{}') || coalesce((
        select jsonb_object_agg(told.name, told.fact)
        from jsonb_each(p.member_attributes) as told (name, fact)
        where (k.attributes -> told.name ->> 'observed_on' > told.fact ->> 'observed_on') is not true
    ), '{}'),
    coalesce(k.attributes, '{}')
)
from kin as k
where k.id = p.known_id and k.ordinal = p.ordinal and p.member_attributes is not null;

-- To be checked as a whole: a schema can ask for one attribute beside another.
create temporary table settled on commit drop as
select first_line as line, 'beneficiaries' as subject, attributes from family where attributes is not null
union all
select line, 'members', member_attributes from person where member_attributes is not null;
create index on settled (subject, line);
analyze settled;
