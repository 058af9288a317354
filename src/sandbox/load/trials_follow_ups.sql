-- How a family does three months after it got a sewing machine; names stand for known ids.

update allocation_deliveries set delivered_on = '2026-01-12'
where allocation_id in (:'ALLOCATION_TO_FOLLOW', :'ALLOCATION_FOLLOWED');

insert into follow_ups (
    area_id, id, aid_id, source, beneficiary_id, village_code, program_id, pledge_id, delivered_on, month_mark,
    visited_on, is_found, is_held, is_in_use, is_working, is_earning, income, is_on_aid, version, recorded_by, created_at
)
select f.area_id, :'FOLLOW_UP', f.aid_id, f.source, f.beneficiary_id, f.village_code, f.program_id, f.pledge_id,
    f.delivered_on, 3, (f.delivered_on + interval '3 months')::date, true, true, true, true, true, 'higher', true, 1,
    'sandbox-puskesos', b.created_at
from followed_aid as f
inner join beneficiaries as b on b.area_id = f.area_id and b.id = f.beneficiary_id
where f.aid_id = :'ALLOCATION_FOLLOWED';
