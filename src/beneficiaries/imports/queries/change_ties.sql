-- The NIKs that corrected members held before.
delete from identity_claims
using changed_person as x
where
    x.takes_nik and identity_claims.nik_digest = x.known_nik_digest and identity_claims.member_id = x.known_id;

insert into memberships_history (area_id, id, valid_from, valid_to, record, client_id)
select t.area_id, t.id, t.valid_from, x.at, to_jsonb(t), c.client_id
from changed_person as x
cross join import_context as c
inner join memberships as t on t.area_id = c.area_id and t.id = x.known_tie_id and t.ended_on is null
where x.relationship <> x.known_relationship;

-- A head steps back before another one takes over: a family has one at every instant.
update memberships as t set relationship = x.relationship, valid_from = x.at
from changed_person as x, import_context as c
where
    t.area_id = c.area_id and t.id = x.known_tie_id and t.ended_on is null
    and x.relationship <> x.known_relationship and x.relationship <> 'head';

update memberships as t set relationship = x.relationship, valid_from = x.at
from changed_person as x, import_context as c
where
    t.area_id = c.area_id and t.id = x.known_tie_id and t.ended_on is null
    and x.relationship <> x.known_relationship and x.relationship = 'head';
