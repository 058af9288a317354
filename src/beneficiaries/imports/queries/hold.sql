-- From here on nobody changes the families of the file, nor those that somebody is to leave, nor whoever lives there:
-- families first and in one order, as every change of a family has it.
analyze staged;

create temporary table held on commit drop as
select b.id
from beneficiaries as b
where
    b.area_id = (select area_id from import_context)
    and b.id in (
        select k.beneficiary_id from card_claims as k
        where k.card_digest in (select s.card_digest from staged as s)
        union all
        select l.beneficiary_id from import_leavers as l
        where (l.area_id, l.import_id) = (select c.area_id, c.import_id from import_context as c)
    )
order by b.id
for update of b;

select m.id
from members as m
where
    m.area_id = (select area_id from import_context)
    and m.id in (
        select t.member_id from memberships as t
        where
            t.area_id = (select area_id from import_context) and t.ended_on is null
            and t.beneficiary_id in (select id from held)
    )
order by m.id
for no key update of m;
