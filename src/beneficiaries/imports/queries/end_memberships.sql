-- Families are locked first and in one order, as every change of a family has it.
select b.id
from beneficiaries as b
inner join import_context as c on c.area_id = b.area_id
where b.id in (
    select l.beneficiary_id from import_leavers as l where l.area_id = c.area_id and l.import_id = c.import_id
)
order by b.id
for update of b;

-- Families that nobody leaves after all: one with a faulty row, and one that the file does not name and that somebody who
-- was not shown has joined since.
create temporary table unleft on commit drop as
select k.beneficiary_id as id
from card_claims as k
where
    k.card_digest in (select s.card_digest from staged as s)
    and not exists (select from family as f where f.id = k.beneficiary_id)
union
select l.beneficiary_id
from import_context as c
inner join import_leavers as l on l.area_id = c.area_id and l.import_id = c.import_id
inner join memberships as t
    on t.area_id = l.area_id and t.beneficiary_id = l.beneficiary_id and t.ended_on is null
left join import_leavers as shown
    on shown.area_id = c.area_id and shown.import_id = c.import_id and shown.member_id = t.member_id
where shown.member_id is null and not exists (select from family as f where f.id = l.beneficiary_id);

-- The leavers that were shown, as far as they still live there and nothing names them now.
create temporary table leaver on commit drop as
select
    l.member_id,
    l.beneficiary_id,
    t.id as tie_id,
    t.relationship,
    m.nik_digest,
    greatest(c.now, m.valid_from + interval '1 microsecond') as at
from import_context as c
inner join import_leavers as l on l.area_id = c.area_id and l.import_id = c.import_id
inner join memberships as t
    on t.area_id = l.area_id and t.member_id = l.member_id and t.beneficiary_id = l.beneficiary_id
    and t.ended_on is null
inner join members as m on m.area_id = l.area_id and m.id = l.member_id
where
    not exists (select from person as p where p.known_id = l.member_id)
    and not exists (select from staged as s where s.nik_digest = m.nik_digest)
    and not exists (select from unleft as u where u.id = l.beneficiary_id);
analyze leaver;

insert into members_history (area_id, id, valid_from, valid_to, version, record, nik_sealed, client_id, operation)
select
    m.area_id, m.id, m.valid_from, x.at, m.version,
    to_jsonb(m) - '{nik_sealed,nik_digest}'::text []
    || jsonb_build_object('beneficiary_id', x.beneficiary_id, 'relationship', x.relationship,
        'ended_on', null, 'end_reason', null),
    m.nik_sealed, c.client_id, c.operation
from leaver as x
cross join import_context as c
inner join members as m on m.area_id = c.area_id and m.id = x.member_id;

update members as m set version = m.version + 1, valid_from = x.at, updated_at = x.at
from leaver as x, import_context as c
where m.area_id = c.area_id and m.id = x.member_id;

insert into memberships_history (area_id, id, valid_from, valid_to, record, client_id)
select t.area_id, t.id, t.valid_from, x.at, to_jsonb(t), c.client_id
from leaver as x
cross join import_context as c
inner join memberships as t on t.area_id = c.area_id and t.id = x.tie_id;

update memberships as t set ended_on = greatest(c.today, t.started_on), end_reason = 'unlisted', valid_from = x.at
from leaver as x, import_context as c
where t.area_id = c.area_id and t.id = x.tie_id;

-- Whoever collected for a family and leaves it collects no longer, nor does whom they empowered.
with ending as (
    select k.*
    from collectors as k
    inner join import_context as c on c.area_id = k.area_id
    where
        k.ended_on is null and exists (
            select from leaver as x
            where x.beneficiary_id = k.beneficiary_id and x.member_id in (k.member_id, k.granted_by_id)
        )
    for update of k
), kept as (
    insert into collectors_history (area_id, id, valid_from, valid_to, version, record, client_id)
    select
        g.area_id, g.id, g.updated_at, greatest(c.now, g.updated_at + interval '1 microsecond'), g.version, to_jsonb(g),
        c.client_id
    from ending as g
    cross join import_context as c
)
update collectors as k
set
    ended_on = greatest(c.today, k.valid_from),
    end_reason = 'left',
    version = k.version + 1,
    updated_at = greatest(c.now, k.updated_at + interval '1 microsecond')
from ending as g, import_context as c
where k.area_id = g.area_id and k.id = g.id;

delete from identity_claims as i using leaver as x
where i.nik_digest = x.nik_digest and i.member_id = x.member_id;
