-- A family with money from two programs, so that the list of double aid has a row; names stand for known ids.

insert into cycles (
    area_id, id, program_id, rule_set_id, period, status, planned_by, approved_by, approved_at, created_at, updated_at
)
select b.area_id, :'CYCLE_OF_SEMBAKO', p.id, r.id, :'PERIOD', 'approved', 'sandbox-kecamatan',
    'sandbox-second-officer', p.created_at, p.created_at, p.created_at
from beneficiaries b
cross join programs p
join rule_sets r on r.program_id = p.id
where b.id = :'BENEFICIARY' and p.code = 'SEMBAKO';

insert into enrollments (
    area_id, id, program_id, beneficiary_id, rule_set_id, status, decided_by, started_on, quota_village_code, created_at,
    updated_at
)
select b.area_id, :'ENROLLMENT_IN_SEMBAKO', c.program_id, b.id, c.rule_set_id, 'active', 'sandbox-kecamatan', :'PERIOD',
    b.village_code, b.created_at, b.created_at
from entitlements e
join programs p on p.id = e.program_id
join beneficiaries b on b.area_id = e.area_id and b.id = e.beneficiary_id
join cycles c on c.area_id = e.area_id and c.id = :'CYCLE_OF_SEMBAKO'
where p.code = 'BLT-DD' and b.decile <= 4
order by b.id
limit 1;

insert into entitlements (
    area_id, period, id, cycle_id, program_id, beneficiary_id, enrollment_id, village_code, quantity, snapshot
)
select b.area_id, :'PERIOD', :'ENTITLEMENT_OF_SEMBAKO', :'CYCLE_OF_SEMBAKO', n.program_id, b.id, n.id, b.village_code,
    200000, jsonb_build_object('decile', b.decile, 'member_count', b.member_count, 'rule_set_number', 1)
from enrollments n
join beneficiaries b on b.area_id = n.area_id and b.id = n.beneficiary_id
where n.id = :'ENROLLMENT_IN_SEMBAKO';
