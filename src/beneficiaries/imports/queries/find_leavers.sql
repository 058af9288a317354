-- Whichever of its numbers the file names a family by, it is named.
-- Live members of the region that the file lists whole, whom it names neither by their NIK nor in their family. Of a
-- family with a faulty row nobody leaves.
insert into import_leavers (area_id, import_id, member_id, beneficiary_id)
select c.area_id, c.import_id, m.id, b.id
from import_context as c
inner join beneficiaries as b
    on b.area_id = c.area_id and b.status = 'live' and b.village_code || '.' like c.full_list_of || '.%'
inner join memberships as t on t.area_id = b.area_id and t.beneficiary_id = b.id and t.ended_on is null
inner join members as m on m.area_id = t.area_id and m.id = t.member_id
where
    not exists (select from person as p where p.known_id = m.id)
    and not exists (select from staged as s where s.nik_digest = m.nik_digest)
    and (
        exists (select from family as f where f.id = b.id)
        or not exists (
            select from card_claims as k
            inner join staged as s on s.card_digest = k.card_digest
            where k.beneficiary_id = b.id
        )
    );

update imports as i
set
    members_leaving = told.members,
    families_leaving = told.families,
    allocations_reserved = (
        select count(*) from allocations as a
        where a.area_id = c.area_id and a.status = 'reserved' and a.beneficiary_id in (
            select l.beneficiary_id from import_leavers as l where l.area_id = c.area_id and l.import_id = c.import_id
        ) and not exists (select from family as f where f.id = a.beneficiary_id)
    )
from import_context as c, (
    select
        count(*) as members,
        count(distinct l.beneficiary_id) filter (where not exists (
            select from family as f where f.id = l.beneficiary_id
        )) as families
    from import_leavers as l
    inner join import_context as c on c.area_id = l.area_id and c.import_id = l.import_id
) as told
where i.area_id = c.area_id and i.id = c.import_id;
