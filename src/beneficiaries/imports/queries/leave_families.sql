-- Families of the leavers that nothing else has changed: fewer members, and nobody left where all of them leave.
create temporary table left_family on commit drop as
select
    b.id,
    greatest(c.now, b.valid_from + interval '1 microsecond') as at,
    (
        select count(*) from memberships as t
        where t.area_id = c.area_id and t.beneficiary_id = b.id and t.ended_on is null
    )::int as member_count
from import_context as c
inner join beneficiaries as b on b.area_id = c.area_id and b.id in (select beneficiary_id from leaver)
where not exists (select from changed_family as f where f.id = b.id);

insert into beneficiaries_history (
    area_id, id, valid_from, valid_to, version, record, card_sealed, client_id, operation
)
select
    b.area_id, b.id, b.valid_from, x.at, b.version,
    to_jsonb(b) - '{card_sealed,card_digest}'::text [], b.card_sealed, c.client_id, c.operation
from left_family as x
cross join import_context as c
inner join beneficiaries as b on b.area_id = c.area_id and b.id = x.id;

update beneficiaries as b
set
    member_count = x.member_count,
    status = case when x.member_count = 0 then 'ended' else b.status end,
    version = b.version + 1,
    valid_from = x.at,
    updated_at = x.at
from left_family as x, import_context as c
where b.area_id = c.area_id and b.id = x.id;

delete from card_claims as k using left_family as x
where x.member_count = 0 and k.beneficiary_id = x.id;

update imports as i
set
    members_leaving = (select count(*) from leaver),
    families_leaving = (select count(*) from left_family where member_count = 0)
from import_context as c
where i.area_id = c.area_id and i.id = c.import_id;
