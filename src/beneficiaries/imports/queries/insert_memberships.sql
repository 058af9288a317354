insert into memberships (area_id, id, beneficiary_id, member_id, relationship, started_on, valid_from)
select c.area_id, p.tie_id, p.beneficiary_id, p.member_id, p.relationship, c.today, c.now
from person as p cross join import_context as c
where p.known_id is null and p.ordinal between $1 and $2
