-- What the records will have; null where nothing of it is new.
update family as f
set attributes = facts_over(f.known_attributes, f.attributes)
where f.is_known and f.attributes is not null;

update person as p
set member_attributes = facts_over(k.attributes, p.member_attributes)
from kin as k
where k.id = p.known_id and k.ordinal = p.ordinal and p.member_attributes is not null;

-- To be checked as a whole: a schema can ask for one attribute beside another.
create temporary table settled on commit drop as
select first_line as line, 'beneficiaries' as subject, attributes from family where attributes is not null
union all
select line, 'members', member_attributes from person where member_attributes is not null;
create index on settled (subject, line);
analyze settled;
